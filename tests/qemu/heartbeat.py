"""What must be true of the log of the example `heartbeat`.

Three opinions on each event are compared: what mflt makes of the chunks with the ELF file, what it makes of them
without, and what the firmware printed about its own metrics, names included.
"""

import re
import subprocess

import checks
import chunks

# Metrics per event: the SDK's own and the 20 of the example.
LENGTHS = {"heartbeat": 14 + 13, "unlock": 2 + 5, "update": 2 + 2}

# Session indices: user sessions in order of declaration, the heartbeat last.
SESSIONS = ["unlock", "update", "heartbeat"]

# The events behind each "== drain" line. The first boot ends inside an update.
EVENTS = {
    "after boot": [["reboot"], ["reboot", "update"]],
    "after heartbeat 1": [["unlock", "heartbeat"]],
    "after heartbeat 2": [["unlock", "update", "heartbeat"]],
    "after heartbeat 3": [["heartbeat"]],
}

# Values that do not depend on time, scaled, in the order of the events.
EXPECTED = [
    ("update", {"MemfaultSdkMetric_IntervalMs": 0, "operational_crashes": 1, "bytes_received": None,
                "link_quality_pct": None}),
    ("unlock", {"operational_crashes": None, "opened_by": "keypad", "motor_steps": 100, "bolt_force_n": -12,
                "supply_v": 5.772}),
    ("heartbeat", {"MemfaultSdkMetric_UnexpectedRebootCount": 1, "operational_hours": None, "key_presses": 5,
                   "wrong_codes": None, "radio_retries": None, "temperature_c": -4.5, "battery_v": 6.012,
                   "rssi_dbm": -71, "clock_correction_ms": -35, "hub_name": "hallway", "last_problem": "",
                   "sync_successful": 1, "sync_failure": None, "battery_soc_pct": 99.7, "battery_soc_pct_drop": 0.3}),
    ("unlock", {"operational_crashes": None, "opened_by": "phone ap", "motor_steps": 100, "bolt_force_n": -12,
                "supply_v": 5.768}),
    ("update", {"operational_crashes": None, "bytes_received": 65536, "link_quality_pct": 88}),
    ("heartbeat", {"MemfaultSdkMetric_UnexpectedRebootCount": None, "key_presses": 10, "wrong_codes": 2,
                   "battery_v": 6.008, "hub_name": "hallway", "last_problem": "wrong code at k",
                   "battery_soc_pct": 99.4}),
    ("heartbeat", {"key_presses": None, "wrong_codes": None, "radio_retries": 3, "rssi_dbm": None, "hub_name": "",
                   "last_problem": "hub silent", "sync_successful": None, "sync_failure": 1, "battery_v": 6.004}),
]

# Least and most milliseconds of what takes time; the most is generous, as the emulator may be slow.
TIMES = {
    "heartbeat": [
        {"MemfaultSdkMetric_IntervalMs": (990, 5000), "radio_on_ms": (30, 500), "display_on_ms": (10, 500),
         "door_open_ms": (1, 1100), "connectivity_expected_time_ms": (30, 500),
         "connectivity_connected_time_ms": (20, 400), "battery_discharge_duration_ms": (900, 5000)},
        {"MemfaultSdkMetric_IntervalMs": (500, 5000), "radio_on_ms": (30, 500), "display_on_ms": (20, 900),
         "door_open_ms": (30, 900)},
        {"MemfaultSdkMetric_IntervalMs": (500, 5000), "radio_on_ms": (10, 500), "display_on_ms": (0, 0),
         "door_open_ms": (0, 0), "connectivity_connected_time_ms": (0, 0)},
    ],
    "unlock": [{"MemfaultSdkMetric_IntervalMs": (20, 500), "motor_ms": (20, 500)}] * 2,
    "update": [{}, {"MemfaultSdkMetric_IntervalMs": (40, 900)}],
}


def check(report, board, elf, log, mflt):
    text = log.read_text(errors="replace")
    plain = metric_events(report, mflt, log)
    named = metric_events(report, mflt, log, "--elf", elf)
    if not check_sections(report, text) or not check_events(report, named):
        return
    check_positions(report, plain, named)
    check_values(report, named)
    check_printed(report, text, named)
    check_identity(report, board, elf, named)
    check_table(report, elf, log, mflt)


def metric_events(report, mflt, log, *options):
    """The events of heartbeats and sessions, in order."""
    code, decoded, diagnostics = checks.mflt_decode(mflt, log, *options)
    report.check(code == 0, " ".join(["mflt decode", *options[:1], "finds no fault in the log"]),
                 f"exit code {code}: {diagnostics}")
    events = [event for message in decoded for event in message.get("events") or []]
    return [event for event in events if event["type"] in ("heartbeat", "session")]


