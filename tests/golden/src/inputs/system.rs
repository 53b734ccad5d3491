//! The fields of the module `system`: devices that run, crash and start again.

use crate::fields::Fields;
use crate::step::{Argument, Step};
use crate::vectors::Object;
use serde_json::Value;

/// Steps of a vector. Each boot starts with the step `next_boot` and ends with `end`.
pub fn steps(vector: &Object) -> Result<Vec<Step>, String> {
    let mut fields = Fields::new(vector);
    fields.drop("id");
    fields.drop("boots");
    fields.drop("env"); // see `one_boot`
    fields.number("coredump_storage")?;
    fields.bytes("reboot_region")?;
    let mut steps = vec![finish("device", fields)?];
    for (index, boot) in vector.get("boots").and_then(Value::as_array).ok_or("no boots")?.iter().enumerate() {
        let boot = boot.as_object().ok_or(format!("boots[{index}] is no object"))?;
        one_boot(vector, boot, &mut steps).map_err(|e| format!("boots[{index}]: {e}"))?;
    }
    Ok(steps)
}

fn one_boot(vector: &Object, boot: &Object, steps: &mut Vec<Step>) -> Result<(), String> {
    let mut identity = Fields::new(vector);
    identity.environment("env")?;
    let mut fields = Fields::new(boot);
    for (key, value) in identity.finish().0 {
        fields.push(key, value);
    }
    let clock = fields.take("env").and_then(Value::as_object).ok_or("no env")?;
    let mut inner = Fields::new(clock);
    inner.wide("clock")?;
    inner.wide("unix_time")?;
    for (key, value) in all_inputs("env", inner)? {
        fields.push(format!("env.{key}"), value);
    }
    fields.record("bootup_info")?;
    fields.many(&["event_storage", "log_storage"])?;
    for later in ["ops", "end", "final_drain", "reboot_region"] {
        fields.drop(later);
    }
    let (arguments, expected) = fields.finish();
    steps.push(Step { name: "next_boot".into(), arguments, expected });

    for (index, op) in boot.get("ops").and_then(Value::as_array).ok_or("no ops")?.iter().enumerate() {
        let op = op.as_object().ok_or(format!("ops[{index}] is no object"))?;
        if !op.contains_key("ref_defect") {
            steps.push(operation(op).map_err(|e| format!("ops[{index}]: {e}"))?);
        }
    }

    let mut fields = Fields::new(boot.get("end").and_then(Value::as_object).ok_or("no end")?);
    fields.text("how")?;
    fields.many(&["reason", "pc", "lr"])?;
    fields.bytes("regs")?;
    if fields.object().contains_key("regions") {
        fields.regions("regions")?;
    }
    let (arguments, mut expected) = fields.finish();
    if let Some(region) = boot.get("reboot_region") {
        expected.insert("reboot_region".into(), region.clone());
    }
    steps.push(Step { name: "end".into(), arguments, expected });
    steps.extend(boot.get("final_drain").map(final_drain).transpose()?);
    Ok(())
}

/// `[length offered, whether the logs are collected first, chunks...]`
fn final_drain(drain: &Value) -> Result<Step, String> {
    let items = drain.as_array().ok_or("final_drain is no list")?;
    let [len, collect, chunks @ ..] = items.as_slice() else { return Err("final_drain is too short".into()) };
    let number = |value: i128| Argument::Number(value);
    let arguments = vec![
        ("L".into(), number(len.as_i64().ok_or("final_drain: no length")?.into())),
        ("collect".into(), number(collect.as_bool().ok_or("final_drain: no bool")?.into())),
        ("max".into(), number(chunks.len() as i128 + 1)),
    ];
    let mut expected = Object::new();
    expected.insert("chunks".into(), Value::from(chunks.to_vec()));
    Ok(Step { name: "final_drain".into(), arguments, expected })
}

fn operation(op: &Object) -> Result<Step, String> {
    let name = op.get("op").and_then(Value::as_str).ok_or("no op")?;
    let mut fields = Fields::new(op);
    fields.drop("op");
    match name {
        "trace" => fields.many(&["reason", "pc", "lr"])?,
        "trace_status" => fields.many(&["reason", "status"])?,
        "trace_log" => {
            fields.number("reason")?;
            fields.text("text")?;
        }
        "log" => {
            fields.number("level")?;
            fields.text("text")?;
        }
        "set" => {
            fields.number("m")?;
            fields.number_or_text("v")?;
        }
        "timer_start" | "timer_stop" => fields.number("m")?,
        "session_start" | "session_end" => fields.number("s")?,
        "advance" => {
            fields.number("ms")?;
            fields.wide("clock")?;
            fields.wide("unix_time")?;
        }
        "offer_cdr" => {
            fields.number("duration_ms")?;
            fields.text("reason")?;
            fields.bytes("data")?;
        }
        "get_chunks" => fields.many(&["L", "max"])?,
        "log_trigger" | "heartbeat" | "abort" | "data_available" | "nop" => {}
        _ => return Err(format!("unknown operation {name}")),
    }
    let (arguments, expected) = fields.finish();
    Ok(Step { name: name.into(), arguments, expected })
}

fn finish(name: &str, fields: Fields) -> Result<Step, String> {
    let arguments = all_inputs(name, fields)?;
    Ok(Step { name: name.into(), arguments, expected: Object::new() })
}

fn all_inputs(name: &str, fields: Fields) -> Result<Vec<(String, Argument)>, String> {
    let (arguments, rest) = fields.finish();
    match rest.keys().next() {
        Some(unknown) => Err(format!("{name}: unknown field {unknown}")),
        None => Ok(arguments),
    }
}
