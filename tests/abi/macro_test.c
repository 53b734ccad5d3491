/* What the macros of the public headers do: what they pass on, how often they evaluate their
 * arguments, and what the files of a firmware make of the enums. Compiled as C and, by including
 * it in a .cpp file, as C++. Prints "N passed, M failed".
 */
#include "macro_test.h"

#include <string.h>

#include "memfault/components.h"
#include "memfault/core/task_watchdog_impl.h"
#include "memfault/util/align.h"

static int s_evaluated;

static int counted(int value) {
  s_evaluated++;
  return value;
}

static bool called(const char *function, unsigned number, int value) {
  const bool same = g_last.calls == 1 && strcmp(g_last.function, function) == 0 &&
                    g_last.number == number && g_last.value == value;
  return same;
}

/* Is this an address inside of the function that starts here? No test function is longer. */
static bool is_near(const void *pc, void (*function)(void)) {
  const uintptr_t start = (uintptr_t)function;
  return (uintptr_t)pc >= start && (uintptr_t)pc < start + 8192;
}

/* ---- compiler.h ---- */

static void *s_lr_of_caller;

__attribute__((noinline)) static void *return_address(void) {
  void *lr;
  MEMFAULT_GET_LR(lr);
  s_lr_of_caller = __builtin_return_address(0);
  return lr;
}

static void test_compiler(void) {
  void *pc;
  MEMFAULT_GET_PC(pc);
  CHECK(is_near(pc, test_compiler));
  void *lr = return_address();
  CHECK(lr == s_lr_of_caller);
  CHECK(MEMFAULT_CLZ(0u) == 32 && MEMFAULT_CLZ(1u) == 31 && MEMFAULT_CLZ(0x80000000u) == 0);
  CHECK(MEMFAULT_COMPILER_ARM == 0 && MEMFAULT_COMPILER_ARM_CORTEX_M == 0);
  CHECK(MEMFAULT_MAX_ALIGN_SIZE >= sizeof(void *));
  MEMFAULT_BREAKPOINT();
  MEMFAULT_STATIC_ASSERT(sizeof(int) >= 2, "inside of a block");
}

/* ---- debug_log.h ---- */

static void test_logs(void) {
  forget_calls();
  s_evaluated = 0;
  if (s_evaluated == 0)
    MEMFAULT_LOG_WARN("volt %d", counted(7));
  else
    MEMFAULT_LOG_ERROR("not taken");
  CHECK(g_printed.calls == 1 && g_printed.number == kMemfaultPlatformLogLevel_Warning);
  CHECK(strcmp(g_printed.text, "volt 7") == 0);

#if MEMFAULT_SDK_LOG_SAVE_DISABLE
  CHECK(s_evaluated == 1 && g_last.calls == 0);
  MEMFAULT_SDK_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "%d", counted(1));
  CHECK(s_evaluated == 1 && g_last.calls == 0 && g_printed.calls == 1);
#elif MEMFAULT_COMPACT_LOG_ENABLE
  CHECK(s_evaluated == 2 &&
        called("memfault_compact_log_save", kMemfaultPlatformLogLevel_Warning, 0x4));
  CHECK(strncmp(g_last.text, "1;", 2) == 0 && strstr(g_last.text, "macro_test.c;") != NULL);
  CHECK(strcmp(strrchr(g_last.text, ';'), ";volt %d") == 0);
#else
  CHECK(s_evaluated == 2 && called("memfault_log_save", kMemfaultPlatformLogLevel_Warning, 0));
  CHECK(strcmp(g_last.text, "volt 7") == 0);
  forget_calls();
  MEMFAULT_SDK_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "kept %s", "only");
  CHECK(called("memfault_log_save", kMemfaultPlatformLogLevel_Info, 0));
  CHECK(strcmp(g_last.text, "kept only") == 0 && g_printed.calls == 0);
