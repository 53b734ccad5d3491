use super::*;
use crate::config::Defaults;
use crate::events::store::testing::{Device, envelope, hex};
use std::boxed::Box;
use std::cell::RefCell;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

#[derive(Clone, Copy, Default)]
struct Recording {
    start: Option<u64>,
    mimetypes: &'static [&'static str],
    data: &'static [u8],
    duration_ms: u32,
    reason: &'static str,
}

impl Metadata for Recording {
    fn unix_time_secs(&self) -> Option<u64> {
        self.start
    }

    fn mimetypes(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.mimetypes.iter().map(|m| m.as_bytes())
    }

    fn data_len(&self) -> u32 {
        self.data.len() as u32
    }

    fn duration_ms(&self) -> u32 {
        self.duration_ms
    }

    fn reason(&self) -> &[u8] {
        self.reason.as_bytes()
    }
}

/// Hands out its recordings one after the other, and notes what it is asked.
#[derive(Default)]
struct Queue {
    recordings: RefCell<Vec<Recording>>,
    calls: RefCell<Vec<String>>,
    fails: Cell<bool>,
}

impl Queue {
    fn of(recordings: &[Recording]) -> &'static Self {
        Box::leak(Box::new(Self { recordings: RefCell::new(recordings.to_vec()), ..Self::default() }))
    }

    fn calls(&self) -> Vec<String> {
        self.calls.take()
    }

    fn note(&self, call: String) {
        self.calls.borrow_mut().push(call);
    }
}

struct Head<'a>(&'a [Cell<u8>]);

impl Sink for Head<'_> {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        for (to, from) in self.0[offset..][..piece.len()].iter().zip(piece) {
            to.set(*from);
        }
    }
}

impl Source for &'static Queue {
    type Metadata = Recording;
    type Head<'a> = Head<'a>;

    fn write_head<'a>(place: &'a [Cell<u8>], encode: impl FnOnce(&mut Encoder<Head<'a>>) -> bool) -> Option<usize> {
        let mut encoder = Encoder::new(Head(place), place.len());
        encode(&mut encoder).then(|| encoder.size())
    }

    fn poll(self) -> Option<Recording> {
        self.note("poll".into());
        self.recordings.borrow().first().copied()
    }

    fn read(self, offset: u32, out: &mut [u8]) -> bool {
        self.note(format!("read {offset} {}", out.len()));
        out.copy_from_slice(&self.recordings.borrow()[0].data[offset as usize..][..out.len()]);
        !self.fails.get()
    }

    fn mark_read(self) {
        self.note("mark".into());
        self.recordings.borrow_mut().remove(0);
    }
}

#[derive(Default)]
struct Reports(RefCell<Vec<String>>);

impl Report for Reports {
    fn table_full(&self, capacity: usize) {
        self.0.borrow_mut().push(format!("full {capacity}"));
    }

    fn metadata_too_long(&self) {
        self.0.borrow_mut().push("too long".into());
    }
}

#[derive(Default)]
struct Cdr<const H: usize = 128> {
    recordings: Recordings<Defaults, &'static Queue, 2, H>,
    device: Device,
    reports: Reports,
}

