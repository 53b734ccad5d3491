//! What may be asked on the command line.

mod crash;
mod filter;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

use crash::{BACKTRACE_ABOUT, BACKTRACE_HELP, CORE_ABOUT, CORE_HELP};
pub use crash::{BacktraceArgs, BacktraceFormat, CoreArgs, CrashArgs};
use filter::FILTER_HELP;
pub use filter::{FileFilterArgs, FilterArgs, FilterFormat};

/// Reads what a Memfault-compatible device sends.
#[derive(Debug, Parser)]
#[command(name = "mflt", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decode chunks: one JSON object per message on stdout, one line per problem on stderr.
    #[command(long_about = DECODE_ABOUT, after_help = DECODE_SHORT_HELP, after_long_help = DECODE_HELP)]
    Decode(DecodeArgs),
    /// Show the log lines of a device, those in the RAM of its coredumps too
    #[command(long_about = filter::LOGS_ABOUT, after_help = FILTER_HELP)]
    Logs(FilterArgs),
    /// List traces, reboots and heartbeats
    #[command(long_about = filter::EVENTS_ABOUT, after_help = FILTER_HELP)]
    Events(FilterArgs),
    /// Show the metrics of heartbeats and sessions as tables
    #[command(long_about = filter::METRICS_ABOUT, after_help = FILTER_HELP)]
    Metrics(FilterArgs),
    /// List custom data recordings; --out DIR writes them to files
    #[command(long_about = filter::CDR_ABOUT, after_help = FILTER_HELP)]
    Cdr(FileFilterArgs),
    /// List coredumps with heap, task watchdog and log of the device; --out DIR writes them to files
    #[command(long_about = filter::COREDUMPS_ABOUT, after_help = FILTER_HELP)]
    Coredumps(FileFilterArgs),
    /// Show what a firmware's ELF file offers: build id, metrics, sessions, reasons, log formats
    #[command(long_about = ELF_ABOUT)]
    Elf(ElfArgs),
    /// Make an ELF core of a coredump, which GDB opens
    #[command(long_about = CORE_ABOUT, after_help = CORE_HELP)]
    Core(CoreArgs),
    /// Show a coredump: fault, registers, frames of all threads, what was captured
    #[command(long_about = BACKTRACE_ABOUT, after_help = BACKTRACE_HELP)]
    Backtrace(BacktraceArgs),
}

const ELF_ABOUT: &str = "\
Show what a firmware's ELF file offers to `mflt decode --elf`: build id, metrics with type, range and scale, sessions, names of \
trace and reboot reasons, formats of compact logs.

Exit status: 0 it is complete, 1 something is missing or contradicts itself (said on stderr), 2 wrong usage, or the file is no \
firmware of this SDK.";

const DECODE_ABOUT: &str = "\
Decode chunks: one JSON object per message on stdout, one line per problem on stderr.

Chunks are what the device hands to its transport. They are put together to messages, the CRC is checked, run-length encoding \
and project key are taken off, and coredumps, events, logs, metrics and recordings are written as JSON. Damage never stops the \
decoder: it says what is lost and where, and goes on.";

const DECODE_SHORT_HELP: &str = "Try `mflt decode --help` for examples, the input formats and the exit status.";

const DECODE_HELP: &str = "\
Examples:
  mflt decode uart.log                          everything that the device exported into a log
  mflt decode --format text uart.log            the same for reading
  pio device monitor | mflt decode              while it happens
  mflt decode --follow /var/log/uart.log        a log that is still being written; Ctrl-C ends
  mflt decode uart.log | jq -c 'select(.type==\"event\") | .events[]'
  mflt decode --serial KETTLE-7 ble-*.bin       captured packets of one device, in this order
  mflt decode --out dumps uart.log              coredumps and recordings as files
  mflt decode --format table --elf fw.elf uart.log   with the names of metrics, sessions and reasons
  mflt decode --symbols builds/ uart.log        the same; finds the right file by the build id
  echo 0802... | mflt decode --input-format hex

