//! `mflt decode` from outside: inputs, outputs, exit status, what is said on stderr.

mod support;

use support::{Dir, command, container, data, decode, hex, published, token};

#[test]
fn a_transcript_becomes_one_object_per_message() {
    let run = decode(&[&data("ansi_crlf_key.txt")], b"");
    assert_eq!((run.status, run.problems().len()), (0, 0), "{}", run.stderr);
    let messages = run.json();
    let types: Vec<_> = messages.iter().map(|message| message["type"].as_str().unwrap()).collect();
    assert_eq!(types[..4], ["event", "log", "coredump", "event"]);
    assert_eq!(messages.len(), 12);
    assert_eq!(messages[11]["events"][0]["cdr"]["reason"], "uart dump");
    assert_eq!(messages[0]["device"], "ansi_crlf_key");
    assert_eq!(messages[0]["project_key"], "*".repeat(28) + "bbcc");
    assert!(!run.stdout.contains("pubKey0011"));
    assert_eq!(
        run.stderr.lines().last().unwrap(),
        "mflt: 12 messages (1 coredump, 8 event messages, 2 logs, 1 recording) from 87 chunks, 0 lost, 0 corrupt"
    );
    let shown = decode(&["--show-project-key", "-q", &data("ansi_crlf_key.txt")], b"");
    assert_eq!(shown.json()[0]["project_key"], "pubKey00112233445566778899aabbcc");
    assert_eq!(shown.stderr, "");
}

#[test]
fn every_form_of_input_gives_the_same_message() {
    let dir = Dir::new("forms");
    let chunks = published();
    let (first, second) = (&chunks.first, &chunks.second);
    let base64 = |chunk: &[u8]| token(chunk)[3..].trim_end_matches(':').to_owned();
    let wrapped_hex = hex(&chunks.single)
        .as_bytes()
        .chunks(60)
        .map(|line| String::from_utf8_lossy(line).into_owned() + "\n")
        .collect::<String>();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(format!("log {}\r\n", token(&chunks.single)).bytes().flat_map(|byte| [byte, 0]))
        .collect();
    for (name, content, format) in [
        ("text", format!("[I] x {}\n[I] y {}\n", token(first), token(second)).into_bytes(), "text"),
        ("text-no-newline", token(&chunks.single).into_bytes(), "text"),
        ("text-utf16", utf16, "text"),
        ("hex-lines", format!("{}\n{}\n", hex(first), hex(second)).into_bytes(), "hex"),
        ("hex-wrapped", wrapped_hex.into_bytes(), "hex"),
        ("hex-upper", hex(&chunks.single).to_uppercase().into_bytes(), "hex"),
        ("base64-lines", format!("{}\n{}\n", base64(first), base64(second)).into_bytes(), "base64"),
        ("binary", chunks.single.clone(), "binary"),
        ("container", container(&[first, second]), "chnk"),
    ] {
        let path = dir.file(name, content.as_slice());
        for run in [
            decode(&[&path], b""),
            decode(&["--input-format", format, &path], b""),
            decode(&[], &content),
            decode(&["-", "--input-format", format], &content),
        ] {
            assert_eq!((run.status, run.problems().len()), (0, 0), "{name}: {}", run.stderr);
            assert_eq!(run.json().len(), 1, "{name}");
            assert_eq!(run.json()[0]["events"][0]["heartbeat"]["metrics"]["chunk_test_success"], 1, "{name}");
        }
    }
}

#[test]
fn a_coredump_without_chunks_is_a_message_too() {
    let dir = Dir::new("coredump-file");
    let transcript: serde_json::Value = serde_json::from_slice(&std::fs::read(data("default.json")).unwrap()).unwrap();
    let dump = support::bytes(transcript["coredumps"][0].as_str().unwrap());
    let path = dir.file("coredump.bin", &dump);
    for run in [decode(&[&path], b""), decode(&[], &dump), decode(&["--input-format", "coredump", &path], b"")] {
        assert_eq!((run.status, run.problems().len()), (0, 0), "{}", run.stderr);
        let message = run.json().remove(0);
        assert_eq!((&message["type"], &message["chunks"]), (&"coredump".into(), &serde_json::json!([0, 0])));
        assert_eq!(message["payload"]["size"], dump.len());
        assert_eq!(message["coredump"]["faults"], serde_json::json!(["UNDEFINSTR", "FORCED"]));
        assert!(
            run.stderr.ends_with("mflt: 1 message (1 coredump) from 0 chunks, 0 lost, 0 corrupt\n"),
            "{}",
            run.stderr
        );
    }
    let run = decode(&["--format", "text", &path], b"");
    assert!(
        run.stdout.contains(", a file)\n") && run.stdout.contains("    faults: UNDEFINSTR FORCED\n"),
        "{}",
        run.stdout
    );
    let run = decode(&["--out", &dir.path("out"), &path], b"");
    assert_eq!(std::fs::read(dir.path("out/message-000001-coredump.bin")).unwrap(), dump, "{}", run.stderr);
}

