//! Metrics (spec 40): numbers and texts about the device's life, sent as one event per heartbeat interval or session.
//!
//! | Module | Content |
//! |---|---|
//! | [`registry`] | what the firmware's build knows about its metrics, and the memory of their values |
//! | [`values`] | set, add, read; what is unset |
//! | [`timers`] | milliseconds between start and stop |
//! | [`sessions`] | a second group of metrics, with an event of its own |
//! | [`heartbeat`] | boot, and the cycle of update, collect, serialize, reset |
//! | [`serializer`] | the event |
//! | [`platform`] | what is needed from outside |
//! | [`builtin`] | what the library's own metrics see of all this; log lines and uptime |
//! | [`reliability`], [`battery`], [`connectivity`] | metrics of the library's own |
//!
//! Values travel by position, so the order of the metrics in the registry is the wire format. The state is made of cells that
//! belong to the registry and all methods take `&self`: hooks, session callbacks and the visitor of an iteration may use metrics
//! again.
#![forbid(unsafe_code)]

pub mod battery;
pub mod builtin;
pub mod connectivity;
pub mod heartbeat;
pub mod platform;
pub mod registry;
pub mod reliability;
pub mod serializer;
pub mod sessions;
pub mod timers;
pub mod values;

use crate::config::Config;
use core::marker::PhantomData;
use platform::Platform;
use registry::Registry;

/// The length of the heartbeat: the first metric of every firmware.
const HEARTBEAT_INTERVAL: i32 = 0;
/// The unexpected reboots: the second one.
const UNEXPECTED_REBOOT_COUNT: i32 = 1;

/// Why an operation did nothing. The numbers are those of the C functions (spec 40 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Error {
    /// There is no such metric or session.
    NotFound = -1,
    /// The metric is of another type.
    WrongType = -2,
    /// An argument is missing.
    BadParameter = -3,
    /// The timer or the session is in that state already.
    NoChange = -4,
    /// The event does not fit in the storage.
    StorageTooSmall = -5,
    /// The platform did not start the timer of the heartbeat.
    TimerNotStarted = -6,
    /// The integer was not set since its last reset.
    Unset = -7,
}

/// All metrics of a firmware. The state is that of the registry; see [`Registry`].
pub struct Metrics<C, R, P> {
    registry: R,
    platform: P,
    config: PhantomData<C>,
}

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Metrics of a registry on a platform.
    pub const fn new(registry: R, platform: P) -> Self {
        Self { registry, platform, config: PhantomData }
    }

    /// The registry.
    pub const fn registry(&self) -> &R {
        &self.registry
    }

    /// The platform.
    pub const fn platform(&self) -> &P {
        &self.platform
    }

    /// Does something under the lock, which is recursive.
    pub fn locked<T>(&self, work: impl FnOnce() -> T) -> T {
        self.platform.lock();
        let result = work();
        self.platform.unlock();
        result
    }
}

#[cfg(test)]
mod tests;
