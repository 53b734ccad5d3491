#!/usr/bin/env python3
"""The build id, from the linked ELF file to the device.

    tests/build_id/run.py

Links firmware for a Cortex-M4, checks the objects that host tools look for in the ELF file, patches a copy as the step after the link
does, and runs both in QEMU: the device must report what the file says. Also with -flto, and with the linker's own id. Needs
arm-none-eabi-gcc, cmake and qemu-system-arm. The last line is "N passed, N failed".
"""

import hashlib
import os
import re
import shutil
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
import patch_build_id as tool  # noqa: E402
from runner import ROOT, check, finish, last_lines, run  # noqa: E402

FIRMWARE = Path(__file__).resolve().parent / "firmware"
OUT = ROOT / "build" / "build_id"
BOARD = "mps2-an386"


def equal(what, found, expected):
    check(what, None if found == expected else f"{found!r} instead of {expected!r}")


def build(name, *options):
    """Builds the firmware with some options and returns the ELF file, or None."""
    folder = OUT / name
    code, output = run(
        "cmake", "-S", FIRMWARE, "-B", folder, f"-DBOARD={BOARD}", f"-DMEMFAULT_RS_CARGO_TARGET_DIR={os.environ.get('MEMFAULT_RS_CARGO_TARGET_DIR', OUT / 'cargo')}",
        "--toolchain", ROOT / "c_examples/cmake/arm-none-eabi.cmake", *options,
    )  # fmt: skip
    if code == 0:
        code, output = run("cmake", "--build", folder)
    check(f"{name}: builds", None if code == 0 else last_lines(output))
    return folder / "firmware" if code == 0 else None


def on_device(elf):
    """Runs the firmware; returns its lines as a dictionary from what stands before ": " to what stands behind it."""
    code, output = run(ROOT / "scripts/qemu-run.sh", BOARD, elf)
    check(f"{elf.relative_to(OUT)}: runs", None if code == 0 else f"exit code {code}\n{output}")
    return dict(line.split(": ", 1) for line in output.splitlines() if ": " in line), output


def check_report(elf, build_id, source):
    """What the device says must be this id, or none at all."""
    where = elf.relative_to(OUT)
    lines, output = on_device(elf)
    digits = build_id.hex() if build_id else None
    equal(f"{where}: memfault_build_id_get_string", lines.get("string"), digits or "none")
    equal(f"{where}: unique version", lines.get("version"), f"1.2.3+{digits[:6]}" if digits else "1.2.3+no-id")
    line = f"[I] {source} Build ID: {digits}" if digits else "[I] No Build ID available"
    check(f"{where}: memfault_build_info_dump", None if line in output.splitlines() else f"no line {line!r} in\n{output}")
    # Key 11, a byte string of six bytes, right before the event info (there is no time).
    in_event = re.search(r"0b46([0-9a-f]{12})04", lines.get("event", ""))
    equal(f"{where}: id in the event", in_event and in_event.group(1), digits[:12] if digits else None)


def contents(elf, symbol_name):
    """The bytes of an object in the file, its address, and the section's name."""
    symbol, section = elf.find(symbol_name)
    offset = elf.file_offset(symbol, section)
    return bytes(elf.data[offset : offset + symbol.size]), symbol.value, section.name


def string_at(elf, address):
    """A string constant of the firmware."""
    for section in elf.sections:
        if section.flags & tool.SHF_ALLOC and section.addr <= address < section.addr + section.size:
            return elf.contents(section)[address - section.addr :].split(b"\0")[0].decode()
    return None


def check_record(name, elf, kind, length, storage):
    """Every field of the record of a 32-bit device (spec 20 §14.1)."""
    record, _, section = contents(elf, tool.RECORD)
    equal(f"{name}: bytes of {tool.RECORD} in {section}", len(record), 20)
    fields = struct.unpack("<BBBBI3sxII", record)
    equal(f"{name}: type, length, short length, reserved", fields[:4], (kind, length, 6, 0))
    equal(f"{name}: storage", fields[4], storage)
    equal(f"{name}: SDK version", fields[5], bytes([1, 43, 0]))
    equal(f"{name}: OS", (string_at(elf, fields[6]), string_at(elf, fields[7])), ("test-os", "4.5"))


def digest_by_objcopy(path):
    """The digest once more, with readelf and objcopy instead of our own ELF reader."""
    _, headers = run("arm-none-eabi-readelf", "-S", "-W", path)
    sha1 = hashlib.sha1()
    row = re.compile(r"^\s*\[\s*\d+\] (\S*)\s+([A-Z_]+)\s+([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+\s+([A-Za-z]*)\s+\d+", re.MULTILINE)
    for name, kind, address, size, flags in row.findall(headers):
        if "A" not in flags:
            continue
        sha1.update(struct.pack("<I", int(address, 16)))
        if kind == "NOBITS":
            if "W" in flags:
                sha1.update(struct.pack("<I", int(size, 16)))
        elif int(size, 16):
            binary = OUT / "section.bin"
            flags = f"{name}=alloc,load,contents"
            run("arm-none-eabi-objcopy", "-O", "binary", f"--only-section={name}", "--set-section-flags", flags, path, binary)
            sha1.update(binary.read_bytes())
    return sha1.digest()


