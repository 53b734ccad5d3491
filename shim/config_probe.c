/* Spells the firmware's configuration inside an object file, where the build of the Rust part reads
 * it.
 *
 * The firmware's compiler compiles this file with the firmware's flags; the object is read, never
 * linked. Each option becomes a piece of text, so no object format has to be understood:
 *
 *   MFLTCFG:n:<NAME>=<16 digits>   a number: any constant expression, with sizeof and enumerators
 *   MFLTCFG:s:<NAME>=<text>        a string literal or the name of a symbol
 *
 * A digit is '0' plus four bits of the value ('0' to '?'). An option that has no value is left out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
/* One option is an enumerator of it. */
#include "memfault/core/platform/debug_log.h"

/* Firmware that takes no default values (STRICT) defines what its own components need; the rest
 * gets them here. */
#if MEMFAULT_PLATFORM_CONFIG_STRICT
#define MEMFAULT_PLATFORM_CONFIG_INCLUDE_DEFAULTS 1
#include "memfault/default_config.h"
#undef MEMFAULT_PLATFORM_CONFIG_INCLUDE_DEFAULTS
#endif

#define DIGIT(value, index) (char)('0' + ((((unsigned long long)(value)) >> (4 * (index))) & 15))
#define DIGITS(value)                                                                  \
  DIGIT(value, 15), DIGIT(value, 14), DIGIT(value, 13), DIGIT(value, 12),              \
  DIGIT(value, 11), DIGIT(value, 10), DIGIT(value, 9), DIGIT(value, 8),                \
  DIGIT(value, 7), DIGIT(value, 6), DIGIT(value, 5), DIGIT(value, 4),                  \
  DIGIT(value, 3), DIGIT(value, 2), DIGIT(value, 1), DIGIT(value, 0), 0

#define NUMBER_RECORD(tag, key_text, value)                             \
  extern const struct tag {                                             \
    char key[sizeof(key_text) - 1];                                     \
    char digits[17];                                                    \
  } tag;                                                                \
  const struct tag tag = { key_text, { DIGITS(value) } };

#define STRING_RECORD(tag, text) \
  extern const char tag[];       \
  const char tag[] = text;

#define TEXT_OF(name) #name
#define EXPANDED_TEXT_OF(name) TEXT_OF(name)

#define NUMBER(name) NUMBER_RECORD(mflt_cfg_##name, "MFLTCFG:n:" #name "=", name)
#define STRING(name) STRING_RECORD(mflt_cfg_##name, "MFLTCFG:s:" #name "=" name)
#define SYMBOL(name) STRING_RECORD(mflt_cfg_##name, "MFLTCFG:s:" #name "=" EXPANDED_TEXT_OF(name))

/* What the compiler itself decides */

enum probe_enum { kProbeEnum_Only };
NUMBER_RECORD(mflt_cfg_ENUM_SIZE, "MFLTCFG:n:ENUM_SIZE=", sizeof(enum probe_enum))
#if defined(__ARM_FP)
NUMBER_RECORD(mflt_cfg_ARM_FP, "MFLTCFG:n:ARM_FP=", __ARM_FP)
#else
NUMBER_RECORD(mflt_cfg_ARM_FP, "MFLTCFG:n:ARM_FP=", 0)
#endif

#include "rust_target.h"
#if defined(MFLT_RUST_TARGET)
STRING_RECORD(mflt_cfg_RUST_TARGET, "MFLTCFG:s:RUST_TARGET=" MFLT_RUST_TARGET)
#endif

/* Packetizer and util */

NUMBER(MEMFAULT_DATA_SOURCE_RLE_ENABLED)
NUMBER(MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY)
#if defined(MEMFAULT_PROJECT_KEY)
STRING(MEMFAULT_PROJECT_KEY)
#endif
NUMBER(MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN)
NUMBER(MEMFAULT_CRC16_BUILTIN)
NUMBER(MEMFAULT_CRC16_LOOKUP_TABLE_ENABLE)
NUMBER(MEMFAULT_SDK_ASSERT_ENABLED)

/* Events */

