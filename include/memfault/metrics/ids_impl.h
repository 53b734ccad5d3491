/* What the preprocessor makes of the metrics and sessions of a firmware (spec 40, chapter 3).
 *
 * The built-in list and the firmware's file are read five times in a row, with their nine macros
 * defined anew each time. All of it is visible to user code, but meant for
 * memfault/metrics/metrics.h, which includes this file.
 */
#pragma once

#include <stdint.h>

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Pass 0. Nothing is made: headers that the firmware's file includes are read here, at file scope,
 * and their include guards keep them out of the enums below.
 */
#define MEMFAULT_METRICS_KEY_DEFINE(...)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(...)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(...)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(...)
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(...)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(...)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(...)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(...)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(...)
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE

/* Pass 1: one enumerator per metric, two for each session. Names that are macros are expanded on
 * the way to this helper.
 */
#define MEMFAULT_METRICS_KEY_DEFINE_(session_name, key_name) \
  kMfltMetricsIndex_##session_name##__##key_name,
#define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type) \
  MEMFAULT_METRICS_KEY_DEFINE_(heartbeat, key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value) \
  MEMFAULT_METRICS_KEY_DEFINE_(heartbeat, key_name)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length) \
  MEMFAULT_METRICS_KEY_DEFINE_(heartbeat, key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value) \
  MEMFAULT_METRICS_KEY_DEFINE_(heartbeat, key_name)
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(session_name)           \
  kMfltMetricsIndex_##session_name##__MemfaultSdkMetric_IntervalMs, \
    kMfltMetricsIndex_##session_name##__operational_crashes,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_name) \
  MEMFAULT_METRICS_KEY_DEFINE_(session_name, key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
                                                           max_value, session_name)         \
  MEMFAULT_METRICS_KEY_DEFINE_(session_name, key_name)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_name) \
  MEMFAULT_METRICS_KEY_DEFINE_(session_name, key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,      \
                                                                 session_name, scale_value) \
  MEMFAULT_METRICS_KEY_DEFINE_(session_name, key_name)

typedef enum MfltMetricsIndex {
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
  /* Number of metrics, not a metric. */
  kMfltMetricsIndexV2_COUNT,
} eMfltMetricsIndexV2;

typedef eMfltMetricsIndexV2 eMfltMetricsIndex;

#undef MEMFAULT_METRICS_KEY_DEFINE_
#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE

/* Pass 2: the number of timers, without those that every session has. The array is for sizeof; it
 * does not exist.
 */
#define MEMFAULT_METRICS_STATE_HELPER_kMemfaultMetricType_Unsigned(_name)
#define MEMFAULT_METRICS_STATE_HELPER_kMemfaultMetricType_Signed(_name)
#define MEMFAULT_METRICS_STATE_HELPER_kMemfaultMetricType_Timer(_name) +1
#define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type) \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value) \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value) \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_name) \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
                                                           max_value, session_name)         \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,      \
                                                                 session_name, scale_value) \
  MEMFAULT_METRICS_STATE_HELPER_##value_type(key_name)

extern uint8_t g_memfault_metrics_timer_count_unused[0
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
];

#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE

/* Pass 3: the sessions. */
#define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value)
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(session_name) kMfltMetricsSessionKey_##session_name,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
                                                           max_value, session_name)         \
  
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,      \
                                                                 session_name, scale_value) \
  

typedef enum MfltMetricSessionIndex {
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
  kMfltMetricsSessionKey_heartbeat,
  /* Number of sessions, not a session. */
  kMfltMetricsSessionKey_COUNT,
} eMfltMetricsSessionIndex;

#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE

/* Pass 4: bytes for the strings, terminators included, and one to spare. For sizeof; it does not
 * exist.
 */
#define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value)
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length) +((max_length) + 1)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value)
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_name)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
                                                           max_value, session_name)         \
  
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_name) \
  +((max_length) + 1)
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,      \
                                                                 session_name, scale_value) \
  

extern uint8_t g_memfault_metrics_string_storage[1
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
];

#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE

