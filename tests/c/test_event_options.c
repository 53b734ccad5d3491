/*
 * Event storage with a non-volatile store and with save and restore: hooks that use the SDK again, saved states that are not to be
 * trusted, NULL everywhere.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/event_storage_implementation.h"
#include "memfault/core/platform/nonvolatile_event_storage.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/serializer_helper.h"

#define STORAGE_LEN 64

/* The storage, and what lies around it. */
static struct {
  uint8_t before[STORAGE_LEN];
  uint8_t bytes[STORAGE_LEN];
  uint8_t after[STORAGE_LEN];
} s_memory;
static uint8_t *const s_storage = s_memory.bytes;
static const sMemfaultEventStorageImpl *s_impl;

/* --- the lock: counts, and looks around once when told to --- */

static int s_lock_depth;
static bool s_look_around;

void memfault_lock(void) {
  s_lock_depth++;
  if (s_look_around) {
    s_look_around = false;
    size_t len;
    (void)g_memfault_event_data_source.has_more_msgs_cb(&len);
    CHECK_EQ(memfault_event_storage_bytes_used() + memfault_event_storage_bytes_free(),
             STORAGE_LEN);
  }
}

void memfault_unlock(void) {
  s_lock_depth--;
}

/* --- the non-volatile store: one message --- */

static bool s_nv_enabled;
static uint8_t s_nv_message[STORAGE_LEN];
static size_t s_nv_len;
static MemfaultEventReadCallback *s_nv_reader;

static bool nv_enabled(void) {
  return s_nv_enabled;
}

static bool nv_has_event(size_t *len) {
  *len = s_nv_len;
  return s_nv_len != 0;
}

static bool nv_read(uint32_t offset, void *buf, size_t len) {
  if (offset + len > s_nv_len) {
    return false;
  }
  memcpy(buf, &s_nv_message[offset], len);
  return true;
}

static void nv_consume(void) {
  s_nv_len = 0;
}

static bool nv_write(MemfaultEventReadCallback reader, size_t len) {
  s_nv_reader = reader;
  if (s_nv_len != 0) {
    return false;
  }
  CHECK(reader(0, s_nv_message, len));
  CHECK(!reader(1, s_nv_message, len));
  /* This message is on its way already. */
  CHECK_EQ(memfault_event_storage_persist(), 0);
  s_nv_len = len;
  return true;
}

const sMemfaultNonVolatileEventStorageImpl g_memfault_platform_nv_event_storage_impl = {
  .enabled = nv_enabled,
  .has_event = nv_has_event,
  .read = nv_read,
  .consume = nv_consume,
  .write = nv_write,
};

static unsigned s_requests;
static size_t s_request_used;
static bool s_persist_at_once;

void memfault_event_storage_request_persist_callback(
  const sMemfaultEventStoragePersistCbStatus *status) {
  CHECK_EQ(s_lock_depth, 0);
  s_requests++;
  s_request_used = status->volatile_storage.bytes_used;
  if (s_persist_at_once) {
    CHECK_EQ(memfault_event_storage_persist(), 1);
  }
}

/* --- the saved state --- */

static const sMfltEventStorageSaveState *s_saved;

bool memfault_event_storage_restore_state(sMfltEventStorageSaveState *state) {
  CHECK(state->context == NULL && state->context_len == 0);
  CHECK(state->storage == NULL && state->storage_len == 0);
  if (s_saved != NULL) {
    *state = *s_saved;
  }
  return s_saved != NULL;
}

/* --- helpers --- */

static void write_event(const char *text) {
  CHECK(s_impl->begin_write_cb() != 0);
  CHECK(s_impl->append_data_cb(text, strlen(text)));
  s_impl->finish_write_cb(false);
}

static bool next_is(const char *text) {
  char buf[STORAGE_LEN];
  size_t len = 0;
  return g_memfault_event_data_source.has_more_msgs_cb(&len) && len == strlen(text) &&
         g_memfault_event_data_source.read_msg_cb(0, buf, len) && memcmp(buf, text, len) == 0;
}

static bool take(const char *text) {
  const bool found = next_is(text);
  g_memfault_event_data_source.mark_msg_read_cb();
  return found;
}

