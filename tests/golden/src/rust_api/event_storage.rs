//! `memfault_rs::events::{storage, batch, nv}`.

use super::events::{Bench, Buffer, CheckedLock};
use super::options::{self, Storing};
use super::{Player, changes};
use crate::step::Step;
use crate::vectors::{Group, Object, to_hex};
use memfault_rs::config::Config;
use memfault_rs::events::batch;
use memfault_rs::events::nv::NonVolatileEvents;
use memfault_rs::events::storage::{EventStorage, Fill};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    const ALL: u32 = u32::MAX;
    let known = [
        ("EVENT_STORAGE_READ_BATCHING_ENABLED", 0),
        ("EVENT_STORAGE_READ_BATCHING_MAX_BYTES", i64::from(ALL)),
        ("EVENT_STORAGE_NV_SUPPORT_ENABLED", 0),
        ("EVENT_STORAGE_RESTORE_STATE", 0), // who restores calls `EventStorage::restore`
    ];
    const UNLIMITED: i64 = u32::MAX as i64;
    match *options::of(group, &known)?.as_slice() {
        [0, _, 0, _] => Ok(Box::new(Storage::<Storing<false, ALL, false>>::new())),
        [0, _, _, _] => Ok(Box::new(Storage::<Storing<false, ALL, true>>::new())),
        [_, UNLIMITED, 0, _] => Ok(Box::new(Storage::<Storing<true, ALL, false>>::new())),
        [_, UNLIMITED, _, _] => Ok(Box::new(Storage::<Storing<true, ALL, true>>::new())),
        [_, 52, 0, _] => Ok(Box::new(Storage::<Storing<true, 52, false>>::new())),
        _ => Err(format!("no Config with {:?} was compiled in", group.options)),
    }
}

/// The scripted non-volatile store; the C player has the same one.
struct Store<C: 'static> {
    bench: &'static Bench<C>,
    events: RefCell<VecDeque<Vec<u8>>>,
    enabled: Cell<bool>,
    write_ok: Cell<bool>,
    read_piece: Cell<usize>,
    persist_inside_callback: Cell<bool>,
}

impl<C: Config> NonVolatileEvents for Store<C> {
    fn enabled(&self) -> bool {
        self.bench.device.call(json!(["nv.enabled", self.enabled.get()]));
        self.enabled.get()
    }

    fn has_event(&self) -> Option<usize> {
        let len = self.events.borrow().front().map(Vec::len);
        self.bench.device.call(json!(["nv.has_event", len.is_some(), len.unwrap_or(0)]));
        len
    }

    fn read(&self, offset: u32, out: &mut [u8]) -> bool {
        let events = self.events.borrow();
        let bytes =
            events.front().and_then(|event| event.get(offset as usize..)).and_then(|rest| rest.get(..out.len()));
        self.bench.device.call(json!(["nv.read", offset, out.len(), bytes.is_some()]));
        bytes.map(|bytes| out.copy_from_slice(bytes)).is_some()
    }

    fn consume(&self) {
        self.bench.device.call(json!(["nv.consume"]));
        self.events.borrow_mut().pop_front();
    }

    fn write(&self, len: usize, read: impl Fn(u32, &mut [u8]) -> bool) -> bool {
        let mut event = vec![0x5A; len];
        let piece = if self.read_piece.get() == 0 { len } else { self.read_piece.get() };
        let mut offset = 0;
        for part in event.chunks_mut(piece.max(1)) {
            assert!(read(offset, part), "the reader of a message to be stored failed");
            offset += part.len() as u32;
        }
        let ok = self.write_ok.get();
        self.bench.device.call(json!(["nv.write", len, to_hex(&event), ok]));
        if ok {
            self.events.borrow_mut().push_back(event);
        }
        ok
    }

    fn request_persist(&self, ram: Fill) {
        self.bench.device.call(json!(["persist_cb", ram.used, ram.free]));
        if self.persist_inside_callback.get() {
            let moved = self.bench.storage.persist(self);
            self.bench.device.call(json!(["persist", moved]));
        }
    }
}

