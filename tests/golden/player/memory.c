#include "memory.h"

#include <string.h>

#include "step.h"

#define GUARD_LEN 16
#define GUARD_BYTE 0xC7
#define MAX_GUARDED_BUFFERS 4096

#if defined(__arm__)
#define ARENA_SIZE (15u * 1024 * 1024)
static uint8_t s_arena[ARENA_SIZE] __attribute__((aligned(16), section(".psram")));
#else
#define ARENA_SIZE (64u * 1024 * 1024)
static uint8_t s_arena[ARENA_SIZE] __attribute__((aligned(16)));
#endif
static size_t s_used;
static struct {
  const uint8_t *start;
  size_t len;
} s_guarded[MAX_GUARDED_BUFFERS];
static size_t s_guarded_count;

void *arena_alloc(size_t size) {
  if (size > ARENA_SIZE - s_used) {
    step_abort("the vector needs too much memory");
  }
  void *start = &s_arena[s_used];
  s_used += (size + 15) / 16 * 16;
  if (s_used > ARENA_SIZE) {
    s_used = ARENA_SIZE;
  }
  memset(start, 0, size);
  return start;
}

void arena_reset(void) {
  s_used = 0;
  s_guarded_count = 0;
}

uint8_t *guarded_buffer(size_t len, uint8_t fill) {
  if (s_guarded_count == MAX_GUARDED_BUFFERS) {
    step_abort("the vector needs too many buffers");
  }
  // An odd address finds code that wrongly assumes an alignment.
  uint8_t *all = (uint8_t *)arena_alloc(len + 2 * GUARD_LEN + 1) + 1;
  memset(all, GUARD_BYTE, len + 2 * GUARD_LEN);
  uint8_t *start = all + GUARD_LEN;
  memset(start, fill, len);
  s_guarded[s_guarded_count].start = start;
  s_guarded[s_guarded_count].len = len;
  s_guarded_count++;
  return start;
}

bool guards_intact(void) {
  for (size_t i = 0; i < s_guarded_count; i++) {
    const uint8_t *before = s_guarded[i].start - GUARD_LEN;
    const uint8_t *after = s_guarded[i].start + s_guarded[i].len;
    for (size_t k = 0; k < GUARD_LEN; k++) {
      if (before[k] != GUARD_BYTE || after[k] != GUARD_BYTE) {
        return false;
      }
    }
  }
  return true;
}

watched_memory watch_from_zeros(const uint8_t *memory, size_t len) {
  return (watched_memory){ .memory = memory, .shown = arena_alloc(len), .len = len };
}

watched_memory watch_from_now(const uint8_t *memory, size_t len) {
  watched_memory watched = watch_from_zeros(memory, len);
  memcpy(watched.shown, memory, len);
  return watched;
}

bool watch_changes(watched_memory *watched, size_t *at, size_t *len) {
  size_t first = 0;
  while (first < watched->len && watched->memory[first] == watched->shown[first]) {
    first++;
  }
  if (first == watched->len) {
    return false;
  }
  size_t end = watched->len;
  while (watched->memory[end - 1] == watched->shown[end - 1]) {
    end--;
  }
  memcpy(watched->shown + first, watched->memory + first, end - first);
  *at = first;
  *len = end - first;
  return true;
}
