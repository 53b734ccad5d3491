//! Talks to a player program: steps in a file, results on its output.

use super::build::Builder;
use crate::report::Outcome;
use crate::step::{Argument, Play};
use crate::vectors;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Plays all vectors; one outcome for each.
pub fn play(builder: &Builder, program: &Path, plays: &[Play]) -> Result<Vec<Outcome>, String> {
    let file = program.with_extension("steps");
    fs::write(&file, script(plays)).map_err(|e| format!("{}: {e}", file.display()))?;
    let output =
        builder.target().command(program, &file).output().map_err(|e| format!("{}: {e}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let outcomes = read_outcomes(&text, plays)?;
    if outcomes.len() != plays.len() || !text.trim_end().ends_with('<') {
        let errors = String::from_utf8_lossy(&output.stderr);
        let last: String = text.lines().chain(errors.lines()).last().unwrap_or_default().chars().take(200).collect();
        return Err(format!("the player stopped after {} of {} vectors: {last}", outcomes.len(), plays.len()));
    }
    Ok(outcomes)
}

/// The file that a player reads.
pub fn script(plays: &[Play]) -> String {
    let mut script = String::new();
    for play in plays {
        script += &format!("vector {}\n", play.id);
        for step in &play.steps {
            script += &step.name;
            for (key, value) in &step.arguments {
                script += &match value {
                    Argument::Number(n) => format!(" {key}={n}"),
                    Argument::Bytes(bytes) => format!(" {key}=x{}", vectors::to_hex(bytes)),
                    Argument::Null => format!(" {key}=null"),
                };
            }
            script.push('\n');
        }
        script += "end\n";
    }
    script
}

fn read_outcomes(text: &str, plays: &[Play]) -> Result<Vec<Outcome>, String> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for line in text.lines() {
        if let Some(id) = line.strip_prefix('>') {
            let expected = plays.get(outcomes.len()).map(|play| play.id.as_str());
            if expected != Some(id) {
                return Err(format!("the player is at vector {id}, not {expected:?}"));
            }
            outcomes.push(Outcome::default());
            continue;
        }
        let Some(outcome) = outcomes.last_mut() else { continue };
        if let Some(json) = line.strip_prefix('=') {
            match serde_json::from_str(json) {
                Ok(Value::Object(results)) => outcome.results.push(results),
                _ => return Err(format!("no line of results: {json:.200}")),
            }
        } else if let Some(reason) = line.strip_prefix('!') {
            outcome.stopped = Some(reason.into());
        }
    }
    Ok(outcomes)
}
