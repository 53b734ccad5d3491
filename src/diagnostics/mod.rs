//! What firmware keeps about itself for a later coredump: who holds the heap, and which task hangs. And the test of the integration.
#![forbid(unsafe_code)]

pub mod heap_stats;
pub mod self_test;
pub mod task_watchdog;
