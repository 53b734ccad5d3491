use super::*;
use crate::util::crc16;
use crate::util::random::random;
use std::vec;
use std::vec::Vec;

/// A message in memory that insists on sequential reads.
struct Memory<'a> {
    bytes: &'a [u8],
    read: u32,
}

impl Message for Memory<'_> {
    fn read(&mut self, offset: u32, buf: &mut [u8]) {
        assert_eq!(offset, self.read, "reads are sequential");
        assert!(!buf.is_empty());
        buf.copy_from_slice(&self.bytes[offset as usize..][..buf.len()]);
        self.read += buf.len() as u32;
    }
    fn crc16(&mut self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }
}

/// All chunks of `bytes`, the buffer lengths taken in turn. Checks padding and end.
fn chunks(bytes: &[u8], multi_call: bool, lens: &[usize]) -> Vec<Vec<u8>> {
    let mut message = Memory { bytes, read: 0 };
    let mut transfer = Transfer { total: bytes.len() as u32, multi_call, ..Transfer::default() };
    let mut out = Vec::new();
    for len in lens.iter().cycle() {
        let mut buf = vec![0xa5; *len];
        let (produced, last) = match transfer.next_chunk(&mut buf, &mut message) {
            Produced::BufferTooSmall => panic!("buffer of {len} bytes"),
            Produced::More(n) => (n, false),
            Produced::Last(n) => (n, true),
        };
        assert!(buf[produced..].iter().all(|b| *b == PAD));
        buf.truncate(produced);
        out.push(buf);
        if last {
            break;
        }
    }
    assert_eq!(message.read as usize, bytes.len());
    out
}

fn event(payload: core::ops::RangeInclusive<u8>) -> Vec<u8> {
    core::iter::once(2).chain(payload).collect()
}

#[test]
fn a_message_that_fits_is_one_chunk() {
    let message = [2, 0x10, 0x20, 0x30, 0x40, 0x50];
    for len in [9, 32] {
        assert_eq!(chunks(&message, false, &[len]), [[8, 2, 0x10, 0x20, 0x30, 0x40, 0x50, 0xc8, 0x2a]]);
    }
}

#[test]
fn a_longer_message_is_cut() {
    let cut = chunks(&event(0x30..=0x43), false, &[12]);
    assert_eq!(cut[0], [0x48, 0x15, 2, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38]);
    assert_eq!(cut[1], [0xc0, 0x0a, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42]);
    assert_eq!(cut[2], [0x80, 0x14, 0x43, 0xf6, 0xb5]);
}

#[test]
fn the_crc_travels_alone_when_it_does_not_fit() {
    let cut = chunks(&event(0x30..=0x38), false, &[12]);
    assert_eq!(cut[1], [0x80, 0x0a, 0x9d, 0xba]);
    let cut = chunks(&event(0x30..=0x41), false, &[12]);
    assert_eq!((cut[1].len(), &cut[2][..]), (11, &[0x80, 0x13, 0x50, 0xfa][..]));
}

#[test]
fn one_chunk_over_many_calls_is_the_single_chunk() {
    let message = event(0x30..=0x43);
    let cut = chunks(&message, true, &[9, 10, 9]);
    assert_eq!(cut[0], [8, 2, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36]);
    assert_eq!(cut[2], [0x41, 0x42, 0x43, 0xf6, 0xb5]);
    assert_eq!(chunks(&message, true, &[23, 9]).iter().map(Vec::len).collect::<Vec<_>>(), [22, 2]);
    assert_eq!(chunks(&message, true, &[24]).concat(), chunks(&message, false, &[24]).concat());
}

#[test]
fn any_cut_reassembles_to_the_same_message() {
    let mut next = random(0x0dd_b1a5);
    for _ in 0..2000 {
        let message: Vec<u8> = (0..1 + next(400)).map(|i| (i * 7) as u8).collect();
        let crc = crc16::update(0, &message).to_le_bytes();
        let lens: Vec<usize> = (0..6)
            .map(|_| {
                let spread = [3, 80][next(2)];
                MIN_BUF_LEN + next(spread)
            })
            .collect();

        let single: Vec<u8> = [&[8][..], &message, &crc].concat();
        assert_eq!(chunks(&message, true, &lens).concat(), single);

        let mut got: Vec<u8> = Vec::new();
        let cut = chunks(&message, false, &lens);
        for (i, chunk) in cut.iter().enumerate() {
            let (first, last) = (i == 0, i + 1 == cut.len());
            let body = match (first, last) {
                (true, true) => {
                    assert_eq!(chunk, &single);
                    &chunk[1..]
                }
                _ => {
                    assert_eq!(
                        chunk[0],
                        [[CONTINUATION_MORE, CONTINUATION_LAST], [INIT_MORE, 0]][usize::from(first)][usize::from(last)]
                    );
                    let (number, len) = crate::util::varint::parse(&chunk[1..]).unwrap();
                    assert_eq!(number as usize, if first { message.len() } else { got.len() });
                    &chunk[1 + len..]
                }
            };
            got.extend(&body[..body.len() - if last { 2 } else { 0 }]);
            if last {
                assert_eq!(body[body.len() - 2..], crc);
            }
        }
        assert_eq!(got, message);
    }
}

#[test]
fn a_short_buffer_changes_nothing() {
    let mut transfer = Transfer { total: 5, ..Transfer::default() };
    let before = transfer;
    let mut buf = [0xa5; 8];
    assert_eq!(transfer.next_chunk(&mut buf, &mut Memory { bytes: &[], read: 0 }), Produced::BufferTooSmall);
    assert_eq!((transfer, buf), (before, [0xa5; 8]));
}

#[test]
fn quirks_at_the_ends() {
    let mut message = Memory { bytes: &[1, 2, 3], read: 0 };
    let mut empty = Transfer::default();
    let mut buf = [0; 9];
    for _ in 0..2 {
        assert_eq!(empty.next_chunk(&mut buf, &mut message), Produced::Last(3));
        assert_eq!(&buf[..3], [8, 0, 0]);
    }
    let mut transfer = Transfer { total: 3, ..Transfer::default() };
    assert_eq!(transfer.next_chunk(&mut buf, &mut message), Produced::Last(6));
    let crc = [buf[4], buf[5]];
    assert_eq!(transfer.next_chunk(&mut buf, &mut message), Produced::Last(4));
    assert_eq!(buf[..4], [0x80, 3, crc[0], crc[1]]);
}

#[test]
fn a_message_near_four_gib_does_not_wrap() {
    struct Zeros;
    impl Message for Zeros {
        fn read(&mut self, _: u32, buf: &mut [u8]) {
            buf.fill(0);
        }
        fn crc16(&mut self, crc: u16, _: &[u8]) -> u16 {
            crc
        }
    }
    let mut transfer = Transfer { total: u32::MAX - 1, ..Transfer::default() };
    let mut buf = [0; 9];
    assert_eq!(transfer.next_chunk(&mut buf, &mut Zeros), Produced::More(9));
    assert_eq!(buf[..6], [0x48, 0xfe, 0xff, 0xff, 0xff, 0x0f]);
}
