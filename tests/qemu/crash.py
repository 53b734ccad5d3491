#!/usr/bin/env python3
"""Builds c_examples/crash for every board, lets it crash in every way in QEMU, and compares what it sends with its ELF file.

    tests/qemu/crash.py [--board NAME ...] [--build DIR] [--mflt FILE] [--verbose]

One run per board: the firmware goes through its crashes by itself, one per boot. Prints one line per board and kind of
crash and `N passed, M failed` (checks, not lines) at the end; the exit code is 0 if none failed.
"""

import argparse
import os
import pathlib
import re
import struct
import sys

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
import checks  # noqa: E402
import chunks  # noqa: E402
import run as examples  # noqa: E402
from coredumps import Coredump, CoredumpError, Elf, is_coredump  # noqa: E402
from crash_expected import ASSERTS, BOARDS, FUNCTIONS, GUARD, WORD  # noqa: E402

SOURCE = examples.EXAMPLES / "crash/crashes.c"
STACK_BYTES = 512  # that coredump_regions.c captures
MAX_FRAME = 256  # bytes of stack that one call in crashes.c takes, at most


class Notes:
    """crash_notes_t: what the firmware wrote down right before the crash, from the coredump."""

    def __init__(self, data, pointer_size):
        layout = "<3I2I24s" if pointer_size == 4 else "<3I4x2Q24s"
        self.boot, self.fpu_in_use, self.word, self.word_address, self.sp, kind = struct.unpack(layout, data)
        self.kind = kind.rstrip(b"\0").decode()


class Case:
    """One crash on one board: collects its checks and prints one line."""

    def __init__(self, report, board, kind):
        self.report, self.board, self.kind = report, board, kind
        self.count, self.problems = 0, []

    def check(self, holds, what, why=""):
        self.count += 1
        if not holds:
            self.problems.append(f"{what}: {why}" if why != "" else what)
        return bool(holds)

    def equal(self, got, expected, what):
        show = [f"0x{value:x}" if isinstance(value, int) else repr(value) for value in (got, expected)]
        return self.check(got == expected, what, f"{show[0]}, expected {show[1]}")

    def finish(self, remark=""):
        self.report.passed += self.count - len(self.problems)
        self.report.failed += len(self.problems)
        state = "FAIL" if self.problems else "ok  "
        print(f"{state}  {self.board.name} {self.kind}: {self.count - len(self.problems)} of {self.count}{remark}", flush=True)
        for problem in self.problems:
            print(f"      {problem}")


def crash_sites():
    """Where the source says that each crash happens: a dict from kind to line."""
    sites = {}
    for number, line in enumerate(SOURCE.read_text().splitlines(), start=1):
        if found := re.search(r"/\* CRASH SITE (\w+) \*/", line):
            sites[found.group(1)] = number
    return sites


