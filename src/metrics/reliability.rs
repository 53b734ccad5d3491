//! Hours of operation, and those of them without a crash (spec 40 §15).
//!
//! Only full hours count; what is left of one goes on into the next heartbeat. The crash that led to this boot costs one
//! crash-free hour, once.

use super::builtin::Counters;
use core::cell::Cell;

const MS_PER_HOUR: u32 = 3_600_000;

/// The metrics of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// `operational_hours`
    Operational,
    /// `operational_crashfree_hours`
    CrashFree,
}

/// What is not yet reported. All zero at power-up. Milliseconds are the low 32 bits of the time since boot.
#[repr(C)]
pub struct Reliability {
    last_heartbeat_ms: Cell<u32>,
    operational_ms: Cell<u32>,
    /// Not 0: the crash before this boot has been charged. A byte, as saved state may hold anything.
    counted_unexpected_reboot: Cell<u8>,
}

impl Reliability {
    /// Nothing has happened yet.
    pub const fn new() -> Self {
        Self { last_heartbeat_ms: Cell::new(0), operational_ms: Cell::new(0), counted_unexpected_reboot: Cell::new(0) }
    }

    /// Operation starts now. QUIRK (spec 40 §15): what an earlier boot left of an hour stays, and so does what it charged.
    pub fn boot(&self, now_ms: u32) {
        self.last_heartbeat_ms.set(now_ms);
    }

    /// Goes on from a saved state.
    pub fn restore(&self, saved: &Self) {
        self.last_heartbeat_ms.set(saved.last_heartbeat_ms.get());
        self.operational_ms.set(saved.operational_ms.get());
        self.counted_unexpected_reboot.set(saved.counted_unexpected_reboot.get());
    }

    /// Adds the full hours to their metrics; leaves them alone if there is none.
    ///
    /// `crashed` tells whether a crash led to this boot. It is asked once, at the first full hour, between the two metrics.
    /// The clock may wrap; from one call to the next at most 2^32 ms pass.
    pub fn collect(&self, now_ms: u32, crashed: impl FnOnce() -> bool, metrics: &impl Counters<Hours>) {
        let passed_ms = now_ms.wrapping_sub(self.last_heartbeat_ms.replace(now_ms));
        let operational_ms = self.operational_ms.get().wrapping_add(passed_ms);
        let hours = operational_ms / MS_PER_HOUR;
        self.operational_ms.set(operational_ms % MS_PER_HOUR);
        if hours == 0 {
            return;
        }
        let hours = hours.cast_signed(); // at most 1193
        metrics.add(Hours::Operational, hours);
        let lost = self.counted_unexpected_reboot.replace(1) == 0 && crashed();
        metrics.add(Hours::CrashFree, hours - i32::from(lost));
    }
}

impl Default for Reliability {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
