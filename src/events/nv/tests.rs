use super::super::storage::EventStorage;
use super::*;
use std::cell::{Cell, RefCell};
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

struct NonVolatile;
impl Config for NonVolatile {
    const EVENT_STORAGE_NV_SUPPORT_ENABLED: bool = true;
}

struct NoLock;
impl Lock for NoLock {
    fn lock(&self) {}
    fn unlock(&self) {}
}

type Events<'a, C = NonVolatile> = EventStorage<C, NoLock, &'a [Cell<u8>]>;

/// What a callback of the store does besides.
type Besides<'a> = Cell<Option<&'a dyn Fn(&Store<'a>)>>;

/// A store that notes every call, and may use the SDK in the middle of each.
#[derive(Default)]
struct Store<'a> {
    enabled: Cell<bool>,
    refuses: Cell<bool>,
    messages: RefCell<Vec<Vec<u8>>>,
    calls: RefCell<Vec<String>>,
    in_write: Besides<'a>,
    in_request: Besides<'a>,
}

impl Store<'_> {
    fn note(&self, call: impl Into<String>) {
        self.calls.borrow_mut().push(call.into());
    }

    fn calls(&self) -> Vec<String> {
        self.calls.take()
    }
}

impl NonVolatileEvents for Store<'_> {
    fn enabled(&self) -> bool {
        self.note("enabled");
        self.enabled.get()
    }

    fn has_event(&self) -> Option<usize> {
        self.note("has_event");
        self.messages.borrow().first().map(Vec::len)
    }

    fn read(&self, offset: u32, out: &mut [u8]) -> bool {
        self.note("read");
        let messages = self.messages.borrow();
        let part = messages.first().and_then(|m| m.get(offset as usize..)).and_then(|m| m.get(..out.len()));
        part.map(|part| out.copy_from_slice(part)).is_some()
    }

    fn consume(&self) {
        self.note("consume");
        self.messages.borrow_mut().remove(0);
    }

    fn write(&self, len: usize, read: impl Fn(u32, &mut [u8]) -> bool) -> bool {
        self.note(format!("write {len}"));
        let mut message = vec![0; len];
        assert!(read(0, &mut message) && !read(1, &mut message));
        if let Some(besides) = self.in_write.take() {
            besides(self);
        }
        if !self.refuses.get() {
            self.messages.borrow_mut().push(message);
        }
        !self.refuses.get()
    }

    fn request_persist(&self, ram: Fill) {
        self.note(format!("request {} {}", ram.used, ram.free));
        if let Some(besides) = self.in_request.get() {
            besides(self);
        }
    }
}

fn booted<C: Config>(memory: &[Cell<u8>]) -> Events<'_, C> {
    let events = EventStorage::new(NoLock, memory);
    events.boot(memory.len());
    events
}

fn write<C: Config>(events: &Events<'_, C>, store: &Store<'_>, payload: &[u8]) {
    assert_ne!(events.begin_write(), 0);
    assert!(events.append(payload));
    events.after_finish(store, events.finish_write(false));
}

fn cells() -> Vec<Cell<u8>> {
    vec![Cell::new(0); 16]
}

#[test]
fn spec_walk_through() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    store.enabled.set(true);
    write(&e, &store, b"ab");
    write(&e, &store, b"c");
    assert_eq!(store.calls(), ["request 4 12", "request 7 9"]);
    assert_eq!(e.source_has_more(&store), None);
    assert_eq!(store.calls(), ["enabled", "has_event"]);
    assert_eq!(e.persist(&store), 2);
    assert_eq!(store.calls(), ["enabled", "write 2", "write 1"]);
    assert_eq!((e.fill().used, store.messages.take()), (0, vec![b"ab".to_vec(), b"c".to_vec()]));
}

