//! Logs, a recording, and what a coredump holds besides stacks, from a real device: the firmware of `tests/recorder`, built with
//! the library and run in QEMU.

mod support;

use memfault_decode::logs;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use support::{Dir, Run, decode, mflt};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const BOARD: &str = "mps2-an385";

struct Device {
    elf: String,
    log: String,
}

/// The device; built and run once, in a folder that stays for the next run of the tests.
fn device() -> &'static Device {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    DEVICE.get_or_init(|| {
        let build = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorder");
        let [elf, log] = ["recorder", "uart.log"].map(|name| build.join(name).display().to_string());
        let mut configure = Command::new("cmake");
        configure.args(["-S", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorder"), "-B"]).arg(&build);
        configure.arg(format!("-DBOARD={BOARD}"));
        configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={ROOT}/c_examples/cmake/arm-none-eabi.cmake"));
        run(&mut configure);
        run(Command::new("cmake").arg("--build").arg(&build));
        run(Command::new(format!("{ROOT}/scripts/qemu-run.sh")).args(["-t", "60", "-o", &log, BOARD, &elf]));
        Device { elf, log }
    })
}

/// What `printf` of the host makes of the lines of formats.inc.
fn printed_by_the_host(dir: &Dir) -> Vec<String> {
    let program = "#include <stdint.h>\n#include <stdio.h>\n#define F(...) printf(__VA_ARGS__); putchar('\\n');\n\
                   int main(void) {\n#include \"formats.inc\"\n return 0; }\n";
    let (source, binary) = (dir.file("formats.c", program), dir.path("formats"));
    let folder = concat!("-I", env!("CARGO_MANIFEST_DIR"), "/tests/recorder");
    run(Command::new("cc").args(["-w", folder, &source, "-o", &binary]));
    let output = Command::new(binary).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{:?}: {error}; scripts/setup.sh names its package", command.get_program());
    });
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {} {said}", output.status);
}

fn of_type<'m>(messages: &'m [Json], kind: &str) -> Vec<&'m Json> {
    messages.iter().filter(|message| message["type"] == kind).collect()
}

fn lines(message: &Json) -> Vec<&Json> {
    message["events"][0]["logs"].as_array().unwrap().iter().collect()
}

fn succeeded(run: Run) -> Run {
    assert_eq!((run.status, run.problems()), (0, Vec::new()), "{}", run.stderr);
    run
}

/// Level, text and place of what `write_log` in main.c writes.
const LOG: [(&str, &str, Option<&str>); 4] = [
    ("info", "boot ok", None),
    ("warning", "water 250 ml, low", Some("water %d ml, %s")),
    ("error", "big -5000000000 f 0.500000 u 4000000000", Some("big %lld f %f u %u")),
    (
        "info",
        "a text of fifty characters, which is half a line.. and another text that takes it over the end of it",
        Some("\"%s and %s\""),
    ),
];

/// The line of a statement in main.c.
fn source_line(format: &str) -> usize {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorder/main.c")).unwrap();
    1 + source.lines().position(|line| line.contains(format)).unwrap()
}

#[test]
fn logs_have_their_text_with_the_firmware_and_stay_whole_without() {
    let device = device();
    let with = succeeded(decode(&["--elf", &device.elf, &device.log], b"")).json();
    let sent = lines(of_type(&with, "log")[0]);
    assert_eq!(sent.len(), LOG.len());
    for (line, (level, text, format)) in sent.iter().zip(LOG) {
        assert_eq!((&line["level"], &line["text"]), (&json!(level), &json!(text)));
        let at = format.map(source_line);
        assert_eq!((&line["line"], &line["raw"]), (&json!(at), &Json::Null));
        assert_eq!(line["file"], json!(format.map(|_| "main.c")));
        assert_eq!(line["time"], "2025-10-09T08:53:20Z");
    }
    // The same records, printed as ML: lines, of which the last one needs two.
    let exported: Vec<_> = with.iter().filter(|message| message["exported"] == true).collect();
    let texts: Vec<_> = exported.iter().map(|message| lines(message)[0]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, LOG.iter().filter(|(.., format)| format.is_some()).map(|(_, text, _)| *text).collect::<Vec<_>>());
    assert!(exported.iter().all(|message| message["events"][0]["software_type"].is_null()));

    let without = succeeded(decode(&[&device.log], b"")).json();
    for (line, (_, text, format)) in lines(of_type(&without, "log")[0]).iter().zip(LOG) {
        let raw = line["raw"].as_str();
        assert_eq!(raw.is_some(), format.is_some());
        let shown = line["text"].as_str().unwrap();
        match raw {
            None => assert_eq!(shown, text),
            Some(raw) => {
                let raw: Vec<u8> =
                    (0..raw.len()).step_by(2).map(|at| u8::from_str_radix(&raw[at..at + 2], 16).unwrap()).collect();
                assert_eq!(shown, logs::Record::parse(&raw).unwrap().undecoded());
            }
        }
    }
    // A directory of firmwares will do: the messages around them say whose the exported lines are.
    let folder = Path::new(&device.elf).parent().unwrap().display().to_string();
    let found = succeeded(decode(&["--symbols", &folder, "--require-symbols", &device.log], b""));
    assert_eq!(found.json().iter().filter(|message| message["exported"] == true).count(), 3);
}

