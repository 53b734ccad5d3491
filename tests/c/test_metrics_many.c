/*
 * 200 metrics of the firmware and 31 sessions, which is as many as there may be: all of them at once, each with values of its own.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/serializer.h"
#include "memfault/metrics/utils.h"
#include "metrics_platform.h"

#define SESSIONS 31
#define TRIPLES 25
/* Behind the two that every session has. */
#define SESSION_METRICS 6
#define BUILT_IN 7
#define HEARTBEAT_METRICS (BUILT_IN + 3 * TRIPLES + 1)

/* Takes one event of each session. */
static uint8_t s_storage_memory[1700];

/* Position of a metric inside of its session. */
typedef enum { kInterval, kCrashes, kCount, kDelta, kBusy, kText } session_metric;

static MemfaultMetricId of_session(unsigned session, session_metric metric) {
  return (MemfaultMetricId){
    ._impl = kMfltMetricsIndex_s0__MemfaultSdkMetric_IntervalMs +
             (int)(SESSION_METRICS * session + metric),
  };
}

static MemfaultMetricId of_heartbeat(unsigned triple, unsigned metric) {
  return (MemfaultMetricId){ ._impl = kMfltMetricsIndex_heartbeat__count0 +
                                      (int)(3 * triple + metric) };
}

static const sMemfaultEventStorageImpl *s_storage;

static int boot_metrics(void) {
  const sMemfaultMetricBootInfo info = { 0 };
  s_storage = memfault_events_storage_boot(s_storage_memory, sizeof(s_storage_memory));
  return memfault_metrics_boot(s_storage, &info);
}

/* --- the event that is expected --- */

static uint8_t s_wanted[MAX_EVENT];
static size_t s_wanted_len;

static void want_bytes(const void *bytes, size_t len) {
  if (len <= sizeof(s_wanted) - s_wanted_len) {
    memcpy(s_wanted + s_wanted_len, bytes, len);
    s_wanted_len += len;
  }
}

static void want_byte(unsigned byte) {
  const uint8_t one = (uint8_t)byte;
  want_bytes(&one, 1);
}

static void want_number(unsigned major, uint32_t value) {
  const unsigned bytes = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
  want_byte((major << 5) | (bytes == 0 ? value : bytes == 1 ? 24 : bytes == 2 ? 25 : 26));
  for (unsigned i = bytes; i > 0; i--) {
    want_byte(value >> (8 * (i - 1)));
  }
}

static void want_signed(int32_t value) {
  want_number(value < 0, value < 0 ? (uint32_t)(-1 - value) : (uint32_t)value);
}

static void want_text(const char *text) {
  want_number(3, (uint32_t)strlen(text));
  want_bytes(text, strlen(text));
}

static void want_event_of(unsigned session, unsigned metrics) {
  const uint8_t metadata[] = { EVENT_METADATA, 0x04, 0xa2, 0x02 };
  s_wanted_len = 0;
  want_bytes(metadata, sizeof(metadata));
  want_number(0, session);
  want_byte(1);
  want_number(4, metrics);
}

static void check_event(void) {
  const size_t len = platform_take_event();
  CHECK(len == s_wanted_len && memcmp(g_platform.event, s_wanted, len) == 0);
}

/* --- values: different ones for each session --- */

static uint32_t count_of(unsigned session) {
  return session * session * session * session;
}

static int32_t delta_of(unsigned session) {
  return (int32_t)(session * 40) - 500;
}

static const char *text_of(unsigned session) {
  static const char *const kTexts[] = { "", "a", "bc", "def" };
  return kTexts[session % 4];
}

static void test_numbers(void) {
  CHECK_EQ(kMfltMetricsSessionKey_COUNT, SESSIONS + 1);
  CHECK_EQ(kMfltMetricsIndexV2_COUNT, BUILT_IN + 200 + 2 * SESSIONS);
  CHECK_EQ(memfault_metrics_heartbeat_get_num_metrics(), HEARTBEAT_METRICS);
  for (int session = 0; session < SESSIONS; session++) {
    CHECK_EQ(memfault_metrics_session_get_num_metrics((eMfltMetricsSessionIndex)session),
             SESSION_METRICS);
  }
}

