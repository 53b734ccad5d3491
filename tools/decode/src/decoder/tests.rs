use super::recent::Recent;
use super::*;

#[derive(Default)]
struct Out {
    messages: Vec<Decoded>,
    said: Vec<(&'static str, String)>,
}

impl Sink for Out {
    fn message(&mut self, message: Decoded) {
        self.messages.push(message);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.said.push((diagnostic.code.as_str(), diagnostic.text));
    }
}

fn whole(message: &[u8]) -> Vec<u8> {
    [&[0x08][..], message, &crate::crc::crc16(message).to_le_bytes()].concat()
}

fn run(options: Options, chunks: &[(&str, &[u8])]) -> (Out, Stats) {
    let mut decoder = Decoder::new(options);
    let mut out = Out::default();
    for (index, (device, chunk)) in chunks.iter().enumerate() {
        let device = decoder.device(device, true);
        let position = Position { offset: index as u64, ..Position::default() };
        decoder.chunk(device, chunk, position, Some(1_700_000_000_250 + index as i64), &mut out);
    }
    for index in 0..decoder.devices.len() {
        decoder.finish(DeviceId(index), &mut out);
    }
    assert_eq!(decoder.open_bytes, 0);
    let stats = decoder.stats();
    (out, stats)
}

#[test]
fn the_record_tells_the_way_of_a_message() {
    let (out, stats) = run(
        Options::default(),
        &[("a", b"\x48\x05\x02\xa2"), ("b", &whole(b"\x3fabc")), ("a", b"\xc0\x02\x02\x09\x04"), ("a", b"\xff")],
    );
    let record = &out.messages[0].record;
    assert_eq!((&*record.device, record.message, record.r#type, record.size), ("b", 1, "unknown", 4));
    assert_eq!(record.received_at.as_deref(), Some("2023-11-14T22:13:20.251Z"));
    assert_eq!(record.payload.as_ref().unwrap().size, 3);
    assert_eq!(out.messages[0].attachments, [Attachment { part: Part::Payload, bytes: b"abc".to_vec() }]);
    let codes: Vec<_> = out.said.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["unknown_type", "bad_header", "truncated"]);
    let expected = Stats {
        chunks: 4,
        chunk_bytes: 4 + 7 + 5 + 1,
        messages: [1, 0, 0, 0, 0, 0],
        lost: 1,
        corrupt: 1,
        errors: 2,
        warnings: 1,
        ..stats
    };
    assert_eq!(stats, expected);
}

#[test]
fn a_small_message_cannot_ask_for_gigabytes() {
    let (out, stats) = run(Options::default(), &[("a", &whole(b"\x81\xfe\xff\xff\xff\x0f\x00"))]);
    assert_eq!((out.messages.len(), out.said[0].0, stats.corrupt), (0, "rle", 1));
}

#[test]
fn damaged_messages_have_a_code() {
    for (message, code) in [
        (&b""[..], "truncated"),
        (b"\x42key", "truncated"),
        (b"\x81\x00", "rle"),
        (b"\x02\xff", "cbor"),
        (b"\x01CORE", "coredump"),
    ] {
        let (out, _) = run(Options::default(), &[("a", &whole(message))]);
        assert_eq!(out.said.first().map(|said| said.0), Some(code), "{message:?}");
    }
}

#[test]
fn a_damaged_event_is_one_corrupt_message() {
    // Cut inside its log array: there are two things to say.
    let (out, stats) = run(Options::default(), &[("a", &whole(b"\x03\xa2\x02\x04\x04\x84\x02\x61x\x03"))]);
    assert_eq!((out.said.len(), out.messages.len(), stats.corrupt, stats.errors), (2, 1, 1, 2));
}

#[test]
fn open_messages_of_all_devices_are_bounded_and_the_oldest_goes() {
    let first = [&[0x48, 0xc8, 0x01][..], &[0; 90]].concat();
    let options = Options { max_open_bytes: 200, ..Options::default() };
    let (out, stats) = run(options, &[("a", &first), ("b", &first), ("c", &first), ("c", b"\xc0\x5a\x00")]);
    assert_eq!(out.said.len(), 3);
    assert!(out.said[0].1.contains("too many open messages"));
    assert!(out.said[1].1.contains("the input ended"));
    assert_eq!(stats.lost, 3);
}

#[test]
fn another_serial_is_said_once_and_only_if_the_device_is_known_by_serial() {
    let event = whole(b"\x02\xa3\x02\x02\x07\x61z\x04\xa1\x06\x00");
    let (out, _) = run(Options::default(), &[("a", &event), ("a", &event)]);
    assert_eq!(out.said, [("serial", "an event names device z, the chunks are of a".to_owned())]);
    assert_eq!(run(Options::default(), &[("z", &event)]).0.said, []);
    assert_eq!(out.messages[1].record.duplicate_of, Some(1));
    let mut decoder = Decoder::new(Options::default());
    let by_file = decoder.device("log", false);
    let mut out = Out::default();
    decoder.chunk(by_file, &event, Position::default(), None, &mut out);
    assert_eq!(out.said, []);
}

#[test]
fn a_file_name_lands_where_the_model_wants_it() {
    let cdr = whole(b"\x04\xa2\x02\x05\x04\xa1\x04\x42hi");
    let (mut out, _) = run(Options::default(), &[("a", &cdr), ("a", &whole(b"\x05zip"))]);
    assert_eq!(out.messages[0].attachments[0].part, Part::Recording(0));
    out.messages[0].set_file(Part::Recording(0), "r.bin");
    out.messages[1].set_file(Part::Payload, "p.bin");
    let file = out.messages[0].record.events.as_ref().unwrap()[0].cdr.as_ref().unwrap().file.as_deref();
    assert_eq!(file, Some("r.bin"));
    assert_eq!(out.messages[1].record.payload.as_ref().unwrap().file.as_deref(), Some("p.bin"));
}

#[test]
fn old_messages_are_forgotten() {
    let mut recent = Recent::default();
    assert_eq!(recent.same_as(b"first", 1), None);
    for number in 2..5000u64 {
        assert_eq!(recent.same_as(&number.to_le_bytes(), number), None);
    }
    assert_eq!(recent.same_as(b"first", 5000), None, "out of reach");
    assert_eq!(recent.same_as(&4999u64.to_le_bytes(), 5001), Some(4999));
}
