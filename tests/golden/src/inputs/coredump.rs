//! The fields of the modules around coredumps.

use crate::fields::Fields;
use crate::step::{Argument, Step};
use crate::vectors::{self, Object};
use serde_json::Value;

/// Steps of the module `coredump`: identity, storage and what is to be saved, then the operations.
pub fn steps(vector: &Object) -> Result<Vec<Step>, String> {
    let mut fields = Fields::new(vector);
    let mut steps = Vec::from_iter(super::environment(vector, &mut fields)?);
    for dropped in ["id", "ops", "save_info"] {
        fields.drop(dropped);
    }
    fields.many(&["storage_size", "storage_init_rest", "fail_read_nth", "fail_write_nth"])?;
    fields.bytes("storage_init")?;
    for flag in ["port_begin", "platform_begin", "erase_ok"] {
        fields.flag(flag)?;
    }
    let (mut arguments, rest) = fields.finish();
    if let Some(unknown) = rest.keys().next() {
        return Err(format!("unknown field {unknown}"));
    }
    let checks_storage = !vector.contains_key("save_info");
    if let Some(info) = vector.get("save_info") {
        arguments.extend(save_info(info.as_object().ok_or("save_info is no object")?)?);
    }
    let prepare = if checks_storage { "storage" } else { "init" };
    let mut storage = Storage::new(vector)?;
    steps.push(Step { name: prepare.into(), arguments, expected: Object::new() });
    for (index, op) in vector.get("ops").and_then(Value::as_array).ok_or("no ops")?.iter().enumerate() {
        let op = op.as_object().ok_or(format!("ops[{index}] is no object"))?;
        steps.extend(operation(op, &mut storage, checks_storage).map_err(|e| format!("ops[{index}]: {e}"))?);
    }
    Ok(steps)
}

/// All regions are saved in one order and by the same rules, whoever supplied them, so the player hands all of them
/// over as the caller's. Only that there must be one of the caller's own is a rule for the last list alone.
fn save_info(info: &Object) -> Result<Vec<(String, Argument)>, String> {
    let mut fields = Fields::new(info);
    fields.bytes("regs")?;
    fields.number("trace_reason")?;
    for list in ["arch_regions", "sdk_regions", "regions"] {
        fields.regions(list)?;
    }
    let (arguments, rest) = fields.finish();
    match rest.keys().next() {
        Some(unknown) => Err(format!("save_info: unknown field {unknown}")),
        None => Ok(arguments),
    }
}

fn operation(op: &Object, storage: &mut Storage, checks_storage: bool) -> Result<Option<Step>, String> {
    let name = op.get("op").and_then(Value::as_str).ok_or("no op")?;
    let defect = !checks_storage && (op.contains_key("ref_defect") || storage.is_misjudged_by(name));
    storage.apply(op)?;
    if defect {
        // Not to be run; the rest of the vector holds.
        return Ok(op.contains_key("storage").then(|| storage.overwrite_step()));
    }
    let mut fields = Fields::new(op);
    fields.drop("op");
    match name {
        "get_save_size" | "save" | "has_valid_coredump" | "clear" | "begin" | "finish" => {}
        "read" => fields.many(&["offset", "len"])?,
        "poke" => fields.many(&["offset", "byte"])?,
        "inject" => {
            fields.text("what")?;
            fields.number("nth")?;
        }
        _ => super::common(name, &mut fields)?,
    }
    let (arguments, expected) = fields.finish();
    Ok(Some(Step { name: name.into(), arguments, expected }))
}

/// What is in the storage, as far as the vector shows it.
struct Storage(Vec<u8>);

impl Storage {
    fn new(vector: &Object) -> Result<Self, String> {
        let size = vector.get("storage_size").and_then(Value::as_u64).ok_or("no storage_size")?;
        let rest = vector.get("storage_init_rest").and_then(Value::as_u64).unwrap_or(0);
        let mut content = match vector.get("storage_init") {
            Some(bytes) => vectors::bytes(bytes)?,
            None => Vec::new(),
        };
        content.resize(usize::try_from(size).map_err(|e| e.to_string())?, rest as u8);
        Ok(Self(content))
    }

    fn apply(&mut self, op: &Object) -> Result<(), String> {
        let Some(change) = op.get("storage") else { return Ok(()) };
        let at = change["at"].as_u64().and_then(|at| usize::try_from(at).ok()).ok_or("storage: no at")?;
        let data = vectors::bytes(&change["data"])?;
        let end = at.checked_add(data.len()).ok_or("storage: too large")?;
        self.0.get_mut(at..end).ok_or("storage: outside")?.copy_from_slice(&data);
        Ok(())
    }

    /// The reference takes a header with an impossible size for a coredump (spec 50 chapter 5): it reports and sends one,
    /// and refuses to save. The vectors mark only some of these operations.
    fn is_misjudged_by(&self, operation: &str) -> bool {
        const HEADER_AND_FOOTER: usize = 28;
        if !["save", "has_valid_coredump", "drain_chunks"].contains(&operation) || !self.0.starts_with(b"CORE") {
            return false;
        }
        let size = self.0.get(8..12).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
        !usize::try_from(size).is_ok_and(|size| (HEADER_AND_FOOTER..=self.0.len()).contains(&size))
    }