/* All at once, ended in another order than they were started. */
static void test_all_sessions(void) {
  CHECK_EQ(boot_metrics(), 0);
  for (unsigned session = 0; session < SESSIONS; session++) {
    g_platform.clock_ms = 1000 + 100 * session;
    CHECK_EQ(memfault_metrics_session_start((eMfltMetricsSessionIndex)session), 0);
    CHECK_EQ(memfault_metrics_heartbeat_timer_start(of_session(session, kBusy)), 0);
    CHECK_EQ(memfault_metrics_heartbeat_set_unsigned(of_session(session, kCount),
                                                     count_of(session)),
             0);
    CHECK_EQ(memfault_metrics_heartbeat_set_signed(of_session(session, kDelta), delta_of(session)),
             0);
    CHECK_EQ(memfault_metrics_heartbeat_set_string(of_session(session, kText), text_of(session)),
             0);
  }
  for (unsigned session = 0; session < SESSIONS; session++) {
    CHECK(memfault_reboot_tracking_metrics_session_was_active(session));
  }
  for (unsigned n = 0; n < SESSIONS; n++) {
    const unsigned session = 7 * n % SESSIONS;
    g_platform.clock_ms = 100000 + 1000 * n;
    CHECK_EQ(memfault_metrics_heartbeat_timer_stop(of_session(session, kBusy)), 0);
    CHECK_EQ(memfault_metrics_session_end((eMfltMetricsSessionIndex)session), 0);
    const uint32_t length = 100000 + 1000 * n - (1000 + 100 * session);
    want_event_of(session, SESSION_METRICS);
    want_number(0, length);
    want_byte(0xf6);
    want_number(0, count_of(session));
    want_signed(delta_of(session));
    want_number(0, length);
    want_text(text_of(session));
    check_event();
    CHECK(!memfault_reboot_tracking_metrics_session_was_active(session));
  }
}

static void test_crash_inside_all_sessions(void) {
  platform_report_restart(s_storage);
  for (unsigned session = 0; session < SESSIONS; session++) {
    (void)memfault_metrics_session_start((eMfltMetricsSessionIndex)session);
  }
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_HardFault, NULL);
  platform_restart(true);
  CHECK_EQ(boot_metrics(), 0);
  for (unsigned session = 0; session < SESSIONS; session++) {
    want_event_of(session, SESSION_METRICS);
    want_byte(0x00);
    want_byte(0x01);
    want_byte(0xf6);
    want_byte(0xf6);
    want_byte(0x00);
    want_byte(0x60);
    check_event();
  }
  CHECK_EQ(platform_take_event(), 0);
}

static void test_heartbeat(void) {
  static const char kNote[] = "a note of more than 23 characters, cut at 100: "
                              "............................................................";
  g_platform.clock_ms = 0;
  CHECK_EQ(boot_metrics(), 0);
  for (unsigned i = 0; i < TRIPLES; i++) {
    CHECK_EQ(memfault_metrics_heartbeat_set_unsigned(of_heartbeat(i, 0), count_of(i)), 0);
    CHECK_EQ(memfault_metrics_heartbeat_set_signed(of_heartbeat(i, 1), delta_of(i)), 0);
    g_platform.clock_ms = 300 * i;
    CHECK_EQ(memfault_metrics_heartbeat_timer_start(of_heartbeat(i, 2)), 0);
  }
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(note, kNote), 0);
  g_platform.clock_ms = 70000;
  platform_forget();
  g_platform.timer_callback();
  CHECK_EQ(g_platform.time_calls, TRIPLES + 1 + 2); /* timers; hours and uptime */
  want_event_of(SESSIONS, HEARTBEAT_METRICS);
  want_number(0, 70000);
  want_byte(0x00); /* reboots */
  want_byte(0xf6);
  want_byte(0xf6);
  want_byte(0x00);
  want_byte(0x00);
  want_number(0, 69); /* uptime */
  for (unsigned i = 0; i < TRIPLES; i++) {
    want_number(0, count_of(i));
    want_signed(delta_of(i));
    want_number(0, 70000 - 300 * i);
  }
  want_number(3, 100);
  want_bytes(kNote, 100);
  check_event();

  /* The next one: everything is at rest but the timers, which run on. */
  g_platform.clock_ms = 70010;
  g_platform.timer_callback();
  want_event_of(SESSIONS, HEARTBEAT_METRICS);
  want_number(0, 10);
  want_byte(0xf6);
  want_byte(0xf6);
  want_byte(0xf6);
  want_byte(0x00);
  want_byte(0x00);
  want_number(0, 70);
  for (unsigned i = 0; i < TRIPLES; i++) {
    want_byte(0xf6);
    want_byte(0xf6);
    want_number(0, 10);
  }
  want_byte(0x60);
  check_event();
}

static bool fill(void *ctx, const sMemfaultMetricInfo *info) {
  unsigned *seen = ctx;
  CHECK_EQ(info->key._impl, (int)*seen);
  (*seen)++;
  return true;
}

static void test_iterator(void) {
  unsigned seen = 0;
  memfault_metrics_heartbeat_iterate(fill, &seen);
  CHECK_EQ(seen, kMfltMetricsIndexV2_COUNT);
  platform_forget();
  memfault_metrics_all_sessions_debug_print();
  CHECK_EQ(g_platform.log_lines, 1 + SESSIONS * SESSION_METRICS);
  CHECK_EQ(strcmp(g_platform.log[3], "I  s0__count: null"), 0);
  platform_forget();
  memfault_metrics_session_debug_print((eMfltMetricsSessionIndex)(SESSIONS - 1));
  CHECK_EQ(strcmp(g_platform.log[4], "I  s30__delta: null"), 0);
  CHECK_EQ(g_platform.log_lines, 1 + SESSION_METRICS);
}

int main(void) {
  board_init();
  platform_restart(false);
  test_numbers();
  test_all_sessions();
  test_crash_inside_all_sessions();
  test_heartbeat();
  test_iterator();
  check_finish();
}
