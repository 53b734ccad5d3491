//! Spec 20 chapters 4 and 5: events in a ring, one after the other, each with its total size in front.

use super::cbor;
use golden::rust_api::{Player, changes, object};
use golden::step::Step;
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};
use std::collections::VecDeque;

const HEADER_LEN: usize = 2;
const IN_PROGRESS: [u8; 2] = [0xff, 0xff];

/// The ring, the open session and the message that is being read. This is also what is saved over a power cycle.
#[derive(Clone, Default)]
struct State {
    storage: Vec<u8>,
    read_offset: usize,
    used: usize,
    writing: bool,
    written: usize,
    /// Ring bytes and events of the message; its batch header.
    covered: usize,
    events: usize,
    batch_header: Vec<u8>,
}

impl State {
    fn free(&self) -> usize {
        self.storage.len() - self.used
    }

    fn append(&mut self, data: &[u8]) -> bool {
        if data.len() > self.free() {
            return false;
        }
        for byte in data {
            let index = (self.read_offset + self.used) % self.storage.len();
            self.storage[index] = *byte;
            self.used += 1;
        }
        true
    }

    fn byte(&self, at: usize) -> u8 {
        self.storage[(self.read_offset + at) % self.storage.len()]
    }

    /// Total sizes of the finished events, oldest first.
    fn finished(&self) -> Vec<usize> {
        let mut sizes = Vec::new();
        let mut at = 0;
        while at + HEADER_LEN <= self.used {
            let header = [self.byte(at), self.byte(at + 1)];
            if header == IN_PROGRESS {
                break;
            }
            let size = usize::from(u16::from_le_bytes(header));
            sizes.push(size);
            at += size;
        }
        sizes
    }

    /// The message of the snapshot.
    fn message(&self) -> Vec<u8> {
        let mut message = self.batch_header.clone();
        let mut at = 0;
        for size in self.finished().into_iter().take(self.events) {
            message.extend((at + HEADER_LEN..at + size).map(|i| self.byte(i)));
            at += size;
        }
        message
    }

    fn drop_snapshot(&mut self) {
        (self.covered, self.events) = (0, 0);
        self.batch_header.clear();
    }
}

#[derive(Default)]
struct NonVolatile {
    events: VecDeque<Vec<u8>>,
    enabled: bool,
    was_enabled: bool,
    write_fails: bool,
    persist_inside_callback: bool,
}

pub struct EventStorage {
    state: State,
    saved: Option<State>,
    shown: Vec<u8>,
    booted: bool,
    /// The first boot hands out the writer's table, which tells the size from then on.
    has_table: bool,
    nv: NonVolatile,
    nv_supported: bool,
    restore_supported: bool,
    batch_limit: Option<u64>,
    calls: Vec<Value>,
    logs: Vec<Value>,
}

impl EventStorage {
    pub fn new(group: &Group) -> Self {
        let on = |option: &str| group.number(&format!("MEMFAULT_EVENT_STORAGE_{option}"), 0) != 0;
        let limit = group.number("MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES", i64::from(u32::MAX));
        Self {
            state: State::default(),
            saved: None,
            shown: Vec::new(),
            booted: false,
            has_table: false,
            nv: NonVolatile::default(),
            nv_supported: on("NV_SUPPORT_ENABLED"),
            restore_supported: on("RESTORE_STATE"),
            batch_limit: on("READ_BATCHING_ENABLED").then_some(limit as u64),
            calls: Vec::new(),
            logs: Vec::new(),
        }
    }

    /// A session is open.
    pub fn is_writing(&self) -> bool {
        self.state.writing
    }

    /// A session can be opened.
    pub fn can_begin(&self) -> bool {
        !self.state.writing && self.state.free() >= HEADER_LEN
    }

