//! The C ABI: C programs linked with `libmemfault_rs.a`, one library per set of options, one program per module.

mod build;
mod player;
mod target;

pub use build::Builder;
pub use player::script;
pub use target::Target;

use crate::compare::Rules;
use crate::inputs;
use crate::report::{Outcome, Tally};
use crate::step::{self, Play};
use crate::vectors::{Group, Module};

/// Modules that are played through the C ABI, in the order of the specification.
pub const MODULES: [&str; 28] = [
    "crc16",
    "varint",
    "rle",
    "base64",
    "cbor",
    "circular_buffer",
    "chunk_transport",
    "packetizer",
    "rle_source",
    "data_export",
    "event_storage",
    "serializer",
    "compact_log",
    "trace_event",
    "reboot_tracking",
    "build_info",
    "metrics",
    "log",
    "log_source",
    "cdr",
    "heap_stats",
    "task_watchdog",
    "coredump",
    "coredump_ram_storage",
    "coredump_sdk_regions",
    "fault_cortex_m",
    "http",
    "system",
];

/// Plays all groups of a module that hold for the target.
pub fn play_module(builder: &Builder, module: &Module) -> Tally {
    let mut tally = Tally::default();
    for group in &module.groups {
        if let Err(reason) = builder.target().plays(module, group) {
            tally.skip(group.vectors.len(), &reason);
            continue;
        }
        play_group(builder, module, group, &mut tally);
    }
    tally
}

fn play_group(builder: &Builder, module: &Module, group: &Group, tally: &mut Tally) {
    let mut plays = Vec::new();
    for vector in &group.vectors {
        match step::play_of(&module.name, vector) {
            Ok(play) => plays.push(play),
            Err((_, step::Skip::ReferenceDefect(defect))) => {
                tally.skip(1, &format!("shows a known defect of the reference: {defect}"))
            }
            Err((id, step::Skip::NotUnderstood(reason))) => tally.fail(&id, &format!("not understood: {reason}")),
        }
    }
    match play_all(builder, &module.name, group, &plays) {
        Ok(outcomes) => {
            let rules = rules(builder, &module.name, group);
            plays.into_iter().zip(&outcomes).for_each(|(play, outcome)| tally.judge(play, outcome, rules));
        }
        Err(reason) => tally.fail_all(&plays.iter().map(|play| play.id.as_str()).collect::<Vec<_>>(), &reason),
    }
}

/// Plays vectors with the options of a group; one outcome for each.
pub fn play_all(builder: &Builder, module: &str, group: &Group, plays: &[Play]) -> Result<Vec<Outcome>, String> {
    let program = builder.player(module, group)?;
    if module == "fault_cortex_m" {
        // A fault is the end of a device: a new one for each vector.
        let alone = |play| player::play(builder, &program, std::slice::from_ref(play));
        return plays.iter().map(alone).collect::<Result<Vec<_>, _>>().map(|outcomes| outcomes.concat());
    }
    player::play(builder, &program, plays)
}

/// What counts here.
pub fn rules(builder: &Builder, module: &str, group: &Group) -> Rules {
    Rules { free_call: builder.target().call_without_hook(), ..inputs::rules(module, group) }
}
