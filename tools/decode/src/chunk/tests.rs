use super::*;

/// Pushes chunks in hex; gives messages in hex and the codes of what was reported.
fn run(chunks: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    run_with(&mut Reassembler::new(DEFAULT_MAX_MESSAGE_LEN, false), chunks)
}

fn run_with(reassembler: &mut Reassembler, chunks: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    let (mut messages, mut codes) = (Vec::new(), Vec::new());
    for (index, chunk) in chunks.iter().enumerate() {
        let chunk = bytes(chunk);
        let origin = Origin { chunk: index as u64 + 1, ..Origin::default() };
        let mut notes = Vec::new();
        if let Some(message) = reassembler.push(&chunk, origin, &mut notes) {
            messages.push(crate::model::hex(message.bytes));
        }
        codes.extend(notes.iter().map(|note| note.code().as_str()));
        assert!(notes.iter().all(|note| !note.text().is_empty()));
    }
    let mut notes = Vec::new();
    reassembler.abandon(CutBy::EndOfInput, &mut notes);
    codes.extend(notes.iter().map(|note| note.code().as_str()));
    (messages, codes)
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn ramp(from: u8, to: u8) -> String {
    (from..=to).map(|byte| format!("{byte:02x}")).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn examples_of_the_specification() {
    // Spec 10 §5.3, in its order; two of the messages padded as a fixed packet size would.
    for (chunks, message) in [
        (vec!["08 02 10 20 30 40 50 c8 2a".to_owned()], "021020304050".to_owned()),
        (
            vec![
                "48 15 02 30 31 32 33 34 35 36 37 38".to_owned(),
                "c0 0a 39 3a 3b 3c 3d 3e 3f 40 41 42".to_owned(),
                "80 14 43 f6 b5 ba ba ba ba ba ba ba".to_owned(),
            ],
            format!("02{}", ramp(0x30, 0x43)),
        ),
        (
            vec!["48 0a 02 30 31 32 33 34 35 36 37 38".to_owned(), "80 0a 9d ba".to_owned()],
            format!("02{}", ramp(0x30, 0x38)),
        ),
        (
            vec![
                "48 13 02 30 31 32 33 34 35 36 37 38".to_owned(),
                "c0 0a 39 3a 3b 3c 3d 3e 3f 40 41 ba".to_owned(),
                "80 13 50 fa".to_owned(),
            ],
            format!("02{}", ramp(0x30, 0x41)),
        ),
        (
            vec![
                format!("48 c9 01 02 {}", ramp(0x00, 0x41)),
                format!("c0 43 {}", ramp(0x42, 0x85)),
                format!("c0 87 01 {}", ramp(0x86, 0xc7)),
                "80 c9 01 db 97".to_owned(),
            ],
            format!("02{}", ramp(0x00, 0xc7)),
        ),
        // Multi-call: the pieces of one chunk, put together by the transport.
        (
            vec!["08 02 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 f6 b5".to_owned()],
            format!("02{}", ramp(0x30, 0x43)),
        ),
    ] {
        let chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
        assert_eq!(run(&chunks), (vec![message], vec![]), "{chunks:?}");
    }
}

const FIRST: &str = "48 15 02 30 31 32 33 34 35 36 37 38";
const SECOND: &str = "c0 0a 39 3a 3b 3c 3d 3e 3f 40 41 42";
const LAST: &str = "80 14 43 f6 b5";
const OTHER: &str = "08 02 10 20 30 40 50 c8 2a";

#[test]
fn loss_has_a_code_for_each_place() {
    for (chunks, messages, expected) in [
        (&[SECOND, LAST][..], 0, &["lost_init", "lost_init"][..]),
        (&[FIRST, LAST], 0, &["gap"]),
        (&[FIRST, SECOND], 0, &["truncated"]),
        (&[FIRST, OTHER, SECOND, LAST], 1, &["truncated", "lost_init", "lost_init"]),
        (&[FIRST, "48 0a 02 30", SECOND], 0, &["truncated", "gap"]),
        (&[FIRST, SECOND, "80 14 43 f6"], 0, &["truncated"]),
        (&[FIRST, SECOND, "80 14"], 0, &["truncated"]),
        (&[FIRST, "80 0a 39 3a"], 0, &["truncated"]),
        (&[FIRST, SECOND, "80 14 43 f6 b4"], 0, &["crc"]),
        (&["08 02 10 20 30 40 50 c8 2b"], 0, &["crc"]),
        (&["08 02 10 20 30 40 50 c8 2a ba"], 0, &["crc"]),
    ] {
        let (got, codes) = run(chunks);
        assert_eq!((got.len(), codes.as_slice()), (messages, expected), "{chunks:?}");
    }
}

#[test]
fn repetitions_cost_nothing() {
    for chunks in [
        &[FIRST, FIRST, SECOND, LAST][..],
        &[FIRST, SECOND, SECOND, LAST],
        &[FIRST, SECOND, LAST, LAST],
        // A device that is asked again after the end sends its CRC alone.
        &[FIRST, SECOND, LAST, "80 15 f6 b5"],
    ] {
        let (messages, codes) = run(chunks);
        assert_eq!((messages.len(), codes), (1, vec!["duplicate"]), "{chunks:?}");
    }
    // The same offset, but not the end of that message.
    assert_eq!(run(&[FIRST, SECOND, LAST, "80 15 00 00"]).1, ["lost_init"]);
}

#[test]
fn a_lost_message_is_counted_once() {
    let lost = |chunks: &[&str]| {
        let mut reassembler = Reassembler::new(1000, false);
        let mut notes = Vec::new();
        for chunk in chunks {
            reassembler.push(&bytes(chunk), Origin::default(), &mut notes);
        }
        reassembler.abandon(CutBy::EndOfInput, &mut notes);
        notes.iter().map(Note::lost_messages).sum::<u64>()
    };
    assert_eq!(lost(&[SECOND, "c0 14 00", "80 15 00 00"]), 1);
    assert_eq!(lost(&[SECOND, "80 14 00 00", SECOND]), 2);
    assert_eq!(lost(&[SECOND, SECOND]), 2);
    assert_eq!(lost(&[FIRST, "c0 0b 00", "c0 0c 00"]), 1);
    assert_eq!(lost(&[FIRST, FIRST, SECOND, LAST]), 0);
    assert_eq!(lost(&[FIRST]), 1);
}

#[test]
fn chunks_that_no_device_sends() {
    for (chunk, code) in [
        ("", "truncated"),
        ("08", "truncated"),
        ("08 00", "truncated"),
        ("48", "truncated"),
        ("48 80 80", "truncated"),
        ("48 00", "bad_header"),
        ("48 ff ff ff ff 1f 00", "bad_header"),
        ("c0 80 80 80 80 80 01", "bad_header"),
        ("80", "truncated"),
        ("00 02 10 20 30 40 50 c8 2a", "bad_header"),
        ("40 15 02", "bad_header"),
        ("09 02 10 20 30 40 50 c8 2a", "bad_header"),
        ("18 02 10 20 30 40 50 c8 2a", "bad_header"),
        ("88 14 43 f6 b5", "bad_header"),
    ] {
        assert_eq!(run(&[chunk]), (vec![], vec![code]), "{chunk:?}");
    }
    for header in 0..=u8::MAX {
        let known = is_chunk_header(header);
        assert_eq!(run(&[&format!("{header:02x} 01 02 03 04")]).1 != ["bad_header"], known, "{header:02x}");
    }
}

#[test]
fn a_bad_chunk_leaves_an_open_message_alone() {
    let (messages, codes) = run(&[FIRST, "ff", SECOND, "", LAST]);
    assert_eq!((messages.len(), codes), (1, vec!["bad_header", "truncated"]));
}

#[test]
fn a_length_is_not_believed() {
    // 4 GiB are announced: above the limit, and nothing may be reserved below it either.
    assert_eq!(run(&["48 ff ff ff ff 0f 02", "c0 01 00"]).1, ["too_big", "lost_init"]);
    let mut reassembler = Reassembler::new(DEFAULT_MAX_MESSAGE_LEN, false);
    run_with(&mut reassembler, &["48 80 80 80 20 02 01"]); // 64 MiB exactly
    assert!(reassembler.buffer.capacity() < 1000);
    assert_eq!(run(&["48 81 80 80 20 02 01"]).1, ["too_big"]);
}

#[test]
fn padding_is_cut_only_on_request() {
    let padded = "08 02 10 20 30 40 50 c8 2a ba ba ba";
    assert_eq!(run(&[padded]).1, ["crc"]);
    let mut lenient = Reassembler::new(1000, true);
    assert_eq!(run_with(&mut lenient, &[padded]), (vec!["021020304050".to_owned()], vec!["trimmed"]));
    assert_eq!(run_with(&mut lenient, &["08 02 10 20 30 40 50 c8 2a 00 00"]).1, ["trimmed"]);
    assert_eq!(run_with(&mut lenient, &["08 02 10 20 30 40 50 c8 2a 01"]).1, ["crc"]);
    assert_eq!(run_with(&mut lenient, &["08 00 00 00 00"]).0, ["0000"], "a message of zeros is its own CRC");
    assert_eq!(run_with(&mut lenient, &[OTHER]).1, NONE);
}

#[test]
fn texts_name_the_numbers() {
    let first = Origin { position: Position { line: 12, ..Position::default() }, ..Origin::default() };
    let gap = Note::Gap { offset: 20, received: 10, total: 21, first };
    assert_eq!(gap.text(), "message bytes 10 to 19 are missing; the message of 21 bytes that began in line 12 is lost");
    assert!(Note::BadHeader { header: 0x40 }.text().contains("unsupported old framing"));
    assert!(Note::BadHeader { header: 0x0a }.text().contains("channel is not 0"));
}
