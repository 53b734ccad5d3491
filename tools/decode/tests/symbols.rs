//! Which firmware a message gets its names from, and what happens when there is none.

mod support;

use memfault_decode::symbols::{Symbols, Version};
use memfault_decode::{Decoder, Firmware, Options, Position};
use serde_json::{Value as Json, json};
use support::Collected;
use support::elf::{Enum, Image, Unit};

const ID: [u8; 20] = *b"0123456789abcdefghij";

/// A firmware with the trace reason 1 of this name.
fn firmware(reason: &str, id: Option<[u8; 20]>) -> Firmware {
    let mut image = Image::default();
    image.build_id(if id.is_some() { 3 } else { 1 }, id.unwrap_or_default());
    let lists = [
        (
            "MfltTraceReasonUser",
            vec![("kMfltTraceReasonUser_Unknown".to_owned(), 0), (format!("kMfltTraceReasonUser_{reason}"), 1)],
        ),
        ("MfltResetReason", vec![("kMfltRebootReason_descaled".to_owned(), 0x1001)]),
    ];
    let enums = lists.map(|(tag, enumerators)| Enum { tag: Some(tag), enumerators }).into();
    image.debug(4, &[Unit { name: "main.c", enums, key_table: None }]);
    Firmware::read(&image.file()).unwrap()
}

/// CBOR of a trace event with reason 1 of `kettle` 1.0 (or 2.0 ...), and the first `id_len` bytes of `id`.
fn trace(version: &str, id: &[u8]) -> Vec<u8> {
    let mut event = vec![0xa5 + u8::from(!id.is_empty()), 2, 2, 3, 1, 10, 0x66];
    event.extend_from_slice(b"kettle");
    event.extend([9, 0x60 + version.len() as u8]);
    event.extend_from_slice(version.as_bytes());
    if !id.is_empty() {
        event.extend([11, 0x40 + id.len() as u8]);
        event.extend_from_slice(id);
    }
    event.extend([4, 0xa1, 6, 1]);
    event
}

struct Resolved {
    out: Collected,
    nameless: u64,
}

impl Resolved {
    fn event(&self, index: usize) -> Json {
        serde_json::to_value(&self.out.messages[index].record.events.as_ref().unwrap()[0]).unwrap()
    }

    /// Reason and match of each event.
    fn reasons(&self) -> Vec<(Json, Json)> {
        let events = (0..self.out.messages.len()).map(|index| self.event(index));
        events.map(|event| (event["trace"]["reason"].clone(), event["symbols"]["match"].clone())).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.out.diagnostics.iter().map(|diagnostic| &*diagnostic.text).collect()
    }
}

fn resolve(symbols: Symbols, events: &[Vec<u8>]) -> Resolved {
    let mut decoder = Decoder::new(Options::default());
    decoder.set_symbols(symbols);
    let mut out = Collected::default();
    let device = decoder.device("kettle", false);
    for event in events {
        let message = [&[2][..], event].concat();
        let crc = memfault_decode::crc::crc16(&message);
        let chunk = [&[0x08][..], &message, &crc.to_le_bytes()].concat();
        decoder.chunk(device, &chunk, Position::default(), None, &mut out);
    }
    decoder.finish(device, &mut out);
    Resolved { nameless: decoder.stats().nameless, out }
}

fn one(name: &str, firmware: Firmware) -> Symbols {
    let mut symbols = Symbols::default();
    symbols.add(name, firmware, None);
    symbols
}

#[test]
fn a_prefix_of_the_build_id_finds_the_firmware() {
    let mut other = ID;
    other[5] = 0;
    let mut symbols = one("right.elf", firmware("right", Some(ID)));
    symbols.add("other.elf", firmware("other", Some(other)), None);
    let run = resolve(symbols, &[trace("1.0", &ID[..6]), trace("1.0", &ID), trace("1.0", &other[..6])]);
    assert_eq!(
        run.reasons(),
        [("right".into(), "build_id".into()), ("right".into(), "build_id".into()), ("other".into(), "build_id".into())]
    );
    assert_eq!(run.event(0)["symbols"]["build_id"], "303132333435363738396162636465666768696a");
    assert_eq!((run.nameless, run.texts()), (0, vec![]));
}

#[test]
fn a_build_id_of_two_firmwares_is_refused_once() {
    let mut other = ID;
    other[19] = 0;
    let mut symbols = one("one.elf", firmware("one", Some(ID)));
    symbols.add("two.elf", firmware("two", Some(other)), None);
    // A second file of the same build makes nothing ambiguous.
    symbols.add("copy.elf", firmware("copy", Some(other)), None);
    let run = resolve(symbols, &[trace("1.0", &ID[..6]), trace("1.0", &ID[..6]), trace("1.0", &other)]);
    assert_eq!(
        run.reasons(),
        [(Json::Null, "none".into()), (Json::Null, "none".into()), ("two".into(), "build_id".into())]
    );
    assert_eq!(run.nameless, 2);
    assert_eq!(run.texts(), ["build 303132333435 could be one.elf or two.elf: name the right one with --elf"]);
}

