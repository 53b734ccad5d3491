#include "recordings.h"

#include <string.h>

#include "memory.h"
#include "recorder.h"
#include "step.h"

typedef struct recording {
  sMemfaultCdrMetadata metadata;
  const uint8_t *data;
  struct recording *next;
} recording;

static struct {
  recording *oldest;
  bool reads_fail;
} s_source[RECORDING_SOURCES];

void recordings_reset(void) {
  memset(s_source, 0, sizeof(s_source));
}

static size_t checked(size_t source) {
  if (source >= RECORDING_SOURCES) {
    step_abort("more sources of recordings than the player has");
  }
  return source;
}

void recordings_add(size_t source, const sMemfaultCdrMetadata *metadata, const uint8_t *data) {
  recording *added = arena_alloc(sizeof(*added));
  *added = (recording){ .metadata = *metadata, .data = data };
  recording **end = &s_source[checked(source)].oldest;
  while (*end != NULL) {
    end = &(*end)->next;
  }
  *end = added;
}

void recordings_fail_reads(size_t source, bool fail) {
  s_source[checked(source)].reads_fail = fail;
}

static bool has_cdr(size_t source, sMemfaultCdrMetadata *metadata) {
  const recording *oldest = s_source[source].oldest;
  json_list *call = call_begin("has_cdr");
  list_uint(call, source);
  list_bool(call, oldest != NULL);
  call_end();
  if (oldest != NULL) {
    *metadata = oldest->metadata;
  }
  return oldest != NULL;
}

static bool read_data(size_t source, uint32_t offset, void *data, size_t data_len) {
  const recording *oldest = s_source[source].oldest;
  if (oldest == NULL || offset > oldest->metadata.data_size_bytes ||
      data_len > oldest->metadata.data_size_bytes - offset) {
    step_abort("the library read outside of the recording");
  }
  const bool ok = !s_source[source].reads_fail;
  if (ok && data_len > 0) {
    memcpy(data, oldest->data + offset, data_len);
  }
  json_list *call = call_begin("read_data");
  list_uint(call, source);
  list_uint(call, offset);
  list_uint(call, data_len);
  list_bool(call, ok);
  call_end();
  return ok;
}

static void mark_read(size_t source) {
  list_uint(call_begin("mark_cdr_read"), source);
  call_end();
  recording *oldest = s_source[source].oldest;
  if (oldest == NULL) {
    step_abort("the library marked a recording that does not exist");
  }
  s_source[source].oldest = oldest->next;
  s_source[source].reads_fail = false;  // it was the recording that could not be read
}

// The callbacks have no argument; these know for which source they are called.
#define FOR_EACH_SOURCE(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define DEFINE_CALLBACKS(n)                                              \
  static bool has_cdr_##n(sMemfaultCdrMetadata *metadata) {              \
    return has_cdr(n, metadata);                                         \
  }                                                                      \
  static bool read_data_##n(uint32_t offset, void *data, size_t len) {   \
    return read_data(n, offset, data, len);                              \
  }                                                                      \
  static void mark_read_##n(void) {                                      \
    mark_read(n);                                                        \
  }
FOR_EACH_SOURCE(DEFINE_CALLBACKS)

#define CALLBACKS(n)                                                     \
  { .has_cdr_cb = has_cdr_##n, .read_data_cb = read_data_##n,            \
    .mark_cdr_read_cb = mark_read_##n },
static const sMemfaultCdrSourceImpl kSources[RECORDING_SOURCES] = { FOR_EACH_SOURCE(CALLBACKS) };

const sMemfaultCdrSourceImpl *recordings_source(size_t source) {
  return &kSources[checked(source)];
}
