use super::*;
use serde_json::json;

const P: &str = "a6 0202 0301 0a66 6170702d6677 0965 322e372e31 0665 7265762d63 ";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The events as JSON without their nulls, and the notes.
fn events(hex: &str) -> (Vec<Json>, Vec<(Level, String)>) {
    let out = decode(&bytes(hex));
    (out.events.iter().map(|event| without_nulls(serde_json::to_value(event).unwrap())).collect(), out.notes)
}

fn without_nulls(value: Json) -> Json {
    match value {
        Json::Object(map) => {
            map.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, without_nulls(v))).collect()
        }
        Json::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// One event without notes; its own part only.
fn part(hex: &str, name: &str) -> Json {
    let (events, notes) = events(hex);
    assert_eq!(notes, [], "{hex}");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], name);
    events[0][name].clone()
}

#[test]
fn envelope_of_the_specification() {
    let (all, notes) = events(
        "a9 0202 0301 0767534e2d30303432 0a666170702d6677 0965322e372e31 06657265762d63 \
         0b46a0a1a2a3a4a5 011a6553f100 04a20602021a08001234",
    );
    assert_eq!(notes, []);
    assert_eq!(
        all,
        [json!({
            "type": "trace", "type_id": 2, "schema_version": 1, "device_serial": "SN-0042",
            "software_type": "app-fw", "software_version": "2.7.1", "hardware_version": "rev-c",
            "build_id": "a0a1a2a3a4a5", "captured_at": "2023-11-14T22:13:20Z", "captured_at_unix": 1700000000,
            "trace": {"reason_id": 2, "pc": "0x08001234"},
        })]
    );
}

#[test]
fn every_key_is_there_even_if_null() {
    let event = serde_json::to_value(&decode(&bytes(&(P.to_owned() + "04a10600"))).events[0]).unwrap();
    let keys: Vec<&str> = event.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "type",
        "type_id",
        "schema_version",
        "device_serial",
        "software_type",
        "software_version",
        "hardware_version",
        "build_id",
        "captured_at",
        "captured_at_unix",
        "heartbeat",
        "trace",
        "reboot",
        "logs",
        "cdr",
        "symbols",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
}

#[test]
fn trace_events_of_the_specification() {
    for (info, expected) in [
        ("04a3 0602 021a08001234 031a08004321", json!({"reason_id": 2, "pc": "0x08001234", "lr": "0x08004321"})),
        ("04a10600", json!({"reason_id": 0})),
        (
            "04a4 0601 0210 03190200 0739012b",
            json!({"reason_id": 1, "pc": "0x00000010", "lr": "0x00000200", "status": -300}),
        ),
        ("04a3 0601 03190200 0848 727373693d2d3731", json!({"reason_id": 1, "lr": "0x00000200", "log": "rssi=-71"})),
        ("04a2 0601 0840", json!({"reason_id": 1, "log": ""})),
        ("04a3 0601 03190200 09 82 08 3846", json!({"reason_id": 1, "lr": "0x00000200", "log": "<log 0x8: [-71]>"})),
        ("04a2 0601 0842 ff41", json!({"reason_id": 1, "log": "\u{fffd}A"})),
    ] {
        assert_eq!(part(&(P.to_owned() + info), "trace"), expected);
    }
}

#[test]
fn reboots_of_the_specification() {
    let p = |info: &str| part(&(P.to_owned() + info), "reboot");
    assert_eq!(
        p("04a5 01199400 021a0800abcd 031a08001111 041a10000000 0501"),
        json!({"reason": "HardFault", "reason_id": 0x9400, "unexpected": true, "pc": "0x0800abcd", "lr": "0x08001111",
               "reset_reason_register": "0x10000000", "coredump_saved": true})
    );
    assert_eq!(
        p("04a2 0100 0500"),
        json!({"reason": "Unknown", "reason_id": 0, "unexpected": true, "coredump_saved": false})
    );
    assert_eq!(p("04a2 01191001 0500"), json!({"reason_id": 0x1001, "unexpected": false, "coredump_saved": false}));
}

#[test]
fn a_user_reason_makes_it_a_trace_event() {
    let (all, _) = events("a2 0202 04a2 01198000 0603");
    assert_eq!((&all[0]["type"], &all[0]["trace"]), (&json!("trace"), &json!({"reason_id": 3})));
    assert_eq!(all[0]["unknown"], json!({"4.1": 0x8000}));
}

