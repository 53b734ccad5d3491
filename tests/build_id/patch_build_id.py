#!/usr/bin/env python3
"""Gives a linked firmware its build id: the step after the link that spec 20 §14.4 describes.

    tests/build_id/patch_build_id.py FILE.elf

Computes a SHA-1 over the contents of the ELF file and writes it over g_memfault_sdk_derived_build_id, unless the firmware has an id
already. Written for the tests, from the specification; firmware is patched by the vendor's tool.
"""

import hashlib
import struct
import sys
from collections import namedtuple

RECORD = "g_memfault_build_id"
DERIVED_ID = "g_memfault_sdk_derived_build_id"
ID_LEN = 20

# First byte of the record.
NONE, GNU, PATCHED = 1, 2, 3

SHT_SYMTAB, SHT_NOTE, SHT_NOBITS = 2, 7, 8
SHF_WRITE, SHF_ALLOC = 1, 2
SHN_LORESERVE = 0xFF00

Section = namedtuple("Section", "name type flags addr offset size link")
Symbol = namedtuple("Symbol", "name value size shndx")
Result = namedtuple("Result", "kind short_len build_id written")


class PatchError(Exception):
    """The file cannot be patched; the text says why."""


class Elf:
    """Sections and symbols of a little-endian ELF file."""

    def __init__(self, data):
        self.data = data
        if data[:4] != b"\x7fELF" or len(data) < 52:
            raise PatchError("not an ELF file")
        if data[5] != 1:
            raise PatchError("not a little-endian ELF file")
        self.is_64 = data[4] == 2
        try:
            self.sections = self._sections()
        except (struct.error, IndexError, ValueError) as error:
            raise PatchError(f"damaged ELF file: {error}") from error

    def _sections(self):
        if self.is_64:
            table, entry_len, count, names = struct.unpack_from("<Q10xHHH", self.data, 40)
            layout = "<IIQQQQI20x"
        else:
            table, entry_len, count, names = struct.unpack_from("<I10xHHH", self.data, 32)
            layout = "<IIIIIII12x"
        raw = [struct.unpack_from(layout, self.data, table + i * entry_len) for i in range(count)]
        strings = raw[names][4]
        return [Section(self._string(strings + name), *rest) for name, *rest in raw]

    def _string(self, offset):
        return bytes(self.data[offset : self.data.index(0, offset)]).decode("ascii", "replace")

    def contents(self, section):
        """The section's bytes in the file; none for NOBITS."""
        if section.type == SHT_NOBITS:
            return b""
        return bytes(self.data[section.offset : section.offset + section.size])

    def symbols(self):
        """All symbols of .symtab."""
        for table in self.sections:
            if table.type != SHT_SYMTAB:
                continue
            strings = self.sections[table.link].offset
            layout, length = ("<IxxHQQ", 24) if self.is_64 else ("<IIIxxH", 16)
            for at in range(table.offset, table.offset + table.size, length):
                fields = struct.unpack_from(layout, self.data, at)
                name, shndx, value, size = fields if self.is_64 else (fields[0], fields[3], fields[1], fields[2])
                yield Symbol(self._string(strings + name), value, size, shndx)

    def find(self, name):
        """The symbol of that name and the allocated section that holds it."""
        found = [s for s in self.symbols() if s.name == name and 0 < s.shndx < SHN_LORESERVE]
        if not found:
            raise PatchError(f"no symbol {name}: is the SDK linked, and the file not stripped?")
        symbol = found[0]
        for section in self.sections:
            inside = section.addr <= symbol.value < section.addr + section.size
            if section.flags & SHF_ALLOC and inside and symbol.value + symbol.size <= section.addr + section.size:
                return symbol, section
        raise PatchError(f"{name} lies in no allocated section")

    def file_offset(self, symbol, section):
        """Where the symbol's first byte lies in the file."""
        if section.type == SHT_NOBITS:
            raise PatchError(f"{symbol.name} lies in {section.name}, which has no contents in the file")
        return section.offset + symbol.value - section.addr

    def gnu_note(self):
        """The id of the linker's note, if there is one."""
        for section in self.sections:
            contents = self.contents(section)
            if section.type == SHT_NOTE and contents[4:16] == struct.pack("<II4s", ID_LEN, 3, b"GNU\0"):
                return contents[16 : 16 + ID_LEN]
        return None

    def digest(self):
        """SHA-1 over what the device will hold, in the order of the section headers."""
        sha1 = hashlib.sha1()
        for section in self.sections:
            if not section.flags & SHF_ALLOC:
                continue
            sha1.update(struct.pack("<I", section.addr & 0xFFFFFFFF))
            if section.type == SHT_NOBITS:
                if section.flags & SHF_WRITE:
                    sha1.update(struct.pack("<I", section.size & 0xFFFFFFFF))
            else:
                sha1.update(self.contents(section))
        return sha1.digest()


def patch(path):
    """Patches the file in place where it has no id yet; returns a Result."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    elf = Elf(data)
    record = elf.file_offset(*elf.find(RECORD))
    kind, short_len = data[record], data[record + 2]
    if kind == GNU:
        build_id = elf.gnu_note()
        if build_id is None:
            raise PatchError("the record says that the linker made the id, but there is no GNU note")
        return Result(kind, short_len, build_id, False)
    symbol, section = elf.find(DERIVED_ID)
    derived = elf.file_offset(symbol, section)
    if kind == PATCHED:
        return Result(kind, short_len, bytes(data[derived : derived + ID_LEN]), False)
    if kind != NONE:
        raise PatchError(f"the record has the unknown type {kind}")
    if symbol.size != ID_LEN:
        raise PatchError(f"{DERIVED_ID} has {symbol.size} bytes instead of {ID_LEN}")
    build_id = elf.digest()
    data[record] = PATCHED
    data[derived : derived + ID_LEN] = build_id
    with open(path, "r+b") as file:
        file.write(data)
    return Result(PATCHED, short_len, build_id, True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        result = patch(sys.argv[1])
    except PatchError as error:
        sys.exit(f"{sys.argv[1]}: {error}")
    print(f"{'added' if result.written else 'found'} build id {result.build_id.hex()}, {result.short_len} bytes in events")


if __name__ == "__main__":
    main()
