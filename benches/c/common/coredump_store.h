/*
 * The coredump of the coredump rows: 19 register words and one region of 32 KiB, saved into a store
 * in RAM. The SDK's storage hooks are in coredump_store.c.
 */
#pragma once

#include "memfault/panics/coredump.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COREDUMP_REGION_LEN 32768u
#define COREDUMP_STORE_LEN 34816u

extern uint8_t g_coredump_store[COREDUMP_STORE_LEN];

/* What to save; the region is the first half of the payload "mix". */
extern const sMemfaultCoredumpSaveInfo g_coredump_save_info;

typedef enum {
  kStore_Copies,
  kStore_Discards, /* writing and erasing say "done" and do nothing */
  kStore_Counts,   /* copies, and counts calls */
} coredump_store_mode;

typedef struct {
  uint32_t writes;
  uint32_t write_bytes;
  uint32_t reads;
  uint32_t erases;
} coredump_store_totals;

extern coredump_store_totals g_coredump_store_totals;

/* Makes the region and checks it. */
void coredump_store_prepare(void);

/* Empties the store and sets what the hooks do from now on. */
void coredump_store_reset(coredump_store_mode mode);
