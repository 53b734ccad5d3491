//! `memfault/panics/platform/coredump.h` (spec 50, chapters 2 and 12): what the platform does for coredumps.
//!
//! The firmware or a port defines these functions. All but `memfault_platform_coredump_storage_clear` and
//! `memfault_coredump_read` have to work in a fault handler, with interrupts off.

use crate::coredump::platform::{Memory, Storage};
use crate::ffi::abi;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::offset_of;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/reboot_reason_types.h"
// |
// | /** Registers at the time of the crash; memfault/panics/arch has the members. */
// | typedef struct MfltRegState sMfltRegState;

/// How the memory of a region is read.
/// cbindgen:tag=MfltCoredumpRegionType
#[repr(C)]
pub enum eMfltCoredumpRegionType {
    /// Ordinary memory, read with accesses of any size.
    kMfltCoredumpRegionType_Memory = 0,
    /// Registers of peripherals, read as aligned 32-bit words.
    kMfltCoredumpRegionType_MemoryWordAccessOnly = 1,
    /// Handled like ordinary memory.
    kMfltCoredumpRegionType_ImageIdentifier = 2,
    /// The MPU of a Cortex-M, as the library copies it to memory.
    kMfltCoredumpRegionType_ArmV6orV7MpuUnrolled = 3,
    /// `region_start` points to an `sMfltCachedBlock`.
    kMfltCoredumpRegionType_CachedMemory = 4,
}

/// What goes into a coredump.
/// cbindgen:tag=MfltCoredumpRegion
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMfltCoredumpRegion {
    /// How it is read.
    pub r#type: abi::eMfltCoredumpRegionType,
    /// Its first byte; NULL is an empty region.
    pub region_start: *const c_void,
    /// Bytes.
    pub region_size: u32,
}

// C header:
// | /** A region of ordinary memory. */
// | #ifdef __cplusplus
// |   #define MEMFAULT_COREDUMP_MEMORY_REGION_INIT(_start, _size)              \
// |     sMfltCoredumpRegion {                                                  \
// |       kMfltCoredumpRegionType_Memory, _start, static_cast<uint32_t>(_size) \
// |     }
// | #else
// |   #define MEMFAULT_COREDUMP_MEMORY_REGION_INIT(_start, _size)                              \
// |     (sMfltCoredumpRegion) {                                                                \
// |       .type = kMfltCoredumpRegionType_Memory, .region_start = _start, .region_size = _size \
// |     }
// | #endif
// |
// | /** The crash, for the choice of regions. */
// | typedef struct CoredumpCrashInfo {
// |   /** Top of the stack that was in use. */
// |   void *stack_address;
// |   /** Why the device will restart. */
// |   eMemfaultRebootReason trace_reason;
// |   /** Registers at the time of the crash; NULL when only a size is asked for, but on Cortex-M. */
// |   const sMfltRegState *exception_reg_state;
// | } sCoredumpCrashInfo;
// |
// | /**
// |  * Lists what is to be captured, num_regions regions. The list has to stay valid until the coredump
// |  * is saved. Also called outside of a crash, to find the size of a coredump.
// |  */
// | const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
// |   const sCoredumpCrashInfo *crash_info, size_t *num_regions);
// |
// | /**
// |  * How many of desired_size bytes from start_addr can be read; 0 if none. For the list above; the
// |  * library itself does not call it.
// |  */
// | size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size);

/// The storage for a coredump.
/// cbindgen:tag=MfltCoredumpStorageInfo
#[repr(C)]
pub struct sMfltCoredumpStorageInfo {
    /// Bytes of the storage; 0 means that there is none.
    pub size: usize,
    /// Bytes of the smallest area that can be erased. For ports; the library does not look at it.
    pub sector_size: usize,
}

const _: () = {
    let word = size_of::<usize>();
    assert!(size_of::<sMfltCoredumpRegion>() == 3 * word && offset_of!(sMfltCoredumpRegion, region_start) == word);
    assert!(offset_of!(sMfltCoredumpRegion, region_size) == 2 * word);
    assert!(size_of::<sMfltCoredumpStorageInfo>() == 2 * word);
};

