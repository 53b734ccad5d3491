//! What firmware keeps about itself for a later coredump: who holds the heap, and which task hangs.
#![forbid(unsafe_code)]

pub mod heap_stats;
pub mod task_watchdog;
