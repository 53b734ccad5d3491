#!/usr/bin/env python3
"""The exception handlers, with real exceptions in QEMU: every register of a coredump must be the one that the program had.

    tests/faults/run.py [VARIANT..]

A variant is a board with a set of flags; without a name all of them run. The firmware counts its checks; the last line is
"N passed, N failed".
"""

import os
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from runner import ROOT, end, last_lines, run  # noqa: E402

OUT = ROOT / "build" / "faults"
TIME_LIMIT_S = 60

ARMV7_QEMU = [
    "qemu-system-arm", "-M", "virt", "-cpu", "cortex-a15", "-nic", "none", "-display", "none", "-monitor", "none", "-serial",
    "stdio", "-semihosting-config", "enable=on,target=native", "-kernel",
]  # fmt: skip


def cortex_m(board, *flags):
    toolchain = ROOT / "c_examples/cmake/arm-none-eabi.cmake"
    return [f"-DBOARD={board}", *flags, "--toolchain", toolchain], [ROOT / "scripts/qemu-run.sh", board]


def armv7(*flags):
    return [*flags, "--toolchain", ROOT / "tests/faults/cortex-a15.cmake"], ARMV7_QEMU


VARIANTS = {
    "m0": cortex_m("microbit"),
    "m0-returns": cortex_m("microbit", "-DRETURNS=ON"),
    "m3": cortex_m("mps2-an385"),
    "m3-cached": cortex_m("mps2-an385", "-DOPTIONS=MEMFAULT_CACHE_FAULT_REGS=1"),
    "m3-no-fault-regs": cortex_m("mps2-an385", "-DOPTIONS=MEMFAULT_COLLECT_FAULT_REGS=0"),
    "m4": cortex_m("mps2-an386"),
    "m4-fpu": cortex_m("mps2-an386", "-DHARD_FLOAT=ON"),
    "m4-fpu-returns": cortex_m("mps2-an386", "-DHARD_FLOAT=ON", "-DRETURNS=ON"),
    "m7-fpu": cortex_m("mps2-an500", "-DHARD_FLOAT=ON"),
    "m33": cortex_m("mps2-an505"),
    "m33-returns": cortex_m("mps2-an505", "-DRETURNS=ON"),
    "armv7": armv7(),
    "armv7-thumb": armv7("-DTHUMB=ON"),
}


def build(variant, cmake_flags):
    """Returns the program, or None with the reason printed."""
    folder = OUT / variant
    # The variants share what is the same for them, first of all the core library.
    environment = {"MEMFAULT_RS_CARGO_TARGET_DIR": str(ROOT / "target"), **os.environ}
    for command in ["cmake", "-S", ROOT / "tests/faults", "-B", folder, *cmake_flags], ["cmake", "--build", folder]:
        code, output = run(*command, env=environment)
        if code != 0:
            print(last_lines(output))
            return None
    return folder / "faults"


def count(variant):
    """Builds and runs a variant; returns how many checks passed and failed. A program that does not count has failed."""
    cmake_flags, qemu = VARIANTS[variant]
    program = build(variant, cmake_flags)
    if program is None:
        return 0, 1
    code, output = run(*qemu, program, timeout=TIME_LIMIT_S)
    counted = re.search(r"^(\d+) passed, (\d+) failed$", output, re.MULTILINE)
    passed, failed = (int(number) for number in counted.groups()) if counted else (0, 1)
    if code != 0 or failed or not passed:
        print(output)
        failed = failed or 1
    return passed, failed


def main(variants):
    total = [0, 0]
    for variant in variants or VARIANTS:
        passed, failed = count(variant)
        print(f"{variant}: {passed} passed, {failed} failed", flush=True)
        total[0] += passed
        total[1] += failed
    return end(*total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