    fn boot(&mut self, step: &Step) -> Result<Value, String> {
        let len = step.number("len")?;
        let mut state = State { storage: vec![0; len], ..State::default() };
        if self.restore_supported {
            let mode = step.optional_bytes("restore").unwrap_or(b"none");
            let number =
                [&b"none"[..], b"stash", b"bad_context_len", b"bad_storage_len"].iter().position(|name| *name == mode);
            self.calls.push(json!(["restore_state", number]));
            let saved_len = self.saved.as_ref().map_or(0, |saved| saved.storage.len());
            match (mode, &self.saved) {
                (b"none", _) => {}
                (b"stash", Some(saved)) if saved_len == len => state = saved.clone(),
                _ => self.logs.push(json!(self.mismatch(mode, saved_len, len))),
            }
        }
        self.state = state;
        self.shown = vec![0; len];
        (self.booted, self.has_table) = (true, true);
        Ok(json!({"storage_size": len, "booted": true}))
    }

    /// The line of spec 20 section 19: own context size, that of the saved one, the new length, the saved one.
    fn mismatch(&self, mode: &[u8], saved_len: usize, len: usize) -> (u8, String) {
        const CONTEXT_LEN: usize = 80;
        let context_len =
            if self.saved.is_some() { CONTEXT_LEN } else { 0 } + if mode == b"bad_context_len" { 4 } else { 0 };
        let saved_len = saved_len + if mode == b"bad_storage_len" { 1 } else { 0 };
        let text =
            format!("Event storage restore size mismatch: {CONTEXT_LEN} != {context_len} or {len} != {saved_len}");
        (3, text)
    }

    fn finish(&mut self, rollback: bool) {
        let state = &mut self.state;
        if !state.writing {
            return;
        }
        if rollback {
            state.used -= state.written;
        } else {
            let start = state.used - state.written;
            for (i, byte) in (state.written as u16).to_le_bytes().into_iter().enumerate() {
                let index = (state.read_offset + start + i) % state.storage.len();
                state.storage[index] = byte;
            }
        }
        (state.writing, state.written) = (false, 0);
        if !rollback {
            self.request_persist();
        }
    }

    fn request_persist(&mut self) {
        if !self.nv_supported {
            return;
        }
        self.calls.push(json!(["persist_cb", self.state.used, self.state.free()]));
        if self.nv.persist_inside_callback {
            let moved = self.persist();
            self.calls.push(json!(["persist", moved]));
        }
    }

    fn nv_enabled(&mut self) -> bool {
        if !self.nv_supported {
            return false;
        }
        self.calls.push(json!(["nv.enabled", self.nv.enabled]));
        if self.nv.was_enabled && !self.nv.enabled {
            self.state.drop_snapshot();
        }
        self.nv.was_enabled = self.nv.enabled;
        self.nv.enabled
    }

    fn ram_has_more(&mut self) -> usize {
        if self.state.message().is_empty() {
            self.take_snapshot();
        }
        self.state.message().len()
    }

    fn take_snapshot(&mut self) {
        self.state.drop_snapshot();
        let mut payload = 0;
        for size in self.state.finished() {
            payload += (size - HEADER_LEN) as u64;
            let full = match self.batch_limit {
                None => self.state.events == 1,
                Some(limit) => self.state.events >= 1 && payload > limit,
            };
            if full {
                break;
            }
            self.state.events += 1;
            self.state.covered += size;
        }
        if self.batch_limit.is_some() && self.state.events > 1 {
            self.state.batch_header = cbor::head(4, self.state.events as u64);
        }
    }

    fn ram_mark_read(&mut self) {
        let state = &mut self.state;
        if state.covered > 0 {
            state.read_offset = (state.read_offset + state.covered) % state.storage.len();
            state.used -= state.covered;
            state.drop_snapshot();
        }
    }

    fn persist(&mut self) -> usize {
        let mut moved = 0;
        if !self.nv_enabled() {
            return moved;
        }
        while self.ram_has_more() > 0 {
            let message = self.state.message();
            let ok = !self.nv.write_fails;
            self.calls.push(json!(["nv.write", message.len(), to_hex(&message), ok]));
            if !ok {
                break;
            }
            self.nv.events.push_back(message);
            self.ram_mark_read();
            moved += 1;
        }
        moved
    }

