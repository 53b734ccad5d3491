//! `mflt`: the desk side of a device. `mflt decode` turns chunks into JSON, text or tables, `mflt elf` shows the names in a
//! firmware, `mflt core` and `mflt backtrace` open coredumps; more commands follow the same pattern: `cli` says what may be asked, a module per command does it, `memfault-decode`
//! knows the formats.
#![forbid(unsafe_code)]

mod backtrace;
mod cli;
mod core;
mod crashes;
mod decode;
mod device_state;
mod elf;
mod grid;
mod output;
mod printable;
mod render;
mod report;
mod symbols;
mod table;

use clap::Parser as _;
use std::process::ExitCode;

/// Exit status of spec 80 §7.1; clap uses the same 2 for wrong options.
const USAGE_OR_IO: u8 = 2;
const DAMAGE: u8 = 1;
const NO_SYMBOLS: u8 = 3;

fn main() -> ExitCode {
    let result = match cli::Cli::parse().command {
        cli::Command::Decode(args) => decode::run(&args),
        cli::Command::Elf(args) => elf::run(&args),
        cli::Command::Core(args) => core::run(&args),
        cli::Command::Backtrace(args) => backtrace::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("mflt: {error:#}");
        ExitCode::from(USAGE_OR_IO)
    })
}
