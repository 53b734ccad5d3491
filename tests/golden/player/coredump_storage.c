#include "coredump_storage.h"

#include <string.h>

#include "memfault/panics/coredump.h"
#include "memfault/panics/platform/coredump.h"

#include "memory.h"
#include "recorder.h"
#include "step.h"

#if defined(PLAYER_BUFFERED_WRITE)
  #include "memfault/ports/buffered_coredump_storage.h"
#endif

#define HEADER_LEN 12
#define BLOCK_HEADER_LEN 12
#define MPU_BLOCK 9

typedef struct {
  uint64_t calls;
  uint64_t failing_call;  // counted from 1; 0: none
} countdown;

static struct {
  uint8_t *memory;
  size_t size;
  watched_memory watched;
  countdown reads;
  countdown writes;
  bool erase_fails;
  bool port_begin_fails;
  bool platform_begin_fails;
  bool hidden;
} s_storage;

void coredump_storage_attach(uint8_t *memory, size_t size) {
  memset(&s_storage, 0, sizeof(s_storage));
  s_storage.memory = memory;
  s_storage.size = size;
  s_storage.watched = watch_from_now(memory, size);
}

void coredump_storage_hide_calls(void) {
  s_storage.hidden = true;
}

void coredump_storage_heal(void) {
  s_storage.reads = s_storage.writes = (countdown){ 0 };
  s_storage.erase_fails = s_storage.port_begin_fails = s_storage.platform_begin_fails = false;
}

void coredump_storage_fail(const char *hook, uint64_t nth) {
  if (strcmp(hook, "read") == 0) {
    s_storage.reads = (countdown){ .failing_call = nth };
  } else if (strcmp(hook, "write") == 0) {
    s_storage.writes = (countdown){ .failing_call = nth };
  } else if (strcmp(hook, "erase") == 0) {
    s_storage.erase_fails = true;
  } else if (strcmp(hook, "port_save_begin") == 0) {
    s_storage.port_begin_fails = true;
  } else if (strcmp(hook, "platform_save_begin") == 0) {
    s_storage.platform_begin_fails = true;
  } else {
    step_abort("unknown hook");
  }
}

void coredump_storage_out_change(void) {
  size_t at;
  size_t len;
  if (s_storage.memory != NULL && watch_changes(&s_storage.watched, &at, &len)) {
    out_change("storage", at, s_storage.memory + at, len);
  }
}

static uint32_t word_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

void coredump_storage_out_image(const char *key, const char *block_key, const char *mask) {
  const uint32_t size = word_at(s_storage.memory + 8);
  if (memcmp(s_storage.memory, "CORE", 4) != 0 || size > s_storage.size) {
    step_abort("there is no coredump");
  }
  uint8_t *image = arena_alloc(size);
  memcpy(image, s_storage.memory, size);
  uint8_t *registers = image + HEADER_LEN + BLOCK_HEADER_LEN;
  const uint32_t registers_len = word_at(registers - 4);
  for (size_t i = 0; i < arg_count(mask); i++) {
    const size_t at = (size_t)arg_uint(item_key(mask, i, "at"));
    memset(registers + at, 0, (size_t)arg_uint(item_key(mask, i, "len")));
  }
  for (size_t at = HEADER_LEN; at + BLOCK_HEADER_LEN <= size;) {
    if (image[at] == MPU_BLOCK) {
      memset(image + at + 4, 0, 4);
    }
    at += BLOCK_HEADER_LEN + word_at(image + at + 8);
  }
  if (block_key != NULL) {
    out_bytes(block_key, registers, registers_len);
  }
  out_bytes(key, image, size);
}

// --- hooks ---

static bool fails(countdown *hook) {
  hook->calls++;
  return hook->calls == hook->failing_call;
}

static void record_access(const char *name, uint32_t offset, size_t len, bool ok) {
  if (s_storage.hidden) {
    return;
  }
  json_list *call = call_begin(name);
  list_uint(call, offset);
  list_uint(call, len);
  list_bool(call, ok);
  call_end();
}

static bool inside(uint32_t offset, size_t len) {
  return offset <= s_storage.size && len <= s_storage.size - offset;
}

static bool hook_result(const char *name, bool ok) {
  if (!s_storage.hidden) {
    list_bool(call_begin(name), ok);
    call_end();
  }
  return ok;
}

bool memfault_port_coredump_save_begin(void) {
  return hook_result("port_save_begin", !s_storage.port_begin_fails);
}

bool memfault_platform_coredump_save_begin(void) {
  return hook_result("platform_save_begin", !s_storage.platform_begin_fails);
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  static const sMfltCoredumpStorageInfo kZeroed;
  if (memcmp(info, &kZeroed, sizeof(kZeroed)) != 0) {
    step_abort("the storage information is not zeroed");
  }
  if (!s_storage.hidden) {
    list_uint(call_begin("get_info"), s_storage.size);
    call_end();
  }
  *info = (sMfltCoredumpStorageInfo){ .size = s_storage.size, .sector_size = s_storage.size };
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  const bool ok = !fails(&s_storage.reads) && inside(offset, read_len);
  record_access("read", offset, read_len, ok);
  if (ok) {
    memcpy(data, s_storage.memory + offset, read_len);
  }
  return ok;
}

#if defined(PLAYER_BUFFERED_WRITE)

bool memfault_platform_coredump_storage_buffered_write(sCoredumpWorkingBuffer *blk) {
  const bool ok = !fails(&s_storage.writes) && inside(blk->write_offset, sizeof(blk->data));
  if (!s_storage.hidden) {
    json_list *call = call_begin("page_write");
    list_uint(call, blk->write_offset);
    list_bytes(call, blk->data, sizeof(blk->data));
    list_bool(call, ok);
    call_end();
  }
  if (ok) {
    memcpy(s_storage.memory + blk->write_offset, blk->data, sizeof(blk->data));
  }
  return ok;
}

#else

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  const bool ok = !fails(&s_storage.writes) && inside(offset, data_len);
  record_access("write", offset, data_len, ok);
  if (ok) {
    memcpy(s_storage.memory + offset, data, data_len);
  }
  return ok;
}

#endif

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  const bool ok = !s_storage.erase_fails && inside(offset, erase_size);
  record_access("erase", offset, erase_size, ok);
  if (ok) {
    memset(s_storage.memory + offset, 0xFF, erase_size);
  }
  return ok;
}

// The one hook that is shown while chunks are drained.
void memfault_platform_coredump_storage_clear(void) {
  if (!s_storage.hidden) {
    const bool before = trace_calls(true);
    (void)call_begin("clear");
    call_end();
    (void)trace_calls(before);
  }
  if (s_storage.size > 0) {
    s_storage.memory[0] = 0;
  }
}