#[test]
fn damage_is_named_with_file_line_and_byte() {
    let dir = Dir::new("damage");
    let chunks = published();
    let (first, second) = (token(&chunks.first), token(&chunks.second));
    let mut wrong = chunks.second.clone();
    *wrong.last_mut().unwrap() ^= 1;
    for (name, text, place, code, lost, corrupt) in [
        ("lost-start", format!("boot\n  {second}\n"), "2:3", "lost_init", 1, 0),
        ("lost-end", format!("boot\n{first}\nmore\n"), "2:1", "truncated", 1, 0),
        ("wrong-crc", format!("{first}\nx {}\n", token(&wrong)), "2:3", "crc", 0, 1),
        ("mixed", format!("{}[W] oops{}\n", &first[..20], &first[20..]), "1:1", "bad_token", 0, 1),
        ("header", format!("ok\n\n{}\n", token(&[0x3f, 1, 2])), "3:1", "bad_header", 0, 1),
    ] {
        let path = dir.file(name, text);
        let run = decode(&[&path], b"");
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{name}");
        let problems = run.problems();
        assert_eq!(problems.len(), 1, "{name}: {}", run.stderr);
        assert!(problems[0].starts_with(&format!("{path}:{place}: {code}: ")), "{name}: {}", problems[0]);
        assert!(run.stderr.contains("\n  hint: "), "what to do: {}", run.stderr);
        assert!(run.stderr.ends_with(&format!(" {lost} lost, {corrupt} corrupt\n")), "{name}: {}", run.stderr);
    }
}

#[test]
fn decoding_goes_on_behind_damage() {
    let chunks = published();
    let (single, first, second) = (token(&chunks.single), token(&chunks.first), token(&chunks.second));
    let text = format!("{single}\n{second}\n{second}\nMC:AAA:\n{first}\n{single}\n{first}\n{first}\n{second}\n");
    let run = decode(&["--serial", "TESTSERIAL"], text.as_bytes());
    assert_eq!((run.status, run.json().len()), (1, 3));
    let repeated: Vec<_> = run.json().iter().map(|message| message["duplicate_of"].as_u64()).collect();
    assert_eq!(repeated, [None, Some(1), Some(1)]);
    let problems: Vec<_> =
        run.problems().iter().map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        problems,
        [
            "stdin:2:1 lost_init",
            "stdin:3:1 lost_init",
            "stdin:4:1 bad_token",
            "stdin:5:1 truncated",
            "stdin:8:1 duplicate"
        ]
    );
}

#[test]
fn a_run_of_stray_chunks_is_two_lines() {
    let text = std::fs::read_to_string(data("default.txt")).unwrap();
    let without_first: String =
        text.lines().filter(|line| !line.contains("MC:SIUG")).map(|line| format!("{line}\n")).collect();
    let run = decode(&[], without_first.as_bytes());
    assert_eq!((run.status, run.json().len()), (1, 10));
    let stray: Vec<_> = run.problems().into_iter().filter(|line| line.contains("lost_init")).collect();
    assert_eq!(stray.len(), 2, "{stray:?}");
    assert!(stray[1].starts_with("stdin:43:11: lost_init: 9 more chunks"), "{stray:?}");
    assert!(run.stderr.contains(" 1 lost, 0 corrupt"), "{}", run.stderr);
    let json = decode(&["--diagnostics", "json"], without_first.as_bytes());
    assert_eq!(json.stderr.matches("\"code\":\"lost_init\"").count(), 10, "as JSON each chunk is told");
}

#[test]
fn diagnostics_as_json_have_the_fields_of_the_model() {
    let run = decode(&["--diagnostics", "json", "--quiet"], format!("x\n {}\n", token(&published().second)).as_bytes());
    let line: serde_json::Value = serde_json::from_str(run.stderr.trim()).unwrap();
    for (name, value) in [
        ("level", "error".into()),
        ("code", "lost_init".into()),
        ("device", "stdin".into()),
        ("chunk", 1.into()),
        ("input", "stdin".into()),
        ("line", 2.into()),
        ("column", 2.into()),
        ("offset", serde_json::Value::from(3)),
    ] {
        assert_eq!(line[name], value, "{name}");
    }
    assert!(line["text"].as_str().unwrap().contains("missing"));
    let dir = Dir::new("diagnostics");
    let path = dir.file("c.chnk", [container(&[&published().second]), b"junk".to_vec()].concat());
    let run = decode(&["--diagnostics", "json", "--quiet", &path], b"");
    assert!(run.stderr.contains("\"line\":null,\"column\":null,\"offset\":8}"), "{}", run.stderr);
    let run = decode(&[&path], b"");
    assert!(run.problems()[0].starts_with(&format!("{path}:byte 8: lost_init: ")), "{}", run.stderr);
}

