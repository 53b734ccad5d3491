use super::*;
use crate::config::Defaults;
use crate::util::crc16;
use crate::util::random::random;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

/// Four queues of messages, and a trace of what was asked of them.
#[derive(Default)]
struct Bench {
    queues: [RefCell<VecDeque<Vec<u8>>>; 4],
    trace: RefCell<Vec<(usize, &'static str, u32, usize)>>,
    fail: Cell<bool>,
    failed: Cell<u32>,
    rle_ends: Cell<u32>,
    /// Run inside the next read: what a hook may do.
    hook: Cell<Option<fn(&'static Bench)>>,
    packetizer: Option<&'static Packetizer<Defaults, &'static Bench>>,
}

#[derive(Clone, Copy)]
struct Queue(&'static Bench, usize);

impl DataSource for Queue {
    fn has_more(self) -> Option<usize> {
        let size = self.0.queues[self.1].borrow().front().map(Vec::len);
        self.0.trace.borrow_mut().push((self.1, "has_more", 0, size.unwrap_or(0)));
        size
    }
    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.trace.borrow_mut().push((self.1, "read", offset, buf.len()));
        if let Some(hook) = self.0.hook.take() {
            hook(self.0);
        }
        if self.0.fail.take() {
            return false;
        }
        buf.copy_from_slice(&self.0.queues[self.1].borrow()[0][offset as usize..][..buf.len()]);
        true
    }
    fn mark_read(self) {
        self.0.trace.borrow_mut().push((self.1, "mark", 0, 0));
        self.0.queues[self.1].borrow_mut().pop_front();
    }
    fn same(self, other: Self) -> bool {
        self.1 == other.1
    }
}

impl Platform for &'static Bench {
    type Source = Queue;
    fn source(&self, kind: MessageType) -> Queue {
        Queue(self, kind as usize - 1)
    }
    fn rle_begin(&self, _: Queue) -> Option<Queue> {
        None
    }
    fn rle_end(&self) {
        self.rle_ends.set(self.rle_ends.get() + 1);
    }
    fn crc16(&self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }
    fn read_failed(&self, _: u32, _: usize, _: u8) {
        self.failed.set(self.failed.get() + 1);
    }
}

fn bench(messages: [&[&[u8]]; 4]) -> &'static Bench {
    let bench = Bench::default();
    for (queue, list) in bench.queues.iter().zip(messages) {
        queue.borrow_mut().extend(list.iter().map(|m| m.to_vec()));
    }
    std::boxed::Box::leak(std::boxed::Box::new(bench))
}

