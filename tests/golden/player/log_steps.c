#include "log_steps.h"

#include <string.h>

#include "memfault/core/log.h"

#include "environment.h"
#include "fixed_memory.h"
#include "log_context.h"
#include "log_format.h"
#include "memory.h"
#include "recorder.h"
#include "step.h"
#include "variadic_words.h"

// Not in a public header: for tests and for a power cycle without one.
void memfault_log_data_source_reset(void);

#define RAW_CONTEXT_STORAGE 0x20001000u
#define STATE_NUMBERS 6

// What the restore hook does; the numbers are those of the vectors.
typedef enum {
  kRestore_None,
  kRestore_Stash,
  kRestore_BadContextLen,
  kRestore_BadStorageLen,
} restore_mode;

static struct {
  uint8_t *storage;
  size_t storage_len;
  watched_memory ring;
  log_context *context;
  bool raw_context;
  uint8_t *shown_context;
  uint32_t shown_state[STATE_NUMBERS];
  restore_mode restore;
  log_context saved;
  uint8_t *saved_storage;
  size_t saved_context_len;
  size_t saved_storage_len;
} s_log;

void log_steps_reset(void) {
  environment_reset();
  memset(&s_log, 0, sizeof(s_log));
}

// --- hooks ---

void memfault_log_handle_saved_callback(void) {
  (void)call_begin("saved_cb");
  call_end();
}

#if MEMFAULT_LOG_RESTORE_STATE
bool memfault_log_restore_state(sMfltLogSaveState *state) {
  list_int(call_begin("restore_state"), s_log.restore);
  call_end();
  if (s_log.restore == kRestore_None) {
    return false;
  }
  *state = (sMfltLogSaveState){
    .context = &s_log.saved,
    .context_len = s_log.saved_context_len + (s_log.restore == kRestore_BadContextLen ? 4 : 0),
    .storage = s_log.saved_storage,
    .storage_len = s_log.saved_storage_len + (s_log.restore == kRestore_BadStorageLen ? 1 : 0),
  };
  return true;
}
#endif

// --- changes ---

static void current_state(uint32_t state[STATE_NUMBERS]) {
  const log_context *c = s_log.context;
  state[0] = c->min_log_level;
  state[1] = c->log_read_offset;
  state[2] = c->dropped_msg_count;
  state[3] = c->recorded_msg_count;
  state[4] = (uint32_t)c->circ_buffer.read_offset;
  state[5] = (uint32_t)c->circ_buffer.read_size;
}

static void out_state(void) {
  uint32_t state[STATE_NUMBERS];
  current_state(state);
  if (memcmp(state, s_log.shown_state, sizeof(state)) == 0) {
    return;
  }
  memcpy(s_log.shown_state, state, sizeof(state));
  json_list list = { 0 };
  for (size_t i = 0; i < STATE_NUMBERS; i++) {
    list_uint(&list, state[i]);
  }
  out_list("state", &list);
}

static void out_raw_context(void) {
  const log_context *live = s_log.context;
  log_context now;
  memset(&now, 0, sizeof(now));  // padding stays zero
  now.version = live->version;
  now.enabled = live->enabled;
  now.min_log_level = live->min_log_level;
  now.log_read_offset = live->log_read_offset;
  now.dropped_msg_count = live->dropped_msg_count;
  now.recorded_msg_count = live->recorded_msg_count;
  now.circ_buffer = live->circ_buffer;
  now.region_info.storage = live->region_info.storage;
  now.region_info.len = live->region_info.len;
  now.region_info.crc16 = live->region_info.crc16;
  if (memcmp(&now, s_log.shown_context, sizeof(now)) != 0) {
    memcpy(s_log.shown_context, &now, sizeof(now));
    out_bytes("context", &now, sizeof(now));
  }
}

void log_out_changes(void) {
  if (s_log.context == NULL) {
    return;
  }
  if (s_log.raw_context) {
    out_raw_context();
  } else {
    out_state();
  }
  size_t at;
  size_t len;
  if (watch_changes(&s_log.ring, &at, &len)) {
    out_change("ring", at, s_log.storage + at, len);
  }
}

// --- steps ---

static void init(void) {
  s_log.storage_len = (size_t)arg_uint("storage");
  s_log.raw_context = arg_bool("raw_context");
  s_log.storage = s_log.raw_context ? fixed_memory(RAW_CONTEXT_STORAGE, s_log.storage_len)
                                    : guarded_buffer(s_log.storage_len, 0xA5);
  memset(s_log.storage, 0xA5, s_log.storage_len);
  s_log.shown_context = arena_alloc(sizeof(log_context));
}

static void boot(void) {
  static const char *const kNames[] = { "none", "stash", "bad_context_len", "bad_storage_len" };
  s_log.restore = kRestore_None;
  for (size_t i = 0; !arg_is_null("restore") && i < sizeof(kNames) / sizeof(kNames[0]); i++) {
    if (strcmp(arg_text("restore"), kNames[i]) == 0) {
      s_log.restore = (restore_mode)i;
    }
  }
  const size_t len = (size_t)arg_uint("len");
  if (len > s_log.storage_len) {
    step_abort("the storage is larger than the vector said");
  }
  out_bool("ret", memfault_log_boot(s_log.storage, len));
  s_log.ring = watch_from_zeros(s_log.storage, len);
  s_log.context = log_context_find();
  if (s_log.context == NULL) {
    step_abort("the context of the log buffer is not there or has another size");
  }
}

