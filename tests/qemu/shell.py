#!/usr/bin/env python3
"""Builds c_examples/shell for every Cortex-M board and types at it through a pseudo-terminal.

    tests/qemu/shell.py [--board NAME ...] [--build DIR] [--mflt FILE] [--show]

The session is in shell_transcript.txt: each line with a prompt is typed, and all that is printed until the next prompt has
to be what stands there. Some commands crash the device, for real; the exported chunks are decoded by mflt and by a reader
of our own. --show prints the sessions. The last line is "N passed, N failed".
"""

import argparse
import difflib
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
import checks  # noqa: E402
import chunks  # noqa: E402
import run as examples  # noqa: E402
from coredumps import Coredump, Elf, is_coredump  # noqa: E402
from terminal import Silence, Terminal  # noqa: E402

TRANSCRIPT = pathlib.Path(__file__).with_name("shell_transcript.txt")
PROMPT = "mflt> "
LIMIT_S = 20

# What a session of another board, build or moment prints otherwise.
VARYING = [
    (r"(?m)^(MC:[A-Za-z0-9+/=]+:\n)+", "<chunks>\n"),
    (r"(?m)^(\[I\] MC:[A-Za-z0-9+/=]+:\n)+", "[I] <chunks>\n"),
    (r"(?m)^(\[I\] 0x[0-9a-f]{8}\|[ 0-9]{10}\|[ 0-9]{6}\|\n)+", "[I] <regions>\n"),
    (r"Build ID: [0-9a-f]{40}", "Build ID: <id>"),
    (r"(size: |required: |received |IntervalMs: |lines: )\d+", r"\1<number>"),
]

ASSERT, BUS, MEMORY, USAGE, HARD = 0x8001, 0x9100, 0x9200, 0x9300, 0x9400
# The commands that crash, in the order of the session: reason, the function that did it.
CRASHES = [
    ("test_assert", ASSERT, "memfault_demo_cli_cmd_assert"),
    ("test_cassert", ASSERT, "memfault_demo_cli_cmd_cassert"),
    ("test_hardfault", HARD, "memfault_demo_cli_cmd_hardfault"),
    ("test_busfault", BUS, "memfault_demo_cli_cmd_busfault"),
    ("test_memmanage", MEMORY, "memfault_demo_cli_cmd_memmanage"),
    ("test_usagefault", USAGE, "memfault_demo_cli_cmd_usagefault"),
]
POWER_ON, SELF_TEST, USER_RESET = 0x0007, 0x000B, 0x0002


def crashes_on(board):
    """CRASHES with the reasons of this board."""
    for command, reason, function in CRASHES:
        if board == "microbit" and reason != ASSERT:
            reason = HARD  # Armv6-M has no other fault
        elif board == "mps2-an505" and command == "test_busfault":
            reason = MEMORY  # an MPU region of the board forbids to execute there
        yield command, reason, function


def expected_transcript(board):
    return TRANSCRIPT.read_text().replace("{board}", board)


def typed_lines(transcript):
    return re.findall(rf"(?m)^{PROMPT}(.*)$", transcript)


def shown(text):
    """What a person sees, with <BS> for a character that was taken back."""
    text = text.replace("\b \b", "<BS>").replace("\r\n", "\n")
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text)
    return text


def hold_session(board, file, lines, log):
    """Types the lines; returns what was printed, and the exit code."""
    terminal = Terminal([examples.ROOT / "scripts/qemu-run.sh", "-i", "-t", "120", board, file], LIMIT_S)
    try:
        terminal.read_until(PROMPT)
        for line in lines[:-1]:
            terminal.type(line.replace("<BS>", "\b") + "\r")
            terminal.read_until(PROMPT)
        terminal.type(lines[-1] + "\r")
        code, _ = terminal.wait()
        return terminal.text, code
    except Silence as silence:
        return terminal.text, f"silence after {silence}"
    finally:
        terminal.close()
        log.write_text(terminal.text, newline="")


