//! Spec 20 chapters 12 and 13: the retained region byte by byte, and the reboot event.

use super::cbor::Sink;
use super::events::{Device, Storage, TraceInfo, WARNING, common_step, finish, pair};
use golden::rust_api::Player;
use golden::step::{Argument, Step};
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};

const REGION_LEN: usize = 64;
const MAGIC: [u8; 4] = *b"RBT!";
const NOT_SET: u32 = u32::MAX;

/// The module `reboot_tracking`; enums have four bytes.
pub struct Reboots {
    device: Device,
    storage: Storage,
    region: [u8; REGION_LEN],
    shown: [u8; REGION_LEN],
    saved: [u8; REGION_LEN],
    use_store: bool,
    has_region: bool,
    /// Register reason and prior reason.
    reasons: Option<(u32, u32)>,
}

impl Reboots {
    pub fn new(group: &Group) -> Self {
        let zeros = [0; REGION_LEN];
        Self {
            device: Device::new(group),
            storage: Storage::default(),
            region: zeros,
            shown: zeros,
            saved: zeros,
            use_store: false,
            has_region: false,
            reasons: None,
        }
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes([self.region[at], self.region[at + 1], self.region[at + 2], self.region[at + 3]])
    }

    fn set_word(&mut self, at: usize, value: u32) {
        self.region[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    /// False: there is no region. A bad one is made anew.
    fn check(&mut self) -> bool {
        if self.has_region && self.region[..4] != MAGIC {
            self.region = [0; REGION_LEN];
            self.region[..4].copy_from_slice(&MAGIC);
            self.region[4] = 2;
            self.set_word(8, NOT_SET);
        }
        self.has_region
    }

    fn record(&mut self, reason: u32, registers: Option<(u32, u32)>) {
        let stored = self.word(8);
        self.reasons = Some((reason, if stored == NOT_SET { reason } else { stored }));
        if stored != NOT_SET {
            return;
        }
        self.set_word(8, reason);
        if let Some((pc, lr)) = registers {
            self.set_word(12, pc);
            self.set_word(16, lr);
        }
    }

    pub fn clear_sessions(&mut self) {
        if self.check() {
            self.set_word(24, 0);
        }
    }

    pub fn mark_session(&mut self, active: bool, index: u32) {
        if self.check() && index < 32 {
            let others = self.word(24) & !(1 << index);
            self.set_word(24, others | u32::from(active) << index);
        }
    }

    pub fn session_was_active(&mut self, index: u32) -> bool {
        self.check() && index < 32 && self.word(24) >> index & 1 == 1
    }

    pub fn region(&self) -> String {
        to_hex(&self.region)
    }

    /// Boots on this region.
    pub fn boot_on(&mut self, region: &[u8], step: &Step) -> Result<(), String> {
        self.region.copy_from_slice(region);
        self.boot(step)
    }

    /// `None`: nobody knows yet.
    pub fn unexpected(&self) -> Option<bool> {
        let (reg, prior) = self.reasons?;
        let reason = if prior == NOT_SET { reg } else { prior };
        Some(reason == 0 || reason >= 0x8000)
    }

    fn boot(&mut self, step: &Step) -> Result<(), String> {
        self.has_region = true;
        self.device.calls.push(json!(["load", self.use_store]));
        if self.use_store {
            self.region = self.saved;
        }
        self.check();
        let mut reason = 0;
        if let Some(Argument::Number(_)) = step.argument("info.reset_reason") {
            self.set_word(20, step.number("info.reset_reason_reg")?);
            reason = step.number("info.reset_reason")?;
        }
        self.record(reason, None);
        if self.unexpected() == Some(true) {
            self.region[5] = self.region[5].wrapping_add(1);
        }
        Ok(())
    }

    fn mark(&mut self, step: &Step) -> Result<(), String> {
        if !self.check() {
            return Ok(());
        }
        let registers = match step.argument("reg.pc") {
            Some(_) => Some((step.number("reg.pc")?, step.number("reg.lr")?)),
            None => None,
        };
        self.record(step.number("reason")?, registers);
        self.saved = self.region;
        self.device.calls.push(json!(["save", to_hex(&self.saved)]));
        Ok(())
    }

    /// Reason, pc, lr, register, coredump saved.
    fn reset_info(&mut self) -> Option<(u32, u32, u32, u32, bool)> {
        if !self.check() || (self.word(8) == NOT_SET && self.word(20) == 0) {
            return None;
        }
        Some((self.word(8), self.word(12), self.word(16), self.word(20), self.region[7] == 1))
    }

    fn clear_reset_info(&mut self) {
        if self.check() {
            self.region[7] = 0;
            self.set_word(8, NOT_SET);
            self.region[12..24].fill(0);
        }
    }

    fn event((reason, pc, lr, register, saved): (u32, u32, u32, u32, bool)) -> (TraceInfo, Vec<Vec<u8>>) {
        let mut rest = if register != 0 { pair(4, register) } else { Vec::new() };
        rest.extend(pair(5, saved.into()));
        (TraceInfo { reason_key: 1, reason, pc, lr, extra: 1 + u32::from(register != 0) }, rest)
    }

    fn worst_case(&mut self) -> usize {
        let (info, rest) = Self::event((0x9400, u32::MAX, u32::MAX, u32::MAX, true));
        let mut sink = Sink::default();
        self.device.trace_event(&mut sink, &info, &rest);
        sink.size
    }

    fn collect(&mut self) -> i32 {
        let worst_case = self.worst_case();
        self.storage.check(&mut self.device, "reboot", worst_case);
        let Some(info) = self.reset_info() else {
            self.device.log(WARNING, "memfault_reboot_tracking_collect_reset_info: No reset info collected".into());
            return 0;
        };
        let (info, rest) = Self::event(info);
        if !self.storage.store(&mut self.device, &info, &rest) {
            let (capacity, worst_case) = (self.storage.capacity, self.worst_case());
            let text = format!("Event storage ({capacity}) smaller than largest reset reason ({worst_case})");
            self.device.log(WARNING, text);
            return -2;
        }
        self.clear_reset_info();
        0
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        match step.name.as_str() {
            "boot" => self.boot(step)?,
            "boot_null_region" => self.has_region = false,
            "mark_reset_imminent" => self.mark(step)?,
            "clear_reset_info" => self.clear_reset_info(),
            "clear_reboot_reason" => self.reasons = None,
            "use_store" => self.use_store = step.flag("v")?,
            "corrupt" => {
                let bytes = step.bytes("bytes")?;
                self.region[..bytes.len()].copy_from_slice(bytes);
            }
            "mark_coredump_saved" if self.check() => self.region[7] = 1,
            "reset_crash_count" if self.check() => self.region[5] = 0,
            "clear_metrics_sessions" => self.clear_sessions(),
            "metrics_session" => self.mark_session(step.flag("active")?, step.number("index")?),
            "mark_coredump_saved" | "reset_crash_count" => {}
            _ => return self.query(step),
        }
        Ok(json!({}))
    }

    fn query(&mut self, step: &Step) -> Result<Value, String> {
        Ok(match step.name.as_str() {
            "collect_reset_info" => json!({"ret": self.collect()}),
            "get_reboot_reason" => match self.reasons {
                Some((reg, prior)) => json!({"ret": 0, "reg": reg, "prior": prior}),
                None => json!({"ret": -1}),
            },
            "get_unexpected_reboot_occurred" => match self.unexpected() {
                Some(unexpected) => json!({"ret": 0, "v": unexpected}),
                None => json!({"ret": -1}),
            },
            "get_crash_count" => json!({"ret": if self.check() { self.region[5] } else { 0 }}),
            "session_was_active" => json!({"ret": self.session_was_active(step.number("index")?)}),
            "booted" => json!({"ret": self.has_region && self.region[..4] == MAGIC}),
            "read_reset_info" => match self.reset_info() {
                Some((reason, pc, lr, reg, saved)) => {
                    json!({"ret": true, "reason": reason, "pc": pc, "lr": lr, "reg": reg, "coredump_saved": saved})
                }
                None => json!({"ret": false}),
            },
            "worst_case" => json!({"ret": self.worst_case()}),
            _ => match common_step(step, &mut self.device, &mut self.storage)? {
                Some(results) => results,
                None => return step.unknown(),
            },
        })
    }
}

impl Player for Reboots {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if step.name == "init" {
            self.region.copy_from_slice(step.bytes("region")?);
            self.shown = self.region;
            self.storage.boot(step.number("event_storage")?);
            return Ok(Object::new());
        }
        let mut results = self.operation(step)?;
        if self.region != self.shown {
            results["region"] = to_hex(&self.region).into();
            self.shown = self.region;
        }
        Ok(finish(&mut self.device, results))
    }
}
