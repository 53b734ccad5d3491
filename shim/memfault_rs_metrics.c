//! The metrics of the firmware (spec 40): what the preprocessor makes of its `.def` files, and the
//! memory of their values.
//!
//! Compiled with the firmware, because only its build sees those files. The library reads the table
//! at the end; the key table is for the host as well, which finds names, ranges and scales by it.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/connectivity.h"
#include "memfault/metrics/reliability.h"
#include "memfault/metrics/utils.h"

// Here the macros of the firmware's files mean something else than in its C code.
#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION

#define NUM_METRICS kMfltMetricsIndexV2_COUNT
#define NUM_SESSIONS kMfltMetricsSessionKey_COUNT

// What the host finds in the ELF. Tag, typedef, fields and the name of the table are a contract.
typedef struct MemfaultMetricKVPair {
  MemfaultMetricId key;
  eMemfaultMetricType type;
  uint32_t min;
  // Of a text: its maximum length.
  uint32_t range;
  eMfltMetricsSessionIndex session_key;
  uint32_t scale_value;
} sMemfaultMetricKVPair;

MEMFAULT_STATIC_ASSERT(sizeof(sMemfaultMetricKVPair) == 24, "the host knows the layout");

#define METRIC(session, key, type, min, range, scale, name)                            \
  { _MEMFAULT_METRICS_ID_CREATE(key, session), type, (min), (range),                   \
    MEMFAULT_METRICS_SESSION_KEY(session), (uint32_t)(scale) },
#define TEXT(session, key, max_length, name)                                           \
  { _MEMFAULT_METRICS_ID_CREATE(key, session), kMemfaultMetricType_String, 0,          \
    (uint32_t)(max_length), MEMFAULT_METRICS_SESSION_KEY(session), 1 },
#define SESSION(session)
static const sMemfaultMetricKVPair s_memfault_heartbeat_keys[NUM_METRICS] = {
#include "memfault_rs_metrics_list.def"
};

#define METRIC(session, key, type, min, range, scale, name)                    \
  MEMFAULT_STATIC_ASSERT(                                                      \
    (type) != kMemfaultMetricType_Timer || (scale) == 1,                       \
    "Scale values are only valid for signed and unsigned integer metrics");
#define TEXT(session, key, max_length, name)
#define SESSION(session)
#include "memfault_rs_metrics_list.def"

// The library keeps a session in a byte; reboot tracking has a word of bits for them.
#if MEMFAULT_METRICS_SESSIONS_ENABLED
MEMFAULT_STATIC_ASSERT(NUM_SESSIONS <= 32,
                       "Too many sessions defined. Max allowed defined sessions is 32.");
#else
MEMFAULT_STATIC_ASSERT(NUM_SESSIONS <= 255, "Too many sessions defined.");
#endif

// Where timers have their words: their places among the timers only.
#define PLACE_kMemfaultMetricType_Unsigned(session, key)
#define PLACE_kMemfaultMetricType_Signed(session, key)
#define PLACE_kMemfaultMetricType_Timer(session, key) kTimer_##session##__##key,
#define METRIC(session, key, type, min, range, scale, name) PLACE_##type(session, key)
#define TEXT(session, key, max_length, name)
#define SESSION(session)
enum timer_place {
#include "memfault_rs_metrics_list.def"
  NUM_TIMERS
};

// Where texts have their bytes, and one to spare, as the size that firmware sees has it.
#define METRIC(session, key, type, min, range, scale, name)
#define TEXT(session, key, max_length, name) char session##__##key[(max_length) + 1];
#define SESSION(session)
struct texts {
#include "memfault_rs_metrics_list.def"
  char spare;
};

MEMFAULT_STATIC_ASSERT(sizeof(struct texts) <= UINT16_MAX && NUM_METRICS <= UINT16_MAX,
                       "the texts of all metrics take more than 64 KiB");

