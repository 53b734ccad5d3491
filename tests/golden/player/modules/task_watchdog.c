#include "memfault/core/task_watchdog.h"

#include "memfault/core/task_watchdog_impl.h"
#include "memfault/panics/assert.h"

#include <setjmp.h>

#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static watched_memory s_watched;
static jmp_buf s_after_assert;

void module_reset(void) {
  s_watched = watch_from_zeros((const void *)&g_memfault_task_channel_info,
                               sizeof(g_memfault_task_channel_info));
}

void memfault_task_watchdog_platform_refresh_callback(void) {
  (void)call_begin("refresh");
  call_end();
}

// Stands in for the fault handling, which is not linked.
void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info) {
  (void)pc;
  (void)lr;
  json_list *call = call_begin("assert_extra");
  list_uint(call, extra_info->extra);
  list_uint(call, extra_info->assert_reason);
  call_end();
  longjmp(s_after_assert, 1);
}

static eMemfaultTaskWatchdogChannel channel(void) {
  return (eMemfaultTaskWatchdogChannel)arg_uint("channel");
}

void module_step(void) {
  if (step_is("init") && arg_given("clock")) {
    recorder_set_clock(arg_uint("clock"));
  } else if (step_is("clock")) {
    recorder_set_clock(arg_uint("ms"));
  } else if (step_is("init")) {
    memfault_task_watchdog_init();
  } else if (step_is("start")) {
    memfault_task_watchdog_start(channel());
  } else if (step_is("feed")) {
    memfault_task_watchdog_feed(channel());
  } else if (step_is("stop")) {
    memfault_task_watchdog_stop(channel());
  } else if (step_is("check_all")) {
    if (setjmp(s_after_assert) == 0) {
      memfault_task_watchdog_check_all();
    }
  } else {
    step_abort("unknown operation");
  }
  size_t at;
  size_t len;
  if (watch_changes(&s_watched, &at, &len)) {
    out_change("channels", at, s_watched.memory + at, len);
  }
}
