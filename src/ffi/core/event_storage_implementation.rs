//! `memfault/core/event_storage_implementation.h` (spec 20 section 4.1): the functions behind an event storage.

use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/core/event_storage.h"

/// An event storage, as a table of functions. The SDK opens one write session at a time and finishes each one it opened.
/// cbindgen:tag-only=MemfaultEventStorageImpl
#[repr(C)]
pub struct sMemfaultEventStorageImpl {
    /// Opens a write session. Returns the bytes that its event may take; 0 also when there is no room or another session is
    /// open.
    pub begin_write_cb: Option<unsafe extern "C" fn() -> usize>,
    /// Appends `num_bytes` bytes to the event, all or none. False: they did not fit.
    pub append_data_cb: Option<unsafe extern "C" fn(bytes: *const c_void, num_bytes: usize) -> bool>,
    /// Ends the session. With `rollback` the event is taken back.
    pub finish_write_cb: Option<unsafe extern "C" fn(rollback: bool)>,
    /// The size of the storage in bytes.
    pub get_storage_size_cb: Option<unsafe extern "C" fn() -> usize>,
}