#[test]
fn each_input_is_a_device_unless_they_share_a_serial() {
    let dir = Dir::new("devices");
    let chunks = published();
    let one = dir.file("one.bin", &chunks.first);
    let two = dir.file("two.bin", &chunks.second);
    assert_eq!(decode(&[&one, &two], b"").json().len(), 0);
    let together = decode(&["--serial", "TESTSERIAL", &one, &two], b"");
    assert_eq!((together.status, together.json().len()), (0, 1));
    assert_eq!(together.json()[0]["device"], "TESTSERIAL");
    let whole = dir.file("whole.bin", &chunks.single);
    let named = decode(&["--serial", "A", "--serial", "B", &whole, &whole], b"");
    let devices: Vec<_> =
        named.json().iter().map(|message| (message["device"].clone(), message["chunks"][0].clone())).collect();
    assert_eq!(devices, [("A".into(), 1.into()), ("B".into(), 1.into())]);
    assert_eq!(named.status, 0, "another serial in the event is a warning only");
    assert!(named.problems()[0].contains(": serial: an event names device TESTSERIAL, the chunks are of A"));
    let header =
        dir.file("abc.chunks", format!("0123456789abcdef0123456789abcdef\nKETTLE-7\n{}\n", token(&chunks.single)));
    assert_eq!(decode(&[&header], b"").json()[0]["device"], "KETTLE-7");
}

#[test]
fn a_broken_token_is_joined_unless_strict() {
    let whole = token(&published().single);
    let text = format!("[I] {}\r\n{}\r\n", &whole[..50], &whole[50..]);
    let run = decode(&[], text.as_bytes());
    assert_eq!((run.status, run.json().len()), (0, 1));
    assert!(run.problems()[0].starts_with("stdin:1:5: joined: "));
    let strict = decode(&["--strict"], text.as_bytes());
    assert_eq!((strict.status, strict.json().len()), (1, 0));
    // A repetition costs nothing, but a strict user wants to know.
    let twice =
        format!("{}\n{}\n{}\n", token(&published().first), token(&published().first), token(&published().second));
    assert_eq!(decode(&[], twice.as_bytes()).status, 0);
    assert_eq!(decode(&["--strict"], twice.as_bytes()).status, 1);
}

#[test]
fn padding_of_fixed_packets_is_found_on_request() {
    let padded = [published().single, vec![0xba; 30]].concat();
    let text = token(&padded);
    assert_eq!(decode(&[], text.as_bytes()).status, 1);
    let run = decode(&["--padded"], text.as_bytes());
    assert_eq!((run.status, run.json().len()), (0, 1));
    assert!(run.problems()[0].contains("trimmed: the CRC matched after taking off 30 bytes"));
}

#[test]
fn binary_data_goes_to_files() {
    let dir = Dir::new("out");
    let out = dir.path("new/dumps");
    let run = decode(&["--out", &out, &data("ansi_crlf_key.txt")], b"");
    assert_eq!(run.status, 0);
    assert!(run.stderr.ends_with(", 2 files written\n"), "{}", run.stderr);
    let messages = run.json();
    let dump = &messages[2];
    assert_eq!(dump["coredump"]["files"]["raw"], "message-000003-coredump.bin");
    assert_eq!(dump["payload"]["file"], "message-000003-coredump.bin");
    let bytes = std::fs::read(format!("{out}/message-000003-coredump.bin")).unwrap();
    assert_eq!(bytes.len() as u64, dump["payload"]["size"]);
    assert!(bytes.starts_with(b"CORE"));
    let recording = std::fs::read(format!("{out}/message-000012-cdr.bin")).unwrap();
    assert_eq!(recording, b"frame 11: ef76e8fb 9ec39b87");
    let blocked = dir.file("file", "");
    let run = decode(&["--out", &blocked, &data("default.txt")], b"");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
}

