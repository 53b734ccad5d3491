/* Reasons of trace events (spec 20, chapter 9).
 *
 * The firmware lists its own in MEMFAULT_TRACE_REASON_USER_DEFS_FILE, one line each:
 *
 *   MEMFAULT_TRACE_REASON_DEFINE(widget_jam)
 *
 * and names them without a prefix: MEMFAULT_TRACE_EVENT(widget_jam). No commas, no include guard.
 * The numbers are on the wire; the cloud finds the names in the firmware's symbol file.
 */
#pragma once

#include "memfault/config.h"
#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In the firmware's file: one enumerator, its comma included. */
#define MEMFAULT_TRACE_REASON_DEFINE(reason) kMfltTraceReasonUser_##reason,

/* The enumerator of a reason given by its bare name. */
#define MEMFAULT_TRACE_REASON(reason) kMfltTraceReasonUser_##reason

/* 1: the firmware has no such file. */
#ifndef MEMFAULT_DISABLE_USER_TRACE_REASONS
  #define MEMFAULT_DISABLE_USER_TRACE_REASONS 0
#endif

/* A missing file should say what is expected, not only that it is missing. */
#if (MEMFAULT_DISABLE_USER_TRACE_REASONS == 0) && defined(__has_include) && \
  !defined(__CC_ARM) && !defined(__ICCARM__)
  #if !__has_include(MEMFAULT_TRACE_REASON_USER_DEFS_FILE)
    #pragma message("no " MEMFAULT_EXPAND_AND_QUOTE(MEMFAULT_TRACE_REASON_USER_DEFS_FILE))
    #error "the file with the trace reasons is not in the include path; an empty one will do"
  #endif
#endif

typedef enum MfltTraceReasonUser {
  kMfltTraceReasonUser_Unknown = 0,

#if MEMFAULT_DISABLE_USER_TRACE_REASONS == 0
  #include MEMFAULT_TRACE_REASON_USER_DEFS_FILE
#endif

  /* Used by the command test_trace of the demo shell. */
  kMfltTraceReasonUser_MemfaultCli_Test,
  /* Number of reasons, not a reason. */
  kMfltTraceReasonUser_NumReasons,
} eMfltTraceReasonUser;

#ifdef __cplusplus
}
#endif