impl<const H: usize> Cdr<H> {
    fn with(sources: &[&'static Queue]) -> Self {
        let cdr = Self::default();
        for source in sources {
            assert!(cdr.recordings.register(source, &cdr.reports));
        }
        cdr
    }

    fn has_more(&self) -> Option<usize> {
        self.recordings.has_more(&self.device, &self.reports)
    }

    fn message(&self) -> Vec<u8> {
        let mut message = vec![0xa5; self.has_more().unwrap()];
        assert!(self.recordings.read(0, &mut message));
        message
    }

    fn reports(&self) -> Vec<String> {
        self.reports.0.take()
    }
}

const WIFI: Recording = Recording {
    start: Some(0x65a1_b2c3),
    mimetypes: &["application/octet-stream"],
    data: &[0, 1, 2, 3, 4, 5],
    duration_ms: 70_000,
    reason: "wifi fault",
};

const NO_CALLS: [&str; 0] = [];

#[test]
fn message_of_the_specification() {
    let cdr = Cdr::<128>::with(&[Queue::of(&[WIFI])]);
    let mut expected = envelope();
    (expected[0], expected[2]) = (0xa7, 5);
    expected.extend(hex("01 1a 65a1b2c3 04 a4 01 1a 00011170"));
    expected.extend(hex("02 81 78 18 6170706c69636174696f6e2f6f637465742d73747265616d"));
    expected.extend(hex("03 6a 77696669206661756c74 04 46 000102030405"));
    assert_eq!(cdr.message(), expected);
}

#[test]
fn a_recording_of_nearly_nothing() {
    let cdr = Cdr::<128>::with(&[Queue::of(&[Recording { data: &[0; 300], ..Recording::default() }])]);
    let header = [&envelope()[3..], &hex("04a4 0100 0280 0360 0459012c")].concat();
    let message = cdr.message();
    assert_eq!(message[3..message.len() - 300], header);
}

#[test]
fn any_split_gives_the_same_bytes() {
    let source = Queue::of(&[WIFI]);
    let cdr = Cdr::<128>::with(&[source]);
    let whole = cdr.message();
    for piece_len in 1..whole.len() {
        let mut pieces = vec![0; whole.len()];
        for (i, piece) in pieces.chunks_mut(piece_len).enumerate() {
            assert!(cdr.recordings.read((i * piece_len) as u32, piece));
        }
        assert_eq!(pieces, whole);
    }
    assert!(!cdr.recordings.read(1, &mut vec![0; whole.len()]), "beyond the end");
    assert!(!cdr.recordings.read(u32::MAX, &mut []));
}

#[test]
fn the_source_is_asked_once_per_read_and_only_for_data() {
    let source = Queue::of(&[WIFI]);
    let cdr = Cdr::<128>::with(&[source]);
    let header_len = cdr.has_more().unwrap() - 6;
    assert_eq!(source.calls(), ["poll"]);
    let read = |offset: usize, len| cdr.recordings.read(offset as u32, &mut vec![0; len]);
    assert!(read(0, header_len) && read(0, 0) && read(header_len - 1, 1));
    assert_eq!(source.calls(), NO_CALLS);
    assert!(read(header_len - 1, 3) && read(header_len + 2, 4) && read(header_len, 0));
    assert_eq!(source.calls(), ["read 0 2", "read 2 4", "read 0 0"]);
    source.fails.set(true);
    assert!(!read(header_len, 1));
}

#[test]
fn sources_take_turns_in_the_order_of_registration() {
    let (first, second) = (Queue::of(&[]), Queue::of(&[WIFI, Recording::default()]));
    let cdr = Cdr::<128>::with(&[first, second]);
    assert!(cdr.has_more().is_some() && cdr.has_more().is_some());
    assert_eq!((first.calls().len(), second.calls().len()), (1, 1), "an active source is not asked again");
    cdr.recordings.mark_read();
    assert_eq!(second.calls(), ["mark"]);
    cdr.recordings.mark_read();
    assert_eq!(second.calls(), NO_CALLS, "there is no message");
    first.recordings.borrow_mut().push(WIFI);
    assert!(cdr.has_more().is_some());
    assert_eq!(second.calls(), NO_CALLS);
}

#[test]
fn a_full_table_is_reported() {
    let source = Queue::of(&[]);
    let cdr = Cdr::<128>::with(&[source, source]);
    assert!(!cdr.recordings.register(source, &cdr.reports));
    assert_eq!(cdr.reports(), ["full 2"]);
    assert_eq!(cdr.has_more(), None);
    assert_eq!(source.calls(), ["poll", "poll"]);
    cdr.recordings.reset();
    assert_eq!((cdr.has_more(), source.calls()), (None, vec![]));
}

#[test]
fn metadata_that_does_not_fit_blocks_nobody() {
    let long = Recording { reason: "a reason that is longer than all the rest of the metadata", ..WIFI };
    let (first, second) = (Queue::of(&[long]), Queue::of(&[Recording::default()]));
    let cdr = Cdr::<60>::with(&[first, second]);
    assert_eq!((cdr.has_more(), cdr.reports()), (None, vec!["too long".into()]));
    assert!(!cdr.recordings.read(0, &mut [0]), "there is no message");
    assert_eq!((first.calls().len(), second.calls().len()), (1, 0));
    assert!(cdr.has_more().is_some());
    assert_eq!((first.calls().len(), second.calls().len()), (0, 1));
    cdr.recordings.mark_read();
    assert_eq!(second.calls(), ["mark"]);
    // From the first one again, which still has the same.
    assert_eq!((cdr.has_more(), cdr.reports()), (None, vec!["too long".into()]));
    assert_eq!(cdr.has_more(), None);
    assert_eq!((first.calls().len(), second.calls().len()), (1, 1));
}
