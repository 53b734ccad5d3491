/* Default values of the options (spec 60, chapter 2). Included by memfault/config.h and by nobody
 * else; preprocessor lines only. Set an option in memfault_platform_config.h or with -D, not here.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MEMFAULT_PLATFORM_CONFIG_INCLUDE_DEFAULTS
  #error "include memfault/config.h, which reads the firmware's options first"
#endif

/* ---- Core ---- */

/* 1: the build id is the linker's .note.gnu.build-id (link with --build-id, script defines the
 * symbol below). 0: the build id is an array that a tool patches into the ELF after the link.
 */
#ifndef MEMFAULT_USE_GNU_BUILD_ID
  #define MEMFAULT_USE_GNU_BUILD_ID 0
#endif

/* Linker symbol at the first byte of the GNU build-id note. Looked at only with the option above.
 */
#ifndef MEMFAULT_GNU_BUILD_ID_SYMBOL
  #define MEMFAULT_GNU_BUILD_ID_SYMBOL __start_gnu_build_id_start
#endif

/* Bytes of the static buffer of memfault_create_unique_version_string(), terminator included. */
#ifndef MEMFAULT_UNIQUE_VERSION_MAX_LEN
  #define MEMFAULT_UNIQUE_VERSION_MAX_LEN 32
#endif

/* 0: MEMFAULT_SDK_ASSERT() expands to nothing and does not evaluate its argument. */
#ifndef MEMFAULT_SDK_ASSERT_ENABLED
  #define MEMFAULT_SDK_ASSERT_ENABLED 1
#endif

/* 1: an assert first calls memfault_platform_halt_if_debugging(). */
#ifndef MEMFAULT_ASSERT_HALT_IF_DEBUGGING_ENABLED
  #define MEMFAULT_ASSERT_HALT_IF_DEBUGGING_ENABLED 0
#endif

/* 1: the library defines the C library's assert hook, so that assert() is captured too. */
#ifndef MEMFAULT_ASSERT_CSTDLIB_HOOK_ENABLED
  #define MEMFAULT_ASSERT_CSTDLIB_HOOK_ENABLED 1
#endif

/* 1: events, logs, recordings and coredumps carry the device serial. Off by default, because the
 * transport usually names the device.
 */
#ifndef MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL
  #define MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL 0
#endif

/* 1: events, logs and recordings carry the first bytes of the build id, if there is one. */
#ifndef MEMFAULT_EVENT_INCLUDE_BUILD_ID
  #define MEMFAULT_EVENT_INCLUDE_BUILD_ID 1
#endif

/* 1: coredumps carry the whole build id. */
#ifndef MEMFAULT_COREDUMP_INCLUDE_BUILD_ID
  #define MEMFAULT_COREDUMP_INCLUDE_BUILD_ID 1
#endif

/* CPUs whose registers a coredump holds: the length of the array passed to
 * memfault_fault_handler().
 */
#ifndef MEMFAULT_COREDUMP_CPU_COUNT
  #define MEMFAULT_COREDUMP_CPU_COUNT 1
#endif

/* Bytes of build id in a message, 5 to 20. */
#ifndef MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES
  #define MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES 6
#endif

/* 1: coredumps are run-length encoded on the way out (about 200 bytes of RAM). 0: every chunk makes
 * at most one sequential read of its source, as asynchronous storage needs.
 */
#ifndef MEMFAULT_DATA_SOURCE_RLE_ENABLED
  #define MEMFAULT_DATA_SOURCE_RLE_ENABLED 1
#endif

/* Lowest level (eMemfaultPlatformLogLevel) that the log buffer stores after its boot. */
#ifndef MEMFAULT_RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL
  #define MEMFAULT_RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL kMemfaultPlatformLogLevel_Info
#endif

/* 1: stored logs can be uploaded; 0: they appear in coredumps only. */
#ifndef MEMFAULT_LOG_DATA_SOURCE_ENABLED
  #define MEMFAULT_LOG_DATA_SOURCE_ENABLED 1
#endif

/* Bytes of a compact log on one exported text line, before base64. */
#ifndef MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN
  #define MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN 80
#endif

