//! `memfault/core/event_storage.h` (spec 20 section 4): where events wait until the packetizer sends them.

use super::data_packetizer_source::{EMPTY, SourceSlot, sMemfaultDataSourceImpl};
use super::event_storage_implementation::sMemfaultEventStorageImpl;
use super::platform::nonvolatile_event_storage::PlatformStore;
use super::platform::overrides::PlatformLock;
use crate::config::Config;
use crate::events::serializer::EventWriter;
use crate::events::storage::{EventStorage, Finished, MAX_PAYLOAD_LEN};
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw::{self, RawMemory};
use core::ffi::{c_int, c_void};
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/inttypes_compat.h"
// |
// | /** A storage; memfault/core/event_storage_implementation.h has the members. */
// | typedef struct MemfaultEventStorageImpl sMemfaultEventStorageImpl;

/// Bytes used and free in an event storage.
/// cbindgen:tag=MemfaultEventStorageInfo
#[repr(C)]
pub struct sMemfaultEventStorageInfo {
    /// Bytes in use, 2 per event of overhead included.
    pub bytes_used: usize,
    /// Bytes that still fit.
    pub bytes_free: usize,
}

// C header:
// | #if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED

/// What `memfault_event_storage_request_persist_callback` gets.
/// cbindgen:tag=MemfaultEventStoragePersistCbStatus
#[repr(C)]
pub struct sMemfaultEventStoragePersistCbStatus {
    /// The events in RAM.
    pub volatile_storage: sMemfaultEventStorageInfo,
}

// C header:
// | #endif

/// Where the state of event storage lies, or where a copy of it lies.
#[repr(C)]
pub struct sMfltEventStorageSaveState {
    /// The state apart from the events.
    pub context: *mut c_void,
    /// Its length in bytes, `MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES`.
    pub context_len: usize,
    /// The events.
    pub storage: *mut c_void,
    /// Length of the buffer they are in, in bytes.
    pub storage_len: usize,
}

// C header:
// | /** Bytes of that state. */
// | #if INTPTR_MAX == 0x7fffffff
// |   #define MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES 44
// | #elif INTPTR_MAX == 0x7fffffffffffffff
// |   #define MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES 80
// | #endif

type Events = EventStorage<Firmware, PlatformLock, RawMemory>;

/// Bytes of the state that firmware saves and restores.
#[cfg(target_pointer_width = "32")]
const STATE_LEN: usize = 44;
/// Bytes of the state that firmware saves and restores.
#[cfg(target_pointer_width = "64")]
const STATE_LEN: usize = 80;
const _: () = assert!(size_of::<Events>() == STATE_LEN);

static EVENTS: Global<Events> = Global::new(EventStorage::new(PlatformLock, RawMemory::null()));

unsafe extern "C" {
    /// Tells where a saved state lies and returns true, or returns false to start empty.
    ///
    /// With `MEMFAULT_EVENT_STORAGE_RESTORE_STATE` the firmware defines it; each boot asks once, with a zeroed `*state`. Spec 20
    /// section 4.10.
    fn memfault_event_storage_restore_state(state: *mut sMfltEventStorageSaveState) -> bool;

    // C header:
    // | #if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED

    /// Called after every stored event and after a message left the non-volatile store while RAM holds more. Weak, does nothing.
    ///
    /// May call `memfault_event_storage_persist`, or have a task do it. No lock is held, unless the event is that of a metrics
    /// session. Spec 20 section 4.9.
    pub(super) fn memfault_event_storage_request_persist_callback(status: *const sMemfaultEventStoragePersistCbStatus);

    // C header:
    // | #endif

    fn memfault_rs_log_event_storage_restore_mismatch(
        context_len: usize,
        saved_context_len: usize,
        storage_len: usize,
        saved_storage_len: usize,
    );
}

weak_fn!("memfault_event_storage_request_persist_callback" = no_persist_request);

extern "C" fn no_persist_request(_: *const sMemfaultEventStoragePersistCbStatus) {}

/// Starts event storage in `buf_len` bytes at `buf`, which it keeps and fills with zeroes. Events that were there are dropped.
///
/// Returns the storage for `memfault_trace_event_boot` and the like: always the same one, never NULL. NULL or a length of 0
/// leaves the events of an earlier boot in place; without one nothing can be stored. Any alignment will do. With
/// `MEMFAULT_EVENT_STORAGE_RESTORE_STATE` the firmware's `memfault_event_storage_restore_state` is asked first. Takes no lock.
/// Spec 20 section 4.4.
///
/// # Safety
/// `buf` is NULL or writable for `buf_len` bytes as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_events_storage_boot(
    buf: *mut c_void,
    buf_len: usize,
) -> *const sMemfaultEventStorageImpl {
    connect_event_source();
    // Asked before the buffer is looked at, hence also without one.
    // SAFETY: the caller's promise.
    let restored = Firmware::EVENT_STORAGE_RESTORE_STATE && unsafe { restore(buf, buf_len) };
    if !restored {
        if buf.is_null() || buf_len == 0 {
            EVENTS.boot_without_memory();
        } else {
            // SAFETY: the caller's promise.
            unsafe { EVENTS.memory().take_over(buf, buf_len) };
            EVENTS.boot(buf_len);
        }
    }
    &raw const RING_STORAGE
}

