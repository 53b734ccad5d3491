/* The firmware under test: it crashes, boots and drains, and keeps a record of what its flash
 * may hold. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash.h"
#include "memfault/core/reboot_tracking.h"

#define DEVICE_MAX_IMAGE 1024u
#define NUM_IMAGES 4 /* numbered from 1 */
#define IMAGE_TOO_LARGE 3
#define IMAGE_NEXT 4

/* What outlives a reset, and what a test may expect of the flash. Shared by the processes of a
 * test. */
typedef struct {
  flash_t flash;
  uint8_t retained[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  int stored;      /* the coredump that is in the flash, 0 if none */
  bool destroying; /* it is being erased or cleared: it may still be there */
  int coming;      /* the one that is being saved, 0 if none */
} device_t;

extern device_t *g_device;

/* A test that fails ends its process. */
void device_fail(const char *what) __attribute__((noreturn));

void device_boot(void);

/* What a fault handler does, with the result of saving. */
bool device_crash(int image);

/* Sends everything. True if that was one coredump, which was `image`; false if there was
 * nothing. */
bool device_drain(int image);

/* Whether there is a coredump; one that is not among `allowed` (a bit for each) fails. Returns
 * its number. */
int device_look(unsigned allowed);

/* The coredumps that may be in the flash now, and the one that must be, or 0. */
unsigned device_allowed(void);
int device_required(void);