/* Names one metric. Made by MEMFAULT_METRICS_KEY(); two are equal if their numbers are. */
typedef struct {
  int _impl;
} MemfaultMetricId;

/* For every integer a flag says whether it was set. */
#define MEMFAULT_IS_SET_FLAGS_PER_BYTE 8
#define MEMFAULT_IS_SET_FLAGS_DIVIDER 3

/* Terms of the size below. */
#if MEMFAULT_METRICS_LOGS_ENABLE
  #define MEMFAULT_METRICS_CONTEXT_LOG_SIZE_BYTES (2 * sizeof(uint32_t))
#else
  #define MEMFAULT_METRICS_CONTEXT_LOG_SIZE_BYTES 0
#endif

#define MEMFAULT_METRICS_MAX(a, b) (((a) > (b)) ? (a) : (b))
#define MEMFAULT_METRICS_CEIL_DIV(a, b) (((a) + (b)-1) / (b))

#define MEMFAULT_METRICS_CONTEXT_METRIC_SIZE \
  MEMFAULT_METRICS_MAX(sizeof(uint32_t), sizeof(void *))

#if INTPTR_MAX == 0x7fffffff
  #define MEMFAULT_METRICS_CONTEXT_PAD_SIZE 0
#elif INTPTR_MAX == 0x7fffffffffffffff
  #define MEMFAULT_METRICS_CONTEXT_PAD_SIZE 4
#endif

/* Bytes behind memfault_metrics_get_state(), a constant expression. Needs
 * memfault/metrics/metrics.h.
 */
#define MEMFAULT_METRICS_CONTEXT_SIZE_BYTES                                             \
  (/* storage, reliability */ sizeof(void *) + 12 + MEMFAULT_METRICS_CONTEXT_PAD_SIZE + \
   /* callbacks */ kMfltMetricsSessionKey_COUNT *                                       \
     (sizeof(MemfaultMetricsSessionStartCb) + sizeof(MemfaultMetricsSessionEndCb)) +    \
   /* values */ kMfltMetricsIndexV2_COUNT * MEMFAULT_METRICS_CONTEXT_METRIC_SIZE +      \
   /* flags */ 4 * MEMFAULT_METRICS_CEIL_DIV(                                           \
                 MEMFAULT_METRICS_CEIL_DIV(kMfltMetricsIndexV2_COUNT,                   \
                                           MEMFAULT_IS_SET_FLAGS_PER_BYTE),             \
                 4) +                                                                   \
   /* timers */ 4 * (sizeof(g_memfault_metrics_timer_count_unused) +                    \
                     kMfltMetricsSessionKey_COUNT - 1) +                                \
   /* strings */ 4 *                                                                    \
     MEMFAULT_METRICS_CEIL_DIV(sizeof(g_memfault_metrics_string_storage), 4) +          \
   MEMFAULT_METRICS_CONTEXT_LOG_SIZE_BYTES)

/* What the nine macros are outside of the files that may use them. */
#define MEMFAULT_METRICS_KEY_DEFINE_TRAP_()                                    \
  MEMFAULT_STATIC_ASSERT(false,                                                \
                         "MEMFAULT_METRICS_KEY_DEFINE should only be used in " \
                         MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE)

/* The enumerator of a session given by its bare name. */
#define MEMFAULT_METRICS_SESSION_KEY(key_name) kMfltMetricsSessionKey_##key_name

/* Initialiser of a MemfaultMetricId. An unknown metric is an undeclared
 * kMfltMetricsIndex_<session>__<key>.
 */
#define _MEMFAULT_METRICS_ID_CREATE(id, session_name) \
  { kMfltMetricsIndex_##session_name##__##id }

/* A MemfaultMetricId. */
#ifdef __cplusplus
  #define _MEMFAULT_METRICS_ID(id, session_name) \
    MemfaultMetricId _MEMFAULT_METRICS_ID_CREATE(id, session_name)
#else
  #define _MEMFAULT_METRICS_ID(id, session_name) \
    (MemfaultMetricId) _MEMFAULT_METRICS_ID_CREATE(id, session_name)
#endif

#ifdef __cplusplus
}
#endif
