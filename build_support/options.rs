//! The options that reach Rust code. One row per option: its constant in `src/config.rs`, its record in `shim/config_probe.c`.
//!
//! An option that the firmware does not define keeps the default that the trait `Config` gives it.

/// How a recorded value becomes Rust.
pub enum Kind {
    /// Any number; what is not 0 is on, as in `#if`.
    Bool,
    /// Only 1 is on, as in `#if X == 1`.
    BoolIfOne,
    /// A size or count of type `usize`, with the smallest and the largest possible value.
    Usize(u64, u64),
    /// A `u32`, with the smallest and the largest possible value.
    U32(u64, u64),
    /// A string literal, of type `&'static str`.
    Text,
    /// A name for the linker with its default. Assembly needs it as a literal, so it reaches the code as `env!("MEMFAULT_<name>")`.
    Symbol(&'static str),
}

/// An option of the C SDK, named without the prefix `MEMFAULT_`.
pub struct ConfigOption {
    pub name: &'static str,
    pub kind: Kind,
}

const fn option(name: &'static str, kind: Kind) -> ConfigOption {
    ConfigOption { name, kind }
}

use Kind::{Bool, BoolIfOne, Symbol, Text, U32, Usize};

/// A buffer on the stack or in `.bss` of more than this is a mistake in the configuration, not a wish.
const MAX_BUFFER_LEN: u64 = 65_535;

pub const OPTIONS: &[ConfigOption] = &[
    // Packetizer and util (spec 10 section 1)
    option("DATA_SOURCE_RLE_ENABLED", Bool),
    option("MESSAGE_HEADER_CONTAINS_PROJECT_KEY", Bool),
    option("PROJECT_KEY", Text),
    option("DATA_EXPORT_CHUNK_MAX_LEN", Usize(1, MAX_BUFFER_LEN)),
    option("CRC16_BUILTIN", Bool),
    option("CRC16_LOOKUP_TABLE_ENABLE", Bool),
    option("SDK_ASSERT_ENABLED", Bool),
    // Events (spec 20 section 1)
    option("EVENT_INCLUDE_DEVICE_SERIAL", Bool),
    option("EVENT_INCLUDE_BUILD_ID", Bool),
    option("EVENT_INCLUDED_BUILD_ID_SIZE_BYTES", Usize(5, 20)),
    option("EVENT_STORAGE_READ_BATCHING_ENABLED", Bool),
    option("EVENT_STORAGE_READ_BATCHING_MAX_BYTES", U32(0, u32::MAX as u64)),
    option("EVENT_STORAGE_NV_SUPPORT_ENABLED", Bool),
    option("EVENT_STORAGE_STUB_SYSTEM_TIME", Bool),
    option("EVENT_STORAGE_RESTORE_STATE", Bool),
    option("TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED", Bool),
    option("TRACE_EVENT_MAX_LOG_LEN", Usize(1, MAX_BUFFER_LEN)),
    option("COMPACT_LOG_ENABLE", Bool),
    option("REBOOT_REASON_CUSTOM_ENABLE", BoolIfOne),
    option("USE_GNU_BUILD_ID", Bool),
    option("GNU_BUILD_ID_SYMBOL", Symbol("__start_gnu_build_id_start")),
    option("UNIQUE_VERSION_MAX_LEN", Usize(0, MAX_BUFFER_LEN)),
    // Logs, recordings and diagnostics (spec 30 section 1)
    option("RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL", U32(0, 255)),
    option("LOG_MAX_LINE_SAVE_LEN", Usize(0, 251)),
    option("LOG_TIMESTAMPS_ENABLE", Bool),
    option("LOG_DATA_SOURCE_ENABLED", Bool),
    option("LOG_EXPORT_CHUNK_MAX_LEN", Usize(1, MAX_BUFFER_LEN)),
    option("LOG_RESTORE_STATE", Bool),
    option("CDR_ENABLE", Bool),
    option("CDR_MAX_DATA_SOURCES", Usize(1, MAX_BUFFER_LEN)),
    option("CDR_MAX_ENCODED_METADATA_LEN", Usize(0, MAX_BUFFER_LEN)),
    option("HEAP_STATS_MAX_COUNT", Usize(1, 65_534)),
    option("COREDUMP_HEAP_STATS_LOCK_ENABLE", Bool),
    option("IN_USE_BLOCK_COUNT_AUTOMATIC", Bool),
    option("TASK_WATCHDOG_ENABLE", Bool),
    option("TASK_WATCHDOG_TIMEOUT_INTERVAL_MS", U32(0, u32::MAX as u64)),
    // Demo (spec 70 chapters 10 to 12)
    option("DEMO_CLI_USER_CHUNK_SIZE", Usize(1, MAX_BUFFER_LEN)),
    option("DEMO_SHELL_RX_BUFFER_SIZE", Usize(1, MAX_BUFFER_LEN)),
    option("DEMO_CLI_SELF_TEST", Bool),
    option("DEMO_CLI_SELF_TEST_COREDUMP_STORAGE", Bool),
    option("DEMO_CLI_WATCHDOG", Bool),
    option("DEMO_SHELL_COMMAND_EXTENSIONS", Bool),
    // Coredumps and faults (spec 50 section 1)
    option("UNITTEST", Bool),
    option("COREDUMP_INCLUDE_BUILD_ID", Bool),
    option("COREDUMP_CPU_COUNT", Usize(1, 255)),
    option("COREDUMP_COLLECT_LOG_REGIONS", Bool),
    option("COREDUMP_COLLECT_HEAP_STATS", Bool),
    option("COREDUMP_COLLECT_TASK_WATCHDOG_REGION", Bool),
    option("COLLECT_FAULT_REGS", Bool),
    option("CACHE_FAULT_REGS", Bool),
    option("COLLECT_INTERRUPT_STATE", Bool),
    option("NVIC_INTERRUPTS_TO_COLLECT", Usize(0, 512)),
    option("COLLECT_MPU_STATE", Bool),
    option("MPU_REGIONS_TO_COLLECT", Usize(0, 16)),
    option("PLATFORM_FAULT_HANDLER_CUSTOM", Bool),
    option("FAULT_HANDLER_RETURN", Bool),
    option("FAULT_HANDLER_WATCHDOG_RETURN", Bool),
    option("ASSERT_HALT_IF_DEBUGGING_ENABLED", Bool),
    option("DISABLE_OLD_MEMMANAGE_HANDLER", Bool),
    option("EXC_HANDLER_HARD_FAULT", Symbol("HardFault_Handler")),
    option("EXC_HANDLER_MEMORY_MANAGEMENT", Symbol("MemManage_Handler")),
    option("EXC_HANDLER_BUS_FAULT", Symbol("BusFault_Handler")),
    option("EXC_HANDLER_USAGE_FAULT", Symbol("UsageFault_Handler")),
    option("EXC_HANDLER_NMI", Symbol("NMI_Handler")),
    option("EXC_HANDLER_WATCHDOG", Symbol("MemfaultWatchdog_Handler")),
    option("EXC_HANDLER_UNDEFINED_INSTRUCTION", Symbol("UndefinedInstruction_Handler")),
    option("EXC_HANDLER_DATA_ABORT", Symbol("DataAbort_Handler")),
    option("EXC_HANDLER_PREFETCH_ABORT", Symbol("PrefetchAbort_Handler")),
    // HTTP (spec 70 section 4.2)
    option("DEVICE_INFO_URL_ENCODED_MAX_LEN", Usize(0, MAX_BUFFER_LEN)),
];
