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
    /// Components of the archive besides core and util.
    pub metrics: bool,
    pub panics: bool,
}

impl Variant {
    const fn core(name: &'static str, defines: &'static [&'static str]) -> Self {
        Self { name, defines, metrics: false, panics: false }
    }

    const fn all_components(name: &'static str, defines: &'static [&'static str]) -> Self {
        Self { name, defines, metrics: true, panics: true }
    }

    /// Components of the archive.
    pub const fn components(self) -> &'static str {
        match (self.metrics, self.panics) {
            (false, false) => "core,util",
            (true, false) => "core,util,metrics",
            (false, true) => "core,util,panics",
            (true, true) => "core,util,metrics,panics",
        }
    }
}

pub const RLE_ON: Variant = Variant::core("rle-on", &[]);
pub const RLE_OFF: Variant = Variant::core("rle-off", &["MEMFAULT_DATA_SOURCE_RLE_ENABLED=0"]);
pub const RLE_OFF_NO_CRC_TABLE: Variant = Variant::core(
    "rle-off-no-crc-table",
    &["MEMFAULT_DATA_SOURCE_RLE_ENABLED=0", "MEMFAULT_CRC16_LOOKUP_TABLE_ENABLE=0"],
);
pub const BATCHED: Variant = Variant::core("batched", &["MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED=1"]);
pub const COMPACT: Variant = Variant::core("compact", &["MEMFAULT_COMPACT_LOG_ENABLE=1"]);
pub const METRICS: Variant = Variant { name: "metrics", defines: &[], metrics: true, panics: false };
pub const PANICS: Variant = Variant::all_components("panics", &[]);
pub const PANICS_COMPACT: Variant = Variant::all_components("panics-compact", COMPACT.defines);
pub const ALL_OPTIONS: Variant =
    Variant::all_components("all-options", ALL_OPTIONS_AND_COMPACT.split_at(ALL_OPTIONS_AND_COMPACT.len() - 1).0);
pub const ALL_OPTIONS_COMPACT: Variant = Variant::all_components("all-options-compact", ALL_OPTIONS_AND_COMPACT);

/// The options of "every option on"; the last one only with compact logs.
const ALL_OPTIONS_AND_COMPACT: &[&str] = &[
    "MEMFAULT_TASK_WATCHDOG_ENABLE=1",
    "MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS=1",
    "MEMFAULT_COREDUMP_COLLECT_HEAP_STATS=1",
    "MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION=1",
    "MEMFAULT_CDR_ENABLE=1",
    "MEMFAULT_METRICS_BATTERY_ENABLE=1",
    "MEMFAULT_METRICS_SYNC_SUCCESS=1",
    "MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS=1",
    "MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME=1",
    "MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED=1",
    "MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED=1",
    "MEMFAULT_COLLECT_MPU_STATE=1",
    "MEMFAULT_CACHE_FAULT_REGS=1",
    "MEMFAULT_EVENT_STORAGE_RESTORE_STATE=1",
    "MEMFAULT_LOG_RESTORE_STATE=1",
    "MEMFAULT_METRICS_RESTORE_STATE=1",
    "MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL=1",
    "MEMFAULT_DEMO_CLI_SELF_TEST=1",
    "MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE=1",
    "MEMFAULT_COMPACT_LOG_ENABLE=1",
];

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

/// The metrics that the firmware declares. Only C units depend on them: one archive serves any firmware.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserMetrics {
    None,
    /// `benches/c/metrics/bench_metrics.def`.
    Twenty,
}

/// What the C units depend on and the archive does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Units {
    pub messages: Messages,
    pub user_metrics: UserMetrics,
}

impl Units {
    pub const fn new(messages: Messages, user_metrics: UserMetrics) -> Self {
        Self { messages, user_metrics }
    }

    /// For folder names.
    pub fn name(self) -> String {
        match self.user_metrics {
            UserMetrics::None => self.messages.name.to_owned(),
            UserMetrics::Twenty => format!("{}-20-metrics", self.messages.name),
        }
    }

    pub fn defines(self) -> impl Iterator<Item = &'static str> {
        let file = (self.user_metrics == UserMetrics::Twenty)
            .then_some("MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE=\"bench_metrics.def\"");
        self.messages.defines.iter().copied().chain(file)
    }

    /// Folders below `benches/c`.
    pub fn includes(self) -> impl Iterator<Item = &'static str> {
        let metrics = (self.user_metrics == UserMetrics::Twenty).then_some("metrics");
        self.messages.include.into_iter().chain(metrics)
    }
}

/// As the defaults have it, without metrics of the user's.
pub const DEFAULT_UNITS: Units = Units::new(DEFAULT_MESSAGES, UserMetrics::None);
