//! Connectivity metrics (spec 40 §17): how often data was exchanged, and how long the device was connected when it wanted to be.
//!
//! There is no state here: the timers themselves know whether they run, so a repeated change changes nothing.

use super::builtin::Timers;

/// Counters of exchanges. The firmware decides what an exchange is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// `sync_successful`
    Success,
    /// `sync_failure`
    Failure,
    /// `sync_memfault_successful`
    MemfaultSuccess,
    /// `sync_memfault_failure`
    MemfaultFailure,
}

/// Timers of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectedTime {
    /// `connectivity_connected_time_ms`
    Connected,
    /// `connectivity_expected_time_ms`
    Expected,
}

/// What the connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectivityState {
    /// No connection is wanted.
    Stopped,
    /// A connection is wanted.
    Started,
    /// There is one.
    Connected,
    /// There was one, and it is still wanted.
    ConnectionLost,
}

/// No state has this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownState;

impl TryFrom<u32> for ConnectivityState {
    type Error = UnknownState;
    fn try_from(number: u32) -> Result<Self, UnknownState> {
        Ok(match number {
            0 => Self::Stopped,
            1 => Self::Started,
            2 => Self::Connected,
            3 => Self::ConnectionLost,
            _ => return Err(UnknownState),
        })
    }
}

impl ConnectivityState {
    /// Starts and stops the timers for a change to this state.
    pub fn enter(self, timers: &impl Timers<ConnectedTime>) {
        use ConnectedTime::{Connected, Expected};
        match self {
            Self::Stopped => {
                timers.stop(Connected);
                timers.stop(Expected);
            }
            // QUIRK (spec 40 §17): straight from `Connected` the device still counts as connected.
            Self::Started => timers.start(Expected),
            Self::Connected => {
                timers.start(Expected);
                timers.start(Connected);
            }
            Self::ConnectionLost => {
                timers.start(Expected);
                timers.stop(Connected);
            }
        }
    }
}

#[cfg(test)]
mod tests;
