//! `mflt logs`, `events`, `metrics`, `cdr` and `coredumps`: one kind of what `mflt decode` gives.

mod support;

use serde_json::Value as Json;
use support::firmware::{LOG, build};
use support::{Dir, Run, data, decode, elf, event_token, mflt, token};

const DEVICE: &str = "ansi_crlf_key.txt";

fn filter(command: &str, arguments: &[&str]) -> Run {
    mflt(command, &[&["-q"], arguments].concat())
}

/// The fields of `names` of all rows of a CSV output without quotes.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut rows = csv.lines().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
    let at = rows.next().unwrap().iter().position(|title| title == name).unwrap();
    rows.map(|row| row[at].clone()).collect()
}

#[test]
fn each_command_shows_its_kind_and_nothing_else() {
    let all = decode(&["-q", &data(DEVICE)], b"").json();
    let kept = |wanted: &[&str]| -> Vec<Json> {
        let is_wanted = |message: &&Json| {
            let kind = message["events"][0]["type"].as_str().or(message["type"].as_str()).unwrap();
            wanted.contains(&kind)
        };
        all.iter().filter(is_wanted).cloned().collect()
    };
    let mut seen = 0;
    for (command, wanted) in [
        ("logs", &["logs"][..]),
        ("events", &["trace", "reboot", "heartbeat"]),
        ("cdr", &["cdr"]),
        ("coredumps", &["coredump"]),
    ] {
        let run = filter(command, &["--format", "json", &data(DEVICE)]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{command}");
        assert_eq!(run.json(), kept(wanted), "{command}");
        seen += run.json().len();
    }
    assert_eq!(seen, all.len(), "each message is shown by one of them");
    assert_eq!(filter("metrics", &["--format", "json", &data(DEVICE)]).json(), kept(&["heartbeat"]));
}

#[test]
fn the_text_is_a_line_or_a_table_each() {
    let dir = Dir::new("filter-text");
    let firmware = build(&dir.0, "kettle.elf", &[]);
    let run = filter("logs", &["--elf", &firmware, LOG]);
    let time = "2025-10-09T08:53:20Z";
    assert_eq!(
        run.stdout,
        format!(
            "{time}  warning  water 250 ml, low  (main.c:27)\n{time}  info     big -5000000000 f 0.500000  (main.c:28)\n"
        )
    );
    let run = filter("events", &["--elf", &firmware, "--serial", "KETTLE-7", LOG]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "-- KETTLE-7  kettle-main 3.1.4 on pvt2 serial KETTLE-7 --");
    assert_eq!(
        lines[3],
        format!("  {time}  trace  sensor_lost  \"bus 3 name i2c0\"  at main.c:25  lr 0x0000829b (reset at boot.c:19)")
    );
    assert_eq!(lines.len(), 5, "{}", run.stdout);
    let tables = decode(&["-q", "--format", "table", "--elf", &firmware, LOG], b"").stdout;
    let metrics = filter("metrics", &["--elf", &firmware, LOG]).stdout;
    assert!(metrics.contains("room_temp") && tables.starts_with(&metrics), "{metrics}");
    let recording = filter("cdr", &[&data(DEVICE)]).stdout;
    for line in ["    reason    uart dump\n", "    duration  1234 ms (1.234 s)\n", "    size      27 bytes\n"] {
        assert!(recording.contains(line), "{recording}");
    }
    let dumps = filter("coredumps", &[&data(DEVICE)]).stdout;
    assert!(dumps.starts_with("#3 coredump  ansi_crlf_key  ") && dumps.contains("Assert (0x8001"), "{dumps}");
}

/// A log whose format is not in the file keeps its line, whether the rest of the file fits or not.
#[test]
fn a_log_of_another_firmware_is_not_lost() {
    let dir = Dir::new("filter-other");
    let firmware = build(&dir.0, "kettle.elf", &[]);
    // Level and record of the formats 0x9999, 0x22, which is there, and 0x22 with a value too few.
    let event = b"\xa3\x02\x04\x03\x01\x04\x86\x03\x45\x82\x19\x99\x99\x01\
                  \x02\x47\x83\x18\x22\x01\x62hi\x02\x44\x82\x18\x22\x07";
    let log = dir.file("log.txt", event_token(event));
    let run = mflt("logs", &["--elf", &firmware, &log]);
    assert_eq!(
        run.stdout,
        "-                     error    <log 0x9999: [1]>\n\
         -                     warning  water 1 ml, hi  (main.c:27)\n\
         -                     warning  <log 0x22: [7]>\n",
        "{}",
        run.stderr
    );
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("it has no log 0x9999") && run.stderr.contains("takes 2 values, not 1"));
    assert_eq!(filter("logs", &["--require-symbols", "--elf", &firmware, &log]).status, 3);
    let without = mflt("logs", &[&log]);
    assert_eq!(without.stdout.lines().count(), 3);
    assert!(
        without
            .stderr
            .contains("mflt: names and texts for 3 compact log lines are in the firmware's ELF file: --elf FILE"),
        "{}",
        without.stderr
    );
}