#[test]
fn compact_logs_of_c_and_cpp_read_as_printf_writes_them() {
    let elf = Path::new(&device().elf).with_file_name("formats").display().to_string();
    let dir = Dir::new("recorder-formats");
    let log = dir.path("formats.log");
    run(Command::new(format!("{ROOT}/scripts/qemu-run.sh")).args(["-t", "60", "-o", &log, BOARD, &elf]));
    let expected = printed_by_the_host(&dir);
    assert!(expected.len() >= 20);
    let shown = succeeded(mflt("logs", &["--elf", &elf, &log])).stdout;
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorder/formats.inc")).unwrap();
    let places = source.lines().zip(1..).filter(|(line, _)| line.starts_with("F(")).map(|(_, number): (_, u32)| number);
    let once: Vec<String> = expected
        .iter()
        .zip(places)
        .map(|(text, place)| format!("{:<20}  {:<7}  {text}  (formats.inc:{place})", "-", "?"))
        .collect();
    assert_eq!(shown.lines().collect::<Vec<_>>(), [once.clone(), once].concat(), "first those of C, then those of C++");
}

#[test]
fn each_filter_finds_its_part_of_the_device() {
    let device = device();
    let of = |command: &str| succeeded(mflt(command, &["--elf", &device.elf, &device.log])).stdout;
    let logs = of("logs");
    let (sent, in_ram) = logs.split_once("-- uart: in RAM at the crash, from coredump #7 --\n").unwrap();
    assert_eq!(sent.lines().count(), 4 + 3, "the message, and the exported lines");
    assert!(in_ram.lines().last().unwrap().contains("  waiting for the radio, round "), "{in_ram}");
    let csv = succeeded(mflt("logs", &["--format", "csv", "--elf", &device.elf, &device.log])).stdout;
    let from = |name: &str| csv.lines().filter(|row| row.split(',').nth(2) == Some(name)).count();
    assert_eq!([from("log"), from("exported"), from("coredump")], [4, 3, in_ram.lines().count()]);
    assert!(of("events").contains("  reboot  TaskWatchdog (0x800c, unexpected)"));
    assert!(of("cdr").contains("    types     application/gzip, text/csv\n"));
    let dumps = of("coredumps");
    assert!(dumps.contains("    task watchdog:\n") && dumps.contains("    heap: 3 blocks in use"), "{dumps}");
}

#[test]
fn a_recording_has_its_metadata_and_its_file() {
    let device = device();
    let dir = Dir::new("recorder-cdr");
    for name in ["message-000003-cdr.bin", "message-000003-cdr.2.bin"] {
        let messages = succeeded(decode(&["--out", &dir.path(""), &device.log], b"")).json();
        let event = &of_type(&messages, "cdr")[0]["events"][0];
        assert_eq!(event["captured_at"], "2025-10-09T08:55:00Z");
        let cdr = &event["cdr"];
        assert_eq!(cdr["mimetypes"], json!(["application/gzip", "text/csv"]));
        assert_eq!(
            (&cdr["duration_ms"], &cdr["reason"], &cdr["size"]),
            (&json!(70000), &json!("vibration"), &json!(300))
        );
        assert_eq!(cdr["file"], name);
        let data: Vec<u8> = (0..300).map(|at| at as u8).collect();
        assert_eq!(std::fs::read(dir.path(name)).unwrap(), data);
        // Another run finds a file of this name with other content: it stays.
        std::fs::write(dir.path("message-000003-cdr.bin"), "of another day").unwrap();
    }
    assert_eq!(std::fs::read(dir.path("message-000003-cdr.bin")).unwrap(), b"of another day");
}

