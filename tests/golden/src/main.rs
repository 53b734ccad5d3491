//! Plays golden vectors: `cargo run -p golden -- [--api c|rust] [--abi x86_64|arm|arm_noshort] [--module NAME]...
//! [--self-test]`.
//!
//! `MEMFAULT_VECTORS` names another folder with vector files. Prints per module `name passed/failed/skipped` and the
//! first differences, then `N passed, N failed`. `--self-test` breaks one expectation of each vector and fails when one
//! goes unnoticed.

use golden::c_abi::{self, Builder, Target};
use golden::report::Tally;
use golden::vectors;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

struct Options {
    c: bool,
    rust: bool,
    targets: Vec<Target>,
    modules: Vec<String>,
    self_test: bool,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(run) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("golden: {message}");
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { c: true, rust: true, targets: Vec::new(), modules: Vec::new(), self_test: false };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--api" => match value()?.as_str() {
                "c" => options.rust = false,
                "rust" => options.c = false,
                other => return Err(format!("--api {other}: c or rust")),
            },
            "--abi" => {
                let name = value()?;
                options
                    .targets
                    .push(Target::from_abi(&name).ok_or(format!("--abi {name}: x86_64, arm or arm_noshort"))?);
            }
            "--module" => options.modules.push(value()?),
            "--self-test" => options.self_test = true,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    if options.targets.is_empty() {
        options.targets.push(Target::Host);
    }
    Ok(options)
}

fn run(options: Options) -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().map_err(|e| e.to_string())?;
    let folder = match std::env::var_os("MEMFAULT_VECTORS").filter(|v| !v.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => root.join("tests/vectors"),
    };
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    let wanted = |name: &&str| options.modules.is_empty() || options.modules.iter().any(|m| m == name);
    let mut sum = Sum::default();
    if options.c {
        for target in &options.targets {
            println!("C ABI, {}: module passed/failed/skipped", target.abi());
            let builder = Builder::new(&root, &target_dir.join("golden"), *target)?;
            for name in c_abi::MODULES.into_iter().filter(wanted) {
                if let Some(module) = module(&folder, name)? {
                    sum.add(name, &c_abi::play_module(&builder, &module), options.self_test);
                }
            }
        }
    }
    if options.rust {
        println!("Rust API: module passed/failed/skipped");
        for name in golden::rust_api::MODULES.into_iter().filter(wanted) {
            if let Some(module) = module(&folder, name)? {
                sum.add(name, &golden::rust_api::play_module(&module), options.self_test);
            }
        }
    }
    report_unplayed(&folder);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(sum.failed == 0 && sum.passed > 0)
}

/// The vectors of a module. `None`: the folder has none.
fn module(folder: &Path, name: &str) -> Result<Option<vectors::Module>, String> {
    if folder.join(format!("{name}.json")).is_file() {
        return vectors::load(folder, name).map(Some);
    }
    println!("{name:<18} no vectors");
    Ok(None)
}

/// Says which files of the folder belong to no module that is played.
fn report_unplayed(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let json = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json"));
    let mut names: Vec<String> = json.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.retain(|name| !c_abi::MODULES.contains(&name.as_str()));
    names.sort();
    if !names.is_empty() {
        println!("not played: {}", names.join(", "));
    }
}

#[derive(Default)]
struct Sum {
    passed: usize,
    failed: usize,
}

impl Sum {
    fn add(&mut self, name: &str, tally: &Tally, self_test: bool) {
        if self_test {
            println!("{name:<18} {} broken expectations noticed, {} missed", tally.noticed, tally.missed);
            self.passed += tally.noticed;
            self.failed += tally.missed;
        } else {
            tally.print(name);
            self.passed += tally.passed;
            self.failed += tally.failed;
        }
    }
}
