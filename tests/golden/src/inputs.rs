//! Which fields of a vector are inputs. All others are results, so a field that nobody knows is compared, not ignored.

mod coredump;
mod diagnostics;
mod http;
mod logs;
mod metrics;
mod system;

use crate::compare::Rules;
use crate::fields::Fields;
use crate::step::Step;
use crate::vectors::{Group, Object, Setting};
use serde_json::Value;

/// The steps of a vector.
pub fn steps(module: &str, vector: &Object) -> Result<Vec<Step>, String> {
    match module {
        "coredump" => return coredump::steps(vector),
        "fault_cortex_m" => return coredump::fault_steps(vector),
        "http" => return http::steps(vector),
        "system" => return system::steps(vector),
        _ => {}
    }
    let mut fields = Fields::new(vector);
    fields.drop("id");
    match module {
        "crc16" => {
            fields.number("init")?;
            fields.bytes("data")?;
            fields.first_of_each("parts")?;
            one_step("crc16", fields)
        }
        "varint" => {
            fields.number("u32")?;
            fields.number("i32")?;
            one_step("varint", fields)
        }
        "rle" => {
            fields.bytes("raw")?;
            fields.numbers("cuts")?;
            one_step("rle", fields)
        }
        "base64" => {
            fields.bytes("data")?;
            one_step("base64", fields)
        }
        "event_storage" if !vector.contains_key("ops") => {
            fields.number("num_events")?;
            one_step("batch_header", fields)
        }
        "data_export" => data_export(fields),
        "compact_log" => compact_log(fields),
        _ => operations(module, vector, fields),
    }
}

fn one_step(name: &str, fields: Fields) -> Result<Vec<Step>, String> {
    let (arguments, expected) = fields.finish();
    Ok(vec![Step { name: name.into(), arguments, expected }])
}

/// `events` and `first_get_chunk` come before the one call that the vector is about; what remains is its result.
fn data_export(mut fields: Fields) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut add = |name: &str, arguments, expected| steps.push(Step { name: name.into(), arguments, expected });
    let mut init = Fields::new(fields.object());
    init.byte_strings("events")?;
    fields.drop("events");
    add("init", init.finish().0, Object::new());
    if let Some(first) = fields.object().get("first_get_chunk") {
        let mut call = Fields::new(first.as_object().ok_or("first_get_chunk is no object")?);
        call.number("L")?;
        let (arguments, expected) = call.finish();
        add("first_get_chunk", arguments, expected);
        fields.drop("first_get_chunk");
    }
    let name = if fields.object().contains_key("chunk") { "export_chunk" } else { "dump_chunks" };
    fields.bytes("chunk")?;
    let (arguments, expected) = fields.finish();
    add(name, arguments, expected);
    Ok(steps)
}

/// The serializer, and the entry that takes its place when a log is too long.
fn compact_log(mut fields: Fields) -> Result<Vec<Step>, String> {
    let fallback = fields.object().get("fallback").and_then(Value::as_object).ok_or("no fallback")?;
    fields.drop("fallback");
    fields.many(&["log_id", "buf_len", "compressed_fmt"])?;
    fields.typed_args("args")?;
    let (arguments, expected) = fields.finish();
    let log_id = arguments.iter().filter(|(key, _)| key == "log_id").cloned().collect::<Vec<_>>();
    let serialize = Step { name: "serialize".into(), arguments, expected };
    let mut fields = Fields::new(fallback);
    fields.number("serialized_len")?;
    let (arguments, expected) = fields.finish();
    Ok(vec![serialize, Step { name: "fallback".into(), arguments: [log_id, arguments].concat(), expected }])
}

/// A step that sets up the environment, if the vector has one.
fn environment(vector: &Object, fields: &mut Fields) -> Result<Option<Step>, String> {
    if !vector.contains_key("env") {
        return Ok(None);
    }
    let mut env = Fields::new(vector);
    env.environment("env")?;
    fields.drop("env");
    Ok(Some(Step { name: "env".into(), arguments: env.finish().0, expected: Object::new() }))
}

