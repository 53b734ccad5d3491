#!/usr/bin/env python3
"""A tiny firmware built through each entry point: make worker, memfault_library(), add_subdirectory(), and the files for Zephyr and
ESP-IDF, whose own builds stand-ins play.

    tests/build_systems/run.py [WORD..]      only the builds whose name contains one of the words

For the host and for Cortex-M4 (run in QEMU). The firmware prints the chunk of one trace event. On the host also: a build without
changes does nothing, a changed option takes effect, a changed Rust file is built, wrong use is refused. Works on a copy of the
library, because it changes files. The last line is "N passed, N failed".
"""

import base64
import os
import re
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
import runner  # noqa: E402
from runner import ROOT, check, finish  # noqa: E402

OUT = ROOT / "build" / "build_systems"
SDK = OUT / "sdk"
FIRMWARE = SDK / "tests/build_systems"
CARGO = Path(os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", OUT / "cargo"))  # shared: core is built once per target

# Spec 60 chapter 18, the row without a build id.
EVENT = (
    "08 02 a6 02 02 03 01 0a 63 61 70 70 09 65 32 2e 37 2e 31 06 64 72 65 76 63 04 a4 06 01 02 1a 08 00 12 35 03 1a 08 00 43 21 "
    "07 26 48 fd"
)
LINE = f"MC:{base64.b64encode(bytes.fromhex(EVENT)).decode()}:"
# Its message has 42 bytes. In chunks of 20 bytes that is 18 + 18 + 6 and a CRC: 20, 20 and 10 bytes, as lines:
OPTION = "MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN"
SHORT_CHUNKS = [32, 32, 20]


def run(*command, cwd=OUT):
    """The folder of cargo is that of the firmware's build."""
    return runner.run(*command, cwd=cwd, without=["CARGO_TARGET_DIR"])


def copy_library():
    """A fresh copy of what belongs to the repository."""
    shutil.rmtree(SDK, ignore_errors=True)
    skipped = shutil.ignore_patterns(".git", "target", "build", "__pycache__")
    shutil.copytree(ROOT, SDK, symlinks=True, ignore=skipped)


class Make:
    """The worker; `board` as the Makefile knows it."""

    def __init__(self, board, carrier=1, flags=()):
        self.name = f"make, {board}" + ("" if carrier else ", archive") + "".join(f", {flag}" for flag in flags)
        self.board = board
        self.plain_host = board == "host" and not flags
        self.folder = FIRMWARE / "make"
        self.program = self.folder / "build" / board / "firmware"
        self.arguments = [f"BOARD={board}", f"MEMFAULT_RS_CARRIER={carrier}", f"MEMFAULT_RS_CARGO_TARGET_DIR={CARGO}", *flags]
        shutil.rmtree(self.folder / "build", ignore_errors=True)

    def build(self):
        return run("make", "--warn-undefined-variables", *self.arguments, cwd=self.folder)


class CMake:
    """One of the two CMake entry points with a generator."""

    def __init__(self, entry, board, generator, *options):
        self.name = ", ".join((entry, board, generator, *options))
        self.options = options
        self.board = board
        self.plain_host = board == "host" and not options and entry.startswith("cmake")
        self.entry = entry
        self.generator = generator
        self.folder = OUT / re.sub(r"\W+", "-", self.name)
        self.program = self.folder / "firmware"
        shutil.rmtree(self.folder, ignore_errors=True)

    def configure(self, *arguments):
        toolchain = [] if self.board == "host" else ["--toolchain", FIRMWARE / "firmware/cortex_m4.cmake"]
        toolchain += ["-DFLOAT=hard"] if self.board == "cortex-m4f" else []
        return run(
            "cmake", "-G", self.generator, "-S", FIRMWARE / self.entry, "-B", self.folder, *toolchain,
            f"-DMEMFAULT_RS_CARGO_TARGET_DIR={CARGO}", *self.options, *arguments,
        )  # fmt: skip

    def build(self):
        if not (self.folder / "CMakeCache.txt").exists():
            code, output = self.configure()
            if code != 0:
                return code, output
        return run("cmake", "--build", self.folder, "-j2")


def printed(build):
    """What the firmware prints."""
    if build.board == "host":
        return run(build.program)
    machine = ["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-serial", "none", "-monitor", "none"]
    return run(*machine, "-semihosting-config", "enable=on,target=native", "-kernel", build.program)


def builds_and_runs(build):
    """True if the firmware builds without warnings and prints the event, and with the component panics stores a coredump too."""
    wanted = f"{LINE}\ncoredump" if "panics" in build.name else LINE
    code, output = build.build()
    problem = f"does not build:\n{output}" if code else None
    if code == 0 and "warning:" in output:
        problem = f"warnings:\n{output}"
    check(f"{build.name}: builds without warnings", problem)
    if code != 0:
        return False
    code, output = printed(build)
    check(f"{build.name}: prints the event", None if (code, output.strip()) == (0, wanted) else f"{code}: {output}")
    return True


def rebuilds(build):
    """What happens after changes."""
    before = build.program.stat().st_mtime_ns
    code, output = build.build()
    unchanged = code == 0 and build.program.stat().st_mtime_ns == before
    check(f"{build.name}: nothing is linked without a change", None if unchanged else output)

    header = FIRMWARE / "firmware/config/memfault_platform_config.h"
    text = header.read_text()
    header.write_text(text.replace(f"{OPTION} 80", f"{OPTION} 20"))
    code, output = build.build()
    lengths = [len(line) for line in printed(build)[1].split()] if code == 0 else None
    check(f"{build.name}: a changed option takes effect", None if lengths == SHORT_CHUNKS else f"lines of {lengths}:\n{output}")
    header.write_text(text)

    source = FIRMWARE.parents[1] / "src/ffi/mod.rs"
    text = source.read_text()
    source.write_text(text + "\ncompile_error!(\"a changed Rust file\");\n")
    code, output = build.build()
    noticed = code != 0 and "a changed Rust file" in output
    check(f"{build.name}: a changed Rust file is compiled", None if noticed else output)
    source.write_text(text)
    code, output = build.build()
    check(f"{build.name}: builds again after an error", None if code == 0 and printed(build)[1].strip() == LINE else output)


def wrong_values(build):
    """An impossible value stops the build with the option's name."""
    header = FIRMWARE / "firmware/config/memfault_platform_config.h"
    text = header.read_text()
    header.write_text(text.replace(f"{OPTION} 80", f"{OPTION} 0"))
    code, output = build.build()
    errors = [line for line in output.splitlines() if f"{OPTION} is 0; allowed is" in line]
    check(f"{build.name}: a wrong value is one error", None if code != 0 and len(errors) == 1 else f"exit {code}:\n{output}")
    header.write_text(text)


def make_interface():
    """Variables and checks of the worker (spec 60 §8.1)."""
    folder = FIRMWARE / "make"

    def value(variable, *arguments):
        code, output = run("make", "-s", "--warn-undefined-variables", f"print-{variable}", *arguments, cwd=folder)
        return output.strip() if code == 0 else f"exit {code}: {output}"

    root = "../../.."
    check("worker: one include folder", expect(value("MEMFAULT_COMPONENTS_INC_FOLDERS"), f"{root}/components/include"))
    check("worker: components folder", expect(value("MEMFAULT_COMPONENTS_DIR"), f"{root}/components"))
    check("worker: valid components", expect(value("MEMFAULT_VALID_COMPONENTS"), "core demo http panics util metrics"))
    sources = value("MEMFAULT_COMPONENTS_SRCS").split()
    odd = [source for source in sources if not (source.startswith(f"{root}/") and source.endswith(".c"))]
    check("worker: sources are .c files below the root", f"{odd or sources}" if odd or not sources else None)
    names = [Path(source).name for source in sources]
    check("worker: base names are unique", None if len(names) == len(set(names)) else f"{names}")
    ignored = value("MEMFAULT_COMPONENTS_SRCS", "MEMFAULT_COMPONENTS=core util nonsense").split()
    check("worker: an unknown component is ignored", expect(ignored, sources))
    for variable, hint in (("MEMFAULT_COMPONENTS", "metrics"), ("MEMFAULT_SDK_ROOT", "path")):
        code, output = run("make", "-f", worker_only(variable), cwd=folder)
        said = code != 0 and f"Undefined {variable}: " in output and hint in output
        check(f"worker: {variable} is demanded", None if said else f"exit {code}: {output}")


def make_says_what_is_wrong():
    """A path that make cannot handle, and a program that is not there."""
    folder = FIRMWARE / "make"
    code, output = run("make", f"BUILD_DIR={OUT}/no-cargo", "MEMFAULT_RS_CARGO=no-such-cargo +stable", cwd=folder)
    said = code != 0 and "Memfault: no program no-such-cargo. Install Rust 1.88" in output and "not found" not in output
    check("worker: a missing cargo is told", None if said else f"exit {code}: {output}")
    code, output = run("make", "MEMFAULT_SDK_ROOT=/a b/sdk", "-f", worker_only("MEMFAULT_SDK_ROOT"), cwd=folder)
    said = code != 0 and "MEMFAULT_SDK_ROOT has a space in it" in output
    check("worker: a path with a space is refused", None if said else f"exit {code}: {output}")


def make_refuses_lto():
    """The carrier cannot be compiled with link-time optimisation; make says what to do instead."""
    code, output = Make("host", flags=["ARCHFLAGS=-flto=auto"]).build()
    said = code != 0 and "With -flto=auto set MEMFAULT_RS_CARRIER := 0 and link $(MEMFAULT_RS_ARCHIVE)" in output
    check("worker: -flto with the carrier is refused", None if said else f"exit {code}: {output}")


def worker_only(missing):
    """A makefile that gives the worker everything but one variable."""
    values = {"MEMFAULT_COMPONENTS": "core util", "MEMFAULT_SDK_ROOT": "../../.."}
    lines = [f"{name} := {value}" for name, value in values.items() if name != missing]
    file = OUT / f"without_{missing}.mk"
    file.write_text("\n".join([*lines, f"include {SDK}/makefiles/MemfaultWorker.mk", "all:", ""]))
    return file


def expect(value, wanted):
    return None if value == wanted else f"{value}, wanted {wanted}"


def cmake_interface():
    """Refusals of CMake."""
    old = OUT / "old-cargo"
    old.write_text("#!/bin/sh\necho 'cargo 1.87.0 (99624be96 2025-05-06)'\n")
    old.chmod(0o755)
    for arguments, wanted in ((["-DARCH=ARCH_Z80"], "Unsupported Arch: ARCH_Z80"), (["-DMEMFAULT_RS_CARGO=OFF"], "No cargo found"),
                              (["-DMEMFAULT_RS_CARGO=/no/such/cargo"], "/no/such/cargo does not run"),
                              ([f"-DMEMFAULT_RS_CARGO={old}"], "is of Rust 1.87, which is too old")):
        code, output = CMake("cmake_sources", "host", "Ninja").configure(*arguments)
        check(f"memfault_library: {wanted}", None if code != 0 and wanted in " ".join(output.split()) else f"exit {code}: {output}")
    for arch in ("ARCH_RISCV", "ARCH_XTENSA", "ARCH_POSIX"):
        code, output = CMake("cmake_sources", "host", "Ninja").configure(f"-DARCH={arch}")
        check(f"memfault_library: accepts {arch}", None if code == 0 else output)
    code, output = CMake("cmake_target", "host", "Ninja").configure("-DMEMFAULT_RS_COMPONENTS=core;nonsense")
    named = code != 0 and "no component \"nonsense\"" in output
    check("MEMFAULT_RS_COMPONENTS: an unknown component is refused", None if named else f"exit {code}: {output}")


def shim_lists():
    """CMake names the units of shim/ one by one."""
    listed = set(re.findall(r"/shim/(\w+\.c)", (ROOT / "cmake/MemfaultRust.cmake").read_text()))
    present = {unit.name for unit in (ROOT / "shim").glob("*.c")}
    check("CMake lists every unit of shim/", None if listed == present else f"listed {listed}, present {present}")


def main(words):
    OUT.mkdir(parents=True, exist_ok=True)
    copy_library()
    builds = [
        lambda: Make("host"),
        lambda: Make("host", carrier=0),
        lambda: Make("host", carrier=0, flags=["ARCHFLAGS=-flto"]),
        lambda: Make("cortex-m4"),
        lambda: Make("cortex-m4", carrier=0),
        lambda: CMake("cmake_sources", "host", "Unix Makefiles"),
        lambda: CMake("cmake_sources", "host", "Ninja"),
        lambda: CMake("cmake_sources", "host", "Ninja", "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON"),
        lambda: CMake("cmake_sources", "cortex-m4", "Ninja"),
        lambda: CMake("cmake_target", "host", "Unix Makefiles"),
        lambda: CMake("cmake_target", "host", "Ninja"),
        lambda: CMake("cmake_target", "host", "Ninja", "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON"),
        lambda: CMake("cmake_target", "cortex-m4", "Ninja"),
        lambda: CMake("cmake_target", "cortex-m4f", "Unix Makefiles"),
        *(
            lambda board=board, carrier=carrier: Make(board, carrier, ["MEMFAULT_COMPONENTS=core util panics"])
            for board, carrier in (("host", 1), ("cortex-m4", 1), ("cortex-m4", 0))
        ),
        *(
            lambda entry=entry, board=board, option=option: CMake(entry, board, "Ninja", option, "-DFIRMWARE_WITH_PANICS=ON")
            for entry, option in (
                ("cmake_sources", "-DMORE_COMPONENTS=panics"),
                ("cmake_target", "-DMEMFAULT_RS_COMPONENTS=core;util;panics"),
            )
            for board in ("host", "cortex-m4")
        ),
        lambda: CMake("zephyr_stand_in", "host", "Ninja"),
        lambda: CMake("zephyr_stand_in", "cortex-m4", "Ninja"),
        lambda: CMake("esp_idf_stand_in", "host", "Ninja"),
    ]
    for start in builds:
        build = start()
        if words and not any(word in build.name for word in words):
            continue
        if builds_and_runs(build) and build.plain_host:
            rebuilds(build)
            wrong_values(build)
    if not words or "interface" in words:
        shim_lists()
        make_interface()
        make_says_what_is_wrong()
        make_refuses_lto()
        cmake_interface()
    return finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
