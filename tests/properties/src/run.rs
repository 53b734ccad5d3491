//! Models against vectors, and the library against models.

use crate::{generate, models};
use golden::c_abi::{self, Builder};
use golden::compare::Rules;
use golden::inputs;
use golden::report::Tally;
use golden::rust_api::{self, play_vector};
use golden::step::{self, Play, Skip};
use golden::vectors::{Group, Module, Setting};

/// The name of this machine in the vector files.
const HOST: &str = "x86_64";

/// What the specification of a module says exactly counts here, though another implementation might do with less.
fn exact(module: &str, rules: Rules) -> Rules {
    let exact: &[&str] = match module {
        "log" | "log_source" | "heap_stats" => &["locks"],
        "task_watchdog" => &["time_calls"],
        _ => rules.exact,
    };
    Rules { exact, ..rules }
}

/// Compares a model with the vectors of the reference.
pub fn check_model(module: &Module) -> Tally {
    let mut tally = Tally::default();
    for group in &module.groups {
        // Models are of this machine, but that of metrics knows other widths of a pointer too.
        let covered = module.name == "metrics" || holds_here(group);
        for vector in &group.vectors {
            match (models::model(&module.name, group).filter(|_| covered), step::play_of(&module.name, vector)) {
                (Some(mut model), Ok(play)) => {
                    let outcome = play_vector(&play, model.as_mut());
                    tally.judge(play, &outcome, exact(&module.name, inputs::rules(&module.name, group)));
                }
                (None, _) => tally.skip(1, "no model for these options"),
                (_, Err((_, Skip::ReferenceDefect(_)))) => tally.skip(1, "shows a known defect of the reference"),
                (_, Err((id, Skip::NotUnderstood(_)))) => tally.fail(&id, "not understood"),
            }
        }
    }
    tally
}

/// Random plays with what the model expects of them.
pub fn random_plays(module: &str, group: &Group, seed: u64, count: usize) -> Result<Vec<Play>, String> {
    (0..count as u64).map(|index| expected_play(module, group, seed.wrapping_add(index))).collect()
}

fn expected_play(module: &str, group: &Group, seed: u64) -> Result<Play, String> {
    let mut play = generate::play(module, group, seed);
    let mut model = models::model(module, group).ok_or("no model for these options")?;
    for step in &mut play.steps {
        step.expected = model.step(step).map_err(|e| format!("{module} {}: {}: the model: {e}", play.id, step.name))?;
    }
    Ok(play)
}

fn holds_here(group: &Group) -> bool {
    group.abis.iter().any(|abi| abi == HOST)
}

/// The sets of options of a module that have a model and hold on this machine, those of the vectors and a few more; for
/// metrics each one with `tables` random tables besides.
pub fn groups(module: &Module, tables: u64) -> Vec<Group> {
    if module.name == "metrics" {
        return module.groups.iter().flat_map(|group| metric_groups(group, tables)).collect();
    }
    let groups = module.groups.iter().filter(|group| holds_here(group));
    let known = groups.filter(|group| models::model(&module.name, group).is_some()).map(without_vectors);
    known.chain(more_groups(module)).collect()
}

fn more_groups(module: &Module) -> impl Iterator<Item = Group> {
    let first = module.groups.first();
    let sets = generate::more_options(&module.name).iter().enumerate();
    sets.filter_map(move |(number, set)| {
        let option = |(name, value): &(&str, i64)| (format!("MEMFAULT_{name}"), Setting::Number(*value));
        let options = set.iter().map(option).collect();
        Some(Group { id: format!("more{number}"), abis: vec![HOST.into()], options, ..without_vectors(first?) })
    })
}

/// Options that were recorded on other machines hold here too: the model says what follows from them.
fn metric_groups(group: &Group, tables: u64) -> Vec<Group> {
    let mut own = without_vectors(group);
    own.abis = vec![HOST.into()];
    let random = (0..tables).map(|seed| Group {
        id: format!("{}+table{seed}", group.id),
        metric_definitions: Some(generate::metric_definitions(group, seed)),
        ..without_vectors(&own)
    });
    random.chain([without_vectors(&own)]).collect()
}

fn without_vectors(group: &Group) -> Group {
    Group {
        id: group.id.clone(),
        abis: group.abis.clone(),
        options: group.options.clone(),
        trace_reasons: group.trace_reasons.clone(),
        metric_definitions: group.metric_definitions.clone(),
        channels: group.channels.clone(),
        vectors: Vec::new(),
    }
}

/// Random plays through the Rust API.
pub fn play_rust(module: &str, group: &Group, plays: Vec<Play>, tally: &mut Tally) -> Result<(), String> {
    let rules = rust_api::rules(module, group);
    for play in plays {
        let outcome = play_vector(&play, rust_api::player(module, group)?.as_mut());
        tally.judge(play, &outcome, rules);
    }
    Ok(())
}

/// Random plays through the C ABI.
pub fn play_c(
    builder: &Builder,
    module: &str,
    group: &Group,
    plays: Vec<Play>,
    tally: &mut Tally,
) -> Result<(), String> {
    let outcomes = c_abi::play_all(builder, module, group, &plays)?;
    let rules = exact(module, c_abi::rules(builder, module, group));
    plays.into_iter().zip(&outcomes).for_each(|(play, outcome)| tally.judge(play, outcome, rules));
    Ok(())
}
