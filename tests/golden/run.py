#!/usr/bin/env python3
"""Plays the golden vectors: through the C ABI on this machine and on an emulated Cortex-M4, and through the Rust API.

tests/golden/run.py [--quick]       --quick: this machine only
MEMFAULT_VECTORS=FOLDER             other vector files of the same form

Prints the counts per module and ends with "N passed, N failed".
"""
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Modules in which the width of an enum is part of an argument or of a stored value.
ENUM_MODULES = ["packetizer", "event_storage", "serializer", "trace_event", "reboot_tracking", "metrics", "log", "log_source",
                "task_watchdog", "coredump", "fault_cortex_m", "http", "system"]


def count(title, command):
    """Runs a command, shows its output when it is complete, and returns the last counts in it; one failure when there are none."""
    print(f"== {title}: begins", flush=True)
    process = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    print(f"== {title}\n{process.stdout}", end="", flush=True)
    found = None
    for line in process.stdout.splitlines():
        if match := re.match(r"(\d+) passed, (\d+) failed", line):
            found = int(match[1]), int(match[2])
        elif match := re.match(r"test result: .* (\d+) passed; (\d+) failed", line):
            earlier = found or (0, 0)
            found = earlier[0] + int(match[1]), earlier[1] + int(match[2])
    passed, failed = found or (0, 0)
    return passed, failed if (process.returncode == 0) == (failed == 0) and passed + failed > 0 else max(failed, 1)


def main():
    arguments = sys.argv[1:]
    if any(argument != "--quick" for argument in arguments):
        print(__doc__)
        return 2
    player = ["cargo", "run", "--quiet", "--package", "golden", "--"]
    results = [count("the comparison itself", ["cargo", "test", "--quiet", "--package", "golden"])]
    here = [
        ("this machine", player),
        ("broken expectations are noticed", player + ["--self-test"]),
    ]
    boards = []
    if not arguments:
        if not shutil.which("qemu-system-arm") or not shutil.which("arm-none-eabi-gcc"):
            print("no qemu-system-arm or arm-none-eabi-gcc; tests/golden/run.py --quick does without")
            return 1
        modules = [word for name in ENUM_MODULES for word in ("--module", name)]
        boards.append(("Cortex-M4", player + ["--api", "c", "--abi", "arm"]))
        here.append(("Cortex-M4, enums of four bytes", player + ["--api", "c", "--abi", "arm_noshort"] + modules))
    subprocess.run(["cargo", "build", "--quiet", "--package", "golden"], cwd=ROOT, check=False)
    # Two rows side by side: most of the time goes into links, and each uses one core. Runs for one ABI share a build folder.
    with ThreadPoolExecutor(max_workers=2) as pool:
        for row in pool.map(lambda row: [count(*run) for run in row], (here, boards)):
            results += row
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