/* Longest stored log line in bytes, terminator not counted; at most 251. Part of sMemfaultLog. */
#ifndef MEMFAULT_LOG_MAX_LINE_SAVE_LEN
  #define MEMFAULT_LOG_MAX_LINE_SAVE_LEN 128
#endif

/* 1: the MEMFAULT_LOG_x macros print only and store nothing. */
#ifndef MEMFAULT_SDK_LOG_SAVE_DISABLE
  #define MEMFAULT_SDK_LOG_SAVE_DISABLE 0
#endif

/* 1: memfault_platform_log_config.h of the firmware defines the MEMFAULT_LOG_x macros. */
#ifndef MEMFAULT_PLATFORM_HAS_LOG_CONFIG
  #define MEMFAULT_PLATFORM_HAS_LOG_CONFIG 0
#endif

/* 1: format strings stay in an ELF section that is not loaded; a log is an id and its arguments. */
#ifndef MEMFAULT_COMPACT_LOG_ENABLE
  #define MEMFAULT_COMPACT_LOG_ENABLE 0
#endif

/* 1: stored logs carry the time in seconds since 1970. Part of sMemfaultLog. */
#ifndef MEMFAULT_LOG_TIMESTAMPS_ENABLE
  #define MEMFAULT_LOG_TIMESTAMPS_ENABLE 1
#endif

/* 1: the log buffer can survive deep sleep; firmware supplies memfault_log_restore_state(). */
#ifndef MEMFAULT_LOG_RESTORE_STATE
  #define MEMFAULT_LOG_RESTORE_STATE 0
#endif

/* 1: one message may carry several events. */
#ifndef MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED
  #define MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED 0
#endif

/* 1: events can be moved to non-volatile storage of the platform. */
#ifndef MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED
  #define MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED 0
#endif

#if MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED != 0
  /* Most bytes of events in one message; a single larger event still goes out. Needs <stdint.h>. */
  #ifndef MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES
    #define MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES UINT32_MAX
  #endif
#endif

/* 1: the library has a weak memfault_platform_time_get_current() that knows no time. */
#ifndef MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME
  #define MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME 1
#endif

/* 1: event storage can survive deep sleep; firmware supplies
 * memfault_event_storage_restore_state().
 */
#ifndef MEMFAULT_EVENT_STORAGE_RESTORE_STATE
  #define MEMFAULT_EVENT_STORAGE_RESTORE_STATE 0
#endif

/* Largest chunk in bytes on one exported text line, before base64; at least 9. */
#ifndef MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN
  #define MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN 80
#endif

/* 1: coredumps contain the log buffer. */
#ifndef MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS
  #define MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS 0
#endif

/* 1: every message starts with MEMFAULT_PROJECT_KEY, a string literal that firmware then must
 * define.
 */
#ifndef MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY
  #define MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY 0
#endif

/* ---- Heap statistics ---- */

/* 1: the FreeRTOS port feeds the heap statistics from the kernel's trace hooks. */
#ifndef MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE
  #define MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE 0
#endif

/* 1: coredumps contain the heap statistics. */
#ifndef MEMFAULT_COREDUMP_COLLECT_HEAP_STATS
  #define MEMFAULT_COREDUMP_COLLECT_HEAP_STATS 0
#endif

/* Allocations that are tracked; below 65535. 16 bytes of RAM each on a 32-bit core. */
#ifndef MEMFAULT_HEAP_STATS_MAX_COUNT
  #define MEMFAULT_HEAP_STATS_MAX_COUNT 32
#endif

/* 0: heap statistics do not take memfault_lock(); the caller is already serialised. */
#ifndef MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE
  #define MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE 1
#endif

/* ---- Task watchdog ---- */

/* 1: task watchdog with the channels of memfault_task_watchdog_config.def. */
#ifndef MEMFAULT_TASK_WATCHDOG_ENABLE
  #define MEMFAULT_TASK_WATCHDOG_ENABLE 0
#endif

/* Milliseconds after which a started channel that was not fed has expired. */
#ifndef MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS
  #define MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS 1000
#endif

/* 1: coredumps contain the state of the channels. */
#ifndef MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION
  #define MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION 0
#endif

/* ---- Trace events and reboots ---- */

