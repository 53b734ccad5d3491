/* The POSIX port with real threads, clocks, files and processes. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "check.h"
#include "memfault/components.h"
#include "memfault/ports/posix.h"

/* For check.c. */

void board_uart_putc(char c) {
  putchar(c);
}

void board_exit(int code) {
  exit(code);
}

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "0042",
    .software_type = "gateway",
    .software_version = "1.0.0",
    .hardware_version = "pc",
  };
}

static void sleep_ms(long ms) {
  const struct timespec duration = { ms / 1000, ms % 1000 * 1000000L };
  nanosleep(&duration, NULL);
}

static int s_shared;
static void *add(void *unused) {
  for (int i = 0; i < 20000; i++) {
    memfault_lock();
    memfault_lock(); /* the same thread, again */
    s_shared++;
    memfault_unlock();
    s_shared++;
    memfault_unlock();
  }
  return unused;
}

static void test_lock(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    CHECK_EQ(pthread_create(&threads[i], NULL, add, NULL), 0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
  }
  CHECK_EQ(s_shared, 4 * 20000 * 2);
}

static void test_clocks(void) {
  CHECK(!memfault_arch_is_inside_isr());
  const uint64_t start = memfault_platform_get_time_since_boot_ms();
  sleep_ms(30);
  const uint64_t passed = memfault_platform_get_time_since_boot_ms() - start;
  CHECK(passed >= 30 && passed < 5000);
  sMemfaultCurrentTime now = { .type = kMemfaultCurrentTimeType_Unknown };
  CHECK(memfault_platform_time_get_current(&now));
  CHECK_EQ(now.type, kMemfaultCurrentTimeType_UnixEpochTimeSec);
  const long long off = (long long)time(NULL) - (long long)now.info.unix_timestamp_secs;
  CHECK(off >= 0 && off <= 1);
}

/* What goes to a stream of this process while `work` runs. */
static void printed(int stream, void (*work)(void), char *text, size_t size) {
  char name[] = "/tmp/memfault-posix-XXXXXX";
  fflush(NULL);
  const int file = mkstemp(name);
  const int saved = dup(stream);
  dup2(file, stream);
  work();
  fflush(NULL);
  dup2(saved, stream);
  close(saved);
  const ssize_t len = pread(file, text, size - 1, 0);
  text[len > 0 ? len : 0] = '\0';
  close(file);
  unlink(name);
}

static void log_all(void) {
  MEMFAULT_LOG_DEBUG("d %d", 1);
  MEMFAULT_LOG_INFO("i");
  MEMFAULT_LOG_WARN("w");
  MEMFAULT_LOG_ERROR("e %s", "x");
  MEMFAULT_LOG_RAW("MC:%s:", "abc");
}

static void test_log(void) {
  char text[200];
  printed(STDERR_FILENO, log_all, text, sizeof(text));
  CHECK(strcmp(text, "[D] d 1\n[I] i\n[W] w\n[E] e x\n") == 0);
  printed(STDOUT_FILENO, log_all, text, sizeof(text));
  CHECK(strcmp(text, "MC:abc:\n") == 0);
}

static atomic_int s_first;
static void count_first(void) {
  s_first++;
}

static atomic_int s_second;
static void count_second(void) {
  s_second++;
}

static void test_timer(void) {
  CHECK(!memfault_platform_metrics_timer_boot(0, count_first));
  CHECK(memfault_platform_metrics_timer_boot(3600, count_first));
  CHECK(memfault_platform_metrics_timer_boot(1, count_second)); /* does not wait for an hour */
  sleep_ms(500);
  CHECK_EQ(s_second, 0);
  for (int i = 0; i < 100 && s_second < 2; i++) { /* a busy machine may be late */
    sleep_ms(100);
  }
  CHECK(s_second >= 2);
  CHECK_EQ(s_first, 0);
}

static uint8_t s_events[1024];

/* What the program does at its start; it has two lives here. */
static const sMemfaultEventStorageImpl *boot(const char *retained, sMfltRebootReason *reason) {
  void *const region =
    memfault_port_posix_map_retained(retained, MEMFAULT_REBOOT_TRACKING_REGION_SIZE);
  CHECK(region != NULL);
  memfault_reboot_tracking_boot(region, NULL);
  CHECK_EQ(memfault_reboot_tracking_get_reboot_reason(reason), 0);
  const sMemfaultEventStorageImpl *const storage =
    memfault_events_storage_boot(s_events, sizeof(s_events));
  CHECK_EQ(memfault_trace_event_boot(storage), 0);
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(storage), 0);
  CHECK(memfault_event_storage_bytes_used() > 0);
  return storage;
}

static void test_reboot(void) {
  char name[] = "/tmp/memfault-posix-XXXXXX";
  close(mkstemp(name)); /* an empty file, as from a crash before the first boot was through */
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    sMfltRebootReason reason;
    boot(name, &reason);
    MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_FirmwareUpdate);
    memfault_platform_reboot();
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK_EQ(WEXITSTATUS(status), MEMFAULT_PORT_POSIX_REBOOT_EXIT_CODE);

  sMfltRebootReason reason = { 0 };
  const sMemfaultEventStorageImpl *const storage = boot(name, &reason);
  CHECK_EQ(reason.prior_stored_reason, kMfltRebootReason_FirmwareUpdate);
  unlink(name);

  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = 0 };
  CHECK_EQ(memfault_metrics_boot(storage, &info), 0);
  const size_t used = memfault_event_storage_bytes_used();
  for (int i = 0; i < 100 && memfault_event_storage_bytes_used() == used; i++) {
    sleep_ms(100);
  }
  CHECK(memfault_event_storage_bytes_used() > used); /* the thread made a heartbeat */

  CHECK(memfault_port_posix_map_retained("/nonexistent/file", 64) == NULL);
}

int main(void) {
  test_lock();
  test_clocks();
  test_log();
  test_timer();
  test_reboot();
  check_finish();
}