def check_transcript(report, board, text):
    got, expected = shown(text), expected_transcript(board)
    difference = difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "printed", lineterm="", n=1)
    report.check(got == expected, f"the session of {len(typed_lines(expected))} commands is as in {TRANSCRIPT.name}",
                 "\n" + "\n".join(difference))


def check_coredumps(report, board, elf, text, decoded):
    """Each crash, in what was exported: our own reader first, then mflt."""
    dumps = [Coredump(message) for message in chunks.messages(chunks.in_log(text)) if is_coredump(message)]
    theirs = [message["coredump"] for message in decoded if message["type"] == "coredump"]
    if not report.check(len(dumps) == len(theirs) == len(CRASHES), f"{len(CRASHES)} coredumps", (len(dumps), len(theirs))):
        return
    for (command, reason, function), dump, their in zip(crashes_on(board), dumps, theirs):
        report.check(dump.reason == reason, f"{command}: reason 0x{reason:04x}", hex(dump.reason))
        report.check(dump.build_id == elf.build_id, f"{command}: names the ELF file", dump.build_id)
        # Where control came from: a bad call is gone, its return address is left.
        places = [elf.function(dump.registers["pc"]), elf.function((dump.registers["lr"] & ~1) - 1)]
        report.check(function in places or reason == ASSERT, f"{command}: happened in {function}()", places)
        frames = [frame["function"] for frame in their["backtrace"]]
        report.check(function in frames, f"{command}: mflt finds {function}() in the backtrace", frames)
        report.check("main" in frames, f"{command}: mflt follows the shell up to main()", frames)


def check_events(report, board, decoded):
    events = [event for message in decoded for event in message.get("events") or []]
    reboots = [event["reboot"]["reason_id"] for event in events if event["type"] == "reboot"]
    crashes = [reason for _, reason, _ in crashes_on(board)]
    report.check(reboots == [POWER_ON, SELF_TEST, USER_RESET, *crashes], "the reasons of all restarts",
                 [hex(reason) for reason in reboots])
    traces = [event["trace"].get("log") for event in events if event["type"] == "trace"]
    report.check(traces == ["hello-world", "Example Trace Event. Num Args 1"], "two trace events", traces)
    report.check(sum(event["type"] == "heartbeat" for event in events) == 1, "one heartbeat")
    logs = [line["text"] for event in events if event["type"] == "logs" for line in event["logs"]]
    levels = ["Info log!", "Warning log!", "Error log!"]
    report.check([line for line in logs if line.endswith("log!")] == levels, "the log that was captured", logs)


def check_board(report, board, build_root, mflt, show):
    report.where = f"{board} shell"
    folder = build_root / board / "shell"
    shared = os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", f"{build_root}/cargo")
    file = examples.build(report, "shell", board, folder, [f"-DMEMFAULT_RS_CARGO_TARGET_DIR={shared}"])
    if file is None:
        return
    examples.check_symbols(report, board, file)
    log = folder / "uart.log"
    text, code = hold_session(board, file, typed_lines(expected_transcript(board)), log)
    if show:
        print(shown(text))
    report.check(code == 0, "the firmware ends when it is told to", code)
    check_transcript(report, board, text)
    code, decoded, diagnostics = checks.mflt_decode(mflt, log, "--elf", file)
    report.check(code == 0, "mflt decode --elf finds no fault in the log", f"exit code {code}: {diagnostics}")
    check_events(report, board, decoded)
    try:
        check_coredumps(report, board, Elf(file, examples.toolchain(board)), text, decoded)
    except chunks.ChunkError as error:
        report.check(False, "all chunks fit together", error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", action="append", choices=examples.BOARDS, help="only this board")
    parser.add_argument("--build", default=examples.ROOT / "build/qemu", type=pathlib.Path, help="build folder")
    parser.add_argument("--mflt", help="use this mflt instead of building one")
    parser.add_argument("--show", action="store_true", help="print the sessions")
    args = parser.parse_args()

    report = examples.Report()
    mflt = examples.find_mflt(args.mflt)
    for board in args.board or examples.BOARDS:
        check_board(report, board, args.build.resolve(), mflt, args.show)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
