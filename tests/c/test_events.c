/*
 * Events through the C interface: storage, traces, reboots. Bytes on the wire, codes, locks, retained RAM that is not to be
 * trusted, hooks that call back.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/arch.h"
#include "memfault/core/build_info.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/device_info.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/event_storage_implementation.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/serializer_helper.h"
#include "memfault/core/trace_event.h"

static uint8_t s_storage[256];
static uint8_t s_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
static int s_lock_depth;
static unsigned s_locks;
static bool s_time_known;
static void (*s_time_hook)(void);

void memfault_lock(void) {
  s_locks++;
  s_lock_depth++;
}

void memfault_unlock(void) {
  s_lock_depth--;
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  if (s_time_hook != NULL) {
    void (*hook)(void) = s_time_hook;
    s_time_hook = NULL;
    hook();
  }
  *time = (sMemfaultCurrentTime) {
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = 1700000000u },
  };
  return s_time_known;
}

/* Reads the oldest message and drops it; 0 when there is none. */
static size_t take(uint8_t *out, size_t out_len) {
  const sMemfaultDataSourceImpl *source = &g_memfault_event_data_source;
  size_t len = 0;
  if (!source->has_more_msgs_cb(&len) || len > out_len || !source->read_msg_cb(0, out, len)) {
    return 0;
  }
  source->mark_msg_read_cb();
  return len;
}

static const sMemfaultEventStorageImpl *boot(size_t len) {
  const sMemfaultEventStorageImpl *impl = memfault_events_storage_boot(s_storage, len);
  CHECK(memfault_event_storage_booted());
  return impl;
}

static bool write_event(const sMemfaultEventStorageImpl *impl, const char *text) {
  impl->begin_write_cb();
  const bool fits = impl->append_data_cb(text, strlen(text));
  impl->finish_write_cb(!fits);
  return fits;
}

static void test_storage_walk(void) {
  uint8_t out[32];
  const sMemfaultEventStorageImpl *impl = boot(16);
  CHECK_EQ(impl->get_storage_size_cb(), 16);
  CHECK_EQ(impl->begin_write_cb(), 14);
  CHECK_EQ(impl->begin_write_cb(), 0);
  CHECK(impl->append_data_cb("\x11\x22\x33", 3));
  CHECK(!impl->append_data_cb(s_region, 16));
  CHECK_EQ(memfault_event_storage_bytes_used(), 5);
  CHECK_EQ(take(out, sizeof(out)), 0);
  impl->finish_write_cb(false);
  CHECK_EQ(take(out, sizeof(out)), 3);
  CHECK_BYTES(out, 3, 0x11, 0x22, 0x33);

  CHECK(write_event(impl, "AB") && write_event(impl, "CDE") && write_event(impl, "F"));
  CHECK(!write_event(impl, "a long event that has no room"));
  CHECK_EQ(take(out, sizeof(out)), 2);
  CHECK_EQ(take(out, sizeof(out)), 3);
  CHECK_EQ(take(out, sizeof(out)), 1);
  CHECK_EQ(memfault_event_storage_bytes_used(), 0);
}

/* A writer that was refused must not roll the other one's event back. */
static void test_refused_writer(void) {
  uint8_t out[32];
  const sMemfaultEventStorageImpl *impl = boot(64);
  CHECK(impl->begin_write_cb() != 0);
  CHECK(impl->append_data_cb("ab", 2));
  CHECK_EQ(impl->begin_write_cb(), 0);
  impl->finish_write_cb(true);
  CHECK(impl->append_data_cb("cd", 2));
  impl->finish_write_cb(false);
  CHECK_EQ(take(out, sizeof(out)), 4);
  CHECK_BYTES(out, 4, 'a', 'b', 'c', 'd');
  CHECK_EQ(take(out, sizeof(out)), 0);
}

