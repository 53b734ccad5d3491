"""What each option of metrics must change in the output of firmware_metrics/effects.c: spec 40 chapters 2 and 5."""

from expected import Case


def number(value, major=0):
    """The shortest CBOR head."""
    for size, code in ((0, 24), (1, 256), (2, 65536), (4, 1 << 32)):
        if value < code:
            first = value if size == 0 else {1: 24, 2: 25, 4: 26}[size]
            return bytes([major << 5 | first]) + (value.to_bytes(size, "big") if size else b"")
    raise ValueError(value)


def event(session, values):
    """Event info: the session and its values; None is an integer that is not set, text is text."""
    items = (b"\xf6" if v is None else number(len(v), 3) + v.encode() if isinstance(v, str) else number(v) for v in values)
    return (b"\x04\xa2\x02" + number(session) + b"\x01" + number(len(values), 4) + b"".join(items)).hex()


def heartbeat(sync=(), memfault_sync=(), connectivity=(), battery=(), logs=(2, 30), uptime=(3600,), more=()):
    """One hour after the boot; the hour is not free of a crash."""
    return event(1, [3600500, 3, *sync, *memfault_sync, *connectivity, 1, 0, *battery, *logs, *uptime, 5, *more])


DEFAULTS = {
    "boot": "0",
    "interval": "3600",
    "connectivity_boots": "0",
    "crashed_session": event(0, [0, 1, None]),
    "session_still_active": "0",
    "heartbeat": heartbeat(),
    "session_end": "0",
    "session": event(0, [1000, None, None]),
    "battery_log": "-",
    "restored": "-",
}

DISCHARGED = (7, 3600500, 793)


def rise(percent):
    return f"Battery drop was negative (-{percent}%), skipping"


CASES = [
    Case({}),
    Case({"METRICS_HEARTBEAT_INTERVAL_SECS": 60}, {"interval": "60"}),
    Case({"METRICS_HEARTBEAT_INTERVAL_SECS": "(2 * 3600ul)"}, {"interval": "7200"}),
    Case({"METRICS_HEARTBEAT_INTERVAL_SECS": "settings_interval_s()"}, {"interval": "77"}),
    Case({"METRICS_USER_HEARTBEAT_DEFS_FILE": '"other_metrics.def"'}, {"heartbeat": heartbeat(more=[""])}),
    Case({"METRICS_SYNC_SUCCESS": 1}, {"heartbeat": heartbeat(sync=(1, None))}),
    Case({"METRICS_MEMFAULT_SYNC_SUCCESS": 1}, {"heartbeat": heartbeat(memfault_sync=(None, 1))}),
    Case(
        {"METRICS_CONNECTIVITY_CONNECTED_TIME": 1},
        {"heartbeat": heartbeat(connectivity=(3600000, 3600000))},
    ),
    Case({"METRICS_BATTERY_ENABLE": 1}, {"heartbeat": heartbeat(battery=DISCHARGED), "battery_log": rise("13.000")}),
    Case(
        {"METRICS_BATTERY_ENABLE": 1, "METRICS_BATTERY_SOC_PCT_SCALE_VALUE": 10},
        {"heartbeat": heartbeat(battery=DISCHARGED), "battery_log": rise("1.300")},
    ),
    Case({"METRICS_LOGS_ENABLE": 0}, {"heartbeat": heartbeat(logs=())}),
    Case({"METRICS_UPTIME_ENABLE": 0}, {"heartbeat": heartbeat(uptime=())}),
    # Sessions work nevertheless.
    Case({"METRICS_SESSIONS_ENABLED": 0}, {"crashed_session": "-", "session_still_active": "1"}),
    Case({"METRICS_RESTORE_STATE": 1}, {"restored": "8"}),
    Case({"PLATFORM_METRICS_CONNECTIVITY_BOOT": 1}, {"connectivity_boots": "1"}),
    Case(
        {
            "METRICS_SYNC_SUCCESS": 1,
            "METRICS_MEMFAULT_SYNC_SUCCESS": 1,
            "METRICS_CONNECTIVITY_CONNECTED_TIME": 1,
            "METRICS_BATTERY_ENABLE": 1,
            "METRICS_RESTORE_STATE": 1,
            "PLATFORM_METRICS_CONNECTIVITY_BOOT": 1,
        },
        {
            "heartbeat": heartbeat((1, None), (None, 1), (3600000, 3600000), DISCHARGED),
            "battery_log": rise("13.000"),
            "restored": "8",
            "connectivity_boots": "1",
        },
    ),
]
