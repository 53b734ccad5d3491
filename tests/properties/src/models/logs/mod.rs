//! Spec 30 chapters 3 to 6: the log buffer, with the repairs that docs/differences.md lists.

mod ring;
mod source;

use super::compact_log;
use super::events::{Device, ERROR, common_step, finish};
use golden::rust_api::{Player, changes};
use golden::step::{Argument, Step};
use golden::vectors::{Group, Object, to_hex, to_text};
use ring::{COMPACT, READ, Record, Ring, SENT, TIMESTAMPED};
use serde_json::{Value, json};

const WARNING: u32 = 2;

/// What a saved state holds.
#[derive(Clone, Default)]
struct State {
    min_level: u32,
    /// Bytes from the oldest record to the next one to read.
    read_offset: usize,
    dropped: u32,
    recorded: u32,
    ring: Ring,
}

struct Options {
    max_len: usize,
    first_level: u32,
    piece_len: usize,
    times: bool,
    restore: bool,
    source: bool,
}

/// The modules `log` and `log_source`.
pub struct Logs {
    options: Options,
    device: Device,
    booted: bool,
    ever_booted: bool,
    capacity: usize,
    state: State,
    saved: Option<State>,
    /// The drop count that a notice told last.
    told: u32,
    message: source::Message,
    shown_state: Vec<u64>,
    shown_ring: Vec<u8>,
    locks: u32,
}

impl Logs {
    pub fn new(group: &Group) -> Self {
        let number = |option: &str, default| group.number(&format!("MEMFAULT_{option}"), default);
        Self {
            options: Options {
                max_len: number("LOG_MAX_LINE_SAVE_LEN", 128) as usize,
                first_level: number("RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL", 1) as u32,
                piece_len: number("LOG_EXPORT_CHUNK_MAX_LEN", 80) as usize,
                times: number("LOG_TIMESTAMPS_ENABLE", 1) != 0,
                restore: number("LOG_RESTORE_STATE", 0) != 0,
                source: number("LOG_DATA_SOURCE_ENABLED", 1) != 0,
            },
            device: Device::new(group),
            booted: false,
            ever_booted: false,
            capacity: 0,
            state: State::default(),
            saved: None,
            told: 0,
            message: source::Message::default(),
            shown_state: vec![0; 6],
            shown_ring: Vec::new(),
            locks: 0,
        }
    }

    pub fn is_booted(&self) -> bool {
        self.booted
    }

    pub fn was_booted(&self) -> bool {
        self.ever_booted
    }

    fn boot(&mut self, len: usize, mode: Option<&str>) -> bool {
        if self.booted || len == 0 {
            return false;
        }
        let restored = if self.options.restore { self.restored(len, mode.unwrap_or("none")) } else { None };
        self.state = restored.unwrap_or_else(|| State {
            min_level: self.options.first_level,
            ring: Ring::new(len),
            ..State::default()
        });
        self.booted = true;
        self.ever_booted = true;
        self.shown_ring = vec![0; len];
        true
    }

    fn restored(&mut self, len: usize, mode: &str) -> Option<State> {
        const CONTEXT_LEN: usize = 80;
        let number = ["none", "stash", "bad_context_len", "bad_storage_len"].iter().position(|name| *name == mode)?;
        self.device.calls.push(json!(["restore_state", number]));
        if mode == "none" {
            return None;
        }
        let (context_len, storage_len) = self.saved.as_ref().map_or((0, 0), |s| (CONTEXT_LEN, s.ring.storage.len()));
        let context_len = context_len + if mode == "bad_context_len" { 4 } else { 0 };
        let storage_len = storage_len + usize::from(mode == "bad_storage_len");
        if context_len != CONTEXT_LEN || storage_len != len {
            let sizes = format!("{CONTEXT_LEN} != {context_len} or {len} != {storage_len}");
            self.device.log(ERROR, format!("Log restore size mismatch: {sizes}"));
            return None;
        }
        self.saved.clone()
    }

    fn save(&mut self, level: u32, kind: u8, message: &[u8], takes_lock: bool) {
        if !self.booted || level < self.state.min_level || message.len() > self.options.max_len {
            return;
        }
        let mut record = Record { header: (level & 7) as u8 | kind, payload: message.to_vec() };
        if self.options.times {
            self.device.calls.push(json!(["time_get_current", self.device.time.is_some()]));
            if let Some((_, secs)) = self.device.time {
                record.header |= TIMESTAMPED;
                record.payload.splice(0..0, (secs as u32).to_le_bytes());
            }
        }
        self.locks += u32::from(takes_lock);
        let needed = record.size();
        let frozen = self.options.source && self.message.triggered;
        let State { ring, read_offset, dropped, recorded, .. } = &mut self.state;
        if ring.free() < needed && (needed > ring.storage.len() || frozen) {
            *dropped += 1;
            return;
        }
        while ring.free() < needed {
            let Some(evicted) = ring.evict() else { break };
            if evicted.header & READ != 0 {
                *read_offset -= evicted.size();
            } else if evicted.header & SENT == 0 {
                *dropped += 1;
            }
        }
        ring.push(record);
        *recorded += 1;
        self.device.calls.push(json!(["saved_cb"]));
    }

    fn save_text(&mut self, step: &Step, text: &[u8], takes_lock: bool) -> Result<Value, String> {
        let text = &text[..text.len().min(self.options.max_len)];
        self.save(step.number("level")?, 0, text, takes_lock);
        Ok(json!({}))
    }

    fn save_compact(&mut self, step: &Step) -> Result<Value, String> {
        let mut cbor = compact_log::log(step)?.concat();
        if cbor.len() > self.options.max_len {
            cbor = compact_log::too_long(step.number("log_id")?, cbor.len()).concat();
        }
        self.save(step.number("level")?, COMPACT, &cbor, true);
        Ok(json!({}))
    }

