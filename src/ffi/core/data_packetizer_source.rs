//! `memfault/core/data_packetizer_source.h` (spec 10 section 7): what a source of messages looks like to the packetizer.

use crate::config::Config;
use crate::ffi::config::Firmware;
use crate::transport::DataSource;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::ptr::NonNull as Address; // this file has another NonNull, a word for the header generator

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// Is there a message? True stores the size of the next one in bytes. Called at will; the answer must not change by asking.
pub type MemfaultDataSourceHasMoreMessagesCallback = unsafe extern "C" fn(next_msg_size: *mut usize) -> bool;
/// Copies `buf_len` bytes from `offset` of the message that the last question announced. False: they cannot be read.
pub type MemfaultDataSourceReadMessageCallback =
    unsafe extern "C" fn(offset: u32, buf: *mut c_void, buf_len: usize) -> bool;
/// Drops the current message; the next question is about the one behind it.
pub type MemfaultDataSourceMarkMessageReadCallback = unsafe extern "C" fn();

/// One source of messages, as a table of functions.
/// cbindgen:tag=MemfaultDataSourceImpl
#[repr(C)]
pub struct sMemfaultDataSourceImpl {
    /// Announces the next message.
    pub has_more_msgs_cb: Option<NonNull<MemfaultDataSourceHasMoreMessagesCallback>>,
    /// Reads the announced message.
    pub read_msg_cb: Option<NonNull<MemfaultDataSourceReadMessageCallback>>,
    /// Drops the announced message.
    pub mark_msg_read_cb: Option<NonNull<MemfaultDataSourceMarkMessageReadCallback>>,
}

// C header:
// | /**
// |  * The sources, in the order in which the packetizer asks them. One whose component is not part of
// |  * the firmware is empty. Weak.
// |  */
// | extern const sMemfaultDataSourceImpl g_memfault_coredump_data_source;
// | extern const sMemfaultDataSourceImpl g_memfault_event_data_source;
// | extern const sMemfaultDataSourceImpl g_memfault_log_data_source;
// | extern const sMemfaultDataSourceImpl g_memfault_cdr_source;

/// A word that the header generator turns into `Name *` for a function typedef.
pub type NonNull<F> = F;

/// A source, identified by the address of its table, which the firmware or the library defines and which lives for ever. A
/// pointer and no reference: some tables change once, when their module is booted.
#[derive(Clone, Copy)]
pub struct Source(Address<sMemfaultDataSourceImpl>);

impl Source {
    /// `None` for NULL.
    pub const fn new(table: *const sMemfaultDataSourceImpl) -> Option<Self> {
        match Address::new(table.cast_mut()) {
            Some(table) => Some(Self(table)),
            None => None,
        }
    }

    /// The source of a static.
    pub const fn of(table: *const sMemfaultDataSourceImpl) -> Self {
        // SAFETY: a static has an address.
        Self(unsafe { Address::new_unchecked(table.cast_mut()) })
    }

    /// Its table.
    pub const fn as_ptr(self) -> *const sMemfaultDataSourceImpl {
        self.0.as_ptr()
    }
}

impl DataSource for Source {
    fn has_more(self) -> Option<usize> {
        let mut size = 0;
        // SAFETY: a table that lives for ever.
        let has_more = unsafe { (*self.as_ptr()).has_more_msgs_cb };
        // SAFETY: a callback of a source, with a valid output.
        has_more.is_some_and(|f| unsafe { f(&raw mut size) }).then_some(size)
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        // SAFETY: a table that lives for ever.
        let read = unsafe { (*self.as_ptr()).read_msg_cb };
        // SAFETY: a callback of a source; the buffer is writable for its length.
        read.is_some_and(|f| unsafe { f(offset, buf.as_mut_ptr().cast(), buf.len()) })
    }

    fn mark_read(self) {
        // SAFETY: a table that lives for ever.
        if let Some(f) = unsafe { (*self.as_ptr()).mark_msg_read_cb } {
            // SAFETY: a callback of a source.
            unsafe { f() }
        }
    }

    fn same(self, other: Self) -> bool {
        self.0 == other.0
    }
}

/// A source that firmware reaches only through its boot call. In RAM, and filled in by that call: until then nothing refers to
/// the source, so that the linker can leave it out where nobody makes the call.
pub struct SourceSlot(UnsafeCell<sMemfaultDataSourceImpl>);

// SAFETY: as for `Global`; it changes once, at boot.
unsafe impl Sync for SourceSlot {}

impl SourceSlot {
    /// What is seen before boot.
    pub const fn new(before_boot: sMemfaultDataSourceImpl) -> Self {
        Self(UnsafeCell::new(before_boot))
    }

    /// What is seen from now on.
    pub fn connect(&self, source: sMemfaultDataSourceImpl) {
        // Volatile, because the readers know the table by its weak name only.
        // SAFETY: the only writer; readers take one pointer at a time.
        unsafe { self.0.get().write_volatile(source) }
    }
}

/// The source that never has anything: what stands in for a component that is not in the build.
pub const EMPTY: sMemfaultDataSourceImpl = sMemfaultDataSourceImpl {
    has_more_msgs_cb: Some(no_more_messages),
    read_msg_cb: Some(no_read),
    mark_msg_read_cb: Some(no_mark),
};

static NO_SOURCE: sMemfaultDataSourceImpl = EMPTY;

unsafe extern "C" fn no_more_messages(next_msg_size: *mut usize) -> bool {
    if !next_msg_size.is_null() {
        // SAFETY: not NULL, and the caller passes a valid pointer.
        unsafe { next_msg_size.write(0) };
    }
    false
}

unsafe extern "C" fn no_read(_: u32, _: *mut c_void, _: usize) -> bool {
    false
}

unsafe extern "C" fn no_mark() {}

// The component has the real one, which is not weak.
#[cfg(not(feature = "panics"))]
weak_data!("g_memfault_coredump_data_source" = NO_SOURCE, sMemfaultDataSourceImpl);

/// A source that leaves the size alone when it has nothing, as the log and the recordings do.
const IDLE: sMemfaultDataSourceImpl = sMemfaultDataSourceImpl { has_more_msgs_cb: Some(idle), ..EMPTY };

unsafe extern "C" fn idle(_: *mut usize) -> bool {
    false
}

/// The log, from its boot on.
pub static LOG_SOURCE: SourceSlot = SourceSlot::new(IDLE);
/// The custom data recordings, from the first registration on.
pub static CDR_SOURCE: SourceSlot = SourceSlot::new(IDLE);

weak_data_if!(
    "g_memfault_log_data_source" = if Firmware::LOG_DATA_SOURCE_ENABLED { LOG_SOURCE } else { NO_SOURCE },
    sMemfaultDataSourceImpl
);
weak_data_if!(
    "g_memfault_cdr_source" = if Firmware::CDR_ENABLE { CDR_SOURCE } else { NO_SOURCE },
    sMemfaultDataSourceImpl
);
