//! The fields of the modules around the log buffer.

use crate::fields::Fields;
use crate::step::Argument;
use crate::vectors::Object;
use serde_json::Value;

/// Inputs of the whole vector.
pub fn preparation(vector: &Object, fields: &mut Fields) -> Result<(), String> {
    fields.number("storage")?;
    // The raw context holds the address of the storage, so the player has to put it where the recorder had it.
    let ops = vector.get("ops").and_then(Value::as_array).into_iter().flatten();
    let raw = ops.filter_map(Value::as_object).any(|op| op.contains_key("context"));
    fields.push("raw_context", Argument::Number(raw.into()));
    Ok(())
}

/// Operations of the log buffer and of its data source.
pub fn operation(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "boot" => {
            fields.number("len")?;
            fields.text("restore")
        }
        "save_preformatted" => {
            fields.number("level")?;
            fields.bytes("msg")?;
            fields.flag("nolock")
        }
        "save" => {
            fields.number("level")?;
            fields.bytes("text")
        }
        "compact_save" => {
            fields.many(&["level", "log_id", "compressed_fmt"])?;
            fields.typed_args("args")
        }
        "set_min_level" => fields.number("level"),
        "set_time" => {
            fields.number("type")?;
            fields.wide("secs")
        }
        "has_more" => prefilled_size(fields),
        "read_msg" => fields.many(&["offset", "len"]),
        "state" | "boot_again" | "boot_bad" | "read" | "regions" | "counts" | "export_logs" | "reset"
        | "save_state" | "power_cycle" | "trigger" | "mark_read" | "unsent_count" => Ok(()),
        _ => super::common(name, fields),
    }
}

/// Sources of recordings.
pub fn recordings(fields: &mut Fields) -> Result<(), String> {
    let sources = fields.take("sources").and_then(Value::as_array).cloned().unwrap_or_default();
    fields.push("sources.#", Argument::Number(sources.len() as i128));
    for (index, source) in sources.iter().enumerate() {
        let recordings = source.as_array().ok_or("a source that is no list")?;
        fields.push(format!("sources.{index}.#"), Argument::Number(recordings.len() as i128));
        for (number, recording) in recordings.iter().enumerate() {
            let mut inner = Fields::new(recording.as_object().ok_or("a recording that is no object")?);
            inner.wide("start_time")?;
            inner.number("duration_ms")?;
            inner.texts("mimetypes")?;
            inner.text("reason")?;
            inner.bytes("data")?;
            let (arguments, rest) = inner.finish();
            if let Some(unknown) = rest.keys().next() {
                return Err(format!("recording: unknown field {unknown}"));
            }
            for (key, argument) in arguments {
                fields.push(format!("sources.{index}.{number}.{key}"), argument);
            }
        }
    }
    Ok(())
}

/// Operations of the source of recordings.
pub fn recording_operation(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "register" => fields.number("source"),
        "has_more" => prefilled_size(fields),
        "read" => fields.many(&["offset", "len"]),
        "fail_reads" => {
            fields.number("source")?;
            fields.flag("v")
        }
        "mark_read" => Ok(()),
        _ => super::common(name, fields),
    }
}

/// A size that comes with `false` is what the caller had put there.
fn prefilled_size(fields: &mut Fields) -> Result<(), String> {
    if fields.object().get("ret").and_then(Value::as_bool) == Some(false) {
        fields.peek("size", "prefill")?;
    }
    Ok(())
}