/// Asks the firmware for a saved state and takes it over. False: there is none that fits.
///
/// # Safety
/// `buf` is NULL or writable for `buf_len` bytes as long as the SDK is used.
unsafe fn restore(buf: *mut c_void, buf_len: usize) -> bool {
    let mut saved = sMfltEventStorageSaveState {
        context: ptr::null_mut(),
        context_len: 0,
        storage: ptr::null_mut(),
        storage_len: 0,
    };
    // SAFETY: a hook with a valid output.
    if !unsafe { memfault_event_storage_restore_state(&raw mut saved) } {
        return false;
    }
    if saved.context_len != STATE_LEN || saved.storage_len != buf_len {
        // SAFETY: a log line of the shim, plain numbers.
        unsafe {
            memfault_rs_log_event_storage_restore_mismatch(STATE_LEN, saved.context_len, buf_len, saved.storage_len);
        }
        return false;
    }
    if buf.is_null() || buf_len == 0 || saved.context.is_null() || saved.storage.is_null() {
        return false;
    }
    // SAFETY: the hook says that so many bytes lie there. Any bytes are a value: numbers, a pointer, and nothing with a `Drop`.
    let image = unsafe { saved.context.cast::<Events>().read_unaligned() };
    if !EVENTS.restore(&image, buf_len) {
        return false;
    }
    // SAFETY: both are as long as that; they may be the same, or overlap.
    unsafe { raw::copy_overlapping(saved.storage.cast(), buf.cast(), buf_len) };
    EVENTS.memory().0.set(buf.cast());
    true
}

// C header:
// | #if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED

/// Moves the events in RAM to the firmware's non-volatile store, until it refuses one.
///
/// Returns how many messages were moved, 0 while the store is not enabled. With batching a whole batch is one message. May be
/// called from `memfault_event_storage_request_persist_callback`. Not for interrupts. Spec 20 section 4.9.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_persist() -> c_int {
    EVENTS.persist(&PlatformStore) as c_int
}

// C header:
// | #endif

/// The bytes that are in use, an unfinished event and 2 bytes per event included; 0 before boot.
///
/// Takes the lock. Not for interrupts. Spec 20 section 4.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_bytes_used() -> usize {
    EVENTS.fill().used
}

/// The bytes that are free; 0 before boot. The next event takes 2 of them for itself.
///
/// Takes the lock. Not for interrupts. Spec 20 section 4.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_bytes_free() -> usize {
    EVENTS.fill().free
}

/// Was event storage started? Spec 20 section 4.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_booted() -> bool {
    !EVENTS.memory().0.get().is_null()
}

/// Where the state of event storage lies right now, for `MEMFAULT_EVENT_STORAGE_RESTORE_STATE`: copy it before RAM is lost.
///
/// Before boot `storage` is NULL. Spec 20 section 4.10.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_get_state() -> sMfltEventStorageSaveState {
    sMfltEventStorageSaveState {
        context: ptr::from_ref::<Events>(&EVENTS).cast_mut().cast(),
        context_len: STATE_LEN,
        storage: EVENTS.memory().0.get().cast(),
        storage_len: EVENTS.capacity(),
    }
}

/// Back to the state before boot, for tests. Spec 20 section 4.11.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub extern "C" fn memfault_event_storage_reset() {
    EVENTS.memory().0.set(ptr::null_mut());
    EVENTS.boot(0);
}

// C header:
// | /* Tests under the Unity framework look inside. */
// | #if defined(UNITY_INCLUDE_CONFIG_H)
// |   #include "memfault/core/event_storage_implementation.h"
// | #endif

static RING_STORAGE: sMemfaultEventStorageImpl = sMemfaultEventStorageImpl {
    begin_write_cb: Some(begin_write),
    append_data_cb: Some(append_data),
    finish_write_cb: Some(finish_write),
    get_storage_size_cb: Some(storage_size),
};

unsafe extern "C" fn begin_write() -> usize {
    EVENTS.begin_write()
}

unsafe extern "C" fn append_data(bytes: *const c_void, num_bytes: usize) -> bool {
    // More than there is room for is refused before a slice is made of it.
    // SAFETY: NULL or readable for the length is the caller's promise.
    num_bytes <= EVENTS.capacity()
        && unsafe { raw::try_bytes(bytes, num_bytes) }.is_some_and(|bytes| EVENTS.append(bytes))
}

