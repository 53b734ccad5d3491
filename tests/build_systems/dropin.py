#!/usr/bin/env python3
"""The firmware in dropin/, which is written for the C SDK, built by make and by CMake and run in QEMU.

    tests/build_systems/dropin.py [--mflt FILE] [--freertos-dir FOLDER] [make] [cmake]

It takes sources, headers and ports of the SDK by their paths, so this shows that a firmware changes the root path and nothing else.
With a FreeRTOS kernel, the make build is done once more with that instead of the stand-in (also: FREERTOS_DIR in the environment).
The last line is "N passed, N failed".
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
import runner  # noqa: E402
from runner import ROOT, find_mflt, finish, holds  # noqa: E402

FIRMWARE = ROOT / "tests/build_systems/dropin"
OUT = ROOT / "build/build_systems/dropin"
CARGO = Path(os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", OUT / "cargo"))
ROOT_PATH_LINES = {"Makefile": r"^MEMFAULT_SDK_ROOT \?= \S+$", "CMakeLists.txt": r"^set\(MEMFAULT_SDK_ROOT \S+\)$"}


def run(*command, cwd=FIRMWARE):
    """The folder of cargo is that of the firmware's build."""
    return runner.run(*command, cwd=cwd, without=["CARGO_TARGET_DIR", "FREERTOS_DIR"])


def build_with_make(name, *variables):
    folder = OUT / name
    code, output = run("make", f"BUILD_DIR={folder}", f"MEMFAULT_RS_CARGO_TARGET_DIR={CARGO}", *variables)
    return code, output, folder / "firmware.elf"


def build_with_cmake(name):
    folder = OUT / name
    code, output = run("cmake", "-G", "Ninja", "-S", FIRMWARE, "-B", folder, "--toolchain", FIRMWARE / "cortex_m3.cmake",
                       f"-DMEMFAULT_RS_CARGO_TARGET_DIR={CARGO}")
    if code == 0:
        more, text = run("cmake", "--build", folder, "-j2")
        code, output = more, output + text
    return code, output, folder / "firmware"


def one_line_names_the_library():
    """What a firmware changes is one line."""
    for file, pattern in ROOT_PATH_LINES.items():
        text = (FIRMWARE / file).read_text()
        found = re.findall(pattern, text, flags=re.MULTILINE)
        ways_up = len(re.findall(r"\.\./\.\./\.\.", text))
        holds(f"{file}: one line has the path of the library", len(found) == 1 and ways_up == 1, f"{found}, {ways_up}")
        ours = re.findall(r"MEMFAULT_RS|memfault_rs|memfault-rs", text)
        holds(f"{file}: uses nothing that the C SDK has not", not ours, ours)


