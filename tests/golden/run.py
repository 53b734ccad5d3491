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

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Modules in which the width of an enum is part of an argument or of a stored value.
ENUM_MODULES = ["packetizer", "event_storage", "serializer", "trace_event", "reboot_tracking", "metrics", "log", "log_source",
                "task_watchdog", "coredump", "fault_cortex_m", "system"]


def count(title, command):
    """Runs a command, shows its output, and returns the last counts in it; one failure when there are none."""
    print(f"== {title}", flush=True)
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found = None
    for line in process.stdout:
        print(line, end="", flush=True)
        if match := re.match(r"(\d+) passed, (\d+) failed", line):
            found = int(match[1]), int(match[2])
        elif match := re.match(r"test result: .* (\d+) passed; (\d+) failed", line):
            earlier = found or (0, 0)
            found = earlier[0] + int(match[1]), earlier[1] + int(match[2])
    status = process.wait()
    passed, failed = found or (0, 0)
    return passed, failed if (status == 0) == (failed == 0) and passed + failed > 0 else max(failed, 1)


def main():
    arguments = sys.argv[1:]
    if any(argument != "--quick" for argument in arguments):
        print(__doc__)
        return 2
    player = ["cargo", "run", "--quiet", "--package", "golden", "--"]
    runs = [
        ("the comparison itself", ["cargo", "test", "--quiet", "--package", "golden"]),
        ("this machine", player),
        ("broken expectations are noticed", player + ["--self-test"]),
    ]
    if not arguments:
        if not shutil.which("qemu-system-arm") or not shutil.which("arm-none-eabi-gcc"):
            print("no qemu-system-arm or arm-none-eabi-gcc; tests/golden/run.py --quick does without")
            return 1
        modules = [word for name in ENUM_MODULES for word in ("--module", name)]
        runs.append(("Cortex-M4", player + ["--api", "c", "--abi", "arm"]))
        runs.append(("Cortex-M4, enums of four bytes", player + ["--api", "c", "--abi", "arm_noshort"] + modules))
    results = [count(title, command) for title, command in runs]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