#endif

  forget_calls();
  MEMFAULT_LOG_DEBUG("d");
  CHECK(g_printed.number == kMemfaultPlatformLogLevel_Debug);
  MEMFAULT_LOG_INFO("i");
  CHECK(g_printed.number == kMemfaultPlatformLogLevel_Info);
  MEMFAULT_LOG_ERROR("e %s %d", "x", 1);
  CHECK(g_printed.number == kMemfaultPlatformLogLevel_Error && g_printed.calls == 3);
  CHECK(strcmp(g_printed.text, "e x 1") == 0);

  forget_calls();
  MEMFAULT_LOG_RAW("raw %d", 5);
  CHECK(strcmp(g_printed.function, "memfault_platform_log_raw") == 0 && g_last.calls == 0);
  CHECK(strcmp(g_printed.text, "raw 5") == 0);
}

/* ---- trace_event.h, trace_reason_user.h ---- */

static void test_trace_events(void) {
  CHECK(kMfltTraceReasonUser_Unknown == 0 && kMfltTraceReasonUser_widget_jam == 1 &&
        kMfltTraceReasonUser_radio_timeout == 2 && kMfltTraceReasonUser_MemfaultCli_Test == 3 &&
        kMfltTraceReasonUser_NumReasons == 4);
  CHECK(MEMFAULT_TRACE_REASON(radio_timeout) == kMfltTraceReasonUser_radio_timeout);

  forget_calls();
  if (g_last.calls == 0)
    MEMFAULT_TRACE_EVENT(widget_jam);
  else
    MEMFAULT_TRACE_EVENT(Unknown);
  CHECK(called("memfault_trace_event_capture", 1, 0));
  CHECK(is_near(g_last.pc, test_trace_events) && g_last.lr == __builtin_return_address(0));

  forget_calls();
  s_evaluated = 0;
  MEMFAULT_TRACE_EVENT_WITH_STATUS(radio_timeout, counted(-7));
  CHECK(s_evaluated == 1 && called("memfault_trace_event_with_status_capture", 2, -7));
  CHECK(is_near(g_last.pc, test_trace_events) && g_last.lr == __builtin_return_address(0));

  forget_calls();
  s_evaluated = 0;
  MEMFAULT_TRACE_EVENT_WITH_LOG(radio_timeout, "rssi=%d", counted(-71));
  CHECK(s_evaluated == 1 && g_last.lr == __builtin_return_address(0));
#if MEMFAULT_COMPACT_LOG_ENABLE
  CHECK(called("memfault_trace_event_with_compact_log_capture", 2, 0x4));
  CHECK(strcmp(strrchr(g_last.text, ';'), ";rssi=%d") == 0);
#else
  CHECK(called("memfault_trace_event_with_log_capture", 2, 0));
  CHECK(strcmp(g_last.text, "rssi=-71") == 0 && is_near(g_last.pc, test_trace_events));
#endif
  MEMFAULT_TRACE_EVENT_WITH_LOG(widget_jam, "no argument");
  CHECK(g_last.number == 1);
}

/* ---- reboot_tracking.h, reboot_reason_types.h ---- */

static void test_reboots(void) {
  CHECK(kMfltRebootReason_battery_swap == 0x1001 && kMfltRebootReason_door_opened == 0x1002 &&
        kMfltRebootReason_motor_stalled == 0xA001);
  CHECK(kMfltRebootReason_ExpectedBase == 0x1000 && kMfltRebootReason_UnexpectedBase == 0xA000);
  CHECK(MEMFAULT_REBOOT_REASON_KEY(door_opened) == kMfltRebootReason_door_opened);

  forget_calls();
  MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_FirmwareUpdate);
  CHECK(called("memfault_reboot_tracking_mark_reset_imminent", 3, 0));
  /* Both are cut to 32 bits. */
  CHECK(((uintptr_t)g_last.pc & 0xffff0000u) == ((uintptr_t)test_reboots & 0xffff0000u));
  CHECK((uintptr_t)g_last.lr == (uint32_t)(uintptr_t)__builtin_return_address(0));

  forget_calls();
  MEMFAULT_REBOOT_MARK_RESET_IMMINENT_CUSTOM(motor_stalled);
  CHECK(called("memfault_reboot_tracking_mark_reset_imminent", 0xA001, 0));
}

/* ---- metrics.h, ids_impl.h ---- */

