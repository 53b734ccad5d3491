/*
 * The log buffer with hooks that use it again, a state that is restored, lines of the greatest length, storages of a few bytes,
 * the walk over the records, and the log and recordings as messages; heap statistics over their objects.
 */
#include <stdio.h>
#include <string.h>

#include "../../include/private/memfault_custom_data_recording_private.h"
#include "../../include/private/memfault_log_data_source_private.h"
#include "../../include/private/memfault_log_private.h"
#include "board.h"
#include "check.h"
#include "memfault/core/custom_data_recording.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/heap_stats.h"
#include "memfault/core/heap_stats_impl.h"
#include "memfault/core/log.h"
#include "memfault/core/log_impl.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/core/sdk_assert.h"

#define STORAGE_LEN 512
#define TIME 0x65a1b2c3u
/* Behind two bytes and the level. */
#define READ_OFFSET (sizeof(eMemfaultPlatformLogLevel) == 1 ? 4 : 8)

static uint8_t s_storage[STORAGE_LEN];
static uint8_t s_context[MEMFAULT_LOG_STATE_SIZE_BYTES];
static uint8_t s_saved_storage[STORAGE_LEN];

/* --- hooks --- */

static int s_lock_depth;
static int s_lock_pairs;

void memfault_lock(void) {
  CHECK_EQ(s_lock_depth, 0);
  s_lock_depth++;
}

void memfault_unlock(void) {
  s_lock_depth--;
  s_lock_pairs++;
}

static bool s_has_time;

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  time->type = kMemfaultCurrentTimeType_UnixEpochTimeSec;
  time->info.unix_timestamp_secs = TIME;
  return s_has_time;
}

static int s_saved_lines;
static bool s_answer_saved_lines;

/* Reads what was just stored, and stores a line of its own. */
void memfault_log_handle_saved_callback(void) {
  CHECK_EQ(s_lock_depth, 0);
  s_saved_lines++;
  if (s_answer_saved_lines) {
    s_answer_saved_lines = false;
    sMemfaultLog log;
    CHECK(memfault_log_read(&log));
    CHECK(strcmp(log.msg, "question") == 0);
    memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, "answer", 6);
  }
}

static bool s_log_when_asked;

void __real_memfault_platform_get_device_info(sMemfaultDeviceInfo *info);
void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info);
/* Asked for in the middle of a message. */
void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  CHECK_EQ(s_lock_depth, 0);
  if (s_log_when_asked) {
    s_log_when_asked = false;
    memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Error, "from the hook", 13);
  }
  __real_memfault_platform_get_device_info(info);
}

static int s_asserts;

void memfault_sdk_assert_func(void) {
  s_asserts++;
}

static char s_exported[200];
static bool s_log_while_exporting;

void memfault_log_export_msg(eMemfaultPlatformLogLevel level, const char *msg, size_t msg_len) {
  (void)level;
  CHECK_EQ(s_lock_depth, 0);
  CHECK_EQ(strlen(msg), msg_len);
  strncat(s_exported, msg, sizeof(s_exported) - strlen(s_exported) - 1);
  strncat(s_exported, "|", sizeof(s_exported) - strlen(s_exported) - 1);
  if (s_log_while_exporting) {
    s_log_while_exporting = false;
    memfault_log_save(kMemfaultPlatformLogLevel_Warning, "from the %s", "export");
  }
}

static sMfltLogSaveState s_state_to_restore;
static bool s_restores;

bool memfault_log_restore_state(sMfltLogSaveState *state) {
  CHECK(state->context == NULL && state->context_len == 0 && state->storage == NULL &&
        state->storage_len == 0);
  *state = s_state_to_restore;
  return s_restores;
}

static void boot(void) {
  memfault_log_data_source_reset();
  memfault_log_reset();
  CHECK(memfault_log_boot(s_storage, sizeof(s_storage)));
}

static void save(const char *text) {
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, text, strlen(text));
}

static bool next_line_is(const char *text) {
  sMemfaultLog log;
  return memfault_log_read(&log) && strcmp(log.msg, text) == 0;
}

/* --- tests --- */

