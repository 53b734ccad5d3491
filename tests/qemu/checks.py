"""What must be true of the log of each example."""

import json
import re
import subprocess

import chunks

MTUS = [9, 20, 64, 244, 1500]

# The restart of each example: reason, its number, and whether the cloud counts it as a crash.
RESTARTS = {
    "basic": ("FirmwareUpdate", 0x0003, False),
    "advanced": ("OutOfMemory", 0x800A, True),
}

# What example_record_events() records: reason number, status, text.
TRACES = [
    (1, None, None),
    (2, -110, None),
    (3, None, "channel 11, rssi -87 dBm"),
    (4, None, None),
]


def sections(text):
    """The log cut at its "== drain" lines: a list of (packet size or None, text)."""
    parts = re.split(r"^== (?=drain)", text, flags=re.MULTILINE)[1:]
    cut = []
    for part in parts:
        body = re.split(r"^== ", part, maxsplit=1, flags=re.MULTILINE)[0]
        size = re.match(r"drain.* of (\d+)$", body.splitlines()[0])
        cut.append((int(size.group(1)) if size else None, body))
    return cut


def mflt_decode(mflt, log, *options):
    """The JSON objects that mflt makes of a log, and its diagnostics."""
    done = subprocess.run([mflt, "decode", log, *options], capture_output=True, text=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines() if line], done.stderr


def function_at(elf, address):
    """Name of the function that holds a code address."""
    done = subprocess.run(["arm-none-eabi-addr2line", "-f", "-e", elf, address], capture_output=True, text=True)
    return (done.stdout.splitlines() or ["?"])[0]


def build_id(elf):
    done = subprocess.run(["arm-none-eabi-readelf", "-n", elf], capture_output=True, text=True)
    found = re.search(r"Build ID: ([0-9a-f]+)", done.stdout)
    return found.group(1) if found else None


def trace_tuple(event):
    trace = event.get("trace") or {}
    return trace.get("reason_id"), trace.get("status"), trace.get("log")


def drain_example(report, example, board, elf, log, mflt):
    text = log.read_text(errors="replace")
    cut = sections(text)
    expected_sizes = [20 if example == "advanced" else 244] + MTUS + ([None] if example == "basic" else [])
    if not report.check([size for size, _ in cut] == expected_sizes,
                        "the log has one section per packet size", [size for size, _ in cut]):
        return
    per_section = messages_of(report, cut)
    if per_section is None:
        return
    check_sizes(report, example, cut, per_section)
    check_same_messages(report, example, per_section)
    check_decoded(report, example, board, elf, log, mflt, per_section)


def messages_of(report, cut):
    """The messages of each section, or None."""
    try:
        per_section = [chunks.messages(chunks.in_log(body)) for _, body in cut]
    except chunks.ChunkError as error:
        report.check(False, "all chunks fit together", error)
        return None
    report.check(True, "all chunks fit together")
    return per_section


def check_sizes(report, example, cut, per_section):
    for (size, body), messages in zip(cut, per_section):
        lengths = [len(chunk) for chunk in chunks.in_log(body)]
        if example == "advanced":
            report.check(len(lengths) == len(messages), f"pieces of {size}: one chunk per message",
                         f"{len(lengths)} chunks, {len(messages)} messages")
        else:
            limit = size or 80  # the default of MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN
            report.check(lengths and max(lengths) <= limit, f"packets of {limit}: none is longer", lengths)
            if limit < 100:
                report.check(limit in lengths, f"packets of {limit}: they are filled", lengths)


def check_same_messages(report, example, per_section):
    """The first section is the power-on report, the second starts with the restart."""
    power_on, first, *others = per_section
    expected = len(TRACES) + 1
    report.check(len(power_on) == 1, "one message before the restart", len(power_on))
    report.check(len(first) == expected, f"{expected} messages after the restart", len(first))
    repeated = first[1:]
    for size, messages in zip(MTUS[1:], others):
        report.check(messages == repeated, f"size {size}: the same messages, byte for byte",
                     f"{len(messages)} messages, expected {len(repeated)}")
    for messages in others[len(MTUS) - 1:]:
        # Recorded from another line of main(), so the return address in them differs.
        report.check(len(messages) == len(repeated), "through the log: as many messages", len(messages))


def check_decoded(report, example, board, elf, log, mflt, per_section):
    code, decoded, diagnostics = mflt_decode(mflt, log)
    report.check(code == 0, "mflt decode finds no fault in the log", f"exit code {code}: {diagnostics}")
    total = sum(len(messages) for messages in per_section)
    if not report.check(len(decoded) == total, "mflt decodes every message", f"{len(decoded)} of {total}"):
        return
    events = [event for message in decoded for event in message.get("events") or []]
    reboots = [event for event in events if event["type"] == "reboot"]
    traces = [event for event in events if event["type"] == "trace"]
    rounds = len(per_section) - 1

    check_reboots(report, example, elf, reboots)
    got = [trace_tuple(event) for event in traces]
    report.check(got == TRACES * rounds, f"{len(TRACES)} trace events, {rounds} times", got)

    places = {function_at(elf, event["trace"]["pc"]) for event in traces}
    report.check(places == {"example_record_events", "button_interrupt"},
                 "trace events point at the code that recorded them", places)
    identity = {(e["device_serial"], e["software_type"], e["software_version"], e["hardware_version"])
                for e in events}
    report.check(identity == {("EXAMPLE-0001", example, "1.0.0", board)}, "events name the device", identity)
    ids = {event["build_id"] for event in events}
    report.check(ids == {(build_id(elf) or "none")[:12]}, "events name the ELF file by its build id", ids)


def check_reboots(report, example, elf, reboots):
    name, number, unexpected = RESTARTS[example]
    if not report.check(len(reboots) == 2, "two reboot events", len(reboots)):
        return
    power_on, restart = (event["reboot"] for event in reboots)
    report.check(power_on["reason_id"] == 7 and not power_on["unexpected"], "the first is power-on", power_on)
    report.check((restart["reason"], restart["reason_id"], restart["unexpected"]) == (name, number, unexpected),
                 f"the second is the restart, {name}", restart)
    report.check(function_at(elf, restart["pc"] or "0") == "main", "the restart was marked in main()", restart)


def guide_check(report, text):
    last = re.search(r"^(\d+) passed, (\d+) failed$", text, flags=re.MULTILINE)
    report.check(last and int(last.group(1)) >= 14 and last.group(2) == "0",
                 "all claims of the guide hold", last.group(0) if last else "no result line")