/* File with the firmware's trace reasons, quotes included. */
#ifndef MEMFAULT_TRACE_REASON_USER_DEFS_FILE
  #define MEMFAULT_TRACE_REASON_USER_DEFS_FILE "memfault_trace_reason_user_config.def"
#endif

/* 0: the text of a trace event captured in an interrupt is dropped, which saves its static buffer.
 */
#ifndef MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED
  #define MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED 1
#endif

/* Buffer in bytes for the text of a trace event, terminator included. */
#ifndef MEMFAULT_TRACE_EVENT_MAX_LOG_LEN
  #define MEMFAULT_TRACE_EVENT_MAX_LOG_LEN 80
#endif

/* 1: the firmware adds reboot reasons of its own with the file below. */
#ifndef MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE
  #define MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE 0
#endif

/* File with the firmware's reboot reasons, quotes included. */
#ifndef MEMFAULT_REBOOT_REASON_USER_DEFS_FILE
  #define MEMFAULT_REBOOT_REASON_USER_DEFS_FILE "memfault_reboot_reason_user_config.def"
#endif

/* ---- Metrics. An option that adds or removes a built-in metric renumbers all metrics. ---- */

/* Seconds between two heartbeats. */
#ifndef MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS
  #define MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS 3600
#endif

/* File with the firmware's metrics and sessions, quotes included. */
#ifndef MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
  #define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "memfault_metrics_heartbeat_config.def"
#endif

/* 1: metrics sync_successful and sync_failure. */
#ifndef MEMFAULT_METRICS_SYNC_SUCCESS
  #define MEMFAULT_METRICS_SYNC_SUCCESS 0
#endif

/* 1: metrics sync_memfault_successful and sync_memfault_failure. */
#ifndef MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS
  #define MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS 0
#endif

/* 1: metrics connectivity_connected_time_ms and connectivity_expected_time_ms. */
#ifndef MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME
  #define MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME 0
#endif

/* 1: battery metrics; firmware supplies memfault_platform_get_stateofcharge(). */
#ifndef MEMFAULT_METRICS_BATTERY_ENABLE
  #define MEMFAULT_METRICS_BATTERY_ENABLE 0
#endif

/* Factor by which the firmware's state of charge is larger than percent. */
#ifndef MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE
  #define MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE 1
#endif

/* 1: metrics with the number of dropped and recorded log lines. */
#ifndef MEMFAULT_METRICS_LOGS_ENABLE
  #define MEMFAULT_METRICS_LOGS_ENABLE 1
#endif

/* 1: metric uptime_s. */
#ifndef MEMFAULT_METRICS_UPTIME_ENABLE
  #define MEMFAULT_METRICS_UPTIME_ENABLE 1
#endif

/* 0: no look at boot for sessions that a crash interrupted. The session functions stay. */
#ifndef MEMFAULT_METRICS_SESSIONS_ENABLED
  #define MEMFAULT_METRICS_SESSIONS_ENABLED 1
#endif

/* 1: metrics can survive deep sleep; firmware supplies memfault_metrics_restore_state(). */
#ifndef MEMFAULT_METRICS_RESTORE_STATE
  #define MEMFAULT_METRICS_RESTORE_STATE 0
#endif

/* ---- Coredumps and faults ---- */

/* 1: coredumps of a Cortex-M contain the interrupt controller's state. */
#ifndef MEMFAULT_COLLECT_INTERRUPT_STATE
  #define MEMFAULT_COLLECT_INTERRUPT_STATE 1
#endif

/* Interrupts of which the state is kept, rounded up to 32; at most 512. */
#ifndef MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT
  #define MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT 32
#endif

/* 1: coredumps of a Cortex-M contain the fault status registers. */
#ifndef MEMFAULT_COLLECT_FAULT_REGS
  #define MEMFAULT_COLLECT_FAULT_REGS 1
#endif

/* 1: coredumps of a Cortex-M contain the MPU regions. */
#ifndef MEMFAULT_COLLECT_MPU_STATE
  #define MEMFAULT_COLLECT_MPU_STATE 0
#endif

/* 1: the fault status registers come from a copy made by memfault_coredump_cache_fault_regs(), for
 * systems whose own handler clears them first.
 */
#ifndef MEMFAULT_CACHE_FAULT_REGS
  #define MEMFAULT_CACHE_FAULT_REGS 0