static void test_arguments(void) {
  CHECK(!memfault_log_boot(NULL, 10));
  CHECK(!memfault_log_boot(s_storage, 0));
  CHECK(!memfault_log_booted());
  save("before boot");
  CHECK(!memfault_log_read(NULL));
  sMemfaultLogRegions regions;
  CHECK(!memfault_log_get_regions(&regions));
  size_t size = 77;
  CHECK(!g_memfault_log_data_source.has_more_msgs_cb(&size));
  CHECK_EQ(size, 77);
  boot();
  CHECK(!memfault_log_boot(s_storage, sizeof(s_storage)));
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Error, NULL, 5);
  CHECK_EQ(memfault_log_get_recorded_count(), 0);
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Error, NULL, 0);
  CHECK_EQ(memfault_log_get_recorded_count(), 1);
  CHECK(!memfault_log_get_regions(NULL));
  CHECK(memfault_log_get_regions(&regions));
  CHECK_EQ(regions.region[0].region_size, MEMFAULT_LOG_STATE_SIZE_BYTES);
  CHECK(regions.region[1].region_start == s_storage);
  CHECK_EQ(regions.region[1].region_size, STORAGE_LEN);
}

static void test_formatting(void) {
  boot();
  memfault_log_save(kMemfaultPlatformLogLevel_Warning, "%s %d", "forty", 2);
  memfault_log_save(kMemfaultPlatformLogLevel_Warning, "%s", "");
  memfault_log_save(kMemfaultPlatformLogLevel_Debug, "%d", 3);
  CHECK_EQ(memfault_log_get_recorded_count(), 1);
  CHECK(next_line_is("forty 2"));
  CHECK(!next_line_is(""));
}

/* Nothing is written behind the struct, whatever the length of the line. */
static void test_longest_line(void) {
  boot();
  s_has_time = true;
  char text[200];
  memset(text, 'x', sizeof(text));
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, text, sizeof(text));
  memfault_log_save(kMemfaultPlatformLogLevel_Info, "%.*s", (int)sizeof(text), text);
  s_has_time = false;
  for (int i = 0; i < 2; i++) {
    struct {
      sMemfaultLog log;
      uint8_t behind[8];
    } guarded;
    memset(&guarded, 0xa5, sizeof(guarded));
    CHECK(memfault_log_read(&guarded.log));
    CHECK_EQ(guarded.log.msg_len, 131);
    CHECK_EQ(guarded.log.timestamp, TIME);
    CHECK_EQ(strlen(guarded.log.msg), 131);
    CHECK_BYTES(guarded.behind, 8, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5);
  }
}

static void test_hooks_that_use_the_log(void) {
  boot();
  s_saved_lines = 0;
  s_answer_saved_lines = true;
  save("question");
  CHECK_EQ(s_saved_lines, 2);
  CHECK(next_line_is("answer"));

  save("one");
  save("two");
  s_exported[0] = '\0';
  s_log_while_exporting = true;
  memfault_log_export_logs();
  CHECK(strcmp(s_exported, "one|two|from the export|") == 0);
}

static void save_state(void) {
  const sMfltLogSaveState state = memfault_log_get_state();
  CHECK_EQ(state.context_len, sizeof(s_context));
  CHECK_EQ(state.storage_len, sizeof(s_saved_storage));
  memcpy(s_context, state.context, state.context_len);
  memcpy(s_saved_storage, state.storage, state.storage_len);
  s_state_to_restore = (sMfltLogSaveState){
    .context = s_context,
    .context_len = sizeof(s_context),
    .storage = s_saved_storage,
    .storage_len = sizeof(s_saved_storage),
  };
}

static void test_restore(void) {
  boot();
  save("read before sleep");
  save("unread before sleep");
  CHECK(next_line_is("read before sleep"));
  save_state();
  memset(s_storage, 0, sizeof(s_storage));
  s_restores = true;
  boot();
  CHECK_EQ(memfault_log_get_recorded_count(), 2);
  CHECK(next_line_is("unread before sleep"));
  CHECK(!next_line_is(""));

  /* A read position as the original leaves it when lines that were sent but not read give way. */
  memset(&s_context[READ_OFFSET], 0xf0, sizeof(uint32_t));
  boot();
  CHECK_EQ(memfault_log_get_recorded_count(), 2);
  CHECK(next_line_is("read before sleep"));
  CHECK(next_line_is("unread before sleep"));

  /* The last record is longer than what is stored. */
  s_saved_storage[1] = 200;
  boot();
  CHECK_EQ(memfault_log_get_recorded_count(), 0);
  CHECK_EQ(s_storage[1], 0);

  /* A state that was reset in the meantime. */
  s_state_to_restore = memfault_log_get_state();
  boot();
  sMemfaultLogRegions regions;
  CHECK(memfault_log_get_regions(&regions));
  CHECK(regions.region[1].region_start == s_storage);

  s_state_to_restore.storage_len--;
  boot();
  s_state_to_restore = (sMfltLogSaveState){
    .context_len = MEMFAULT_LOG_STATE_SIZE_BYTES,
    .storage_len = STORAGE_LEN,
  };
  boot();
  s_restores = false;
  CHECK_EQ(memfault_log_get_recorded_count(), 0);
}

