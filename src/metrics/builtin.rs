//! The metrics that the library sets itself (spec 40 §5): what their modules see of all the metrics, and the two smallest modules.
//!
//! Which of these metrics a firmware has, and at which positions, is decided by its options. So a module calls them by names
//! of its own, and whoever owns the metrics finds the position.

use core::cell::Cell;

/// Counters; `M` names the metrics of one module.
pub trait Counters<M> {
    /// Adds to the metric, which stops at the limits of its type. Ignored if the firmware does not have it.
    fn add(&self, metric: M, amount: i32);
}

/// Numbers that are overwritten.
pub trait Gauges<M> {
    /// Sets the metric. Ignored if the firmware does not have it.
    fn set(&self, metric: M, value: u32);
}

/// Timers.
pub trait Timers<M> {
    /// Starts the timer; nothing changes if it runs or if the firmware does not have it.
    fn start(&self, metric: M);
    /// Stops the timer; nothing changes if it does not run or if the firmware does not have it.
    fn stop(&self, metric: M);
}

/// The metrics of [`LogLines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// `MemfaultSDKMetric_log_dropped_lines`
    Dropped,
    /// `MemfaultSDKMetric_log_recorded_lines`
    Recorded,
}

/// How many lines the log dropped and recorded since boot; both wrap.
#[derive(Clone, Copy)]
pub struct LogCounts {
    /// Lines that found no room.
    pub dropped: u32,
    /// Lines that were stored.
    pub recorded: u32,
}

/// What was reported of the log's counts (spec 40 §18). It is part of the saved state, as two words in this order; a boot
/// keeps it, because the log's own counts go on, too.
#[repr(C)]
#[derive(Default)]
pub struct LogLines {
    last_dropped: Cell<u32>,
    last_recorded: Cell<u32>,
}

impl LogLines {
    /// Adds the lines since the last time to their metrics.
    ///
    /// QUIRK (spec 40 §18): 2^31 lines and more in one interval count as a negative number.
    pub fn collect(&self, counts: LogCounts, metrics: &impl Counters<LogLine>) {
        let dropped = counts.dropped.wrapping_sub(self.last_dropped.replace(counts.dropped));
        metrics.add(LogLine::Dropped, dropped.cast_signed());
        let recorded = counts.recorded.wrapping_sub(self.last_recorded.replace(counts.recorded));
        metrics.add(LogLine::Recorded, recorded.cast_signed());
    }
}

/// `uptime_s` at `ms` milliseconds since boot.
///
/// QUIRK (spec 40 §18): the factor is a little less than 2^32 / 1000, so a full second is not over until a millisecond later.
/// From 136 years on the result starts at 0 again.
pub const fn uptime_s(ms: u64) -> u32 {
    (ms.wrapping_mul(0x41_8937) >> 32) as u32
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
