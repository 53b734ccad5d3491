#!/usr/bin/env python3
"""The template port on emulated boards: it compiles as it is, and what the firmware sends after a crash decodes.

    tests/ports/templates/run.py [--mflt FILE]

The last line is "N passed, N failed".
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[2] / "lib"))
from runner import ROOT, find_mflt, finish, holds, run  # noqa: E402

TEMPLATE = ROOT / "ports/templates"
OUT = ROOT / "build/ports/templates"
BOARDS = ["mps2-an385", "mps2-an386"]
LOG_CONFIG = "MEMFAULT_PLATFORM_HAS_LOG_CONFIG=1"


def firmware(name, board, options, template=TEMPLATE):
    """Builds it without warnings; returns the ELF file, or None."""
    folder = OUT / name.replace(" ", "-").replace(",", "")
    shutil.rmtree(folder, ignore_errors=True)
    code, output = run("cmake", "-S", Path(__file__).parent, "-B", folder, f"-DBOARD={board}", f"-DTEMPLATE={template}",
                       f"-DOPTIONS={options}", "--toolchain", ROOT / "c_examples/cmake/arm-none-eabi.cmake")
    if code == 0:
        code, output = run("cmake", "--build", folder)
    good = code == 0 and "warning:" not in output
    return folder / "firmware" if holds(f"{name}: builds without warnings", good, output[-3000:]) else None


def messages_of(mflt, log):
    """All that mflt reads in a log, as JSON objects."""
    done = subprocess.run([str(mflt), "decode", str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    holds(f"{log.name}: mflt finds no fault", done.returncode == 0, done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def lives_twice(name, board, elf, mflt):
    """The two lives of main.c."""
    log = OUT / f"{name}.log".replace(" ", "-").replace(",", "")
    code, console = run(ROOT / "scripts/qemu-run.sh", board, elf)
    log.write_text(console)
    holds(f"{name}: ends well", code == 0, f"{code}\n{console}")
    stored = [line.split()[-1] for line in console.splitlines() if "Reset Cause Stored" in line]
    holds(f"{name}: knows why it restarted", len(stored) == 2 and stored[1] == "0x8001", console)
    for line in ("[I] S/N: TEMPLATE-0001", "[E] too deep: 140 mm", "[I] Memfault Initialized!"):
        holds(f"{name}: prints {line}", line in console, console)

    messages = messages_of(mflt, log)
    kinds = [message.get("type") for message in messages]
    events = [event for message in messages for event in message.get("events") or []]
    types = [event["type"] for event in events]
    if holds(f"{name}: sends reboot, heartbeat, log", types == ["reboot", "heartbeat", "logs"], types):
        reboot, heartbeat, logs = events
        found = [reboot["reboot"][key] for key in ("reason", "coredump_saved", "reset_reason_register")]
        holds(f"{name}: the reboot event", found == ["Assert", True, "0x00000042"], found)
        holds(f"{name}: one unexpected reboot", heartbeat["heartbeat"]["values"][1] == 1, heartbeat["heartbeat"])
        lines = [line["text"] for line in logs["logs"]]
        holds(f"{name}: the log", lines == ["Memfault Initialized!", "back again"], lines)
        for event in events:
            identity = [event[key] for key in ("software_type", "software_version", "hardware_version")]
            holds(f"{name}: identity of {event['type']}", identity == ["app", "0.0.1", "template-a"], identity)
    holds(f"{name}: sends a coredump", "coredump" in kinds, f"{kinds}")

    code, trace = run(mflt, "backtrace", log, "--elf", elf)
    holds(f"{name}: the backtrace leads to the assertion", code == 0 and "lose_courage" in trace, f"{code}\n{trace}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mflt", type=Path)
    arguments = parser.parse_args()
    mflt = find_mflt(arguments.mflt)
    OUT.mkdir(parents=True, exist_ok=True)

    for board in BOARDS:
        elf = firmware(board, board, "")
        if elf:
            lives_twice(board, board, elf, mflt)
    name = "mps2-an385, log config"
    elf = firmware(name, "mps2-an385", LOG_CONFIG)
    if elf:
        lives_twice(name, "mps2-an385", elf, mflt)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
