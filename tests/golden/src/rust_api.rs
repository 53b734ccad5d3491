//! The Rust API: the core structs with mock traits. Options are `Config` implementations, so nothing is built again.
//!
//! What exists only in the C ABI is not looked at: log lines (the core reports errors, the C layer logs them), NULL
//! arguments, and results that are C struct fields or macros ([`absent`]).

mod build_info;
mod chunk;
mod coredump;
mod event_storage;
mod events;
mod http;
mod logs;
mod options;
mod reboot;
mod recordings;
mod serializer;
mod trace;
mod transport;
mod util;
mod watchdog;

use crate::compare::Rules;
use crate::inputs;
use crate::report::{Outcome, Tally};
use crate::step::{self, Play, Step};
use crate::vectors::{Group, Module, Object};
use serde_json::Value;

/// Modules that are played through the Rust API.
pub const MODULES: [&str; 21] = [
    "crc16",
    "varint",
    "rle",
    "base64",
    "cbor",
    "circular_buffer",
    "chunk_transport",
    "packetizer",
    "rle_source",
    "event_storage",
    "serializer",
    "trace_event",
    "reboot_tracking",
    "build_info",
    "compact_log",
    "log",
    "log_source",
    "cdr",
    "task_watchdog",
    "coredump",
    "http",
];

/// Carries out the steps of one vector.
pub trait Player {
    /// One step: its results, or why it cannot be carried out.
    fn step(&mut self, step: &Step) -> Result<Object, String>;
}

/// Results that the Rust API does not have.
fn absent(module: &str) -> &'static [&'static str] {
    match module {
        "base64" => &["max_decode_len"],
        "chunk_transport" => &["single"],
        "packetizer" | "build_info" | "http" => &["logs"],
        "event_storage" => &["logs", "context", "context_len", "storage_len"],
        "log" | "log_source" => &["logs", "state", "context", "context_len", "context_size", "storage_len"],
        "task_watchdog" => &["channels"],
        _ => &[],
    }
}

/// What counts here.
pub fn rules(module: &str, group: &Group) -> Rules {
    let mut rules = Rules { absent: absent(module), ..inputs::rules(module, group) };
    if module == "http" {
        // Nobody is asked for an identity that is an argument.
        rules.unseen_calls = &["get_device_info", "config_get_device_info"];
    }
    rules
}

/// A player for the options of a group, or why there is none.
pub fn player(module: &str, group: &Group) -> Result<Box<dyn Player>, String> {
    match module {
        "crc16" | "varint" | "rle" | "base64" => Ok(Box::new(util::Stateless)),
        "cbor" => Ok(Box::<util::Cbor>::default()),
        "circular_buffer" => Ok(Box::<util::Ring>::default()),
        "chunk_transport" => Ok(Box::<chunk::Chunks>::default()),
        "packetizer" => transport::packetizer(group),
        "rle_source" => Ok(Box::new(transport::Rle::new())),
        "event_storage" => event_storage::player(group),
        "serializer" => serializer::player(group),
        "trace_event" => trace::player(group),
        "reboot_tracking" => reboot::player(group),
        "build_info" => build_info::player(group),
        "compact_log" => Ok(Box::new(logs::CompactLogs)),
        "log" | "log_source" => logs::player(group),
        "cdr" => recordings::player(group),
        "task_watchdog" => Ok(Box::new(watchdog::TaskWatchdog::new(group))),
        "coredump" => coredump::player(group),
        "http" => http::player(group),
        _ => Err("no Rust API".into()),
    }
}

/// Plays all groups of a module.
pub fn play_module(module: &Module) -> Tally {
    let mut tally = Tally::default();
    for group in &module.groups {
        // Sizes and layouts of the C ABI do not matter here, so one recording of each group is enough.
        if !group.abis.iter().any(|abi| abi == "x86_64") {
            tally.skip(group.vectors.len(), &format!("recorded for {} only", group.abis.join(", ")));
            continue;
        }
        let rules = rules(&module.name, group);
        for vector in &group.vectors {
            match (step::play_of(&module.name, vector), player(&module.name, group)) {
                (Ok(play), Ok(mut player)) => {
                    let outcome = play_vector(&play, player.as_mut());
                    tally.judge(play, &outcome, rules);
                }
                (Err((_, step::Skip::ReferenceDefect(defect))), _) => {
                    tally.skip(1, &format!("shows a known defect of the reference: {defect}"))
                }
                (Err((id, step::Skip::NotUnderstood(reason))), _) => {
                    tally.fail(&id, &format!("not understood: {reason}"))
                }
                (Ok(_), Err(reason)) => tally.skip(1, &reason),
            }
        }
    }
    tally
}

/// Plays one vector.
pub fn play_vector(play: &Play, player: &mut dyn Player) -> Outcome {
    let mut outcome = Outcome::default();
    for step in &play.steps {
        match player.step(step) {
            Ok(results) => outcome.results.push(results),
            Err(reason) => {
                outcome.stopped = Some(reason);
                break;
            }
        }
    }
    outcome
}

/// The object of a `json!` expression.
pub fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

/// `{"at": .., "data": ..}` of what changed since `shown` was last brought up to date.
pub fn changes(now: &[u8], shown: &mut Vec<u8>) -> Option<Value> {
    let first = now.iter().zip(shown.iter()).position(|(a, b)| a != b)?;
    let last = now.iter().zip(shown.iter()).rposition(|(a, b)| a != b)?;
    shown.clear();
    shown.extend_from_slice(now);
    Some(serde_json::json!({"at": first, "data": crate::vectors::to_hex(&now[first..=last])}))
}
