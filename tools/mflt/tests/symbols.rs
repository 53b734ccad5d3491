//! Names from the ELF file of a real firmware, which the tests build with the compiler of its chip.

mod support;

use memfault_decode::Firmware;
use memfault_decode::firmware::lines::Role;
use serde_json::{Value as Json, json};
use support::firmware::{LOG, build, patch, symbol};
use support::{Dir, Run, decode, elf, event_token};

const ID: [u8; 20] = *b"kettle-build-id-0123";

fn events(run: &Run) -> Vec<Json> {
    run.json().iter().flat_map(|message| message["events"].as_array().unwrap().clone()).collect()
}

/// CBOR of a heartbeat of session `index`, with the first six bytes of [`ID`] if wanted. `values`: a CBOR array.
fn heartbeat(index: u8, with_id: bool, values: &[u8]) -> Vec<u8> {
    let id = if with_id { [&[0x0b, 0x46][..], &ID[..6]].concat() } else { Vec::new() };
    [&[0xa3 + u8::from(with_id), 0x02, 0x01, 0x03, 0x01], &*id, &[0x04, 0xa2, 0x02, index, 0x01], values].concat()
}

#[test]
fn the_worked_example_of_the_specification() {
    let dir = Dir::new("symbols-example");
    let firmware = build(&dir.0, "kettle.elf", &[]);
    let run = decode(&["--elf", &firmware, "--require-symbols", "--serial", "KETTLE-7", LOG], b"");
    assert_eq!((run.status, run.problems().len()), (0, 0), "{}", run.stderr);
    let events = events(&run);
    for event in &events {
        assert_eq!(event["device_serial"], "KETTLE-7");
        assert_eq!(event["software_type"], "kettle-main");
        assert_eq!(event["software_version"], "3.1.4");
        assert_eq!(event["hardware_version"], "pvt2");
        assert_eq!(event["captured_at"], "2025-10-09T08:53:20Z");
        assert_eq!(event["symbols"], json!({"build_id": null, "match": "version"}));
    }
    let expected_type = ["session", "heartbeat", "trace", "trace", "logs"];
    assert_eq!(events.iter().map(|event| event["type"].as_str().unwrap()).collect::<Vec<_>>(), expected_type);
    assert_eq!(
        events[0]["heartbeat"],
        json!({
            "session": "brew",
            "session_index": 0,
            "resolved": "elf",
            "metrics": {"MemfaultSdkMetric_IntervalMs": 90000, "operational_crashes": null, "cups": 2},
            "values": [90000, null, 2],
        })
    );
    assert_eq!(
        events[1]["heartbeat"],
        json!({
            "session": "heartbeat",
            "session_index": 1,
            "resolved": "elf",
            "metrics": {
                "MemfaultSdkMetric_IntervalMs": 3_600_000,
                "MemfaultSdkMetric_UnexpectedRebootCount": 1,
                "operational_hours": 1,
                "operational_crashfree_hours": 1,
                "uptime_s": 3599,
                "pump_starts": 5,
                "room_temp": -3.7,
                "mode": "eco",
            },
            "values": [3_600_000, 1, 1, 1, 3599, 5, -37, "eco"],
        })
    );
    let metrics = run.stdout.lines().nth(1).unwrap().split("\"metrics\":").nth(1).unwrap();
    assert!(
        metrics.starts_with("{\"MemfaultSdkMetric_IntervalMs\":3600000,\"MemfaultSdkMetric_Unexp"),
        "in this order"
    );
    assert_eq!(
        events[2]["trace"],
        json!({
            "reason": "sensor_lost",
            "reason_id": 2,
            "pc": null,
            "lr": "0x0000829b",
            "pc_source": "main.c:25",
            "lr_source": "reset at boot.c:19",
            "status": null,
            "log": "bus 3 name i2c0",
        })
    );
    assert_eq!(
        events[3]["trace"],
        json!({
            "reason": "valve_stuck",
            "reason_id": 1,
            "pc": "0x000080b4",
            "lr": "0x0000829b",
            "pc_source": "main at main.c:26",
            "lr_source": "reset at boot.c:19",
            "status": -12,
            "log": null,
        })
    );
    let time = "2025-10-09T08:53:20Z";
    assert_eq!(
        events[4]["logs"],
        json!([
            {"time": time, "level": "warning", "text": "water 250 ml, low", "file": "main.c", "line": 27, "raw": null},
            {"time": time, "level": "info", "text": "big -5000000000 f 0.500000", "file": "main.c", "line": 28, "raw": null},
        ])
    );
}

