#!/usr/bin/env python3
"""Builds the C examples for every board, runs them in QEMU and checks what they send.

    tests/qemu/run.py [--board NAME ...] [--example NAME ...] [--build DIR] [--mflt FILE]

Prints one line per check and `N passed, N failed` at the end; the exit code is 0 if none failed.
Needs arm-none-eabi-gcc, cmake, qemu-system-arm, and mflt (built with cargo unless --mflt is given).
"""

import argparse
import os
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import async_drain  # noqa: E402
import checks  # noqa: E402
import heartbeat  # noqa: E402
from runner import ROOT, Report, find_mflt, last_lines, run  # noqa: E402

EXAMPLES = ROOT / "c_examples"
BOARDS = ["mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "microbit"]
DRAIN_EXAMPLES = ["basic", "advanced"]
ALL_EXAMPLES = DRAIN_EXAMPLES + ["async", "heartbeat", "guide_check"]
TIME_LIMIT_S = 60

# The compiler for a board: prefix of its tools, name of its CMake toolchain file.
TOOLCHAINS = {"riscv32-virt": "riscv64-unknown-elf", "aarch64-virt": "aarch64-linux-gnu"}

# What a device build must not contain: Rust's panic and formatting code.
FORBIDDEN_SYMBOLS = re.compile(r"9panicking|4core3fmt|rust_begin_unwind")


def toolchain(board):
    return TOOLCHAINS.get(board, "arm-none-eabi")


def build(report, example, board, folder, options):
    """Configures and builds one example; returns the ELF file, or None."""
    command = ["cmake", "-S", EXAMPLES / example, "-B", folder, *options]
    if board != "host":
        command += [f"-DBOARD={board}", f"-DCMAKE_TOOLCHAIN_FILE={EXAMPLES}/cmake/{toolchain(board)}.cmake"]
    if shutil.which("ninja"):
        command += ["-G", "Ninja"]
    code, output = run(*command)
    if code == 0:
        code, output = run("cmake", "--build", folder)
    # Warnings of the compiler and the linker are errors by the flags of the example.
    built = report.check(code == 0, "builds and links without a warning", last_lines(output, 25))
    return folder / example if built else None


def check_symbols(report, board, elf):
    code, output = run(f"{toolchain(board)}-nm", elf)
    found = [line for line in output.splitlines() if FORBIDDEN_SYMBOLS.search(line)]
    report.check(code == 0 and "memfault_packetizer" in output and not found,
                 "no panic or formatting code in the ELF file", last_lines("\n".join(found) or output, 5))


def run_firmware(report, board, elf, log):
    """Runs the firmware; returns the UART log, or None when it did not end with success."""
    if board == "host":
        code, text = run(elf, timeout=TIME_LIMIT_S)
        log.write_text(text)
    else:
        code, output = run(ROOT / "scripts/qemu-run.sh", "-t", TIME_LIMIT_S, "-o", log, board, elf)
        text = log.read_text(errors="replace") if log.exists() else output
    ok = report.check(code == 0, "the firmware ends with exit code 0",
                      f"exit code {code}" + last_lines(text, 10))
    return text if ok else None


def test_example(report, example, board, build_root, mflt, variant="", options=()):
    report.where = f"{board}{variant} {example}"
    folder = build_root / f"{board}{variant}" / example
    # One folder for cargo's files, so that `core` is built once per Rust target.
    shared = os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", f"{build_root}/cargo")
    cargo = f"-DMEMFAULT_RS_CARGO_TARGET_DIR={shared}"
    elf = build(report, example, board, folder, [cargo, *options])
    if elf is None:
        return
    if board != "host":
        check_symbols(report, board, elf)
    log = folder / "uart.log"
    log.unlink(missing_ok=True)
    text = run_firmware(report, board, elf, log)
    if text is None:
        return
    if example == "guide_check":
        checks.guide_check(report, text)
    elif example == "async":
        async_drain.check(report, board, elf, log, mflt)
    elif example == "heartbeat":
        heartbeat.check(report, board, elf, log, mflt)
    else:
        checks.drain_example(report, example, board, elf, log, mflt)


def test_readme(report):
    """The ten lines of CMake that the README shows must be those of an example that runs."""
    report.where = "README.md"
    readme = ROOT / "README.md"
    snippet = (EXAMPLES / "basic/CMakeLists.txt").read_text().strip()
    report.check(readme.exists() and snippet in readme.read_text(),
                 "shows c_examples/basic/CMakeLists.txt word by word")
    report.check(len([line for line in snippet.splitlines() if line.strip()]) <= 10, "they are at most ten lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", action="append", choices=BOARDS + ["host"], help="only this board")
    parser.add_argument("--example", action="append", choices=ALL_EXAMPLES)
    parser.add_argument("--build", default=ROOT / "build/qemu", type=pathlib.Path, help="build folder")
    parser.add_argument("--mflt", help="use this mflt instead of building one")
    args = parser.parse_args()

    boards = args.board or BOARDS + ["host"]
    examples = args.example or ALL_EXAMPLES
    mflt = find_mflt(args.mflt)
    report = Report()
    for board in boards:
        for example in examples:
            if board == "host" and example != "guide_check":
                continue  # the others reset the chip
            test_example(report, example, board, args.build.resolve(), mflt)
    if not args.board and "basic" in examples:
        test_example(report, "basic", "mps2-an386", args.build.resolve(), mflt, "-hard-float",
                     ["-DHARD_FLOAT=ON"])

    test_readme(report)

    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