static void boot_bad(void) {
  out_bool("ret", memfault_log_boot(NULL, s_log.storage_len) || memfault_log_boot(s_log.storage, 0));
}

static void save_preformatted(eMemfaultPlatformLogLevel level) {
  size_t len;
  const char *text = (const char *)arg_bytes("msg", &len);
  if (arg_given("nolock") && arg_bool("nolock")) {
    memfault_log_save_preformatted_nolock(level, text, len);
  } else {
    memfault_log_save_preformatted(level, text, len);
  }
}

#if MEMFAULT_COMPACT_LOG_ENABLE
static void compact_save(eMemfaultPlatformLogLevel level) {
  const uint32_t log_id = log_format_address((uint32_t)arg_uint("log_id"));
  const uint32_t format = (uint32_t)arg_uint("compressed_fmt");
  variadic_words w = variadic_words_from_typed_args("args", 3);
  memfault_compact_log_save(level, log_id, format, VARIADIC_WORDS(w));
}
#endif

static void read_record(void) {
  sMemfaultLog *log = arena_alloc(sizeof(*log));
  const bool ret = memfault_log_read(log);
  out_bool("ret", ret);
  if (!ret) {
    return;
  }
  out_int("level", log->level);
  out_int("type", log->type);
#if MEMFAULT_LOG_TIMESTAMPS_ENABLE
  out_uint("timestamp", log->timestamp);
#endif
  if (log->msg_len >= sizeof(log->msg) || log->msg[log->msg_len] != '\0') {
    step_abort("the message has no end");
  }
  out_bytes("msg", log->msg, log->msg_len);
}

static void regions(void) {
  sMemfaultLogRegions regions;
  const bool ret = memfault_log_get_regions(&regions);
  out_bool("ret", ret);
  if (!ret) {
    return;
  }
  if (regions.region[0].region_start != s_log.context ||
      regions.region[1].region_start != s_log.storage) {
    step_abort("the regions lie elsewhere");
  }
  if (s_log.raw_context) {
    out_uint("context_size", regions.region[0].region_size);
  }
  out_uint("storage_size", regions.region[1].region_size);
}

#if MEMFAULT_LOG_RESTORE_STATE
static void save_state(void) {
  const sMfltLogSaveState live = memfault_log_get_state();
  s_log.saved_context_len = live.context_len;
  s_log.saved_storage_len = live.storage_len;
  out_uint("context_len", live.context_len);
  out_uint("storage_len", live.storage_len);
  if (live.context_len > sizeof(s_log.saved)) {
    step_abort("the context is larger than its layout");
  }
  s_log.saved_storage = guarded_buffer(live.storage_len, 0);
  if (live.context != NULL) {
    memcpy(&s_log.saved, live.context, live.context_len);
    memcpy(s_log.saved_storage, live.storage, live.storage_len);
  }
}
#endif

static bool save_step(void) {
  if (step_is("save_preformatted")) {
    save_preformatted((eMemfaultPlatformLogLevel)arg_uint("level"));
  } else if (step_is("save")) {
    memfault_log_save((eMemfaultPlatformLogLevel)arg_uint("level"), "%s", arg_text("text"));
#if MEMFAULT_COMPACT_LOG_ENABLE
  } else if (step_is("compact_save")) {
    compact_save((eMemfaultPlatformLogLevel)arg_uint("level"));
#endif
  } else if (step_is("set_min_level")) {
    memfault_log_set_min_save_level((eMemfaultPlatformLogLevel)arg_uint("level"));
  } else if (step_is("set_time")) {
    const bool known = !arg_is_null("type");
    environment_set_time(known, known ? (uint32_t)arg_uint("type") : 0,
                         known ? arg_uint("secs") : 0);
  } else {
    return false;
  }
  return true;
}

static bool life_step(void) {
  if (step_is("init")) {
    init();
  } else if (step_is("boot")) {
    boot();
  } else if (step_is("boot_again")) {
    out_bool("ret", memfault_log_boot(s_log.storage, s_log.storage_len));
  } else if (step_is("boot_bad")) {
    boot_bad();
  } else if (step_is("reset")) {
    memfault_log_reset();
  } else if (step_is("power_cycle")) {
    memfault_log_reset();
    memfault_log_data_source_reset();
#if MEMFAULT_LOG_RESTORE_STATE
  } else if (step_is("save_state")) {
    save_state();
#endif
  } else {
    return false;
  }
  return true;
}

bool log_step(void) {
  if (save_step() || life_step()) {
    return true;
  }
  if (step_is("state")) {
    out_bool("booted", memfault_log_booted());
  } else if (step_is("read")) {
    read_record();
  } else if (step_is("regions")) {
    regions();
  } else if (step_is("counts")) {
    out_uint("dropped", memfault_log_get_dropped_count());
    out_uint("recorded", memfault_log_get_recorded_count());
    out_bool("booted", memfault_log_booted());
  } else if (step_is("export_logs")) {
    memfault_log_export_logs();
  } else {
    return false;
  }
  return true;
}