/* --- the walk over the records --- */

static char s_walked[100];
static size_t s_parts;

static bool copy_part(sMfltLogIterator *iter, size_t offset, const char *buf, size_t buf_len) {
  (void)iter;
  CHECK(offset == 0 || offset < strlen(s_walked));
  strncat(s_walked, buf, buf_len);
  s_parts++;
  return true;
}

static bool walk(sMfltLogIterator *iter) {
  CHECK_EQ(s_lock_depth, 1);
  CHECK_EQ(memfault_log_get_level_from_hdr(iter->entry.hdr), kMemfaultPlatformLogLevel_Info);
  CHECK(memfault_log_iter_copy_msg(iter, copy_part));
  iter->entry.hdr |= MEMFAULT_LOG_HDR_SENT_MASK;
  CHECK(memfault_log_iter_update_entry(iter));
  return iter->user_ctx == NULL;
}

static void test_walk(void) {
  memfault_log_reset();
  CHECK(memfault_log_boot(s_storage, 30));
  save("gives way");
  save("stays here");
  save("wraps around");
  sMfltLogIterator iter = { .read_offset = 0 };
  memfault_log_iterate(walk, &iter);
  CHECK(strcmp(s_walked, "stays herewraps around") == 0);
  CHECK_EQ(s_parts, 3);
  CHECK_EQ(iter.read_offset, 26);
  CHECK_EQ(memfault_log_get_unsent_count().num_logs, 0);
}

/* Any length of the storage works; what does not fit is dropped. */
static void test_smallest_storage(void) {
  for (size_t len = 1; len <= 8; len++) {
    memfault_log_reset();
    memset(s_storage, 0xa5, sizeof(s_storage));
    CHECK(memfault_log_boot(s_storage, len));
    for (int i = 0; i < 3; i++) {
      save("abcd");
      memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, "", 0);
    }
    CHECK_EQ(memfault_log_get_recorded_count(), len >= 6 ? 6 : len >= 2 ? 3 : 0);
    CHECK_EQ(s_storage[len], 0xa5);
  }
}

/* --- messages --- */

static size_t drain(uint8_t *out, size_t out_len) {
  const sPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sPacketizerMetadata metadata;
  if (!memfault_packetizer_begin(&config, &metadata)) {
    return 0;
  }
  size_t len = out_len;
  CHECK_EQ(memfault_packetizer_get_next(out, &len), kMemfaultPacketizerStatus_EndOfChunk);
  return len;
}

static void test_message(void) {
  boot();
  save("line");
  CHECK(!memfault_packetizer_data_available());
  s_lock_pairs = 0;
  memfault_log_trigger_collection();
  CHECK_EQ(s_lock_pairs, 1);
  CHECK(memfault_log_data_source_has_been_triggered());
  uint8_t chunk[200];
  const size_t len = drain(chunk, sizeof(chunk));
  CHECK(len > 12);
  CHECK_EQ(chunk[1], 3);
  CHECK_BYTES(&chunk[len - 11], 9, 0x04, 0x83, 0x00, 0x01, 0x64, 'l', 'i', 'n', 'e');
  CHECK(!memfault_log_data_source_has_been_triggered());
  CHECK_EQ(memfault_log_data_source_count_unsent_logs(), 0);
}

/* The library fills the object when the log is started; a compiler remembers what it has read from
   one that is const. */
static const sMemfaultDataSourceImpl *volatile s_log_source = &g_memfault_log_data_source;

static void test_message_with_a_hook_that_logs(void) {
  boot();
  save("line");
  memfault_log_trigger_collection();
  size_t size;
  CHECK(s_log_source->has_more_msgs_cb(&size));
  uint8_t message[100];
  CHECK(size <= sizeof(message));
  s_log_when_asked = true;
  CHECK(s_log_source->read_msg_cb(0, message, size));
  CHECK(!s_log_when_asked);
  CHECK_BYTES(&message[size - 9], 9, 0x04, 0x83, 0x00, 0x01, 0x64, 'l', 'i', 'n', 'e');
  /* The line of the hook is for the next message. */
  CHECK_EQ(memfault_log_data_source_count_unsent_logs(), 2);
  s_log_source->mark_msg_read_cb();
  CHECK_EQ(memfault_log_data_source_count_unsent_logs(), 1);
  CHECK_EQ(s_lock_depth, 0);
}