unsafe extern "C" {
    /// Describes the storage. `*info` comes zeroed; left alone it says that there is none.
    ///
    /// Called once per save, size check, and question for a coredump.
    fn memfault_platform_coredump_storage_get_info(info: *mut sMfltCoredumpStorageInfo);

    /// Writes `data_len` bytes at `offset`, both of any alignment. False on failure.
    ///
    /// The first write is at offset 12, every further one starts where the last one ended, and the very last one is 12 bytes at
    /// offset 0. After a failure there is no further one. The data may be registers of the hardware or the running stack.
    fn memfault_platform_coredump_storage_write(offset: u32, data: *const c_void, data_len: usize) -> bool;

    /// Reads `read_len` bytes at `offset`. False on failure and when out of range.
    ///
    /// In a crash called once, for the first 12 bytes.
    fn memfault_platform_coredump_storage_read(offset: u32, data: *mut c_void, read_len: usize) -> bool;

    /// Erases; called for the whole storage. False on failure.
    fn memfault_platform_coredump_storage_erase(offset: u32, erase_size: usize) -> bool;

    /// Makes the coredump invalid: its first byte must not read as before. Not called in a crash.
    ///
    /// Called once after the last chunk of the coredump was handed out.
    pub fn memfault_platform_coredump_storage_clear();

    /// Reads `buf_len` bytes of the coredump at `offset`. False: not now, or on failure. Weak: the read function of the storage.
    ///
    /// All reads but those of a crash and of the storage test go through it. Override it where the storage cannot be read at
    /// once, or needs a lock. With `MEMFAULT_DATA_SOURCE_RLE_ENABLED` 0 each chunk reads at most once, in ascending order.
    pub fn memfault_coredump_read(offset: u32, buf: *mut c_void, buf_len: usize) -> bool;

    /// Prepares the storage for a coredump; false prevents it. For the application. Weak: true.
    ///
    /// Called once per save that has regions, before anything else is asked of the platform but the next one.
    safe fn memfault_platform_coredump_save_begin() -> bool;

    /// The same for ports, called before; if it is false the other one is not called. Weak: true.
    safe fn memfault_port_coredump_save_begin() -> bool;
}

weak_fn!("memfault_coredump_read" = read_default);
weak_fn!("memfault_platform_coredump_save_begin" = nothing_to_prepare);
weak_fn!("memfault_port_coredump_save_begin" = nothing_to_prepare);

unsafe extern "C" fn read_default(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise is that of the hook.
    unsafe { memfault_platform_coredump_storage_read(offset, buf, buf_len) }
}

extern "C" fn nothing_to_prepare() -> bool {
    true
}

/// Memory that a coredump is made of. Only the driver and [`Memory::word`] look at it.
#[derive(Clone, Copy)]
pub struct TargetMemory<'a> {
    start: *const c_void,
    len: usize,
    lives: PhantomData<&'a [u8]>,
}

impl TargetMemory<'_> {
    /// `len` bytes at `start`; NULL is nothing.
    ///
    /// # Safety
    /// If it is not NULL, the driver may read them while this is used, and [`Memory::word`] may be used if they are words.
    pub const unsafe fn new(start: *const c_void, len: usize) -> Self {
        Self { start, len, lives: PhantomData }
    }
}

impl<'a> From<&'a [u8]> for TargetMemory<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { start: bytes.as_ptr().cast(), len: bytes.len(), lives: PhantomData }
    }
}

impl Memory for TargetMemory<'_> {
    fn address(self) -> u32 {
        // QUIRK (spec 50 §9.8): the format has no room for more.
        self.start.addr() as u32
    }

    fn len(self) -> usize {
        self.len
    }

    fn is_nowhere(self) -> bool {
        self.start.is_null()
    }

    fn part(self, start: usize, len: usize) -> Self {
        Self { start: self.start.wrapping_byte_add(start), len, ..self }
    }

    fn is_words(self) -> bool {
        (self.start.addr() | self.len).is_multiple_of(size_of::<u32>())
    }

    fn word(self, index: usize) -> u32 {
        // SAFETY: the promise of `new`. Volatile, because one access per word is what registers need.
        unsafe { ptr::read_volatile(self.start.cast::<u32>().wrapping_add(index)) }
    }
}

/// The firmware's storage.
pub struct PlatformStorage;

impl Storage for PlatformStorage {
    type Memory<'a> = TargetMemory<'a>;

    fn begin_save(&self) -> bool {
        memfault_port_coredump_save_begin() && memfault_platform_coredump_save_begin()
    }

    fn size(&self) -> usize {
        let mut info = sMfltCoredumpStorageInfo { size: 0, sector_size: 0 };
        // SAFETY: a hook with a valid output.
        unsafe { memfault_platform_coredump_storage_get_info(&raw mut info) };
        info.size
    }

    fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        // SAFETY: a hook with a buffer that is writable for its length.
        unsafe { memfault_platform_coredump_storage_read(offset, buf.as_mut_ptr().cast(), buf.len()) }
    }

    fn write(&self, offset: u32, data: TargetMemory<'_>) -> bool {
        // SAFETY: a hook; the memory is what the promise of `TargetMemory::new` says.
        unsafe { memfault_platform_coredump_storage_write(offset, data.start, data.len) }
    }

    fn erase(&self, len: usize) -> bool {
        // SAFETY: a hook with plain numbers.
        unsafe { memfault_platform_coredump_storage_erase(0, len) }
    }

    fn clear(&self) {
        // SAFETY: a hook without arguments.
        unsafe { memfault_platform_coredump_storage_clear() }
    }

    fn read_when_running(&self, offset: u32, buf: &mut [u8]) -> bool {
        // SAFETY: as in `read`.
        unsafe { memfault_coredump_read(offset, buf.as_mut_ptr().cast(), buf.len()) }
    }
}
