//! `mflt backtrace` on real crashes of every machine.

mod support;

use serde_json::json;
use support::device::{
    AARCH64, Board, CORTEX_A7, CORTEX_M3, CORTEX_M4, Crashed, RAM_LEN, RISCV32, block, coredump, log_of,
};
use support::{Dir, Run, data, decode, mflt};

fn backtrace(dir: &Dir, crashed: &Crashed, dump: &[u8], more: &[&str]) -> Run {
    let file = dir.file("crash.bin", dump);
    mflt("backtrace", &[&[&file, "--elf", &crashed.elf], more].concat())
}

/// Function and place of each frame: `pump_measure at pump.c:24`.
fn frames(report: &str) -> Vec<&str> {
    let frames = report.lines().filter(|line| line.starts_with('#'));
    frames.map(|line| line.split_once(" in ").or(line.split_once("(inlined)  ")).unwrap().1).collect()
}

const CALLS: [&str; 4] =
    ["read_sensor at pump.c:14", "pump_measure at pump.c:24", "pump_control at pump.c:33", "run at pump.c:41"];

#[test]
fn every_machine_has_frames_fault_registers_and_variables() {
    let dir = Dir::new("backtrace-machines");
    let machines: [(&'static Board, &str, &[&str]); 5] = [
        (
            &CORTEX_M3,
            "pc 00000",
            &["fault: BusFault PRECISERR, BFAR 0x6000000c\n", "a data access failed on the bus; pc is"],
        ),
        (&CORTEX_M4, "msp 20003", &["fault: BusFault PRECISERR, BFAR 0x6000000c\n", "the address was 0x6000000c\n"]),
        (&CORTEX_A7, "r3 09f0000c", &["fault registers: coredumps of this machine do not hold them"]),
        (&AARCH64, "x1 0000000009f00000", &["fault registers: coredumps of this machine do not hold them"]),
        (
            &RISCV32,
            "mcause 00000005",
            &["fault: LOAD_ACCESS, mcause 0x00000005, mtval 0x01f0000c\n", "a load failed\n"],
        ),
    ];
    for (board, register, faults) in machines {
        let crashed = board.crash(&dir, "THREAD", &[]);
        let print = ["--print", "g_pump", "--print", "g_history[3]", "--print", "g_pump.mode", "--print", "g_nothing"];
        let run = backtrace(&dir, &crashed, &crashed.whole(0x9400), &print);
        assert_eq!((run.status, &*run.stderr), (0, ""));
        let report = run.stdout;
        let id: String = support::hex(&crashed.build_id()).chars().take(12).collect();
        let title = format!("CRASH PUMP-1  pump-fw 1.2.3 (rev-a)  build {id}  HardFault (0x9400)  complete\n");
        assert!(report.starts_with(&title), "{report}");
        assert!(report.contains("(same build id)\n") && report.contains(register), "{report}");
        for fault in faults {
            assert!(report.contains(fault), "{report}");
        }
        assert_eq!(frames(&report)[..4], CALLS, "{report}");
        assert!(frames(&report)[4].starts_with("main at pump.c:"), "{report}");
        assert!(report.contains(&format!(
            "#1  0x{:0width$x} in",
            crashed.pc(),
            width = if board.name == "aarch64" { 16 } else { 8 }
        )));
        assert!(!report.contains('?') || report.contains("in ?? at"), "nothing is guessed: {report}");
        assert!(report.contains("\nsignature: HardFault < read_sensor < pump_measure < pump_control\n"));
        assert!(report.contains(" \"boiler\", starts = 42, temperature = -37, mode = PUMP_BOIL}\n"), "{report}");
        assert!(
            report.contains(
                "\ng_history[3] = 1509949445\ng_pump.mode = PUMP_BOIL\ng_nothing: the firmware has no variable"
            )
        );
        assert!(report.contains(" + 16384  stack of CPU 0, .data"), "{report}");
        assert!(!report.contains("not captured"), "{report}");
    }
}

#[test]
fn frames_lead_through_exceptions() {
    let dir = Dir::new("backtrace-exceptions");
    for (board, psp, fpu) in [(&CORTEX_M3, "fffffffd", ""), (&CORTEX_M4, "ffffffed", ", FPU frame")] {
        for (case, way, interrupted) in [
            ("ISR_MSP", "MSP -> MSP", &["wait_for_tick at", "main at"][..]),
            ("ISR_PSP", "MSP -> PSP", &["wait_for_tick at", "brew_task at", "brew_task_entry at"]),
        ] {
            let crashed = board.crash(&dir, case, &[]);
            let report = backtrace(&dir, &crashed, &crashed.whole(0x9400), &[]).stdout;
            let number = if case == "ISR_PSP" { psp.to_owned() } else { psp.replace("fd", "f9").replace("ed", "e9") };
            let entry = format!(
                "-- exception entry (handler mode, {way}, interrupted thread mode{fpu}, EXC_RETURN 0x{number}) --\n"
            );
            let (handler, rest) = report.split_once(&*entry).unwrap_or_else(|| panic!("{entry}{report}"));
            assert_eq!(frames(handler)[..4], CALLS);
            assert!(
                frames(handler)[4].starts_with("on_tick at") && frames(handler)[5].starts_with("svc at"),
                "{report}"
            );
            let found = frames(rest);
            assert!(interrupted.iter().zip(&found).all(|(start, frame)| frame.starts_with(start)), "{report}");
            assert!(!report.contains('?'), "nothing is guessed: {report}");
        }
    }
}

#[test]
fn a_call_through_a_null_pointer_has_its_caller() {
    let dir = Dir::new("backtrace-null");
    let crashed = CORTEX_M3.crash(&dir, "NULL_CALL", &[]);
    let report = backtrace(&dir, &crashed, &crashed.whole(0x9300), &[]).stdout;
    assert!(report.contains("fault: UsageFault INVSTATE\n") && report.contains("#0  0x00000000 in ??\n"), "{report}");
    assert!(frames(&report)[1].starts_with("main at") || frames(&report)[1].starts_with("crash_here at"), "{report}");
}

/// The hardware could not save where a stack overflowed: pc and lr are 0, and sp is below the stack.
#[test]
fn a_stack_that_overflowed_is_searched_from_its_end_on() {
    let dir = Dir::new("backtrace-overflow");
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[]);
    let sp = crashed.word(13) as u32;
    let mut lost = crashed.registers.clone();
    for (index, value) in [(13, sp - 40), (14, 0), (15, 0), (16, 0)] {
        lost[index * 4..][..4].copy_from_slice(&value.to_le_bytes());
    }
    let mut blocks = crashed.head(0x9200);
    blocks[0] = block(0, 0, &lost);
    blocks.push(crashed.region(sp - CORTEX_M3.ram, 64));
    let report = backtrace(&dir, &crashed, &coredump(&blocks, 0), &[]).stdout;
    assert!(report.contains("#0  0x00000000 in ??\n"), "{report}");
    let guessed: Vec<&str> = report.lines().filter(|line| line.starts_with('#') && line.contains(" ? ")).collect();
    assert!(guessed.iter().any(|line| line.contains(" in run at pump.c:41")), "{report}");
    assert!(report.contains("signature: MemFault < "), "{report}");
}

