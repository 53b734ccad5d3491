//! Models against vectors, and the library against models.

use crate::{generate, models};
use golden::c_abi::{self, Builder};
use golden::inputs;
use golden::report::Tally;
use golden::rust_api::{self, play_vector};
use golden::step::{self, Play};
use golden::vectors::{Group, Module};

/// Compares a model with the vectors of the reference.
pub fn check_model(module: &Module) -> Tally {
    let mut tally = Tally::default();
    for group in &module.groups {
        let host = group.abis.iter().any(|abi| abi == "x86_64");
        for vector in &group.vectors {
            match (models::model(&module.name, group).filter(|_| host), step::play_of(&module.name, vector)) {
                (Some(mut model), Ok(play)) => {
                    let outcome = play_vector(&play, model.as_mut());
                    tally.judge(play, &outcome, inputs::rules(&module.name, group));
                }
                (None, _) => tally.skip(1, "no model for these options"),
                (_, Err((id, _))) => tally.fail(&id, "not understood"),
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

/// The groups of a module that have a model and hold on this machine.
pub fn groups(module: &Module) -> impl Iterator<Item = &Group> {
    let host = |group: &&Group| group.abis.iter().any(|abi| abi == "x86_64");
    module.groups.iter().filter(host).filter(|group| models::model(&module.name, group).is_some())
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
    let rules = c_abi::rules(builder, module, group);
    plays.into_iter().zip(&outcomes).for_each(|(play, outcome)| tally.judge(play, outcome, rules));
    Ok(())
}
