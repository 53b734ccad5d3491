//! `memfault/panics/coredump_impl.h` (spec 50 §2.3, chapters 7 and 8): inside coredumps, for ports and tests.

use super::coredump::{sMemfaultCoredumpSaveInfo, save_or_count};
use super::platform::coredump::{TargetMemory, eMfltCoredumpRegionType, sMfltCoredumpRegion};
use crate::config::Config;
use crate::coredump::platform::{Region, RegionKind};
use crate::coredump::save::Purpose;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::core::{heap_stats_impl, task_watchdog_impl};
use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/panics/coredump.h"
// | #include "memfault/panics/platform/coredump.h"
// |
// | /* Types of blocks in a coredump; they are in the stored format. 3 is retired. */
// | typedef enum MfltCoredumpBlockType {
// |   kMfltCoredumpBlockType_CurrentRegisters = 0,
// |   kMfltCoredumpBlockType_MemoryRegion = 1,
// |   kMfltCoredumpRegionType_DeviceSerial = 2,
// |   kMfltCoredumpRegionType_HardwareVersion = 4,
// |   kMfltCoredumpRegionType_TraceReason = 5,
// |   kMfltCoredumpRegionType_PaddingRegion = 6,
// |   kMfltCoredumpRegionType_MachineType = 7,
// |   kMfltCoredumpRegionType_VendorCoredumpEspIdfV2ToV3_1 = 8,
// |   kMfltCoredumpRegionType_ArmV6orV7Mpu = 9,
// |   kMfltCoredumpRegionType_SoftwareVersion = 10,
// |   kMfltCoredumpRegionType_SoftwareType = 11,
// |   kMfltCoredumpRegionType_BuildId = 12,
// | } eMfltCoredumpBlockType;
// |
// | #if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
// |   /* C++ has flexible arrays as an extension only. */
// |   #pragma GCC diagnostic push
// |   #pragma GCC diagnostic ignored "-Wpedantic"
// | #endif
// |
// | /* Memory that was copied earlier and goes into the coredump under its old address. */
// | typedef struct MfltCachedBlock {
// |   /* Not 0: the rest is valid. */
// |   uint32_t valid_cache;
// |   uint32_t cached_address;
// |   uint32_t blk_size;
// |   uint32_t blk[];
// | } sMfltCachedBlock;
// |
// | #if defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
// |   #pragma GCC diagnostic pop
// | #endif
// |
// | /* Words of such a block with blk_size bytes of data, a multiple of 4. */
// | #define MEMFAULT_CACHE_BLOCK_SIZE_WORDS(blk_size) \
// |   ((sizeof(sMfltCachedBlock) + (blk_size)) / sizeof(uint32_t))

const _: () = {
    use eMfltCoredumpRegionType as C;
    assert!(RegionKind::MEMORY.0 == C::kMfltCoredumpRegionType_Memory as u8);
    assert!(RegionKind::WORD_ACCESS.0 == C::kMfltCoredumpRegionType_MemoryWordAccessOnly as u8);
    assert!(RegionKind::MPU.0 == C::kMfltCoredumpRegionType_ArmV6orV7MpuUnrolled as u8);
    assert!(RegionKind::CACHED.0 == C::kMfltCoredumpRegionType_CachedMemory as u8);
};

/// A list of regions in C.
#[derive(Clone)]
pub struct RegionList {
    next: *const sMfltCoredumpRegion,
    left: usize,
}

impl RegionList {
    /// `len` regions at `first`; NULL is no region.
    ///
    /// # Safety
    /// They stay what they are until the coredump is saved, and what they describe is readable: of a cached block that is valid
    /// as much as it says.
    pub const unsafe fn new(first: *const sMfltCoredumpRegion, len: usize) -> Self {
        Self { next: first, left: if first.is_null() { 0 } else { len } }
    }
}