#[test]
fn tasks_of_freertos_have_frames() {
    let dir = Dir::new("backtrace-tasks");
    let crashed = CORTEX_M4.crash(&dir, "TASKS", &[]);
    let report = backtrace(&dir, &crashed, &crashed.whole(0x9400), &[]).stdout;
    let (running, waiting) = report.split_once("task brew (waits)\n").unwrap_or_else(|| panic!("{report}"));
    assert!(frames(running)[4].starts_with("clean_task at"), "{report}");
    // Its return address is a function of the kernel that called nobody.
    assert!(frames(running).len() == 5 && running.ends_with("    this is the outermost frame\n"), "{report}");
    assert!(frames(waiting)[0].starts_with("wait_for_tick at") && frames(waiting)[1].starts_with("brew_task at"));
    assert!(waiting.contains("\nrunning task: clean\n"));
    // Only the blocks and the stacks, as the port collects them: no registry, no variable that says which task runs.
    let [tcb, stack] = ["g_brew_tcb", "g_process_stack"].map(|name| crashed.address(name) - 0x2000_0000);
    let mut blocks = crashed.head(0x9400);
    blocks.extend([crashed.region(tcb, 20), crashed.region(stack, 1024)]);
    let report = backtrace(&dir, &crashed, &coredump(&blocks, 0), &[]).stdout;
    assert!(report.contains("task brew (waits)\n") && report.contains("pxCurrentTCB was not captured"), "{report}");
    assert!(report.contains("  g_brew_tcb\n") && report.contains("not captured: the stack of CPU 0"), "{report}");
}

