//! What the memory of a coredump says about the device besides its threads: the log, the heap, the task watchdog (spec 80 §7.7,
//! second stage).
//!
//! The SDK's coredumps hold these objects if the firmware collects them (`MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS`,
//! `..._HEAP_STATS`, `..._TASK_WATCHDOG_REGION`), others by chance. They are found by their symbols in the firmware's ELF file.

mod heap_stats;
mod task_watchdog;

use crate::coredump::Crash;
use crate::firmware::Firmware;
use crate::model::DeviceState;
use crate::ram_log;

/// Reads what is there. `reason_id`: why the device crashed.
pub fn read(crash: &Crash<'_>, firmware: &Firmware, reason_id: Option<u32>) -> DeviceState {
    let mut state = DeviceState::default();
    let mut problems = Vec::new();
    let mut keep = |what: &str, problem: String| problems.push(format!("{what}: {problem}"));
    match ram_log::lines(firmware, &crash.memory) {
        Ok(lines) => state.logs = lines,
        Err(problem) => keep("log", problem),
    }
    match heap_stats::read(crash, firmware) {
        Ok(heap) => state.heap_stats = heap,
        Err(problem) => keep("heap", problem),
    }
    match task_watchdog::read(crash, firmware, reason_id) {
        Ok(channels) => state.task_watchdog = channels,
        Err(problem) => keep("task watchdog", problem),
    }
    state.problems = problems;
    state
}