/// Modules with operations: steps of our own before them, one step for each, and for CBOR one behind them.
fn operations(module: &str, vector: &Object, mut fields: Fields) -> Result<Vec<Step>, String> {
    let list = if module == "chunk_transport" { "calls" } else { "ops" };
    let mut steps = Vec::from_iter(environment(vector, &mut fields)?);
    preparation(module, vector, &mut fields)?;
    fields.drop(list);
    let (arguments, rest) = fields.finish();
    if !arguments.is_empty() {
        steps.push(Step { name: "init".into(), arguments, expected: Object::new() });
    }
    for (index, op) in vector.get(list).and_then(Value::as_array).ok_or(format!("no {list}"))?.iter().enumerate() {
        let op = op.as_object().ok_or(format!("{list}[{index}] is no object"))?;
        if op.contains_key("ref_defect") {
            continue; // not to be run; the rest of the vector holds
        }
        steps.push(operation(module, op).map_err(|e| format!("{list}[{index}]: {e}"))?);
    }
    if vector.get("auto_drain").and_then(Value::as_bool) == Some(true) {
        metrics::drain_after_each(&mut steps);
    }
    if module == "cbor" {
        steps.push(Step { name: "finish".into(), arguments: Vec::new(), expected: rest });
    } else if let Some(unknown) = rest.keys().next() {
        return Err(format!("unknown field {unknown}"));
    }
    Ok(steps)
}

/// Inputs of the whole vector.
fn preparation(module: &str, vector: &Object, fields: &mut Fields) -> Result<(), String> {
    match module {
        "cbor" => {
            fields.text("init")?;
            fields.number("buf_len")
        }
        "circular_buffer" => fields.number("size"),
        "chunk_transport" => {
            fields.bytes("msg")?;
            fields.flag("multi")
        }
        "packetizer" => {
            fields.number("fill")?;
            fields.queues("sources")
        }
        "rle_source" => fields.bytes("raw"),
        "event_storage" => {
            fields.drop("capacity"); // each boot has its length
            fields.number("nv_read_piece")?;
            fields.flag("persist_inside_callback")
        }
        "reboot_tracking" => {
            fields.bytes("region")?;
            fields.number("event_storage")
        }
        "metrics" => metrics::preparation(fields),
        "log" | "log_source" => logs::preparation(vector, fields),
        "cdr" => logs::recordings(fields),
        "heap_stats" => fields.many(&["entry_size", "pool_size"]),
        "task_watchdog" => fields.wide("clock"),
        _ => Ok(()),
    }
}

fn operation(module: &str, op: &Object) -> Result<Step, String> {
    let name = op.get("op").and_then(Value::as_str).ok_or("no op")?;
    let mut fields = Fields::new(op);
    fields.drop("op");
    match module {
        "cbor" => cbor(name, &mut fields)?,
        "circular_buffer" => circular_buffer(name, &mut fields)?,
        "chunk_transport" => match name {
            "next" => fields.number("L")?,
            "info" => {}
            _ => return Err(format!("unknown operation {name}")),
        },
        "packetizer" => packetizer(name, &mut fields)?,
        "rle_source" => match name {
            "read" => fields.many(&["offset", "len"])?,
            "set_active" | "set_active_null" | "has_more" | "mark_read" => {}
            _ => return Err(format!("unknown operation {name}")),
        },
        "event_storage" => event_storage(name, &mut fields)?,
        "serializer" => serializer(name, &mut fields)?,
        "trace_event" => trace_event(name, &mut fields)?,
        "reboot_tracking" => reboot_tracking(name, &mut fields)?,
        "metrics" => metrics::operation(name, &mut fields)?,
        "log" | "log_source" => logs::operation(name, &mut fields)?,
        "cdr" => logs::recording_operation(name, &mut fields)?,
        "heap_stats" => diagnostics::heap_stats(name, &mut fields)?,
        "task_watchdog" => diagnostics::task_watchdog(name, &mut fields)?,
        "coredump_ram_storage" => coredump::ram_storage(name, &mut fields)?,
        "coredump_sdk_regions" => coredump::sdk_regions(name, &mut fields)?,
        "build_info" => match name {
            "create_unique_version_string" => fields.text("version")?,
            "build_id_get_string" => fields.number("buf_len")?,
            "get_unique_version_string" | "build_info_dump" | "device_info_dump" => {}
            _ => common(name, &mut fields)?,
        },
        _ => return Err(format!("unknown module {module}")),
    }
    let (arguments, expected) = fields.finish();
    Ok(Step { name: name.into(), arguments, expected })
}

fn cbor(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "string" => fields.text("v"),
        "byte_string" | "join" => fields.bytes("v"),
        "long_signed" | "uint64_as_double" => fields.wide("v"),
        "null" => Ok(()),
        "unsigned" | "signed" | "array_begin" | "dictionary_begin" | "byte_string_begin" | "string_begin" => {
            fields.number("v")
        }
        _ => Err(format!("unknown operation {name}")),
    }
}

fn circular_buffer(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "write" => fields.bytes("data"),
        "write_at_offset" => {
            fields.number("offset_from_end")?;
            fields.bytes("data")
        }
        "read" => fields.many(&["offset", "len"]),
        "get_read_pointer" => fields.number("offset"),
        "read_with_callback" => fields.many(&["offset", "len", "stop_at_call"]),
        "consume" | "consume_from_end" => fields.number("len"),
        "sizes" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}

