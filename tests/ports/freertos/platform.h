/* What the SDK's hooks saw, and what they answer. */
#pragma once

#include <setjmp.h>
#include <stddef.h>

#include "memfault/components.h"

typedef struct {
  char last_log[128];
  eMemfaultPlatformLogLevel last_log_level;
  unsigned num_logs;
  unsigned sdk_asserts;
  eMemfaultRebootReason assert_reason;
  jmp_buf end; /* where functions go that must not return */
  size_t readable_bytes;
  void *unreadable[2];
  unsigned sanitize_calls;
} platform_t;

extern platform_t g_platform;
