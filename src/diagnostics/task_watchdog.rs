//! Task watchdog (spec 30 section 12): finds a task that hangs while the system runs on.
//!
//! A channel, as tools find it in a coredump:
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0 | 4 | low 32 bits of the milliseconds since boot when it was started or fed last, native byte order |
//! | 4 | 1 | state: 0 stopped, 1 started; with 4-byte enums 3 bytes of 0 belong to it |
//! | 5 | 3 | 0 |

use core::cell::Cell;

const STOPPED: u8 = 0;
const STARTED: u8 = 1;

/// What one task promises to do in time. All zero: stopped.
#[repr(C)]
#[derive(Default)]
pub struct Channel {
    fed_time_ms: Cell<u32>,
    state: Cell<u8>,
    rest_of_state: [Cell<u8>; 3],
}

const _: () = assert!(size_of::<Channel>() == 8 && core::mem::offset_of!(Channel, state) == 4);

impl Channel {
    /// Back to the state before the first start.
    pub fn reset(&self) {
        self.fed_time_ms.set(0);
        self.state.set(STOPPED);
        // The firmware may have stored a whole enum.
        self.rest_of_state.iter().for_each(|byte| byte.set(0));
    }

    /// The time runs from now on.
    pub fn start(&self, now_ms: u32) {
        self.feed(now_ms);
        self.state.set(STARTED);
    }

    /// The time starts anew; a stopped channel stays stopped.
    pub fn feed(&self, now_ms: u32) {
        self.fed_time_ms.set(now_ms);
    }

    /// It can no longer expire.
    pub fn stop(&self) {
        self.state.set(STOPPED);
    }

    /// Is it started, and was fed more than `timeout_ms` ago?
    ///
    /// IMPROVE (spec 30 section 12.1): a difference of 32 bits, so that the wrap of the clock after 49.7 days expires nothing.
    pub fn is_expired(&self, now_ms: u32, timeout_ms: u32) -> bool {
        self.state.get() == STARTED && now_ms.wrapping_sub(self.fed_time_ms.get()) > timeout_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started_at(now_ms: u32) -> Channel {
        let channel = Channel::default();
        channel.start(now_ms);
        channel
    }

    #[test]
    fn expires_strictly_behind_the_timeout() {
        let channel = started_at(5);
        assert!(!channel.is_expired(1005, 1000));
        assert!(channel.is_expired(1006, 1000));
        channel.feed(6);
        assert!(!channel.is_expired(1006, 1000));
    }

    #[test]
    fn only_a_started_channel_expires() {
        let channel = Channel::default();
        assert!(!channel.is_expired(2000, 1000));
        channel.feed(10);
        assert!(!channel.is_expired(2000, 1000), "feeding does not start it");
        channel.start(10);
        assert!(channel.is_expired(2000, 1000));
        channel.stop();
        assert!(!channel.is_expired(2000, 1000));
        assert_eq!(channel.fed_time_ms.get(), 10, "stopping keeps the time");
    }

    #[test]
    fn the_wrap_of_the_clock_expires_nothing_by_itself() {
        let channel = started_at(u32::MAX);
        assert!(!channel.is_expired(0, 1000));
        assert!(!channel.is_expired(999, 1000));
        assert!(channel.is_expired(1000, 1000), "late across the wrap is late");
    }

    #[test]
    fn reset_clears_a_whole_enum() {
        let channel = started_at(7);
        channel.rest_of_state[2].set(1);
        channel.reset();
        assert_eq!((channel.fed_time_ms.get(), channel.state.get(), channel.rest_of_state[2].get()), (0, 0, 0));
    }
}
