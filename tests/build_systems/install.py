#!/usr/bin/env python3
"""`cmake --install` and find_package(memfault_rs): on the host and for Cortex-M4, where the installed files were moved afterwards and no
cargo is found.

    tests/build_systems/install.py

The last line is "N passed, N failed".
"""

import shutil
import sys

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
import run as entry_points  # noqa: E402
from run import CARGO, LINE, OPTION, ROOT, check, finish, run  # noqa: E402

OUT = ROOT / "build/build_systems/install"
HERE = ROOT / "tests/build_systems"
CONFIG = HERE / "firmware/config"
TOOLCHAIN = ["--toolchain", HERE / "firmware/cortex_m4.cmake"]


class Firmware:
    """What entry_points.printed() wants to know."""

    def __init__(self, board, program):
        self.board = board
        self.program = program


def install(name, toolchain, *options):
    """Builds and installs the library; returns the folder to which the files were moved, or None."""
    build, first, moved = OUT / f"{name}-build", OUT / f"{name}-prefix", OUT / f"{name}-moved"
    steps = (
        ["cmake", "-S", ROOT, "-B", build, *toolchain, f"-DMEMFAULT_RS_CARGO_TARGET_DIR={CARGO}", *options],
        ["cmake", "--build", build],
        ["cmake", "--install", build, "--prefix", first],
    )
    for step in steps:
        code, output = run(*step, cwd=OUT)
        problem = f"{step[:2]}: {output[-2000:]}" if code or "warning:" in output else None
        if problem:
            check(f"{name}: installs", problem)
            return None
    check(f"{name}: installs", None)
    first.rename(moved)
    return moved


def use(name, prefix, toolchain, *options):
    """Builds the firmware with an installed library; returns exit code, output and the program."""
    folder = OUT / f"{name}-firmware"
    shutil.rmtree(folder, ignore_errors=True)
    code, output = run("cmake", "-G", "Ninja", "-S", HERE / "find_package", "-B", folder, *toolchain,
                       f"-Dmemfault_rs_DIR={prefix}/lib/memfault_rs/cmake", "-DMEMFAULT_RS_CARGO=/nonexistent/cargo", *options,
                       cwd=OUT)
    if code == 0:
        code, text = run("cmake", "--build", folder, "-j2", cwd=OUT)
        output += text
    return code, output, folder / "firmware"


def builds_and_runs(name, board, prefix, toolchain):
    code, output, program = use(name, prefix, toolchain)
    check(f"{name}: firmware builds without warnings", output[-3000:] if code or "warning:" in output else None)
    if code == 0:
        code, printed = entry_points.printed(Firmware(board, program))
        check(f"{name}: prints the event", None if (code, printed.strip()) == (0, LINE) else f"{code}: {printed}")


def refusals(prefix):
    """Another configuration, and a component that is not there."""
    code, output, _ = use("other-option", prefix, [], f"-DCMAKE_C_FLAGS=-DMEMFAULT_PLATFORM_CONFIG_DISABLED -D{OPTION}=20")
    named = code != 0 and f"other values of {OPTION}." in " ".join(output.split())
    check("another value of an option is refused by name", None if named else f"exit {code}: {output[-2000:]}")
    # A digit of this number is the separator of CMake's lists.
    code, output, _ = use("other-digit", prefix, [], "-DCMAKE_C_FLAGS=-DMEMFAULT_UNIQUE_VERSION_MAX_LEN=0xbb")
    named = code != 0 and "other values of MEMFAULT_UNIQUE_VERSION_MAX_LEN." in " ".join(output.split())
    check("a number with any digits is compared", None if named else f"exit {code}: {output[-2000:]}")
    project = OUT / "no-component"
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(x C)\nfind_package(memfault_rs REQUIRED COMPONENTS core panics)\n")
    code, output = run("cmake", "-S", project, "-B", project / "build", f"-Dmemfault_rs_DIR={prefix}/lib/memfault_rs/cmake", cwd=OUT)
    named = code != 0 and "no component \"panics\"" in output
    check("a component that was not built is refused", None if named else f"exit {code}: {output}")
    code, output = run("cmake", "-S", ROOT, "-B", OUT / "bad", "-DMEMFAULT_RS_COMPONENTS=core;nonsense", cwd=OUT)
    check("an unknown component is refused", None if code != 0 and "no component \"nonsense\"" in output else output)


def ports_are_there(prefix):
    """Ports that an existing build names by their paths."""
    root = prefix / "lib/memfault_rs"
    for path in ("ports/panics/src/memfault_platform_ram_backed_coredump.c", "ports/freertos/src/memfault_core_freertos.c",
                 "ports/freertos/config/memfault_metrics_heartbeat_freertos_config.def", "ports/templates/memfault_platform_port.c",
                 "ports/include/memfault/ports/freertos.h", "include/memfault/components.h"):
        check(f"installed: {path}", None if (root / path).is_file() else "missing")


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    host = install("host", [], f"-DMEMFAULT_RS_CONFIG_DIRS={CONFIG}")
    if host:
        builds_and_runs("host", "host", host, [])
        refusals(host)
        ports_are_there(host)
    cortex = install("cortex-m4", TOOLCHAIN, f"-DMEMFAULT_RS_CONFIG_DIRS={CONFIG}")
    if cortex:
        builds_and_runs("cortex-m4", "cortex-m4", cortex, TOOLCHAIN)
    # Without a configuration: the defaults, which that of this firmware happens to repeat.
    defaults = install("defaults", [])
    if defaults:
        builds_and_runs("defaults", "host", defaults, [])
    return finish()


if __name__ == "__main__":
    sys.exit(main())
