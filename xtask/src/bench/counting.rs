//! Proof that the counter of a target counts exactly.
use super::Workspace;
use super::compile::{self, Program};
use super::execute::execute;
use super::target::Target;
use anyhow::{Context, Result, ensure};

/// Runs functions of known length.
///
/// # Errors
/// A count is off by one or more: then no other count can be trusted.
pub fn prove(workspace: &Workspace, target: Target) -> Result<()> {
    let program = Program { name: "counting".into(), sources: &["speed/counting.c"], defines: Vec::new() };
    let output = execute(target, &compile::program(workspace, target, &program, None)?)?;
    let mut proven = 0;
    for line in output.lines("expect") {
        let expected: u64 = line.rest.parse().with_context(|| line.rest.clone())?;
        let counted = output.count(&line.id)?;
        ensure!(
            counted == expected,
            "counter of {}: {} has {expected} instructions, counted {counted}",
            target.name(),
            line.id
        );
        proven += 1;
    }
    ensure!(proven > 0, "counter of {}: the program expected nothing", target.name());
    eprintln!("{}: counter exact on {proven} functions of known length", target.name());
    Ok(())
}