#[test]
fn without_a_build_id_the_only_firmware_is_taken() {
    for id in [None, Some(ID)] {
        let run = resolve(one("kettle.elf", firmware("jam", id)), &[trace("1.0", &[])]);
        assert_eq!(run.reasons(), [("jam".into(), "version".into())]);
    }
    // An id of the data that no file has: a file without an id may be its copy from before the patch.
    let run = resolve(one("kettle.elf", firmware("jam", None)), &[trace("1.0", &ID[..6])]);
    assert_eq!(run.reasons(), [("jam".into(), "version".into())]);
}

#[test]
fn a_firmware_with_another_build_id_is_never_taken() {
    let mut other = ID;
    other[0] = 0;
    let run =
        resolve(one("kettle.elf", firmware("jam", Some(other))), &[trace("1.0", &ID[..6]), trace("1.0", &ID[..6])]);
    assert_eq!(run.reasons(), [(Json::Null, "none".into()), (Json::Null, "none".into())]);
    assert_eq!((run.event(0)["trace"]["reason_id"].clone(), run.nameless), (1.into(), 2));
    assert_eq!(run.texts(), ["no firmware with build id 303132333435 (kettle 1.0): numbers stay numbers"]);
    assert_eq!(run.out.codes(), ["symbols"]);
}

#[test]
fn versions_choose_between_firmwares_without_build_ids() {
    let version = |version: &str| Some(Version { software_type: "kettle".to_owned(), version: version.to_owned() });
    let mut symbols = Symbols::default();
    symbols.add("old.elf", firmware("old", None), version("1.0"));
    symbols.add("new.elf", firmware("new", None), version("2.0"));
    let run = resolve(symbols, &[trace("2.0", &[]), trace("1.0", &[]), trace("3.0", &[])]);
    assert_eq!(
        run.reasons(),
        [("new".into(), "version".into()), ("old".into(), "version".into()), (Json::Null, "none".into())]
    );
    assert_eq!(
        run.texts(),
        ["no firmware for kettle 3.0, which has no build id: name it with --elf; numbers stay numbers"]
    );

    // What the user says about a version counts more than another build id in the file.
    let mut symbols = Symbols::default();
    symbols.add("rebuilt.elf", firmware("jam", Some([9; 20])), version("1.0"));
    assert_eq!(resolve(symbols, &[trace("1.0", &ID[..6])]).reasons(), [("jam".into(), "version".into())]);

    let mut symbols = one("one.elf", firmware("one", None));
    symbols.add("two.elf", firmware("two", None), None);
    let run = resolve(symbols, &[trace("1.0", &[])]);
    assert_eq!(
        run.texts(),
        ["kettle 1.0 has no build id and could be one.elf or two.elf: say which with --elf TYPE@VERSION=FILE"]
    );
}

#[test]
fn firmwares_are_read_when_they_are_needed() {
    let mut symbols = Symbols::default();
    symbols.add_on_demand("gone.elf", ID, Box::new(|| Err("cannot open it".to_owned())));
    symbols.add_on_demand("good.elf", ID, Box::new(|| Ok(firmware("jam", Some(ID)))));
    symbols.add_on_demand("never.elf", [9; 20], Box::new(|| unreachable!("nothing of this build came")));
    let run = resolve(symbols, &[trace("1.0", &ID[..6]), trace("1.0", &ID[..6])]);
    assert_eq!(run.reasons(), [("jam".into(), "build_id".into()), ("jam".into(), "build_id".into())]);
    assert_eq!(run.texts(), ["gone.elf: cannot open it"]);

    // A file of a directory is only for its build.
    let mut symbols = Symbols::default();
    symbols.add_on_demand("good.elf", ID, Box::new(|| Ok(firmware("jam", Some(ID)))));
    assert_eq!(resolve(symbols, &[trace("1.0", &[])]).reasons(), [(Json::Null, "none".into())]);
}

#[test]
fn what_does_not_fit_stays_a_number() {
    let heartbeat = b"\xa3\x02\x01\x03\x01\x04\xa1\x01\x82\x05\x06".to_vec();
    let unknown_reason = b"\xa3\x02\x02\x03\x01\x04\xa1\x06\x09".to_vec();
    let inline = b"\xa3\x02\x01\x03\x01\x04\xa1\x01\xa1\x61x\x05".to_vec();
    let custom_reboot = b"\xa3\x02\x02\x03\x01\x04\xa1\x01\x19\x10\x01".to_vec();
    let events = [heartbeat, unknown_reason, inline, custom_reboot];
    let run = resolve(one("kettle.elf", firmware("jam", None)), &events);
    assert_eq!(run.event(0)["heartbeat"]["resolved"], "mismatch");
    assert_eq!(run.event(0)["heartbeat"]["metrics"], json!({"#0": 5, "#1": 6}));
    assert_eq!(run.event(1)["trace"]["reason"], Json::Null);
    assert_eq!(run.event(2)["heartbeat"]["resolved"], "inline");
    assert_eq!(run.event(3)["reboot"]["reason"], "descaled");
    assert_eq!(run.nameless, 2);
    let text = "kettle.elf does not fit the event, so its numbers stay: ";
    assert_eq!(
        run.texts(),
        [
            format!("{text}it has no table of metrics; the event has 2 values of session heartbeat"),
            format!("{text}it has no trace reason 9")
        ]
    );
    // Without symbols at all, what carries its own names lacks nothing.
    assert_eq!(resolve(Symbols::default(), &events[2..3]).nameless, 0);
}