impl Iterator for RegionList {
    type Item = Region<TargetMemory<'static>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // SAFETY: inside the list, by the promise of `new`.
        let region = unsafe { &*self.next };
        self.next = self.next.wrapping_add(1);
        // The rest of the field may be padding.
        let kind = RegionKind(region.r#type as u8);
        // SAFETY: the promise of `new`.
        Some(Region { kind, memory: unsafe { TargetMemory::new(region.region_start, region.region_size as usize) } })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for RegionList {}

/// Bytes that `memfault_coredump_save` would write; 0 without regions, or without `save_info`.
///
/// Asks for device info, architecture and SDK regions, but calls no hook of the storage. Of the memory it reads only the heads of
/// cached blocks. Spec 50 §4.6.
///
/// # Safety
/// As `memfault_coredump_save`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_get_save_size(save_info: *const sMemfaultCoredumpSaveInfo) -> usize {
    // SAFETY: the caller's promise.
    unsafe { save_or_count(save_info, Purpose::Count) }
}

unsafe extern "C" {
    /// Regions that the library adds for the architecture: on Cortex-M fault, interrupt and MPU registers, as options say.
    ///
    /// Returns `*num_regions` regions, which the next call replaces.
    pub(in crate::ffi) fn memfault_coredump_get_arch_regions(num_regions: *mut usize) -> *const sMfltCoredumpRegion;

    fn memfault_log_get_regions(regions: *mut LogRegions) -> bool;
}

/// `sMemfaultLogRegions` of `memfault/core/log_impl.h`.
#[repr(C)]
struct LogRegions([LogRegion; 2]);

#[repr(C)]
struct LogRegion {
    region_start: *const c_void,
    region_size: u32,
}

const NUM_LOG_REGIONS: usize = if Firmware::COREDUMP_COLLECT_LOG_REGIONS { 2 } else { 0 };
const NUM_HEAP_REGIONS: usize = if Firmware::COREDUMP_COLLECT_HEAP_STATS { 2 } else { 0 };
const NUM_WATCHDOG_REGIONS: usize = if Firmware::COREDUMP_COLLECT_TASK_WATCHDOG_REGION { 1 } else { 0 };
const MAX_REGIONS: usize = NUM_LOG_REGIONS + NUM_HEAP_REGIONS + NUM_WATCHDOG_REGIONS;

/// A region that changes.
type RegionCell = Cell<sMfltCoredumpRegion>;

static SDK_REGIONS: Global<[RegionCell; MAX_REGIONS]> = Global::new(
    [const { Cell::new(sMfltCoredumpRegion { r#type: 0, region_start: ptr::null(), region_size: 0 }) }; MAX_REGIONS],
);

/// Takes the regions of the list one after the other.
struct RegionFiller {
    len: usize,
}

impl RegionFiller {
    fn push(&mut self, region_start: *const c_void, region_size: usize) {
        if let Some(region) = SDK_REGIONS.get(self.len) {
            let r#type = eMfltCoredumpRegionType::kMfltCoredumpRegionType_Memory as _;
            region.set(sMfltCoredumpRegion { r#type, region_start, region_size: region_size as u32 });
            self.len += 1;
        }
    }
}

/// Regions that the library adds for its own data, as options say: log buffer, heap statistics, task watchdog.
///
/// Returns `*num_regions` regions, which the next call replaces; NULL and 0 if there are none. Spec 50, chapter 7.
///
/// # Safety
/// `num_regions` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_get_sdk_regions(num_regions: *mut usize) -> *const sMfltCoredumpRegion {
    let mut regions = RegionFiller { len: 0 };
    if Firmware::COREDUMP_COLLECT_LOG_REGIONS {
        let mut logs = LogRegions([const { LogRegion { region_start: ptr::null(), region_size: 0 } }; 2]);
        // SAFETY: a function of the library with a valid output.
        if unsafe { memfault_log_get_regions(&raw mut logs) } {
            for log in &logs.0 {
                regions.push(log.region_start, log.region_size as usize);
            }
        }
    }
    if Firmware::COREDUMP_COLLECT_HEAP_STATS && !heap_stats_impl::memfault_heap_stats_empty() {
        let stats = &raw const heap_stats_impl::g_memfault_heap_stats;
        regions.push(stats.cast(), size_of_val(&heap_stats_impl::g_memfault_heap_stats));
        let pool = &raw const heap_stats_impl::g_memfault_heap_stats_pool;
        regions.push(pool.cast(), size_of_val(&heap_stats_impl::g_memfault_heap_stats_pool));
    }
    if Firmware::COREDUMP_COLLECT_TASK_WATCHDOG_REGION {
        let channels = task_watchdog_impl::channels();
        // IMPROVE (spec 60, chapter 4): with the watchdog off there is nothing to collect.
        if !channels.is_empty() {
            regions.push(channels.as_ptr().cast(), size_of_val(channels));
        }
    }
    if !num_regions.is_null() {
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { num_regions.write(regions.len) };
    }
    if regions.len == 0 { ptr::null() } else { SDK_REGIONS.as_ptr().cast() }
}