#endif

/* MPU regions that are kept, at most 16. */
#ifndef MEMFAULT_MPU_REGIONS_TO_COLLECT
  #define MEMFAULT_MPU_REGIONS_TO_COLLECT 8
#endif

/* Names of the exception handlers that the library defines on Cortex-M. They have to be the names
 * of the firmware's vector table.
 */
#ifndef MEMFAULT_EXC_HANDLER_HARD_FAULT
  #define MEMFAULT_EXC_HANDLER_HARD_FAULT HardFault_Handler
#endif

#ifndef MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT
  #define MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT MemManage_Handler
#endif

#ifndef MEMFAULT_EXC_HANDLER_BUS_FAULT
  #define MEMFAULT_EXC_HANDLER_BUS_FAULT BusFault_Handler
#endif

#ifndef MEMFAULT_EXC_HANDLER_USAGE_FAULT
  #define MEMFAULT_EXC_HANDLER_USAGE_FAULT UsageFault_Handler
#endif

#ifndef MEMFAULT_EXC_HANDLER_NMI
  #define MEMFAULT_EXC_HANDLER_NMI NMI_Handler
#endif

/* The same for the interrupt of a software watchdog: set it to the handler of the timer that is
 * used.
 */
#ifndef MEMFAULT_EXC_HANDLER_WATCHDOG
  #define MEMFAULT_EXC_HANDLER_WATCHDOG MemfaultWatchdog_Handler
#endif

/* 1: the firmware always defines memfault_platform_fault_handler(). */
#ifndef MEMFAULT_PLATFORM_FAULT_HANDLER_CUSTOM
  #define MEMFAULT_PLATFORM_FAULT_HANDLER_CUSTOM 0
#endif

/* 1: memfault_fault_handler() returns to its caller instead of rebooting. */
#ifndef MEMFAULT_FAULT_HANDLER_RETURN
  #define MEMFAULT_FAULT_HANDLER_RETURN 0
#endif

/* 1: the software watchdog's handler returns to the interrupted code after the coredump. */
#ifndef MEMFAULT_FAULT_HANDLER_WATCHDOG_RETURN
  #define MEMFAULT_FAULT_HANDLER_WATCHDOG_RETURN 0
#endif

/* ---- HTTP ---- */

/* Hosts and port that are used where the client's configuration names none. */
#ifndef MEMFAULT_HTTP_CHUNKS_API_HOST
  #define MEMFAULT_HTTP_CHUNKS_API_HOST "chunks.memfault.com"
#endif

#ifndef MEMFAULT_HTTP_DEVICE_API_HOST
  #define MEMFAULT_HTTP_DEVICE_API_HOST "device.memfault.com"
#endif

#ifndef MEMFAULT_HTTP_APIS_DEFAULT_PORT
  #define MEMFAULT_HTTP_APIS_DEFAULT_PORT (443)
#endif

#ifndef MEMFAULT_HTTP_APIS_DEFAULT_SCHEME
  #if MEMFAULT_HTTP_APIS_DEFAULT_PORT == 80
    #define MEMFAULT_HTTP_APIS_DEFAULT_SCHEME "http"
  #else
    #define MEMFAULT_HTTP_APIS_DEFAULT_SCHEME "https"
  #endif
#endif

/* ---- Util ---- */

/* 0: the firmware supplies memfault_crc16_compute(). */
#ifndef MEMFAULT_CRC16_BUILTIN
  #define MEMFAULT_CRC16_BUILTIN 1
#endif

/* 1: the CRC may spend flash on speed; 0: smallest code. Same results. */
#ifndef MEMFAULT_CRC16_LOOKUP_TABLE_ENABLE
  #define MEMFAULT_CRC16_LOOKUP_TABLE_ENABLE 1
#endif

/* ---- Demo ---- */

/* Kept for ports that read it; the library does not. */
#ifndef MEMFAULT_CLI_LOG_BUFFER_MAX_SIZE_BYTES
  #define MEMFAULT_CLI_LOG_BUFFER_MAX_SIZE_BYTES (80)
#endif