#[test]
fn metrics_logs_and_recordings_of_the_specification() {
    let envelope = "0301 0a666170702d6677 0965322e372e31 06657265762d63 ";
    assert_eq!(
        part(&format!("a6 0201 {envelope} 04a2 0200 01 88 19ea60 01 f6 f6 00 00 1840 182a"), "heartbeat"),
        json!({"session_index": 0, "resolved": "none", "values": [60000, 1, null, null, 0, 0, 64, 42],
               "metrics": {"#0": 60000, "#1": 1, "#4": 0, "#5": 0, "#6": 64, "#7": 42}})
    );
    let logs = |hex: &str| part(hex, "logs");
    assert_eq!(
        logs(&format!("a6 0206 {envelope} 0486 00 02 67 74656d70203731 1a6553f100 03 67 66616e206f6666")),
        json!([{"level": "warning", "text": "temp 71"},
               {"level": "error", "text": "fan off", "time": "2023-11-14T22:13:20Z"}])
    );
    assert_eq!(
        logs(&format!("a6 0204 {envelope} 0484 02 67 74656d70203731 07 67 66616e206f6666")),
        json!([{"level": "warning", "text": "temp 71"}, {"level": "7", "text": "fan off"}])
    );
    let cdr = bytes(&format!(
        "a7 0205 {envelope} 011a6553f100 04a4 0118fa 0281 7818 6170706c69636174696f6e2f6f637465742d73747265616d \
         03 63616463 04 43010203"
    ));
    let out = decode(&cdr);
    assert_eq!(out.recordings, [(0, vec![1, 2, 3])]);
    assert_eq!(
        without_nulls(serde_json::to_value(&out.events[0].cdr).unwrap()),
        json!({"duration_ms": 250, "mimetypes": ["application/octet-stream"], "reason": "adc", "size": 3,
               "sha256": "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"})
    );
}

#[test]
fn unset_metrics_are_null() {
    let out = decode(&bytes("a2 0201 04a1 01 82 f6 05"));
    let heartbeat = out.events[0].heartbeat.as_ref().unwrap();
    assert_eq!(heartbeat.session.as_deref(), Some("heartbeat"), "older SDKs have no session key");
    assert_eq!(heartbeat.metrics.0, [("#0".into(), Json::Null), ("#1".into(), json!(5))]);
}

#[test]
fn a_batch_is_many_events() {
    let one = P.to_owned() + "04a10600";
    let (all, notes) = events(&format!("82 {one} {one}"));
    assert_eq!((all.len(), notes.len()), (2, 0));
    let (all, notes) = events(&format!("83 {one} 05 {one}"));
    assert_eq!((all.len(), notes.len()), (2, 1));
    // The batch announces three, two came.
    let (all, notes) = events(&format!("83 {one} {one}"));
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].get("malformed"), &all[1]["malformed"]), (None, &json!(true)));
    assert_eq!(notes[0].0, Level::Error);
}

#[test]
fn unusual_but_valid_cbor_is_accepted() {
    // Indefinite map, keys in another order, wide integers, tag, text in pieces, 64-bit pc.
    let (all, notes) =
        events("bf 04 bf 02 1b0000000180000000 06 1900 02 ff 09 7f 61 32 62 2e37 ff 02 c1 1a00000002 ff");
    assert_eq!(notes, []);
    assert_eq!(
        all,
        [json!({"type": "trace", "type_id": 2, "software_version": "2.7",
                            "trace": {"reason_id": 2, "pc": "0x0000000180000000"}})]
    );
}

#[test]
fn unknown_keys_are_kept_and_repeated_ones_ignored() {
    let (all, notes) = events("a6 0202 181f f5 617a 01 09 05 0202 04a2 0601 1863 43aabbcc");
    assert_eq!(
        all,
        [json!({"type": "trace", "type_id": 2, "trace": {"reason_id": 1},
                            "unknown": {"31": true, "\"z\"": 1, "9": 5, "4.99": "aabbcc"}})]
    );
    assert!(notes.iter().all(|(level, _)| *level == Level::Warning));
    assert!(notes.iter().any(|(_, text)| text == "key 2 occurs twice; the first one counts"));
}

