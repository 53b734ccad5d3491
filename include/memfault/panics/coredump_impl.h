/* Inside coredumps: for ports and tests (spec 50, 2.3, 7 and 8).
 * Interface only: the library functions of this header arrive with the panics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/inttypes_compat.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/platform/coredump.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Types of blocks in a coredump; they are in the stored format. 3 is retired. */
typedef enum MfltCoredumpBlockType {
  kMfltCoredumpBlockType_CurrentRegisters = 0,
  kMfltCoredumpBlockType_MemoryRegion = 1,
  kMfltCoredumpRegionType_DeviceSerial = 2,
  kMfltCoredumpRegionType_HardwareVersion = 4,
  kMfltCoredumpRegionType_TraceReason = 5,
  kMfltCoredumpRegionType_PaddingRegion = 6,
  kMfltCoredumpRegionType_MachineType = 7,
  kMfltCoredumpRegionType_VendorCoredumpEspIdfV2ToV3_1 = 8,
  kMfltCoredumpRegionType_ArmV6orV7Mpu = 9,
  kMfltCoredumpRegionType_SoftwareVersion = 10,
  kMfltCoredumpRegionType_SoftwareType = 11,
  kMfltCoredumpRegionType_BuildId = 12,
} eMfltCoredumpBlockType;

#if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
  /* C++ has flexible arrays as an extension only. */
  #pragma GCC diagnostic push
  #pragma GCC diagnostic ignored "-Wpedantic"
#endif

/* Memory that was copied earlier and goes into the coredump under its old address. */
typedef struct MfltCachedBlock {
  /* Not 0: the rest is valid. */
  uint32_t valid_cache;
  uint32_t cached_address;
  uint32_t blk_size;
  uint32_t blk[];
} sMfltCachedBlock;

#if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
  #pragma GCC diagnostic pop
#endif

/* Words of such a block with blk_size bytes of data, a multiple of 4. */
#define MEMFAULT_CACHE_BLOCK_SIZE_WORDS(blk_size) \
  ((sizeof(sMfltCachedBlock) + (blk_size)) / sizeof(uint32_t))

/** Bytes that memfault_coredump_save() would write. */
size_t memfault_coredump_get_save_size(const sMemfaultCoredumpSaveInfo *save_info);

/** Regions that the library adds for the architecture, and for its own data. */
const sMfltCoredumpRegion *memfault_coredump_get_arch_regions(size_t *num_regions);
const sMfltCoredumpRegion *memfault_coredump_get_sdk_regions(size_t *num_regions);

#ifdef __cplusplus
}
#endif
