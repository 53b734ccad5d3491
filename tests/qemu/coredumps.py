"""Reads coredumps and ELF files for the crash tests: a second opinion, independent of mflt.

Strict on purpose, like chunks.py: a coredump of our own firmware has nothing unexpected (spec 50 chapter 3).
"""

import re
import struct
import subprocess

import chunks

RLE = 0x80  # in the type byte of a message

BLOCK_REGISTERS, BLOCK_MEMORY, BLOCK_TRACE_REASON, BLOCK_PADDING, BLOCK_MACHINE, BLOCK_MPU = 0, 1, 5, 6, 7, 9
BLOCK_STRINGS = {2: "serial", 10: "software version", 11: "software type", 4: "hardware version"}
BLOCK_BUILD_ID = 12

# Registers in the order of the register block, machine by machine (spec 50 section 3.4): name and bytes of each.
CORTEX_M = [(f"r{n}", 4) for n in range(13)] + [(name, 4) for name in ("sp", "lr", "pc", "psr", "msp", "psp")]
AARCH64 = [("sp", 8), ("pc", 8), ("cpsr", 8)] + [(f"x{n}", 8) for n in range(31)]
RISCV = [(name, 4) for name in (
    "mepc", "ra", "sp", "gp", "tp", *(f"t{n}" for n in range(7)), *(f"s{n}" for n in range(12)),
    *(f"a{n}" for n in range(8)), "mstatus", "mtvec", "mcause", "mtval", "mhartid")]
MACHINES = {40: CORTEX_M, 183: AARCH64, 243: RISCV}


class CoredumpError(Exception):
    """What is wrong with a coredump."""


def rle_decode(data):
    """Undoes the run-length encoding of a message (spec 10 section 9.1)."""
    out = b""
    at = 0
    while at < len(data):
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        count = (value >> 1) ^ -(value & 1)
        if count > 0:
            out += data[at:at + 1] * count
            at += 1
        else:
            out += data[at:at - count]
            at -= count
    return out


def is_coredump(message):
    return message[0] & 0x3F == chunks.TYPE_COREDUMP


class Coredump:
    """A coredump: registers, regions (a dict from address to bytes), and what else it says."""

    def __init__(self, message):
        data = rle_decode(message[1:]) if message[0] & RLE else message[1:]
        self.size = len(data)
        magic, version, total = struct.unpack_from("<4sII", data)
        end, self.flags = struct.unpack_from("<4sI", data, len(data) - 16)
        if (magic, version, total, end) != (b"CORE", 2, len(data), b"DUMP"):
            raise CoredumpError(f"header or footer: {magic} {version} {total} {end}, {len(data)} bytes")
        self.texts, self.regions, blocks = {}, {}, {}
        at = 12
        while at < total - 16:
            kind, address, length = struct.unpack_from("<III", data, at)
            payload = data[at + 12:at + 12 + length]
            at += 12 + length
            if kind in (BLOCK_MEMORY, BLOCK_MPU):
                self.regions[address] = payload
            elif kind in BLOCK_STRINGS:
                self.texts[BLOCK_STRINGS[kind]] = payload.decode()
            elif kind != BLOCK_PADDING and kind in blocks:
                raise CoredumpError(f"two blocks of type {kind}")
            else:
                blocks[kind] = payload
        if at != total - 16:
            raise CoredumpError(f"the last block ends at {at}, the footer begins at {total - 16}")
        self.machine = int.from_bytes(blocks[BLOCK_MACHINE], "little")
        self.reason = int.from_bytes(blocks[BLOCK_TRACE_REASON], "little")
        self.build_id = blocks[BLOCK_BUILD_ID].hex()
        self.registers = self._registers(blocks[BLOCK_REGISTERS])

    def _registers(self, payload):
        layout = MACHINES[self.machine]
        if len(payload) != sum(size for _, size in layout):
            raise CoredumpError(f"{len(payload)} bytes of registers for machine {self.machine}")
        registers, at = {}, 0
        for name, size in layout:
            registers[name] = int.from_bytes(payload[at:at + size], "little")
            at += size
        return registers

    def read(self, address, size):
        """Bytes of memory, or None where nothing was captured."""
        for start, data in self.regions.items():
            if start <= address and address + size <= start + len(data):
                return data[address - start:address - start + size]
        return None

    def word(self, address):
        data = self.read(address, 4)
        return None if data is None else int.from_bytes(data, "little")


class Elf:
    """What the tools of the compiler know of a firmware."""

    def __init__(self, file, tools):
        self.file, self.tools = file, tools
        self._places = {}
        self.symbols = {}
        for line in self._run("nm", "--print-size", file).splitlines():
            found = re.match(r"([0-9a-f]+) (?:([0-9a-f]+) )?\w (\S+)$", line)
            if found:
                name = found.group(3).partition(".")[0]  # without what the compiler appends, such as .isra.0
                self.symbols[name] = (int(found.group(1), 16), int(found.group(2) or "0", 16))
        notes = re.search(r"Build ID: ([0-9a-f]+)", self._run("readelf", "-n", file))
        self.build_id = notes.group(1) if notes else None

    def _run(self, tool, *arguments):
        done = subprocess.run([f"{self.tools}-{tool}", *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    def place(self, address):
        """(function, name of the file, line) of a code address; of inlined functions the innermost."""
        if address not in self._places:
            lines = self._run("addr2line", "-f", "-s", "-e", self.file, hex(address)).splitlines()
            file, _, line = lines[1].partition(":")
            line = re.match(r"\d+", line)
            self._places[address] = (lines[0], file, int(line.group()) if line else 0)
        return self._places[address]

    def function(self, address):
        """The function that holds an address, by the symbol table: never the name of an inlined one."""
        for name, (start, size) in self.symbols.items():
            if start & ~1 <= address < (start & ~1) + size:
                return name
        return None
