//! Finds a Rust toolchain that can build for a target: with a prebuilt `core`, else with the sources of `core`.
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where distributions install cargo and rustc, beside a rustup toolchain that may come first in PATH.
const DISTRIBUTION_BIN: &str = "/usr/bin";

/// A pair of cargo and rustc, and how they get at `core`.
pub struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    builds_core: bool,
}

impl Toolchain {
    /// Prefers a prebuilt `core`. The error says what to install.
    pub fn for_target(target: &str) -> Result<Self, String> {
        let found = candidates();
        let with_sysroot: Vec<_> = found
            .iter()
            .filter_map(|(cargo, rustc)| Some((cargo, rustc, output(rustc, &["--print", "sysroot"])?)))
            .collect();
        let pick = |has_core: &dyn Fn(&Path) -> bool, builds_core| {
            let (cargo, rustc, _) = with_sysroot.iter().find(|(_, _, sysroot)| has_core(Path::new(sysroot)))?;
            Some(Self { cargo: cargo.to_path_buf(), rustc: rustc.to_path_buf(), builds_core })
        };
        if let Some(known) = with_sysroot.first().and_then(|(_, rustc, _)| output(rustc, &["--print", "target-list"]))
            && !known.lines().any(|t| t == target)
        {
            return Err(format!("rustc knows no target \"{target}\"; `rustc --print target-list` lists them"));
        }
        pick(&|sysroot| has_prebuilt_core(sysroot, target), false).or_else(|| pick(&has_core_sources, true)).ok_or_else(|| {
            format!(
                "no Rust core library for {target}. Install one of these:\n  rustup target add {target}\n  rustup component add rust-src\n  \
                 apt-get install rustc-web cargo-web rust-web-src"
            )
        })
    }

    /// `cargo <subcommand>` (one that compiles) with what this toolchain needs.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.cargo);
        command.arg(subcommand).env("RUSTC", &self.rustc);
        if self.builds_core {
            // The library itself is stable Rust; only building core needs the flag, and the flag needs this.
            command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=core");
            // What a future compiler will say about the sources of core is nothing that a user can act on.
            command.env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never");
        }
        command
    }

    /// For messages: what is used and how.
    pub fn describe(&self) -> String {
        let core = if self.builds_core { "building core from its sources" } else { "prebuilt core" };
        format!("{} ({core})", output(&self.rustc, &["--version"]).unwrap_or_default())
    }
}

/// The host's target triple.
pub fn host() -> Result<String, String> {
    let found = candidates();
    let version = found.iter().find_map(|(_, rustc)| output(rustc, &["-vV"])).ok_or("no rustc found in PATH")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("`rustc -vV` names no host")?;
    Ok(host.to_owned())
}

/// (cargo, rustc), the running ones first.
fn candidates() -> Vec<(PathBuf, PathBuf)> {
    let cargo = PathBuf::from(env::var_os("CARGO").unwrap_or("cargo".into()));
    let sibling = cargo.with_file_name("rustc");
    let rustc = match env::var_os("RUSTC") {
        Some(rustc) => PathBuf::from(rustc),
        None if sibling.is_file() => sibling,
        None => PathBuf::from("rustc"),
    };
    let distribution = Path::new(DISTRIBUTION_BIN);
    vec![(cargo, rustc), (distribution.join("cargo"), distribution.join("rustc"))]
}

fn has_prebuilt_core(sysroot: &Path, target: &str) -> bool {
    let Ok(entries) = fs::read_dir(sysroot.join("lib/rustlib").join(target).join("lib")) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

fn has_core_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").is_file()
}

/// What a command prints, without the final line end; `None` when it cannot run or fails.
fn output(program: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