    fn has_more(&mut self) -> Value {
        let size = if self.nv_enabled() {
            let size = self.nv.events.front().map(Vec::len);
            self.calls.push(json!(["nv.has_event", size.is_some(), size.unwrap_or(0)]));
            return json!({"ret": size.is_some(), "size": size.unwrap_or(0)});
        } else {
            self.ram_has_more()
        };
        json!({"ret": size != 0, "size": size})
    }

    fn read(&mut self, offset: usize, len: usize) -> Value {
        let enabled = self.nv_enabled();
        let message = if enabled { self.nv.events.front().cloned() } else { Some(self.state.message()) };
        let bytes = message.as_deref().and_then(|m| m.get(offset..)).and_then(|rest| rest.get(..len));
        if enabled {
            self.calls.push(json!(["nv.read", offset, len, bytes.is_some()]));
        }
        match bytes {
            Some(bytes) => json!({"ret": true, "data": to_hex(bytes)}),
            None => json!({"ret": false}),
        }
    }

    fn mark_read(&mut self) {
        if !self.nv_enabled() {
            return self.ram_mark_read();
        }
        self.calls.push(json!(["nv.consume"]));
        self.nv.events.pop_front();
        if self.ram_has_more() > 0 {
            self.request_persist();
        }
    }

    /// The context on a machine with 64 bits, without the storage pointer and the padding.
    fn context(&self) -> Vec<u8> {
        let state = &self.state;
        let mut header = state.batch_header.clone();
        header.resize(8, 0);
        let words = [
            state.read_offset,
            state.used,
            state.storage.len(),
            0,
            usize::from(state.writing),
            state.written,
            state.covered,
            state.events,
            state.batch_header.len(),
        ];
        let words = words.iter().flat_map(|word| (*word as u64).to_le_bytes());
        words.chain(header).collect()
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        Ok(match step.name.as_str() {
            "init" => {
                self.nv.persist_inside_callback = step.flag("persist_inside_callback").unwrap_or(false);
                json!({})
            }
            "boot" => self.boot(step)?,
            "begin" => {
                if self.state.writing || !self.state.append(&IN_PROGRESS) {
                    json!({"ret": 0})
                } else {
                    (self.state.writing, self.state.written) = (true, HEADER_LEN);
                    json!({"ret": self.state.free()})
                }
            }
            "append" => {
                let data = step.bytes("data")?;
                let ret = self.state.append(data);
                self.state.written += if ret { data.len() } else { 0 };
                json!({"ret": ret})
            }
            "finish" => {
                self.finish(step.flag("rollback")?);
                json!({})
            }
            "has_more" => self.has_more(),
            "read" => self.read(step.number("offset")?, step.number("len")?),
            "mark_read" => {
                self.mark_read();
                json!({})
            }
            "state" => {
                let state = &self.state;
                let mut results = json!({"booted": self.booted, "used": state.used, "free": state.free()});
                if self.has_table {
                    results["storage_size"] = state.storage.len().into();
                }
                results
            }
            "nv_set_enabled" => {
                self.nv.enabled = step.flag("v")?;
                json!({})
            }
            "nv_set_write_ok" => {
                self.nv.write_fails = !step.flag("v")?;
                json!({})
            }
            "persist" => json!({"ret": self.persist()}),
            "save" => {
                self.saved = Some(self.state.clone());
                json!({"context_len": 80, "storage_len": self.state.storage.len(), "context": to_hex(&self.context())})
            }
            "power_cycle" => {
                self.state = State::default();
                self.booted = false;
                json!({})
            }
            "batch_header" => {
                let events: u64 = step.number("num_events")?;
                let header = if events > 1 { cbor::head(4, events & 0xffff_ffff) } else { Vec::new() };
                json!({"length": header.len(), "bytes": to_hex(&header)})
            }
            _ => return step.unknown(),
        })
    }
}

impl Player for EventStorage {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.operation(step)?;
        results["calls"] = std::mem::take(&mut self.calls).into();
        results["logs"] = std::mem::take(&mut self.logs).into();
        if let Some(change) = changes(&self.state.storage, &mut self.shown) {
            results["ring"] = change;
        }
        Ok(object(results))
    }
}
