// Memory of one vector: everything is allocated here, nothing is freed, and buffers are watched
// for stray writes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Zeroed memory that lives until the end of the vector. Ends the vector when there is none left.
void *arena_alloc(size_t size);

// Gives back all memory and forgets all guarded buffers.
void arena_reset(void);

// A buffer of `len` bytes of `fill` at an odd address, between bytes that must never change.
uint8_t *guarded_buffer(size_t len, uint8_t fill);

// True as long as nobody wrote next to a guarded buffer.
bool guards_intact(void);

// Memory whose changes are part of the results.
typedef struct {
  const uint8_t *memory;
  uint8_t *shown;
  size_t len;
} watched_memory;

// Starts watching; the first change is counted from zeros.
watched_memory watch_from_zeros(const uint8_t *memory, size_t len);

// Starts watching; the first change is counted from the present content.
watched_memory watch_from_now(const uint8_t *memory, size_t len);

// Finds the smallest range that covers all bytes changed since the last call. False: nothing
// changed.
bool watch_changes(watched_memory *watched, size_t *at, size_t *len);
