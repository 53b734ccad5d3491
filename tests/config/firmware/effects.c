/* What the options of the configuration change, seen through the public interface.
 *
 * Compiled and linked once per configuration by tests/config/run.py; prints one line "name value"
 * for each observation. It is the firmware of the specification's worked examples (spec 60,
 * chapter 18), so that the bytes of the trace event are known.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memfault/components.h"
#include "memfault/core/data_packetizer_source.h"

/* The hooks that this firmware looks at; tests/stubs has the others */

static bool s_inside_isr;

bool memfault_arch_is_inside_isr(void) {
  return s_inside_isr;
}

#if MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME == 0
bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  time->type = kMemfaultCurrentTimeType_UnixEpochTimeSec;
  time->info.unix_timestamp_secs = 0x5f000000;
  return true;
}
#endif

/* A build id of each kind: two notes as the linker makes them */

#define BUILD_ID_BYTES(first)                                                                    \
  first, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, \
    0xb0, 0xb1, 0xb2, 0xb3
#define BUILD_ID_NOTE(name, first)               \
  const struct {                                 \
    uint32_t name_len, id_len, type;             \
    char owner[4];                               \
    uint8_t id[20];                              \
  } name = { 4, 20, 3, "GNU", { BUILD_ID_BYTES(first) } }

BUILD_ID_NOTE(first_build_id_note, 0xa0);
BUILD_ID_NOTE(second_build_id_note, 0xc0);

/* A checksum of the firmware's own */

static unsigned int s_user_crc_calls;

