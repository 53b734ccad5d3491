//! What the producers of events, traces and reboots, see of the place that their events go to.

use super::serializer::{EventEncoder, EventWriter};

/// A store with its surroundings: a small handle, copying it does not copy the store.
pub trait EventStore: Copy {
    /// What the encoder of an event writes to.
    type Writer: EventWriter;
    /// Bytes that the store has in all.
    fn capacity(self) -> usize;
    /// Opens a session, lets `encode` write one event, keeps it if `encode` says true, and counts it as lost if not.
    /// Returns what `encode` said. `encode` runs also when there is no room.
    fn store(self, encode: impl FnOnce(&mut EventEncoder<'_, Self::Writer>) -> bool) -> bool;
    /// Warns that `capacity` is less than the `worst_case` bytes of the largest `kind` event.
    fn warn_too_small(self, kind: EventKind, capacity: usize, worst_case: usize);

    /// Has an empty store room for the largest event? Warns if not. Equality passes, although the store adds two bytes
    /// (QUIRK, spec 20 §8). The capacity is asked before the size, which asks the platform who the device is.
    fn check_size(self, kind: EventKind, worst_case: impl FnOnce() -> usize) -> bool {
        let capacity = self.capacity();
        let worst_case = worst_case();
        let fits = worst_case <= capacity;
        if !fits {
            self.warn_too_small(kind, capacity, worst_case);
        }
        fits
    }
}

/// The word for an event in the warning about a store that is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// "trace"
    Trace,
    /// "reboot"
    Reboot,
    /// "metrics"
    Metrics,
}

#[cfg(test)]
pub(crate) mod testing;
