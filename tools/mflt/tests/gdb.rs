//! `mflt core`, judged by GDB: real crashes of every machine, opened by the real debugger.

mod support;

use support::device::{
    AARCH64, Board, CORTEX_A7, CORTEX_M3, CORTEX_M4, Crashed, RAM_LEN, RISCV32, answer, block, coredump, functions,
    gdb, log_of,
};
use support::{Dir, Run, mflt};

/// The calls that lead to the missing sensor.
const CALLS: [&str; 4] = ["read_sensor", "pump_measure", "pump_control", "run"];

fn core(dir: &Dir, name: &str, crashed: &Crashed, dump: &[u8], more: &[&str]) -> (String, Run) {
    let file = dir.file(&format!("{name}.bin"), dump);
    let core = dir.path(&format!("{name}.core"));
    let run = mflt("core", &[&[&file, "--elf", &crashed.elf, "-o", &core], more].concat());
    (core, run)
}

/// What GDB has to say about each crash of the pump.
fn check(crashed: &Crashed, core: &str, registers: &[(&str, usize)]) -> String {
    let commands =
        ["bt", "info registers", "print g_pump", "print g_history[3]", "frame 1", "print/x samples", "info threads"];
    let all = ["thread apply all bt"];
    let said = gdb(&crashed.elf, core, &[&commands[..], &all].concat());
    assert_eq!(functions(answer(&said, "bt"))[..4], CALLS, "{said}");
    let values = answer(&said, "info registers");
    for (name, index) in registers {
        let line = values
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name))
            .unwrap_or_else(|| panic!("{values}"));
        let value = line.split_whitespace().nth(1).unwrap().trim_start_matches("0x");
        assert_eq!(u64::from_str_radix(value, 16).unwrap(), crashed.word(*index), "{name}: {values}");
    }
    let pump = answer(&said, "print g_pump");
    assert!(pump.contains("\"boiler\", starts = 42, temperature = -37, mode = PUMP_BOIL"), "{pump}");
    assert!(answer(&said, "print g_history[3]").contains("= 1509949445"));
    assert!(answer(&said, "print/x samples").contains("{0x5a000003, 0x5a000004, 0x5a000005, 0x5a000006}"));
    said
}

