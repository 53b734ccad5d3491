//! Published test chunks, console transcripts of real firmware, examples of the specification.

mod support;

use memfault_decode::chunk::{Origin, Reassembler};
use memfault_decode::decoder::Part;
use memfault_decode::message::Message;
use memfault_decode::tokens::{Found, Scanner};
use memfault_decode::{Decoder, Options, rle};
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use support::{Collected, assert_contains, bytes, decode_chunks};

/// `MEMFAULT_VECTORS` names a folder with recordings of the same form, transcripts in a folder of their own inside.
fn folders() -> (PathBuf, PathBuf) {
    match std::env::var_os("MEMFAULT_VECTORS").filter(|folder| !folder.is_empty()).map(PathBuf::from) {
        Some(folder) if folder.join("transcripts").is_dir() => (folder.clone(), folder.join("transcripts")),
        _ => {
            let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/host"));
            (own.clone(), own)
        }
    }
}

fn read(path: PathBuf) -> Vec<u8> {
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn data(name: &str) -> Vec<u8> {
    read(folders().1.join(name))
}

fn json(name: &str) -> Json {
    let (published, transcripts) = folders();
    let folder = if name.starts_with("published") { published } else { transcripts };
    serde_json::from_slice(&read(folder.join(name))).unwrap()
}

/// Their names: whatever has both files.
fn transcripts() -> Vec<String> {
    let folder = folders().1;
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.filter(|path| path.extension().is_some_and(|e| e == "txt"));
    let recorded = texts.filter(|path| path.with_extension("json").is_file());
    let mut names: Vec<String> = recorded.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    assert!(!names.is_empty(), "no transcripts in {}", folder.display());
    names
}

#[test]
fn published_cases() {
    let file = json("published-test-chunks.json");
    let published = |name: &Json| {
        let all = file["published_chunks"].as_array().unwrap();
        bytes(all.iter().find(|chunk| chunk["name"] == *name).unwrap()["hex"].as_str().unwrap())
    };
    let mut count = 0;
    for case in file["cases"].as_array().unwrap() {
        let chunks: Vec<Vec<u8>> = match &case["chunks"] {
            Json::Array(names) => names.iter().map(published).collect(),
            _ => case["chunks_hex"].as_array().unwrap().iter().map(|hex| bytes(hex.as_str().unwrap())).collect(),
        };
        let out = decode_chunks("TESTSERIAL", &chunks);
        assert_eq!(out.messages.len() as u64, case["messages"], "{case}");
        for message in &out.messages {
            let record = serde_json::to_value(&message.record).unwrap();
            assert_contains(&record["events"][0], &file["message"]["json"], "event");
            assert_eq!(record["size"], file["message"]["length"]);
        }
        let codes = out.codes();
        let expected: &[&str] = match case["name"].as_str().unwrap() {
            "single" | "two_parts" | "padded" | "all" => &[],
            "second_part_alone" => &["lost_init"],
            "first_part_twice" | "second_part_twice" => &["duplicate"],
            "swapped" => &["lost_init", "truncated"],
            "interrupted" => &["truncated"],
            "bad_crc" | "padded_single" => &["crc"],
            other => panic!("a case that this test does not know: {other}"),
        };
        assert_eq!(codes, expected, "{case}");
        count += 1;
    }
    assert!(count >= 11);
    let both = decode_chunks("TESTSERIAL", &[published(&json!("single")), published(&json!("single"))]);
    let repeated: Vec<_> = both.messages.iter().map(|message| message.record.duplicate_of).collect();
    assert_eq!(repeated, [None, Some(1)], "both are kept, the second one is flagged");
}

#[test]
fn published_log() {
    let file = json("published-test-chunks.json");
    let text = file["published_log"]["text"].as_str().unwrap();
    let out = decode_text("TESTSERIAL", text.as_bytes(), 7);
    assert_eq!((out.messages.len(), out.diagnostics.len()), (1, 0));
    assert_eq!(out.messages[0].record.chunks, [1, 2]);
}

fn decode_text(device: &str, text: &[u8], piece: usize) -> Collected {
    let mut decoder = Decoder::new(Options::default());
    let mut out = Collected::default();
    let device = decoder.device(device, true);
    let mut scanner = Scanner::new(0, true);
    for part in text.chunks(piece) {
        decoder.text(device, &mut scanner, part, None, &mut out);
    }
    decoder.end_of_text(device, &mut scanner, None, &mut out);
    decoder.finish(device, &mut out);
    out
}

#[test]
fn transcripts_give_the_recorded_chunks_and_messages() {
    for name in &transcripts() {
        let expected = json(&format!("{name}.json"));
        let mut chunks = Vec::new();
        let mut scanner = Scanner::new(0, true);
        let mut found = |found: Found<'_>, at| match found {
            Found::Token(_, chunk) => chunks.push(chunk.to_vec()),
            other => panic!("{name}: {other:?} {at:?}"),
        };
        scanner.push(&data(&format!("{name}.txt")), &mut found);
        scanner.finish(&mut found);
        let wanted: Vec<_> =
            expected["chunks"].as_array().unwrap().iter().map(|hex| bytes(hex.as_str().unwrap())).collect();
        assert!(chunks == wanted, "{name}: the chunks differ");

        let mut reassembler = Reassembler::new(1 << 20, false);
        let mut messages = Vec::new();
        for chunk in &chunks {
            let mut notes = Vec::new();
            if let Some(assembled) = reassembler.push(chunk, Origin::default(), &mut notes) {
                let message = Message::parse(assembled.bytes).unwrap();
                let payload =
                    if message.rle { rle::decode(message.payload, 1 << 20).unwrap() } else { message.payload.to_vec() };
                messages.push(json!({
                    "type": message.type_id, "rle": message.rle, "project_key": message.project_key.is_some(),
                    "payload": memfault_decode::model::hex(&payload),
                }));
            }
            assert_eq!(notes, [], "{name}");
        }
        let wanted: Vec<Json> = expected["messages"].as_array().unwrap().iter().map(without_defect).collect();
        assert!(messages == wanted, "{name}: the messages differ");
    }
}