#[test]
fn a_coredump_tells_about_log_heap_and_tasks() {
    let device = device();
    let messages = succeeded(decode(&["--elf", &device.elf, &device.log], b"")).json();
    let dump = &of_type(&messages, "coredump")[0]["coredump"];
    assert_eq!(dump["reason"], "TaskWatchdog");

    let channels = dump["task_watchdog"].as_array().unwrap();
    let names: Vec<_> =
        channels.iter().map(|channel| (&channel["name"], &channel["state"], &channel["expired"])).collect();
    let (started, stopped) = (json!("started"), json!("stopped"));
    let [sensor, radio, display] = ["sensor", "radio", "display"].map(Json::from);
    let expected =
        [(&sensor, &started, &Json::Null), (&radio, &started, &json!(true)), (&display, &stopped, &Json::Null)];
    assert_eq!(names, expected);
    // The timeout is 50 ms; the sensor was fed in the round in which the watchdog looked.
    assert!(channels[1]["behind_ms"].as_u64().unwrap() > 50 && channels[0]["behind_ms"] == 0, "{channels:?}");

    let heap = &dump["heap_stats"];
    assert_eq!((&heap["in_use_block_count"], &heap["max_in_use_block_count"]), (&json!(3), &json!(3)));
    let blocks = |which: &str| -> Vec<(u64, String)> {
        let show = |block: &Json| (block["size"].as_u64().unwrap(), block["source"].as_str().unwrap().to_owned());
        heap[which].as_array().unwrap().iter().map(show).collect()
    };
    // The return address is the start of what follows the call, so its line is that of the call or the next one.
    let at = |size: usize| format!("main at main.c:{}", source_line(&format!("take({size});")));
    assert_eq!(blocks("in_use"), [(7, at(7)), (60, at(60)), (100, at(100))]);
    assert_eq!(blocks("freed"), [(24, at(24))]);
    assert_eq!(heap["warnings"], json!([]));

    // The newest lines, the last one in the round of the crash; the oldest ones were overwritten.
    let log: Vec<_> = dump["logs"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    let rounds = log.iter().filter(|text| text.starts_with("waiting for the radio, round ")).count();
    assert!(rounds >= 5 && !log.contains(&"boot ok"), "{log:?}");
    assert_eq!(
        log[log.len() - 2..],
        [rounds - 2, rounds - 1].map(|round| format!("waiting for the radio, round {round}"))
    );

    let report = succeeded(mflt("backtrace", &[&device.log, "--elf", &device.elf])).stdout;
    for part in [
        "\nsignature: TaskWatchdog < hang < main < Reset_Handler\n",
        "\ntask watchdog:\n  sensor   started  fed at ",
        " ms before the last one  EXPIRED\n  display  stopped  fed at ",
        "\nheap: 3 blocks in use, 3 at the most; 3 of them remembered, with 167 bytes:\n  0x",
        "  freed\nlog, the last lines:\n",
        &format!("waiting for the radio, round {}  (main.c:{})\nmemory:\n", rounds - 1, source_line("round %d")),
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    // Without the firmware nobody knows where they are.
    let without = succeeded(decode(&[&device.log], b"")).json();
    let dump = &of_type(&without, "coredump")[0]["coredump"];
    assert!(["logs", "heap_stats", "task_watchdog"].iter().all(|name| dump[name].is_null()), "{dump}");
    let text = succeeded(decode(&["--format", "text", "--elf", &device.elf, &device.log], b"")).stdout;
    assert!(
        text.contains("\n    task watchdog:\n      sensor   started") && text.contains("\n    heap: 3 blocks"),
        "{text}"
    );
}

/// Addresses, ids and times depend on the compiler and on the library; everything else is as in the manual.
fn without_numbers(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']).map(|word| match word.trim_end() {
        id if id.len() == 12 && id.bytes().all(|digit| digit.is_ascii_hexdigit()) => "#".to_owned(),
        address if address.starts_with("0x") => "0x# ".to_owned(),
        _ => word.to_owned(),
    });
    let mut out = String::new();
    for letter in words.collect::<String>().chars() {
        match letter {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            letter => out.push(letter),
        }
    }
    out
}

#[test]
fn the_manual_shows_what_is_printed() {
    let device = device();
    let document = std::fs::read_to_string(format!("{ROOT}/docs/decoding.md")).unwrap();
    let dir = Dir::new("recorder-manual");
    let report = succeeded(mflt("backtrace", &[&device.log, "--elf", &device.elf])).stdout;
    let out = dir.path("");
    let text = succeeded(decode(&["--format", "text", "--elf", &device.elf, "--out", &out, &device.log], b""));
    let logs = succeeded(mflt("logs", &["--elf", &device.elf, &device.log])).stdout;
    let blocks = [
        ("task watchdog:\n", report),
        ("#2 log  uart", text.stdout),
        ("2025-10-09T08:53:20Z  info     boot ok\n", logs),
    ];
    for (start, printed) in blocks {
        let shown = document.split("```text\n").find(|block| block.starts_with(start)).unwrap();
        let shown = without_numbers(shown.split("```").next().unwrap());
        let printed = without_numbers(&printed);
        let mut rest = printed.as_str();
        for line in shown.lines().filter(|line| !line.is_empty()) {
            let at = rest.find(&format!("{line}\n")).unwrap_or_else(|| panic!("{line}\n{printed}"));
            rest = &rest[at + line.len()..];
        }
    }
}