/// A kernel that checks the stack of the task that it switches out crashes when nothing on the main stack leads to that task.
#[test]
fn a_crash_while_freertos_switches_tasks_leads_to_the_task() {
    let dir = Dir::new("backtrace-switch");
    for (board, fpu) in [(&CORTEX_M3, ""), (&CORTEX_M4, ", FPU frame")] {
        let crashed = board.crash(&dir, "TASKS", &["-DCASE_SWITCH=1"]);
        // ICSR and VTOR, as the SDK collects them.
        let vector_table = block(1, 0xe000_ed04, &[0; 8]);
        let blocks = |more: Vec<u8>| [crashed.head(0x800b), vec![more, crashed.region(0, RAM_LEN)]].concat();
        let report = backtrace(&dir, &crashed, &coredump(&blocks(vector_table), 0), &[]).stdout;
        let entry = format!("-- exception entry (handler mode, MSP -> PSP, interrupted thread mode{fpu}, EXC_RETURN");
        let (kernel, task) = report.split_once(&*entry).unwrap_or_else(|| panic!("{entry}{report}"));
        assert!(frames(kernel)[4].starts_with("choose_task at") && frames(kernel)[5].starts_with("svc at"), "{report}");
        assert!(frames(task)[0].starts_with("wait_for_tick at") && frames(task)[1].starts_with("brew_task at"));
        assert!(report.contains("\nrunning task: brew\n") && !report.contains("EXC_RETURN was found"), "{report}");
        // All of them are known, whatever the handler has done with its own.
        assert!(!report.contains("r4 to r11"), "{report}");
    }
}

/// Without call frame information the stack is searched, and that is said. The exception index of Arm is as good.
#[test]
fn firmware_without_debug_information() {
    let dir = Dir::new("backtrace-stripped");
    for board in [&CORTEX_M3, &CORTEX_A7, &RISCV32] {
        let crashed = board.crash(&dir, "THREAD", &["-Wl,--strip-debug", "-fno-asynchronous-unwind-tables"]);
        let run = backtrace(&dir, &crashed, &crashed.whole(0x9400), &["--print", "g_pump"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let report = run.stdout;
        assert!(report.contains("warning: the firmware has no unwind information"), "{report}");
        assert!(report.contains("? is a guess") && report.contains("g_pump: the firmware has no debug information"));
        let found = frames(&report);
        assert_eq!(found[0], "pump_measure");
        let guessed: Vec<&str> = report.lines().filter(|line| line.starts_with('#') && line.contains(" ? ")).collect();
        assert!(found[1..].contains(&"run") && guessed.iter().any(|line| line.ends_with(" in run")), "{report}");
        assert!(!report.lines().next().unwrap().contains('?'));
    }
    // The index names functions of a library that is not linked.
    let routines = ["-Wl,--defsym=__aeabi_unwind_cpp_pr0=0", "-Wl,--defsym=__aeabi_unwind_cpp_pr1=0"];
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[&["-Wl,--strip-debug", "-funwind-tables"], &routines[..]].concat());
    let run = backtrace(&dir, &crashed, &crashed.whole(0x9400), &["--format", "json"]);
    let frames = run.json()[0]["coredump"]["backtrace"].clone();
    let names: Vec<&str> = frames.as_array().unwrap().iter().filter_map(|frame| frame["function"].as_str()).collect();
    assert_eq!(names[..4], ["pump_measure", "pump_control", "run", "main"], "{frames}");
    assert_eq!((&frames[2]["how"], &frames[2]["sure"]), (&json!("exidx"), &json!(true)));
}

#[test]
fn a_truncated_coredump_says_what_is_missing() {
    let dir = Dir::new("backtrace-truncated");
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[]);
    let sp = crashed.word(13) as u32 - CORTEX_M3.ram;
    // The stack of two frames; nothing of the variables.
    let mut blocks = crashed.head(0x9400);
    blocks.push(crashed.region(sp, 24));
    let report = backtrace(&dir, &crashed, &coredump(&blocks, 1), &["--print", "g_pump"]).stdout;
    assert!(report.lines().next().unwrap().ends_with("  truncated"), "{report}");
    assert_eq!(frames(&report), CALLS[..3]);
    assert!(report.contains("    the stack at 0x20003fe4 was not captured\n"), "{report}");
    assert!(report.contains("\ng_pump: its memory was not captured\n"), "{report}");
    assert!(
        report.contains("truncated: the device's storage was full") && report.contains("not captured: .bss ("),
        "{report}"
    );
    // No memory at all: registers and the caller in lr are left.
    let report = backtrace(&dir, &crashed, &coredump(&crashed.head(0x9400)[..8], 1), &[]).stdout;
    assert_eq!(frames(&report)[..2], CALLS[..2], "{report}");
    assert!(
        report.contains("fault registers: they were not captured")
            && report.contains("the stack of CPU 0 (sp 0x20003f")
    );
    // A register block that is cut off.
    let mut blocks = crashed.head(0x9400);
    blocks[0] = block(0, 0, &crashed.registers[..20]);
    let report = backtrace(&dir, &crashed, &coredump(&blocks, 1), &[]).stdout;
    assert!(report.contains("warning: a register block has 20 of 76 bytes"), "{report}");
}

