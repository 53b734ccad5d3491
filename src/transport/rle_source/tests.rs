use super::*;
use crate::util::random::random;
use std::vec;
use std::vec::Vec;

/// One message in memory; records reads.
struct Backing {
    raw: RefCell<Vec<u8>>,
    reads: RefCell<Vec<(u32, usize)>>,
    marks: Cell<u32>,
    has_more: Cell<u32>,
}

impl DataSource for &Backing {
    fn has_more(self) -> Option<usize> {
        self.has_more.set(self.has_more.get() + 1);
        let len = self.raw.borrow().len();
        (len != 0).then_some(len)
    }
    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.reads.borrow_mut().push((offset, buf.len()));
        let raw = self.raw.borrow();
        let Some(part) = raw.get(offset as usize..offset as usize + buf.len()) else {
            panic!("read outside the message")
        };
        buf.copy_from_slice(part);
        true
    }
    fn mark_read(self) {
        self.marks.set(self.marks.get() + 1);
    }
    fn same(self, other: Self) -> bool {
        core::ptr::eq(self, other)
    }
}

fn backing(raw: Vec<u8>) -> Backing {
    Backing { raw: RefCell::new(raw), reads: RefCell::default(), marks: Cell::new(0), has_more: Cell::new(0) }
}

fn drain(source: &RleSource<&Backing>, size: usize, mut piece: impl FnMut() -> usize) -> Vec<u8> {
    let mut out = Vec::new();
    while out.len() < size {
        let mut buf = vec![0xa5; piece().min(size - out.len())];
        assert!(source.read(out.len() as u32, &mut buf));
        out.extend(buf);
    }
    out
}

fn encode(raw: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    let mut sequence = Sequence::NONE;
    let mut out = Vec::new();
    let mut rest = raw;
    loop {
        let (consumed, done) = encoder.encode(rest, &mut sequence);
        rest = &rest[consumed..];
        if !done {
            sequence = encoder.finish();
        }
        out.extend(sequence.header().as_slice());
        out.extend(&raw[sequence.start as usize..][..sequence.payload_len as usize]);
        if !done {
            return out;
        }
    }
}

#[test]
fn spec_example() {
    let mut raw = vec![0xc0, 0xc1, 0xc2, 0xc3, 0xc4];
    raw.extend([0; 200]);
    raw.extend([1, 2, 3, 9, 9]);
    raw.extend(0x60..=0x7d);
    raw.extend([0xa5; 40]);
    raw.push(7);
    let backing = backing(raw);
    let source = RleSource::new();
    source.set_active(Some(&backing));
    assert_eq!(source.has_more(), Some(49));
    assert_eq!(*backing.reads.borrow(), [(0, 128), (128, 128), (256, 25)]);
    assert_eq!(source.has_more(), Some(49));
    assert_eq!(backing.reads.borrow().len(), 3);
    let out = drain(&source, 49, || 21);
    assert_eq!(out[..10], [9, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0x90, 3, 0, 0x45]);
    assert_eq!(out[43..], [0x7c, 0x7d, 0x50, 0xa5, 1, 7]);
    source.mark_read();
    assert_eq!(backing.marks.get(), 1);
}

#[test]
fn any_data_in_any_pieces_gives_the_encoding() {
    let mut next = random(0x1357_9bdf);
    for _ in 0..1500 {
        let mut raw = Vec::new();
        let longest = 1 + next(3) * next(200);
        for _ in 0..1 + next(60) {
            if next(3) == 0 {
                raw.extend((0..next(300)).map(|i| (i as u8).wrapping_mul(37)));
            }
            let byte = next(5) as u8;
            raw.extend(core::iter::repeat_n(byte, 1 + next(longest)));
        }
        let expected = encode(&raw);
        let backing = backing(raw);
        let source = RleSource::new();
        source.set_active(Some(&backing));
        let size = source.has_more().unwrap();
        assert_eq!(size, expected.len());
        assert_eq!(drain(&source, size, || 1 + next(100)), expected);
        // Less work than two scans and a read per piece.
        assert!(backing.reads.borrow().iter().all(|(_, len)| *len <= WINDOW_LEN || *len <= 100));
    }
}

#[test]
fn there_is_no_way_back() {
    let backing = backing((0..100).collect());
    let source = RleSource::new();
    source.set_active(Some(&backing));
    source.has_more();
    let mut buf = [0xa5; 10];
    assert!(!source.read(1, &mut buf));
    assert_eq!(buf, [0xa5; 10]);
    assert!(source.read(0, &mut buf));
    assert!(!source.read(0, &mut buf) && source.read(10, &mut []));
}

#[test]
fn a_message_that_changed_size_is_measured_again() {
    let backing = backing(vec![1; 50]);
    let source = RleSource::new();
    source.set_active(Some(&backing));
    assert_eq!(source.has_more(), Some(2));
    *backing.raw.borrow_mut() = vec![1, 2, 3, 4];
    assert_eq!(source.has_more(), Some(5));
    assert_eq!(drain(&source, 5, || 2), [7, 1, 2, 3, 4]);
}

/// Its hook takes it away when it is asked.
#[derive(Clone, Copy)]
struct Aborting(&'static RleSource<Aborting>);

impl DataSource for Aborting {
    fn has_more(self) -> Option<usize> {
        self.0.set_active(None);
        Some(40)
    }
    fn read(self, _offset: u32, buf: &mut [u8]) -> bool {
        buf.fill(0);
        true
    }
    fn mark_read(self) {}
    fn same(self, _other: Self) -> bool {
        true
    }
}

#[test]
fn a_source_that_aborts_when_it_is_asked_has_nothing() {
    let source: &'static RleSource<Aborting> = std::boxed::Box::leak(std::boxed::Box::new(RleSource::new()));
    source.set_active(Some(Aborting(source)));
    assert_eq!(source.has_more(), None);
    assert!(!source.read(0, &mut [0; 4]));
}

#[test]
fn nothing_wrapped_is_nothing_to_send() {
    let source = RleSource::<&Backing>::new();
    assert_eq!(source.has_more(), None);
    assert!(!source.read(0, &mut [0]));
    source.mark_read();
}
