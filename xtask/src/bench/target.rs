//! The processors and SDK configurations that rows exist for.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    M4,
    M0Plus,
    M33,
    Host,
}

/// What counts the instructions of a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counter {
    Qemu,
    Callgrind,
}

impl Target {
    pub const ALL: [Self; 4] = [Self::M4, Self::M0Plus, Self::M33, Self::Host];

    /// The name on the command line, in row names and in `baseline.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::M4 => "m4",
            Self::M0Plus => "m0plus",
            Self::M33 => "m33",
            Self::Host => "host",
        }
    }

    /// The Rust target; `None` is the host.
    pub const fn triple(self) -> Option<&'static str> {
        match self {
            Self::M4 => Some("thumbv7em-none-eabi"),
            Self::M0Plus => Some("thumbv6m-none-eabi"),
            Self::M33 => Some("thumbv8m.main-none-eabi"),
            Self::Host => None,
        }
    }

    pub const fn counter(self) -> Option<Counter> {
        match self {
            Self::M4 => Some(Counter::Qemu),
            Self::Host => Some(Counter::Callgrind),
            Self::M0Plus | Self::M33 => None,
        }
    }

    pub const fn compiler(self) -> &'static str {
        match self {
            Self::Host => "gcc",
            Self::M4 | Self::M0Plus | Self::M33 => "arm-none-eabi-gcc",
        }
    }

    pub const fn cpu_flags(self) -> &'static [&'static str] {
        match self {
            Self::M4 => &["-mthumb", "-mcpu=cortex-m4", "-mfloat-abi=soft"],
            Self::M0Plus => &["-mthumb", "-mcpu=cortex-m0plus", "-mfloat-abi=soft"],
            Self::M33 => &["-mthumb", "-mcpu=cortex-m33", "-mfloat-abi=soft"],
            Self::Host => &[],
        }
    }

    /// Optimisation of the SDK's own C units, as in the baseline's columns.
    pub const fn sdk_optimisation(self) -> &'static str {
        match self {
            Self::Host => "-O2",
            Self::M4 | Self::M0Plus | Self::M33 => "-Os",
        }
    }
}

/// An SDK configuration: the options that differ from the defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variant {
    /// In folder names, row names and `baseline.json`.
    pub name: &'static str,
    pub defines: &'static [&'static str],
}

pub const RLE_ON: Variant = Variant { name: "rle-on", defines: &[] };
pub const RLE_OFF: Variant = Variant { name: "rle-off", defines: &["MEMFAULT_DATA_SOURCE_RLE_ENABLED=0"] };
pub const RLE_OFF_NO_CRC_TABLE: Variant = Variant {
    name: "rle-off-no-crc-table",
    defines: &["MEMFAULT_DATA_SOURCE_RLE_ENABLED=0", "MEMFAULT_CRC16_LOOKUP_TABLE_ENABLE=0"],
};
pub const BATCHED: Variant = Variant { name: "batched", defines: &["MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED=1"] };

/// How the SDK's own messages reach the firmware. Only C units depend on it, not the archive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Messages {
    pub name: &'static str,
    pub defines: &'static [&'static str],
    /// Folder below `benches/c` with a log configuration of its own.
    pub include: Option<&'static str>,
}

/// As the defaults have it.
pub const DEFAULT_MESSAGES: Messages = Messages { name: "default", defines: &[], include: None };
/// To the platform's log hook only.
pub const TRIM: Messages = Messages {
    name: "trim",
    defines: &["MEMFAULT_SDK_LOG_SAVE_DISABLE=1", "MEMFAULT_METRICS_LOGS_ENABLE=0"],
    include: None,
};
/// Compiled out.
pub const QUIET: Messages = Messages {
    name: "quiet",
    defines: &[
        "MEMFAULT_SDK_LOG_SAVE_DISABLE=1",
        "MEMFAULT_METRICS_LOGS_ENABLE=0",
        "MEMFAULT_PLATFORM_HAS_LOG_CONFIG=1",
    ],
    include: Some("quiet"),
};
