use super::*;
use crate::config::Defaults;
use std::vec;
use std::vec::Vec;

mod image;
mod model;

/// Notes how often the lock was taken; refuses to be taken twice or released when it is free.
#[derive(Default)]
struct CheckedLock {
    held: Cell<bool>,
    pairs: Cell<usize>,
}

impl Lock for CheckedLock {
    fn lock(&self) {
        assert!(!self.held.replace(true), "locked twice");
    }

    fn unlock(&self) {
        assert!(self.held.replace(false), "unlocked twice");
        self.pairs.set(self.pairs.get() + 1);
    }
}

struct Batching;
impl Config for Batching {
    const EVENT_STORAGE_READ_BATCHING_ENABLED: bool = true;
}

struct BatchesOf<const MAX: u32>;
impl<const MAX: u32> Config for BatchesOf<MAX> {
    const EVENT_STORAGE_READ_BATCHING_ENABLED: bool = true;
    const EVENT_STORAGE_READ_BATCHING_MAX_BYTES: u32 = MAX;
}

type Events<'a, C = Defaults> = EventStorage<C, CheckedLock, &'a [Cell<u8>]>;

fn cells(len: usize) -> Vec<Cell<u8>> {
    vec![Cell::new(0); len]
}

fn booted<C: Config>(memory: &[Cell<u8>]) -> Events<'_, C> {
    let events = EventStorage::new(CheckedLock::default(), memory);
    events.boot(memory.len());
    events
}

fn bytes(memory: &[Cell<u8>]) -> Vec<u8> {
    memory.iter().map(Cell::get).collect()
}

impl<C: Config> Events<'_, C> {
    fn used(&self) -> usize {
        self.fill().used
    }

    /// Lock pairs that `work` takes.
    fn pairs<R>(&self, work: impl FnOnce() -> R) -> usize {
        let before = self.lock.pairs.get();
        work();
        self.lock.pairs.get() - before
    }

    fn write_event(&self, payload: &[u8]) -> bool {
        self.begin_write();
        let fits = self.append(payload);
        self.finish_write(!fits) == Finished::Stored
    }

    /// The next message, read in pieces of `piece` bytes and then dropped.
    fn next_message(&self, piece: usize) -> Option<Vec<u8>> {
        let len = self.has_more()?;
        let mut message = vec![0xa5; len];
        for (i, part) in message.chunks_mut(piece).enumerate() {
            assert!(self.read((i * piece) as u32, part));
        }
        self.mark_read();
        Some(message)
    }

    fn drain(&self) -> Vec<Vec<u8>> {
        core::iter::from_fn(|| self.next_message(3)).collect()
    }
}

#[test]
fn spec_walk_through() {
    let memory = cells(16);
    memory.iter().for_each(|byte| byte.set(0));
    let e = booted::<Batching>(&memory);
    assert_eq!(e.begin_write(), 14);
    assert_eq!(e.begin_write(), 0);
    assert!(e.append(&[0x11, 0x22, 0x33]) && !e.append(&[0; 16]));
    assert_eq!(e.used(), 5);
    assert_eq!(bytes(&memory)[..6], [0xff, 0xff, 0x11, 0x22, 0x33, 0]);
    assert_eq!(e.has_more(), None);
    assert_eq!(e.finish_write(false), Finished::Stored);
    assert_eq!(e.fill(), Fill { used: 5, free: 11 });
    assert_eq!(bytes(&memory)[..5], [5, 0, 0x11, 0x22, 0x33]);
    assert_eq!(e.has_more(), Some(3));
    assert_eq!(e.begin_write(), 9);
    assert!(e.append(b"AB"));
    e.finish_write(false);
    assert_eq!(bytes(&memory)[5..10], [4, 0, b'A', b'B', 0]);
    e.mark_read();
    assert_eq!(e.used(), 4);
    assert_eq!(e.begin_write(), 10);
    assert!(e.append(b"CDE"));
    e.finish_write(false);
    assert_eq!(e.begin_write(), 5);
    assert!(e.append(b"F"));
    e.finish_write(false);
    assert_eq!(bytes(&memory), *b"F\0\x11\x22\x33\x04\0AB\x05\0CDE\x03\0");
    assert_eq!(e.fill(), Fill { used: 12, free: 4 });
    assert_eq!(e.begin_write(), 2);
    assert_eq!(e.used(), 14);
    e.finish_write(true);
    assert_eq!(e.used(), 12);
    assert_eq!(bytes(&memory)[1..3], [0xff, 0xff]);
    assert_eq!(e.drain(), [[0x83, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46]]);
}