/// The blocks of `docs/decoding.md` behind the line that names them.
#[test]
fn the_documented_tables_are_real() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/decoding.md")).unwrap();
    let shown = |command: &str| {
        let behind = document.split(&format!("`{command}`")).nth(1).unwrap();
        behind.split("```text\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
    };
    let dir = Dir::new("symbols-documentation");
    let firmware = build(&dir.0, "kettle.elf", &[]);
    let run = decode(&["--format", "table", "--elf", &firmware, "--serial", "KETTLE-7", LOG], b"");
    assert_eq!(run.stdout, shown("mflt decode --format table --elf kettle.elf --serial KETTLE-7 uart.log"));
    let run = elf(&[&firmware]);
    assert_eq!((run.status, &*run.stderr), (0, ""));
    assert_eq!(run.stdout.replace(&firmware, "kettle.elf"), shown("mflt elf kettle.elf"));
}

/// Whatever the compiler makes of them, the names are the same.
#[test]
fn names_from_every_kind_of_debug_information() {
    let dir = Dir::new("symbols-forms");
    let offer = |name: &str, flags: &[&str]| {
        let path = build(&dir.0, name, &[&["-DKETTLE_TEA"], flags].concat());
        let run = elf(&["--format", "json", &path]);
        assert_eq!((run.status, &*run.stderr), (0, ""), "{flags:?}");
        let mut offer = run.json().remove(0);
        for differs in ["file", "logs", "build_id", "build_id_kind"] {
            offer.as_object_mut().unwrap().remove(differs);
        }
        offer
    };
    let expected = offer("plain.elf", &[]);
    assert_eq!(expected["sessions"], json!(["brew", "tea", "tea__green", "heartbeat"]));
    let metric = |name: &str| {
        let metrics = expected["metrics"].as_array().unwrap();
        metrics.iter().find(|metric| metric["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    assert_eq!(metric("green__leaves")["session"], "tea");
    assert_eq!(metric("steep_ms")["session"], "tea__green");
    assert_eq!(metric("steep_ms")["type"], "timer");
    assert_eq!(metric("rim_temp")["range"], json!([-20, 110]));
    assert_eq!(metric("fill_pct")["range"], json!([0, 100]));
    assert_eq!((&metric("sort")["max_length"], &metric("sort")["type"]), (&json!(4), &json!("string")));
    assert_eq!((&metric("grams")["scale"], &metric("grams")["session"]), (&json!(100), &json!("tea")));
    assert_eq!(metric("grams")["index"], 20);
    assert_eq!(
        expected["reboot_reasons"],
        json!([{"id": 0x1001, "name": "descaled"}, {"id": 0xa001, "name": "boiled_dry"}])
    );
    for (index, flags) in [
        &["-gdwarf-2"][..],
        &["-gdwarf-4"],
        &["-gdwarf-5", "-g3"],
        &["-gz"],
        &["-fdebug-types-section"],
        &["-flto", "-ffat-lto-objects"],
        &["-fno-short-enums"],
        &["-O0"],
        &["-DMEMFAULT_USE_GNU_BUILD_ID=1", "-Wl,--build-id"],
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(offer(&format!("{index}.elf"), flags), expected, "{flags:?}");
    }
}

#[test]
fn a_directory_is_searched_by_build_id() {
    let dir = Dir::new("symbols-directory");
    let builds = dir.0.join("builds/nightly");
    std::fs::create_dir_all(&builds).unwrap();
    patch(&build(&builds, "kettle.elf", &[]), ID);
    build(&builds, "unpatched.elf", &["-DKETTLE_TEA"]);
    build(
        &builds,
        "linker.elf",
        &["-DKETTLE_TEA", "-DMEMFAULT_USE_GNU_BUILD_ID=1", "-Wl,--build-id=0x6c696e6b65722d6275696c642d69642d39383736"],
    );
    dir.file("builds/README", "no ELF file");
    dir.file("builds/broken.elf", b"\x7fELF and nothing more");
    let symbols = dir.path("builds");
    let own = event_token(&heartbeat(0, true, &[0x83, 1, 2, 3]));
    let mut linker = heartbeat(1, true, &[0x84, 1, 2, 3, 4]);
    linker[7..13].copy_from_slice(b"linker");
    let run =
        decode(&["--symbols", &symbols, "--require-symbols"], format!("{own}\n{}\n", event_token(&linker)).as_bytes());
    assert_eq!((run.status, run.problems().len()), (0, 0), "{}", run.stderr);
    let events = events(&run);
    assert_eq!(events[0]["heartbeat"]["session"], "brew");
    assert_eq!(events[0]["symbols"], json!({"build_id": support::hex(&ID), "match": "build_id"}));
    assert_eq!(
        events[1]["heartbeat"]["metrics"],
        json!({"MemfaultSdkMetric_IntervalMs": 1, "operational_crashes": 2, "green__leaves": 3, "grams": 0.04})
    );
    assert_eq!(events[1]["symbols"]["match"], "build_id");
    // Without an id in the data, no file of a directory is good enough.
    let run = decode(&["--symbols", &symbols, "--require-symbols", LOG], b"");
    assert_eq!(run.status, 3);
    let problem = run.problems()[0].to_owned();
    assert!(problem.ends_with("symbols: no firmware for kettle-main 3.1.4, which has no build id: name it with --elf; numbers stay numbers"), "{problem}");
    assert_eq!(run.problems().len(), 1, "said once");
    assert!(
        run.stderr.ends_with(
            "5 messages (4 event messages, 1 log) from 6 chunks, 0 lost, 0 corrupt, 5 records without names\n"
        )
    );
    assert_eq!(decode(&["--symbols", &symbols, LOG], b"").status, 0, "nothing is damaged");
}

#[test]
fn the_wrong_firmware_gives_no_names() {
    let dir = Dir::new("symbols-wrong");
    let tea = build(&dir.0, "tea.elf", &["-DKETTLE_TEA"]);
    let run = decode(&["--elf", &tea, "--require-symbols", LOG], b"");
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(run.problems()[0].ends_with("tea.elf does not fit the event, so its numbers stay: its session tea has 4 metrics; the event has 8 values of session 1"), "{}", run.problems()[0]);
    let wrong = &events(&run)[1]["heartbeat"];
    assert_eq!(
        (&wrong["resolved"], &wrong["session"], &wrong["metrics"]["#7"]),
        (&json!("mismatch"), &Json::Null, &json!("eco"))
    );
    let unnamed = decode(&["--elf", &tea, "--format", "table", LOG], b"").stdout;
    assert!(
        unnamed.contains("session 1  2025-10-09T08:53:20Z  (the firmware does not fit: values without names)"),
        "{unnamed}"
    );

    // Two firmwares of two versions.
    let kettle = build(&dir.0, "kettle.elf", &[]);
    let [old, new] = [format!("kettle-main@3.1.4={kettle}"), format!("kettle-main@4.0.0={tea}")];
    assert_eq!(decode(&["--elf", &new, "--elf", &old, "--require-symbols", LOG], b"").status, 0);
    assert_eq!(decode(&["--elf", &tea, "--elf", &kettle, "--require-symbols", LOG], b"").status, 3);
    // A patched file whose id is another one.
    patch(&kettle, ID);
    let mut other = heartbeat(0, true, &[0x83, 1, 2, 3]);
    other[8] ^= 1;
    let run = decode(&["--elf", &kettle, "--require-symbols"], event_token(&other).as_bytes());
    assert_eq!((run.status, &events(&run)[0]["symbols"]), (3, &json!({"build_id": null, "match": "none"})));
}

#[test]
fn files_that_are_no_firmware_are_one_error() {
    let dir = Dir::new("symbols-foreign");
    let text = dir.file("notes.elf", "not an ELF file");
    let cut = dir.file("cut.elf", b"\x7fELF\x01\x01\x01");
    let object = dir.path("main.o");
    let stripped = build(&dir.0, "stripped.elf", &["-s"]);
    let compile = ["-c", "-o", &object, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/firmware/bare.s")];
    assert!(std::process::Command::new("arm-none-eabi-gcc").args(compile).status().unwrap().success());
    for (file, problem) in [
        (&*text, "it is no ELF file; names are in the file that the linker made, before objcopy"),
        (&cut, "its ELF header is damaged"),
        (&object, "it is an object file; addresses and names are complete only in the linked firmware"),
        (env!("CARGO_BIN_EXE_mflt"), "it has no names of this SDK: neither metrics nor reasons nor a build id of it"),
        (&dir.path("missing.elf"), "cannot open it: No such file or directory (os error 2)"),
        (&dir.path("."), "this is a directory; name the ELF file, or use `decode --symbols` for a directory"),
    ] {
        let expected = format!("mflt: {file}: {problem}\n");
        for run in [decode(&["--elf", file, LOG], b""), elf(&[file])] {
            assert_eq!((run.status, &*run.stdout, &*run.stderr), (2, "", &*expected));
        }
    }
    // What is left in a stripped file is used, and what is missing is said.
    let run = decode(&["--elf", &stripped, "-q", LOG], b"");
    assert_eq!(events(&run)[4]["logs"][0]["text"], "water 250 ml, low");
    assert!(
        run.stderr.contains("stripped.elf: it has no debug information; build with -g and do not strip\n"),
        "{}",
        run.stderr
    );
    assert_eq!(elf(&[&stripped]).status, 1);
    let usage = decode(&["--require-symbols", LOG], b"");
    assert_eq!((usage.status, &*usage.stderr), (2, "mflt: --require-symbols needs --elf or --symbols\n"));
    let missing = decode(&["--symbols", &dir.path("nowhere"), LOG], b"");
    assert_eq!(missing.status, 2, "{}", missing.stderr);
}

#[test]
fn tables_show_what_changed_and_what_is_out_of_range() {
    let dir = Dir::new("symbols-table");
    let firmware = build(&dir.0, "tea.elf", &["-DKETTLE_TEA"]);
    // 8 metrics of the SDK and the plain kettle, then rim_temp and fill_pct.
    let beat = |values: &[u8]| event_token(&heartbeat(3, false, &[&[0x8a][..], values].concat()));
    let first = beat(b"\x1a\x00\x36\xee\x80\x01\x01\x01\x05\x05\x24\x63eco\x18\x5a\x0a");
    // The text tries to clear the screen.
    let second = beat(b"\x1a\x00\x36\xee\x80\x01\x01\xf6\x06\x07\x18\xe6\x67\x1b[2Jmax\x18\x78\x18\x64");
    let run =
        decode(&["--format", "table", "--elf", &firmware, "--serial", "K"], format!("{first}\n{second}\n").as_bytes());
    assert_eq!((run.status, run.problems().len()), (0, 0), "{}", run.stderr);
    let expected = "
#2 event  K  (36 bytes, chunk 2)
  heartbeat  time not known
    METRIC                                     VALUE       BEFORE  RANGE          NOTE
    MemfaultSdkMetric_IntervalMs             3600000  ms  3600000                 1 h 0 min
    MemfaultSdkMetric_UnexpectedRebootCount        1            1
    operational_hours                              1            1
    operational_crashfree_hours                    -            1
    uptime_s                                       6            5
    pump_starts                                    7            5
    room_temp                                   23.0         -0.5                 230 / 10
    mode                                         max          eco  up to 8 bytes
    rim_temp                                     120           90  -20 to 110     out of range
    fill_pct                                     100           10  0 to 100
";
    assert_eq!(run.stdout.split_once("\n#2").map(|(_, rest)| format!("\n#2{rest}")).unwrap(), expected);
}

/// The linker throws unused functions away and leaves their debug information at address 0, where other code may be.
#[test]
fn addresses_are_those_of_live_code() {
    let dir = Dir::new("symbols-lines");
    let path = build(&dir.0, "kettle.elf", &[]);
    let firmware = Firmware::read(&std::fs::read(&path).unwrap()).unwrap();
    let source = |address, role| firmware.source(address, role);
    assert_eq!(symbol(&path, "low_copy").0 & !1, 0);
    assert_eq!(source(0x3, Role::Instruction).as_deref(), Some("low_copy+0x2"));
    assert_eq!(source(0x7003, Role::Instruction).as_deref(), Some("high_copy at bare.s:18"));
    assert_eq!(source(0x700a, Role::Instruction).as_deref(), Some("at bare.s:21"));
    let stir = symbol(&path, "stir_here").0;
    assert_eq!(source(stir, Role::Instruction).as_deref(), Some("stir at boot.c:9, inlined into spoon at boot.c:25"));
    assert_eq!(source(0x80b5, Role::Instruction).as_deref(), Some("main at main.c:26"));
    for outside in [0x10, 0x4000, 0x2000_0000, u64::MAX] {
        assert_eq!(source(outside, Role::Instruction), None, "{outside:#x}");
    }
}

/// A damaged file is refused or used, never a panic or an endless loop. MFLT_FUZZ_ROUNDS sets how often.
#[test]
fn random_damage_is_survived() {
    let rounds: u64 = std::env::var("MFLT_FUZZ_ROUNDS").map_or(200, |rounds| rounds.parse().unwrap());
    let dir = Dir::new("symbols-damage");
    let good = std::fs::read(build(&dir.0, "kettle.elf", &["-DKETTLE_TEA"])).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut usable = 0;
    for _ in 0..rounds {
        let mut file = good.clone();
        for _ in 0..=random(8) {
            let at = random(file.len());
            file[at] = [0, 0xff, 0x7f, 0x80, random(256) as u8][random(5)];
        }
        if random(8) == 0 {
            file.truncate(random(good.len()));
        }
        let Ok(firmware) = Firmware::read(&file) else { continue };
        for address in [0, 0x80b4, 0x8299, random(0x9000) as u64] {
            firmware.source(address, Role::Return);
        }
        assert!(firmware.logs.iter().map(|logs| logs.entries().count()).sum::<usize>() < 1000);
        usable += u64::from(firmware.metrics.is_some());
    }
    assert!(usable > 0, "of {rounds} damaged files none was usable");
}
