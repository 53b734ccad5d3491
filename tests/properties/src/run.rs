//! Runs.

use crate::models;
use golden::inputs;
use golden::report::Tally;
use golden::rust_api::play_vector;
use golden::step;
use golden::vectors::Module;

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