def check_sections(report, text):
    """The right number of whole messages after each step, put together without mflt."""
    sent = {}
    for part in re.split(r"^== drain ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        body = re.split(r"^== ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        try:
            sent.setdefault(title.strip(), []).append(len(chunks.messages(chunks.in_log(body))))
        except chunks.ChunkError as error:
            return report.check(False, "all chunks fit together", error)
    expected = {title: [len(events) for events in boots] for title, boots in EVENTS.items()}
    return report.check(sent == expected, "each step sends its events", f"{sent}, expected {expected}")


def check_events(report, named):
    sessions = [event["heartbeat"]["session"] for event in named]
    expected = [name for boots in EVENTS.values() for events in boots for name in events if name != "reboot"]
    ok = report.check(sessions == expected, "sessions and heartbeats, by the names in the ELF file", sessions)
    types = {(event["type"] == "heartbeat") == (event["heartbeat"]["session"] == "heartbeat") for event in named}
    return report.check(types == {True}, "only the heartbeat is of type heartbeat") and ok


def check_positions(report, plain, named):
    """Without an ELF file there are no names, but the same numbers at the same places."""
    report.check([event["heartbeat"]["values"] for event in plain] == [event["heartbeat"]["values"] for event in named],
                 "without the ELF file: the same values by position")
    numbered = [event["heartbeat"]["resolved"] == "none"
                and list(event["heartbeat"]["metrics"]) == [f"#{n}" for n in range(len(event["heartbeat"]["values"]))]
                for event in plain]
    report.check(all(numbered), "without the ELF file: numbers instead of names", numbered)
    indices = [(event["heartbeat"]["session_index"], len(event["heartbeat"]["values"])) for event in plain]
    expected = [(SESSIONS.index(session), LENGTHS[session]) for session, _ in EXPECTED]
    report.check(indices == expected, "session index and number of values of each event", indices)


def check_values(report, named):
    seen = {session: 0 for session in SESSIONS}
    for event, (session, expected) in zip(named, EXPECTED):
        metrics = event["heartbeat"]["metrics"]
        nth = seen[session]
        seen[session] += 1
        got = {name: metrics.get(name, "missing") for name in expected}
        report.check(got == expected, f"{session} {nth + 1}: values, scaled", got)
        times = TIMES[session][nth]
        wrong = {name: metrics.get(name) for name, (least, most) in times.items()
                 if not least <= metrics.get(name, -1) <= most}
        report.check(not wrong, f"{session} {nth + 1}: times", wrong)


def printed(text):
    """What the firmware printed about itself: one dict (name -> value) per list, in order."""
    lists = []
    for line in text.splitlines():
        if line == "[I] Metrics keys/values:":
            lists.append({})
        found = re.match(r'\[I\]   (\w+): (?:(-?\d+)|"(.*)"|null)$', line)
        if found and lists:
            name, number, words = found.groups()
            lists[-1][name] = int(number) if number is not None else words
    return lists


def check_printed(report, text, named):
    """The device's own names and values are those that come out at the other end, unscaled."""
    lists = printed(text)
    if not report.check(len(lists) == 6, "the device prints its sessions and its heartbeat in each round", len(lists)):
        return
    heartbeats = [event["heartbeat"] for event in named if event["heartbeat"]["session"] == "heartbeat"]
    for nth, (heartbeat, device) in enumerate(zip(heartbeats, lists[1::2])):
        decoded = list(zip(heartbeat["metrics"], heartbeat["values"]))
        report.check(decoded == list(device.items()), f"heartbeat {nth + 1}: what the device printed, in its order",
                     f"{decoded}, printed {list(device.items())}")
    for nth in (0, 1):
        # Sessions keep their values until they start again, so in the first round the update is still the one that
        # the crash cut short.
        of_round = [[event["heartbeat"] for event in named if event["heartbeat"]["session"] == session][nth]
                    for session in ("unlock", "update")]
        decoded = [(f"{session['session']}__{name}", value) for session in of_round
                   for name, value in zip(session["metrics"], session["values"])]
        report.check(decoded == list(lists[2 * nth].items()), f"round {nth + 1}: sessions as the device printed them",
                     f"{decoded}, printed {list(lists[2 * nth].items())}")


def check_identity(report, board, elf, named):
    identity = {(e["device_serial"], e["software_type"], e["software_version"], e["hardware_version"]) for e in named}
    report.check(identity == {("EXAMPLE-0001", "heartbeat", "1.0.0", board)}, "events name the device", identity)
    ids = {(event["build_id"], event["symbols"]["match"]) for event in named}
    report.check(ids == {((checks.build_id(elf) or "none")[:12], "build_id")}, "the ELF file is the right one", ids)


def check_table(report, elf, log, mflt):
    """The view for people has everything that a reader looks for."""
    done = subprocess.run([mflt, "decode", log, "--elf", elf, "--format", "table"], capture_output=True, text=True)
    report.check(done.returncode == 0, "mflt decode --format table", done.stderr)
    for words in (["temperature_c", "-4.5"], ["battery_v", "6.012"], ["opened_by", "phone ap"], ["rssi_dbm", "-71"],
                  ["bytes_received", "65536"], ["wrong_codes", "2"]):
        report.check(any(all(word in line for word in words) for line in done.stdout.splitlines()),
                     f"the table has a line with {' and '.join(words)}", done.stdout[-2000:])
