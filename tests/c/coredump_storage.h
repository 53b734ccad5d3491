/* A storage in RAM that keeps a record of its calls, fails on request, and calls the test from
 * its hooks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORAGE_MAX 1280u

typedef struct {
  uint8_t bytes[STORAGE_MAX + 16]; /* the last 16 are not part of it */
  size_t size;
  bool write_once; /* a byte that is not 0xff is not written */
  unsigned infos;
  unsigned begins;
  unsigned reads;
  unsigned writes;
  unsigned erases;
  unsigned clears;
  unsigned after_failure; /* writes after one that failed */
  bool out_of_order;
  uint32_t next_offset;
  /* The call that fails, counted from 1; 0 for none. */
  unsigned fail_read;
  unsigned fail_write;
  bool fail_erase;
  bool fail_port_begin;
  bool fail_platform_begin;
  bool failed;
  /* Called once, from the next call of that kind. */
  void (*on_read)(void);
  void (*on_write)(void);
  void (*on_erase)(void);
  void (*on_clear)(void);
} storage_t;

extern storage_t g_storage;

/* Empties it and forgets everything. */
void storage_reset(size_t size);

/* Forgets the calls, and what was to fail; the content stays. */
void storage_forget(void);

/* Nothing behind the end was written. */
bool storage_kept_its_limits(void);
