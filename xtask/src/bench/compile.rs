//! Compiling and linking the benchmark programs.
use super::Workspace;
use super::library::Library;
use super::target::Target;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Warnings are errors: the programs are read as examples of the C interface too. The last flag keeps loops loops, so that
/// no `memcpy` of the C library hides in the workload.
const HARNESS_FLAGS: &[&str] = &[
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-tree-loop-distribute-patterns",
];

/// A benchmark program: sources below `benches/c` and definitions for them.
pub struct Program<'a> {
    pub name: String,
    pub sources: &'a [&'a str],
    pub defines: Vec<String>,
}

/// Sources that every program for this target needs.
fn platform_sources(target: Target) -> &'static [&'static str] {
    match target {
        Target::Host => &["common/measure_host.c"],
        _ => &["m4/measure_m4.c", "m4/semihosting.c", "m4/startup.c"],
    }
}

/// Builds a speed or stack program and returns its path. Without a library: a program that does not use the SDK.
pub fn program(workspace: &Workspace, target: Target, program: &Program, library: Option<&Library>) -> Result<PathBuf> {
    let c_dir = workspace.c_dir();
    let folder = workspace.out.join(target.name()).join("programs");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let executable = folder.join(&program.name);

    let mut command = compiler(target);
    command.args(HARNESS_FLAGS).arg("-O2");
    command.arg(flag("-I", c_dir.join("common")));
    command.args(program.defines.iter().map(|d| format!("-D{d}")));
    if let Some(library) = library {
        command.args(&library.flags);
    }
    for source in platform_sources(target).iter().chain(&["common/report.c", "common/measure.c"]).chain(program.sources)
    {
        command.arg(c_dir.join(source));
    }
    if let Some(library) = library {
        command.args(&library.objects).arg(&library.archive);
    }
    command.arg("-Wl,--gc-sections");
    match target {
        Target::Host => command.arg("-Wl,-z,now"),
        _ => command.args(BARE_METAL_LINK).arg("-T").arg(c_dir.join("m4/an386.ld")),
    };
    command.arg("-o").arg(&executable);
    run(&mut command)?;
    Ok(executable)
}

/// newlib-nano without its start-up files.
pub const BARE_METAL_LINK: &[&str] = &["-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs"];

/// The C compiler with the flags of the CPU.
pub fn compiler(target: Target) -> Command {
    let mut command = Command::new(target.compiler());
    command.args(target.cpu_flags());
    command
}

pub fn flag(prefix: &str, path: impl AsRef<Path>) -> String {
    format!("{prefix}{}", path.as_ref().display())
}

/// Runs a tool and returns what it printed; a failure shows the tool's messages.
pub fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        let line: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        bail!("{program} failed\n{}\n{program} {}", String::from_utf8_lossy(&output.stderr).trim_end(), line.join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
