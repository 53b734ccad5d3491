#!/usr/bin/env python3
"""Checks the public headers and the library's symbols against the interface of the SDK.

  headers    every header alone, in seven compilers, C99 and C++17, all warnings are errors
  inventory  every macro of macros.tsv is defined, with its number of parameters and its value
  compile    abi_check.c (types, layouts, enum values, prototypes, constants) for further compilers
  macros     what the macros do: macro_test.c, run as C and C++; what must not compile: rejected/*.c
  firmware   the archive has every function of functions.tsv and every object of globals.tsv, weak or strong as listed;
             abi_check.c, complete, is compiled, linked with it and run, on the host and on emulated boards

  tests/abi/run.py [--only PART]... [--build]

`inventory` and `firmware` check six targets with four sets of options each (common.py). The archives for `firmware` are
target/abi/TARGET-OPTIONS/libmemfault_rs.a; --build makes them with "cargo xtask archive".

The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
"""
import argparse
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
from common import HERE, OPTION_SETS, WARNINGS, Checks, definitions_of, includes, output_of, run  # noqa: E402
from firmware import check_firmware  # noqa: E402
from headers import check_headers  # noqa: E402
from inventory import check_inventory  # noqa: E402
from macro_programs import check_macros  # noqa: E402

# Besides the targets of common.py.
COMPILERS = {
    "host clang": ["clang"],
    "Cortex-R5": ["arm-none-eabi-gcc", "-mcpu=cortex-r5", "-mthumb"],
    "Cortex-M4 clang, no C library": ["clang", "--target=thumbv7em-none-eabi", "-ffreestanding"],
    "AArch64 clang, no C library": ["clang", "--target=aarch64-none-elf", "-ffreestanding"],
}


def without_c_library(compiler):
    """Hides the headers of a C library that the host compiler finds by accident."""
    if compiler[0] == "clang" and "-ffreestanding" in compiler:
        done, folder = output_of(["clang", "-print-resource-dir"])
        return ["-nostdinc", "-isystem", f"{folder.strip()}/include"] if done else []
    return []


def check_compile(checks, work):
    jobs = []
    for name, compiler in COMPILERS.items():
        for option_set in OPTION_SETS:
            output = work / f"{len(jobs)}.o"
            defaults = ["-DCHECK_DEFAULT_CONFIG"] if option_set == "defaults" else []
            command = [*compiler, *without_c_library(compiler), "-std=gnu11", *WARNINGS, *includes("config"), *definitions_of(option_set),
                       *defaults, "-c", HERE / "abi_check.c", "-o", output]
            jobs.append((f"abi_check.c: {name}, {option_set}", lambda c=command: run(c)))
    checks.add_all(jobs)


def main():
    parts = ("headers", "inventory", "compile", "macros", "firmware")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=parts, metavar="PART", help=", ".join(parts))
    parser.add_argument("--build", action="store_true", help="make the archives first")
    options = parser.parse_args()
    checks = Checks()
    wanted = options.only or parts
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if "headers" in wanted:
            check_headers(checks)
        if "inventory" in wanted:
            check_inventory(checks, work)
        if "compile" in wanted:
            check_compile(checks, work)
        if "macros" in wanted:
            check_macros(checks, work)
        if "firmware" in wanted:
            check_firmware(checks, work, options.build)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
