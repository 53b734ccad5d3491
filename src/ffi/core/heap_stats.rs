//! `memfault/core/heap_stats.h` (spec 30 section 11): heap statistics, who holds the memory. Firmware calls the macros from its allocator.

use super::heap_stats_impl::{g_memfault_heap_stats, stats, with_lock};
use crate::ffi::core::sdk_assert::sdk_assert;
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/core/compiler.h"
// |
// | /**
// |  * A block of size_ bytes at ptr_ was allocated for the caller of the current function; ptr_ may be
// |  * NULL. A statement.
// |  */
// | #define MEMFAULT_HEAP_STATS_MALLOC(ptr_, size_)            \
// |   do {                                                     \
// |     void *mflt_heap_lr;                                    \
// |     MEMFAULT_GET_LR(mflt_heap_lr);                         \
// |     memfault_heap_stats_malloc(mflt_heap_lr, ptr_, size_); \
// |   } while (0)
// |
// | /** The block at ptr_ was freed; ptr_ may be NULL. A statement. */
// | #define MEMFAULT_HEAP_STATS_FREE(ptr_) \
// |   do {                                 \
// |     memfault_heap_stats_free(ptr_);    \
// |   } while (0)

/// Records a block of `size` bytes at `ptr` for the code at `lr`.
///
/// The latest `MEMFAULT_HEAP_STATS_MAX_COUNT` allocations are kept. NULL, a failed allocation, is not recorded. Takes the lock
/// once, unless `MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE` is 0. A damaged list, which means that the lock is missing, is an SDK
/// assert. Spec 30 section 11.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_malloc(lr: *const c_void, ptr: *const c_void, size: usize) {
    with_lock(|| {
        if !ptr.is_null() {
            sdk_assert(stats().malloc(lr as usize, ptr as usize, size).is_ok());
        }
    });
}

/// Records that the block at `ptr` was freed, whether it is known or not; NULL is not recorded. Locks like
/// `memfault_heap_stats_malloc`. Spec 30 section 11.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_free(ptr: *const c_void) {
    with_lock(|| {
        if !ptr.is_null() {
            stats().free(ptr as usize);
        }
    });
}

/// One block less is in use: for ports that set `MEMFAULT_IN_USE_BLOCK_COUNT_AUTOMATIC` to 0 and count by hand. 0 becomes
/// 0xFFFFFFFF. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_decrement_in_use_block_count() {
    g_memfault_heap_stats.decrement();
}

/// One block more is in use, see `memfault_heap_stats_decrement_in_use_block_count`. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_heap_stats_increment_in_use_block_count() {
    g_memfault_heap_stats.increment();
}