#[test]
fn events_come_out_one_by_one_without_batching() {
    let memory = cells(16);
    let e = booted::<Defaults>(&memory);
    for payload in [&b"AB"[..], b"CDE", b"F"] {
        assert!(e.write_event(payload));
    }
    assert_eq!(e.drain(), [&b"AB"[..], b"CDE", b"F"]);
    assert_eq!((e.used(), e.has_more()), (0, None));
}

#[test]
fn a_header_may_straddle_the_end_of_the_ring() {
    let memory = cells(9);
    let e = booted::<Defaults>(&memory);
    assert!(e.write_event(b"ABCDEF"));
    e.drain();
    assert!(e.write_event(b"GH"));
    assert_eq!(bytes(&memory), *b"\0GHBCDEF\x04");
    assert_eq!(e.drain(), [b"GH"]);
}

#[test]
fn a_batch_stops_before_it_gets_too_large() {
    let memory = cells(64);
    let e = booted::<BatchesOf<3>>(&memory);
    for payload in [&[0x61][..], &[0x62, 0x63], &[0x64]] {
        assert!(e.write_event(payload));
    }
    assert_eq!(e.drain(), [&[0x82, 0x61, 0x62, 0x63][..], &[0x64]]);
    // Exactly the maximum is kept, one byte more is not, and the first event goes however large it is.
    let e = booted::<BatchesOf<12>>(&memory);
    assert!(e.write_event(&[1; 8]) && e.write_event(&[2; 4]) && e.write_event(&[3; 5]) && e.write_event(&[4; 13]));
    assert_eq!(e.drain().iter().map(Vec::len).collect::<Vec<_>>(), [13, 5, 13]);
}

#[test]
fn events_written_after_the_snapshot_wait_for_the_next_message() {
    let memory = cells(64);
    let e = booted::<Batching>(&memory);
    assert!(e.write_event(b"a") && e.write_event(b"b"));
    assert_eq!(e.has_more(), Some(3));
    assert!(e.write_event(b"c"));
    assert_eq!(e.has_more(), Some(3));
    assert_eq!(e.drain(), [&b"\x82ab"[..], b"c"]);
}

#[test]
fn an_event_without_payload_blocks_until_it_is_marked() {
    let memory = cells(16);
    let e = booted::<Defaults>(&memory);
    assert!(e.write_event(&[]) && e.write_event(&[0x51]));
    e.mark_read();
    assert_eq!((e.has_more(), e.has_more(), e.used()), (None, None, 5));
    e.mark_read();
    assert_eq!(e.drain(), [[0x51]]);

    let e = booted::<Batching>(&memory);
    assert!(e.write_event(&[]));
    assert_eq!(e.has_more(), None);
    assert!(e.write_event(&[0x51]));
    assert_eq!(e.drain(), [[0x82, 0x51]]);
    assert!(e.write_event(&[]) && e.write_event(&[]));
    assert_eq!(e.drain(), [[0x82]]);
}

#[test]
fn a_refused_writer_does_not_take_back_the_event_of_another() {
    let memory = cells(32);
    let e = booted::<Defaults>(&memory);
    assert_ne!(e.begin_write(), 0);
    assert!(e.append(b"first"));
    for _ in 0..2 {
        assert_eq!(e.begin_write(), 0);
        assert_eq!(e.finish_write(true), Finished::Nothing);
    }
    assert!(e.append(b"!"));
    e.finish_write(false);
    assert_eq!(e.drain(), [b"first!"]);
    // One rollback for each refusal, the next one is the owner's.
    assert_ne!(e.begin_write(), 0);
    assert_eq!(e.begin_write(), 0);
    assert_eq!(e.finish_write(true), Finished::Nothing);
    assert_eq!(e.finish_write(true), Finished::RolledBack);
    assert_eq!(e.finish_write(true), Finished::Nothing);
    assert_eq!(e.used(), 0);
}

