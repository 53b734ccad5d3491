"""What must be true of the log of the example `async`.

Each coredump is one that the firmware's fault handler saved in a crash. Two things are checked: that it arrived whole
and tells of that crash, and that the packetizer read it as the asynchronous mode needs it, one sequential read per
chunk (spec 10 section 11.3). The firmware prints the reads; which ones there have to be follows from the chunks.
"""

import re
import struct

import checks
import chunks
import coredumps

SIZES = [9, 20, 64, 244, 1500, "changing"]
CHANGING_SIZES = [64, 9, 15, 16, 17, 40, 128]
HEADER_READ = (0, 12)  # how the coredump source finds out whether there is a coredump
TRACES = 4

# The crash of a boot, odd and even: reason of the reboot event, its number.
CRASHES = {1: ("Assert", 0x8001, "close_door"), 0: ("HardFault", 0x9400, "report_door")}
CORTEX_M = 40  # the machine in the coredump


def check(report, board, elf, log, mflt):
    text = log.read_text(errors="replace")
    cut = checks.sections(text)
    names = [body.splitlines()[0] for _, body in cut]
    expected = ["drain before the first crash, packets of 244"]
    expected += [f"drain, packets of {size if size != 'changing' else 'changing size'}" for size in SIZES]
    if not report.check(names == expected, "the log has one section per boot", names):
        return
    per_section = checks.messages_of(report, cut)
    if per_section is None:
        return
    report.check([m[0] for m in per_section[0]] == [chunks.TYPE_EVENT], "one event before the first crash",
                 [m[0] for m in per_section[0]])
    firmware = coredumps.Elf(elf, "arm-none-eabi")
    for boot, (size, (_, body), messages) in enumerate(zip(SIZES, cut[1:], per_section[1:]), start=2):
        check_section(report, firmware, boot, size, body, messages)
    check_reads(report, "packets of 244 without a coredump", cut[0][1])
    check_events(report, elf, log, mflt)


def check_section(report, firmware, boot, size, body, messages):
    what = f"packets of {size}" if size != "changing" else "packets of changing size"
    types = [message[0] for message in messages]
    wanted = [chunks.TYPE_COREDUMP] + [chunks.TYPE_EVENT] * (1 + TRACES)
    report.check(types == wanted, f"{what}: a coredump that is not run-length encoded, then the events", types)
    lengths = [len(chunk) for chunk in chunks.in_log(body)]
    sizes = CHANGING_SIZES if size == "changing" else [size]
    limits = [sizes[i % len(sizes)] for i in range(len(lengths))]
    report.check(all(length <= limit for length, limit in zip(lengths, limits)), f"{what}: none is longer", lengths)
    check_reads(report, what, body)
    slept = re.search(r"slept (\d+) times", body)
    report.check(slept and int(slept.group(1)) > 0, f"{what}: the flash was slower than the transport")
    if types[:1] == [chunks.TYPE_COREDUMP]:
        check_coredump(report, what, firmware, boot - 1, messages[0])


def check_reads(report, what, body):
    """The reads that the firmware saw before each chunk, against those that the chunk must have made."""
    seen, expected = [], []
    reads = []
    message_type = position = None
    for line in body.splitlines():
        if found := re.match(r"read (\d+)\+(\d+)$", line):
            reads.append(tuple(int(number) for number in found.groups()))
        elif line.startswith("read"):
            report.check(False, f"{what}: no chunk takes more reads than the firmware can note", line)
        elif line.startswith("MC:"):
            payload, first = message_bytes(chunks.in_log(line)[0])
            wanted = []
            if first:
                wanted, message_type, position = [HEADER_READ], payload[0], 0
                payload = payload[1:]
            if message_type == chunks.TYPE_COREDUMP and payload:
                wanted.append((position, len(payload)))
                position += len(payload)
            seen.append(reads)
            expected.append(wanted)
            reads = []
    wrong = [(i, s, e) for i, (s, e) in enumerate(zip(seen, expected)) if s != e]
    of_coredump = sum(len(set(e) - {HEADER_READ}) for e in expected)
    report.check(seen and not wrong,
                 f"{what}: one sequential read per chunk of the coredump ({of_coredump} reads, {len(seen)} chunks)",
                 f"chunk, reads, expected: {wrong[:3]}")


