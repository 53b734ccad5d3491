/* What the platform does for coredumps (spec 50, chapters 2 and 12).
 * Interface only: the library functions that call these hooks arrive with the panics component.
 *
 * The firmware or a port defines these functions; all but reading and clearing have to work in a
 * fault handler, with interrupts off.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/core/inttypes_compat.h"
#include "memfault/core/reboot_reason_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Registers at the time of the crash; memfault/panics/arch has the members. */
typedef struct MfltRegState sMfltRegState;

typedef enum MfltCoredumpRegionType {
  /* Ordinary memory, read with accesses of any size. */
  kMfltCoredumpRegionType_Memory,
  /* Registers of peripherals, read as aligned 32-bit words. */
  kMfltCoredumpRegionType_MemoryWordAccessOnly,
  kMfltCoredumpRegionType_ImageIdentifier,
  kMfltCoredumpRegionType_ArmV6orV7MpuUnrolled,
  /* region_start points to an sMfltCachedBlock. */
  kMfltCoredumpRegionType_CachedMemory,
} eMfltCoredumpRegionType;

typedef struct MfltCoredumpRegion {
  eMfltCoredumpRegionType type;
  const void *region_start;
  uint32_t region_size;
} sMfltCoredumpRegion;

/* A region of ordinary memory. */
#ifdef __cplusplus
  #define MEMFAULT_COREDUMP_MEMORY_REGION_INIT(_start, _size)              \
    sMfltCoredumpRegion {                                                  \
      kMfltCoredumpRegionType_Memory, _start, static_cast<uint32_t>(_size) \
    }
#else
  #define MEMFAULT_COREDUMP_MEMORY_REGION_INIT(_start, _size)                              \
    (sMfltCoredumpRegion) {                                                                \
      .type = kMfltCoredumpRegionType_Memory, .region_start = _start, .region_size = _size \
    }
#endif

typedef struct CoredumpCrashInfo {
  /* Top of the stack that was in use. */
  void *stack_address;
  eMemfaultRebootReason trace_reason;
  const sMfltRegState *exception_reg_state;
} sCoredumpCrashInfo;

/**
 * Lists what is to be captured. The list has to stay valid until the coredump is saved. Also called
 * outside of a crash, to find the size of a coredump.
 */
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions);

/** How many of desired_size bytes from start_addr can be read; 0 if none. For the list above. */
size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size);

typedef struct MfltCoredumpStorageInfo {
  /* Bytes of the storage; 0 means that there is none. */
  size_t size;
  /* Bytes of the smallest area that can be erased. */
  size_t sector_size;
} sMfltCoredumpStorageInfo;

/** Describes the storage. */
void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info);

/**
 * Writes data_len bytes at offset, both of any alignment. In ascending order, and the start again
 * at the end. False on failure.
 */
bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len);

/** Reads read_len bytes at offset. False on failure and when out of range. */
bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len);

/** Erases; called for the whole storage. False on failure. */
bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size);

/** Makes the coredump invalid: its first byte must not read as before. Not called in a crash. */
void memfault_platform_coredump_storage_clear(void);

/**
 * Reads the coredump for the packetizer. Weak: the read function above. Override it where the
 * storage cannot be read at once.
 */
extern bool memfault_coredump_read(uint32_t offset, void *buf, size_t buf_len);

/**
 * Prepare the storage for a coredump, for the application and for ports; false prevents it. Weak:
 * true.
 */
extern bool memfault_platform_coredump_save_begin(void);
extern bool memfault_port_coredump_save_begin(void);

#ifdef __cplusplus
}
#endif
