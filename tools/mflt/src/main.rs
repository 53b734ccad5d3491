//! `mflt`: the desk side of a device. `mflt decode` turns chunks into JSON, text or tables; `logs`, `events`, `metrics`, `cdr` and
//! `coredumps` are the same run that shows one kind of data (`filter`); `mflt elf` shows the names in a firmware, `mflt core` and
//! `mflt backtrace` open coredumps. `cli` says what may be asked, a module per command does it, `memfault-decode` knows the
//! formats.
#![forbid(unsafe_code)]

mod backtrace;
mod cli;
mod core;
mod crashes;
mod csv;
mod decode;
mod device_state;
mod elf;
mod filter;
mod grid;
mod output;
mod printable;
mod render;
mod report;
mod symbols;
mod table;

use clap::Parser as _;
use filter::Kind;
use std::process::ExitCode;

/// Exit status of spec 80 §7.1; clap uses the same 2 for wrong options.
const USAGE_OR_IO: u8 = 2;
const DAMAGE: u8 = 1;
const NO_SYMBOLS: u8 = 3;

fn main() -> ExitCode {
    let result = match cli::Cli::parse().command {
        cli::Command::Decode(args) => {
            decode::run(&args.input, output::Shape { style: args.format.into(), out: args.out.as_deref(), only: None })
        }
        cli::Command::Logs(args) => filter::run(Kind::Logs, &args, None),
        cli::Command::Events(args) => filter::run(Kind::Events, &args, None),
        cli::Command::Metrics(args) => filter::run(Kind::Metrics, &args, None),
        cli::Command::Cdr(args) => filter::run(Kind::Recordings, &args.filter, args.out.as_deref()),
        cli::Command::Coredumps(args) => filter::run(Kind::Coredumps, &args.filter, args.out.as_deref()),
        cli::Command::Elf(args) => elf::run(&args),
        cli::Command::Core(args) => core::run(&args),
        cli::Command::Backtrace(args) => backtrace::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("mflt: {error:#}");
        ExitCode::from(USAGE_OR_IO)
    })
}
