/* Metrics: numbers about the device's life, sent in heartbeats and sessions (spec 40).
 * Interface only: the library functions of this header arrive with the metrics component.
 *
 * The firmware lists its metrics in memfault_metrics_heartbeat_config.def, one line each, without
 * commas:
 *
 *   MEMFAULT_METRICS_KEY_DEFINE(main_task_wakeups, kMemfaultMetricType_Unsigned)
 *
 * and sets them by their bare names: MEMFAULT_METRIC_ADD(main_task_wakeups, 1). Every heartbeat
 * sends them and starts them anew. A metric of a session is sent when that session ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/inttypes_compat.h"
#include "memfault/metrics/ids_impl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Type of a metric; the numbers are known to the cloud. */
typedef enum MemfaultMetricValueType {
  kMemfaultMetricType_Unsigned = 0,
  kMemfaultMetricType_Signed,
  /* Milliseconds, measured by start and stop. */
  kMemfaultMetricType_Timer,
  /* Declared with the STRING macros below. */
  kMemfaultMetricType_String,

  /* Number of types, not a type. */
  kMemfaultMetricType_NumTypes,
} eMemfaultMetricType;

/* The macros of the .def file. Used anywhere else they do not compile.
 *
 *   MEMFAULT_METRICS_KEY_DEFINE(key, type)                           a metric
 *   MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key, type, min, max)      with its range, for display
 *   MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key, type, scale)   the cloud divides by scale
 *   MEMFAULT_METRICS_STRING_KEY_DEFINE(key, max_length)              a text; NUL not counted
 *   MEMFAULT_METRICS_SESSION_KEY_DEFINE(session)                     a session; at most 31
 *   MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key, type, session)     a metric of that session
 */
#define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value) \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value) \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(key_name) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_key) \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
                                                           max_value, session_key)          \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_key) \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,     \
                                                                 session_key, scale_value) \
  MEMFAULT_METRICS_KEY_DEFINE_TRAP_()

/* The id of a metric given by its bare name, of the heartbeat or of a session. Also a static
 * initialiser in GNU C.
 */
#define MEMFAULT_METRICS_KEY(key_name) _MEMFAULT_METRICS_ID(key_name, heartbeat)
#define MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key) \
  _MEMFAULT_METRICS_ID(key_name, session_key)

typedef struct MemfaultMetricsBootInfo {
  /* Unexpected reboots since the last heartbeat: memfault_reboot_tracking_get_crash_count(). */
  uint32_t unexpected_reboot_count;
} sMemfaultMetricBootInfo;

/**
 * Starts metrics and the timer of the heartbeat. Reboot tracking and event storage come first.
 *
 * Returns 0, -3 for NULL, -5 if the storage is smaller than the largest heartbeat, -6 if the timer
 * does not start.
 */
int memfault_metrics_boot(const sMemfaultEventStorageImpl *storage_impl,
                          const sMemfaultMetricBootInfo *boot_info);

/* Work on a metric of the heartbeat given by its bare name; the value is that of the function. */
#define MEMFAULT_METRIC_SET_SIGNED(key_name, signed_value) \
  memfault_metrics_heartbeat_set_signed(MEMFAULT_METRICS_KEY(key_name), (signed_value))
#define MEMFAULT_METRIC_SET_UNSIGNED(key_name, unsigned_value) \
  memfault_metrics_heartbeat_set_unsigned(MEMFAULT_METRICS_KEY(key_name), (unsigned_value))
#define MEMFAULT_METRIC_SET_STRING(key_name, value) \
  memfault_metrics_heartbeat_set_string(MEMFAULT_METRICS_KEY(key_name), (value))
#define MEMFAULT_METRIC_TIMER_START(key_name) \
  memfault_metrics_heartbeat_timer_start(MEMFAULT_METRICS_KEY(key_name))
#define MEMFAULT_METRIC_TIMER_STOP(key_name) \
  memfault_metrics_heartbeat_timer_stop(MEMFAULT_METRICS_KEY(key_name))
#define MEMFAULT_METRIC_ADD(key_name, amount) \
  memfault_metrics_heartbeat_add(MEMFAULT_METRICS_KEY(key_name), (amount))

/* The same for a metric of a session. */
#define MEMFAULT_METRIC_SESSION_SET_SIGNED(key_name, session_key, signed_value) \
  memfault_metrics_heartbeat_set_signed(                                        \
    MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (signed_value))
#define MEMFAULT_METRIC_SESSION_SET_UNSIGNED(key_name, session_key, unsigned_value) \
  memfault_metrics_heartbeat_set_unsigned(                                          \
    MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (unsigned_value))
#define MEMFAULT_METRIC_SESSION_SET_STRING(key_name, session_key, value) \
  memfault_metrics_heartbeat_set_string(                                 \
    MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (value))