#[test]
fn csv_has_titles_and_a_row_each() {
    let dir = Dir::new("filter-csv");
    let firmware = build(&dir.0, "kettle.elf", &[]);
    let run = filter("metrics", &["--format", "csv", "--elf", &firmware, LOG]);
    assert_eq!(run.stdout.lines().count(), 1 + 3 + 8);
    assert_eq!(column(&run.stdout, "session")[0], "brew");
    let value = |name: &str| {
        let at = column(&run.stdout, "metric").iter().position(|metric| metric == name).unwrap();
        column(&run.stdout, "value")[at].clone()
    };
    assert_eq!([value("room_temp"), value("mode"), value("operational_crashes")], ["-3.7", "eco", ""]);
    let run = filter("events", &["--format", "csv", "--elf", &firmware, LOG]);
    assert_eq!(column(&run.stdout, "type"), ["session", "heartbeat", "trace", "trace"]);
    assert_eq!(column(&run.stdout, "reason")[2..], ["sensor_lost", "valve_stuck"]);
    assert_eq!(column(&run.stdout, "status")[3], "-12");
    let run = filter("logs", &["--format", "csv", "--elf", &firmware, LOG]);
    assert!(run.stdout.contains(",warning,\"water 250 ml, low\",main.c,27\n"), "{}", run.stdout);
    let run = filter("cdr", &["--format", "csv", &data(DEVICE)]);
    assert_eq!(column(&run.stdout, "reason"), ["uart dump"]);
    let run = filter("coredumps", &["--format", "csv", &data(DEVICE)]);
    assert_eq!([column(&run.stdout, "reason"), column(&run.stdout, "size")], [["Assert"], ["4096"]]);
    let none = mflt("cdr", &["--format", "csv", LOG]);
    assert_eq!((none.status, none.stdout.lines().count()), (0, 1), "the titles alone");
    assert!(none.stderr.contains("mflt: there are no recordings in it\n"), "{}", none.stderr);
}

#[test]
fn only_what_is_asked_for_becomes_a_file() {
    let dir = Dir::new("filter-out");
    let files = |out: &str| -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    for (command, name) in [("cdr", "message-000012-cdr.bin"), ("coredumps", "message-000003-coredump.bin")] {
        let out = dir.path(command);
        let run = filter(command, &["--out", &out, "--format", "json", &data(DEVICE)]);
        assert_eq!((run.status, files(&out)), (0, vec![name.to_owned()]), "{}", run.stderr);
        assert!(run.stdout.contains(&format!("\"{name}\"")), "{}", run.stdout);
    }
    assert_eq!(filter("logs", &["--out", "x", &data(DEVICE)]).status, 2, "logs are no files");
}

#[test]
fn since_leaves_out_what_is_older() {
    let times = |arguments: &[&str]| {
        let run = filter("events", &[&["--format", "csv", &data(DEVICE)], arguments].concat());
        column(&run.stdout, "time")
    };
    let all = times(&[]);
    let since = times(&["--since", "2024-05-31T18:37:06Z"]);
    assert!(since.len() > 1 && since.len() < all.len());
    assert_eq!(since[0], "", "what has no time is shown");
    assert!(since[1..].iter().all(|time| time.as_str() >= "2024-05-31T18:37:06Z") && since[1].ends_with("18:37:06Z"));
    let lines = |since: &str| filter("logs", &["--since", since, &data(DEVICE)]).stdout.lines().count();
    assert!(lines("2024-05-31") > lines("2024-05-31T18:31:00Z"));
    let wrong = mflt("events", &["--since", "yesterday", &data(DEVICE)]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("a time looks like 2026-05-04"), "{}", wrong.stderr);
}

#[test]
fn lines_of_several_devices_say_whose_they_are() {
    let run = filter("logs", &[&data("default.txt"), &data(DEVICE)]);
    let headings: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("-- ")).collect();
    assert_eq!(headings, ["-- default --", "-- ansi_crlf_key --"]);
}

#[test]
fn a_missing_input_is_one_line_and_costs_no_other() {
    let run = mflt("logs", &["no-such.log", &data(DEVICE)]);
    assert_eq!(run.status, 2);
    assert!(!run.stdout.is_empty());
    assert_eq!(run.stderr.matches("no-such.log").count(), 1, "{}", run.stderr);
    // An input that is no firmware, in the place of one.
    let run = elf(&[&data(DEVICE)]);
    assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{}", run.stderr);
}

/// Files that cannot be written cost neither the message nor those that can.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_written_costs_no_message() {
    // Nobody can make a file there, not even root.
    let run = mflt("decode", &["--out", "/proc/self/fdinfo", &data(DEVICE)]);
    assert_eq!((run.status, run.json().len()), (2, 12), "{}", run.stderr);
    assert_eq!(run.json()[11]["events"][0]["cdr"]["file"], Json::Null);
    let notes: Vec<&str> = run.stderr.lines().filter(|line| line.contains("cannot write the file")).collect();
    assert!(
        matches!(notes.as_slice(), [note] if note.contains("/proc/self/fdinfo/message-000003-coredump.bin: ")),
        "{}",
        run.stderr
    );
    assert!(run.stderr.ends_with(", 2 files not written\n"), "{}", run.stderr);
    let blocked = data(DEVICE);
    let run = mflt("cdr", &["--out", &blocked, &blocked]);
    assert_eq!(run.stderr, format!("mflt: --out {blocked}: this is a file; name a directory\n"));
}

#[test]
fn text_of_a_device_stays_text() {
    // A trace whose log is a formula with an escape sequence.
    let event = b"\xa3\x02\x02\x03\x01\x04\xa2\x06\x01\x08\x4b=\x1b[31m1+1,2";
    let log = Dir::new("filter-formula");
    let path = log.file("x.log", event_token(event));
    let run = filter("events", &["--format", "csv", &path]);
    assert!(run.stdout.contains(",\"'=1+1,2\","), "{}", run.stdout);
    assert!(!filter("events", &[&path]).stdout.contains('\u{1b}'));
    // Damage is told as by `decode`.
    let cut = log.file("cut.log", token(&support::published().first));
    let run = mflt("events", &[&cut]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("cut.log:1:1: truncated: "), "{}", run.stderr);
}