    /// Level, type, time, message.
    fn read(&mut self) -> Option<(u32, u8, u32, Vec<u8>)> {
        if !self.booted {
            return None;
        }
        self.locks += 1;
        let State { ring, read_offset, dropped, .. } = &mut self.state;
        if self.told != *dropped {
            self.told = *dropped;
            if *dropped > 0 {
                let mut text = format!("... {dropped} messages dropped ...").into_bytes();
                text.truncate(self.options.max_len);
                return Some((WARNING, 0, 0, text));
            }
        }
        let index = ring.index_at(*read_offset)?;
        ring.mark(index, READ);
        let record = &ring.records[index];
        *read_offset += record.size();
        let (time, message) = if self.options.times { record.parts() } else { (0, &record.payload[..]) };
        let kind = u8::from(record.header & COMPACT != 0);
        Some((u32::from(record.header & 7), kind, time, message.to_vec()))
    }

    fn read_step(&mut self) -> Value {
        let Some((level, kind, time, message)) = self.read() else { return json!({"ret": false}) };
        let mut results = json!({"ret": true, "level": level, "type": kind, "msg": to_hex(&message)});
        if self.options.times {
            results["timestamp"] = time.into();
        }
        results
    }

    fn export(&mut self) -> Value {
        while let Some((_, kind, _, message)) = self.read() {
            let lines: Vec<String> = if kind == 0 {
                // Printed as a C string.
                vec![to_text(message.split(|byte| *byte == 0).next().unwrap_or_default())]
            } else {
                message.chunks(self.options.piece_len).map(|piece| format!("ML:{}:", base64(piece))).collect()
            };
            self.device.calls.extend(lines.into_iter().map(|line| json!(["log_raw", line])));
        }
        json!({})
    }

    fn counts(&self) -> Value {
        json!({"dropped": self.state.dropped, "recorded": self.state.recorded, "booted": self.booted})
    }

    fn reset(&mut self) -> Value {
        // What lies in the storage stays there.
        let storage = std::mem::take(&mut self.state.ring.storage);
        self.state = State { ring: Ring { storage, ..Ring::default() }, ..State::default() };
        self.booted = false;
        json!({})
    }

    fn save_state(&mut self) -> Value {
        self.saved = self.booted.then(|| self.state.clone());
        let (context_len, storage_len) = self.saved.as_ref().map_or((0, 0), |s| (80, s.ring.storage.len()));
        json!({"context_len": context_len, "storage_len": storage_len})
    }

    fn own_step(&mut self, step: &Step) -> Result<Option<Value>, String> {
        Ok(Some(match step.name.as_str() {
            "init" => {
                self.capacity = step.number("storage")?;
                json!({})
            }
            "boot" => json!({"ret": self.boot(step.number("len")?, step.text("restore").ok())}),
            "boot_again" => json!({"ret": self.boot(self.capacity, None)}),
            "boot_bad" => json!({"ret": false}),
            "reset" => self.reset(),
            "power_cycle" => {
                self.message = source::Message::default();
                self.reset()
            }
            "save_state" => self.save_state(),
            "state" => json!({"booted": self.booted}),
            "counts" => self.counts(),
            "regions" if self.booted => json!({"ret": true, "storage_size": self.state.ring.storage.len()}),
            "regions" => json!({"ret": false}),
            "set_min_level" => {
                self.state.min_level = step.number("level")?;
                json!({})
            }
            "set_time" => {
                self.device.time = match step.argument("type") {
                    Some(Argument::Number(_)) => Some((step.number("type")?, step.number("secs")?)),
                    _ => None,
                };
                json!({})
            }
            "save_preformatted" => {
                let text = step.optional_bytes("msg").unwrap_or_default();
                self.save_text(step, text, !step.flag("nolock").unwrap_or(false))?
            }
            // An empty text is not stored by the functions that format.
            "save" if step.bytes("text")?.first().is_none_or(|byte| *byte == 0) => json!({}),
            "save" => {
                let text = step.bytes("text")?.split(|byte| *byte == 0).next().unwrap_or_default();
                self.save_text(step, text, true)?
            }
            "compact_save" => self.save_compact(step)?,
            "read" => self.read_step(),
            "export_logs" => self.export(),
            _ => return self.source_step(step),
        }))
    }

    fn show_changes(&mut self, results: &mut Value) {
        if !self.ever_booted {
            return;
        }
        let State { min_level, read_offset, dropped, recorded, ring } = &self.state;
        let (min, read) = (u64::from(*min_level), *read_offset as u64);
        let now = vec![min, read, (*dropped).into(), (*recorded).into(), ring.start as u64, ring.used() as u64];
        if now != self.shown_state {
            results["state"] = now.clone().into();
            self.shown_state = now;
        }
        if let Some(change) = changes(&self.state.ring.storage, &mut self.shown_ring) {
            results["ring"] = change;
        }
    }
}

impl Player for Logs {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        self.locks = 0;
        let own = self.own_step(step)?;
        let mut results = match own {
            Some(results) => results,
            None => match common_step(step, &mut self.device, &mut Default::default())? {
                Some(results) => results,
                None => return step.unknown(),
            },
        };
        self.show_changes(&mut results);
        if self.locks > 0 {
            results["locks"] = self.locks.into();
        }
        Ok(finish(&mut self.device, results))
    }
}

fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in data.chunks(3) {
        let bits = (0..3).fold(0, |bits, i| bits << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for digit in 0..4 {
            let used = digit <= group.len();
            text.push(if used { char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]) } else { '=' });
        }
    }
    text
}