#define MEMFAULT_METRIC_SESSION_TIMER_START(key_name, session_key) \
  memfault_metrics_heartbeat_timer_start(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key))
#define MEMFAULT_METRIC_SESSION_TIMER_STOP(key_name, session_key) \
  memfault_metrics_heartbeat_timer_stop(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key))
#define MEMFAULT_METRIC_SESSION_ADD(key_name, session_key, amount) \
  memfault_metrics_heartbeat_add(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (amount))

/**
 * Set a metric. Return 0, -1 for an unknown metric, -2 for one of another type (the string
 * function: -1).
 */
int memfault_metrics_heartbeat_set_signed(MemfaultMetricId key, int32_t signed_value);
int memfault_metrics_heartbeat_set_unsigned(MemfaultMetricId key, uint32_t unsigned_value);
/** A text that is too long is cut. */
int memfault_metrics_heartbeat_set_string(MemfaultMetricId key, const char *value);

/** Start and stop a timer; running stretches add up. Return -4 if it was in that state already. */
int memfault_metrics_heartbeat_timer_start(MemfaultMetricId key);
int memfault_metrics_heartbeat_timer_stop(MemfaultMetricId key);

/** Adds to an integer of either sign, which stops at the limits of its type. */
int memfault_metrics_heartbeat_add(MemfaultMetricId key, int32_t amount);

/** Log the current values as info lines: heartbeat, one session, all sessions. */
void memfault_metrics_heartbeat_debug_print(void);
void memfault_metrics_session_debug_print(eMfltMetricsSessionIndex session_key);
void memfault_metrics_all_sessions_debug_print(void);

/** Makes a heartbeat now. */
void memfault_metrics_heartbeat_debug_trigger(void);

/** Collects the built-in values and those of the hooks now, without making a heartbeat. */
void memfault_metrics_heartbeat_collect(void);

/** Read a metric. Return 0, -1 and -2 as above, -3 for NULL, -7 if an integer was not set. */
int memfault_metrics_heartbeat_read_unsigned(MemfaultMetricId key, uint32_t *read_val);
int memfault_metrics_heartbeat_read_signed(MemfaultMetricId key, int32_t *read_val);
/** Milliseconds, up to now if the timer runs. */
int memfault_metrics_heartbeat_timer_read(MemfaultMetricId key, uint32_t *read_val);
/** Cut to read_val_len bytes, terminator included. */
int memfault_metrics_heartbeat_read_string(MemfaultMetricId key, char *read_val,
                                           size_t read_val_len);

/* Hooks of a session: after its start, and before its values are sent. */
typedef void (*MemfaultMetricsSessionStartCb)(void);
typedef void (*MemfaultMetricsSessionEndCb)(void);

void memfault_metrics_session_register_start_cb(eMfltMetricsSessionIndex session_key,
                                                MemfaultMetricsSessionStartCb session_start_cb);
void memfault_metrics_session_register_end_cb(eMfltMetricsSessionIndex session_key,
                                              MemfaultMetricsSessionEndCb session_end_cb);

/* Start a session, end it and send its values, start it anew without sending; bare names. */
#define MEMFAULT_METRICS_SESSION_START(key) \
  memfault_metrics_session_start(MEMFAULT_METRICS_SESSION_KEY(key))
#define MEMFAULT_METRICS_SESSION_END(key) \
  memfault_metrics_session_end(MEMFAULT_METRICS_SESSION_KEY(key))
#define MEMFAULT_METRICS_SESSION_RESET(key) \
  memfault_metrics_session_reset(MEMFAULT_METRICS_SESSION_KEY(key))

/** Return 0; -4 if the session was in that state already; -5 if its event did not fit. */
int memfault_metrics_session_start(eMfltMetricsSessionIndex session_key);
int memfault_metrics_session_end(eMfltMetricsSessionIndex session_key);
void memfault_metrics_session_reset(eMfltMetricsSessionIndex session_key);

/**
 * For ports: sets their metrics at the end of a heartbeat, before the application's hook. Weak,
 * does nothing.
 */
void memfault_metrics_heartbeat_collect_sdk_data(void);

/**
 * The live state, MEMFAULT_METRICS_CONTEXT_SIZE_BYTES bytes, to be copied before deep sleep. Exists
 * with MEMFAULT_METRICS_RESTORE_STATE.
 */
const void *memfault_metrics_get_state(void);

/**
 * Supplied by firmware with MEMFAULT_METRICS_RESTORE_STATE: copies the saved state to the live one
 * and returns true, or returns false to start anew.
 */
extern bool memfault_metrics_restore_state(void *state);

#ifdef __cplusplus
}
#endif
