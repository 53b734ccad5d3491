//! Spec 30 section 7.5: a log as an id and its arguments, and what stands for one that is too long.

use super::cbor::{Sink, head, integer, string};
use golden::rust_api::{Player, object};
use golden::step::{Argument, Step};
use golden::vectors::{Object, to_hex};
use serde_json::json;

const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TEXT: u8 = 3;
const ENOMEM: u8 = 12;

/// The pieces of a log with the arguments of the step.
pub fn log(step: &Step) -> Result<Vec<Vec<u8>>, String> {
    let count = step.count("args");
    let mut pieces = vec![head(ARRAY, count as u64 + 1), head(0, step.number("log_id")?)];
    for index in 0..count {
        let key = |kind: &str| format!("args.{index}.{kind}");
        if step.argument(&key("i32")).is_some() {
            // A C int, whatever it was meant to be.
            pieces.push(integer(i64::from(step.number::<i64>(&key("i32"))? as i32)));
        } else if step.argument(&key("i64")).is_some() {
            pieces.extend([head(ARRAY, 1), integer(step.number(&key("i64"))?)]);
        } else if step.argument(&key("f64")).is_some() {
            pieces.push([&[0xfb][..], &step.number::<u64>(&key("f64"))?.to_be_bytes()].concat());
        } else {
            pieces.extend(match step.argument(&key("str")) {
                Some(Argument::Null) => string(TEXT, b"(null)"),
                _ => string(TEXT, step.bytes(&key("str"))?),
            });
        }
    }
    Ok(pieces)
}

/// The pieces that stand for a log of `len` bytes.
pub fn too_long(id: u64, len: usize) -> Vec<Vec<u8>> {
    vec![head(ARRAY, 2), head(0, id), head(MAP, 2), integer(0), integer(1), integer(1), integer(len as i64)]
}

/// The module `compact_log`.
pub struct Serializer;

impl Player for Serializer {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let results = match step.name.as_str() {
            "serialize" => {
                let mut sink = Sink::with_room(step.number("buf_len")?);
                let ret = sink.pieces(&log(step)?);
                json!({"ret": ret, "status": if ret { 0 } else { ENOMEM }, "out": to_hex(&sink.bytes)})
            }
            "fallback" => {
                let entry = too_long(step.number("log_id")?, step.number("serialized_len")?);
                json!({"ret": true, "out": to_hex(&entry.concat())})
            }
            _ => return step.unknown(),
        };
        Ok(object(results))
    }
}