/* Chunk buffer in bytes of the drain_chunks command, at least 9; on the stack. */
#ifndef MEMFAULT_DEMO_CLI_USER_CHUNK_SIZE
  #define MEMFAULT_DEMO_CLI_USER_CHUNK_SIZE 1024
#endif

/* Line buffer in bytes of the shell. */
#ifndef MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE
  #define MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE 64
#endif

/* 1: command self_test. */
#ifndef MEMFAULT_DEMO_CLI_SELF_TEST
  #define MEMFAULT_DEMO_CLI_SELF_TEST 0
#endif

/* 1: the self test may erase and write the coredump storage. */
#ifndef MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE
  #define MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE 0
#endif

/* 1: commands for the software watchdog of the port. */
#ifndef MEMFAULT_DEMO_CLI_WATCHDOG
  #define MEMFAULT_DEMO_CLI_WATCHDOG 0
#endif

/* ---- Custom data recordings ---- */

/* 1: custom data recordings. */
#ifndef MEMFAULT_CDR_ENABLE
  #define MEMFAULT_CDR_ENABLE 0
#endif

/* Sources that can be registered. */
#ifndef MEMFAULT_CDR_MAX_DATA_SOURCES
  #define MEMFAULT_CDR_MAX_DATA_SOURCES 4
#endif

/* Buffer in bytes for everything of a recording that precedes its data. */
#ifndef MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN
  #define MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN 128
#endif

/* ---- For ports: the library itself does not look at these ---- */

/* 1: print the reset cause register at boot. */
#ifndef MEMFAULT_ENABLE_REBOOT_DIAG_DUMP
  #define MEMFAULT_ENABLE_REBOOT_DIAG_DUMP 1
#endif

/* 1: clear the sticky bits of the reset cause register after reading it. */
#ifndef MEMFAULT_REBOOT_REASON_CLEAR
  #define MEMFAULT_REBOOT_REASON_CLEAR 1
#endif

/* Seconds after which a port's software watchdog fires. */
#ifndef MEMFAULT_WATCHDOG_SW_TIMEOUT_SECS
  #define MEMFAULT_WATCHDOG_SW_TIMEOUT_SECS 10
#endif

/* Tasks of which stacks can be captured. */
#ifndef MEMFAULT_PLATFORM_MAX_TRACKED_TASKS
  #define MEMFAULT_PLATFORM_MAX_TRACKED_TASKS 16
#endif

/* Bytes captured of each task's stack. */
#ifndef MEMFAULT_PLATFORM_TASK_STACK_SIZE_TO_COLLECT
  #define MEMFAULT_PLATFORM_TASK_STACK_SIZE_TO_COLLECT 256
#endif

/* Bytes captured of the stack that was in use. */
#ifndef MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT
  #define MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT 512
#endif

/* Where coredumps are kept: flash or RAM, not both. */
#ifndef MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_FLASH
  #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_FLASH 0
#endif

#ifndef MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_RAM
  #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_RAM (!MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_FLASH)
#endif

/* 1: the firmware provides the RAM, MEMFAULT_PLATFORM_COREDUMP_RAM_START_ADDR says where. */
#ifndef MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_CUSTOM
  #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_CUSTOM 0
#endif

/* Section of that RAM, which no start-up code may clear. */
#ifndef MEMFAULT_PLATFORM_COREDUMP_NOINIT_SECTION_NAME
  #define MEMFAULT_PLATFORM_COREDUMP_NOINIT_SECTION_NAME ".noinit.mflt_coredump"
#endif

/* Its size in bytes, a multiple of 4. */
#ifndef MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE
  #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 1024
#endif

/* 1: the firmware defines memfault_platform_coredump_get_regions(). */
#ifndef MEMFAULT_PLATFORM_COREDUMP_STORAGE_REGIONS_CUSTOM
  #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_REGIONS_CUSTOM 0
#endif

/* Bytes captured of each FreeRTOS task control block; 0 means all of it. */
#ifndef MEMFAULT_PLATFORM_FREERTOS_TCB_SIZE
  #define MEMFAULT_PLATFORM_FREERTOS_TCB_SIZE 100
#endif

/* 1: memfault_metrics_boot() ends with memfault_platform_metrics_connectivity_boot(). */
#ifndef MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT
  #define MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT 0
#endif

#ifdef __cplusplus
}
#endif
