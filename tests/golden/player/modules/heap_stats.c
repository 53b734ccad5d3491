#include "memfault/core/heap_stats.h"

#include <string.h>

#include "memfault/core/heap_stats_impl.h"

#include "memory.h"
#include "module.h"
#include "step.h"

static sMfltHeapStatEntry *s_shown;

void module_reset(void) {
  s_shown = arena_alloc(sizeof(g_memfault_heap_stats_pool));
}

static const void *address(const char *key) {
  return (const void *)(uintptr_t)arg_uint(key);
}

// Field by field: the padding is left out.
static void out_stats(void) {
  static sMfltHeapStats shown;
  if (step_is("initial")) {
    memset(&shown, 0, sizeof(shown));
  }
  const sMfltHeapStats *live = &g_memfault_heap_stats;
  sMfltHeapStats now;
  memset(&now, 0, sizeof(now));
  now.version = live->version;
  now.in_use_block_count = live->in_use_block_count;
  now.max_in_use_block_count = live->max_in_use_block_count;
  now.stats_pool_head = live->stats_pool_head;
  if (memcmp(&now, &shown, sizeof(now)) != 0) {
    out_bytes("stats", &now, sizeof(now));
  }
  shown = now;
}

static void out_pool(void) {
  json_list changed = { 0 };
  for (size_t i = 0; i < MEMFAULT_HEAP_STATS_MAX_COUNT; i++) {
    const sMfltHeapStatEntry *live = &g_memfault_heap_stats_pool[i];
    sMfltHeapStatEntry now;
    memset(&now, 0, sizeof(now));
    now.lr = live->lr;
    now.ptr = live->ptr;
    now.info.size = live->info.size;
    now.info.in_use = live->info.in_use;
    now.info.next_entry_index = live->info.next_entry_index;
    if (memcmp(&now, &s_shown[i], sizeof(now)) != 0) {
      list_open(&changed);
      list_uint(&changed, i);
      list_bytes(&changed, &now, sizeof(now));
      list_close(&changed);
      memcpy(&s_shown[i], &now, sizeof(now));
    }
  }
  if (changed.len > 0) {
    out_list("pool", &changed);
  }
}

void module_step(void) {
  if (step_is("init")) {
    if (arg_uint("entry_size") != sizeof(sMfltHeapStatEntry) ||
        arg_uint("pool_size") != sizeof(g_memfault_heap_stats_pool)) {
      step_abort("the objects have other sizes");
    }
    return;
  }
  if (step_is("initial")) {
    out_bool("empty", memfault_heap_stats_empty());
  } else if (step_is("malloc")) {
    memfault_heap_stats_malloc(address("lr"), address("ptr"), (size_t)arg_uint("size"));
  } else if (step_is("free")) {
    memfault_heap_stats_free(address("ptr"));
  } else if (step_is("reset")) {
    memfault_heap_stats_reset();
  } else if (step_is("empty")) {
    out_bool("ret", memfault_heap_stats_empty());
  } else if (step_is("increment_in_use_block_count")) {
    memfault_heap_stats_increment_in_use_block_count();
  } else if (step_is("decrement_in_use_block_count")) {
    memfault_heap_stats_decrement_in_use_block_count();
  } else {
    step_abort("unknown operation");
  }
  out_stats();
  out_pool();
}
