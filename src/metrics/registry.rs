//! What the firmware's build makes of its `.def` files (spec 40 §21): the list of metrics, and the memory of their values.

use core::cell::Cell;

/// The type of a metric. The numbers are part of the contract with the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A `u32` that may be unset.
    Unsigned = 0,
    /// An `i32` that may be unset.
    Signed = 1,
    /// Milliseconds between start and stop.
    Timer = 2,
    /// A text of limited length.
    Text = 3,
}

impl Kind {
    /// The type with this number. The compiler of the firmware writes no other ones than 0 to 3.
    pub const fn from_number(number: u32) -> Self {
        match number & 3 {
            0 => Self::Unsigned,
            1 => Self::Signed,
            2 => Self::Timer,
            _ => Self::Text,
        }
    }
}

/// A metric with the memory of its state.
pub trait Entry<'a>: Copy {
    /// Its place in the list.
    fn index(self) -> usize;
    /// Its type.
    fn kind(self) -> Kind;
    /// The session it belongs to; the heartbeat is the one behind the last session.
    fn session(self) -> u32;
    /// Its number: the value of an integer, the milliseconds of a timer, the length of a text.
    fn value(self) -> &'a Cell<u32>;
    /// Flags of 32 metrics: bit `index % 32` says whether the integer is set.
    fn set_flags(self) -> &'a Cell<u32>;
    /// The state of a timer: bit 0, it runs; bits 1 to 31, since when. `None` for another type.
    fn timer(self) -> Option<&'a Cell<u32>>;
    /// The bytes of a text and its NUL: one more than its maximum length. Those behind its length mean nothing. Empty for
    /// another type.
    fn text(self) -> &'a [Cell<u8>];

    /// Its flag among the 32.
    fn flag(self) -> u32 {
        1 << (self.index() % 32)
    }
}

/// The metrics of a firmware in the order of their declaration. The memory of their state is all zeroes at first.
pub trait Registry {
    /// A metric.
    type Entry<'a>: Entry<'a>
    where
        Self: 'a;
    /// The metric with this index. `None`: the list is not that long.
    fn entry(&self, index: usize) -> Option<Self::Entry<'_>>;
    /// All metrics of all sessions.
    fn entries(&self) -> impl Iterator<Item = Self::Entry<'_>>;
    /// The number of the heartbeat among the sessions: the number of sessions that the firmware declared.
    fn heartbeat(&self) -> u32;
    /// The metric that measures the length of a session; the one behind it counts the crashes, except for the heartbeat. `None`:
    /// there is no such session.
    fn interval(&self, session: u32) -> Option<Self::Entry<'_>>;
    /// Shows a part of a text as bytes.
    fn show<T>(&self, text: &[Cell<u8>], look: impl FnOnce(&[u8]) -> T) -> T;
}
