#include "memfault/config.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/event_storage_implementation.h"

#include <string.h>

#include "memfault/core/batched_events.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/platform/device_info.h"

#include "memory.h"
#include "module.h"
#include "nv_store.h"
#include "recorder.h"
#include "step.h"

// Not in a header: for tests and for a power cycle without one.
void memfault_event_storage_reset(void);

#define SIZE_PREFILL 4242

// The saved context (spec 20 section 4.10), needed to blank what differs from run to run.
typedef struct {
  size_t read_offset;
  size_t read_size;
  size_t total_space;
  void *storage;
  bool write_in_progress;
  size_t bytes_written;
  size_t active_event_read_size;
  size_t num_events;
  size_t header_len;
  uint8_t header[MEMFAULT_BATCHED_EVENTS_MAX_HEADER_LENGTH];
} saved_context;

// What the restore hook does; the numbers are those of the vectors.
typedef enum {
  kRestore_None,
  kRestore_Stash,
  kRestore_BadContextLen,
  kRestore_BadStorageLen,
} restore_mode;

static struct {
  const sMemfaultEventStorageImpl *table;
  uint8_t *ring;
  watched_memory watched;
  restore_mode restore;
  void *context;
  size_t context_len;
  uint8_t *storage;
  size_t storage_len;
} s_state;

void module_reset(void) {
  nv_store_reset();
  memset(&s_state, 0, sizeof(s_state));
}

// Event storage alone needs no identity, but the encoder that may be linked with it does.
void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  (void)info;
  (void)call_begin("get_device_info");
  call_end();
}

bool memfault_event_storage_restore_state(sMfltEventStorageSaveState *state) {
  static const sMfltEventStorageSaveState kZeroed;
  if (memcmp(state, &kZeroed, sizeof(kZeroed)) != 0) {
    step_abort("the state given to the restore hook is not zeroed");
  }
  list_int(call_begin("restore_state"), s_state.restore);
  call_end();
  if (s_state.restore == kRestore_None) {
    return false;
  }
  *state = (sMfltEventStorageSaveState){
    .context = s_state.context,
    .context_len = s_state.context_len + (s_state.restore == kRestore_BadContextLen ? 4 : 0),
    .storage = s_state.storage,
    .storage_len = s_state.storage_len + (s_state.restore == kRestore_BadStorageLen ? 1 : 0),
  };
  return true;
}

static restore_mode read_restore_mode(void) {
  static const char *const kNames[] = { "none", "stash", "bad_context_len", "bad_storage_len" };
  if (arg_is_null("restore")) {
    return kRestore_None;
  }
  const char *name = arg_text("restore");
  for (size_t i = 0; i < sizeof(kNames) / sizeof(kNames[0]); i++) {
    if (strcmp(name, kNames[i]) == 0) {
      return (restore_mode)i;
    }
  }
  step_abort("unknown restore mode");
}

static void boot(void) {
  const size_t len = (size_t)arg_uint("len");
  s_state.restore = read_restore_mode();
  s_state.ring = guarded_buffer(len, 0xA5);
  s_state.table = memfault_events_storage_boot(s_state.ring, len);
  s_state.watched = watch_from_zeros(s_state.ring, len);
  out_uint("storage_size", s_state.table->get_storage_size_cb());
  out_bool("booted", memfault_event_storage_booted());
}

#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
static void save(void) {
  const sMfltEventStorageSaveState live = memfault_event_storage_get_state();
  s_state.context_len = live.context_len;
  s_state.context = arena_alloc(live.context_len);
  memcpy(s_state.context, live.context, live.context_len);
  s_state.storage_len = live.storage_len;
  s_state.storage = guarded_buffer(live.storage_len, 0);
  if (live.storage_len > 0) {
    memcpy(s_state.storage, live.storage, live.storage_len);
  }
  out_uint("context_len", live.context_len);
  out_uint("storage_len", live.storage_len);
  if (live.context_len != sizeof(saved_context)) {
    out_bytes("context", live.context, live.context_len);
    return;
  }
  saved_context full;
  saved_context shown;
  memcpy(&full, live.context, sizeof(full));
  memset(&shown, 0, sizeof(shown));  // padding and the storage pointer stay zero
  shown.read_offset = full.read_offset;
  shown.read_size = full.read_size;
  shown.total_space = full.total_space;
  shown.write_in_progress = full.write_in_progress;
  shown.bytes_written = full.bytes_written;
  shown.active_event_read_size = full.active_event_read_size;
  shown.num_events = full.num_events;
  shown.header_len = full.header_len;
  memcpy(shown.header, full.header, sizeof(shown.header));
  out_bytes("context", &shown, sizeof(shown));
}
#endif

static void read_event(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *buffer = guarded_buffer(len, 0x5A);
  const uint32_t offset = (uint32_t)arg_uint("offset");
  const bool ret = g_memfault_event_data_source.read_msg_cb(offset, buffer, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", buffer, len);
  }
}

static void show_state(void) {
  out_bool("booted", memfault_event_storage_booted());
  out_uint("used", memfault_event_storage_bytes_used());
  out_uint("free", memfault_event_storage_bytes_free());
  if (s_state.table != NULL) {
    out_uint("storage_size", s_state.table->get_storage_size_cb());
  }
}

static void build_header(void) {
  sMemfaultBatchedEventsHeader header;
  memset(&header, 0x5A, sizeof(header));
  memfault_batched_events_build_header((size_t)arg_uint("num_events"), &header);
  out_uint("length", header.length);
  out_bytes("bytes", header.data, header.length <= sizeof(header.data) ? header.length : 0);
}

static const sMemfaultEventStorageImpl *table(void) {
  if (s_state.table == NULL) {
    step_abort("event storage was not booted");
  }
  return s_state.table;
}

void module_step(void) {
  if (step_is("init")) {
    nv_store_configure(arg_given("nv_read_piece") ? (size_t)arg_uint("nv_read_piece") : 0,
                       arg_given("persist_inside_callback") && arg_bool("persist_inside_callback"));
  } else if (step_is("boot")) {
    boot();
  } else if (step_is("begin")) {
    out_uint("ret", table()->begin_write_cb());
  } else if (step_is("append")) {
    size_t len;
    const uint8_t *data = arg_bytes("data", &len);
    out_bool("ret", table()->append_data_cb(data, len));
  } else if (step_is("finish")) {
    table()->finish_write_cb(arg_bool("rollback"));
  } else if (step_is("has_more")) {
    size_t size = SIZE_PREFILL;
    out_bool("ret", g_memfault_event_data_source.has_more_msgs_cb(&size));
    out_uint("size", size);
  } else if (step_is("read")) {
    read_event();
  } else if (step_is("mark_read")) {
    g_memfault_event_data_source.mark_msg_read_cb();
  } else if (step_is("state")) {
    show_state();
  } else if (step_is("nv_set_enabled")) {
    nv_store_set_enabled(arg_bool("v"));
  } else if (step_is("nv_set_write_ok")) {
    nv_store_set_write_ok(arg_bool("v"));
#if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED
  } else if (step_is("persist")) {
    out_int("ret", memfault_event_storage_persist());
#endif
#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
  } else if (step_is("save")) {
    save();
#endif
  } else if (step_is("power_cycle")) {
    memfault_event_storage_reset();
  } else if (step_is("batch_header")) {
    build_header();
  } else {
    step_abort("unknown operation");
  }
  size_t at;
  size_t len;
  if (s_state.ring != NULL && watch_changes(&s_state.watched, &at, &len)) {
    out_change("ring", at, s_state.ring + at, len);
  }
}
