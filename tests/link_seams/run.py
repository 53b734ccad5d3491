#!/usr/bin/env python3
"""Link seams: everything that firmware may replace, replaced one by one, before and after the archive.

    tests/link_seams/run.py [SEAM..]

Each replacement is linked for the host and for bare-metal targets, with the archive before and behind the firmware's object. The link
must succeed, the firmware's definition must be the one in the image, and on the host the library must really call it. Every archive is
built for the options that its seams need. A few functions are the other way round: weak stand-ins of firmware must lose. The last line
is "N passed, N failed".
"""

import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from program import program  # noqa: E402
from runner import ROOT, check, finish, run  # noqa: E402
from seams import SEAMS  # noqa: E402

OUT = ROOT / "build" / "link_seams"
# The files of the metrics and of the task watchdog's channels are empty.
CONFIG_FLAGS = ["-DMEMFAULT_PLATFORM_CONFIG_DISABLED=1", "-DMEMFAULT_DISABLE_USER_TRACE_REASONS=1", f"-I{OUT}"]
CFLAGS = f"-DMEMFAULT_DISABLE_USER_TRACE_REASONS=1 -I{OUT}"

BARE = ["-nostartfiles", "-Wl,-e,main", "-Wl,-Ttext=0x1000", "-Wl,--gc-sections", "-Wl,--fatal-warnings"]
TARGETS = {
    # name: (Rust target or None for the host, compiler and flags, linker flags, nm)
    "host": (None, ["gcc", "-DON_HOST=1"], ["-Wl,--gc-sections"], "nm"),
    "cortex-m0": (
        "thumbv6m-none-eabi",
        ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
        [*BARE, "--specs=nano.specs", "--specs=nosys.specs"],
        "arm-none-eabi-nm",
    ),
    "cortex-m4": (
        "thumbv7em-none-eabi",
        ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"],
        [*BARE, "--specs=nano.specs", "--specs=nosys.specs"],
        "arm-none-eabi-nm",
    ),
    "riscv32": (
        "riscv32imac-unknown-none-elf",
        ["riscv64-unknown-elf-gcc", "-march=rv32imac", "-mabi=ilp32", "-ffreestanding"],
        # Everything lies in one segment here; a firmware's linker script keeps code and data apart.
        [*BARE, "-nostdlib", "-Wl,--no-warn-rwx-segments"],
        "riscv64-unknown-elf-nm",
    ),
}


def archive(target, options, components):
    """Builds the archive for one target and one set of options; returns its path."""
    rust_target = TARGETS[target][0]
    name = ("_".join(options) or "defaults").replace("=", "_") + components.replace(",", "_")
    header = OUT / f"{name}.h"
    header.write_text("".join(f"#define {o.replace('=', ' ')}\n" for o in options))
    out = OUT / target / name
    command = ["cargo", "xtask", "archive", "--config-header", str(header), "--out", str(out)]
    if rust_target:
        command += ["--target", rust_target]
    command += ["--features", f"core,util{components}"]
    code, output = run(*command, cwd=ROOT, env={**os.environ, "MEMFAULT_CONFIG_CFLAGS": CFLAGS})
    if code != 0:
        sys.exit(f"the archive for {target} with {name} does not build:\n{output}")
    return out / "libmemfault_rs.a"


def link(seam, target, library, order):
    """Links one program; returns (path, problem)."""
    _, compiler, link_flags, _ = TARGETS[target]
    stem = OUT / target / f"{seam.name}-{SEAMS.index(seam)}-{order}"
    stem.with_suffix(".c").write_text(program(seam))
    include = ["-I", str(ROOT / "include")]
    flags = ["-std=gnu11", "-Os", "-g0", "-Wall", "-Wextra", "-Werror", *CONFIG_FLAGS, *[f"-D{o}" for o in seam.options]]
    obj = stem.with_suffix(".o")
    code, output = run(*compiler, *flags, *include, "-c", str(stem.with_suffix(".c")), "-o", str(obj))
    if code != 0:
        return None, f"does not compile:\n{output}"
    inputs = [str(obj), str(library)] if order == "object-first" else ["-Wl,-u,memfault_packetizer_get_chunk", str(library), str(obj), str(library)]
    elf = stem.with_suffix(".elf")
    code, output = run(*compiler, *link_flags, *inputs, "-o", str(elf))
    if code != 0:
        return None, f"does not link:\n{output}"
    return elf, None


def main():
    wanted = set(sys.argv[1:])
    OUT.mkdir(parents=True, exist_ok=True)
    for empty in ("memfault_metrics_heartbeat_config.def", "memfault_task_watchdog_config.def"):
        (OUT / empty).write_text("")
    for target in TARGETS:
        (OUT / target).mkdir(parents=True, exist_ok=True)
        archives = {}
        for seam in SEAMS:
            if (wanted and seam.name not in wanted) or (seam.arm_only and not target.startswith("cortex")):
                continue
            build = (seam.options, ",metrics" * seam.metrics + ",panics" * seam.panics + ",demo" * seam.demo)
            if build not in archives:
                archives[build] = archive(target, *build)
            for order in ("object-first", "archive-first"):
                what = f"{seam.name} on {target}, {order}"
                elf, problem = link(seam, target, archives[build], order)
                check(f"{what}: links", problem)
                if elf is None:
                    continue
                _, symbols = run(TARGETS[target][3], str(elf))
                kinds = [line.split()[-2] for line in symbols.splitlines() if line.split()[-1] == seam.name]
                strong = len(kinds) == 1 and kinds[0] in "TRDB"
                owner = "library" if seam.library_wins else "firmware"
                check(f"{what}: the {owner}'s definition is in the image", None if strong else f"symbol kinds {kinds}")
                if target == "host":
                    code, output = run(str(elf), timeout=10)
                    called = "it is called" if seam.library_wins else "the library calls it"
                    check(f"{what}: {called}", None if code == 0 else f"exit {code} {output}")
        print(f"{target}: done", flush=True)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
