//! `memfault_rs::events::trace`.

use super::Player;
use super::events::{Bench, Store};
use super::options::with_envelope;
use crate::step::Step;
use crate::vectors::{Group, Object};
use memfault_rs::config::Config;
use memfault_rs::events::trace::{self, CaptureError, Detail, TraceEvent, TraceEvents};
use serde_json::{Value, json};

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    if group.number("MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED", 1) == 0
        || group.number("MEMFAULT_COMPACT_LOG_ENABLE", 0) != 0
    {
        return Err("what these options change is in the C functions that take a format".into());
    }
    with_envelope!(group, &[("TRACE_EVENT_MAX_LOG_LEN", 80)], Traces)
}

/// The slot for interrupts, longer than any option here makes it; the text is cut before it gets there.
const LOG_SLOT: usize = 80;

struct Traces<C: Config + 'static> {
    bench: &'static Bench<C>,
    traces: TraceEvents<C, Store<C>, LOG_SLOT>,
    num_reasons: u32,
    max_text: usize,
}

impl<C: Config + 'static> Traces<C> {
    fn new(group: &Group) -> Self {
        const OWN_REASONS: usize = 2; // Unknown and MemfaultCli_Test
        let max_log = group.number("MEMFAULT_TRACE_EVENT_MAX_LOG_LEN", 80);
        Self {
            bench: Bench::leaked(),
            traces: TraceEvents::new(),
            num_reasons: (group.trace_reasons.as_ref().map_or(0, Vec::len) + OWN_REASONS) as u32,
            max_text: usize::try_from(max_log).unwrap_or(1).min(LOG_SLOT) - 1,
        }
    }

    fn capture(&self, step: &Step, detail: Detail) -> Result<Value, String> {
        // Addresses are cut to 32 bits, as the C functions do it.
        let address = |key: &str| step.number::<u64>(key).map(|address| address as u32);
        let event = TraceEvent { reason: step.number("reason")?, pc: address("pc")?, lr: address("lr")?, detail };
        Ok(json!({"ret": code(self.traces.capture(&event, &self.bench.device))}))
    }
}

fn code(result: Result<(), CaptureError>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(CaptureError::NotBooted) => -1,
        Err(CaptureError::NoSpace) => -2,
    }
}

impl<C: Config + 'static> Player for Traces<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if let Some(results) = self.bench.step(step) {
            return results;
        }
        let device = &self.bench.device;
        let results = match step.name.as_str() {
            "boot" => {
                self.bench.boot_storage(step.number("storage")?);
                let booted = self.traces.boot(Store(self.bench), self.num_reasons, device);
                json!({"ret": if booted.is_ok() { 0 } else { -3 }})
            }
            "boot_null" => json!({"ret": -4}), // there is no NULL store here
            "booted" => json!({"ret": self.traces.booted()}),
            "capture" => self.capture(step, Detail::None)?,
            "capture_status" => self.capture(step, Detail::Status(step.number("status")?))?,
            "capture_log" => {
                let text = step.bytes("text")?;
                self.capture(step, Detail::Log(&text[..text.len().min(self.max_text)]))?
            }
            "flush_isr" => json!({"ret": code(self.traces.flush(device))}),
            "worst_case" => json!({"ret": trace::worst_case_size::<C, Store<C>>(self.num_reasons, device)}),
            "state" => json!({"used": self.bench.storage.fill().used, "drops": self.bench.drops.take()}),
            _ => return step.unknown(),
        };
        Ok(device.finish(results))
    }
}
