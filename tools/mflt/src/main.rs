//! `mflt`: the desk side of a device. `mflt decode` turns chunks into JSON; more commands follow the same pattern: `cli` says what
//! may be asked, a module per command does it, `memfault-decode` knows the formats.
#![forbid(unsafe_code)]

mod cli;
mod decode;
mod output;
mod printable;
mod render;
mod report;

use clap::Parser as _;
use std::process::ExitCode;

/// Exit status of spec 80 §7.1; clap uses the same 2 for wrong options.
const USAGE_OR_IO: u8 = 2;

fn main() -> ExitCode {
    let result = match cli::Cli::parse().command {
        cli::Command::Decode(args) => decode::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("mflt: {error:#}");
        ExitCode::from(USAGE_OR_IO)
    })
}
