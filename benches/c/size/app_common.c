/*
 * Vector table, start-up code, hooks, buffers and the mock coredump source of the size apps.
 */
#include "app.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/panics/fault_handling.h"

extern uint32_t app_data_load[], app_data_start[], app_data_end[];
extern uint32_t app_bss_start[], app_bss_end[];
extern uint32_t app_stack_top[];

__attribute__((aligned(8))) uint8_t g_chunk[CHUNK_LEN];
__attribute__((aligned(8))) uint8_t g_mock_coredump[MOCK_COREDUMP_LEN];
bool g_mock_coredump_pending;
volatile uint32_t g_sent_bytes;
volatile uint32_t g_tick;
MemfaultPlatformTimerCallback *g_heartbeat_callback;

void reset_handler(void) {
  uint32_t *from = app_data_load;
  for (uint32_t *to = app_data_start; to < app_data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = app_bss_start; to < app_bss_end; to++) {
    *to = 0;
  }
  main();
  for (;;) {
  }
}

void default_handler(void) {
  for (;;) {
  }
}

typedef struct {
  uint32_t *initial_stack;
  void (*handlers[15])(void);
} vector_table;

#if APP_HAS_FAULT_HANDLERS
#define NMI NMI_Handler
#define HARD_FAULT HardFault_Handler
#define MEM_MANAGE MemManage_Handler
#define BUS_FAULT BusFault_Handler
#define USAGE_FAULT UsageFault_Handler
#else
#define NMI default_handler
#define HARD_FAULT default_handler
#define MEM_MANAGE default_handler
#define BUS_FAULT default_handler
#define USAGE_FAULT default_handler
#endif

__attribute__((section(".vectors"), used)) const vector_table g_vectors = {
  .initial_stack = app_stack_top,
  .handlers = {
    reset_handler,   NMI,             HARD_FAULT,      MEM_MANAGE,      BUS_FAULT,
    USAGE_FAULT,     default_handler, default_handler, default_handler, default_handler,
    default_handler, default_handler, default_handler, default_handler, default_handler,
  },
};

#if !BENCH_WITH_PANICS
bool mock_has_more_msgs(size_t *next_msg_size) {
  *next_msg_size = sizeof(g_mock_coredump);
  return g_mock_coredump_pending;
}

bool mock_read_msg(uint32_t offset, void *buf, size_t buf_len) {
  if (offset + buf_len > sizeof(g_mock_coredump)) {
    return false;
  }
  uint8_t *to = buf;
  for (size_t i = 0; i < buf_len; i++) {
    to[i] = g_mock_coredump[offset + i];
  }
  return true;
}

void mock_mark_msg_read(void) {
  g_mock_coredump_pending = false;
}

const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
  .has_more_msgs_cb = mock_has_more_msgs,
  .read_msg_cb = mock_read_msg,
  .mark_msg_read_cb = mock_mark_msg_read,
};
#endif

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  info->device_serial = "DEMOSERIAL";
  info->software_type = "app-fw";
  info->software_version = "1.0.0";
  info->hardware_version = "dvt1";
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return g_tick;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  g_heartbeat_callback = callback;
  return period_sec != 0;
}

void app_send(const uint8_t *chunk, size_t len) {
  (void)chunk;
  g_sent_bytes += (uint32_t)len;
}

void app_drain(void) {
#if BENCH_WITH_SDK
  size_t len = sizeof(g_chunk);
  while (memfault_packetizer_get_chunk(g_chunk, &len)) {
    app_send(g_chunk, len);
    len = sizeof(g_chunk);
  }
#else
  app_send(g_chunk, sizeof(g_chunk));
#endif
}