fn next<C: Config>(p: &Packetizer<C, &'static Bench>, bench: &'static Bench, len: usize) -> Option<Vec<u8>> {
    p.begin(&bench, false)?;
    let mut buf = vec![0x55; len];
    match p.get_next(&bench, &mut buf) {
        Next::EndOfChunk(n) => Some(buf[..n].to_vec()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sources_are_drained_in_order_of_priority() {
    let b = bench([&[&[1, 2, 3, 4]], &[&[0x10, 0x11, 0x12]], &[&[0x20, 0x21]], &[&[0x40, 0x41]]]);
    let p = Packetizer::<Defaults, _>::new();
    assert!(p.data_available(&b));
    assert_eq!(next(&p, b, 64).unwrap(), [8, 1, 1, 2, 3, 4, 0x52, 0xa7]);
    assert_eq!(next(&p, b, 64).unwrap(), [8, 2, 0x10, 0x11, 0x12, 0x3a, 0xac]);
    assert_eq!(next(&p, b, 64).unwrap(), [8, 3, 0x20, 0x21, 0xf5, 0x6b]);
    assert_eq!(next(&p, b, 64).unwrap(), [8, 4, 0x40, 0x41, 0xe9, 0x89]);
    assert_eq!(next(&p, b, 64), None);
    assert_eq!(b.rle_ends.get(), 4);
}

#[test]
fn a_failed_read_is_scrubbed_and_the_transfer_goes_on() {
    let payload: Vec<u8> = (0x30..=0x57).collect();
    let b = bench([&[], &[&payload], &[], &[]]);
    let p = Packetizer::<Defaults, _>::new();
    b.fail.set(true);
    let first = next(&p, b, 30).unwrap();
    assert_eq!(first[..3], [0x48, 0x29, 2]);
    assert!(first[3..19].iter().all(|x| *x == 0xef) && first[19..].iter().all(|x| *x == 0x55));
    assert_eq!(next(&p, b, 30).unwrap()[..2], [0x80, 0x1c]);
    assert_eq!(b.failed.get(), 1);
}

#[test]
fn at_most_one_sequential_read_per_chunk() {
    let payload: Vec<u8> = (0x80..=0xbb).collect();
    let b = bench([&[&payload], &[], &[], &[]]);
    let p = Packetizer::<Defaults, _>::new();
    while next(&p, b, 24).is_some() {}
    let reads: Vec<_> = b.trace.borrow().iter().filter(|t| t.1 == "read").map(|t| (t.2, t.3)).collect();
    assert_eq!(reads, [(0, 21), (21, 22), (43, 17)]);
}

struct Keyed;
impl Config for Keyed {
    const MESSAGE_HEADER_CONTAINS_PROJECT_KEY: bool = true;
    const PROJECT_KEY: &'static str = "AbCdEfGh0123456789AbCdEfGh012345";
}

#[test]
fn the_project_key_goes_in_front_with_its_nul() {
    let b = bench([&[], &[b"0123"], &[], &[]]);
    let p = Packetizer::<Keyed, _>::new();
    let first = next(&p, b, 12).unwrap();
    assert_eq!(first, b"\x48\x26\x42AbCdEfGh0");
    assert_eq!(next(&p, b, 12).unwrap(), b"\xc0\x0a123456789A");
    assert_eq!(next(&p, b, 12).unwrap(), b"\xc0\x14bCdEfGh012");
    assert_eq!(next(&p, b, 12).unwrap(), b"\x80\x1e345\x000123\x05\x66");
}

#[test]
fn masked_sources_are_not_asked() {
    let b = bench([&[&[1]], &[&[2]], &[], &[&[4]]]);
    let p = Packetizer::<Defaults, _>::new();
    p.set_active_sources(&b, 1 << 4 | 1 << 3);
    assert_eq!(next(&p, b, 20).unwrap()[1], 4);
    assert!(!p.data_available(&b));
    assert!(b.trace.borrow().iter().all(|t| t.0 >= 2));
    p.set_active_sources(&b, 0xffff_ff00);
    assert!(!p.data_available(&b));
    p.set_active_sources(&b, u32::from(MASK_ALL));
    assert!(p.data_available(&b));
}

#[test]
fn an_aborted_message_starts_again() {
    let b = bench([&[], &[&[7; 40]], &[], &[]]);
    let p = Packetizer::<Defaults, _>::new();
    let first = next(&p, b, 20).unwrap();
    assert_eq!(p.begin(&b, true), Some(Metadata { send_in_progress: true, single_chunk_message_length: 44 }));
    p.abort(&b);
    assert_eq!(next(&p, b, 20).unwrap(), first);
    assert_eq!(p.get_next(&b, &mut [0; 8]), Next::BufferTooSmall);
    assert_eq!(next(&p, b, 20).unwrap()[..2], [0xc0, 18]);
}

#[test]
fn a_read_hook_may_abort() {
    let p: &'static _ = std::boxed::Box::leak(std::boxed::Box::new(Packetizer::<Defaults, &'static Bench>::new()));
    let bench = Bench { packetizer: Some(p), ..Bench::default() };
    bench.queues[1].borrow_mut().push_back(vec![7; 40]);
    let b: &'static Bench = std::boxed::Box::leak(std::boxed::Box::new(bench));
    b.hook.set(Some(|b| b.packetizer.unwrap().abort(&b)));
    assert!(p.begin(&b, false).is_some());
    assert_eq!(p.get_next(&b, &mut [0; 20]), Next::NoMoreData);
    assert_eq!(next(p, b, 20).unwrap()[0], 0x48);
}

/// Puts chunks of a normal-mode drain together again, as a receiver would.
#[derive(Default)]
struct Receiver {
    message: Vec<u8>,
    total: usize,
    done: Vec<Vec<u8>>,
}

impl Receiver {
    fn chunk(&mut self, chunk: &[u8]) {
        let varint = crate::util::varint::parse;
        let (body, last) = match chunk[0] {
            0x08 => {
                (self.message, self.total) = (Vec::new(), chunk.len() - 3);
                (&chunk[1..], true)
            }
            0x48 => {
                let (total, len) = varint(&chunk[1..]).unwrap();
                (self.message, self.total) = (Vec::new(), total as usize);
                (&chunk[1 + len..], false)
            }
            header @ (0x80 | 0xc0) => {
                let (offset, len) = varint(&chunk[1..]).unwrap();
                assert_eq!(offset as usize, self.message.len(), "no gap, no overlap");
                (&chunk[1 + len..], header == 0x80)
            }
            other => panic!("chunk header {other:x}"),
        };
        let (data, crc) = body.split_at(body.len() - if last { 2 } else { 0 });
        self.message.extend(data);
        if last {
            assert_eq!(self.message.len(), self.total);
            assert_eq!(crc16::update(0, &self.message).to_le_bytes(), crc);
            self.done.push(core::mem::take(&mut self.message));
        }
    }
}

#[test]
fn any_order_of_calls_delivers_every_message_once() {
    let mut random = random(0x2545_f491);
    for _ in 0..300 {
        let b = bench([&[], &[], &[], &[]]);
        let p = Packetizer::<Defaults, _>::new();
        let mut sent: [Vec<Vec<u8>>; 4] = Default::default();
        let (mut receiver, mut spanning, mut multi, mut idle) = (Receiver::default(), Vec::new(), false, true);
        for step in 0..200 {
            match random(12) {
                0 | 1 => {
                    let kind = random(4);
                    let message: Vec<u8> = (0..random(60)).map(|i| (i * 3 + step) as u8).collect();
                    b.queues[kind].borrow_mut().push_back(message.clone());
                    sent[kind].push(core::iter::once(kind as u8 + 1).chain(message).collect());
                }
                2 => assert_eq!(p.data_available(&b), !idle || b.queues.iter().any(|q| !q.borrow().is_empty())),
                3 if random(4) == 0 => {
                    p.abort(&b);
                    (idle, spanning) = (true, Vec::new());
                }
                _ => {
                    let wanted = random(2) == 0;
                    let Some(metadata) = p.begin(&b, wanted) else {
                        assert!(b.queues.iter().all(|q| q.borrow().is_empty()));
                        continue;
                    };
                    if idle {
                        multi = wanted;
                    }
                    let mut buf = vec![0; random(40)];
                    let before = b.trace.borrow().iter().filter(|t| t.1 == "read").count();
                    let next = p.get_next(&b, &mut buf);
                    let reads = b.trace.borrow().iter().filter(|t| t.1 == "read").count() - before;
                    assert!(reads <= 1, "at most one read per call");
                    let marked = b.trace.borrow().last().is_some_and(|t| t.1 == "mark");
                    match next {
                        Next::BufferTooSmall => {
                            assert!(buf.len() < 9 && reads == 0);
                            idle = false;
                            continue;
                        }
                        Next::NoMoreData => panic!("a message was there"),
                        Next::MoreDataForChunk(len) => {
                            assert!(multi);
                            spanning.extend_from_slice(&buf[..len]);
                        }
                        Next::EndOfChunk(len) if multi => {
                            spanning.extend_from_slice(&buf[..len]);
                            assert_eq!(spanning.len(), metadata.single_chunk_message_length as usize);
                            receiver.chunk(&core::mem::take(&mut spanning));
                        }
                        Next::EndOfChunk(len) => receiver.chunk(&buf[..len]),
                    }
                    idle = marked;
                    b.trace.borrow_mut().clear();
                }
            }
        }
        p.abort(&b);
        while let Some(chunk) = next(&p, b, 9 + random(30)) {
            receiver.chunk(&chunk);
        }
        for (kind, messages) in sent.iter().enumerate() {
            let got: Vec<_> = receiver.done.iter().filter(|m| m[0] as usize == kind + 1).collect();
            assert!(got.iter().eq(&messages.iter().collect::<Vec<_>>()), "messages of one source stay in order");
        }
    }
}
