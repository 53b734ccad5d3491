/* The mistakes that this firmware makes, and what it notes down about each. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Written right before a crash, captured in the coredump: what a coredump should agree with. */
typedef struct {
  uint32_t boot;         /* board_boot_count() */
  uint32_t fpu_in_use;   /* the exception stores floating-point registers as well */
  uint32_t word;         /* a number of this crash alone */
  uintptr_t word_address; /* where the crashing function has the same number on its stack */
  uintptr_t sp;          /* stack pointer of the crashing function */
  char kind[24];
} crash_notes_t;

extern crash_notes_t g_crash_notes;

size_t crash_count(void);
const char *crash_name(size_t index);

/* Makes the mistake. Returns only if this processor does not mind. */
void crash_now(size_t index);