#define SLOT_kMemfaultMetricType_Unsigned(session, key) 0,
#define SLOT_kMemfaultMetricType_Signed(session, key) 0,
#define SLOT_kMemfaultMetricType_Timer(session, key) kTimer_##session##__##key,
#define METRIC(session, key, type, min, range, scale, name) SLOT_##type(session, key)
#define TEXT(session, key, max_length, name) offsetof(struct texts, session##__##key),
#define SESSION(session)
static const uint16_t s_slots[NUM_METRICS] = {
#include "memfault_rs_metrics_list.def"
};

#define METRIC(session, key, type, min, range, scale, name)
#define TEXT(session, key, max_length, name)
#define SESSION(session) kMfltMetricsIndex_##session##__MemfaultSdkMetric_IntervalMs,
static const uint16_t s_session_intervals[NUM_SESSIONS] = {
#include "memfault_rs_metrics_list.def"
  kMfltMetricsIndex_heartbeat__MemfaultSdkMetric_IntervalMs,
};

// All state that firmware saves and restores. Zeroes at first; spec 40 §11 has the size.
struct state {
  const sMemfaultEventStorageImpl *storage;
#if MEMFAULT_METRICS_RESTORE_STATE
  sMemfaultMetricsReliabilityCtx reliability;
#endif
  // At the start of each session, then at the end of each.
  MemfaultMetricsSessionStartCb callbacks[2 * NUM_SESSIONS];
  uint32_t values[NUM_METRICS];
  uint32_t set_flags[MEMFAULT_METRICS_CEIL_DIV(NUM_METRICS, 32)];
  uint32_t timers[NUM_TIMERS];
#if MEMFAULT_METRICS_LOGS_ENABLE
  uint32_t log_counts[2];
#endif
  struct texts texts;
};

static union {
  struct state state;
#if MEMFAULT_METRICS_RESTORE_STATE
  // As many bytes as firmware copies, which on 64-bit targets is more than the state takes.
  uint8_t bytes[MEMFAULT_METRICS_CONTEXT_SIZE_BYTES];
#endif
} s_metrics;

#define STATE s_metrics.state

MEMFAULT_STATIC_ASSERT(sizeof(struct state) <= MEMFAULT_METRICS_CONTEXT_SIZE_BYTES,
                       "there is state behind what firmware saves");

//! Read by the library. Not for firmware.
struct memfault_rs_metrics_table {
  const sMemfaultMetricKVPair *keys;
  const uint16_t *slots;
  const uint16_t *session_intervals;
  const sMemfaultEventStorageImpl **storage;
  MemfaultMetricsSessionStartCb *callbacks;
  uint32_t *values;
  uint32_t *set_flags;
  uint32_t *timers;
  struct texts *texts;
  // NULL: the firmware does not report them.
  uint32_t *log_counts;
  uint16_t num_metrics;
  uint16_t num_sessions;
};

extern const struct memfault_rs_metrics_table g_memfault_rs_metrics;
const struct memfault_rs_metrics_table g_memfault_rs_metrics = {
  .keys = s_memfault_heartbeat_keys,
  .slots = s_slots,
  .session_intervals = s_session_intervals,
  .storage = &STATE.storage,
  .callbacks = STATE.callbacks,
  .values = STATE.values,
  .set_flags = STATE.set_flags,
  .timers = STATE.timers,
  .texts = &STATE.texts,
#if MEMFAULT_METRICS_LOGS_ENABLE
  .log_counts = STATE.log_counts,
#endif
  .num_metrics = NUM_METRICS,
  .num_sessions = NUM_SESSIONS,
};

//! Called by the library. Not for firmware.
bool memfault_rs_metrics_restore(void);
uint32_t memfault_rs_metrics_interval_s(void);
void memfault_rs_metrics_boot_connectivity(void);
void memfault_rs_metrics_boot_sessions(void);
void memfault_rs_log_metrics_heading(void);
void memfault_rs_log_metric(const sMemfaultMetricInfo *metric);
void memfault_rs_log_metric_wrong_type(unsigned int expected, unsigned int found, int index);
void memfault_rs_log_metric_not_a_number(int index);

