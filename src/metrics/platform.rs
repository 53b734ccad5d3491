//! What metrics need from outside.

use super::registry::Kind;
use crate::events::envelope::Identity;
use crate::events::storage::Lock;
use crate::events::store::EventStore;

/// The two moments at which a session calls the firmware back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It has started.
    Start,
    /// It is about to end.
    End,
}

/// The surroundings of the metrics. Everything may use metrics again, except where it says "under the lock".
pub trait Platform: Lock {
    /// Where events go.
    type Store: EventStore;
    /// Whom events are about.
    type Identity: Identity;

    /// Milliseconds since boot. Asked once per timer operation that has an effect, under the lock.
    fn now_ms(&self) -> u64;
    /// Whom events are about.
    fn identity(&self) -> &Self::Identity;
    /// The storage of the last boot. `None` before.
    fn store(&self) -> Option<Self::Store>;
    /// Remembers the storage.
    fn set_store(&self, store: Self::Store);

    /// Fills the memory of the registry from a saved state, reliability included. False: there is none. Asked once per boot.
    fn restore(&self) -> bool;
    /// Starts the count of operational hours.
    fn boot_reliability(&self);
    /// Starts the periodic call of [`Metrics::heartbeat`](super::Metrics::heartbeat).
    fn start_heartbeat_timer(&self) -> bool;
    /// The last step of a boot.
    fn boot_connectivity(&self);
    /// Sets the built-in metrics of a heartbeat and calls the hooks that set further ones.
    fn collect(&self);

    /// Calls the callback of a session, if there is one.
    fn call_back(&self, session: u32, edge: Edge);
    /// Whether the last reset was an unexpected one.
    fn unexpected_reboot_occurred(&self) -> bool;
    /// Notes in memory that survives a reset whether a session is active. Under the lock.
    fn track_session(&self, active: bool, session: u32);
    /// Whether it was active at the last reset.
    fn session_was_active(&self, session: u32) -> bool;
    /// Forgets all of these notes.
    fn forget_sessions(&self);

    /// A function for metrics of one type was used on a metric of another type. Under the lock.
    fn report_wrong_type(&self, expected: Kind, found: Kind, index: usize);
    /// Something was added to a metric that is no integer. Under the lock.
    fn report_not_a_number(&self, index: usize);
}
