/* Coredumps: saving and sending what a crash left behind (spec 50, chapters 4 to 6).
 * Interface only: the library functions of this header arrive with the panics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/inttypes_compat.h"
#include "memfault/core/reboot_reason_types.h"
#include "memfault/panics/platform/coredump.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct MemfaultCoredumpSaveInfo {
  /* Registers, in the form of the coredump format. */
  const void *regs;
  size_t regs_size;
  eMemfaultRebootReason trace_reason;
  const sMfltCoredumpRegion *regions;
  size_t num_regions;
} sMemfaultCoredumpSaveInfo;

/**
 * Saves a coredump. False if there are no regions, the storage does not work or is too small, or it
 * holds one that was not sent yet.
 */
bool memfault_coredump_save(const sMemfaultCoredumpSaveInfo *save_info);

/**
 * Handles a crash: marks the reset, saves a coredump, reboots. Called by the exception handlers and
 * by ports.
 */
void memfault_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason);

/**
 * First thing in a crash, to feed a watchdog for example. Weak, does nothing. Cortex-M, Arm v7-A/R
 * and AArch64.
 */
extern void memfault_platform_fault_handler(const sMfltRegState *regs,
                                            eMemfaultRebootReason reason);

/** Is the storage large enough for a coredump as of now? Logs an error if not. */
bool memfault_coredump_storage_check_size(void);

/** Bytes that a coredump would have now. */
size_t memfault_coredump_storage_compute_size_required(void);

/** The same, and the bytes of the storage. */
void memfault_coredump_size_and_storage_capacity(size_t *total_size, size_t *capacity);

/**
 * Is there a coredump that was not sent yet? Its size in bytes goes to *total_size_out, which may
 * be NULL.
 */
bool memfault_coredump_has_valid_coredump(size_t *total_size_out);

/**
 * Test of the storage driver; overwrites the storage. The first part runs with interrupts off, the
 * second prints the result, which both return.
 */
bool memfault_coredump_storage_debug_test_begin(void);
bool memfault_coredump_storage_debug_test_finish(void);

#if MEMFAULT_CACHE_FAULT_REGS
/** Copies the fault status registers before something else clears them. Cortex-M. */
void memfault_coredump_cache_fault_regs(void);
#endif

#ifdef __cplusplus
}
#endif