#[test]
fn text_is_for_reading() {
    let run = decode(&["--format", "text", &data("ansi_crlf_key.txt")], b"");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "#1 event  ansi_crlf_key  qemu-app 3.1.22 on mps2-an386 build 274aba088cf2  (85 bytes, chunks 1-2)"
    );
    assert!(lines.iter().any(|line| line.ends_with("  warning  queue at 23%")));
    assert!(lines.iter().any(|line| line.contains("trace  reason 4  \"depth=35\"  pc 0x00000902")));
    assert!(!run.stdout.contains('\u{1b}'), "no colours into a pipe");
    let pretty = decode(&["--format", "jsonl-pretty", "-q", &data("default.txt")], b"");
    assert!(pretty.stdout.starts_with("{\n  \"v\": 1,\n  \"device\": \"default\","));
    let mut objects = serde_json::Deserializer::from_str(&pretty.stdout).into_iter::<serde_json::Value>();
    assert_eq!(objects.by_ref().filter(|object| object.is_ok()).count(), 11);
}

#[test]
fn text_of_a_device_cannot_act_on_the_terminal() {
    // An event whose version holds an escape sequence and a line end: a3 02 02 09 6a "v\x1b[31m\nx!!!" 04 a1 06 00.
    let event = b"\x02\xa3\x02\x02\x09\x6av\x1b[31m\nx!!\x04\xa1\x06\x00";
    let crc = event.iter().fold(0u16, |crc, &byte| {
        (0..8)
            .rev()
            .fold(crc, |crc, bit| (crc << 1) ^ if (crc >> 15) ^ u16::from(byte >> bit & 1) == 1 { 0x1021 } else { 0 })
    });
    let chunk = [&[8][..], event, &crc.to_le_bytes()].concat();
    let run = decode(&["--format", "text"], token(&chunk).as_bytes());
    assert_eq!(run.stdout, "#1 event  stdin  v x!!  (20 bytes, chunk 1)\n    time not known        trace  reason 0\n");
    let json = decode(&[], token(&chunk).as_bytes());
    assert!(json.stdout.contains("\"v\\u001b[31m\\nx!!\""), "{}", json.stdout);
}

#[test]
fn wrong_use_is_status_2_and_says_why() {
    let dir = Dir::new("usage");
    let log = dir.file("x.log", "");
    for (arguments, words) in [
        (&["no-such-file.log"][..], "no-such-file.log: cannot open it"),
        (&["--format", "xml"], "invalid value 'xml'"),
        (&["--input-format", "morse"], "invalid value 'morse'"),
        (&["-", "-"], "standard input (-) is given 2 times"),
        (&["--serial", "A", "--serial", "B", &log], "--serial is given 2 times for 1 inputs"),
        (&["--follow", "-"], "--follow watches text files"),
        (&["--follow", "no-such-file.log"], "cannot open it"),
        (&[dir.path("").as_str()], "this is a directory"),
        (&["--strict", "--padded"], "cannot be used with"),
    ] {
        let run = decode(arguments, b"");
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
    let elf = dir.file("fw.elf", b"\x7fELF\x01\x01\x01");
    let run = decode(&[&elf, &data("default.txt")], b"");
    assert_eq!((run.status, run.json().len()), (2, 11), "the other input is decoded all the same");
    assert!(run.stderr.contains("this is an ELF file"));
}

#[test]
fn an_input_without_chunks_is_said_to_be_so() {
    let run = decode(&[], b"nothing but text\n");
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("mflt: stdin: no chunks: no MC:...: token found"), "{}", run.stderr);
    assert!(decode(&[], b"").stderr.contains("no chunks"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let line = format!("{}\n", token(&published().single));
    let mut child = command(&["-q"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        use std::io::Write as _;
        // More than the pipe and the buffers hold; ends when the program does.
        (0..1_000_000).take_while(|_| stdin.write_all(line.as_bytes()).is_ok()).count()
    });
    let output = child.wait_with_output().unwrap();
    assert!(feeder.join().unwrap() < 1_000_000, "it must end when nobody reads");
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn what_nobody_wanted_to_read_is_no_damage() {
    let dir = Dir::new("reader");
    // Some blocks, whose ends are inside of tokens.
    let log = dir.file("long.log", format!("{}\n", token(&published().single)).repeat(10_000));
    let mut child =
        command(&[&log]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.lines().count()), (Some(0), 1), "{stderr}");
    assert!(stderr.starts_with("mflt: ") && stderr.ends_with(" 0 lost, 0 corrupt\n"), "{stderr}");
}

#[test]
fn help_teaches() {
    let help = decode(&["--help"], b"");
    assert_eq!(help.status, 0);
    for part in ["Examples:", "mflt decode uart.log", "Input formats", "Exit status: 0 everything decoded", "lost_init"]
    {
        assert!(help.stdout.contains(part), "{part}");
    }
}
