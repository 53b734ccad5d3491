#include "regions.h"

#include <string.h>

#include "memfault/panics/coredump_impl.h"

#include "fixed_memory.h"
#include "memory.h"
#include "step.h"

static void place_cached_block(uint32_t address, const char *list, size_t index,
                               const uint8_t *data, size_t len) {
  sMfltCachedBlock *block = (void *)fixed_memory(address, sizeof(sMfltCachedBlock) + len);
  block->valid_cache = (uint32_t)arg_uint(item_key(list, index, "valid"));
  block->cached_address = (uint32_t)arg_uint(item_key(list, index, "cached_address"));
  block->blk_size = (uint32_t)arg_uint(item_key(list, index, "blk_size"));
  memcpy(block->blk, data, len);
}

static sMfltCoredumpRegion region(const char *list, size_t index) {
  const uint32_t address = (uint32_t)arg_uint(item_key(list, index, "addr"));
  sMfltCoredumpRegion region;
  // What a compiler with narrow enums leaves beside the type.
  memset(&region, 0xA5, sizeof(region));
  region.type = (eMfltCoredumpRegionType)arg_uint(item_key(list, index, "type"));
  region.region_start = (const void *)(uintptr_t)address;
  region.region_size = (uint32_t)arg_uint(item_key(list, index, "size"));
  if (arg_given(item_key(list, index, "data"))) {
    size_t len;
    const uint8_t *data = arg_bytes(item_key(list, index, "data"), &len);
    if (arg_given(item_key(list, index, "valid"))) {
      place_cached_block(address, list, index, data, len);
    } else {
      memcpy(fixed_memory(address, len), data, len);
    }
  }
  return region;
}

void regions_append(region_list *list, const char *argument) {
  const size_t added = arg_count(argument);
  sMfltCoredumpRegion *regions = arena_alloc((list->count + added) * sizeof(*regions));
  if (list->count > 0) {
    memcpy(regions, list->regions, list->count * sizeof(*regions));
  }
  for (size_t i = 0; i < added; i++) {
    regions[list->count + i] = region(argument, i);
  }
  list->regions = regions;
  list->count += added;
}