static void boot_empty(void) {
  s_saved = NULL;
  s_impl = memfault_events_storage_boot(s_storage, STORAGE_LEN);
}

/* --- tests --- */

static void test_before_boot(void) {
  size_t len = 77;
  CHECK(!g_memfault_event_data_source.has_more_msgs_cb(&len));
  CHECK_EQ(len, 0);
  CHECK(g_memfault_event_data_source.read_msg_cb(0, NULL, 0));
  CHECK(!g_memfault_event_data_source.read_msg_cb(1, NULL, 0));
  g_memfault_event_data_source.mark_msg_read_cb();
  CHECK_EQ(memfault_event_storage_persist(), 0);
  CHECK(!memfault_event_storage_booted());

  const sMfltEventStorageSaveState state = memfault_event_storage_get_state();
  CHECK(state.context != NULL && state.storage == NULL);
  CHECK_EQ(state.context_len, MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES);
  CHECK_EQ(state.storage_len, 0);

  s_impl = memfault_events_storage_boot(NULL, 10);
  CHECK(s_impl != NULL && s_impl == memfault_events_storage_boot(s_storage, 0));
  CHECK_EQ(s_impl->begin_write_cb(), 0);
  CHECK_EQ(s_impl->get_storage_size_cb(), 0);
  CHECK(s_impl->append_data_cb("x", 0) && !s_impl->append_data_cb("x", 1));
  CHECK(!s_impl->append_data_cb(NULL, 0) && !s_impl->append_data_cb("x", SIZE_MAX));
}

static void test_lock_hook_that_looks_around(void) {
  boot_empty();
  s_look_around = true;
  write_event("ab");
  s_look_around = true;
  CHECK(next_is("ab"));
  s_look_around = true;
  CHECK(take("ab"));
  CHECK_EQ(memfault_event_storage_bytes_used(), 0);
  CHECK_EQ(s_lock_depth, 0);
}

static void test_non_volatile_store(void) {
  boot_empty();
  s_requests = 0;
  write_event("ab");
  CHECK_EQ(s_requests, 1);
  CHECK_EQ(s_request_used, 4);
  write_event("c");
  CHECK_EQ(memfault_event_storage_persist(), 0);
  CHECK(next_is("ab"));

  s_nv_enabled = true;
  CHECK_EQ(memfault_event_storage_persist(), 1);
  CHECK_EQ(memfault_event_storage_bytes_used(), 3);
  s_requests = 0;
  CHECK(take("ab"));
  CHECK_EQ(s_requests, 1);
  CHECK_EQ(memfault_event_storage_persist(), 1);
  CHECK(take("c"));
  CHECK(!s_nv_reader(0, s_nv_message, 1));

  s_persist_at_once = true;
  write_event("now");
  s_persist_at_once = false;
  CHECK_EQ(memfault_event_storage_bytes_used(), 0);
  CHECK(take("now"));
  s_nv_enabled = false;
}

static void test_save_and_restore(void) {
  static uint8_t context[MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES + 1];
  static uint8_t storage[STORAGE_LEN];
  static uint8_t other[STORAGE_LEN];

  boot_empty();
  write_event("one");
  write_event("two");
  CHECK(s_impl->begin_write_cb() != 0 && s_impl->append_data_cb("th", 2));
  CHECK(next_is("one"));
  sMfltEventStorageSaveState state = memfault_event_storage_get_state();
  CHECK(state.storage == s_storage && state.storage_len == STORAGE_LEN);
  /* At an odd address, as it may lie in a backup memory. */
  memcpy(&context[1], state.context, state.context_len);
  memcpy(storage, state.storage, state.storage_len);
  boot_empty();

  state.context = &context[1];
  state.storage = storage;
  s_saved = &state;
  memfault_events_storage_boot(other, sizeof(other));
  CHECK_EQ(s_impl->begin_write_cb(), 0);
  s_impl->finish_write_cb(true);
  CHECK(s_impl->append_data_cb("ree", 3));
  s_impl->finish_write_cb(false);
  CHECK(take("one") && take("two") && take("three") && !take("four"));

  /* The live state, into its own buffer. */
  write_event("live");
  state = memfault_event_storage_get_state();
  memfault_events_storage_boot(other, sizeof(other));
  CHECK(next_is("live"));

  /* A saved state that overlaps the new buffer, on either side. */
  static uint8_t around[STORAGE_LEN + 3];
  for (size_t from = 0; from <= 3; from += 3) {
    state = memfault_event_storage_get_state();
    memcpy(&context[1], state.context, state.context_len);
    memmove(&around[from], state.storage, state.storage_len);
    state.context = &context[1];
    state.storage = &around[from];
    memfault_events_storage_boot(&around[3 - from], STORAGE_LEN);
    CHECK(next_is("live"));
  }

  /* Sizes that fit, but nowhere to put it: the old events stay. */
  memfault_events_storage_boot(NULL, STORAGE_LEN);
  CHECK(next_is("live"));
  state.storage_len = 0;
  memfault_events_storage_boot(s_storage, 0);
  CHECK(next_is("live"));

  /* Sizes that do not fit: empty. */
  memset(&state, 0, sizeof(state));
  memfault_events_storage_boot(s_storage, STORAGE_LEN);
  CHECK_EQ(memfault_event_storage_bytes_used(), 0);
}