Input formats (auto takes the first that fits):
  chnk     container of chunks: CHNK, 4-byte length, chunk; repeated
  text     any log with MC:<base64>: tokens; prefixes, colours, CRLF, broken lines do not matter.
           ML:<base64>: tokens (exported compact logs) are shown with --elf
  hex      one chunk in hex, or one per line; blanks and 0x do not matter
  base64   one chunk in base64, or one per line
  binary   the file is one chunk
  http     captured requests: POST /api/v0/chunks/...; their paths name the devices
  coredump a coredump as the device stored it: CORE

Names: metrics travel as positions, reasons as numbers, compact logs without their text; the firmware's ELF file, built with -g \
and not stripped, has the rest. It is found by the build id in the data. Data without one, or with one of no file, takes the only \
--elf, or the one that was given for its software type and version: --elf kettle@3.1.4=old.elf. Without such a version a file \
with another build id is never used. What does not fit stays a number.

A device's chunks must come in the order in which it sent them. Each input is a device of its own, named after the file, \
unless --serial gives several inputs the same name: then they are one stream.

Problems are printed as `file:line:byte: code: what is wrong`; for files without lines `file:byte N: ...`. Codes: lost_init, gap, \
truncated (parts of a message are missing); crc, bad_header, bad_token, too_big, rle, cbor, coredump (bytes are wrong); duplicate, \
trimmed, serial, unknown_type, joined (odd, nothing is lost); symbols (names are missing).

Exit status: 0 everything decoded, 1 something was missing or damaged, 2 wrong usage, or a file could not be read or written, \
3 with --require-symbols: names are missing.";

#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// Form of the output: json (one line per message), jsonl-pretty (indented), text or table (for people)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub format: OutputFormat,

    /// Write coredumps, recordings and other binary data to files in this directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    #[command(flatten)]
    pub input: InputArgs,
}

/// What is read, and with which names.
#[derive(Debug, Default, Args)]
pub struct InputArgs {
    /// Files to decode; - or nothing is standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// Form of the inputs: auto, text, hex, base64, binary, chnk, http or coredump
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub input_format: InputFormat,

    /// Name of the device; once for all inputs, or once per input in their order [default: the file's name without extension]
    #[arg(long, value_name = "NAME")]
    pub serial: Vec<String>,

    /// ELF file of the firmware, for names; repeatable. With TYPE@VERSION= only for this version
    #[arg(long, value_name = "[TYPE@VERSION=]FILE")]
    pub elf: Vec<OsString>,

    /// Directory with ELF files of firmwares, searched by build id; repeatable
    #[arg(long, value_name = "DIR")]
    pub symbols: Vec<PathBuf>,

    /// Exit status 3 if an event or coredump stays without names
    #[arg(long)]
    pub require_symbols: bool,

    /// Form of the problems on stderr: text or json (one object per line)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub diagnostics: DiagnosticFormat,

    /// Keep reading files that grow, like tail -F
    #[arg(long, short)]
    pub follow: bool,

    /// Repair nothing (no joining of broken tokens); warnings count as damage too
    #[arg(long)]
    pub strict: bool,

    /// The transport pads packets to a fixed size (USB HID): find the end of single-chunk messages by their CRC
    #[arg(long, conflicts_with = "strict")]
    pub padded: bool,

    /// Show project keys in full instead of their last four characters
    #[arg(long)]
    pub show_project_key: bool,

    /// No summary, no progress, no hints
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum InputFormat {
    #[default]
    Auto,
    Text,
    Hex,
    Base64,
    Binary,
    Chnk,
    Http,
    Coredump,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    #[default]
    Json,
    #[value(name = "jsonl-pretty", alias = "json-pretty")]
    JsonlPretty,
    Text,
    Table,
}

#[derive(Debug, Args)]
pub struct ElfArgs {
    /// ELF files of firmwares
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Form of the output: table or json (one object per file)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub format: ElfFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ElfFormat {
    #[default]
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DiagnosticFormat {
    #[default]
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }
}