static const MemfaultMetricId s_table[] = {
  MEMFAULT_METRICS_KEY(uptime_s),
  MEMFAULT_METRICS_KEY_WITH_SESSION(litres, fill),
};

static void test_metrics(void) {
  const kernel_task_t task = { 1 };
  CHECK(task.priority == 1);

  CHECK(kMfltMetricsIndex_heartbeat__MemfaultSdkMetric_IntervalMs == 0);
  CHECK(kMfltMetricsIndex_heartbeat__uptime_s == 6 &&
        kMfltMetricsIndex_heartbeat__pump_starts == 7);
  CHECK(kMfltMetricsIndex_fill__MemfaultSdkMetric_IntervalMs == 12 &&
        kMfltMetricsIndex_fill__operational_crashes == 13 && kMfltMetricsIndex_fill__src == 15);
  CHECK(kMfltMetricsIndex_drain__dbar == 19 && kMfltMetricsIndex_fill__late_one == 20);
  CHECK(kMfltMetricsSessionKey_fill == 0 && kMfltMetricsSessionKey_drain == 1 &&
        kMfltMetricsSessionKey_heartbeat == 2 && kMfltMetricsSessionKey_COUNT == 3);
  CHECK(sizeof(g_memfault_metrics_timer_count_unused) == 3);
  CHECK(sizeof(g_memfault_metrics_string_storage) == 1 + 7 + 5);
#ifdef MACRO_TEST_RANGE_AND_SESSION
  CHECK(kMfltMetricsIndexV2_COUNT == 22 && kMfltMetricsIndex_drain__level_mm == 21);
#else
  CHECK(kMfltMetricsIndexV2_COUNT == 21);
  /* The example of spec 40 chapter 22. */
  CHECK(MEMFAULT_METRICS_CONTEXT_SIZE_BYTES == ((sizeof(void *) == 8) ? 288 : 172));
#endif
  CHECK(s_table[0]._impl == 6 && s_table[1]._impl == 14);

  forget_calls();
  s_evaluated = 0;
  CHECK(MEMFAULT_METRIC_ADD(pump_starts, counted(-3)) == 42 && s_evaluated == 1);
  CHECK(called("memfault_metrics_heartbeat_add", 7, -3));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SET_SIGNED(tank_temp_c, -5) == 42);
  CHECK(called("memfault_metrics_heartbeat_set_signed", 8, -5));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SET_UNSIGNED(flow_l, 9u) == 42);
  CHECK(called("memfault_metrics_heartbeat_set_unsigned", 10, 9));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SET_STRING(valve_name, "north") == 42);
  CHECK(called("memfault_metrics_heartbeat_set_string", 9, 0) &&
        strcmp(g_last.text, "north") == 0);
  forget_calls();
  CHECK(MEMFAULT_METRIC_TIMER_START(idle_ms) == 42);
  CHECK(called("memfault_metrics_heartbeat_timer_start", 11, 0));
  forget_calls();
  CHECK(MEMFAULT_METRIC_TIMER_STOP(idle_ms) == 42);
  CHECK(called("memfault_metrics_heartbeat_timer_stop", 11, 0));

  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_SET_UNSIGNED(litres, fill, 12u) == 42);
  CHECK(called("memfault_metrics_heartbeat_set_unsigned", 14, 12));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_SET_SIGNED(dbar, drain, -2) == 42);
  CHECK(called("memfault_metrics_heartbeat_set_signed", 19, -2));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_SET_STRING(src, fill, "well") == 42);
  CHECK(called("memfault_metrics_heartbeat_set_string", 15, 0));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_TIMER_START(busy_ms, fill) == 42);
  CHECK(called("memfault_metrics_heartbeat_timer_start", 16, 0));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_TIMER_STOP(busy_ms, fill) == 42);
  CHECK(called("memfault_metrics_heartbeat_timer_stop", 16, 0));
  forget_calls();
  CHECK(MEMFAULT_METRIC_SESSION_ADD(late_one, fill, 1) == 42);
  CHECK(called("memfault_metrics_heartbeat_add", 20, 1));

  forget_calls();
  CHECK(MEMFAULT_METRICS_SESSION_START(drain) == 42);
  CHECK(called("memfault_metrics_session_start", 1, 0));
  forget_calls();
  CHECK(MEMFAULT_METRICS_SESSION_END(drain) == 42);
  CHECK(called("memfault_metrics_session_end", 1, 0));
  forget_calls();
  MEMFAULT_METRICS_SESSION_RESET(fill);
  CHECK(called("memfault_metrics_session_reset", 0, 0));
}