#[test]
fn a_refusal_is_forgotten_when_the_session_ends() {
    let memory = cells(32);
    let e = booted::<Defaults>(&memory);
    assert_ne!(e.begin_write(), 0);
    assert_eq!(e.begin_write(), 0);
    assert!(e.append(b"x"));
    assert_eq!(e.finish_write(false), Finished::Stored);
    assert_eq!(e.finish_write(false), Finished::Nothing);
    assert_ne!(e.begin_write(), 0);
    assert_eq!(e.finish_write(true), Finished::RolledBack);
    assert_eq!(e.drain(), [b"x"]);
    // Without an open session a begin that finds no room is not a refusal of this kind.
    let e = booted::<Defaults>(&memory[..1]);
    assert_eq!((e.begin_write(), e.begin_write()), (0, 0));
    assert_eq!(e.refused_begins.get(), 0);
}

#[test]
fn an_event_that_its_header_cannot_describe_is_rolled_back() {
    let memory = cells(70_000);
    let e = booted::<Defaults>(&memory);
    assert!(e.write_event(&vec![1; MAX_PAYLOAD_LEN]));
    assert_eq!(e.has_more(), Some(MAX_PAYLOAD_LEN));
    e.mark_read();
    for too_long in [MAX_PAYLOAD_LEN + 1, MAX_PAYLOAD_LEN + 2, MAX_PAYLOAD_LEN + 100] {
        assert!(!e.write_event(&vec![1; too_long]), "{too_long}");
        assert_eq!(e.used(), 0);
    }
    assert!(e.write_event(b"next"));
    assert_eq!(e.drain(), [b"next"]);
}

#[test]
fn bytes_outside_of_a_session_go_in_raw() {
    let memory = cells(16);
    let e = booted::<Defaults>(&memory);
    assert!(e.append(&5_u16.to_ne_bytes()) && e.append(b"abc"));
    assert_eq!(e.has_more(), Some(3));
    assert_ne!(e.begin_write(), 0);
    assert_eq!(e.finish_write(true), Finished::RolledBack);
    assert_eq!(e.drain(), [b"abc"]);
}

#[test]
fn a_header_that_cannot_be_right_ends_the_walk() {
    for header in [[0, 0], [1, 0], [0, 1], [7, 0], [0xff, 0xff]] {
        let memory = cells(16);
        let e = booted::<Batching>(&memory);
        assert!(e.write_event(b"ok") && e.write_event(b"bad"));
        memory[4].set(header[0]);
        memory[5].set(header[1]);
        assert_eq!(e.drain(), [b"ok"], "{header:?}");
        assert_eq!(e.has_more(), None);
        let e = booted::<Defaults>(&memory);
        assert!(e.append(&header) && e.append(b"bad"));
        assert_eq!(e.has_more(), None, "{header:?}");
    }
    // Damaged after the snapshot was taken: the read fails and does not run away.
    let memory = cells(16);
    let e = booted::<Batching>(&memory);
    assert!(e.write_event(b"ok") && e.write_event(b"bad") && e.has_more() == Some(6));
    memory[4].set(0);
    assert!(!e.read(0, &mut [0; 6]) && e.read(0, &mut [0; 3]));
}

#[test]
fn reads_stay_inside_the_message() {
    let memory = cells(32);
    let e = booted::<Defaults>(&memory);
    assert!(e.read(0, &mut []) && !e.read(1, &mut []) && !e.read(0, &mut [0]));
    assert!(e.write_event(b"abcdef"));
    assert!(!e.read(0, &mut [0]), "nothing was announced yet");
    assert_eq!(e.has_more(), Some(6));
    let mut out = [0; 3];
    assert!(e.read(3, &mut out) && &out == b"def" && e.read(1, &mut out) && &out == b"bcd");
    assert!(e.read(6, &mut []) && !e.read(7, &mut []) && !e.read(4, &mut out) && !e.read(u32::MAX, &mut out));
    e.mark_read();
    assert!(!e.read(0, &mut [0]) && e.read(0, &mut []));
}

