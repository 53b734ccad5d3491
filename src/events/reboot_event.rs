//! The reboot event (spec 20 §13): what reboot tracking knows becomes one event, and is forgotten once that is stored.

use super::envelope::Identity;
use super::reboot::{Reason, RebootTracking, ResetInfo, reason};
use super::report::{self, Detail, Event};
use super::store::{EventKind, EventStore};
use crate::config::Config;

/// What is reported besides the event.
pub trait RebootLog {
    /// There was nothing to collect.
    fn no_reset_info(&self);
    /// The event found no room; `worst_case` are the bytes of the largest one.
    fn not_stored(&self, capacity: usize, worst_case: usize);
}

/// The store had no room. What is known is kept for another try.
#[derive(Debug, PartialEq, Eq)]
pub struct StorageFull;

/// Makes an event of what is known about the last reset. `Ok` also when nothing is known.
pub fn collect<C: Config, R: Reason, S: EventStore>(
    tracking: &RebootTracking<'_, R>,
    store: S,
    identity: &impl Identity,
    log: &impl RebootLog,
) -> Result<(), StorageFull> {
    let worst_case = || worst_case_size::<C, S>(identity);
    // Only for its warning: an event of ordinary size may fit all the same.
    store.check_size(EventKind::Reboot, worst_case);
    let Some(info) = tracking.reset_info() else {
        log.no_reset_info();
        return Ok(());
    };
    if !report::store::<C, S>(store, EventKind::Reboot, &event(&info), identity) {
        let capacity = store.capacity();
        log.not_stored(capacity, worst_case());
        return Err(StorageFull);
    }
    tracking.clear_reset_info();
    Ok(())
}

/// Bytes of the largest reboot event; see [`report::size`].
#[inline(never)]
pub fn worst_case_size<C: Config, S: EventStore>(identity: &impl Identity) -> usize {
    let largest = ResetInfo {
        reason: reason::HARD_FAULT,
        pc: u32::MAX,
        lr: u32::MAX,
        reset_reason_reg: u32::MAX,
        coredump_saved: true,
    };
    report::size::<C, S>(EventKind::Reboot, &event(&largest), identity)
}

fn event<R: Reason>(info: &ResetInfo<R>) -> Event<'static> {
    let detail = Detail::Reset { register: info.reset_reason_reg, coredump_saved: info.coredump_saved };
    Event { reason: info.reason.word(), pc: info.pc, lr: info.lr, detail }
}

#[cfg(test)]
mod tests;
