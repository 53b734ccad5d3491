//! The records of a coredump (spec 80 §7.5).

use super::{DeviceState, Symbols};
use serde::{Serialize, Serializer};
use std::fmt;

/// A coredump.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coredump {
    /// Version of the format, 1 or 2.
    pub version: Option<u32>,
    /// Name of the architecture.
    pub machine: Option<&'static str>,
    /// The whole machine block.
    pub machine_id: Option<u32>,
    /// Name of the reboot reason.
    pub reason: Option<String>,
    /// Number of the reboot reason.
    pub reason_id: Option<u32>,
    /// Something did not fit into the storage.
    pub truncated: Option<bool>,
    /// Serial that the firmware put in.
    pub device_serial: Option<String>,
    /// As in events.
    pub software_type: Option<String>,
    /// As in events.
    pub software_version: Option<String>,
    /// As in events.
    pub hardware_version: Option<String>,
    /// All 20 bytes, lower-case hex.
    pub build_id: Option<String>,
    /// Registers per CPU.
    pub registers: Vec<RegisterValues>,
    /// What was captured, in file order.
    pub regions: Vec<Region>,
    /// Addresses of the segments that an ELF core has in addition.
    pub synthesised: Vec<Word>,
    /// Names of the faults.
    pub faults: Vec<String>,
    /// What is odd about the file.
    pub warnings: Vec<String>,
    /// What needs more than the dump itself; `None` in the note of an ELF core, which has no place for it.
    #[serde(flatten)]
    pub more: Option<CoredumpMore>,
}

/// What is known about a coredump besides its own bytes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoredumpMore {
    /// Frames of the CPU that crashed; needs symbols.
    pub backtrace: Option<Vec<StackFrame>>,
    /// The other threads, where they were captured; needs symbols.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<ThreadFrames>,
    /// What was captured of log, heap and task watchdog; needs symbols.
    #[serde(flatten)]
    pub state: DeviceState,
    /// The same for crashes that look the same; needs symbols.
    pub signature: Option<String>,
    /// As in events.
    pub symbols: Option<Symbols>,
    /// Files written for this coredump.
    pub files: CoredumpFiles,
}

impl Coredump {
    /// What needs more than the dump itself.
    pub fn more(&mut self) -> &mut CoredumpMore {
        self.more.get_or_insert_default()
    }
}

/// Registers of a CPU, in the order of the dump.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterValues(pub Vec<(&'static str, Word)>);

impl Serialize for RegisterValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A frame of a backtrace, or a function that was inlined into one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackFrame {
    /// Program counter; behind the call for all but interrupted frames.
    pub pc: Word,
    /// Name of the function.
    pub function: Option<String>,
    /// Source file.
    pub file: Option<String>,
    /// Line in it.
    pub line: Option<u32>,
    /// The function was inlined into the next one of the list.
    pub inlined: bool,
    /// How the frame was found: `cfi`, `exidx`, `exception`, `lr`, `scan`; `None`: its registers were captured.
    pub how: Option<&'static str>,
    /// False behind a scan of the stack.
    pub sure: bool,
}

/// The frames of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadFrames {
    /// Its number in the ELF core.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// Its frames.
    pub backtrace: Vec<StackFrame>,
}

/// A captured block of memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Region {
    /// First address.
    pub address: Word,
    /// In bytes.
    pub size: u32,
    /// `memory` or `mpu`.
    pub kind: &'static str,
}

/// A register or an address of a coredump: `0x` and 8 digits, 16 on a machine with 64 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Word {
    /// Its value.
    pub value: u64,
    /// The machine has 64 bits.
    pub wide: bool,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.wide { 16 } else { 8 };
        write!(f, "0x{:0digits$x}", self.value)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Names of the files of a coredump.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CoredumpFiles {
    /// The coredump as the device stored it.
    pub raw: Option<String>,
    /// ELF core for a debugger.
    pub core: Option<String>,
}