def message_bytes(chunk):
    """The bytes of the message in a chunk, and whether it is the message's first chunk."""
    first = not chunk[0] & chunks.CONTINUATION
    start = 1
    if chunk[0] & (chunks.CONTINUATION | chunks.MORE_DATA):
        while chunk[start] & 0x80:
            start += 1
        start += 1
    return chunk[start:] if chunk[0] & chunks.MORE_DATA else chunk[start:-2], first


def check_coredump(report, what, firmware, crashed_boot, message):
    """A coredump of the crash at the end of a boot."""
    try:
        dump = coredumps.Coredump(message)
    except coredumps.CoredumpError as error:
        report.check(False, f"{what}: the coredump is whole", error)
        return
    report.check(dump.flags == 0, f"{what}: the coredump is whole and not truncated", dump.flags)
    name, number, function = CRASHES[crashed_boot % 2]
    report.check((dump.reason, dump.machine) == (number, CORTEX_M), f"{what}: it is a Cortex-M coredump of {name}",
                 f"reason {dump.reason:#x}, machine {dump.machine}")

    pc, lr, sp = (dump.registers[name] for name in ("pc", "lr", "sp"))
    stack = dump.regions.get(sp, b"")
    report.check(stack, f"{what}: the stack is there from sp on", f"sp {sp:#x}")
    if name == "Assert":
        report.check(firmware.function(pc) == "memfault_fault_handling_assert", f"{what}: pc is the trap of the assert",
                     f"pc {pc:#x}")
        returns = [firmware.function(word) for word, in struct.iter_unpack("<I", stack)]
        report.check(function in returns, f"{what}: the asserting function is on the stack", returns)
    else:
        report.check(pc == 0 and firmware.function(lr) == function,
                     f"{what}: pc is address 0, and lr the place of the call", f"pc {pc:#x}, lr {lr:#x}")

    door = dump.regions.get(firmware.symbols["g_door"][0], b"")
    position = 107 if name == "Assert" else 100
    report.check(door == struct.pack("<12sIiI", b"front door", crashed_boot, position, 0),
                 f"{what}: the variable g_door is as it was at the crash", door.hex())


def check_events(report, elf, log, mflt):
    """What mflt makes of the same log."""
    code, decoded, diagnostics = checks.mflt_decode(mflt, log)
    report.check(code == 0, "mflt decode finds no fault in the log", f"exit code {code}: {diagnostics}")
    events = [event for message in decoded for event in message.get("events") or []]
    dumps = [message for message in decoded if message["type"] == "coredump"]
    report.check(len(dumps) == len(SIZES), "mflt decodes every coredump", len(dumps))
    reboots = [event["reboot"] for event in events if event["type"] == "reboot"]
    wanted = [("PowerOnReset", 7)] + [CRASHES[boot % 2][:2] for boot in range(1, len(SIZES) + 1)]
    got = [(reboot["reason"], reboot["reason_id"]) for reboot in reboots]
    report.check(got == wanted, "each restart is reported with the crash that made it", got)
    report.check([reboot.get("coredump_saved") for reboot in reboots[1:]] == [True] * len(SIZES),
                 "each crash is reported with its coredump", reboots)
    traces = [checks.trace_tuple(event) for event in events if event["type"] == "trace"]
    report.check(traces == checks.TRACES * len(SIZES), "the trace events of each boot", traces)
    asserts = [checks.function_at(elf, reboot["pc"] or "0") for reboot in reboots[1::2]]
    report.check(set(asserts) == {"close_door"}, "asserts are reported from where they failed", asserts)
