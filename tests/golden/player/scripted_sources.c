#include "scripted_sources.h"

#include <string.h>

#include "memory.h"
#include "recorder.h"
#include "step.h"

typedef struct message {
  const uint8_t *data;
  size_t len;
  struct message *next;
} message;

typedef struct {
  const char *name;
  message *oldest;
  uint64_t failing_reads;
} source;

static source s_coredump, s_event, s_log, s_cdr;

void sources_reset(void) {
  s_coredump = (source){ .name = "coredump" };
  s_event = (source){ .name = "event" };
  s_log = (source){ .name = "log" };
  s_cdr = (source){ .name = "cdr" };
}

static source *find(const char *name) {
  source *all[] = { &s_coredump, &s_event, &s_log, &s_cdr };
  for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
    if (strcmp(all[i]->name, name) == 0) {
      return all[i];
    }
  }
  step_abort("unknown source");
}

void source_add(const char *name, const uint8_t *data, size_t len) {
  message *new_message = arena_alloc(sizeof(message));
  *new_message = (message){ .data = data, .len = len, .next = NULL };
  message **end = &find(name)->oldest;
  while (*end != NULL) {
    end = &(*end)->next;
  }
  *end = new_message;
}

void source_fail_reads(const char *name, uint64_t count) {
  find(name)->failing_reads += count;
}

static bool has_more(const source *from, size_t *size) {
  json_list *call = call_begin("has_more");
  list_string(call, from->name);
  list_bool(call, from->oldest != NULL);
  if (from->oldest != NULL) {
    *size = from->oldest->len;
    list_uint(call, *size);
  }
  call_end();
  return from->oldest != NULL;
}

static bool read_message(source *from, uint32_t offset, void *buf, size_t buf_len) {
  const message *oldest = from->oldest;
  if (oldest == NULL || offset > oldest->len || buf_len > oldest->len - offset) {
    step_abort("the library read outside of the message");
  }
  const bool fails = from->failing_reads > 0;
  if (fails) {
    from->failing_reads--;
  } else if (buf_len > 0) {
    memcpy(buf, oldest->data + offset, buf_len);
  }
  json_list *call = call_begin("read");
  list_string(call, from->name);
  list_uint(call, offset);
  list_uint(call, buf_len);
  list_bool(call, !fails);
  call_end();
  return !fails;
}

static void mark_read(source *from) {
  list_string(call_begin("mark"), from->name);
  call_end();
  if (from->oldest == NULL) {
    step_abort("the library marked a message that does not exist");
  }
  from->oldest = from->oldest->next;
}

#define DEFINE_SOURCE(object, state)                                       \
  static bool state##_has_more(size_t *size) {                             \
    return has_more(&state, size);                                         \
  }                                                                        \
  static bool state##_read(uint32_t offset, void *buf, size_t buf_len) {   \
    return read_message(&state, offset, buf, buf_len);                     \
  }                                                                        \
  static void state##_mark_read(void) {                                    \
    mark_read(&state);                                                     \
  }                                                                        \
  const sMemfaultDataSourceImpl object = {                                 \
    .has_more_msgs_cb = state##_has_more,                                  \
    .read_msg_cb = state##_read,                                           \
    .mark_msg_read_cb = state##_mark_read,                                 \
  };

DEFINE_SOURCE(g_memfault_coredump_data_source, s_coredump)
DEFINE_SOURCE(g_memfault_event_data_source, s_event)
DEFINE_SOURCE(g_memfault_log_data_source, s_log)
DEFINE_SOURCE(g_memfault_cdr_source, s_cdr)
