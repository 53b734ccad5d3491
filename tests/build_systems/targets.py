#!/usr/bin/env python3
"""The archive for every documented target: `cargo xtask archive --target T`.

    tests/build_systems/targets.py [TARGET..]

Each archive must be code for its target with its float ABI, hold the Rust part and the C units, and have no section that a firmware's
linker script does not place. The last line is "N passed, N failed".
"""

import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from runner import ROOT, check, finish, run  # noqa: E402

OUT = ROOT / "build" / "targets"

# Target: machine as readelf names it, and whether floats travel in FPU registers (32-bit Arm only).
TARGETS = {
    "thumbv6m-none-eabi": ("ARM", False),
    "thumbv7m-none-eabi": ("ARM", False),
    "thumbv7em-none-eabi": ("ARM", False),
    "thumbv7em-none-eabihf": ("ARM", True),
    "thumbv8m.main-none-eabi": ("ARM", False),
    "thumbv8m.main-none-eabihf": ("ARM", True),
    "armv7r-none-eabihf": ("ARM", True),
    "riscv32imac-unknown-none-elf": ("RISC-V", None),
    "aarch64-unknown-none": ("AArch64", None),
    "aarch64-unknown-none-softfloat": ("AArch64", None),
}
# One name from the Rust part, one from a C unit, one weak name.
SYMBOLS = {"memfault_packetizer_get_chunk": "T", "memfault_data_export_chunk": "T", "memfault_lock": "W"}
PLACED = re.compile(
    r"\.(text|rodata|srodata|data|sdata|bss|sbss)(\..*)?|\.(ARM|riscv)\.attributes|\.(rel|rela)\.text.*|\.(rel|rela)\.s?(ro)?data.*"
    r"|\.(rel|rela)?\.?debug_.*|\.(symtab|strtab|shstrtab|group)|"
)


def output_of(*command):
    """What a command prints; a failure is printed and gives None."""
    code, output = run(*command, cwd=ROOT)
    if code != 0:
        print(output)
        return None
    return output


def test(target):
    machine, hard_float = TARGETS[target]
    folder = OUT / target
    if output_of("cargo", "xtask", "archive", "--target", target, "--out", folder, "--quiet") is None:
        check(f"{target}: builds", "see above")
        return
    archive = folder / "libmemfault_rs.a"
    check(f"{target}: builds", None if archive.is_file() else "no archive")

    headers = output_of("readelf", "-hA", archive)
    machines = set(re.findall(r"Machine:\s+(\S+)", headers))
    check(f"{target}: code of the target", None if machines == {machine} else f"machines {machines}")
    if hard_float is not None:
        registers = "Tag_ABI_VFP_args: VFP registers" in headers
        check(f"{target}: float ABI", None if registers == hard_float else f"floats in registers: {registers}")

    sections = re.findall(r"^\s+\[\s*\d+\]\s(\S*)", output_of("readelf", "-SW", archive), re.MULTILINE)
    stray = {name for name in sections if name != "NULL" and not PLACED.fullmatch(name)}
    check(f"{target}: no stray section", f"{sorted(stray)[:5]}" if stray or not sections else None)

    kinds = {name: kind for kind, name in re.findall(r"^[0-9a-f]+ (\w) (memfault_\w+)$", output_of("nm", archive), re.MULTILINE)}
    wrong = {name: kinds.get(name) for name, kind in SYMBOLS.items() if kinds.get(name) != kind}
    check(f"{target}: symbols of both parts", f"{wrong}" if wrong else None)


def main(targets):
    for target in targets or TARGETS:
        test(target)
    return finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
