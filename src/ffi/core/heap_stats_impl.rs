//! `memfault/core/heap_stats_impl.h` (spec 30 section 11.1): inside the heap statistics. Tools find the two objects by name in a
//! coredump, so layout and names are fixed.

use super::platform::overrides::PlatformLock;
use crate::config::Config;
use crate::diagnostics::heap_stats::{Entry, HeapStats, LIST_END, Totals};
use crate::events::storage::Lock;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/config.h"
// |
// | /** Memory regions that a coredump needs for them. */
// | #define MEMFAULT_HEAP_STATS_NUM_RAM_REGIONS (2)
// |
// | /** Index that ends the list in the pool. */
// | #define MEMFAULT_HEAP_STATS_LIST_END UINT16_MAX
// |
// | /** One allocation. */
// | typedef struct MfltHeapStatEntry {
// |   /** The code that allocated the block. */
// |   const void *lr;
// |   /** The block. */
// |   const void *ptr;
// |   /** What is known about it. */
// |   struct {
// |     /** Bytes of the block; 0 and not in use: the entry was never used. */
// |     uint32_t size : 31;
// |     /** It was not freed yet. */
// |     uint32_t in_use : 1;
// |     /** The entry allocated before this one, or MEMFAULT_HEAP_STATS_LIST_END. */
// |     uint16_t next_entry_index;
// |   } info;
// | } sMfltHeapStatEntry;
// |
// | /** Numbers about all allocations. */
// | typedef struct MfltHeapStats {
// |   /** Layout of these two structures: 2. */
// |   uint8_t version;
// |   /** Blocks in use now. */
// |   uint32_t in_use_block_count;
// |   /** The most there were. */
// |   uint32_t max_in_use_block_count;
// |   /** The newest entry in use, or MEMFAULT_HEAP_STATS_LIST_END. */
// |   uint16_t stats_pool_head;
// | } sMfltHeapStats;
// |
// | /** The statistics and their entries. */
// | extern sMfltHeapStats g_memfault_heap_stats;
// | extern sMfltHeapStatEntry g_memfault_heap_stats_pool[MEMFAULT_HEAP_STATS_MAX_COUNT];

const POOL_LEN: usize = Firmware::HEAP_STATS_MAX_COUNT;
const _: () = assert!(POOL_LEN < LIST_END as usize);

/// The statistics.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_heap_stats: Global<Totals> = Global::new(Totals::new());

/// Their entries.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_heap_stats_pool: Global<[Entry; POOL_LEN]> =
    Global::new([const { Entry::never_used() }; POOL_LEN]);

/// The statistics over the two objects.
pub(super) fn stats() -> HeapStats<'static, Firmware> {
    HeapStats::new(&g_memfault_heap_stats, &*g_memfault_heap_stats_pool)
}

/// Runs `change` under the lock of the firmware, unless an option says that it needs none.
pub(super) fn with_lock(change: impl FnOnce()) {
    if Firmware::COREDUMP_HEAP_STATS_LOCK_ENABLE {
        PlatformLock.lock();
    }
    change();
    if Firmware::COREDUMP_HEAP_STATS_LOCK_ENABLE {
        PlatformLock.unlock();
    }
}

/// Forgets everything, under the lock. For tests.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_reset() {
    with_lock(|| stats().reset());
}

/// Was nothing ever recorded? No lock; callable in a fault handler.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_empty() -> bool {
    stats().is_empty()
}