def check_patching(name, elf_file):
    """The whole way of a firmware that is patched after the link."""
    before = elf_file.read_bytes()
    elf = tool.Elf(before)
    derived, address, section = contents(elf, tool.DERIVED_ID)
    equal(f"{name}: {tool.DERIVED_ID} in {section}", derived, bytes([1]) + bytes(19))
    check_record(name, elf, tool.NONE, 20, address)
    check_report(elf_file, None, None)

    patched = elf_file.with_name("firmware-patched")
    shutil.copy(elf_file, patched)
    result = tool.patch(patched)
    equal(f"{name}: the tool's report", result, tool.Result(tool.PATCHED, 6, digest_by_objcopy(elf_file), True))
    after = patched.read_bytes()
    expected = bytearray(before)
    record_at = elf.file_offset(*elf.find(tool.RECORD))
    derived_at = elf.file_offset(*elf.find(tool.DERIVED_ID))
    expected[record_at] = tool.PATCHED
    expected[derived_at : derived_at + 20] = result.build_id
    check(f"{name}: only the id and its type change", None if after == expected else "other bytes changed too")
    check_record(f"{name}, patched", tool.Elf(after), tool.PATCHED, 20, address)
    check_report(patched, result.build_id, "Memfault")

    equal(f"{name}: a second run", tool.patch(patched), result._replace(written=False))
    equal(f"{name}: bytes after a second run", patched.read_bytes(), after)
    return elf_file


def check_refusal(what, source, damage, message):
    """A file that cannot be patched is refused and stays as it is."""
    damaged = OUT / "refused"
    damage(source, damaged)
    before = damaged.read_bytes()
    try:
        outcome = f"no error but {tool.patch(damaged)}"
    except tool.PatchError as error:
        outcome = str(error)
    check(what, None if message in outcome else outcome)
    equal(f"{what}: the file", damaged.read_bytes(), before)


def with_type(kind):
    """Writes a copy whose record has another type."""

    def write(source, target):
        data = bytearray(source.read_bytes())
        elf = tool.Elf(data)
        data[elf.file_offset(*elf.find(tool.RECORD))] = kind
        target.write_bytes(data)

    return write


def without_note(source, target):
    """Writes a copy whose record promises a note that is not there."""
    with_type(tool.GNU)(source, target)
    run("arm-none-eabi-objcopy", "--remove-section=.note.gnu.build-id", target)


def check_refusals(elf_file):
    check_refusal("unknown type", elf_file, with_type(4), "unknown type 4")
    check_refusal("stripped file", elf_file, lambda a, b: run("arm-none-eabi-strip", a, "-o", b), f"no symbol {tool.RECORD}")
    check_refusal("no note", elf_file, without_note, "no GNU note")
    check_refusal("no ELF file", elf_file, lambda a, b: b.write_bytes(b"MZ" + a.read_bytes()[2:]), "not an ELF file")
    check_refusal("half a file", elf_file, lambda a, b: b.write_bytes(a.read_bytes()[: a.stat().st_size // 2]), "damaged ELF file")


def check_gnu(elf_file):
    """Firmware whose id the linker makes: the tool has nothing to do."""
    before = elf_file.read_bytes()
    elf = tool.Elf(before)
    note = [s.value for s in elf.symbols() if s.name == "__start_gnu_build_id_start"]
    check_record("gnu", elf, tool.GNU, 12, note[0] if note else None)
    check("gnu: no derived id", None if not [s for s in elf.symbols() if s.name == tool.DERIVED_ID] else "it is there")
    _, notes = run("arm-none-eabi-readelf", "-n", elf_file)
    build_id = bytes.fromhex(re.search(r"Build ID: ([0-9a-f]{40})", notes).group(1))
    equal("gnu: the tool's report", tool.patch(elf_file), tool.Result(tool.GNU, 6, build_id, False))
    equal("gnu: the file", elf_file.read_bytes(), before)
    check_report(elf_file, build_id, "GNU")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    if elf := build("default"):
        check_patching("default", elf)
        check_refusals(elf)
    if elf := build("lto", "-DFIRMWARE_LTO=ON"):
        check_patching("lto", elf)
    if elf := build("gnu", "-DGNU_BUILD_ID=ON"):
        check_gnu(elf)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