fn packetizer(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "get_chunk" | "get_next" => fields.number("L"),
        // The length stays as it was, so the result is the input too.
        "get_chunk_null_buf" | "get_next_null_buf" => fields.peek("len", "L"),
        "begin" => fields.flag("multi"),
        "begin_null_cfg" | "begin_null_meta" | "get_chunk_null_len" | "get_next_null_len" | "data_available"
        | "abort" => Ok(()),
        "set_active_sources" => fields.number("mask"),
        "add" => {
            fields.text("source")?;
            fields.bytes("msg")
        }
        "fail_reads" => {
            fields.text("source")?;
            fields.number("count")
        }
        _ => Err(format!("unknown operation {name}")),
    }
}

fn event_storage(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "boot" => {
            fields.number("len")?;
            fields.text("restore")
        }
        "append" => fields.bytes("data"),
        "finish" => fields.flag("rollback"),
        "read" => fields.many(&["offset", "len"]),
        "nv_set_enabled" | "nv_set_write_ok" => fields.flag("v"),
        "begin" | "has_more" | "mark_read" | "state" | "persist" | "save" | "power_cycle" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}

fn serializer(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "encode_metadata" => fields.many(&["type", "buf_len"]),
        "encode_metadata_with_time" => {
            fields.many(&["type", "buf_len"])?;
            fields.time("time")
        }
        "compute_size" => fields.record("info"),
        "check_storage_size" => {
            fields.record("info")?;
            // Where the vector shows the capacity: the result of the hook that reports it.
            fields.result_of_call("get_storage_size", "capacity")
        }
        "encode_to_storage" => {
            fields.record("info")?;
            fields.number("space")
        }
        "read_drop_count" => Ok(()),
        _ => common(name, fields),
    }
}

fn trace_event(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "boot" => fields.number("storage"),
        "capture" => fields.many(&["reason", "pc", "lr"]),
        "capture_status" => fields.many(&["reason", "pc", "lr", "status"]),
        "capture_log" => {
            fields.many(&["reason", "pc", "lr"])?;
            fields.text("text")?;
            fields.printf("fmt", "args")
        }
        "capture_compact_log" => {
            fields.many(&["reason", "lr", "log_id", "compressed_fmt"])?;
            fields.typed_args("args")
        }
        "boot_null" | "booted" | "flush_isr" | "worst_case" | "state" => Ok(()),
        _ => common(name, fields),
    }
}

fn reboot_tracking(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "boot" => fields.record("info"),
        "mark_reset_imminent" => {
            fields.number("reason")?;
            fields.record("reg")
        }
        "metrics_session" => {
            fields.flag("active")?;
            fields.number("index")
        }
        "session_was_active" => fields.number("index"),
        "use_store" => fields.flag("v"),
        // The new bytes are seen only in the region that the vector shows afterwards.
        "corrupt" => fields.start_of("region", 4, "bytes"),
        "boot_null_region"
        | "mark_coredump_saved"
        | "reset_crash_count"
        | "clear_reset_info"
        | "clear_reboot_reason"
        | "clear_metrics_sessions"
        | "collect_reset_info"
        | "get_reboot_reason"
        | "get_unexpected_reboot_occurred"
        | "get_crash_count"
        | "booted"
        | "read_reset_info"
        | "worst_case" => Ok(()),
        _ => common(name, fields),
    }
}

/// Operations of all event modules.
fn common(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "set_env" => fields.environment("env"),
        "set_isr" => fields.flag("v"),
        "drain_events" => Ok(()),
        "drain_chunks" => fields.peek_first_of_each("chunks", "lengths"),
        _ => Err(format!("unknown operation {name}")),
    }
}

/// RLE of the coredump source, which is on unless the group says otherwise.
pub fn rle_enabled(group: &Group) -> bool {
    !matches!(group.option("MEMFAULT_DATA_SOURCE_RLE_ENABLED"), Some(Setting::Number(0)))
}

/// What does not count in a group.
pub fn rules(module: &str, group: &Group) -> Rules {
    let rle = module == "rle_source" || (module == "packetizer" && rle_enabled(group));
    // When metrics look at the clock is part of their contract.
    let clock: &[&str] = if module == "metrics" { &["time_calls"] } else { &[] };
    // Firmware cannot replace these two, so nobody sees them being called.
    let unseen: &[&str] = if module == "coredump" { &["get_arch_regions", "get_sdk_regions"] } else { &[] };
    // Its vectors show what devices send, not what they log on the way.
    let absent: &[&str] = if module == "system" { &["logs"] } else { &[] };
    Rules { free_reads_of: rle.then_some("coredump"), exact: clock, unseen_calls: unseen, absent, ..Rules::default() }
}