#[test]
fn another_build_is_refused_in_one_line() {
    let dir = Dir::new("backtrace-build");
    let [crashed, other] = ["THREAD", "PSP"].map(|case| CORTEX_M3.crash(&dir, case, &[]));
    let file = dir.file("crash.bin", crashed.whole(0x9400));
    for command in ["backtrace", "core"] {
        let output = ["-o", &dir.path("x.core")];
        let more = if command == "core" { &output[..] } else { &[] };
        let run = mflt(command, &[&[&*file, "--elf", &other.elf], more].concat());
        assert_eq!((run.status, &*run.stdout, run.stderr.lines().count()), (3, "", 1), "{}", run.stderr);
        let [one, two] = [&other, &crashed].map(|of| support::hex(&of.build_id()));
        assert!(run.stderr.contains(&format!("is build {one}, but the coredump is of build {two}")), "{}", run.stderr);
        let run = mflt(command, &[&[&*file, "--elf", &other.elf, "--any-build"], more].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let run = mflt("backtrace", &[&file, "--elf", &other.elf, "--any-build"]);
    assert!(run.stdout.contains("ANOTHER BUILD (--any-build)"), "{}", run.stdout);
    // The right one among several, and in a directory.
    let run = mflt("backtrace", &[&file, "--elf", &other.elf, "--elf", &crashed.elf]);
    assert_eq!(frames(&run.stdout)[..4], CALLS);
    let run = mflt("backtrace", &[&file, "--symbols", dir.0.to_str().unwrap()]);
    assert_eq!(frames(&run.stdout)[..4], CALLS);
    let run = mflt("backtrace", &[&file, "--elf", &RISCV32.crash(&dir, "THREAD", &[]).elf, "--any-build"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.ends_with("is a program for riscv32, but the coredump is of a cortex-m\n"), "{}", run.stderr);
}

#[test]
fn without_firmware_there_are_registers_and_memory() {
    let dir = Dir::new("backtrace-no-firmware");
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[]);
    let run = mflt("backtrace", &[&dir.file("crash.bin", crashed.whole(0x8008))]);
    assert_eq!((run.status, &*run.stderr), (0, ""));
    assert!(
        run.stdout.contains("KernelPanic (0x8008)") && run.stdout.contains("firmware: not named"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("\nfault: BusFault PRECISERR")
            && run.stdout.contains("  0xe000ed24 + 28     fault registers\n")
    );
    assert!(frames(&run.stdout).is_empty());
}

/// The coredumps that a firmware with the original SDK sent.
#[test]
fn coredumps_of_the_reference() {
    let run = mflt("backtrace", &[&data("ansi_crlf_key.txt")]);
    assert_eq!((run.status, &*run.stderr), (0, ""));
    assert!(
        run.stdout.contains("qemu-app 3.1.22 (mps2-an386)  build 274aba088cf2  Assert (0x8001)  truncated\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("fault: UsageFault UNDEFINSTR\n"), "{}", run.stdout);
    assert!(
        run.stdout.contains("lr 00001ec1  pc 00003890  psr 210d0000")
            && run.stdout.contains("  0xe000e100 + 4      NVIC_ISER\n")
    );
    assert!(run.stdout.contains("not captured: the stack of CPU 0 (sp 0x21844358)\n"), "{}", run.stdout);
}

#[test]
fn the_same_is_in_the_json_of_decode() {
    let dir = Dir::new("backtrace-json");
    let crashed = CORTEX_M3.crash(&dir, "ISR_PSP", &[]);
    let log = dir.file("uart.log", log_of(&crashed.whole(0x9400)));
    let run = decode(&["--elf", &crashed.elf, &log], b"");
    // The pump has no names of the SDK, so for its events it is no firmware.
    assert_eq!(run.status, 2, "{}", run.stderr);
    let run = mflt("backtrace", &[&log, "--elf", &crashed.elf, "--format", "json"]);
    assert_eq!((run.status, &*run.stderr), (0, ""));
    let message = run.json().remove(0);
    let dump = &message["coredump"];
    assert_eq!((&message["type"], &message["message"]), (&json!("coredump"), &json!(1)));
    assert_eq!((&dump["machine"], &dump["machine_id"]), (&json!("cortex-m"), &json!(40)));
    assert_eq!(dump["registers"][0]["pc"], format!("0x{:08x}", crashed.pc()));
    assert_eq!(dump["faults"], json!(["PRECISERR", "FORCED"]));
    assert_eq!(dump["synthesised"], json!(["0xe000ef34"]));
    assert_eq!(dump["warnings"], json!([]));
    assert_eq!(dump["symbols"], json!({"build_id": support::hex(&crashed.build_id()), "match": "build_id"}));
    assert_eq!(dump["signature"], "HardFault < read_sensor < pump_measure < pump_control");
    let pc = format!("0x{:08x}", crashed.pc());
    assert_eq!(
        dump["backtrace"][0],
        json!({"pc": pc, "function": "read_sensor", "file": "pump.c", "line": 14, "inlined": true, "how": null, "sure": true})
    );
    let entered = dump["backtrace"].as_array().unwrap().iter().find(|frame| frame["how"] == "exception").unwrap();
    assert_eq!((&entered["function"], &entered["sure"]), (&json!("wait_for_tick"), &json!(true)));
    // The registers keep their order.
    assert!(run.stdout.contains("\"r9\":\"0x00000099\",\"r10\":"), "{}", run.stdout);
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let dir = Dir::new("backtrace-bad");
    let crashed = CORTEX_M3.crash(&dir, "THREAD", &[]);
    let whole = crashed.whole(0x9400);
    let mut unknown = whole.clone();
    unknown[4] = 3;
    let no_machine = coredump(&[crashed.head(0x9400)[..6].concat(), crashed.region(0, 64)], 0);
    let no_registers = coredump(&crashed.head(0x9400)[1..], 0);
    let elf = std::fs::read(&crashed.elf).unwrap();
    for (name, content, core_says) in [
        ("empty", &b""[..], "there is no coredump in the input (0 messages)"),
        ("text", b"hello\n", "there is no coredump in the input (0 messages)"),
        ("cut", &whole[..500], "the coredump cannot be read: its header says"),
        ("version", &unknown, "the coredump cannot be read: coredump version 3 is not known"),
        ("elf", &elf, "this is an ELF file, not data of a device"),
        ("machine", &no_machine, "the coredump does not say which machine it is of; name it with --machine"),
        ("registers", &no_registers, "there are no registers in the coredump"),
    ] {
        let file = dir.file(name, content);
        let run = mflt("core", &[&file, "-o", &dir.path("x.core")]);
        assert_eq!((run.status, &*run.stdout, run.stderr.lines().count()), (2, "", 1), "{name}: {}", run.stderr);
        assert!(run.stderr.starts_with("mflt: ") && run.stderr.contains(core_says), "{name}: {}", run.stderr);
        let run = mflt("backtrace", &[&file]);
        if ["machine", "registers"].contains(&name) {
            assert!(run.status == 0 && run.stdout.contains("warning: "), "{name}: {}", run.stdout);
        } else {
            assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{name}: {}", run.stderr);
        }
    }
    let file = dir.file("crash.bin", &whole);
    let missing = dir.path("missing");
    for arguments in
        [&[&*missing][..], &[&file, "--elf", &missing], &[&file, "--elf", &file], &[&file, "--message", "7"]]
    {
        let run = mflt("backtrace", arguments);
        assert_eq!((run.status, &*run.stdout, run.stderr.lines().count()), (2, "", 1), "{}", run.stderr);
    }
    let run = mflt("backtrace", &[&dir.path("machine"), "--machine", "cortex-m", "--elf", &crashed.elf]);
    assert_eq!(frames(&run.stdout)[0], CALLS[0], "{}", run.stdout);
    assert_eq!(mflt("backtrace", &[&file, "--machine", "z80"]).status, 2);
}

#[test]
fn the_documented_report_is_real() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/decoding.md")).unwrap();
    let behind = document.split("`mflt backtrace crash.bin --elf pump.elf --print g_pump` prints").nth(1).unwrap();
    let shown = behind.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let dir = Dir::new("backtrace-documentation");
    let crashed = CORTEX_M3.crash(&dir, "ISR_PSP", &[]);
    let report = backtrace(&dir, &crashed, &crashed.whole(0x9400), &["--print", "g_pump"]).stdout;
    // The build id depends on where the sources are.
    let id = &support::hex(&crashed.build_id())[..12];
    assert_eq!(report.replace(&crashed.elf, "pump.elf").replace(id, "8c1f0e5a9d24"), shown);
}