/* ---- heap_stats.h, task_watchdog.h ---- */

static void test_diagnostics(void) {
  int block = 0;
  forget_calls();
  MEMFAULT_HEAP_STATS_MALLOC(&block, 24);
  CHECK(called("memfault_heap_stats_malloc", 24, 0) && g_last.pc == &block &&
        g_last.lr == __builtin_return_address(0));
  forget_calls();
  MEMFAULT_HEAP_STATS_FREE(&block);
  CHECK(called("memfault_heap_stats_free", 0, 0) && g_last.pc == &block);

  CHECK(kMemfaultTaskWatchdogChannel_pump == 0 && kMemfaultTaskWatchdogChannel_valve == 1 &&
        kMemfaultTaskWatchdogChannel_NumChannels == 2);
  CHECK(sizeof(sMemfaultTaskWatchdogInfo) == 2 * 8);
  forget_calls();
  MEMFAULT_TASK_WATCHDOG_START(valve);
  CHECK(called("memfault_task_watchdog_start", 1, 0));
  forget_calls();
  MEMFAULT_TASK_WATCHDOG_FEED(pump);
  CHECK(called("memfault_task_watchdog_feed", 0, 0));
  forget_calls();
  MEMFAULT_TASK_WATCHDOG_STOP(valve);
  CHECK(called("memfault_task_watchdog_stop", 1, 0));
}

/* ---- assert.h, sdk_assert.h ---- */

/* Runs a statement that may end in an assert; true if it did. */
#define ESCAPES(statement)        \
  do {                            \
    forget_calls();               \
    if (setjmp(g_escape) == 0) {  \
      statement;                  \
      CHECK(g_last.calls == 0);   \
    } else {                      \
      CHECK(g_last.calls == 1);   \
    }                             \
  } while (0)

static void test_asserts(void) {
  s_evaluated = 0;
  ESCAPES(MEMFAULT_ASSERT(counted(1) == 1));
  CHECK(s_evaluated == 1 && g_last.calls == 0);
  ESCAPES(MEMFAULT_ASSERT(counted(1) == 2));
  CHECK(s_evaluated == 2 && called("memfault_fault_handling_assert", 0, 0));
  CHECK(is_near(g_last.pc, test_asserts) && g_last.lr == __builtin_return_address(0));

  s_evaluated = 0;
  ESCAPES(MEMFAULT_ASSERT_EXTRA(1, counted(5)));
  CHECK(s_evaluated == 0);
  ESCAPES(MEMFAULT_ASSERT_EXTRA(0, counted(5)));
  CHECK(s_evaluated == 1 &&
        called("memfault_fault_handling_assert_extra", kMfltRebootReason_Assert, 5));
  CHECK(is_near(g_last.pc, test_asserts) && g_last.lr == __builtin_return_address(0));

  /* The caller's own variables keep their meaning inside of the arguments. */
  const int pc = 11;
  const int lr = 22;
  ESCAPES(MEMFAULT_ASSERT_RECORD(pc + lr));
  CHECK(called("memfault_fault_handling_assert_extra", kMfltRebootReason_Assert, 33));

  ESCAPES(MEMFAULT_ASSERT_WITH_REASON(0, kMfltRebootReason_OutOfMemory));
  CHECK(called("memfault_fault_handling_assert_extra", 0x800A, 0));
  ESCAPES(MEMFAULT_ASSERT_EXTRA_AND_REASON(3, kMfltRebootReason_KernelPanic));
  CHECK(called("memfault_fault_handling_assert_extra", 0x8008, 3));
  ESCAPES(MEMFAULT_SOFTWARE_WATCHDOG());
  CHECK(called("memfault_fault_handling_assert_extra", 0x8006, 0));
  ESCAPES(MEMFAULT_TASK_WATCHDOG());
  CHECK(called("memfault_fault_handling_assert_extra", 0x800C, 0));

  forget_calls();
  MEMFAULT_SDK_ASSERT(g_last.calls == 0);
  CHECK(g_last.calls == 0);
  MEMFAULT_SDK_ASSERT(g_last.calls == 1);
  CHECK(called("memfault_sdk_assert_func", 0, 0));
}