def sections(text):
    """The log cut at its crashes: a list of (kind, what came after it)."""
    parts = re.split(r"^== crash (\w+)$", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def messages_by_section(text):
    """The messages before the first crash, and those behind each."""
    parts = re.split(r"^== crash \w+$", text, flags=re.MULTILINE)
    return [chunks.messages(chunks.in_log(part)) for part in parts]


class Crash:
    """A crash as it arrived: from our own reader, and from mflt."""

    def __init__(self, board, kind, elf, site, boot, dump, decoded):
        self.board, self.kind, self.elf, self.site, self.boot, self.dump = board, kind, elf, site, boot, dump
        events = [event for message in decoded for event in message.get("events") or []]
        self.reboots = [event["reboot"] for event in events if event["type"] == "reboot"]
        self.heartbeats = [event["heartbeat"] for event in events if event["type"] == "heartbeat"]
        self.decoded = next((message["coredump"] for message in decoded if message["type"] == "coredump"), None)
        address, size = elf.symbols["g_crash_notes"]
        data = dump.read(address, size)
        self.notes = Notes(data, board.pointer_size) if data else None
        self.pc, self.lr, self.sp = dump.registers[board.pc], dump.registers[board.lr], dump.registers["sp"]
        self.function, self.caller = FUNCTIONS[kind]
        self.guard_start = elf.symbols["s_task"][0]
        self.guard_end = self.guard_start + board.guard_size
        # The registers did not fit on the stack any more: the port cleared what was not written.
        self.frame_lost = kind == "stack_overflow" and board.is_cortex_m and not board.is_v6m and not board.stack_limit

    def caller_of(self, return_address):
        """The place of the call before a return address."""
        return self.elf.place((return_address & ~1) - 1)

    def return_addresses(self, function):
        """How many words of the captured stack lead back into a function."""
        start, data = self.stack_region()
        size = self.board.pointer_size
        words = [int.from_bytes(data[at:at + size], "little") for at in range(0, len(data) - size + 1, size)]
        begin, length = self.elf.symbols[function]
        begin &= ~1
        return sum(1 for word in words if begin < word & ~1 <= begin + length)

    def stack_region(self):
        start = self.guard_end if self.guard_start <= self.sp < self.guard_end else self.sp
        return start, self.dump.regions.get(start, b"")


def check_identity(case, crash):
    name, number = crash.board.reasons[crash.kind]
    case.equal(crash.dump.reason, number, "trace reason of the coredump")
    case.equal(crash.dump.flags, 0, "the coredump is not truncated")
    case.equal(crash.dump.machine, crash.board.machine, "machine")
    case.equal(crash.dump.build_id, crash.elf.build_id, "build id")
    case.equal(crash.dump.texts, {"software version": "1.0.0", "software type": "crash",
                                  "hardware version": crash.board.name, "serial": "EXAMPLE-0001"}, "names")
    if case.check(len(crash.reboots) == 1, "one reboot event", len(crash.reboots)):
        reboot = crash.reboots[0]
        case.equal((reboot["reason"], reboot["reason_id"], reboot["unexpected"]), (name, number, True),
                   "reason of the reboot event")
        check_reboot_place(case, crash, int(reboot["pc"] or "0", 16), int(reboot["lr"] or "0", 16))
    if case.check(len(crash.heartbeats) == 1, "one heartbeat", len(crash.heartbeats)):
        metrics = crash.heartbeats[0]["metrics"]
        got = [metrics[name] for name in ("boots", "coredump_bytes", "MemfaultSdkMetric_UnexpectedRebootCount")]
        case.equal(got, [crash.boot + 1, crash.dump.size, 1], "heartbeat: boots, size of the coredump, crashes")


def check_reboot_place(case, crash, pc, lr):
    """Reboot events have a pc and an lr of their own, noted before the coredump was taken."""
    if crash.kind == "assert":
        case.equal(crash.elf.place(pc)[1:], ("crashes.c", crash.site), "reboot event: pc is in the line of the assertion")
        case.equal(crash.caller_of(lr)[0], "crash_now", "reboot event: lr")
    elif crash.kind == "c_assert":
        case.equal(crash.elf.function(pc), "__assert_func", "reboot event: pc")
        case.equal(crash.caller_of(lr)[1:], ("crashes.c", crash.site), "reboot event: lr is in the line of the assertion")
    elif crash.kind == "stack_overflow" and crash.board.is_v6m:
        case.equal(crash.elf.place(pc)[0], "check_guard", "reboot event: pc")
    else:
        case.equal((pc, lr), (crash.pc & 0xFFFFFFFF, crash.lr & 0xFFFFFFFF), "reboot event: pc and lr of the coredump")


def check_place(case, crash):
    """pc and lr against the ELF file."""
    board, kind = crash.board, crash.kind
    if kind in ASSERTS or (kind == "stack_overflow" and board.is_v6m):
        trap = board.assert_trap if kind in ASSERTS else "memfault_fault_handling_assert_extra"
        case.equal(crash.elf.function(crash.pc), trap, "pc is at the trap of the assertion")
        return
    if crash.frame_lost:
        case.equal((crash.pc, crash.lr), (0, 0), "pc and lr, which the core could not store")
        return
    if kind == "null_call":
        case.equal(crash.pc, 0, "pc")
        case.equal(crash.caller_of(crash.lr), (crash.caller, "crashes.c", crash.site), "lr is behind the call")
        return
    case.equal(crash.elf.function(crash.pc), crash.function, "function at pc")
    if kind != "stack_overflow":  # somewhere in the function
        case.equal(crash.elf.place(crash.pc)[1:], ("crashes.c", crash.site), "line at pc")
    caller = crash.elf.function((crash.lr & ~1) - 1)
    if kind == "fault_in_isr":
        from_core = board.is_cortex_m and crash.lr & 0xFFFFFF00 == 0xFFFFFF00  # EXC_RETURN
        case.check(from_core or caller in board.interrupt_callers, "lr", f"0x{crash.lr:x} in {caller}")
    else:
        case.equal(caller, board.task_caller if kind == "fault_in_task" else crash.caller, "function at lr")


def check_stack(case, crash):
    """sp and the stack, against what the crashing function noted."""
    notes, (start, data) = crash.notes, crash.stack_region()
    ram_end = crash.elf.symbols["board_ram_end"][0]
    case.equal(len(data), min(STACK_BYTES, ram_end - start), "bytes of the captured stack")
    if crash.kind == "stack_overflow":
        check_overflowed_stack(case, crash)
        return
    if crash.kind in ASSERTS:
        case.check(notes.sp - MAX_FRAME < crash.sp <= notes.sp, "sp, in a function called by the one with the assertion",
                   f"0x{crash.sp:x}, noted 0x{notes.sp:x}")
        case.check(crash.return_addresses(crash.function) >= 1, "the way back is on the stack")
    else:
        case.equal(crash.sp, notes.sp, "sp")
    case.check(start <= notes.word_address < start + len(data), "the word is in the captured stack", hex(notes.word_address))
    case.equal(crash.dump.word(notes.word_address), notes.word, "the word on the stack")


def check_overflowed_stack(case, crash):
    board, notes = crash.board, crash.notes
    stack_top = crash.elf.symbols["s_task"][0] + crash.elf.symbols["s_task"][1]
    if board.is_v6m:  # found later, in the tick interrupt: the task is the interrupted thread
        psp = crash.dump.registers["psp"]
        case.check(psp + 32 in (notes.sp, notes.sp - 4), "psp is below the registers of the task", f"0x{psp:x}, 0x{notes.sp:x}")
        case.check(crash.guard_start <= notes.sp < crash.guard_end, "the task is in the guard", hex(notes.sp))
        case.equal(crash.dump.registers["psr"] & 0x1FF, 16 + 8, "exception number: the tick interrupt")
        start, data = crash.guard_end, crash.dump.regions.get(crash.guard_end, b"")
    else:
        # The function that overflowed did not get as far as its notes; its caller did. Where the core has a limit, sp
        # never passes it.
        low = crash.guard_end if board.stack_limit else crash.guard_start
        near = low <= crash.sp < crash.guard_end + MAX_FRAME
        case.check(near and crash.sp <= notes.sp <= crash.sp + MAX_FRAME, "sp is at the end of the stack",
                   f"0x{crash.sp:x}, noted 0x{notes.sp:x}, guard 0x{crash.guard_start:x} to 0x{crash.guard_end:x}")
        case.check(crash.return_addresses("use_up_stack") >= 3, "the calls are on the stack",
                   crash.return_addresses("use_up_stack"))
        start, data = crash.stack_region()
    words = struct.unpack(f"<{len(data) // 4}I", data[:len(data) // 4 * 4])
    case.check(words.count(notes.word) >= 2 * 24, "the word is all over the stack", words.count(notes.word))
    case.check(crash.guard_start <= notes.word_address < stack_top, "the stack is that of the task", hex(notes.word_address))


def check_variable(case, crash, log_boot):
    notes = crash.notes
    case.equal((notes.kind, notes.boot), (crash.kind, crash.boot), "the variable: kind of crash and number of the boot")
    case.equal(notes.word, 0xFA110000 + log_boot, "the variable: the word of this boot")
    case.equal(bool(notes.fpu_in_use), crash.board.fpu, "the FPU was in use")


def check_faults(case, crash):
    board, dump, expected = crash.board, crash.dump, (crash.board.faults or {}).get(crash.kind)
    if board.is_cortex_m:
        shcsr, cfsr, hfsr, _, mmfar, bfar, _ = struct.unpack("<7I", dump.regions[0xE000ED24])
        if expected is None:
            case.equal((cfsr, hfsr, mmfar, bfar), (0, 0, 0, 0), "fault registers, which this core does not have")
        else:
            case.equal(shcsr >> 16 & 7, 7, "SHCSR: all faults enabled")
            names, got = ("CFSR", "HFSR", "MMFAR", "BFAR"), (cfsr, hfsr, mmfar, bfar)
        case.equal(dump.registers["psr"] >> 24 & 1, 0 if crash.kind == "null_call" or crash.frame_lost else 1,
                   "Thumb bit in xPSR")
    elif board.machine == 243:
        names, got = ("mcause", "mtval"), (dump.registers["mcause"], dump.registers["mtval"])
        case.equal(dump.registers["mtvec"], crash.elf.symbols["memfault_port_riscv_trap_entry"][0], "mtvec")
    else:
        names = ("ESR", "FAR")
        got = struct.unpack("<2Q", dump.read(crash.elf.symbols["g_memfault_port_aarch64_fault"][0], 16))
    for name, value, wanted in zip(names, got, expected) if expected else ():
        if wanted == GUARD:
            case.check(crash.guard_start <= value < crash.guard_end, f"{name} is in the guard", hex(value))
        elif wanted == WORD:
            case.equal(value, crash.notes.word_address + 1, name)
        elif wanted is not None:
            case.equal(value, wanted, name)


def check_registers(case, crash):
    """Before the undefined instruction, register n was made 0xC0DE0000 + n."""
    numbers = {40: {f"r{n}": n for n in range(13)}, 183: {f"x{n}": n for n in range(30)},
               243: {f"t{n}": 5 + n for n in range(3)} | {f"s{n}": 8 + n for n in range(2)}
               | {f"a{n}": 10 + n for n in range(8)} | {f"s{n}": 16 + n for n in range(2, 12)}
               | {f"t{n}": 25 + n for n in range(3, 7)}}[crash.board.machine]
    wrong = {name: hex(crash.dump.registers[name]) for name, n in numbers.items() if crash.dump.registers[name] != 0xC0DE0000 + n}
    case.check(not wrong, "every register in its place", wrong)


def check_mflt(case, crash):
    """mflt, from the same log: the same registers, and who called whom."""
    decoded, board, kind = crash.decoded, crash.board, crash.kind
    registers = {name: int(value, 16) for name, value in decoded["registers"][0].items()}
    case.equal(registers, crash.dump.registers, "mflt: registers")
    frames = [frame["function"] for frame in decoded["backtrace"] if not frame["inlined"]]
    outermost = next((n for n, frame in enumerate(decoded["backtrace"]) if frame["function"] == "main"), 3)
    sure = all(frame["sure"] for frame in decoded["backtrace"][:outermost + 1])
    if kind == "stack_overflow" and not board.is_v6m:
        expected = [] if crash.frame_lost else ["use_up_stack"] * 3
    elif kind == "stack_overflow":
        expected = ["memfault_fault_handling_assert_extra", "check_guard"]
        frames = [frame["function"] for frame in decoded["backtrace"]]
    elif kind == "fault_in_task":
        expected = [crash.function, board.task_caller]
        case.equal(frames[2:], [], "mflt: the task ends there")
    elif kind == "fault_in_isr":
        expected = [crash.function]
        # What lies in between depends on the core, and on what the compiler made jumps.
        interrupted = [name for name in frames if name in ("board_run_in_interrupt", "crash_now", "main")]
        case.equal(interrupted, ["board_run_in_interrupt", "crash_now", "main"], "mflt: who was interrupted")
    else:
        first = {"assert": [board.assert_trap], "c_assert": [board.assert_trap, "__assert_func"]}.get(kind, [])
        expected = [*first, crash.function, *([crash.caller] if crash.caller != "crash_now" else []), "crash_now", "main"]
    case.equal(frames[:len(expected)], expected, "mflt: backtrace")
    case.check(sure or crash.frame_lost, "mflt: is sure about these frames", decoded["backtrace"])


def check_crash(report, crash, log_boot):
    case = Case(report, crash.board, crash.kind)
    if case.check(crash.notes is not None and crash.decoded is not None, "the variable was captured, mflt has the coredump"):
        check_identity(case, crash)
        check_place(case, crash)
        check_stack(case, crash)
        check_variable(case, crash, log_boot)
        check_faults(case, crash)
        check_mflt(case, crash)
        if crash.kind == "undefined_instruction":
            check_registers(case, crash)
    name = crash.board.reasons[crash.kind][0]
    case.finish(f", {name}" + (", FPU frame" if crash.board.fpu and not case.problems else ""))


def check_survivor(report, board, kind, text, messages):
    case = Case(report, board, kind)
    case.check(f"== survived {kind}\n" in text, "the processor does not mind")
    case.equal(len(messages), 0, "nothing is sent")
    case.finish(", does not fault on this core")


def check_board(report, board, build_root, mflt):
    report.where = board.name
    folder = build_root / board.name / "crash"
    shared = os.environ.get("MEMFAULT_RS_CARGO_TARGET_DIR", f"{build_root}/cargo")
    file = examples.build(report, "crash", board.name, folder, [f"-DMEMFAULT_RS_CARGO_TARGET_DIR={shared}", *board.options])
    if file is None:
        return
    examples.check_symbols(report, board.name, file)
    log = folder / "uart.log"
    log.unlink(missing_ok=True)
    text = examples.run_firmware(report, board.name, file, log)
    if text is None:
        return
    check_log(report, board, Elf(file, examples.toolchain(board.name)), text, log, mflt)
    if board.name == "mps2-an385":
        check_single(report, board, file, folder)


def check_log(report, board, elf, text, log, mflt):
    cut, sites = sections(text), crash_sites()
    code, decoded, diagnostics = checks.mflt_decode(mflt, log, "--elf", elf.file)
    report.check(code == 0, "mflt decode --elf finds no fault in the log", f"exit code {code}: {diagnostics}")
    try:
        first, *per_section = messages_by_section(text)
    except chunks.ChunkError as error:
        report.check(False, "all chunks fit together", error)
        return
    total = len(first) + sum(len(messages) for messages in per_section)
    if not report.check([kind for kind, _ in cut] == list(FUNCTIONS), "the firmware goes through all crashes",
                        [kind for kind, _ in cut]) \
            or not report.check(len(decoded) == total, "mflt decodes every message", f"{len(decoded)} of {total}"):
        return
    decoded = decoded[len(first):]
    boot = 1
    for (kind, part), messages in zip(cut, per_section):
        mine, decoded = decoded[:len(messages)], decoded[len(messages):]
        if kind in board.survives:
            check_survivor(report, board, kind, part, messages)
            continue
        log_boot = re.search(r"^== boot (\d+) of crash$", part, flags=re.MULTILINE)
        dumps = [message for message in messages if is_coredump(message)]
        where = f"{kind}: the firmware restarts and sends one coredump"
        if not report.check(log_boot and int(log_boot.group(1)) == boot + 1 and len(dumps) == 1, where, part[:200]):
            return  # what follows would be compared with the wrong crash
        try:
            crash = Crash(board, kind, elf, sites[kind], boot, Coredump(dumps[0]), mine)
        except (CoredumpError, KeyError) as error:
            report.check(False, f"{kind}: the coredump can be read", repr(error))
        else:
            check_crash(report, crash, boot)
        boot += 1


def check_single(report, board, file, folder):
    """With an argument the firmware makes this one mistake only."""
    code, text = examples.run(examples.ROOT / "scripts/qemu-run.sh", "-t", examples.TIME_LIMIT_S, "-o", folder / "one.log",
                              board.name, file, "unaligned")
    lines = re.findall(r"^== (?!drain)(.*)$", text, flags=re.MULTILINE)
    report.check(code == 0 and lines == ["boot 1 of crash", "crash unaligned", "boot 2 of crash", "end"],
                 "a single crash on request", lines)


class QuietReport(examples.Report):
    """Prints what fails; what holds is summed up by the lines of the cases, unless asked for."""

    verbose = False

    def check(self, holds, what, why=""):
        if holds and not self.verbose:
            self.passed += 1
            return True
        return super().check(holds, what, why)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", action="append", choices=[board.name for board in BOARDS], help="only this board")
    parser.add_argument("--build", default=examples.ROOT / "build/qemu", type=pathlib.Path, help="build folder")
    parser.add_argument("--mflt", help="use this mflt instead of building one")
    parser.add_argument("--verbose", action="store_true", help="also print checks that hold")
    args = parser.parse_args()

    report = QuietReport()
    report.verbose = args.verbose
    mflt = examples.find_mflt(args.mflt)
    for board in BOARDS:
        if not args.board or board.name in args.board:
            check_board(report, board, args.build.resolve(), mflt)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
