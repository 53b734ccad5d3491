//! The fields of heap statistics and task watchdog.

use crate::fields::Fields;

/// Operations of the heap statistics.
pub fn heap_stats(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "malloc" => fields.many(&["lr", "ptr", "size"]),
        "free" => fields.number("ptr"),
        "initial" | "reset" | "empty" | "increment_in_use_block_count" | "decrement_in_use_block_count" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}

/// Operations of the task watchdog.
pub fn task_watchdog(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "start" | "feed" | "stop" => fields.number("channel"),
        "clock" => fields.wide("ms"),
        "init" | "check_all" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}