#[test]
fn without_the_option_the_store_is_never_asked() {
    let (memory, store) = (cells(), Store::default());
    store.enabled.set(true);
    let e = booted::<crate::config::Defaults>(&memory);
    write(&e, &store, b"ab");
    let mut out = [0; 2];
    assert!(e.source_has_more(&store) == Some(2) && e.source_read(&store, 0, &mut out) && &out == b"ab");
    assert_eq!(e.persist(&store), 0);
    e.source_mark_read(&store);
    assert_eq!((e.fill().used, store.calls().len()), (0, 0));
}

#[test]
fn ram_is_the_source_while_the_store_is_not_enabled() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    write(&e, &store, b"ab");
    assert_eq!(e.persist(&store), 0);
    let mut out = [0; 2];
    assert!(e.source_has_more(&store) == Some(2) && e.source_read(&store, 0, &mut out) && &out == b"ab");
    e.source_mark_read(&store);
    assert_eq!(e.fill().used, 0);
    assert_eq!(store.calls(), ["request 4 12", "enabled", "enabled", "enabled", "enabled"]);
}

#[test]
fn dropping_a_message_of_the_store_offers_what_ram_holds() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    store.enabled.set(true);
    store.messages.borrow_mut().extend([b"old".to_vec(), b"new".to_vec()]);
    e.source_mark_read(&store);
    assert_eq!(store.calls(), ["enabled", "consume"]);
    write(&e, &store, b"ab");
    store.calls();
    e.source_mark_read(&store);
    assert_eq!(store.calls(), ["enabled", "consume", "request 4 12"]);
}

#[test]
fn a_message_that_the_store_refuses_stays_first_in_line() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    store.enabled.set(true);
    store.refuses.set(true);
    write(&e, &store, b"ab");
    assert_eq!((e.persist(&store), e.fill().used), (0, 4));
    store.refuses.set(false);
    write(&e, &store, b"c");
    assert_eq!(e.persist(&store), 2);
    assert_eq!(store.messages.take(), [&b"ab"[..], b"c"]);
}

#[test]
fn when_the_store_goes_away_a_half_read_message_starts_over() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    write(&e, &store, b"ab");
    store.enabled.set(true);
    // Takes a snapshot of RAM.
    store.messages.borrow_mut().push(b"old".to_vec());
    e.source_mark_read(&store);
    store.enabled.set(false);
    assert!(!e.source_read(&store, 0, &mut [0; 2]));
    assert_eq!(e.source_has_more(&store), Some(2));
    store.enabled.set(true);
    assert_eq!(e.source_has_more(&store), None);
    store.enabled.set(false);
    e.source_mark_read(&store);
    assert_eq!(e.fill().used, 4, "nothing was announced by RAM since, so nothing is dropped");
}

#[test]
fn the_request_may_persist_at_once() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    store.enabled.set(true);
    let persist = |store: &Store<'_>| assert_eq!(e.persist(store), 1);
    store.in_request.set(Some(&persist));
    write(&e, &store, b"ab");
    write(&e, &store, b"c");
    store.in_request.set(None);
    assert_eq!((e.fill().used, store.messages.take()), (0, vec![b"ab".to_vec(), b"c".to_vec()]));
}

#[test]
fn the_store_may_write_an_event_or_persist_while_it_takes_one() {
    let (memory, store) = (cells(), Store::default());
    let e = booted::<NonVolatile>(&memory);
    store.enabled.set(true);
    let persist = |store: &Store<'_>| {
        e.persist(store);
    };
    store.in_request.set(Some(&persist));
    // As a failing driver would: it reports that with an event, whose request persists again.
    let report = |store: &Store<'_>| write(&e, store, b"c");
    store.in_write.set(Some(&report));
    write(&e, &store, b"ab");
    store.in_request.set(None);
    assert_eq!((e.fill().used, store.messages.take()), (0, vec![b"ab".to_vec(), b"c".to_vec()]), "each once, in order");
    assert_eq!(e.persist(&store), 0);
}