def decoded(mflt, log, elf):
    """What mflt reads: all events, and the coredumps."""
    done = subprocess.run([str(mflt), "decode", str(log), "--elf", str(elf)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    events = [event for message in messages for event in message.get("events") or []]
    return done.returncode, events, [message["coredump"] for message in messages if message["type"] == "coredump"]


def check_data(name, mflt, log, elf, real_kernel):
    code, events, coredumps = decoded(mflt, log, elf)
    holds(f"{name}: mflt finds no fault", code == 0, code)
    types = [event["type"] for event in events]
    wanted = ["reboot", "trace", "session", "reboot", "heartbeat", "logs"]
    if not holds(f"{name}: the events", types == wanted and len(coredumps) == 1, f"{types}, {len(coredumps)} coredumps"):
        return
    _, trace, session, reboot, heartbeat, logs = events
    holds(f"{name}: trace event", (trace["trace"]["reason"], trace["trace"]["status"]) == ("widget_jam", -7), trace["trace"])
    # The strong functions of the library win against the weak ones of the application.
    holds(f"{name}: session", session["heartbeat"]["metrics"].get("command") == "spin", session["heartbeat"])
    holds(f"{name}: reboot", (reboot["reboot"]["reason"], reboot["reboot"]["coredump_saved"]) == ("Assert", True), reboot["reboot"])
    metrics = heartbeat["heartbeat"]["metrics"]
    if real_kernel:
        stacks = [metrics[name] for name in ("memory_idle_pct_max", "memory_app_pct_max")]
        holds(f"{name}: metrics of the kernel", all(0 < value < 100 for value in stacks), metrics)
    else:
        found = {key: metrics.get(key) for key in ("widgets_made", "cpu_usage_pct", "timer_task_stack_free_bytes",
                                                   "memory_idle_pct_max", "memory_tmr_svc_pct_max", "memory_app_pct_max")}
        holds(f"{name}: metrics", list(found.values()) == [3, 100, 384, 50, None, 3.12], found)
    lines = [(line["level"], line["text"]) for line in logs["logs"]]
    holds(f"{name}: compact log", ("info", "sent after 2 crash") in lines, lines)

    coredump = coredumps[0]
    regions = [(int(region["address"], 16), region["size"]) for region in coredump["regions"]]
    holds(f"{name}: coredump", coredump["reason"] == "Assert" and not coredump["truncated"], coredump["reason"])
    for symbol in ("s_task_tcbs", "s_memfault_task_watermarks_v2", "g_memfault_heap_stats", "g_memfault_heap_stats_pool"):
        place = symbols(elf).get(symbol)
        holds(f"{name}: the coredump has {symbol}", place in regions, f"{place}, {regions}")
    # A control block and a stack of each of three tasks, 100 and 256 bytes by default.
    sizes = [size for _, size in regions]
    holds(f"{name}: tasks", (sizes.count(100), sizes.count(256)) == (3, 3), sizes)
    code, text = run(mflt, "backtrace", log, "--elf", elf)
    for part in ("vAssertCalled", "first_life", "app_task", "widget 7 of batch 12, 55 pct", "from c++, 42"):
        holds(f"{name}: the report has {part}", part in text, f"{code}\n{text}")
    # Its tasks return into the kernel, by the kernel's default: no caller.
    holds(f"{name}: calls end at the task", "PendSV_Handler" not in text, text)


def symbols(elf):
    _, text = run("arm-none-eabi-nm", "-S", elf)
    rows = [line.split() for line in text.splitlines()]
    return {row[3].split(".")[0]: (int(row[0], 16), int(row[1], 16)) for row in rows if len(row) == 4}


def firmware(name, mflt, code, output, elf, real_kernel=False):
    good = code == 0 and "warning:" not in output
    if not holds(f"{name}: builds without warnings", good, output[-3000:]):
        return
    code, console = run(ROOT / "scripts/qemu-run.sh", "mps2-an385", elf)
    log = OUT / f"{name}.log"
    log.write_text(console)
    if not holds(f"{name}: ends well", code == 0, f"{code}\n{console}"):
        return
    reasons = re.findall(r"^prior reason: (\S+)$", console, flags=re.MULTILINE)
    holds(f"{name}: knows why it restarted", reasons == ["0x0000", "0x8001"], reasons)
    holds(f"{name}: its own fault hook ran", "crashed: 0x9400" in console, console)
    shell = re.search(r"^mflt> get_device_info$(.*?)^mflt> ", console, flags=re.MULTILINE | re.DOTALL)
    holds(f"{name}: the shell answers", shell and "S/N: widget-0042" in shell.group(1), console)
    url = "url: https://chunks.memfault.com/api/v0/chunks/widget-0042"
    holds(f"{name}: the URL for chunks", url in console, console)
    check_data(name, mflt, log, elf, real_kernel)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mflt", type=Path)
    parser.add_argument("--freertos-dir", default=os.environ.get("FREERTOS_DIR"))
    parser.add_argument("builds", nargs="*", default=["make", "cmake"])
    arguments = parser.parse_args()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    mflt = find_mflt(arguments.mflt)

    one_line_names_the_library()
    if "make" in arguments.builds:
        firmware("make", mflt, *build_with_make("make"))
    if "cmake" in arguments.builds:
        firmware("cmake", mflt, *build_with_cmake("cmake"))
    if arguments.freertos_dir:
        name = "make-freertos"
        firmware(name, mflt, *build_with_make(name, f"FREERTOS_DIR={Path(arguments.freertos_dir).resolve()}"), real_kernel=True)
    else:
        print("skipped: this firmware on a real FreeRTOS kernel (no FREERTOS_DIR; see scripts/fetch_freertos.sh)")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