static void test_storage_bad_arguments(void) {
  boot(64);
  CHECK(memfault_events_storage_boot(NULL, 64) != NULL);
  CHECK(memfault_events_storage_boot(s_storage, 0) != NULL);
  uint8_t byte;
  CHECK(g_memfault_event_data_source.read_msg_cb(0, NULL, 0));
  CHECK(!g_memfault_event_data_source.read_msg_cb(0, &byte, 1));
  CHECK(!g_memfault_event_data_source.read_msg_cb(UINT32_MAX, &byte, SIZE_MAX));
}

static void test_random_events_come_out_in_order(void) {
  const sMemfaultEventStorageImpl *impl = boot(97); /* odd, so that every wrap position occurs */
  uint8_t in = 0;
  uint8_t expected = 0;
  uint8_t out[97];
  for (int i = 0; i < 2000; i++) {
    if (check_random(2) == 0) {
      const size_t len = 1 + check_random(30);
      uint8_t event[30];
      memset(event, in, sizeof(event));
      impl->begin_write_cb();
      const bool fits = impl->append_data_cb(event, len);
      impl->finish_write_cb(!fits);
      in = (uint8_t)(in + (fits ? 1 : 0));
    } else {
      const size_t len = take(out, sizeof(out));
      CHECK(len != 0 || in == expected);
      for (size_t k = 0; k < len; k++) {
        if (out[k] != expected) {
          CHECK_EQ(out[k], expected);
          return;
        }
      }
      expected = (uint8_t)(expected + (len != 0 ? 1 : 0));
    }
  }
  CHECK_EQ(s_lock_depth, 0);
}

/* The tail of the event, behind what depends on the device. */
static bool ends_with(const uint8_t *event, size_t len, const void *tail, size_t tail_len) {
  return len >= tail_len && memcmp(&event[len - tail_len], tail, tail_len) == 0;
}
#define ENDS_WITH(event, len, ...)                                          \
  do {                                                                      \
    const uint8_t tail_[] = { __VA_ARGS__ };                                \
    CHECK(ends_with((event), (len), tail_, sizeof(tail_)));                 \
  } while (0)

static void capture_in_interrupt(void) {
  CHECK(memfault_arch_is_inside_isr());
  CHECK_EQ(MEMFAULT_TRACE_REASON(second_reason), 2);
  CHECK_EQ(memfault_trace_event_with_log_capture(kMfltTraceReasonUser_second_reason, (void *)1,
                                                 (void *)2, "isr %d", 5), 0);
  CHECK_EQ(memfault_trace_event_capture(kMfltTraceReasonUser_first_reason, NULL, NULL), -2);
}

static void test_traces(void) {
  uint8_t event[128];
  const sMemfaultEventStorageImpl *impl = boot(sizeof(s_storage));
  CHECK_EQ(memfault_trace_event_capture(kMfltTraceReasonUser_first_reason, NULL, NULL), -1);
  CHECK_EQ(memfault_trace_event_boot(NULL), -4);
  CHECK_EQ(memfault_trace_event_boot(impl), 0);
  CHECK(memfault_trace_event_booted());

  CHECK_EQ(memfault_trace_event_with_status_capture(kMfltTraceReasonUser_first_reason,
                                                    (void *)0x10, (void *)0x200, -300), 0);
  size_t len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa4, 0x06, 0x01, 0x02, 0x10, 0x03, 0x19, 0x02, 0x00, 0x07, 0x39,
            0x01, 0x2b);
  CHECK_EQ(event[0], 0xa6);

  CHECK_EQ(memfault_trace_event_with_log_capture(kMfltTraceReasonUser_first_reason, NULL,
                                                 (void *)0x200, "rssi=%d", -71), 0);
  len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa3, 0x06, 0x01, 0x03, 0x19, 0x02, 0x00, 0x08, 0x48, 'r', 's', 's',
            'i', '=', '-', '7', '1');

  /* From an interrupt: parked without a lock, then stored by the next call outside. */
  const unsigned locks = s_locks;
  board_run_in_interrupt(capture_in_interrupt);
  CHECK_EQ(s_locks, locks);
  CHECK_EQ(memfault_trace_event_try_flush_isr_event(), 0);
  len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa4, 0x06, 0x02, 0x02, 0x01, 0x03, 0x02, 0x08, 0x45, 'i', 's', 'r',
            ' ', '5');

  s_time_known = true;
  MEMFAULT_TRACE_EVENT_WITH_STATUS(second_reason, 7);
  s_time_known = false;
  len = take(event, sizeof(event));
  CHECK_EQ(event[0], 0xa7);
  ENDS_WITH(event, len, 0x07, 0x07);
  CHECK_EQ(s_lock_depth, 0);
}

