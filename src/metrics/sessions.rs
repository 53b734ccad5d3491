//! Sessions (spec 40 §10): groups of metrics of a task that the firmware starts and ends; each end is an event.
//!
//! A session is active while the timer of its length runs. Sessions know nothing of each other and may overlap.
//!
//! QUIRKs that are kept: values stay readable until the next start; an end does not bring the session's own timers up to date, a
//! start does not stop them; a second start resets the values but not the length; with the number of the heartbeat these
//! functions work on the heartbeat.

use super::platform::{Edge, Platform};
use super::registry::{Entry, Registry};
use super::timers::Operation;
use super::{Error, Metrics};
use crate::config::Config;

/// Whether the timer of a session's length takes part in a start or an end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    /// The session is measured.
    Measured,
    /// A crash ended it: nobody knows how long it was.
    Unknown,
}

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Resets the values of a session and starts it. `NoChange`: it is active; its values are reset nevertheless.
    pub fn start_session(&self, session: u32) -> Result<(), Error> {
        self.start(session, Length::Measured)
    }

    /// Ends a session and sends its values. `NoChange`: it is not active; nothing is sent. `StorageTooSmall`: its event did not
    /// fit; the session is over and its values stay, but they are not sent again.
    pub fn end_session(&self, session: u32) -> Result<(), Error> {
        self.end(session, Length::Measured)
    }

    /// Ends a session without sending anything, and resets its values.
    pub fn reset_session(&self, session: u32) {
        self.locked(|| {
            if let Some(interval) = self.registry.interval(session) {
                let _ = self.operate(interval, Operation::Stop);
                self.reset_values(session);
                self.platform.track_session(false, session);
            }
        });
    }

    /// Sends an event for each session that was active when the device crashed. Part of a boot.
    pub fn report_crashed_sessions(&self) {
        let heartbeat = self.registry.heartbeat();
        if heartbeat != 0 && self.platform.unexpected_reboot_occurred() {
            for session in 0..heartbeat {
                if self.platform.session_was_active(session) {
                    self.report_crashed_session(session);
                }
            }
        }
        self.platform.forget_sessions();
    }

    /// The event has a length of 0, one crash, and what the callbacks set. It is lost if there is no room.
    fn report_crashed_session(&self, session: u32) {
        let Some(interval) = self.registry.interval(session) else { return };
        let _ = self.start(session, Length::Unknown);
        let _ = self.add(interval.index() as i32 + 1, 1);
        let _ = self.end(session, Length::Unknown);
    }

    #[inline(never)]
    fn start(&self, session: u32, length: Length) -> Result<(), Error> {
        let interval = self.registry.interval(session).ok_or(Error::NotFound)?;
        let result = self.locked(|| {
            self.reset_values(session);
            let result = match length {
                Length::Measured => self.operate(interval, Operation::Start),
                Length::Unknown => Ok(()),
            };
            self.platform.track_session(true, session);
            result
        });
        self.platform.call_back(session, Edge::Start);
        result
    }

    #[inline(never)]
    fn end(&self, session: u32, length: Length) -> Result<(), Error> {
        let interval = self.registry.interval(session).ok_or(Error::NotFound)?;
        self.platform.call_back(session, Edge::End);
        self.locked(|| {
            let result = match length {
                Length::Measured => self.operate(interval, Operation::Stop),
                Length::Unknown => Ok(()),
            };
            let result = result.and_then(|()| {
                let stored = self.platform.store().is_some_and(|store| self.serialize(store, session));
                if stored { Ok(()) } else { Err(Error::StorageTooSmall) }
            });
            self.platform.track_session(false, session);
            result
        })
    }
}
