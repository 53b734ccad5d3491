//! The fields of the module `metrics`.

use crate::fields::Fields;
use crate::step::{Argument, Step};

/// Inputs of the whole vector.
pub fn preparation(fields: &mut Fields) -> Result<(), String> {
    fields.wide("clock")?;
    fields.number("event_storage")?;
    fields.assignments("on_collect")?;
    fields.assignment("in_start_cb")?;
    fields.drop("auto_drain"); // see `drain_after_each`
    Ok(())
}

/// The events of each operation are taken out at once, but not those of the last one before the events are drained.
pub fn drain_after_each(steps: &mut [Step]) {
    let undrained = steps.len().saturating_sub(2);
    for step in steps.iter_mut().take(undrained) {
        step.arguments.push(("drain".into(), Argument::Number(1)));
    }
}

pub fn operation(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "reboot_tracking_boot" => {
            fields.bytes("region")?;
            fields.record("info")
        }
        "boot" => {
            fields.number("unexpected_reboot_count")?;
            fields.flag("timer_ok")?;
            fields.flag("restore")
        }
        "boot_null" => fields.text("arg"),
        "event_storage_boot" => fields.number("len"),
        "set" | "set_signed" | "set_unsigned" | "set_string" | "add" => {
            fields.number("m")?;
            fields.number_or_text("v")
        }
        "timer_start" | "timer_stop" => fields.number("m"),
        "read" => {
            fields.many(&["m", "len"])?;
            fields.text("as")
        }
        "session_start" | "session_end" | "session_reset" | "session_debug_print" => fields.number("s"),
        "register_cb" => {
            fields.number("s")?;
            fields.flag("start")?;
            fields.flag("end")
        }
        "clock" => fields.wide("ms"),
        "log_counts" => fields.many(&["dropped", "recorded"]),
        "soc" => {
            fields.many(&["rv", "soc"])?;
            fields.flag("discharging")
        }
        "connectivity_state" => fields.number("state"),
        "iterate" => fields.number("stop_after"),
        "timer_callback"
        | "heartbeat"
        | "collect"
        | "check_region"
        | "debug_print"
        | "all_sessions_debug_print"
        | "worst_case"
        | "num_metrics"
        | "battery_boot"
        | "stopped_discharging"
        | "sync_success"
        | "sync_failure"
        | "memfault_sync_success"
        | "memfault_sync_failure"
        | "save_state" => Ok(()),
        _ => super::common(name, fields),
    }
}