static void test_full_storage_counts_drops(void) {
  (void)memfault_serializer_helper_read_drop_count();
  const sMemfaultEventStorageImpl *impl = boot(140);
  CHECK_EQ(memfault_trace_event_boot(impl), 0);
  int stored = 0;
  while (memfault_trace_event_capture(kMfltTraceReasonUser_first_reason, NULL, NULL) == 0) {
    stored++;
  }
  CHECK(stored > 0);
  CHECK_EQ(memfault_trace_event_capture(kMfltTraceReasonUser_first_reason, NULL, NULL), -2);
  CHECK_EQ(memfault_serializer_helper_read_drop_count(), 2);
  uint8_t event[128];
  while (take(event, sizeof(event)) != 0) {
    stored--;
  }
  CHECK_EQ(stored, 0);
  CHECK_EQ(memfault_trace_event_boot(boot(20)), -3); /* too small for the largest event */
}

static void capture_again(void) {
  CHECK_EQ(memfault_trace_event_capture(kMfltTraceReasonUser_second_reason, NULL, NULL), -2);
}

/* The time hook runs while an event is being written; a capture from there is refused and harms nothing. */
static void test_hook_that_captures(void) {
  uint8_t event[128];
  CHECK_EQ(memfault_trace_event_boot(boot(sizeof(s_storage))), 0);
  s_time_hook = capture_again;
  CHECK_EQ(memfault_trace_event_capture(kMfltTraceReasonUser_first_reason, NULL, NULL), 0);
  const size_t len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa1, 0x06, 0x01);
  CHECK_EQ(take(event, sizeof(event)), 0);
}

static void reboot(uint32_t reg, eMemfaultRebootReason reason) {
  const sResetBootupInfo info = { .reset_reason_reg = reg, .reset_reason = reason };
  memfault_reboot_tracking_boot(s_region, &info);
}

