"""What each option of logs, recordings, diagnostics and coredumps must change: firmware_panics/effects.c on this machine, and
firmware_cortex_m/effects.c on an emulated Cortex-M4. Spec 30 chapter 1 and spec 50 chapters 1, 8 and 9.
"""

from expected import Case

NUMBERS_IN_A_CRASH = "7:4 5:4"
REGION = "1:8"
STRINGS = "10:5 11:3 4:4"  # software version, software type, hardware version
LOG_RECORD_AND_CONTEXT = "1:80 1:256"
HEAP = "1:16 1:{}"  # on 64 bits an entry has 24 bytes


def blocks(registers="0:16", build_id=" 12:20", serial="", regions=""):
    """The blocks of the coredump, `type:length` each."""
    return f"{registers}{build_id}{serial} {STRINGS} {NUMBERS_IN_A_CRASH}{regions} {REGION}"


DEFAULTS = {
    "log_restores": "0",
    "log_read": "information",
    "export_lines": "1",
    "log_event": "6",
    "cdr_sources": "-",
    "cdr_sent": "-",
    "heap_locks": "1",
    "heap_blocks": "1",
    "blocks": blocks(),
    "machine": "62",
    "watchdog": "-",
}

CASES = [
    Case({}),
    Case({"RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL": "kMemfaultPlatformLogLevel_Debug"}, {"log_read": "debug information"}),
    Case({"LOG_MAX_LINE_SAVE_LEN": 30, "LOG_EXPORT_CHUNK_MAX_LEN": 10}, {"export_lines": "3"}),
    Case({"LOG_MAX_LINE_SAVE_LEN": 7, "LOG_TIMESTAMPS_ENABLE": 0}, {"log_read": "informa", "log_event": "4"}),
    Case({"LOG_DATA_SOURCE_ENABLED": 0, "LOG_RESTORE_STATE": 1}, {"log_event": "-", "log_restores": "1"}),
    Case({"CDR_ENABLE": 1}, {"cdr_sources": "4", "cdr_sent": "yes"}),
    Case(
        {"CDR_ENABLE": 1, "CDR_MAX_DATA_SOURCES": 2, "CDR_MAX_ENCODED_METADATA_LEN": 20}, {"cdr_sources": "2", "cdr_sent": "no"}
    ),
    Case(
        {"COREDUMP_HEAP_STATS_LOCK_ENABLE": 0, "IN_USE_BLOCK_COUNT_AUTOMATIC": 0, "COREDUMP_COLLECT_HEAP_STATS": 1},
        {"heap_locks": "0", "heap_blocks": "0", "blocks": blocks(regions=" " + HEAP.format(32 * 24))},
    ),
    Case(
        {"HEAP_STATS_MAX_COUNT": 3, "COREDUMP_COLLECT_HEAP_STATS": 1, "COREDUMP_COLLECT_LOG_REGIONS": 1},
        {"blocks": blocks(regions=f" {LOG_RECORD_AND_CONTEXT} {HEAP.format(3 * 24)}")},
    ),
    Case(
        {"TASK_WATCHDOG_ENABLE": 1, "COREDUMP_COLLECT_TASK_WATCHDOG_REGION": 1},
        {"watchdog": "in time", "blocks": blocks(regions=" 1:16")},
    ),
    # Better than the reference, which does not link: without channels there is no region of them.
    Case({"COREDUMP_COLLECT_TASK_WATCHDOG_REGION": 1}),
    Case({"TASK_WATCHDOG_ENABLE": 1, "TASK_WATCHDOG_TIMEOUT_INTERVAL_MS": 499}, {"watchdog": "expired"}),
    Case(
        {"COREDUMP_INCLUDE_BUILD_ID": 0, "EVENT_INCLUDE_DEVICE_SERIAL": 1, "COREDUMP_CPU_COUNT": 2},
        {"blocks": blocks("0:8 0:8", "", " 2:11")},
    ),
    Case({"UNITTEST": 1}, {"machine": "0"}),
]

FAULT_REGISTERS = "0xe000ed24:28:1"
INTERRUPTS = (
    "0xe000ed18:12:1 0xe000e004:16:1 0xe000ed04:8:1 0xe000edfc:4:1"
    " 0xe000e100:{0}:1 0xe000e200:{0}:1 0xe000e300:{0}:1 0xe000e400:{1}:1"
)
USUAL_HANDLERS = {
    "NMI": "NMI_Handler",
    "HARD_FAULT": "HardFault_Handler",
    "MEMORY_MANAGEMENT": "MemManage_Handler",
    "BUS_FAULT": "BusFault_Handler",
    "USAGE_FAULT": "UsageFault_Handler",
    "WATCHDOG": "MemfaultWatchdog_Handler",
}
OLD_NAME = "MemoryManagement_Handler"

# address:size:type of each region, and what becomes of a fault.
CORTEX_M_DEFAULTS = {
    "regions": f"{FAULT_REGISTERS} {INTERRUPTS.format(4, 32)}",
    "fault": "reboots",
    "watchdog_fault": "reboots",
    "custom_hook": "called",
    "assert": "reboots",
    "halts": "0",
}

CORTEX_M_CASES = [
    Case({}),
    Case({"COLLECT_FAULT_REGS": 0, "NVIC_INTERRUPTS_TO_COLLECT": 33}, {"regions": INTERRUPTS.format(8, 64)}),
    Case({"COLLECT_INTERRUPT_STATE": 0, "CACHE_FAULT_REGS": 1}, {"regions": "ram:40:4"}),
    Case(
        {"COLLECT_INTERRUPT_STATE": 0, "COLLECT_MPU_STATE": 1, "MPU_REGIONS_TO_COLLECT": 4},
        {"regions": f"{FAULT_REGISTERS} ram:40:3"},
    ),
    Case({"FAULT_HANDLER_RETURN": 1}, {"fault": "returns", "watchdog_fault": "returns", "assert": "-"}),
    Case(
        {"FAULT_HANDLER_WATCHDOG_RETURN": 1, "PLATFORM_FAULT_HANDLER_CUSTOM": 1, "ASSERT_HALT_IF_DEBUGGING_ENABLED": 1},
        {"watchdog_fault": "returns", "halts": "1"},
    ),
]

# Options that name the handlers, what they name, and the target on which they exist.
RENAMED = {
    "thumbv7em-none-eabi": {f"EXC_HANDLER_{name}": usual for name, usual in USUAL_HANDLERS.items()},
    "armv7r-none-eabi": {
        "EXC_HANDLER_UNDEFINED_INSTRUCTION": "UndefinedInstruction_Handler",
        "EXC_HANDLER_DATA_ABORT": "DataAbort_Handler",
        "EXC_HANDLER_PREFETCH_ABORT": "PrefetchAbort_Handler",
    },
}
