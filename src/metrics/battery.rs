//! Battery metrics (spec 40 §16): the state of charge at each heartbeat, and how far and how long the battery was discharged since
//! the one before.
//!
//! An interval counts only if the battery discharged during all of it and its state of charge is known at both ends. After
//! a charge, the interval in which discharging resumes is dropped; the next one counts.

use super::builtin::Gauges;
use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};

/// The metrics of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatteryMetric {
    /// `battery_soc_pct_drop`
    SocDrop,
    /// `battery_discharge_duration_ms`
    DischargeDuration,
    /// `battery_soc_pct`
    Soc,
}

/// What the platform says about its battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// State of charge: percent times the scale value of the firmware. `None`: not known.
    pub soc: Option<u32>,
    /// True while the battery loses charge. It counts also when the state of charge is not known.
    pub discharging: bool,
}

/// Why an interval was dropped, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The state of charge is not known (negative) at its end or at its start.
    SocInvalid {
        /// At the end.
        current: i32,
        /// At the start.
        last: i32,
    },
    /// The battery stopped discharging and nobody told when.
    StopMissed,
    /// It gained charge: `rise` is by how much, or 2^31 after a wrap.
    SocRose {
        /// In units of the state of charge.
        rise: u32,
    },
}

/// The platform.
pub trait BatteryPlatform {
    /// Reads the battery. Called once per boot and per collection.
    fn read(&self) -> Reading;
    /// Milliseconds since boot.
    fn now_ms(&self) -> u64;
    /// A line at debug level. Every reason that holds is told, in the order of [`Dropped`].
    fn log(&self, reason: Dropped);
}

const INVALID: i32 = -1;

/// The interval that is under way. All zero at power-up: if it is never booted, the first interval has a charge of 0 at
/// its start and so is dropped.
pub struct Battery {
    start_ms: Cell<u64>,
    /// State of charge at the start; negative: not known.
    last_soc: Cell<i32>,
    /// The battery did not discharge all the time. An interrupt may set it.
    stopped: AtomicBool,
}

impl Battery {
    /// Before [`Battery::boot`].
    pub const fn new() -> Self {
        Self { start_ms: Cell::new(0), last_soc: Cell::new(0), stopped: AtomicBool::new(false) }
    }

    /// Starts the first interval. To be called once.
    pub fn boot(&self, platform: &impl BatteryPlatform) {
        let reading = platform.read();
        self.last_soc.set(signed(reading.soc));
        self.stopped.store(!reading.discharging, Ordering::Relaxed);
        self.start_ms.set(platform.now_ms());
    }

    /// The battery is being charged. Callable from an interrupt.
    pub fn stopped_discharging(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Sets the metrics of the interval that ends now; the next one starts.
    pub fn collect(&self, platform: &impl BatteryPlatform, metrics: &impl Gauges<BatteryMetric>) {
        let was_stopped = self.stopped.load(Ordering::Relaxed);
        // Cleared before the battery is read and only ever set behind it: an interrupt in between is not lost.
        if was_stopped {
            self.stopped.store(false, Ordering::Relaxed);
        }
        let Reading { soc, discharging } = platform.read();
        if !discharging {
            self.stopped.store(true, Ordering::Relaxed);
        }

        let (current, last) = (signed(soc), self.last_soc.get());
        let both_valid = current >= 0 && last >= 0;
        if !both_valid {
            platform.log(Dropped::SocInvalid { current, last });
        }
        if !discharging && !was_stopped {
            platform.log(Dropped::StopMissed);
        }
        let drop = last.wrapping_sub(current);
        if drop < 0 {
            platform.log(Dropped::SocRose { rise: drop.unsigned_abs() });
        }

        let now_ms = platform.now_ms();
        let duration_ms = now_ms.wrapping_sub(self.start_ms.replace(now_ms)) as u32;
        if discharging && !was_stopped && both_valid && drop >= 0 {
            metrics.set(BatteryMetric::SocDrop, drop.cast_unsigned());
            metrics.set(BatteryMetric::DischargeDuration, duration_ms);
        }
        self.last_soc.set(current);
        if current >= 0 {
            metrics.set(BatteryMetric::Soc, current.cast_unsigned());
        }
    }
}

impl Default for Battery {
    fn default() -> Self {
        Self::new()
    }
}

/// A state of charge of 2^31 and more comes out negative, which is "not known", too.
fn signed(soc: Option<u32>) -> i32 {
    soc.map_or(INVALID, u32::cast_signed)
}

#[cfg(test)]
mod tests;