static void test_reboots(void) {
  uint8_t event[128];
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(NULL), -1);
  memfault_reboot_tracking_boot(NULL, NULL);
  CHECK(!memfault_reboot_tracking_booted());

  memset(s_region, 0x5a, sizeof(s_region)); /* garbage after power-on */
  reboot(0x24000000, kMfltRebootReason_BrownOutReset);
  CHECK_BYTES(s_region, 24, 0x52, 0x42, 0x54, 0x21, 2, 1, 0, 0, 3, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
              0, 0, 0, 0, 0x24);
  const sMemfaultEventStorageImpl *impl = boot(sizeof(s_storage));
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(impl), 0);
  size_t len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa3, 0x01, 0x19, 0x80, 0x03, 0x04, 0x1a, 0x24, 0, 0, 0, 0x05, 0x00);
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(impl), 0); /* nothing new: no second event */
  CHECK_EQ(take(event, sizeof(event)), 0);

  const sMfltRebootTrackingRegInfo regs = { .pc = 0x0800abcd, .lr = 0x08001111 };
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_HardFault, &regs);
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_UserReset, NULL); /* too late */
  memfault_reboot_tracking_mark_coredump_saved();
  reboot(0x10000000, kMfltRebootReason_SoftwareReset);
  CHECK_EQ(memfault_reboot_tracking_get_crash_count(), 2);
  sMfltRebootReason reason;
  CHECK_EQ(memfault_reboot_tracking_get_reboot_reason(&reason), 0);
  CHECK_EQ(reason.reboot_reg_reason, kMfltRebootReason_SoftwareReset);
  CHECK_EQ(reason.prior_stored_reason, kMfltRebootReason_HardFault);
  CHECK_EQ(memfault_reboot_tracking_get_reboot_reason(NULL), -1);
  bool unexpected = false;
  CHECK_EQ(memfault_reboot_tracking_get_unexpected_reboot_occurred(&unexpected), 0);
  CHECK(unexpected);
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(impl), 0);
  len = take(event, sizeof(event));
  ENDS_WITH(event, len, 0x04, 0xa5, 0x01, 0x19, 0x94, 0x00, 0x02, 0x1a, 0x08, 0x00, 0xab, 0xcd,
            0x03, 0x1a, 0x08, 0x00, 0x11, 0x11, 0x04, 0x1a, 0x10, 0, 0, 0, 0x05, 0x01);

  memset(s_region, 0, 4); /* the magic is gone while running */
  CHECK(!memfault_reboot_tracking_booted());
  CHECK_EQ(memfault_reboot_tracking_get_crash_count(), 0);
  CHECK(memfault_reboot_tracking_booted());
  memfault_reboot_tracking_metrics_session(true, 31);
  CHECK(memfault_reboot_tracking_metrics_session_was_active(31));
  memfault_reboot_tracking_metrics_session(true, 32); /* no such session */
  CHECK(!memfault_reboot_tracking_metrics_session_was_active(32));
  memfault_reboot_tracking_clear_metrics_sessions();
  CHECK(!memfault_reboot_tracking_metrics_session_was_active(31));
}

/* Random retained RAM: whatever it holds, nothing is read or written outside of it. */
static void test_random_retained_ram(void) {
  struct {
    uint8_t before[8];
    uint8_t region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
    uint8_t after[8];
  } ram;
  for (int i = 0; i < 200; i++) {
    memset(&ram, 0x77, sizeof(ram));
    for (size_t k = 0; k < sizeof(ram.region); k++) {
      ram.region[k] = (uint8_t)check_random(256);
    }
    if (check_random(2) == 0) {
      memcpy(ram.region, "RBT!", 4);
    }
    memfault_reboot_tracking_boot(ram.region, NULL);
    CHECK_EQ(memfault_reboot_tracking_collect_reset_info(boot(sizeof(s_storage))), 0);
    uint8_t event[128];
    CHECK(take(event, sizeof(event)) != 0);
    CHECK_EQ(ram.before[7], 0x77);
    CHECK_EQ(ram.after[0], 0x77);
  }
  memfault_reboot_tracking_boot(NULL, NULL);
}

static void test_build_id_and_version(void) {
  char text[64];
  memset(text, 'x', sizeof(text));
  sMemfaultBuildInfo info;
  CHECK(!memfault_build_info_read(&info)); /* nobody patched this image */
  CHECK(!memfault_build_id_get_string(text, sizeof(text)));
  CHECK_EQ(text[0], 'x');
  CHECK(memfault_get_unique_version_string() == NULL);
  CHECK(memfault_create_unique_version_string("1.2.3-and-far-too-long-to-keep") == NULL);
  CHECK(strcmp(memfault_create_unique_version_string("1.2.3"), "1.2.3+no-id") == 0);
  CHECK(strcmp(memfault_create_unique_version_string("9"), "1.2.3+no-id") == 0);
  memfault_build_info_dump();
  memfault_device_info_dump();
}

int main(void) {
  board_init();
  test_traces();
  test_storage_walk();
  test_refused_writer();
  test_storage_bad_arguments();
  test_random_events_come_out_in_order();
  test_full_storage_counts_drops();
  test_hook_that_captures();
  test_reboots();
  test_random_retained_ram();
  test_build_id_and_version();
  check_finish();
}