#if MEMFAULT_CRC16_BUILTIN == 0
uint16_t memfault_crc16_compute(uint16_t crc, const void *data, size_t len) {
  const uint8_t *bytes = data;
  s_user_crc_calls++;
  for (size_t i = 0; i < len; i++) {
    crc ^= (uint16_t)(bytes[i] << 8);
    for (int bit = 0; bit < 8; bit++) {
      crc = (uint16_t)((crc & 0x8000) ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}
#endif

/* A coredump source: one message, of equal bytes (which run-length encoding makes short) or of
 * bytes that count up */

enum { kCoredumpLen = 40 };
static bool s_has_coredump;
static bool s_coredump_counts_up;

static bool coredump_has_more(size_t *size) {
  *size = kCoredumpLen;
  return s_has_coredump;
}

static bool coredump_read(uint32_t offset, void *buf, size_t len) {
  uint8_t *bytes = buf;
  for (size_t i = 0; i < len; i++) {
    bytes[i] = s_coredump_counts_up ? (uint8_t)(offset + i) : 0x55;
  }
  return offset + len <= kCoredumpLen;
}

static void coredump_mark_read(void) {
  s_has_coredump = false;
}

const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
  .has_more_msgs_cb = coredump_has_more,
  .read_msg_cb = coredump_read,
  .mark_msg_read_cb = coredump_mark_read,
};

/* A non-volatile store that is on and empty */

#if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED
static unsigned int s_nv_writes;
static unsigned int s_persist_requests;
static bool s_nv_enabled;

static bool nv_enabled(void) {
  return s_nv_enabled;
}

static bool nv_has_event(size_t *len) {
  *len = 0;
  return false;
}

static bool nv_read(uint32_t offset, void *buf, size_t len) {
  (void)offset;
  (void)buf;
  (void)len;
  return false;
}

static void nv_consume(void) {}

static bool nv_write(MemfaultEventReadCallback reader, size_t total_size) {
  uint8_t event[256];
  s_nv_writes++;
  return total_size <= sizeof(event) && reader(0, event, total_size);
}

const sMemfaultNonVolatileEventStorageImpl g_memfault_platform_nv_event_storage_impl = {
  .enabled = nv_enabled,
  .has_event = nv_has_event,
  .read = nv_read,
  .consume = nv_consume,
  .write = nv_write,
};

void memfault_event_storage_request_persist_callback(
  const sMemfaultEventStoragePersistCbStatus *status) {
  (void)status;
  s_persist_requests++;
}
#endif

static unsigned int s_restore_calls;

#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
bool memfault_event_storage_restore_state(sMfltEventStorageSaveState *state) {
  (void)state;
  s_restore_calls++;
  return false;
}
#endif

/* Asserts and export lines */

static jmp_buf s_after_assert;

void memfault_sdk_assert_func_noreturn(void) {
  longjmp(s_after_assert, 1);
}

static unsigned int s_export_lines;
static size_t s_first_export_line_len;

void memfault_data_export_base64_encoded_chunk(const char *chunk) {
  if (s_export_lines == 0) {
    s_first_export_line_len = strlen(chunk);
  }
  s_export_lines++;
}

/* Helpers */

static uint8_t s_event_buffer[2048];

static void boot_events(void) {
  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(s_event_buffer, sizeof(s_event_buffer));
  memfault_trace_event_boot(storage);
}

static void capture_trace_event(int32_t status) {
  memfault_trace_event_with_status_capture(MEMFAULT_TRACE_REASON(widget_jam),
                                           (void *)(uintptr_t)0x08001235,
                                           (void *)(uintptr_t)0x08004321, status);
}

/* All chunks that are there, in hexadecimal, with a space between chunks. */
static void print_chunks(const char *name) {
  uint8_t chunk[512];
  size_t len = sizeof(chunk);
  printf("%s ", name);
  for (const char *separator = ""; memfault_packetizer_get_chunk(chunk, &len); separator = " ") {
    printf("%s", separator);
    for (size_t i = 0; i < len; i++) {
      printf("%02x", chunk[i]);
    }
    len = sizeof(chunk);
  }
  printf("\n");
}

static void print_trace_with_log(const char *name) {
#if MEMFAULT_COMPACT_LOG_ENABLE
  MEMFAULT_TRACE_EVENT_WITH_LOG(widget_jam, "jam %d", 1234);
#else
  /* Not the macro: its addresses differ from run to run. */
  memfault_trace_event_with_log_capture(MEMFAULT_TRACE_REASON(widget_jam),
                                        (void *)(uintptr_t)0x08001235,
                                        (void *)(uintptr_t)0x08004321, "jam %d", 1234);
#endif
  s_inside_isr = false;
  memfault_trace_event_try_flush_isr_event();
  print_chunks(name);
}

/* One observation each */

static void observe_crc(void) {
  /* By the library: the chunks are out already. */
  printf("user_crc %s\n", s_user_crc_calls > 0 ? "called" : "-");
  printf("crc %04x\n", memfault_crc16_compute(MEMFAULT_CRC16_INITIAL_VALUE, "memfault", 8));
}

static void observe_export(void) {
  s_has_coredump = true;
  s_coredump_counts_up = true;
  memfault_data_export_dump_chunks();
  printf("export_lines %u\n", s_export_lines);
  printf("export_line_len %zu\n", s_first_export_line_len);
}

static void observe_assert(void) {
  static uint8_t too_long[MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN + 1];
  if (setjmp(s_after_assert) == 0) {
    memfault_data_export_chunk(too_long, sizeof(too_long));
    printf("assert -\n");
  } else {
    printf("assert fired\n");
  }
}

static void observe_storage(void) {
  printf("restore_calls %u\n", s_restore_calls);
#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
  printf("state_size %s\n", memfault_event_storage_get_state().context_len ==
                                MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES ?
                              "as declared" :
                              "wrong");
#else
  printf("state_size -\n");
#endif
#if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED
  s_nv_enabled = true;
  s_persist_requests = 0;
  capture_trace_event(-7);
  const int persisted = memfault_event_storage_persist();
  printf("nv persisted %d, written %u, requested %u\n", persisted, s_nv_writes, s_persist_requests);
  s_nv_enabled = false;
#else
  printf("nv -\n");
#endif
}

static void observe_build_id(void) {
  char id[13] = "-";
  memfault_build_id_get_string(id, sizeof(id));
  printf("build_id %s\n", id);
  const char *version = memfault_create_unique_version_string("2.7.1");
  printf("unique_version %s\n", version != NULL ? version : "-");
}

static void observe_reboot_reason(void) {
  static uint8_t region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  memfault_reboot_tracking_boot(region, NULL);
  memfault_reboot_tracking_reset_crash_count();
#if MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE == 1
  MEMFAULT_REBOOT_MARK_RESET_IMMINENT_CUSTOM(planned_maintenance);
#else
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_UserReset, NULL);
#endif
  sMfltRebootReason reason;
  memfault_reboot_tracking_get_reboot_reason(&reason);
  printf("reboot_reason %04x\n", (unsigned int)reason.reboot_reg_reason);
}

int main(void) {
  boot_events();

  capture_trace_event(-7);
  print_chunks("trace");

  capture_trace_event(-7);
  capture_trace_event(-8);
  print_chunks("two_events");

  print_trace_with_log("log");
  s_inside_isr = true;
  print_trace_with_log("isr_log");

  s_has_coredump = true;
  print_chunks("coredump");

  observe_crc();
  observe_export();
  observe_assert();
  observe_storage();
  observe_build_id();
  observe_reboot_reason();
  return 0;
}