/// Event storage with its non-volatile store, and what was saved of it.
struct Storage<C: Config + 'static> {
    bench: &'static Bench<C>,
    nv: Store<C>,
    shown: Vec<u8>,
    booted: bool,
    saved: EventStorage<C, CheckedLock, Buffer>,
}

impl<C: Config + 'static> Storage<C> {
    fn new() -> Self {
        let bench = Bench::leaked();
        let nv = Store {
            bench,
            events: RefCell::default(),
            enabled: Cell::new(false),
            write_ok: Cell::new(true),
            read_piece: Cell::new(0),
            persist_inside_callback: Cell::new(false),
        };
        let saved = EventStorage::new(CheckedLock::default(), Buffer::default());
        Self { bench, nv, shown: Vec::new(), booted: false, saved }
    }

    fn boot(&mut self, step: &Step) -> Result<Value, String> {
        let len = step.number("len")?;
        let mode = step.optional_bytes("restore");
        // A saved state of another size is refused by the C layer before the core sees it.
        let restored =
            mode == Some(b"stash") && self.saved.capacity() == len && self.bench.storage.restore(&self.saved, len);
        if restored {
            self.bench.storage.memory().0.replace(self.saved.memory().0.borrow().clone());
        } else {
            self.bench.boot_storage(len);
        }
        self.shown = vec![0; len];
        self.booted = true;
        if let Some(mode) = mode {
            let number =
                [&b"none"[..], b"stash", b"bad_context_len", b"bad_storage_len"].iter().position(|name| *name == mode);
            self.bench.device.call(json!(["restore_state", number]));
        }
        Ok(json!({"storage_size": self.bench.storage.capacity(), "booted": true}))
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        let storage = &self.bench.storage;
        Ok(match step.name.as_str() {
            "init" => {
                self.nv.read_piece.set(step.number("nv_read_piece").unwrap_or(0));
                self.nv.persist_inside_callback.set(step.flag("persist_inside_callback").unwrap_or(false));
                json!({})
            }
            "boot" => self.boot(step)?,
            "begin" => json!({"ret": storage.begin_write()}),
            "append" => json!({"ret": storage.append(step.bytes("data")?)}),
            "finish" => {
                storage.after_finish(&self.nv, storage.finish_write(step.flag("rollback")?));
                json!({})
            }
            "has_more" => {
                let size = storage.source_has_more(&self.nv);
                json!({"ret": size.is_some(), "size": size.unwrap_or(0)})
            }
            "read" => {
                let mut data = vec![0x5A; step.number("len")?];
                if storage.source_read(&self.nv, step.number("offset")?, &mut data) {
                    json!({"ret": true, "data": to_hex(&data)})
                } else {
                    json!({"ret": false})
                }
            }
            "mark_read" => {
                storage.source_mark_read(&self.nv);
                json!({})
            }
            "state" => {
                let fill = storage.fill();
                json!({"booted": self.booted, "used": fill.used, "free": fill.free, "storage_size": storage.capacity()})
            }
            "nv_set_enabled" => {
                self.nv.enabled.set(step.flag("v")?);
                json!({})
            }
            "nv_set_write_ok" => {
                self.nv.write_ok.set(step.flag("v")?);
                json!({})
            }
            "persist" => json!({"ret": storage.persist(&self.nv)}),
            "save" => {
                let taken = self.saved.restore(storage, storage.capacity());
                if !taken {
                    self.saved.boot(0); // nothing to save before the first boot
                }
                self.saved.memory().0.replace(storage.memory().0.borrow().clone());
                json!({})
            }
            "power_cycle" => {
                storage.memory().0.replace(Vec::new());
                storage.boot(0);
                self.booted = false;
                self.shown.clear();
                json!({})
            }
            "batch_header" => {
                let (header, len) = batch::header(step.number("num_events")?);
                json!({"length": len, "bytes": to_hex(&header[..len])})
            }
            _ => return step.unknown(),
        })
    }
}

impl<C: Config + 'static> Player for Storage<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.operation(step)?;
        if let Some(change) = changes(&self.bench.storage.memory().0.borrow(), &mut self.shown) {
            results["ring"] = change;
        }
        Ok(self.bench.device.finish(results))
    }
}