#[test]
fn events_that_the_reference_damages() {
    // Spec 20 §10.3: the compact log did not fit, the event ends inside it.
    let (all, notes) = events(&(P.to_owned() + "04a3 0601 03190200 09 82 08 7863"));
    assert_eq!(all[0]["trace"], json!({"reason_id": 1, "lr": "0x00000200", "log": "<log 0x8: [\"\"]>"}));
    assert_eq!((&all[0]["malformed"], notes[0].0), (&json!(true), Level::Error));
    // Spec 30 §8.5: a wrapped record gives more elements than declared ...
    let (all, notes) =
        events("a2 0204 04 84 02 6c6162636465666768696a6b6c 03 68 7772617070656421 03 68 216d657373616765");
    let whole = json!({"level": "error", "text": "wrapped!!message", "damaged": true});
    assert_eq!(all[0]["logs"], json!([{"level": "warning", "text": "abcdefghijkl"}, whole]));
    assert_eq!(notes.iter().map(|note| note.0).collect::<Vec<_>>(), [Level::Warning]);
    assert!(notes[0].1.ends_with("2 more behind it are its own: record 2 was sent in two parts and is put together"));
    assert_eq!(all[0].get("malformed"), None);
    // ... of which one has the beginning of its text where its time should be ...
    let (all, _) =
        events("a2 0206 04 86 1a65a1b2c3 02 63616263 1a65a1b2c3 03 657772617070 1a6d206465 03 66657373616765");
    let lines = all[0]["logs"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[1]["text"]), (2, &json!("wrapped message")));
    assert_eq!((&lines[1]["time"], &lines[1]["damaged"]), (&lines[0]["time"], &json!(true)));
    // ... also of a compact one; the record before it has the same level, but is whole.
    let (all, _) = events("a2 0204 04 84 01 428108 01 43831822 01 4618fa636c6f77");
    let texts: Vec<_> = all[0]["logs"].as_array().unwrap().iter().map(|line| line["text"].clone()).collect();
    assert_eq!(texts, ["<log 0x8: []>", "<log 0x22: [250,\"low\"]>"]);
    // Which one it is cannot always be told: nothing is put together then.
    let (all, notes) = events("a2 0204 04 84 01 6161 01 6162 01 6163");
    assert_eq!((all[0]["logs"].as_array().unwrap().len(), &all[0]["malformed"]), (3, &json!(true)));
    assert!(notes[0].1.ends_with("which one cannot be told"));
    // ... or fewer.
    let (all, notes) = events("a2 0206 04 86 1a65a1b2c3 02 63616263");
    assert_eq!(all[0]["logs"].as_array().unwrap().len(), 1);
    assert_eq!((&all[0]["malformed"], notes[0].0), (&json!(true), Level::Error));
    let (all, notes) = events("a2 0204 04 84 02 61 78");
    assert_eq!((all[0]["logs"].as_array().unwrap().len(), notes.len()), (1, 1));
}

#[test]
fn what_is_no_event_is_said() {
    for (hex, level) in [("05", Level::Error), ("", Level::Error), ("ff", Level::Error), ("a1 0202", Level::Error)] {
        assert_eq!(events(hex).1[0].0, level, "{hex}");
    }
    let (all, notes) = events("a2 0209 0405");
    assert_eq!(all, [json!({"type": "unknown", "type_id": 9, "unknown": {"4": 5}})]);
    assert_eq!(notes.len(), 1);
    let (_, notes) = events(&(P.to_owned() + "04a10600 0102"));
    assert_eq!(notes, [(Level::Warning, "2 bytes behind the event are not part of it".to_owned())]);
}

#[test]
fn a_hostile_map_cannot_flood() {
    // 60000 pairs, all unknown.
    let mut hostile = bytes("b9ea60");
    for key in 0..60_000u16 {
        hostile.push(0x19);
        hostile.extend(key.to_be_bytes());
        hostile.push(0xf6);
    }
    assert!(decode(&hostile).notes.len() <= MAX_NOTES + 1);
}

#[test]
fn every_cut_and_every_flip_is_survived() {
    let whole =
        bytes(&format!("82 {P} 04a4 0601 0210 03190200 0848 727373693d2d3731 {P} 04a5 01199400 0201 0302 0403 0501"));
    assert_eq!(decode(&whole).events.len(), 2);
    for cut in 0..whole.len() {
        let out = decode(&whole[..cut]);
        assert!(!out.notes.is_empty(), "{cut} bytes");
        assert!(out.events.len() <= 2);
        assert_eq!(cut > 1, !out.events.is_empty());
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            let _ = serde_json::to_string(&decode(&flipped).events).unwrap();
        }
    }
}
