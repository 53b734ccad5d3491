//! Timers (spec 40 §7): milliseconds between start and stop, summed up.
//!
//! | Bits of a timer's word | Content |
//! |---|---|
//! | 0 | the timer runs |
//! | 1 to 31 | low 31 bits of the time since boot at which it was started or brought up to date; 0 if it does not run |
//!
//! The sum is the value of the metric. One stretch is known modulo 2^31 ms (24.8 days), so a clock that wraps does no harm. A
//! heartbeat brings running timers up to date and then takes their sum, so no time is lost or counted twice.

use super::platform::Platform;
use super::registry::{Entry, Kind, Registry};
use super::{Error, Metrics};
use crate::config::Config;

const RUNNING: u32 = 1;

/// What to do with a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Start it.
    Start,
    /// Stop it and add the time it ran.
    Stop,
    /// Add the time it ran so far, and let it run on.
    Update,
}

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Works on the timer with this number. `NoChange`: it is in that state already (an update of a timer at rest is one, too).
    #[inline(never)]
    pub fn operate_timer(&self, index: i32, operation: Operation) -> Result<(), Error> {
        self.locked(|| {
            let entry = self.find(index, Kind::Timer)?;
            self.operate(entry, operation)
        })
    }

    /// The milliseconds of a timer up to now.
    pub fn read_timer(&self, index: i32) -> Result<u32, Error> {
        self.locked(|| {
            let entry = self.find(index, Kind::Timer)?;
            // Nothing to add to a timer at rest.
            let _ = self.operate(entry, Operation::Update);
            Ok(entry.value().get())
        })
    }

    /// Brings all running timers of all sessions up to date. Under the lock.
    #[inline(never)]
    pub(super) fn update_timers(&self) {
        for entry in self.registry.entries() {
            // Nothing happens to metrics of other types.
            let _ = self.operate(entry, Operation::Update);
        }
    }

    /// Works on a metric that is a timer. Under the lock.
    #[inline(never)]
    pub(super) fn operate(&self, entry: R::Entry<'_>, operation: Operation) -> Result<(), Error> {
        let timer = entry.timer().ok_or(Error::WrongType)?;
        let word = timer.get();
        let runs = word & RUNNING != 0;
        if runs == (operation == Operation::Start) {
            return Err(Error::NoChange);
        }
        // The shift leaves the low 31 bits.
        let now = (self.platform.now_ms() as u32) << 1;
        if runs {
            let stretch = now.wrapping_sub(word & !RUNNING) >> 1;
            // QUIRK (spec 40 §7): sums wrap, although integers stop at their limits.
            entry.value().set(entry.value().get().wrapping_add(stretch));
        }
        timer.set(if operation == Operation::Stop { 0 } else { now | RUNNING });
        Ok(())
    }
}
