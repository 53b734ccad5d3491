"""What each option must change in the output of firmware/effects.c.

The bytes of the trace event are the worked examples of spec 60 chapter 18, the rest follows from spec 10 and 20. What a case does not
name must stay as with the defaults.
"""

from dataclasses import dataclass, field


def crc16(data):
    """CRC-16/XMODEM, the obvious way."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def chunk(message):
    """The one chunk that carries a whole message: header, message, CRC with the low byte first."""
    return (b"\x08" + message + crc16(message).to_bytes(2, "little")).hex()


class Contains:
    """Every chunk of the value contains these bytes."""

    def __init__(self, hex_bytes):
        self.bytes = hex_bytes.replace(" ", "")

    def holds(self, value):
        return bool(value) and all(self.bytes in one for one in value.split())

    def __repr__(self):
        return f"chunks with {self.bytes}"


class Lacks(Contains):
    """No chunk of the value contains these bytes."""

    def holds(self, value):
        return bool(value) and not any(self.bytes in one for one in value.split())

    def __repr__(self):
        return f"chunks without {self.bytes}"


KEY = "0123456789abcdefghijklmnopqrstuv"
BUILD_ID = bytes([0xA0, *range(0xA1, 0xB4)])
DEVICE = bytes.fromhex("0a 63 61 70 70 09 65 32 2e 37 2e 31 06 64 72 65 76 63")  # type, version, hardware
TIME = bytes.fromhex("01 1a 5f 00 00 00")
SERIAL = bytes.fromhex("07 6b") + b"widget-0042"


def event(status_code, pairs=7, serial=b"", build_id=b"\x0b\x46" + BUILD_ID[:6], time=b""):
    """The trace event as CBOR: type, schema, device, time, trace information (spec 20 §7.1)."""
    info = bytes.fromhex("04 a4 06 01 02 1a 08 00 12 35 03 1a 08 00 43 21 07") + bytes([0x1F - status_code])
    return bytes([0xA0 + pairs]) + bytes.fromhex("02 02 03 01") + serial + DEVICE + build_id + time + info


def message(payload):
    """An event message: type 2, no flags."""
    return b"\x02" + payload


LOG_TEXT = "08 48" + b"jam 1234".hex()
# Key 9, two items: the id of the format, and 1234. The linker puts the only format at the start of its section: id 0.
COMPACT_LOG = Contains("09 82 00 19 04 d2")
SPEC_TRACE = (
    "08 02 a7 02 02 03 01 0a 63 61 70 70 09 65 32 2e 37 2e 31 06 64 72 65 76 63 0b 46 a0 a1 a2 a3 a4 a5 04 a4 06 01 02 1a "
    "08 00 12 35 03 1a 08 00 43 21 07 26 75 a9"
).replace(" ", "")

DEFAULTS = {
    "trace": SPEC_TRACE,
    "two_events": f"{SPEC_TRACE} {SPEC_TRACE[:-6]}2754b9",
    "log": Contains(LOG_TEXT),
    "isr_log": Contains(LOG_TEXT),
    "coredump": chunk(b"\x81\x50\x55"),  # 40 equal bytes as a run: zig-zag of 40, the byte
    "user_crc": "-",
    "crc": "b8a9",
    "export_lines": "1",
    "export_line_len": "64",
    "assert": "fired",
    "restore_calls": "0",
    "state_size": "-",
    "nv": "-",
    "build_id": "a0a1a2a3a4a5",
    "unique_version": "2.7.1+a0a1a2",
    "reboot_reason": "0002",
}


@dataclass
class Case:
    """One configuration: options without the prefix MEMFAULT_, and the observations that they change."""

    options: dict
    changes: dict = field(default_factory=dict)

    @property
    def name(self):
        return ", ".join(f"{name} {value}" for name, value in self.options.items()) or "defaults"


def everywhere(trace, others):
    """An option that changes all events: the trace event exactly, the others by a property."""
    return {"trace": trace, "two_events": others, "log": others, "isr_log": others}


NO_BUILD_ID = everywhere(chunk(message(event(-7, 6, build_id=b""))), Lacks("0b46a0"))
BATCH = {"two_events": chunk(message(b"\x82" + event(-7) + event(-8)))}
EXPORT_20 = {"export_lines": "3", "export_line_len": "32"}

CASES = [
    Case({}),
    Case({"DATA_SOURCE_RLE_ENABLED": 0}, {"coredump": chunk(b"\x01" + b"\x55" * 40)}),
    Case({"PROJECT_KEY": f'"{KEY}"'}),
    Case(
        {"MESSAGE_HEADER_CONTAINS_PROJECT_KEY": 1, "PROJECT_KEY": f'"{KEY}"'},
        {
            **everywhere(chunk(b"\x42" + KEY.encode() + b"\0" + event(-7)), Contains("42" + KEY.encode().hex() + "00a7")),
            "coredump": chunk(b"\xc1" + KEY.encode() + b"\0\x50\x55"),
            "export_line_len": "108",
        },
    ),
    Case({"DATA_EXPORT_CHUNK_MAX_LEN": 20}, EXPORT_20),
    Case({"DATA_EXPORT_CHUNK_MAX_LEN": "(sizeof(struct { char bytes[16]; }) + 4)"}, EXPORT_20),
    Case({"CRC16_BUILTIN": 0}, {"user_crc": "called"}),
    Case({"CRC16_LOOKUP_TABLE_ENABLE": 0}),
    Case({"SDK_ASSERT_ENABLED": 0}, {"assert": "-"}),
    Case(
        {"EVENT_INCLUDE_DEVICE_SERIAL": 1}, everywhere(chunk(message(event(-7, 8, serial=SERIAL))), Contains(SERIAL.hex()))
    ),
    Case({"EVENT_INCLUDE_BUILD_ID": 0}, NO_BUILD_ID),
    Case(
        {"EVENT_INCLUDED_BUILD_ID_SIZE_BYTES": 5},
        everywhere(chunk(message(event(-7, build_id=b"\x0b\x45" + BUILD_ID[:5]))), Contains("0b45a0a1a2a3a404")),
    ),
    Case(
        {"EVENT_INCLUDED_BUILD_ID_SIZE_BYTES": 20},
        everywhere(chunk(message(event(-7, build_id=b"\x0b\x54" + BUILD_ID))), Contains("0b54" + BUILD_ID.hex())),
    ),
    Case({"EVENT_STORAGE_READ_BATCHING_ENABLED": 1}, BATCH),
    Case({"EVENT_STORAGE_READ_BATCHING_ENABLED": 1, "EVENT_STORAGE_READ_BATCHING_MAX_BYTES": 98}, BATCH),
    Case({"EVENT_STORAGE_READ_BATCHING_ENABLED": 1, "EVENT_STORAGE_READ_BATCHING_MAX_BYTES": 97}),
    Case({"EVENT_STORAGE_NV_SUPPORT_ENABLED": 1}, {"nv": "persisted 1, written 1, requested 1"}),
    Case(
        {"EVENT_STORAGE_STUB_SYSTEM_TIME": 0},
        everywhere(chunk(message(event(-7, 8, time=TIME))), Contains(TIME.hex())),
    ),
    Case({"EVENT_STORAGE_RESTORE_STATE": 1}, {"restore_calls": "1", "state_size": "as declared"}),
    Case({"TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED": 0}, {"isr_log": Lacks(b"jam".hex())}),
    Case(
        {"TRACE_EVENT_MAX_LOG_LEN": 6},
        {"log": Contains("0845" + b"jam 1".hex()), "isr_log": Contains("0845" + b"jam 1".hex())},
    ),
    Case({"COMPACT_LOG_ENABLE": 1}, {"log": COMPACT_LOG, "isr_log": COMPACT_LOG}),
    Case({"REBOOT_REASON_CUSTOM_ENABLE": 1}, {"reboot_reason": "1001"}),
    Case({"REBOOT_REASON_CUSTOM_ENABLE": 2}),
    Case({"USE_GNU_BUILD_ID": 0}, {**NO_BUILD_ID, "build_id": "-", "unique_version": "2.7.1+no-id"}),
    Case(
        {"GNU_BUILD_ID_SYMBOL": "second_build_id_note"},
        {
            **everywhere(chunk(message(event(-7, build_id=b"\x0b\x46\xc0" + BUILD_ID[1:6]))), Contains("0b46c0a1")),
            "build_id": "c0a1a2a3a4a5",
            "unique_version": "2.7.1+c0a1a2",
        },
    ),
    Case({"UNIQUE_VERSION_MAX_LEN": 13}, {"unique_version": "2.7.1+a0a1a"}),
    Case({"UNIQUE_VERSION_MAX_LEN": 12}, {"unique_version": "-"}),
]

# Configurations that must not build: the lines of the header, and words that the one error must hold.
REFUSED = [
    ("#define MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN 0", ["MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN is 0", "allowed is 1 to 65535"]),
    ("#define MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN -1", ["MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN is -1", "allowed is"]),
    ("#define MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES 4", ["MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES is 4", "5 to 20"]),
    ("#define MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES 21", ["MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES is 21", "5 to 20"]),
    ("#define MEMFAULT_TRACE_EVENT_MAX_LOG_LEN 0", ["MEMFAULT_TRACE_EVENT_MAX_LOG_LEN is 0", "allowed is"]),
    ("#define MEMFAULT_UNIQUE_VERSION_MAX_LEN 70000", ["MEMFAULT_UNIQUE_VERSION_MAX_LEN is 70000", "allowed is"]),
    (
        "#define MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED 1\n#define MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES 0x100000000",
        ["MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES is 4294967296", "allowed is 0 to 4294967295"],
    ),
    ("#define MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY 1", ["MEMFAULT_PROJECT_KEY is not defined", "HEADER_CONTAINS_PROJECT_KEY"]),
    (
        '#define MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY 1\n#define MEMFAULT_PROJECT_KEY ""',
        ["MEMFAULT_PROJECT_KEY is empty", "HEADER_CONTAINS_PROJECT_KEY"],
    ),
    ("#define MEMFAULT_PROJECT_KEY no_quotes", ["MEMFAULT_PROJECT_KEY must be a string literal", "no_quotes"]),
    ("#define MEMFAULT_CRC16_BUILTIN yes", ["MEMFAULT_CRC16_BUILTIN must be a number known at compile time", "yes"]),
    ('#define MEMFAULT_GNU_BUILD_ID_SYMBOL "quoted"', ["MEMFAULT_GNU_BUILD_ID_SYMBOL is", "the name of a symbol"]),
    ("#define MEMFAULT_LOG_MAX_LINE_SAVE_LEN 252", ["MEMFAULT_LOG_MAX_LINE_SAVE_LEN is 252", "allowed is 0 to 251"]),
    ("#define MEMFAULT_HEAP_STATS_MAX_COUNT 65535", ["MEMFAULT_HEAP_STATS_MAX_COUNT is 65535", "allowed is 1 to 65534"]),
    ("#define MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT 513", ["MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT is 513", "allowed is 0 to 512"]),
    ("#define MEMFAULT_MPU_REGIONS_TO_COLLECT 17", ["MEMFAULT_MPU_REGIONS_TO_COLLECT is 17", "allowed is 0 to 16"]),
    ("#define MEMFAULT_COREDUMP_CPU_COUNT 0", ["MEMFAULT_COREDUMP_CPU_COUNT is 0", "allowed is"]),
    ('#include "not_there.h"', ["does not compile", "not_there.h"]),
]