unsafe extern "C" fn finish_write(rollback: bool) {
    after_finish(EVENTS.finish_write(rollback));
}

unsafe extern "C" fn storage_size() -> usize {
    EVENTS.capacity()
}

fn after_finish(finished: Finished) {
    EVENTS.after_finish(&PlatformStore, finished);
}

/// An event storage that firmware has handed to the SDK: the one of this file, or one of its own. A pointer in size.
#[derive(Clone, Copy)]
pub struct Storage(&'static sMemfaultEventStorageImpl);

impl Storage {
    /// `None` for NULL.
    ///
    /// # Safety
    /// The table is NULL or lives as long as the SDK is used.
    pub unsafe fn from_ptr(table: *const sMemfaultEventStorageImpl) -> Option<Self> {
        // SAFETY: the caller's promise.
        unsafe { table.as_ref() }.map(Self)
    }

    /// The table that this is.
    pub fn as_ptr(self) -> *const sMemfaultEventStorageImpl {
        self.0
    }

    /// The size of the storage in bytes.
    pub fn size(self) -> usize {
        // SAFETY: a function of a storage, without arguments.
        self.0.get_storage_size_cb.map_or(0, |f| unsafe { f() })
    }

    /// This file's storage gets several pieces at once, and knows whether a session was opened.
    fn is_ring(self) -> bool {
        ptr::eq(self.0, &raw const RING_STORAGE)
    }
}

impl EventWriter for Storage {
    fn begin(&self) -> Option<usize> {
        if self.is_ring() {
            return EVENTS.try_begin().map(|room| room.min(MAX_PAYLOAD_LEN));
        }
        // Others are finished in any case (spec 20 section 8.1).
        // SAFETY: a function of a storage, without arguments.
        Some(self.0.begin_write_cb.map_or(0, |f| unsafe { f() }))
    }

    fn append(&self, bytes: &[u8]) -> bool {
        // SAFETY: a function of a storage; the bytes are readable for their length.
        self.0.append_data_cb.is_some_and(|f| unsafe { f(bytes.as_ptr().cast(), bytes.len()) })
    }

    #[inline(never)]
    fn finish(&self, rollback: bool) {
        if self.is_ring() {
            after_finish(EVENTS.end_session(rollback));
        } else if let Some(f) = self.0.finish_write_cb {
            // SAFETY: a function of a storage.
            unsafe { f(rollback) }
        }
    }

    fn takes_joined_pieces(&self) -> bool {
        self.is_ring()
    }
}

const RING_SOURCE: sMemfaultDataSourceImpl = sMemfaultDataSourceImpl {
    has_more_msgs_cb: Some(ring_has_more),
    read_msg_cb: Some(ring_read_message),
    mark_msg_read_cb: Some(ring_mark_read),
};

/// What the packetizer sees.
static EVENT_SOURCE: SourceSlot = SourceSlot::new(if Firmware::EVENT_STORAGE_NV_SUPPORT_ENABLED {
    // A non-volatile store may have events before event storage was booted.
    RING_SOURCE
} else {
    sMemfaultDataSourceImpl { read_msg_cb: Some(read_nothing), ..EMPTY }
});
weak_data!("g_memfault_event_data_source" = EVENT_SOURCE, sMemfaultDataSourceImpl);

/// Nothing can be read from a message of no bytes.
unsafe extern "C" fn read_nothing(offset: u32, _: *mut c_void, buf_len: usize) -> bool {
    offset == 0 && buf_len == 0
}

fn connect_event_source() {
    if !Firmware::EVENT_STORAGE_NV_SUPPORT_ENABLED {
        EVENT_SOURCE.connect(RING_SOURCE);
    }
}

unsafe extern "C" fn ring_has_more(size: *mut usize) -> bool {
    let found = EVENTS.source_has_more(&PlatformStore);
    // SAFETY: the caller's promise.
    unsafe { store_size(size, found.unwrap_or(0)) };
    found.is_some()
}

unsafe extern "C" fn ring_read_message(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    EVENTS.source_read(&PlatformStore, offset, unsafe { raw::bytes_mut(buf, buf_len) })
}

unsafe extern "C" fn ring_mark_read() {
    EVENTS.source_mark_read(&PlatformStore);
}

/// The reader of `memfault_event_storage_persist`: always RAM, whatever the packetizer sees.
pub(super) unsafe extern "C" fn read_message_of_ram(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    EVENTS.read(offset, unsafe { raw::bytes_mut(buf, buf_len) })
}

/// # Safety
/// `size` is NULL or valid.
unsafe fn store_size(size: *mut usize, value: usize) {
    if !size.is_null() {
        // SAFETY: not NULL, hence valid.
        unsafe { size.write(value) };
    }
}
