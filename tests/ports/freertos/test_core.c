/* Lock, clock, timer, assertion hooks and self-test hooks. */
#include <string.h>

#include "check.h"
#include "fake_freertos.h"
#include "memfault/components.h"
#include "memfault/ports/freertos.h"
#include "platform.h"

void vAssertCalled(const char *file, int line);
void vApplicationStackOverflowHook(TaskHandle_t xTask, char *pcTaskName);

static void test_lock(void) {
  memfault_lock(); /* there is no mutex yet, and nobody to lock out */
  memfault_unlock();
  CHECK(g_fake.mutex == NULL);

#if FAKE_STATIC_ALLOCATION
  CHECK_EQ(MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION, 1);
  g_fake.out_of_memory = true; /* which it does not need */
#else
  CHECK_EQ(MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION, 0);
  g_fake.out_of_memory = true;
  if (setjmp(g_platform.end) == 0) {
    memfault_freertos_port_boot();
    CHECK(false);
  }
  CHECK_EQ(g_platform.sdk_asserts, 1);
  g_fake.out_of_memory = false;
#endif
  memfault_freertos_port_boot();
  g_fake.out_of_memory = false;

  memfault_lock();
  memfault_lock();
  CHECK_EQ(g_fake.mutex->fake_depth, 2);
  memfault_unlock();
  CHECK_EQ(g_fake.mutex->fake_depth, 1);
  memfault_unlock();
  CHECK_EQ(g_fake.mutex->fake_depth, 0);
}

static uint64_t wanted_ms(void) {
  return g_fake.ticks * 1000 / FAKE_TICK_RATE_HZ;
}

static void test_clock(void) {
  CHECK_EQ(memfault_platform_get_time_since_boot_ms(), 0);
  g_fake.ticks = 1;
  CHECK_EQ(memfault_platform_get_time_since_boot_ms(), 1000 / FAKE_TICK_RATE_HZ);

  /* The largest step that the kernel's counter can show, over several turns of it. */
  const uint64_t turn = (uint64_t)portMAX_DELAY + 1;
  for (int i = 0; i < 5; i++) {
    g_fake.ticks += turn - 1;
    CHECK_EQ(memfault_platform_get_time_since_boot_ms(), wanted_ms());
  }
  for (int i = 0; i < 300; i++) {
    g_fake.ticks += check_random((uint32_t)portMAX_DELAY);
    g_fake.inside_isr = check_random(2) == 0;
    const unsigned before = g_fake.critical_sections;
    CHECK_EQ(memfault_platform_get_time_since_boot_ms(), wanted_ms());
    CHECK_EQ(g_fake.critical_sections, before + 1);
    CHECK_EQ(g_fake.critical_depth, 0);
  }
  g_fake.inside_isr = false;
}

static unsigned s_heartbeats;
static void count_heartbeat(void) {
  s_heartbeats++;
}

static unsigned s_others;
static void count_other(void) {
  s_others++;
}

static void test_timer(void) {
  CHECK(!memfault_platform_metrics_timer_boot(0, count_heartbeat));
  /* One second less would do; with 16 bits the kernel cannot wait for an hour. */
  const uint32_t too_long_s = (uint32_t)(portMAX_DELAY / FAKE_TICK_RATE_HZ) + 1;
  CHECK(!memfault_platform_metrics_timer_boot(too_long_s, count_heartbeat));
  CHECK(g_fake.timer == NULL);

#if !FAKE_STATIC_ALLOCATION
  g_fake.out_of_memory = true;
  CHECK(!memfault_platform_metrics_timer_boot(60, count_heartbeat));
  g_fake.out_of_memory = false;
#endif
  g_fake.timer_queue_full = true;
  CHECK(!memfault_platform_metrics_timer_boot(60, count_heartbeat));
  g_fake.timer_queue_full = false;

  CHECK(memfault_platform_metrics_timer_boot(too_long_s - 1, count_heartbeat));
  StaticTimer_t *const timer = g_fake.timer;
  CHECK(strcmp(timer->fake_name, "metric_timer") == 0);
  CHECK_EQ(timer->fake_period, (too_long_s - 1) * FAKE_TICK_RATE_HZ);
  CHECK_EQ(timer->fake_reloads, pdTRUE);
  CHECK_EQ(timer->fake_running, 1);
  timer->fake_callback(timer);
  CHECK_EQ(s_heartbeats, 1);

  /* Metrics are booted again: the same timer, with what was asked for last. */
  CHECK(memfault_platform_metrics_timer_boot(60, count_other));
  CHECK(g_fake.timer == timer);
  CHECK_EQ(timer->fake_period, 60 * FAKE_TICK_RATE_HZ);
  timer->fake_callback(timer);
  CHECK_EQ(s_heartbeats, 1);
  CHECK_EQ(s_others, 1);
}

static void test_assertions(void) {
  if (setjmp(g_platform.end) == 0) {
    vAssertCalled("queue.c", 42);
    CHECK(false);
  }
  CHECK_EQ(g_platform.assert_reason, kMfltRebootReason_Assert);
  if (setjmp(g_platform.end) == 0) {
    char name[] = "radio";
    vApplicationStackOverflowHook(NULL, name);
    CHECK(false);
  }
  CHECK_EQ(g_platform.assert_reason, 0x800B);
}

static void test_self_test(void) {
  memfault_self_test_platform_delay(2000);
  CHECK_EQ(g_fake.delayed_ticks, 2 * FAKE_TICK_RATE_HZ);
  CHECK(memfault_self_test_platform_disable_irqs());
  CHECK_EQ(g_fake.critical_depth, 1);
  CHECK(memfault_self_test_platform_enable_irqs());
  CHECK_EQ(g_fake.critical_depth, 0);
}

int main(void) {
  test_lock();
  test_clock();
  test_timer();
  test_assertions();
  test_self_test();
  check_finish();
}
