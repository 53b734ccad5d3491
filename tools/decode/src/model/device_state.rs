//! The records of what a coredump says about the device besides its threads.

use super::{LogLine, Word};
use serde::Serialize;

/// Log, heap and task watchdog; `None`: the firmware has no such thing, or it was not captured. Needs symbols.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DeviceState {
    /// The log in RAM, the oldest line first.
    pub logs: Option<Vec<LogLine>>,
    /// The heap.
    pub heap_stats: Option<HeapStats>,
    /// The channels of the task watchdog, in the firmware's order.
    pub task_watchdog: Option<Vec<WatchdogChannel>>,
    /// Why something of it could not be read.
    #[serde(skip)]
    pub problems: Vec<String>,
}

/// Statistics of the heap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HeapStats {
    /// Blocks in use, also those that the pool has no place for.
    pub in_use_block_count: u32,
    /// Most blocks in use at a time.
    pub max_in_use_block_count: u32,
    /// Blocks that the device can remember.
    pub pool_size: u64,
    /// Blocks in use that it remembers, the newest first.
    pub in_use: Vec<HeapBlock>,
    /// Freed blocks that it still remembers, in no order.
    pub freed: Vec<HeapBlock>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// A block of the heap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeapBlock {
    /// Its first byte.
    pub address: Word,
    /// In bytes, as asked for.
    pub size: u32,
    /// Where the allocation returned to.
    pub caller: Word,
    /// Function and line of the caller.
    pub source: Option<String>,
}

/// A channel of the task watchdog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchdogChannel {
    /// As the firmware's list has it.
    pub name: Option<String>,
    /// `stopped`, `started`, `expired`, or a number as text.
    pub state: String,
    /// When it was fed or started, in milliseconds since the boot.
    pub fed_ms: u32,
    /// How much earlier than the started channel that was fed last; only of started ones.
    pub behind_ms: Option<u32>,
    /// True: it has expired. `None`: that is not known, as coredumps hold neither the timeout nor the time of the crash.
    pub expired: Option<bool>,
}