/* ---- version.h, errors.h, math.h, http_client.h, coredump.h ---- */

static void test_values(void) {
  const sMfltSdkVersion version = MEMFAULT_SDK_VERSION;
  CHECK(version.major == 1 && version.minor == 43 && version.patch == 0);
  CHECK(MEMFAULT_PLATFORM_SPECIFIC_ERROR(-5) == -1005 &&
        MEMFAULT_PLATFORM_SPECIFIC_ERROR(0x101) == -1257);
  CHECK(MEMFAULT_FLOOR(-29, 8) == -24 && MEMFAULT_CEIL_DIV(8, 4) == 2);
  static const char banner[] = "<" MEMFAULT_BANNER_COLORIZED MEMFAULT_BANNER_MONOCHROME ">";
  CHECK(strstr(banner, "\x1b[36m") != NULL);
  CHECK(sizeof(MEMFAULT_ROOT_CERTS_PEM) == 2483);

  const char bytes[8] = "1234567";
  const sMfltCoredumpRegion region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(bytes, sizeof(bytes));
  CHECK(region.type == kMfltCoredumpRegionType_Memory && region.region_start == bytes &&
        region.region_size == 8);

  CHECK(strcmp(MEMFAULT_HTTP_GET_CHUNKS_API_HOST(), "chunks.memfault.com") == 0);
  CHECK(MEMFAULT_HTTP_GET_DEVICE_API_PORT() == 443);
  CHECK(strcmp(MEMFAULT_HTTP_GET_SCHEME(), "https") == 0);
  g_mflt_http_client_config.device_api.host = "example.com";
  g_mflt_http_client_config.chunks_api.port = 80;
  g_mflt_http_client_config.disable_tls = true;
  CHECK(strcmp(MEMFAULT_HTTP_GET_DEVICE_API_HOST(), "example.com") == 0);
  CHECK(MEMFAULT_HTTP_GET_CHUNKS_API_PORT() == 80);
  CHECK(strcmp(MEMFAULT_HTTP_GET_SCHEME(), "http") == 0);
}

/* ---- compact_log_helpers.h: the examples of spec 30, 7.3 ---- */

#if MEMFAULT_COMPACT_LOG_ENABLE
static void test_compact_logs(void) {
  char text[] = "x";
  const char *constant = text;
  unsigned char byte = 1;
  const uint64_t wide = 1;
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT() == 0x1);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(1) == 0x4 && MFLT_GET_COMPRESSED_LOG_FMT(byte) == 0x4);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(true) == 0x4 && MFLT_GET_COMPRESSED_LOG_FMT(wide) == 0x5);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(1.5) == 0x6 && MFLT_GET_COMPRESSED_LOG_FMT(1.5f) == 0x6);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(text, 1) == 0x1C);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(1, 0.5) == 0x12);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT("a", constant, wide) == 0x7D);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(wide, text, constant, 0.5, 1) == 0x5F8);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) ==
        0x40000000);
  CHECK(MFLT_GET_COMPRESSED_LOG_FMT(&byte) == 0x7);

  forget_calls();
  MEMFAULT_COMPACT_LOG_SAVE(kMemfaultPlatformLogLevel_Error, "no argument");
  CHECK(called("memfault_compact_log_save", kMemfaultPlatformLogLevel_Error, 0x1));
  CHECK(strncmp(g_last.text, "0;", 2) == 0);
}
#else
static void test_compact_logs(void) {
  CHECK(MEMFAULT_COMPACT_LOG_ENABLE == 0);
}
#endif

int main(void) {
  test_compiler();
  test_logs();
  test_trace_events();
  test_reboots();
  test_metrics();
  test_diagnostics();
  test_asserts();
  test_values();
  test_compact_logs();
  return summary();
}
