//! `memfault/core/log_impl.h` (spec 30 section 6.6): inside the log buffer, for coredumps and tests.

use super::log::{LOG, Log, STATE_LEN};
use core::ffi::c_void;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | /** Memory regions that a coredump needs for its logs. */
// | #define MEMFAULT_LOG_NUM_RAM_REGIONS 2

const NUM_RAM_REGIONS: usize = 2;

// C header:
// | /** A piece of memory. */
// | typedef struct {
// |   /** Where it begins. */
// |   const void *region_start;
// |   /** Its length in bytes. */
// |   uint32_t region_size;
// | } sMemfaultLogMemoryRegion;
// |
// | /** What a coredump needs. */
// | typedef struct {
// |   /** State of the log buffer, then its storage. */
// |   sMemfaultLogMemoryRegion region[MEMFAULT_LOG_NUM_RAM_REGIONS];
// | } sMemfaultLogRegions;

/// A piece of memory.
/// cbindgen:ignore
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultLogMemoryRegion {
    /// Where it begins.
    pub region_start: *const c_void,
    /// Its length in bytes.
    pub region_size: u32,
}

/// What a coredump needs.
/// cbindgen:ignore
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultLogRegions {
    /// State of the log buffer, then its storage.
    pub region: [sMemfaultLogMemoryRegion; NUM_RAM_REGIONS],
}

/// Forgets the log buffer; its bytes stay. For tests.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_reset() {
    LOG.reset();
    LOG.memory().0.set(ptr::null_mut());
}

/// Tells where the log lies. False, and `*regions` is left alone: there is no log buffer, its state was overwritten, or NULL.
///
/// No lock; callable in a fault handler. Spec 30 section 6.6.
///
/// # Safety
/// `regions` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_get_regions(regions: *mut sMemfaultLogRegions) -> bool {
    let (Some((address, len)), false) = (LOG.region(), regions.is_null()) else { return false };
    let region = [
        sMemfaultLogMemoryRegion { region_start: ptr::from_ref::<Log>(&LOG).cast(), region_size: STATE_LEN as u32 },
        sMemfaultLogMemoryRegion { region_start: address as *const c_void, region_size: len as u32 },
    ];
    // SAFETY: not NULL, and writable by the caller's promise.
    unsafe { regions.write(sMemfaultLogRegions { region }) };
    true
}