NUMBER(MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL)
NUMBER(MEMFAULT_EVENT_INCLUDE_BUILD_ID)
NUMBER(MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES)
NUMBER(MEMFAULT_EVENT_STORAGE_READ_BATCHING_ENABLED)
#if defined(MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES)
NUMBER(MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES)
#endif
NUMBER(MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED)
NUMBER(MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME)
NUMBER(MEMFAULT_EVENT_STORAGE_RESTORE_STATE)
NUMBER(MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED)
NUMBER(MEMFAULT_TRACE_EVENT_MAX_LOG_LEN)
NUMBER(MEMFAULT_COMPACT_LOG_ENABLE)
NUMBER(MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE)
NUMBER(MEMFAULT_USE_GNU_BUILD_ID)
SYMBOL(MEMFAULT_GNU_BUILD_ID_SYMBOL)
NUMBER(MEMFAULT_UNIQUE_VERSION_MAX_LEN)

/* Logs, recordings and diagnostics */

NUMBER(MEMFAULT_RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL)
NUMBER(MEMFAULT_LOG_MAX_LINE_SAVE_LEN)
NUMBER(MEMFAULT_LOG_TIMESTAMPS_ENABLE)
NUMBER(MEMFAULT_LOG_DATA_SOURCE_ENABLED)
NUMBER(MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN)
NUMBER(MEMFAULT_LOG_RESTORE_STATE)
NUMBER(MEMFAULT_CDR_ENABLE)
NUMBER(MEMFAULT_CDR_MAX_DATA_SOURCES)
NUMBER(MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN)
NUMBER(MEMFAULT_HEAP_STATS_MAX_COUNT)
NUMBER(MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE)
#if defined(MEMFAULT_IN_USE_BLOCK_COUNT_AUTOMATIC)
NUMBER(MEMFAULT_IN_USE_BLOCK_COUNT_AUTOMATIC)
#endif
NUMBER(MEMFAULT_TASK_WATCHDOG_ENABLE)
NUMBER(MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS)

/* Coredumps and faults */

#if defined(MEMFAULT_UNITTEST)
NUMBER_RECORD(mflt_cfg_UNITTEST, "MFLTCFG:n:MEMFAULT_UNITTEST=", 1)
#endif
NUMBER(MEMFAULT_COREDUMP_INCLUDE_BUILD_ID)
NUMBER(MEMFAULT_COREDUMP_CPU_COUNT)
NUMBER(MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS)
NUMBER(MEMFAULT_COREDUMP_COLLECT_HEAP_STATS)
NUMBER(MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION)
NUMBER(MEMFAULT_COLLECT_FAULT_REGS)
NUMBER(MEMFAULT_CACHE_FAULT_REGS)
NUMBER(MEMFAULT_COLLECT_INTERRUPT_STATE)
NUMBER(MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT)
NUMBER(MEMFAULT_COLLECT_MPU_STATE)
NUMBER(MEMFAULT_MPU_REGIONS_TO_COLLECT)
NUMBER(MEMFAULT_PLATFORM_FAULT_HANDLER_CUSTOM)
NUMBER(MEMFAULT_FAULT_HANDLER_RETURN)
NUMBER(MEMFAULT_FAULT_HANDLER_WATCHDOG_RETURN)
NUMBER(MEMFAULT_ASSERT_HALT_IF_DEBUGGING_ENABLED)
#if defined(MEMFAULT_DISABLE_OLD_MEMMANAGE_HANDLER)
NUMBER_RECORD(mflt_cfg_DISABLE_OLD_MEMMANAGE_HANDLER,
              "MFLTCFG:n:MEMFAULT_DISABLE_OLD_MEMMANAGE_HANDLER=", 1)
#endif
SYMBOL(MEMFAULT_EXC_HANDLER_HARD_FAULT)
SYMBOL(MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT)
SYMBOL(MEMFAULT_EXC_HANDLER_BUS_FAULT)
SYMBOL(MEMFAULT_EXC_HANDLER_USAGE_FAULT)
SYMBOL(MEMFAULT_EXC_HANDLER_NMI)
SYMBOL(MEMFAULT_EXC_HANDLER_WATCHDOG)
#if defined(MEMFAULT_EXC_HANDLER_UNDEFINED_INSTRUCTION)
SYMBOL(MEMFAULT_EXC_HANDLER_UNDEFINED_INSTRUCTION)
#endif
#if defined(MEMFAULT_EXC_HANDLER_DATA_ABORT)
SYMBOL(MEMFAULT_EXC_HANDLER_DATA_ABORT)
#endif
#if defined(MEMFAULT_EXC_HANDLER_PREFETCH_ABORT)
SYMBOL(MEMFAULT_EXC_HANDLER_PREFETCH_ABORT)
#endif
