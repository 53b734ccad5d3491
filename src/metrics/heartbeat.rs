//! Boot, and the cycle of the heartbeat (spec 40 §8 and §9).

use super::platform::Platform;
use super::registry::{Kind, Registry};
use super::serializer::Progress;
use super::timers::Operation;
use super::values::EVERY_SESSION;
use super::{Error, HEARTBEAT_INTERVAL, Metrics, UNEXPECTED_REBOOT_COUNT};
use crate::config::Config;
use crate::events::store::{EventKind, EventStore};

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Starts metrics, with values at rest or from a saved state, and the timer of the heartbeat.
    ///
    /// `StorageTooSmall`: less than the largest heartbeat as of now; nothing was changed. `TimerNotStarted`: all is started but
    /// that timer.
    pub fn boot(&self, store: P::Store, unexpected_reboots: u32) -> Result<(), Error> {
        self.boot_with(store, unexpected_reboots, || self.report_crashed_sessions())
    }

    /// The same with something else in the place of [`report_crashed_sessions`](Self::report_crashed_sessions), for firmware
    /// that has no sessions or does not want that.
    pub fn boot_with(
        &self,
        store: P::Store,
        unexpected_reboots: u32,
        report_crashed_sessions: impl FnOnce(),
    ) -> Result<(), Error> {
        let heartbeat = self.registry.heartbeat();
        if !store.check_size(EventKind::Metrics, || self.worst_case_size(heartbeat)) {
            return Err(Error::StorageTooSmall);
        }
        let restored = self.platform.restore();
        self.platform.set_store(store);
        if !restored {
            self.platform.boot_reliability();
            self.locked(|| {
                self.reset(heartbeat, EVERY_SESSION);
                self.operate(self.entry(HEARTBEAT_INTERVAL)?, Operation::Start)
            })?;
            self.set(UNEXPECTED_REBOOT_COUNT, Kind::Unsigned, unexpected_reboots)?;
            report_crashed_sessions();
        }
        if !self.platform.start_heartbeat_timer() {
            return Err(Error::TimerNotStarted);
        }
        self.platform.boot_connectivity();
        Ok(())
    }

    /// One heartbeat: brings timers up to date, collects values, sends those of the heartbeat, puts them at rest.
    ///
    /// QUIRK (spec 40 §9): values whose event finds no room are lost. Before the first boot there is nowhere to send them.
    pub fn heartbeat(&self) {
        self.locked(|| self.update_timers());
        self.platform.collect();
        let heartbeat = self.registry.heartbeat();
        // Values are put at rest under the same lock under which they are encoded, so that no update gets lost in between.
        let progress = match self.platform.store() {
            Some(store) => self.store_event(store, heartbeat, true),
            None => Progress::Head,
        };
        if progress == Progress::Head {
            self.locked(|| self.reset_values(heartbeat));
        }
    }
}
