#!/usr/bin/env python3
"""The FreeRTOS port on a real kernel: one firmware on three boards in QEMU, and what mflt reads in what it sends.

    tests/ports/freertos_kernel/run.py --freertos-dir FOLDER [--mflt FILE] [BOARD ...]

FOLDER (also: FREERTOS_DIR in the environment) has the kernel's tasks.c; scripts/fetch_freertos.sh gets one. Without a kernel
nothing is run, which the program says. The last line is "N passed, N failed".
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[2] / "lib"))
from runner import ROOT, find_mflt, finish, holds, run  # noqa: E402

OUT = ROOT / "build/ports/freertos_kernel"
# Cortex-M3; M4 with FPU, static allocation and a tick rate that divides nothing; M33.
BOARDS = {
    "mps2-an385": [],
    "mps2-an386": ["-DHARD_FLOAT=ON", "-DSTATIC_ALLOCATION=ON", "-DTICK_RATE_HZ=300"],
    "mps2-an505": [],
}
NUM_CHECKS = 26  # that the firmware makes in its lives
WAITER = ["xQueueReceive", "wait_deeper", "waiter_task"]
KERNEL_TASKS = {"IDLE", "Tmr Svc"}
# In the order of the lives: reason, task that runs, functions of the backtrace (others may be in between), tasks that wait.
CRASHES = [
    ("Assert", "worker", ["vAssertCalled", "count_tasks", "asserting_task"], {"waiter"} | KERNEL_TASKS),
    ("StackOverflow", "greedy", ["vApplicationStackOverflowHook", "vTaskSwitchContext", "use_stack", "greedy_task"],
     {"waiter"} | KERNEL_TASKS),
    ("HardFault", "spinner", ["read_nothing", "app_run_in_interrupt", "interrupted", "interrupted_task"],
     {"waiter"} | KERNEL_TASKS),
    # No task has run; the kernel has chosen the one that will be the first.
    ("Assert", "waiter", ["vAssertCalled", "app_fail_before_the_scheduler", "main"], {"spinner"}),
]


def build(board, options, kernel):
    """The ELF file, or None."""
    folder = OUT / board
    cargo = os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", OUT / "cargo")
    code, output = run("cmake", "-S", Path(__file__).parent, "-B", folder, f"-DBOARD={board}", f"-DFREERTOS_DIR={kernel}",
                       f"-DMEMFAULT_RS_CARGO_TARGET_DIR={cargo}", *options,
                       "--toolchain", ROOT / "c_examples/cmake/arm-none-eabi.cmake")
    if code == 0:
        code, output = run("cmake", "--build", folder)
    good = code == 0 and "warning:" not in output
    return folder / "firmware" if holds(f"{board}: builds without warnings", good, output[-3000:]) else None


def check_console(board, code, console):
    """The firmware's own checks."""
    holds(f"{board}: ends well", code == 0, f"{code}\n{console[-2000:]}")
    lives = re.findall(r"^== life (\d+)$", console, flags=re.MULTILINE)
    holds(f"{board}: five lives", lives == ["1", "2", "3", "4", "5"], lives)
    good = re.findall(r"^ok .+$", console, flags=re.MULTILINE)
    for line in good:
        holds(f"{board}: {line}", True)
    for line in re.findall(r"^FAIL .+$", console, flags=re.MULTILINE):
        holds(f"{board}: the firmware says", False, line)
    holds(f"{board}: all checks were made", len(good) == NUM_CHECKS, f"{len(good)}, not {NUM_CHECKS}")


def check_heartbeats(board, console, heartbeats):
    metrics = [heartbeat["metrics"] for heartbeat in heartbeats]
    if not holds(f"{board}: heartbeats", len(metrics) >= 6, len(metrics)):
        return
    jobs = sum(values["jobs"] or 0 for values in metrics)
    holds(f"{board}: metric of two tasks at once", jobs == 200, jobs)
    for phase, low, high in ((1, 0, 50), (2, 90, 100)):
        loads = [values["cpu_usage_pct"] for values in metrics if values["phase"] == phase]
        holds(f"{board}: load in phase {phase}", loads and all(low <= load <= high for load in loads), loads)
    # The firmware asked the kernel in another way. Stacks can be used more deeply between that and the port's measurement, but
    # not when the same was done before.
    stacks = re.findall(r"^stack (\w+) (\d+) of (\d+)$", console, flags=re.MULTILINE)[-2:]
    for name, used, size in stacks:
        expected = int(used) * 10000 // int(size) / 100
        holds(f"{board}: {name}", metrics[-1][name] == expected, f"{metrics[-1][name]}, not {expected}")
    _, used, size = stacks[-1]
    free = metrics[-1]["timer_task_stack_free_bytes"]
    holds(f"{board}: timer_task_stack_free_bytes", free == int(size) - int(used), f"{free}: {stacks[-1]}")