/// `ref_defect` marks a log message that the firmware itself encoded wrongly.
fn without_defect(message: &Json) -> Json {
    let mut message = message.clone();
    message.as_object_mut().unwrap().remove("ref_defect");
    message
}

#[test]
fn transcripts_decode_to_records() {
    for name in &transcripts() {
        let expected = json(&format!("{name}.json"));
        let out = decode_text(name, &data(&format!("{name}.txt")), 4096);
        let wanted = expected["messages"].as_array().unwrap();
        assert_eq!(out.messages.len(), wanted.len());
        let dumps: Vec<_> = out.messages.iter().filter(|message| message.record.type_id == 1).collect();
        assert_eq!(dumps.len() as u64, expected["coredumps"].as_array().unwrap().len() as u64);
        for dump in dumps {
            let described = dump.record.coredump.as_ref().unwrap();
            assert_eq!(described.build_id.as_deref(), expected["build_id"].as_str());
            assert_eq!((described.machine, described.warnings.len()), (Some("cortex-m"), 0));
        }
        let build_id = &expected["build_id"].as_str().unwrap()[..12];
        for event in out.messages.iter().flat_map(|message| message.record.events.iter().flatten()) {
            assert_eq!(event.build_id.as_deref(), Some(build_id));
            assert!(matches!(event.r#type, "heartbeat" | "trace" | "reboot" | "logs" | "cdr"), "{}", event.r#type);
        }
        // The firmware of the transcripts really has the wrapped-record defect in its log messages.
        let defects = wanted.iter().filter(|message| message.get("ref_defect").is_some()).count();
        let reported: Vec<_> = out.diagnostics.iter().filter(|diagnostic| diagnostic.code.as_str() != "cbor").collect();
        assert!(reported.is_empty(), "{name}: {reported:?}");
        assert_eq!(out.diagnostics.len(), defects, "{name}: {:?}", out.diagnostics);
        for (message, wanted) in out.messages.iter().zip(wanted) {
            // Its record is put together again: an exported chunk, whose token is whole.
            let lines = message.record.events.iter().flatten().flat_map(|event| event.logs.iter().flatten());
            let damaged: Vec<_> = lines.filter(|line| line.damaged).collect();
            assert_eq!(damaged.len(), usize::from(wanted.get("ref_defect").is_some()), "{name}: {damaged:?}");
            let is_token = |text: &str| {
                let base64 = text.strip_prefix("MC:").and_then(|text| text.strip_suffix(':'));
                base64
                    .is_some_and(|text| memfault_decode::base64::decode_into(text.as_bytes(), &mut Vec::new()).is_ok())
            };
            assert!(damaged.iter().all(|line| line.text.as_deref().is_some_and(is_token)), "{name}: {damaged:?}");
        }
    }
}

#[test]
fn coredumps_of_transcripts_are_what_lay_in_the_storage() {
    for name in &transcripts() {
        let expected = json(&format!("{name}.json"));
        let stored: Vec<_> =
            expected["coredumps"].as_array().unwrap().iter().map(|hex| bytes(hex.as_str().unwrap())).collect();
        let out = decode_text(name, &data(&format!("{name}.txt")), 1000);
        let sent: Vec<_> = out
            .messages
            .iter()
            .filter(|message| message.record.type_id == 1)
            .map(|message| message.attachments.iter().find(|file| file.part == Part::Payload).unwrap().bytes.clone())
            .collect();
        assert!(!stored.is_empty() && sent == stored, "{name}: {} sent, {} stored", sent.len(), stored.len());
    }
}

#[test]
fn worked_example_of_the_rle_source() {
    // Spec 10 §10.3, padded as in §17.
    let chunks = [
        "48 32 81 09 c0 c1 c2 c3 c4 90 03 00 45 01 02 03 09 09 60 61 62 63 64 65",
        "c0 16 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77 78 79 7a 7b",
        "80 2c 7c 7d 50 a5 01 07 e7 64 ba ba ba ba ba ba ba ba ba ba ba ba ba ba",
    ]
    .map(bytes);
    let out = decode_chunks("A", &chunks);
    let raw = [
        &[0xc0, 0xc1, 0xc2, 0xc3, 0xc4][..],
        &[0; 200],
        &[1, 2, 3, 9, 9],
        &(0x60..=0x7d).collect::<Vec<u8>>(),
        &[0xa5; 40],
        &[7],
    ]
    .concat();
    assert_eq!(raw.len(), 281);
    assert_eq!(out.messages[0].attachments[0].bytes, raw);
    assert!(out.messages[0].record.rle);
    assert_eq!(out.codes(), ["coredump"], "these bytes are no real coredump");
}

#[test]
fn project_key_example() {
    // Spec 10 §6.
    let chunks = [
        "48 26 42 41 62 43 64 45 66 47 68 30",
        "c0 0a 31 32 33 34 35 36 37 38 39 41",
        "c0 14 62 43 64 45 66 47 68 30 31 32",
        "80 1e 33 34 35 00 30 31 32 33 05 66",
    ]
    .map(bytes);
    let out = decode_chunks("A", &chunks);
    let key = out.messages[0].record.project_key.as_deref().unwrap();
    assert_eq!(key, "****************************2345", "masked, but recognisable");
}

#[test]
fn export_lines_of_the_specification() {
    // Spec 10 §12: an event that is no CBOR map, and a log message of 100 bytes.
    let text = "MC:CAIwMTIzNCdQ:\n\
        MC:SGUDAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0w=:\n\
        MC:gE5NTk9QUVJTVFVWV1hZWltcXV5fYGFiY32p:\n";
    let out = decode_text("A", text.as_bytes(), 11);
    let sizes: Vec<_> = out.messages.iter().map(|message| (message.record.r#type, message.record.size)).collect();
    assert_eq!(sizes, [("event", 6), ("log", 101)]);
}

#[test]
fn kettle_example_without_symbols() {
    // Spec 80 §7.8.
    let text = "\
        MC:CAKoAgEDAQdoS0VUVExFLTcKa2tldHRsZS1tYWluCWUzLjEuNAZkcHZ0MgEaaOd4AASiAgABgxoAAV+Q9gKSYw==:\n\
        MC:CAKoAgEDAQdoS0VUVExFLTcKa2tldHRsZS1tYWluCWUzLjEuNAZkcHZ0MgEaaOd4AASiAgEBiBoANu6AAQEBGQ4PBTgkY2Vjb5Ke:\n\
        MC:CAKoAgIDAQdoS0VUVExFLTcKa2tldHRsZS1tYWluCWUzLjEuNAZkcHZ0MgEaaOd4AASjBgIDGYKbCYMYPgNkaTJjMPmX:\n\
        MC:CAKoAgIDAQdoS0VUVExFLTcKa2tldHRsZS1tYWluCWUzLjEuNAZkcHZ0MgEaaOd4AASkBgECGYC0AxmCmwcrtKk=:\n\
        MC:SF4DqAIGAwEHaEtFVFRMRS03CmtrZXR0bGUtbWFpbgllMy4xLjQGZHB2dDIBGmjneAAEhhpo53gAAkmDGCIY+mNsb3caaOd4AAFVgwiBOwA=:\n\
        MC:gE4AAAEqBfH/+z/gAAAAAAAAMkQ=:\n";
    let out = decode_text("KETTLE-7", text.as_bytes(), 1000);
    assert_eq!(out.diagnostics, []);
    let events: Vec<Json> = out
        .messages
        .iter()
        .flat_map(|message| message.record.events.iter().flatten())
        .map(|event| serde_json::to_value(event).unwrap())
        .collect();
    let expected = [
        json!({"type": "heartbeat", "heartbeat": {"session": null, "session_index": 0, "resolved": "none",
            "metrics": {"#0": 90000, "#1": null, "#2": 2}, "values": [90000, null, 2]}}),
        json!({"heartbeat": {"session_index": 1, "values": [3600000, 1, 1, 1, 3599, 5, -37, "eco"]}}),
        json!({"type": "trace", "trace": {"reason": null, "reason_id": 2, "pc": null, "lr": "0x0000829b", "status": null,
            "log": "<log 0x3e: [3,\"i2c0\"]>"}}),
        json!({"type": "trace", "trace": {"reason_id": 1, "pc": "0x000080b4", "lr": "0x0000829b", "status": -12, "log": null}}),
        json!({"type": "logs", "type_id": 6, "logs": [
            {"time": "2025-10-09T08:53:20Z", "level": "warning", "text": "<log 0x22: [250,\"low\"]>", "file": null,
             "line": null, "raw": "83182218fa636c6f77"},
            {"time": "2025-10-09T08:53:20Z", "level": "info", "text": "<log 0x8: [-5000000000,0.5]>", "file": null,
             "line": null, "raw": "8308813b000000012a05f1fffb3fe0000000000000"}]}),
    ];
    assert_eq!(events.len(), expected.len());
    for (index, (event, expected)) in events.iter().zip(&expected).enumerate() {
        assert_contains(event, expected, &format!("event {}", index + 1));
        assert_contains(
            event,
            &json!({"device_serial": "KETTLE-7", "software_type": "kettle-main", "software_version": "3.1.4",
                    "hardware_version": "pvt2", "captured_at": "2025-10-09T08:53:20Z", "build_id": null, "symbols": null}),
            &format!("event {}", index + 1),
        );
    }
    let last = serde_json::to_value(&out.messages[4].record).unwrap();
    assert_contains(
        &last,
        &json!({"v": 1, "device": "KETTLE-7", "message": 5, "type": "log", "type_id": 3, "received_at": null, "size": 94,
                "chunks": [5, 6], "rle": false, "project_key": null, "duplicate_of": null}),
        "message",
    );
}
