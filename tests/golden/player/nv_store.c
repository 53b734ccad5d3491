#include "nv_store.h"

#include "memfault/config.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/platform/nonvolatile_event_storage.h"

#include <string.h>

#include "memory.h"
#include "recorder.h"
#include "step.h"

typedef struct stored_event {
  uint8_t *data;
  size_t len;
  struct stored_event *next;
} stored_event;

static struct {
  stored_event *oldest;
  size_t read_piece;
  bool persist_inside_callback;
  bool enabled;
  bool write_fails;
} s_store;

void nv_store_reset(void) {
  memset(&s_store, 0, sizeof(s_store));
}

void nv_store_configure(size_t read_piece, bool persist_inside_callback) {
  s_store.read_piece = read_piece;
  s_store.persist_inside_callback = persist_inside_callback;
}

void nv_store_set_enabled(bool enabled) {
  s_store.enabled = enabled;
}

void nv_store_set_write_ok(bool ok) {
  s_store.write_fails = !ok;
}

#if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED

static bool nv_enabled(void) {
  list_bool(call_begin("nv.enabled"), s_store.enabled);
  call_end();
  return s_store.enabled;
}

static bool nv_has_event(size_t *event_length_out) {
  const stored_event *oldest = s_store.oldest;
  *event_length_out = oldest != NULL ? oldest->len : 0;
  json_list *call = call_begin("nv.has_event");
  list_bool(call, oldest != NULL);
  list_uint(call, *event_length_out);
  call_end();
  return oldest != NULL;
}

static bool nv_read(uint32_t offset, void *buf, size_t buf_len) {
  const stored_event *oldest = s_store.oldest;
  const bool inside = oldest != NULL && offset <= oldest->len && buf_len <= oldest->len - offset;
  if (inside && buf_len > 0) {
    memcpy(buf, oldest->data + offset, buf_len);
  }
  json_list *call = call_begin("nv.read");
  list_uint(call, offset);
  list_uint(call, buf_len);
  list_bool(call, inside);
  call_end();
  return inside;
}

static void nv_consume(void) {
  (void)call_begin("nv.consume");
  call_end();
  if (s_store.oldest != NULL) {
    s_store.oldest = s_store.oldest->next;
  }
}

static bool nv_write(MemfaultEventReadCallback reader_callback, size_t total_size) {
  stored_event *event = arena_alloc(sizeof(*event));
  *event = (stored_event){ .data = guarded_buffer(total_size, 0x5A), .len = total_size };
  const size_t piece = s_store.read_piece == 0 ? total_size : s_store.read_piece;
  bool ok = !s_store.write_fails;
  for (size_t at = 0; at < total_size; at += piece) {
    const size_t len = total_size - at < piece ? total_size - at : piece;
    if (!reader_callback((uint32_t)at, event->data + at, len)) {
      step_abort("the reader of a message to be stored failed");
    }
  }
  json_list *call = call_begin("nv.write");
  list_uint(call, total_size);
  list_bytes(call, event->data, total_size);
  list_bool(call, ok);
  call_end();
  if (ok) {
    stored_event **end = &s_store.oldest;
    while (*end != NULL) {
      end = &(*end)->next;
    }
    *end = event;
  }
  return ok;
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
  json_list *call = call_begin("persist_cb");
  list_uint(call, status->volatile_storage.bytes_used);
  list_uint(call, status->volatile_storage.bytes_free);
  call_end();
  if (s_store.persist_inside_callback) {
    const int stored = memfault_event_storage_persist();
    list_int(call_begin("persist"), stored);
    call_end();
  }
}

#endif
