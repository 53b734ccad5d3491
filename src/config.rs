//! The options of the C SDK that the implemented parts read (section 1 of spec 10, 20, 30 and 50, and spec 70), with the reference defaults.
//!
//! Every option is an associated constant, so `if C::OPTION` is decided by the compiler and the other branch leaves no code.
//! The C build supplies one implementation, generated from the firmware's own configuration; tests and Rust firmware supply others.
#![forbid(unsafe_code)]

/// All options, named as in C without the prefix `MEMFAULT_`.
pub trait Config {
    /// Coredumps go out run-length encoded.
    const DATA_SOURCE_RLE_ENABLED: bool = true;
    /// Every message carries [`Config::PROJECT_KEY`].
    const MESSAGE_HEADER_CONTAINS_PROJECT_KEY: bool = false;
    /// The project key, without the final NUL that goes on the wire.
    const PROJECT_KEY: &'static str = "";
    /// Largest chunk on one text export line, in bytes.
    const DATA_EXPORT_CHUNK_MAX_LEN: usize = 80;
    /// The library supplies `memfault_crc16_compute`; off: the platform does.
    const CRC16_BUILTIN: bool = true;
    /// Accepted for compatibility: the results are the same and no table is used either way.
    const CRC16_LOOKUP_TABLE_ENABLE: bool = true;
    /// The library checks its own preconditions and calls `memfault_sdk_assert_func`.
    const SDK_ASSERT_ENABLED: bool = true;
    /// Every event carries the device serial (key 7).
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = false;
    /// Every event carries a prefix of the build id (key 11) when there is one.
    const EVENT_INCLUDE_BUILD_ID: bool = true;
    /// Bytes of that prefix, 5 to 20.
    const EVENT_INCLUDED_BUILD_ID_SIZE_BYTES: usize = 6;
    /// One message may hold many events.
    const EVENT_STORAGE_READ_BATCHING_ENABLED: bool = false;
    /// Upper bound of the payload bytes of a batch.
    const EVENT_STORAGE_READ_BATCHING_MAX_BYTES: u32 = u32::MAX;
    /// Events may move to a non-volatile store of the platform.
    const EVENT_STORAGE_NV_SUPPORT_ENABLED: bool = false;
    /// The library supplies a weak `memfault_platform_time_get_current`.
    const EVENT_STORAGE_STUB_SYSTEM_TIME: bool = true;
    /// Event storage survives deep sleep with the platform's help.
    const EVENT_STORAGE_RESTORE_STATE: bool = false;
    /// A trace event from an interrupt keeps its log text.
    const TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED: bool = true;
    /// Bytes of the log of a trace event; with text logs one of them is the terminator.
    const TRACE_EVENT_MAX_LOG_LEN: usize = 80;
    /// Log macros and trace logs are compact.
    const COMPACT_LOG_ENABLE: bool = false;
    /// `eMemfaultRebootReason` has user reasons.
    const REBOOT_REASON_CUSTOM_ENABLE: bool = false;
    /// The build id is the linker's GNU note.
    const USE_GNU_BUILD_ID: bool = false;
    /// Bytes of the unique version string, terminator included.
    const UNIQUE_VERSION_MAX_LEN: usize = 32;
    /// Lines below this level are not stored, until the firmware sets another one: 0 debug, 1 info, 2 warning, 3 error.
    const RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL: u32 = 1;
    /// Longest stored log line in bytes, at most 251.
    const LOG_MAX_LINE_SAVE_LEN: usize = 128;
    /// Stored lines carry the time, if the platform knows it.
    const LOG_TIMESTAMPS_ENABLE: bool = true;
    /// The log buffer may be sent as a message.
    const LOG_DATA_SOURCE_ENABLED: bool = true;
    /// Bytes of a compact log on one line of text.
    const LOG_EXPORT_CHUNK_MAX_LEN: usize = 80;
    /// The log buffer survives deep sleep with the platform's help.
    const LOG_RESTORE_STATE: bool = false;
    /// There are custom data recordings.
    const CDR_ENABLE: bool = false;
    /// Sources of recordings that can be registered.
    const CDR_MAX_DATA_SOURCES: usize = 4;
    /// Bytes of a recording's message in front of its data.
    const CDR_MAX_ENCODED_METADATA_LEN: usize = 128;
    /// Allocations of which the heap statistics keep the details.
    const HEAP_STATS_MAX_COUNT: usize = 32;
    /// Heap statistics take the lock.
    const COREDUMP_HEAP_STATS_LOCK_ENABLE: bool = true;
    /// Heap statistics count the blocks in use; off: the port does.
    const IN_USE_BLOCK_COUNT_AUTOMATIC: bool = true;
    /// There is a task watchdog.
    const TASK_WATCHDOG_ENABLE: bool = false;
    /// Milliseconds after which a channel of the task watchdog has expired.
    const TASK_WATCHDOG_TIMEOUT_INTERVAL_MS: u32 = 1000;
    /// Bytes of the largest chunk of the command `drain_chunks`, which is on the stack.
    const DEMO_CLI_USER_CHUNK_SIZE: usize = 1024;
    /// Characters of a line of the shell, its end included.
    const DEMO_SHELL_RX_BUFFER_SIZE: usize = 64;
    /// The shell has the command `self_test`.
    const DEMO_CLI_SELF_TEST: bool = false;
    /// The self test may overwrite the storage of the coredump.
    const DEMO_CLI_SELF_TEST_COREDUMP_STORAGE: bool = false;
    /// The shell has commands for the software watchdog of the port.
    const DEMO_CLI_WATCHDOG: bool = false;
    /// The firmware adds commands to the shell.
    const DEMO_SHELL_COMMAND_EXTENSIONS: bool = false;
    /// Unit tests on a host: coredumps name no machine.
    const UNITTEST: bool = false;
    /// Coredumps carry the whole build id when there is one.
    const COREDUMP_INCLUDE_BUILD_ID: bool = true;
    /// CPUs whose registers a coredump holds, one block each.
    const COREDUMP_CPU_COUNT: usize = 1;
    /// Coredumps contain the log buffer.
    const COREDUMP_COLLECT_LOG_REGIONS: bool = false;
    /// Coredumps contain the heap statistics.
    const COREDUMP_COLLECT_HEAP_STATS: bool = false;
    /// Coredumps contain the channels of the task watchdog.
    const COREDUMP_COLLECT_TASK_WATCHDOG_REGION: bool = false;
    /// Coredumps of a Cortex-M contain the fault status registers.
    const COLLECT_FAULT_REGS: bool = true;
    /// They come from a copy that `memfault_coredump_cache_fault_regs` made.
    const CACHE_FAULT_REGS: bool = false;
    /// Coredumps of a Cortex-M contain the state of the interrupt controller.
    const COLLECT_INTERRUPT_STATE: bool = true;
    /// Interrupts of which the state is kept, rounded up to 32; at most 512.
    const NVIC_INTERRUPTS_TO_COLLECT: usize = 32;
    /// Coredumps of a Cortex-M contain the MPU regions.
    const COLLECT_MPU_STATE: bool = false;
    /// How many of them, at most 16.
    const MPU_REGIONS_TO_COLLECT: usize = 8;
    /// The firmware always defines `memfault_platform_fault_handler`.
    const PLATFORM_FAULT_HANDLER_CUSTOM: bool = false;
    /// `memfault_fault_handler` returns to its caller instead of rebooting.
    const FAULT_HANDLER_RETURN: bool = false;
    /// The handler of the software watchdog returns to the interrupted code.
    const FAULT_HANDLER_WATCHDOG_RETURN: bool = false;
    /// An assert first calls `memfault_platform_halt_if_debugging`.
    const ASSERT_HALT_IF_DEBUGGING_ENABLED: bool = false;
    /// There is no second name `MemoryManagement_Handler` of the handler of memory faults.
    const DISABLE_OLD_MEMMANAGE_HANDLER: bool = false;
    /// Bytes of a value in the question for the latest release, encoded, with its terminator.
    const DEVICE_INFO_URL_ENCODED_MAX_LEN: usize = 48;
}

/// The reference defaults.
pub struct Defaults;
impl Config for Defaults {}
