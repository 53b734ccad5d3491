//! What may be asked about coredumps.

use super::InputFormat;
use clap::{Args, ValueEnum};
use memfault_decode::coredump::Machine;
use std::ffi::OsString;
use std::path::PathBuf;

pub const CORE_ABOUT: &str = "\
Make an ELF core of a coredump. GDB opens it together with the firmware: backtrace, registers, variables, all threads that were \
captured.

The firmware is not needed to make the file, but with it the thread that an exception interrupted has its own registers, and tasks \
of FreeRTOS are threads of the core.

Exit status: 0 it is written, 1 it is written, but something in the input was damaged, 2 wrong usage, no usable coredump, or a \
file could not be read or written, 3 the firmware is not the one of the coredump.";

pub const CORE_HELP: &str = "\
Examples:
  mflt core uart.log --elf fw.elf -o crash.core          then: gdb-multiarch fw.elf crash.core
  mflt core coredump.bin --elf fw.elf -o crash.core      from the file of a coredump
  mflt core uart.log --symbols builds/ -o dumps/         all coredumps of a log, each with its firmware";

pub const BACKTRACE_ABOUT: &str = "\
Show a coredump without a debugger: reason, fault registers in words, registers, frames with inlined functions, other threads, \
and what of the memory was captured and what was not.

Frames marked ? are guesses from the stack: there the firmware has no unwind information.

Exit status: 0 all is shown, 1 something in the input was damaged, 2 wrong usage, no usable coredump, or a file could not be \
read, 3 the firmware is not the one of the coredump.";

pub const BACKTRACE_HELP: &str = "\
Examples:
  mflt backtrace uart.log --elf fw.elf                   all coredumps of a log
  mflt backtrace coredump.bin --elf fw.elf --print g_state --print s_queue
  mflt backtrace uart.log --symbols builds/ --format json";

/// Which coredump, and which firmware.
#[derive(Debug, Args)]
pub struct CrashArgs {
    /// Logs, chunks or files of coredumps; - or nothing is standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// Form of the inputs, as for `mflt decode`
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub input_format: InputFormat,

    /// ELF file of the firmware; repeatable. With TYPE@VERSION= only for this version
    #[arg(long, value_name = "[TYPE@VERSION=]FILE")]
    pub elf: Vec<OsString>,

    /// Directory with ELF files of firmwares, searched by build id; repeatable
    #[arg(long, value_name = "DIR")]
    pub symbols: Vec<PathBuf>,

    /// Use the firmware of --elf although the coredump is of another build: names and frames can be wrong
    #[arg(long)]
    pub any_build: bool,

    /// Number of the message, as `mflt decode` counts, if there are several coredumps
    #[arg(long, value_name = "N")]
    pub message: Option<u64>,

    /// Machine of a coredump that does not name it: cortex-m, cortex-ar, aarch64, riscv32, i386, x86-64, xtensa-esp32, ...
    #[arg(long, value_name = "NAME", value_parser = machine)]
    pub machine: Option<Machine>,

    /// EXC_RETURN of the outermost exception (Cortex-M), if it cannot be found on the stack
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub exc_return: Option<u32>,

    /// Upper 32 bits of all addresses (64-bit machines) [default: those of the stack pointer]
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub high_address: Option<u32>,

    /// Nothing but the result and errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct CoreArgs {
    #[command(flatten)]
    pub crash: CrashArgs,

    /// File to write; a directory (it exists, or the name ends with /) takes all coredumps, raw and as ELF core
    #[arg(long, short, value_name = "PATH")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct BacktraceArgs {
    #[command(flatten)]
    pub crash: CrashArgs,

    /// Show this global variable; repeatable
    #[arg(long, value_name = "NAME")]
    pub print: Vec<String>,

    /// Form of the output: text or json (one object per coredump, as from `mflt decode`)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub format: BacktraceFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum BacktraceFormat {
    #[default]
    Text,
    Json,
}

fn machine(name: &str) -> Result<Machine, String> {
    Machine::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Machine::ALL.iter().map(|machine| machine.name()).collect();
        format!("known machines are {}", names.join(", "))
    })
}

fn number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix("0x").or(text.strip_prefix("0X"));
    digits.map_or_else(|| text.parse(), |digits| u32::from_str_radix(digits, 16)).map_err(|error| error.to_string())
}
