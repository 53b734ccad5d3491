#include "memfault/panics/coredump_impl.h"

#include <string.h>

#include "memfault/core/heap_stats.h"
#include "memfault/core/heap_stats_impl.h"
#include "memfault/core/log.h"
#include "memfault/core/task_watchdog_impl.h"

#include "environment.h"
#include "log_context.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static struct {
  const log_context *logger;
  uint8_t *log_storage;
  uintptr_t last_block;
} s_state;

void module_reset(void) {
  environment_reset();
  memset(&s_state, 0, sizeof(s_state));
}

// Only a fault needs them, and no vector of this module has one.
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  (void)num_regions;
  step_abort("a fault");
}

static const char *object_at(const void *address) {
  if (address == s_state.logger) {
    return "logger context";
  }
  if (address == s_state.log_storage) {
    return "log storage buffer";
  }
  if (address == &g_memfault_heap_stats) {
    return "g_memfault_heap_stats";
  }
  if (address == g_memfault_heap_stats_pool) {
    return "g_memfault_heap_stats_pool";
  }
#if MEMFAULT_TASK_WATCHDOG_ENABLE
  if (address == &g_memfault_task_channel_info) {
    return "g_memfault_task_channel_info";
  }
#endif
  return "something else";
}

static void get_sdk_regions(void) {
  size_t count = SIZE_MAX;
  const sMfltCoredumpRegion *regions = memfault_coredump_get_sdk_regions(&count);
  out_bool("null", regions == NULL);
  json_list list = { 0 };
  for (size_t i = 0; i < count; i++) {
    list_open(&list);
    list_string(&list, object_at(regions[i].region_start));
    list_uint(&list, regions[i].type);
    list_uint(&list, regions[i].region_size);
    list_close(&list);
  }
  out_list("regions", &list);
}

static void log_boot(void) {
  const size_t len = (size_t)arg_uint("len");
  s_state.log_storage = guarded_buffer(len, 0xA5);
  out_bool("ret", memfault_log_boot(s_state.log_storage, len));
  s_state.logger = log_context_find();
}

void module_step(void) {
  if (step_is("get_sdk_regions")) {
    get_sdk_regions();
  } else if (step_is("log_boot")) {
    log_boot();
  } else if (step_is("corrupt_log_region_info")) {
    log_context *context = log_context_find();
    if (context == NULL) {
      step_abort("the log buffer was not started");
    }
    context->region_info.len ^= 1;
  } else if (step_is("heap_malloc")) {
    // Blocks at addresses of their own; nothing is stored there.
    s_state.last_block += 0x1000;
    memfault_heap_stats_malloc((void *)(uintptr_t)0x08000001, (void *)s_state.last_block,
                               (size_t)arg_uint("size"));
  } else if (step_is("heap_reset")) {
    memfault_heap_stats_reset();
  } else {
    step_abort("unknown operation");
  }
}
