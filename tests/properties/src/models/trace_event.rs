//! Spec 20 chapter 10: trace events with text logs, and the slot for interrupts.

use super::cbor::{Sink, integer, string};
use super::events::{Device, Storage, TraceInfo, common_step, finish};
use golden::rust_api::Player;
use golden::step::Step;
use golden::vectors::{Group, Object};
use serde_json::json;

/// The module `trace_event`, with text logs.
pub struct Traces {
    device: Device,
    storage: Storage,
    booted: bool,
    num_reasons: u32,
    max_text: usize,
    log_from_isr: bool,
    /// The event that waits: reason, pc, lr, the pieces of its detail.
    slot: Option<(TraceInfo, Vec<Vec<u8>>)>,
}

impl Traces {
    pub fn new(group: &Group) -> Self {
        Self {
            device: Device::new(group),
            storage: Storage::default(),
            booted: false,
            num_reasons: group.trace_reasons.as_ref().map_or(0, Vec::len) as u32 + 2,
            max_text: group.number("MEMFAULT_TRACE_EVENT_MAX_LOG_LEN", 80) as usize - 1,
            log_from_isr: group.number("MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED", 1) != 0,
            slot: None,
        }
    }

    fn is_inside_isr(&mut self) -> bool {
        self.device.calls.push(json!(["is_inside_isr", self.device.inside_isr]));
        self.device.inside_isr
    }

    fn worst_case(&mut self) -> usize {
        let info = TraceInfo { reason_key: 6, reason: self.num_reasons, pc: u32::MAX, lr: u32::MAX, extra: 1 };
        let mut sink = Sink::default();
        self.device.trace_event(&mut sink, &info, &[integer(7), integer(i32::MAX.into())]);
        sink.size
    }

    fn flush(&mut self) -> i32 {
        let Some((info, detail)) = &self.slot else { return 0 };
        if !self.booted {
            return -1;
        }
        if !self.storage.store(&mut self.device, info, detail) {
            return -2;
        }
        self.slot = None;
        0
    }

    fn capture(&mut self, step: &Step) -> Result<i32, String> {
        let mut detail = match step.name.as_str() {
            "capture_status" => vec![integer(7), integer(step.number("status")?)],
            "capture_log" => {
                let text = step.bytes("text")?;
                [vec![integer(8)], string(2, &text[..text.len().min(self.max_text)])].concat()
            }
            _ => Vec::new(),
        };
        // Without room for it the text is not even made.
        if step.name == "capture_log" && !self.log_from_isr && self.is_inside_isr() {
            detail.clear();
        }
        if !self.booted {
            return Ok(-1);
        }
        let (pc, lr): (u64, u64) = (step.number("pc")?, step.number("lr")?);
        let extra = u32::from(!detail.is_empty());
        let info = TraceInfo { reason_key: 6, reason: step.number("reason")?, pc: pc as u32, lr: lr as u32, extra };
        if self.is_inside_isr() {
            if self.slot.is_some() {
                return Ok(-2);
            }
            self.slot = (info.reason != 0).then_some((info, detail)); // reason 0 means empty
            return Ok(0);
        }
        let flushed = self.flush();
        if flushed != 0 {
            return Ok(flushed);
        }
        Ok(if self.storage.store(&mut self.device, &info, &detail) { 0 } else { -2 })
    }
}

impl Player for Traces {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let results = match step.name.as_str() {
            "boot" => {
                self.storage.boot(step.number("storage")?);
                let worst_case = self.worst_case();
                let fits = self.storage.check(&mut self.device, "trace", worst_case);
                self.booted |= fits;
                json!({"ret": if fits { 0 } else { -3 }})
            }
            "boot_null" => json!({"ret": -4}),
            "booted" => json!({"ret": self.booted}),
            "capture" | "capture_status" | "capture_log" => json!({"ret": self.capture(step)?}),
            "flush_isr" => json!({"ret": self.flush()}),
            "worst_case" => json!({"ret": self.worst_case()}),
            "state" => json!({"used": self.storage.used(), "drops": self.storage.drops.take()}),
            _ => match common_step(step, &mut self.device, &mut self.storage)? {
                Some(results) => results,
                None => return step.unknown(),
            },
        };
        Ok(finish(&mut self.device, results))
    }
}