    /// Puts the content there that a step left that is not run.
    fn overwrite_step(&self) -> Step {
        let arguments = vec![("data".into(), Argument::Bytes(self.0.clone()))];
        Step { name: "overwrite".into(), arguments, expected: Object::new() }
    }
}

/// Operations of the RAM-backed storage.
pub fn ram_storage(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "write" => {
            fields.number("offset")?;
            fields.bytes("data")
        }
        "erase" | "read" => fields.many(&["offset", "len"]),
        "get_regions" => {
            fields.number("stack_address")?;
            fields.result_of_call("sanitize", "granted")
        }
        "get_info" | "clear" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}

/// Operations around the regions of the library's own data.
pub fn sdk_regions(name: &str, fields: &mut Fields) -> Result<(), String> {
    match name {
        "log_boot" => fields.number("len"),
        "heap_malloc" => fields.number("size"),
        "get_sdk_regions" | "corrupt_log_region_info" | "heap_reset" => Ok(()),
        _ => Err(format!("unknown operation {name}")),
    }
}

/// Steps of the module `fault_cortex_m`.
pub fn fault_steps(vector: &Object) -> Result<Vec<Step>, String> {
    let mut env = Fields::new(vector);
    env.environment("env")?;
    let mut steps = vec![Step { name: "env".into(), arguments: env.finish().0, expected: Object::new() }];
    let Some(calls) = vector.get("ops").and_then(Value::as_array) else {
        steps.push(exception(vector)?);
        return Ok(steps);
    };
    for call in calls {
        let call = call.as_object().ok_or("an operation that is no object")?;
        let mut fields = Fields::new(call);
        fields.drop("op");
        fields.many(&["reason", "frame_addr", "exc_return", "psp_register"])?;
        fields.bytes("frame")?;
        fields.numbers("r4_r11")?;
        fault_result(&mut fields)?;
        let (arguments, mut expected) = fields.finish();
        blank_mpu_address(&mut expected)?;
        let name = call.get("op").and_then(Value::as_str).ok_or("no op")?;
        steps.push(Step { name: name.into(), arguments, expected });
    }
    Ok(steps)
}

fn exception(vector: &Object) -> Result<Step, String> {
    let mut fields = Fields::new(vector.get("setup").and_then(Value::as_object).ok_or("no setup")?);
    fields.many(&["code_addr", "sp", "psp_register"])?;
    fields.bytes("code")?;
    fields.numbers("r0_r12_lr_apsr")?;
    fields.text("stack")?;
    fields.flag("fp_context")?;
    let (mut arguments, rest) = fields.finish();
    if let Some(unknown) = rest.keys().next() {
        return Err(format!("setup: unknown field {unknown}"));
    }
    let mut fields = Fields::new(vector);
    for dropped in ["id", "env", "setup", "result"] {
        fields.drop(dropped);
    }
    fields.text("kind")?;
    fault_result(&mut fields)?;
    let (more, rest) = fields.finish();
    if let Some(unknown) = rest.keys().next() {
        return Err(format!("unknown field {unknown}"));
    }
    arguments.extend(more);
    let mut expected = vector.get("result").and_then(Value::as_object).ok_or("no result")?.clone();
    blank_mpu_address(&mut expected)?;
    Ok(Step { name: "exception".into(), arguments, expected })
}

/// The region that is saved, and the parts of the register block that depend on the build.
fn fault_result(fields: &mut Fields) -> Result<(), String> {
    let region = fields.take("region").and_then(Value::as_object).ok_or("no region")?;
    let mut inner = Fields::new(region);
    inner.number("addr")?;
    inner.bytes("data")?;
    for (key, value) in inner.finish().0 {
        fields.push(format!("region.{key}"), value);
    }
    let ranges = fields.take("mask").and_then(Value::as_array).cloned().unwrap_or_default();
    fields.push("mask.#", Argument::Number(ranges.len() as i128));
    for (index, range) in ranges.iter().enumerate() {
        for (name, number) in [("at", &range[0]), ("len", &range[1])] {
            let number = number.as_i64().ok_or("mask: no number")?;
            fields.push(format!("mask.{index}.{name}"), Argument::Number(number.into()));
        }
    }
    Ok(())
}

/// The address of the block with the MPU regions is that of a static of the recorder, so it is not compared.
fn blank_mpu_address(expected: &mut Object) -> Result<(), String> {
    const MPU_BLOCK: u8 = 9;
    const HEADER: usize = 12;
    let Some(image) = expected.get("image").and_then(Value::as_str) else { return Ok(()) };
    let mut bytes = vectors::from_hex(image)?;
    let mut at = HEADER;
    while let Some(header) = bytes.get(at..at + HEADER) {
        let len = header[8..].try_into().map_or(0, u32::from_le_bytes) as usize;
        if header[0] == MPU_BLOCK {
            bytes[at + 4..at + 8].fill(0);
        }
        at += HEADER + len;
    }
    expected.insert("image".into(), vectors::to_hex(&bytes).into());
    Ok(())
}
