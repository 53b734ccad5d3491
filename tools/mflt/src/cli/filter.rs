//! What may be asked of the commands that show one kind of data.

use super::InputArgs;
use crate::filter::Since;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub const LOGS_ABOUT: &str = "\
Show the log lines of a device: time, level, text, and where it is in the source. Log messages, lines exported as ML: tokens, and \
the log that was in RAM at a crash (needs the firmware's ELF file).

Compact logs have their text in the ELF file (--elf, --symbols); without it, or if it is not the right one, a line shows the number \
of its format and its values: <log 0x22: [250,\"low\"]>.";

pub const EVENTS_ABOUT: &str = "\
List everything that happened, one line each: traces, reboots, heartbeats and sessions. `mflt logs`, `mflt cdr` and \
`mflt coredumps` have the rest.";

pub const METRICS_ABOUT: &str = "\
Show the metrics of heartbeats and sessions as tables, each beside the value before. Names, ranges and scales are in the \
firmware's ELF file (--elf, --symbols).";

pub const CDR_ABOUT: &str = "\
List custom data recordings: time, reason, duration, types, size and SHA-256. --out DIR writes the data to files.";

pub const COREDUMPS_ABOUT: &str = "\
List coredumps: reason, machine, captured memory, and with the firmware's ELF file (--elf, --symbols) the task watchdog, the heap \
and the log of the device. --out DIR writes them to files; `mflt backtrace` has registers and frames, `mflt core` makes a core for \
GDB.";

pub const FILTER_HELP: &str = "\
Inputs, --elf, problems on stderr and exit status are those of `mflt decode`: see `mflt decode --help`.

Examples:
  mflt logs --elf fw.elf uart.log
  mflt events --since 2026-05-04 --format csv uart.log > events.csv
  mflt cdr --out recordings uart.log
  mflt metrics --format json uart.log | jq .events[].heartbeat.metrics";

/// A command that only shows.
#[derive(Debug, Args)]
pub struct FilterArgs {
    /// Form of the output: text, csv (with a line of titles), or json (the messages of `mflt decode`, one per line)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub format: FilterFormat,

    /// Only what the device dates from then on (UTC), as 2026-05-04 or 2026-05-04T09:10:11Z; what has no time is shown too
    #[arg(long, value_name = "TIME")]
    pub since: Option<Since>,

    #[command(flatten)]
    pub input: InputArgs,
}

/// A command that can also write files.
#[derive(Debug, Args)]
pub struct FileFilterArgs {
    /// Write the data to files in this directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    #[command(flatten)]
    pub filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FilterFormat {
    #[default]
    Text,
    Csv,
    Json,
}