#[test]
fn a_boot_drops_everything_and_one_without_memory_keeps_what_is_finished() {
    let memory = cells(32);
    let e = booted::<Defaults>(&memory);
    assert!(e.write_event(b"one") && e.write_event(b"two"));
    assert_eq!(e.has_more(), Some(3));
    assert_ne!(e.begin_write(), 0);
    assert!(e.append(b"half"));
    e.boot_without_memory();
    assert_eq!((e.used(), e.capacity()), (10, 32));
    assert!(!e.read(0, &mut [0]));
    assert_eq!(e.finish_write(false), Finished::Nothing);
    assert!(e.write_event(b"three"));
    assert_eq!(e.drain(), [&b"one"[..], b"two", b"three"]);
    assert!(e.write_event(b"four"));
    e.boot(20);
    assert_eq!((e.fill(), e.has_more()), (Fill { used: 0, free: 20 }, None));
}

#[test]
fn before_boot_there_is_no_room() {
    let e = Events::<Defaults>::new(CheckedLock::default(), &[]);
    assert_eq!((e.begin_write(), e.capacity(), e.has_more()), (0, 0, None));
    assert!(e.append(&[]) && !e.append(&[1]));
    e.mark_read();
    e.boot_without_memory();
    assert_eq!(e.finish_write(false), Finished::Nothing);
}

/// The C SDK's numbers (spec 20 section 4.8) are the upper bounds.
#[test]
fn lock_pairs() {
    let memory = cells(32);
    let e = booted::<Defaults>(&memory);
    assert_eq!(e.pairs(|| e.begin_write()), 1);
    assert_eq!(e.pairs(|| e.begin_write()), 0);
    assert_eq!(e.pairs(|| e.finish_write(true)), 0, "of the refused begin");
    assert_eq!(e.pairs(|| e.append(b"x")), 1);
    assert_eq!(e.pairs(|| e.finish_write(false)), 1);
    assert_eq!(e.pairs(|| e.finish_write(false)), 0);
    assert_eq!(e.pairs(|| e.has_more()), 1);
    assert_eq!(e.pairs(|| e.has_more()), 0);
    assert_eq!(e.pairs(|| e.read(0, &mut [0])), 0);
    assert_eq!(e.pairs(|| e.mark_read()), 1);
    assert_eq!(e.pairs(|| e.mark_read()), 0);
    assert_eq!(e.pairs(|| e.fill()), 1);
    assert_eq!(e.pairs(|| (e.boot(8), e.capacity())), 0);
}

/// A storage whose lock knows it.
type Known<'a, L> = Cell<Option<&'a EventStorage<Defaults, L, &'a [Cell<u8>]>>>;

#[test]
fn the_lock_hook_may_use_the_storage() {
    /// Looks at the storage, and writes an event of its own, the first time it is taken.
    struct Nosy<'a> {
        storage: Known<'a, Self>,
    }
    impl Lock for Nosy<'_> {
        fn lock(&self) {
            if let Some(e) = self.storage.take() {
                assert_ne!(e.begin_write(), 0);
                assert!(e.append(b"hook"));
                e.finish_write(false);
                assert_eq!(e.fill().used, 6);
            }
        }
        fn unlock(&self) {}
    }
    let memory = cells(32);
    let e = EventStorage::new(Nosy { storage: Cell::new(None) }, &memory[..]);
    e.boot(32);
    e.lock.storage.set(Some(&e));
    assert_ne!(e.begin_write(), 0);
    assert!(e.append(b"own"));
    e.finish_write(false);
    let mut out = [0; 4];
    assert!(e.has_more() == Some(4) && e.read(0, &mut out) && &out == b"hook");
    e.mark_read();
    assert!(e.has_more() == Some(3));
}

#[test]
fn another_thread_that_gets_the_lock_first_wins_the_session() {
    /// Opens a session while the storage waits for the lock, as another thread would.
    struct Racing<'a> {
        storage: Known<'a, Self>,
    }
    impl Lock for Racing<'_> {
        fn lock(&self) {
            if let Some(e) = self.storage.take() {
                assert!(e.try_begin().is_some());
            }
        }
        fn unlock(&self) {}
    }
    let memory = cells(32);
    let e = EventStorage::new(Racing { storage: Cell::new(None) }, &memory[..]);
    e.boot(32);
    e.lock.storage.set(Some(&e));
    assert_eq!(e.try_begin(), None);
    assert_eq!(e.fill().used, 2, "one header, not two");
}