//! Defined in the library.
void memfault_rs_metrics_report_crashed_sessions(void);

// With the option off, firmware does not have the hook.
bool memfault_rs_metrics_restore(void) {
#if MEMFAULT_METRICS_RESTORE_STATE
  if (memfault_metrics_restore_state(&STATE)) {
    memfault_metrics_reliability_boot(&STATE.reliability);
    return true;
  }
#endif
  return false;
}

#if MEMFAULT_METRICS_RESTORE_STATE
const void *memfault_metrics_get_state(void) {
  STATE.reliability = *memfault_metrics_reliability_get_ctx();
  return &STATE;
}
#endif

// A function, because the option may be a function call.
uint32_t memfault_rs_metrics_interval_s(void) {
  return (uint32_t)(MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS);
}

void memfault_rs_metrics_boot_connectivity(void) {
#if MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT
  memfault_platform_metrics_connectivity_boot();
#endif
}

// Firmware without sessions does not need the code that reports those that a crash interrupted.
void memfault_rs_metrics_boot_sessions(void) {
#if MEMFAULT_METRICS_SESSIONS_ENABLED
  if (NUM_SESSIONS > 1) {
    memfault_rs_metrics_report_crashed_sessions();
  } else {
    memfault_reboot_tracking_clear_metrics_sessions();
  }
#endif
}

void memfault_rs_log_metric_wrong_type(unsigned int expected, unsigned int found, int index) {
  (void)expected, (void)found, (void)index;
  MEMFAULT_LOG_ERROR("Invalid type (%u vs %u) for key: %d", expected, found, index);
}

void memfault_rs_log_metric_not_a_number(int index) {
  (void)index;
  MEMFAULT_LOG_ERROR("Can only add to number types (key: %d)", index);
}

// The names, one behind the other with their NULs: no pointer per name, and no limit for the length
// of a string literal. Only the function below refers to them.
#define METRIC(session, key, type, min, range, scale, name) char session##__##key[sizeof(name)];
#define TEXT(session, key, max_length, name) char session##__##key[sizeof(name)];
#define SESSION(session)
struct names {
#include "memfault_rs_metrics_list.def"
};

#define METRIC(session, key, type, min, range, scale, name) name,
#define TEXT(session, key, max_length, name) name,
#define SESSION(session)
static const struct names s_names = {
#include "memfault_rs_metrics_list.def"
};

void memfault_rs_log_metrics_heading(void) {
  MEMFAULT_LOG_INFO("Metrics keys/values:");
}

void memfault_rs_log_metric(const sMemfaultMetricInfo *metric) {
  const char *name = (const char *)&s_names;
  // Its type keeps the enum of all metrics in the debug information, for the host.
  const eMfltMetricsIndex index = (eMfltMetricsIndex)metric->key._impl;
  for (eMfltMetricsIndex i = (eMfltMetricsIndex)0; i < index; i = (eMfltMetricsIndex)(i + 1)) {
    while (*name++ != '\0') {
    }
  }
  (void)name;
  if (metric->type == kMemfaultMetricType_String) {
    MEMFAULT_LOG_INFO("  %s: \"%s\"", name, (const char *)metric->val.ptr);
  } else if (!metric->is_set && metric->type != kMemfaultMetricType_Timer) {
    MEMFAULT_LOG_INFO("  %s: null", name);
  } else if (metric->type == kMemfaultMetricType_Signed) {
    MEMFAULT_LOG_INFO("  %s: %d", name, (int)metric->val.i32);
  } else {
    MEMFAULT_LOG_INFO("  %s: %u", name, (unsigned int)metric->val.u32);
  }
}