/* What cannot be true is refused as a whole. The numbers are those of the words of the state (spec 20, 4.10). */
static void test_contradicting_states(void) {
  static uint8_t context[MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES];
  enum { kReadOffset = 0, kReadSize = 1, kMessageLen = 6, kNumEvents = 7, kHeaderLen = 8 };
  const struct {
    size_t word;
    size_t value;
  } lies[] = {
    { kReadOffset, STORAGE_LEN }, { kReadSize, STORAGE_LEN + 1 }, { kMessageLen, 4 },
    { kNumEvents, 2 },            { kHeaderLen, 6 },
  };
  for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
    boot_empty();
    write_event("x");
    sMfltEventStorageSaveState state = memfault_event_storage_get_state();
    memcpy(context, state.context, sizeof(context));
    state.context = context;
    s_saved = &state;
    memfault_events_storage_boot(s_storage, STORAGE_LEN);
    CHECK_EQ(memfault_event_storage_bytes_used(), 3);
    memcpy(&context[lies[i].word * sizeof(size_t)], &lies[i].value, sizeof(size_t));
    memfault_events_storage_boot(s_storage, STORAGE_LEN);
    CHECK_EQ(memfault_event_storage_bytes_used(), 0);
  }
}

/* Whatever a damaged state says, nothing around the buffer changes, and the storage works on. */
static void test_damaged_states(void) {
  static const uint8_t nothing[STORAGE_LEN];
  static uint8_t context[MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES];
  const uint8_t damages[] = { 0xff, 0x80, 0x01 };
  for (size_t i = 0; i < sizeof(context) * sizeof(damages); i++) {
    boot_empty();
    write_event("x");
    (void)next_is("x");
    sMfltEventStorageSaveState state = memfault_event_storage_get_state();
    memcpy(context, state.context, sizeof(context));
    context[i / sizeof(damages)] = damages[i % sizeof(damages)];
    state.context = context;
    s_saved = &state;
    memfault_events_storage_boot(s_storage, STORAGE_LEN);
    CHECK(memfault_event_storage_bytes_used() <= STORAGE_LEN);
    /* A session may have come with it. */
    s_impl->finish_write_cb(true);
    for (int round = 0; round < STORAGE_LEN; round++) {
      (void)take("x");
    }
    s_impl->begin_write_cb();
    s_impl->append_data_cb("y", 1);
    s_impl->finish_write_cb(false);
    (void)take("y");
    CHECK(memfault_event_storage_bytes_used() <= STORAGE_LEN);
    CHECK(memcmp(s_memory.before, nothing, STORAGE_LEN) == 0);
    CHECK(memcmp(s_memory.after, nothing, STORAGE_LEN) == 0);
  }
  CHECK_EQ(s_lock_depth, 0);
}

int main(void) {
  board_init();
  test_before_boot();
  test_lock_hook_that_looks_around();
  test_non_volatile_store();
  test_save_and_restore();
  test_contradicting_states();
  test_damaged_states();
  check_finish();
}