def functions(frames):
    return [frame["function"] for frame in frames]


def in_order(wanted, found):
    rest = iter(found)
    return all(name in rest for name in wanted)


def symbol(elf, name):
    _, text = run("arm-none-eabi-nm", "-S", elf)
    for line in text.splitlines():
        row = line.split()
        if len(row) == 4 and row[3].split(".")[0] == name:
            return int(row[0], 16), int(row[1], 16)
    return None


def check_crash(name, elf, crash, reboot, coredump, running):
    reason, task, frames, waiting = crash
    found = (coredump["reason"], coredump["truncated"], coredump["warnings"])
    holds(f"{name}: coredump", found == (reason, False, []), found)
    holds(f"{name}: reboot event", (reboot["reason"], reboot["coredump_saved"]) == (reason, True), reboot)
    holds(f"{name}: backtrace", in_order(frames, functions(coredump["backtrace"])), functions(coredump["backtrace"]))
    holds(f"{name}: the task that runs", running == task, running)
    threads = {thread["name"]: functions(thread["backtrace"]) for thread in coredump.get("threads", [])}
    holds(f"{name}: the tasks that wait", set(threads) == waiting, threads)
    if "waiter" in waiting:
        frames = threads.get("waiter", [])
        holds(f"{name}: what the task waiter does", frames[-3:] == WAITER and len(frames) <= 4, frames)
    if "Tmr Svc" in waiting:
        holds(f"{name}: what the timer task does", threads.get("Tmr Svc", [])[-1:] == ["prvTimerTask"], threads)
    regions = [(int(region["address"], 16), region["size"]) for region in coredump["regions"]]
    for table in ("s_task_tcbs", "s_memfault_task_watermarks_v2"):
        holds(f"{name}: has {table}", symbol(elf, table) in regions, regions)


def check_heap(board, console, heap):
    places = re.search(r"^heap: kept (\w+), freed (\w+)$", console, re.MULTILINE)
    if not holds(f"{board}: the heap was used", places):
        return
    kept, freed = (int(place, 16) for place in places.groups())
    in_use = {int(block["address"], 16): block for block in heap["in_use"]}
    gone = {int(block["address"], 16) for block in heap["freed"]}
    block = in_use.get(kept)
    holds(f"{board}: the heap has the block of 100 bytes", block and 100 <= block["size"] <= 120, heap)
    holds(f"{board}: who took it", block and block["source"].startswith("use_heap at "), block)
    holds(f"{board}: a block was given back", freed in gone or freed not in in_use, heap)
    holds(f"{board}: as many blocks as the kernel says", heap["in_use_block_count"] == len(in_use), heap)


def check_board(board, options, kernel, mflt):
    elf = build(board, options, kernel)
    if not elf:
        return
    code, console = run(ROOT / "scripts/qemu-run.sh", "-t", 120, board, elf)
    log = OUT / f"{board}.log"
    log.write_text(console)
    check_console(board, code, console)
    done = subprocess.run([str(mflt), "decode", log, "--elf", elf], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)
    holds(f"{board}: mflt finds no fault", done.returncode == 0, done.stderr)
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    events = [event for message in messages for event in message.get("events") or []]
    reboots = [event["reboot"] for event in events if event["type"] == "reboot"][1:]  # not that of power-on
    coredumps = [message["coredump"] for message in messages if message["type"] == "coredump"]
    if not holds(f"{board}: four crashes", len(reboots) == len(coredumps) == len(CRASHES), f"{len(reboots)}, {len(coredumps)}"):
        return
    check_heartbeats(board, console, [event["heartbeat"] for event in events if event["type"] == "heartbeat"])
    _, text = run(mflt, "backtrace", log, "--elf", elf)
    running = re.findall(r"^running task: (.+)$", text, flags=re.MULTILINE)
    for number, (crash, reboot, coredump, task) in enumerate(zip(CRASHES, reboots, coredumps, running + [None] * len(CRASHES)), 1):
        check_crash(f"{board}, life {number}", elf, crash, reboot, coredump, task)
    check_heap(board, console, coredumps[0]["heap_stats"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mflt", type=Path)
    parser.add_argument("--freertos-dir", default=os.environ.get("FREERTOS_DIR"))
    parser.add_argument("boards", nargs="*", default=list(BOARDS))
    arguments = parser.parse_args()
    if not arguments.freertos_dir:
        print("skipped: the FreeRTOS port on a real kernel (no FREERTOS_DIR; see scripts/fetch_freertos.sh)")
        print("0 passed, 0 failed")
        return 0
    mflt = find_mflt(arguments.mflt)
    OUT.mkdir(parents=True, exist_ok=True)
    kernel = Path(arguments.freertos_dir).resolve()
    for board in arguments.boards:
        check_board(board, BOARDS[board], kernel, mflt)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
