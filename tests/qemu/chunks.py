"""Puts the chunks of a UART log together to messages: a second opinion, independent of mflt.

Strict on purpose: the log comes from our own firmware over a line that loses nothing, so anything
unexpected is an error (wire format: spec 10 sections 5 and 6).
"""

import base64
import re

CONTINUATION, MORE_DATA, CRC_AT_END = 0x80, 0x40, 0x08
TYPE_COREDUMP, TYPE_EVENT = 1, 2


class ChunkError(Exception):
    """A chunk that does not fit; the text says which and why."""


def in_log(text):
    """The chunks in the MC: lines of a log, in order."""
    return [base64.b64decode(body, validate=True) for body in re.findall(r"MC:([A-Za-z0-9+/=]*):", text)]


def crc16_xmodem(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _varint(chunk):
    """The varint behind the header byte: its value and where the message bytes start."""
    value = 0
    for index, byte in enumerate(chunk[1:6]):
        value |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            return value, index + 2
    raise ChunkError(f"no varint in {chunk.hex()}")


def messages(chunks):
    """Whole messages (message header first) of a list of chunks."""
    done = []
    length, parts = None, b""
    for chunk in chunks:
        header = chunk[0]
        if header & CONTINUATION:
            offset, start = _varint(chunk)
            if length is None or offset != len(parts):
                raise ChunkError(f"continuation at {offset}, expected {len(parts)}: {chunk.hex()}")
        else:
            if length is not None:
                raise ChunkError(f"a new message before the last one ended: {chunk.hex()}")
            if header & ~MORE_DATA != CRC_AT_END:
                raise ChunkError(f"header byte 0x{header:02x}: {chunk.hex()}")
            length, start = _varint(chunk) if header & MORE_DATA else (len(chunk) - 3, 1)
            parts = b""
        if header & MORE_DATA:
            parts += chunk[start:]
            continue
        parts += chunk[start:-2]
        crc = int.from_bytes(chunk[-2:], "little")
        if len(parts) != length or crc16_xmodem(parts) != crc:
            raise ChunkError(f"{len(parts)} of {length} bytes, or a wrong checksum, at {chunk.hex()}")
        done.append(parts)
        length = None
    if length is not None:
        raise ChunkError(f"the log ends in the middle of a message, {len(parts)} of {length} bytes")
    return done
