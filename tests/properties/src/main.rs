//! Random operations on the library: `cargo run -p properties -- [--cases N] [--seed S] [--tables N] [--api c|rust]
//! [--module NAME]...`.
//!
//! Every set of options of the golden vectors gets N cases per module, for metrics with each of several random lists of
//! metrics. A case that fails is named `group/seed`:
//! `--module NAME --seed SEED --cases 1 --show` prints its steps as the C player reads them. Ends with `N passed, N
//! failed`.
#![forbid(unsafe_code)]

use golden::c_abi::{self, Builder, Target};
use golden::report::Tally;
use golden::vectors;
use properties::{models, run};
use std::path::Path;
use std::process::ExitCode;

struct Options {
    cases: usize,
    seed: u64,
    tables: u64,
    c: bool,
    rust: bool,
    modules: Vec<String>,
    show: bool,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| play(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("properties: {message}");
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { cases: 200, seed: 1, tables: 4, c: true, rust: true, modules: Vec::new(), show: false };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--cases" => options.cases = value()?.parse().map_err(|e| format!("--cases: {e}"))?,
            "--seed" => options.seed = value()?.parse().map_err(|e| format!("--seed: {e}"))?,
            "--tables" => options.tables = value()?.parse().map_err(|e| format!("--tables: {e}"))?,
            "--api" => match value()?.as_str() {
                "c" => options.rust = false,
                "rust" => options.c = false,
                other => return Err(format!("--api {other}: c or rust")),
            },
            "--module" => options.modules.push(value()?),
            "--show" => options.show = true,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    Ok(options)
}

fn play(options: &Options) -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().map_err(|e| e.to_string())?;
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    let builder = Builder::new(&root, &target_dir.join("golden"), Target::Host)?;
    let (mut passed, mut failed) = (0, 0);
    for name in models::MODULES {
        if !options.modules.is_empty() && !options.modules.iter().any(|module| module == name) {
            continue;
        }
        let module = vectors::load(&root.join("tests/vectors"), name)?;
        let (mut c, mut rust) = (Tally::default(), Tally::default());
        for group in &run::groups(&module, options.tables) {
            let plays = || run::random_plays(name, group, options.seed, options.cases);
            if options.show {
                print!("{}", c_abi::script(&plays()?));
            }
            if options.c {
                run::play_c(&builder, name, group, plays()?, &mut c)?;
            }
            if options.rust && golden::rust_api::player(name, group).is_ok() {
                run::play_rust(name, group, plays()?, &mut rust)?;
            }
        }
        for (tally, api) in [(&c, "C"), (&rust, "Rust")] {
            if tally.passed + tally.failed > 0 {
                tally.print(&format!("{name} {api}"));
            }
            passed += tally.passed;
            failed += tally.failed;
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0 && passed > 0)
}
