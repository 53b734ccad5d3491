//! `memfault/core/platform/nonvolatile_event_storage.h` (spec 20 section 4.9): a store of the platform that keeps events when
//! RAM does not.

use crate::events::nv::NonVolatileEvents;
use crate::events::storage::Fill;
use crate::ffi::core::event_storage::{
    memfault_event_storage_request_persist_callback, read_message_of_ram, sMemfaultEventStorageInfo,
    sMemfaultEventStoragePersistCbStatus,
};
use crate::ffi::core::sdk_assert::sdk_assert;
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// Reads `buf_len` bytes from `offset` of the message that is being stored. False: they are not all there.
/// cbindgen:function-type
pub type MemfaultEventReadCallback = unsafe extern "C" fn(offset: u32, buf: *mut c_void, buf_len: usize) -> bool;

/// The store, as a table of functions. All five are needed once `enabled` has returned true.
/// cbindgen:tag=MemfaultNonVolatileEventStorageImpl
#[repr(C)]
pub struct sMemfaultNonVolatileEventStorageImpl {
    /// May the store be used now? Asked once by every call of the event data source and of `memfault_event_storage_persist`.
    pub enabled: Option<unsafe extern "C" fn() -> bool>,
    /// The length of the oldest message in the store. False: it is empty.
    pub has_event: Option<unsafe extern "C" fn(event_length_out: *mut usize) -> bool>,
    /// Reads `buf_len` bytes from `offset` of that message.
    pub read: Option<unsafe extern "C" fn(offset: u32, buf: *mut c_void, buf_len: usize) -> bool>,
    /// Drops that message.
    pub consume: Option<unsafe extern "C" fn()>,
    /// Stores a message of `total_size` bytes, read with `reader_callback`, which is valid during this call. False: the message
    /// stays in RAM.
    pub write: Option<unsafe extern "C" fn(reader_callback: MemfaultEventReadCallback, total_size: usize) -> bool>,
}

unsafe extern "C" {
    /// The store. Weak, with an `enabled` that is always false; it is looked at anew for every use.
    static g_memfault_platform_nv_event_storage_impl: sMemfaultNonVolatileEventStorageImpl;
}

static NO_STORE: sMemfaultNonVolatileEventStorageImpl = sMemfaultNonVolatileEventStorageImpl {
    enabled: Some(never),
    has_event: None,
    read: None,
    consume: None,
    write: None,
};

weak_data!("g_memfault_platform_nv_event_storage_impl" = NO_STORE, sMemfaultNonVolatileEventStorageImpl);

extern "C" fn never() -> bool {
    false
}

fn table() -> &'static sMemfaultNonVolatileEventStorageImpl {
    // SAFETY: a constant table that the firmware or the library defines.
    unsafe { &g_memfault_platform_nv_event_storage_impl }
}

/// The store of the firmware. A function that is missing fails, if the SDK assert lets it go on at all.
pub struct PlatformStore;

impl NonVolatileEvents for PlatformStore {
    fn enabled(&self) -> bool {
        let table = table();
        sdk_assert(table.enabled.is_some());
        // SAFETY: a function of the firmware's table without arguments.
        let enabled = table.enabled.is_some_and(|f| unsafe { f() });
        if enabled {
            sdk_assert(
                table.has_event.is_some() && table.read.is_some() && table.consume.is_some() && table.write.is_some(),
            );
        }
        enabled
    }

    fn has_event(&self) -> Option<usize> {
        let mut len = 0;
        // SAFETY: a function of the firmware's table with a valid output.
        table().has_event.is_some_and(|f| unsafe { f(&raw mut len) }).then_some(len)
    }

    fn read(&self, offset: u32, out: &mut [u8]) -> bool {
        // SAFETY: a function of the firmware's table; the buffer is writable for its length.
        table().read.is_some_and(|f| unsafe { f(offset, out.as_mut_ptr().cast(), out.len()) })
    }

    fn consume(&self) {
        if let Some(f) = table().consume {
            // SAFETY: a function of the firmware's table without arguments.
            unsafe { f() }
        }
    }

    /// The C function has no argument for a context, so it gets the one reader there is instead of the closure.
    fn write(&self, len: usize, _: impl Fn(u32, &mut [u8]) -> bool) -> bool {
        // SAFETY: a function of the firmware's table; the reader checks its own arguments.
        table().write.is_some_and(|f| unsafe { f(read_message_of_ram, len) })
    }

    fn request_persist(&self, ram: Fill) {
        let status = sMemfaultEventStoragePersistCbStatus {
            volatile_storage: sMemfaultEventStorageInfo { bytes_used: ram.used, bytes_free: ram.free },
        };
        // SAFETY: a hook with a valid input.
        unsafe { memfault_event_storage_request_persist_callback(&raw const status) }
    }
}