#[test]
fn every_machine_opens_with_frames_registers_and_variables() {
    let dir = Dir::new("gdb-machines");
    const ARM: &[(&str, usize)] = &[("r0", 0), ("r4", 4), ("r11", 11), ("r12", 12), ("sp", 13), ("lr", 14), ("pc", 15)];
    let machines: [(&'static Board, &[(&str, usize)]); 5] = [
        (&CORTEX_M3, &[ARM, &[("xpsr", 16)]].concat()),
        (&CORTEX_M4, &[ARM, &[("xpsr", 16)]].concat()),
        (&CORTEX_A7, &[ARM, &[("cpsr", 16)]].concat()),
        (&AARCH64, &[("sp", 0), ("pc", 1), ("cpsr", 2), ("x0", 3), ("x29", 32), ("x30", 33)]),
        (&RISCV32, &[("pc", 0), ("ra", 1), ("sp", 2), ("t0", 5), ("a0", 24), ("a5", 29), ("fp", 12)]),
    ];
    for (board, registers) in machines {
        let crashed = board.crash(&dir, "THREAD", &[]);
        let (core, run) = core(&dir, board.name, &crashed, &crashed.whole(0x9400), &[]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert_eq!(run.stdout, format!("gdb-multiarch {} {core}\n", crashed.elf));
        let said = check(&crashed, &core, registers);
        assert!(said.contains("signal SIGSEGV"), "{said}");
        assert!(!said.contains("warning") && !said.contains("not match"), "{said}");
        assert_eq!(answer(&said, "info threads").matches("LWP").count(), 1);
    }
}

/// Simulators have no firmware here: GDB shows the registers that the block holds, and the memory.
#[test]
fn cores_of_simulators_have_their_registers() {
    let dir = Dir::new("gdb-simulators");
    let i386 = ["eip", "cs", "eflags", "esp", "ss", "eax", "ebx", "ecx", "edx", "edi", "esi"];
    let x86_64 = [
        "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi", "",
        "rip",
    ];
    for (machine, len, all, names) in [(3u32, 4, 11u64, &i386[..]), (62, 8, 27, &x86_64)] {
        let value = |index: u64| 0x0102_0300 + index;
        let registers: Vec<u8> = (0..all).flat_map(|index| value(index).to_le_bytes().into_iter().take(len)).collect();
        let blocks = [block(0, 0, &registers), block(7, 0, &machine.to_le_bytes()), block(1, 0x1000, b"1234")];
        let file = dir.file("sim.bin", coredump(&blocks, 0));
        let core = dir.path("sim.core");
        assert_eq!(mflt("core", &[&file, "-o", &core]).status, 0);
        let mut gdb = std::process::Command::new("gdb-multiarch");
        gdb.args(["-nx", "-batch", "-ex", &format!("core {core}"), "-ex", "info registers", "-ex", "x/s 0x1000"]);
        let said = String::from_utf8(gdb.output().unwrap().stdout).unwrap();
        for (index, name) in (0..).zip(names).filter(|(_, name)| !name.is_empty()) {
            let shown = format!("0x{:x}", value(index));
            let line = said.lines().find(|line| line.split_whitespace().next() == Some(name));
            assert!(line.is_some_and(|line| line.contains(&shown)), "{name} {shown}: {said}");
        }
        assert!(said.contains("\"1234"), "{said}");
    }
}

#[test]
fn fault_registers_are_at_their_addresses() {
    let dir = Dir::new("gdb-faults");
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[]);
    let (core, _) = core(&dir, "faults", &crashed, &crashed.whole(0x9100), &[]);
    let said = gdb(&crashed.elf, &core, &["x/2wx 0xe000ed24", "x/wx 0xe000ed38"]);
    // BUSFAULTENA and its sisters; PRECISERR and BFARVALID.
    assert!(said.contains("0xe000ed24:\t0x00070002\t0x00008200"), "{said}");
    assert!(said.contains("0xe000ed38:\t0x6000000c") && said.contains("signal SIGBUS"), "{said}");
}

#[test]
fn exceptions_of_a_cortex_m() {
    let dir = Dir::new("gdb-exceptions");
    for board in [&CORTEX_M3, &CORTEX_M4] {
        // GDB unwinds an exception of code on the main stack itself.
        let crashed = board.crash(&dir, "ISR_MSP", &[]);
        let (msp, run) = core(&dir, "msp", &crashed, &crashed.whole(0x9400), &[]);
        assert!(run.stderr.contains(" 1 thread,"), "{}", run.stderr);
        let said = check(&crashed, &msp, &[]);
        let interrupted = ["svc", "<signal handler called>", "wait_for_tick", "crash_here", "main"];
        assert!(functions(answer(&said, "bt")).ends_with(&interrupted), "{said}");

        // A thread on the process stack is a thread of the core; locals need the right r4 to r11.
        let crashed = board.crash(&dir, "ISR_PSP", &[]);
        let (psp, run) = core(&dir, "psp", &crashed, &crashed.whole(0x9400), &[]);
        assert!(run.stderr.contains(" 2 threads,") && !run.stderr.contains("warning"), "{}", run.stderr);
        check(&crashed, &psp, &[]);
        let said =
            gdb(&crashed.elf, &psp, &["thread 2", "bt", "print wanted", "print $r4", "print $r9", "x/2wx 0xe000ef34"]);
        assert_eq!(functions(answer(&said, "bt"))[..3], ["wait_for_tick", "brew_task", "brew_task_entry"], "{said}");
        assert!(answer(&said, "print wanted").contains("= 42"), "{said}");
        assert!(answer(&said, "print $r4").contains("= 68") && answer(&said, "print $r9").contains("= 153"), "{said}");
        assert!(said.contains("0xe000ef34:\t0x00000000\t0x00000000"), "{said}");

        // Code on the process stack that is not inside an exception.
        let crashed = board.crash(&dir, "PSP", &[]);
        let (thread, _) = core(&dir, "thread", &crashed, &crashed.whole(0x9400), &[]);
        let said = check(&crashed, &thread, &[("sp", 18)]);
        assert!(functions(answer(&said, "bt")).contains(&"clean_task"), "{said}");
    }
}

#[test]
fn tasks_of_freertos_are_threads() {
    let dir = Dir::new("gdb-tasks");
    for board in [&CORTEX_M3, &CORTEX_M4] {
        let crashed = board.crash(&dir, "TASKS", &[]);
        let (core, run) = core(&dir, "tasks", &crashed, &crashed.whole(0x9400), &[]);
        assert!(run.stderr.contains(" 2 threads,"), "{}", run.stderr);
        let said = check(&crashed, &core, &[]);
        assert!(functions(answer(&said, "bt")).contains(&"clean_task"), "{said}");
        let said = gdb(&crashed.elf, &core, &["thread 2", "bt", "print wanted", "print $r9"]);
        assert_eq!(functions(answer(&said, "bt"))[..2], ["wait_for_tick", "brew_task"], "{said}");
        assert!(
            answer(&said, "print wanted").contains("= 42") && answer(&said, "print $r9").contains("= 153"),
            "{said}"
        );
    }
}

#[test]
fn several_cpus_are_threads_and_the_first_with_registers_is_shown() {
    let dir = Dir::new("gdb-cpus");
    let crashed = AARCH64.crash(&dir, "THREAD", &[]);
    let mut blocks = crashed.head(0x9400);
    blocks.insert(0, block(0, 0, &[0; 272]));
    blocks.push(crashed.region(0, RAM_LEN));
    let (core, run) = core(&dir, "cpus", &crashed, &coredump(&blocks, 0), &[]);
    assert!(run.stderr.contains(" 2 threads,"), "{}", run.stderr);
    let said = check(&crashed, &core, &[]);
    assert_eq!(answer(&said, "info threads").matches("LWP").count(), 2, "{said}");
}

#[test]
fn truncated_memory_is_opened_as_far_as_it_goes() {
    let dir = Dir::new("gdb-truncated");
    for board in [&CORTEX_M3, &CORTEX_A7, &AARCH64, &RISCV32] {
        let crashed = board.crash(&dir, "THREAD", &[]);
        let sp = crashed.word(if board.name == "aarch64" {
            0
        } else if board.name == "riscv32" {
            2
        } else {
            13
        }) as u32;
        // Two frames of the stack, and nothing else.
        let mut blocks = crashed.head(0x9400);
        blocks.push(crashed.region(sp - board.ram, 56));
        let (core, run) = core(&dir, board.name, &crashed, &coredump(&blocks, 1), &[]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stderr.contains("truncated"), "{}", run.stderr);
        let said = gdb(&crashed.elf, &core, &["bt", "frame 1", "print/x samples"]);
        assert_eq!(functions(answer(&said, "bt"))[..3], CALLS[..3], "{said}");
        assert!(said.contains("{0x5a000003, 0x5a000004, 0x5a000005, 0x5a000006}"), "{said}");
    }
}

/// GDB reads the stack in lines of 64 bytes; one that begins in front of the captured memory must not hide it.
#[test]
fn a_captured_stack_inside_bss_keeps_its_frames() {
    let dir = Dir::new("gdb-bss");
    let crashed = CORTEX_M3.crash(&dir, "PSP", &[]);
    let sp = crashed.word(13) as u32;
    assert_ne!(sp % 64, 0, "else this is no test");
    let mut blocks = crashed.head(0x9400);
    blocks.push(crashed.region(sp - CORTEX_M3.ram, 96));
    let (core, run) = core(&dir, "bss", &crashed, &coredump(&blocks, 0), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let said = gdb(&crashed.elf, &core, &["bt", "frame 1", "print/x samples"]);
    assert_eq!(functions(answer(&said, "bt"))[..5], [&CALLS[..], &["clean_task"]].concat(), "{said}");
    assert!(said.contains("{0x5a000003, 0x5a000004, 0x5a000005, 0x5a000006}"), "{said}");
}

#[test]
fn a_log_with_coredumps_of_two_crashes() {
    let dir = Dir::new("gdb-log");
    let [first, second] = ["THREAD", "PSP"].map(|case| CORTEX_M3.crash(&dir, case, &[]));
    let log = log_of(&first.whole(0x9400)) + &log_of(&second.whole(0x9100)) + &log_of(&first.whole(0x9400));
    let log = dir.file("uart.log", log);
    let output = dir.path("one.core");
    let run = mflt("core", &[&log, "--elf", &first.elf, "--elf", &second.elf, "-o", &output]);
    assert_eq!((run.status, &*run.stdout), (2, ""), "{}", run.stderr);
    assert!(
        run.stderr.contains("there are 2 coredumps") && run.stderr.contains("\n  --message 2  PUMP-1  pump-fw 1.2.3")
    );
    let run = mflt("core", &[&log, "--elf", &first.elf, "--elf", &second.elf, "-o", &output, "--message", "2"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    check(&second, &output, &[]);
    let run = mflt("core", &[&log, "--elf", &first.elf, "--elf", &second.elf, "-o", &dir.path("dumps/")]);
    assert_eq!((run.status, run.stdout.lines().count()), (0, 2), "{}", run.stderr);
    check(&first, &dir.path("dumps/message-000001-coredump.core.elf"), &[]);
    check(&second, &dir.path("dumps/message-000002-coredump.core.elf"), &[]);
    assert_eq!(std::fs::read(dir.path("dumps/message-000002-coredump.bin")).unwrap(), second.whole(0x9100));
}