static bool s_has_recording;

/* Logs, and asks the packetizer's source again. */
static bool has_recording(sMemfaultCdrMetadata *metadata) {
  static const char *mimetypes[] = { MEMFAULT_CDR_TEXT };
  save("polled");
  CHECK(metadata->mimetypes == NULL && metadata->collection_reason == NULL);
  metadata->mimetypes = mimetypes;
  metadata->num_mimetypes = 1;
  metadata->data_size_bytes = 3;
  metadata->collection_reason = "test";
  return s_has_recording;
}

static bool read_recording(uint32_t offset, void *data, size_t data_len) {
  memcpy(data, &"abc"[offset], data_len);
  save("read");
  return true;
}

static void recording_was_sent(void) {
  s_has_recording = false;
  size_t size;
  (void)g_memfault_cdr_source.has_more_msgs_cb(&size);
}

static void test_recording(void) {
  static const sMemfaultCdrSourceImpl source = {
    .has_cdr_cb = has_recording,
    .read_data_cb = read_recording,
    .mark_cdr_read_cb = recording_was_sent,
  };
  size_t size = 77;
  CHECK(!g_memfault_cdr_source.has_more_msgs_cb(&size));
  CHECK_EQ(size, 77);
  CHECK(memfault_cdr_register_source(&source));
  CHECK(memfault_cdr_register_source(&source));
  CHECK(!memfault_cdr_register_source(&source));
  CHECK(!memfault_packetizer_data_available());
  s_has_recording = true;
  uint8_t chunk[200];
  const size_t len = drain(chunk, sizeof(chunk));
  CHECK_EQ(chunk[1], 4);
  CHECK_BYTES(&chunk[len - 13], 10, 0x03, 0x64, 't', 'e', 's', 't', 0x04, 0x43, 'a', 'b');
  CHECK(!memfault_packetizer_data_available());
  memfault_cdr_source_reset();
  s_has_recording = true;
  CHECK(!memfault_packetizer_data_available());
}

/* With an assert that returns. */
static void test_incomplete_sources(void) {
  const sMemfaultCdrSourceImpl sources[] = {
    { .read_data_cb = read_recording, .mark_cdr_read_cb = recording_was_sent },
    { .has_cdr_cb = has_recording, .mark_cdr_read_cb = recording_was_sent },
    { .has_cdr_cb = has_recording, .read_data_cb = read_recording },
  };
  s_asserts = 0;
  CHECK(!memfault_cdr_register_source(NULL));
  for (size_t i = 0; i < 3; i++) {
    CHECK(!memfault_cdr_register_source(&sources[i]));
  }
  CHECK_EQ(s_asserts, 4);
  s_has_recording = true;
  size_t size;
  CHECK(!g_memfault_cdr_source.has_more_msgs_cb(&size));
  memfault_log_export_log(NULL);
  CHECK_EQ(s_asserts, 5);
}

static void test_heap_stats(void) {
  CHECK(memfault_heap_stats_empty());
  s_lock_pairs = 0;
  int blocks[4];
  for (int i = 0; i < 4; i++) {
    MEMFAULT_HEAP_STATS_MALLOC(&blocks[i], 8);
  }
  MEMFAULT_HEAP_STATS_FREE(&blocks[0]);
  MEMFAULT_HEAP_STATS_FREE(NULL);
  CHECK_EQ(s_lock_pairs, 6);
  CHECK(!memfault_heap_stats_empty());
  CHECK_EQ(g_memfault_heap_stats.in_use_block_count, 3);
  CHECK_EQ(g_memfault_heap_stats.max_in_use_block_count, 4);
  CHECK_EQ(g_memfault_heap_stats.stats_pool_head, 0);
  CHECK(g_memfault_heap_stats_pool[0].ptr == &blocks[3]);
  CHECK_EQ(g_memfault_heap_stats_pool[0].info.size, 8);
  CHECK_EQ(g_memfault_heap_stats_pool[0].info.in_use, 1);
  CHECK_EQ(g_memfault_heap_stats_pool[1].info.next_entry_index, MEMFAULT_HEAP_STATS_LIST_END);
  memfault_heap_stats_reset();
  CHECK(memfault_heap_stats_empty());
}

int main(void) {
  board_init();
  test_arguments();
  test_formatting();
  test_longest_line();
  test_hooks_that_use_the_log();
  test_restore();
  test_walk();
  test_smallest_storage();
  test_message();
  test_message_with_a_hook_that_logs();
  test_recording();
  test_incomplete_sources();
  test_heap_stats();
  check_finish();
}
