//! `memfault/core/log.h` (spec 30 sections 3 to 7): the log buffer in RAM. Lines are kept in a ring, oldest first out, and leave the
//! device as an upload, as text lines or inside a coredump. Firmware logs with the macros of memfault/core/debug_log.h.
//!
//! The functions that format are C (`shim/memfault_rs_log.c`): they are variadic, and the text is that of the firmware's C
//! library. They reach the buffer through a slot that the boot call fills in, as the packetizer does, so that firmware which
//! never starts the log carries neither.
//!
//! The declarations of the modules stand where the header has their functions.

use super::log_data_source;
use super::platform::overrides::PlatformLock;
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw::{self, RawMemory};
use crate::logs::buffer::LogBuffer;
use core::ffi::{c_char, c_void};
use core::ptr;

// C header:
// | #include <stdarg.h>
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compact_log_compile_time_checks.h"
// | #include "memfault/core/compact_log_helpers.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/platform/debug_log.h"
// | #include "memfault/util/base64.h"
// |
// | /**
// |  * A compact log as a text line is "ML:<base64>:"; the last constant is the buffer for such a line,
// |  * its terminator included.
// |  */
// | #define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX "ML:"
// | #define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX_LEN \
// |   MEMFAULT_STATIC_STRLEN(MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX)
// | #define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX ":"
// | #define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX_LEN \
// |   MEMFAULT_STATIC_STRLEN(MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX)
// | #define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_MAX_LEN                   \
// |   (MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX_LEN +                   \
// |    MEMFAULT_BASE64_ENCODE_LEN(MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN) + \
// |    MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX_LEN + 1)
// |
// | #if MEMFAULT_COMPACT_LOG_ENABLE
// |
// |   /** Stores one line as an id and its arguments. The format has to be a string literal. */
// |   #define MEMFAULT_COMPACT_LOG_SAVE(level, format, ...)                                   \
// |     do {                                                                                  \
// |       MEMFAULT_LOGGING_RUN_COMPILE_TIME_CHECKS(format, ##__VA_ARGS__);                    \
// |       MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY(format, ##__VA_ARGS__);                          \
// |       memfault_compact_log_save(level, MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY_PTR,            \
// |                                 MFLT_GET_COMPRESSED_LOG_FMT(__VA_ARGS__), ##__VA_ARGS__); \
// |     } while (0)
// |
// | /**
// |  * Stores a compact log line: the id of the format, the types of the arguments as
// |  * MFLT_GET_COMPRESSED_LOG_FMT() gives them, the arguments. Use the macro above.
// |  */
// | void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
// |                                uint32_t compressed_fmt, ...);
// |
// |   #define MEMFAULT_LOG_SAVE MEMFAULT_COMPACT_LOG_SAVE
// |
// | #else
// |
// |   /** Stores one line: level, format, arguments. */
// |   #define MEMFAULT_LOG_SAVE(_level, ...) memfault_log_save(_level, __VA_ARGS__)
// |
// | #endif
// |
// | /**
// |  * Formats and stores one line; a text longer than MEMFAULT_LOG_MAX_LINE_SAVE_LEN is cut.
// |  *
// |  * Takes the lock once and asks the clock once; not from where the lock cannot be taken.
// |  */
// | MEMFAULT_PRINTF_LIKE_FUNC(2, 3)
// | void memfault_log_save(eMemfaultPlatformLogLevel level, const char *fmt, ...);
// |
// | /** The same with a va_list. */
// | MEMFAULT_PRINTF_LIKE_FUNC(2, 0)
// | void memfault_vlog_save(eMemfaultPlatformLogLevel level, const char *fmt, va_list args);

/// What the message of a line is.
#[repr(C)]
pub enum eMemfaultLogRecordType {
    /// Text.
    kMemfaultLogRecordType_Preformatted = 0,
    /// The CBOR of a compact log.
    kMemfaultLogRecordType_Compact = 1,
    /// Number of types, not a type.
    kMemfaultLogRecordType_NumTypes = 2,
}

// C header:
// | /** A line that was read. */
// | typedef struct {
// |   /** Its severity. */
// |   eMemfaultPlatformLogLevel level;
// |   /** What `msg` is. */
// |   eMemfaultLogRecordType type;
// |   /** Bytes in `msg`; the NUL behind them does not count. */
// |   uint32_t msg_len;
// | #if MEMFAULT_LOG_TIMESTAMPS_ENABLE
// |   /** Seconds since 1970, 0 if the time was not known. */
// |   uint32_t timestamp;
// | #endif
// |   /** The message and a NUL. */
// |   char msg[MEMFAULT_LOG_MAX_LINE_SAVE_LEN + 1];
// | } sMemfaultLog;

const MSG_LEN: usize = Firmware::LOG_MAX_LINE_SAVE_LEN + 1;

/// A line that was read.
/// cbindgen:ignore
#[repr(C)]
pub struct sMemfaultLog {
    level: abi::eMemfaultPlatformLogLevel,
    r#type: abi::eMemfaultLogRecordType,
    msg_len: u32,
    /// There or not, as the firmware has it.
    timestamp: [u32; Firmware::LOG_TIMESTAMPS_ENABLE as usize],
    msg: [c_char; MSG_LEN],
}

/// Numbers of lines that were not sent yet.
#[repr(C)]
pub struct sMfltLogUnsentCount {
    /// Lines.
    pub num_logs: usize,
    /// Their bytes in the buffer, less one per line.
    pub bytes: usize,
}

// C header:
// | /** Bytes behind sMfltLogSaveState.context. */
// | #if INTPTR_MAX == 0x7fffffff
// |   #define MEMFAULT_LOG_STATE_SIZE_BYTES (44 + ((sizeof(eMemfaultPlatformLogLevel) == 4) ? 4 : 0))
// | #elif INTPTR_MAX == 0x7fffffffffffffff
// |   #define MEMFAULT_LOG_STATE_SIZE_BYTES (76 + ((sizeof(eMemfaultPlatformLogLevel) == 4) ? 4 : 0))
// | #endif

/// Where the state of the log buffer lies, to be copied before deep sleep, or where a copy of it lies.
#[repr(C)]
pub struct sMfltLogSaveState {
    /// The state apart from the lines.
    pub context: *mut c_void,
    /// Its length in bytes, `MEMFAULT_LOG_STATE_SIZE_BYTES`.
    pub context_len: usize,
    /// The lines.
    pub storage: *mut c_void,
    /// Length of the buffer they are in, in bytes.
    pub storage_len: usize,
}

unsafe extern "C" {
    /// Tells where a saved state lies and returns true, or returns false to start empty.
    ///
    /// With `MEMFAULT_LOG_RESTORE_STATE` the firmware defines it; `memfault_log_boot` asks once, with a zeroed `*state`. Spec 30
    /// section 5.
    fn memfault_log_restore_state(state: *mut sMfltLogSaveState) -> bool;

    /// Output of `memfault_log_export_log`: `msg_len` bytes of text with a NUL behind them. Weak: prints them with
    /// `memfault_platform_log_raw`, without the level.
    fn memfault_log_export_msg(level: abi::eMemfaultPlatformLogLevel, msg: *const c_char, msg_len: usize);

    /// Called after each stored line, without the lock (with `memfault_log_save_preformatted_nolock` the caller may hold it).
    /// Weak, does nothing.
    safe fn memfault_log_handle_saved_callback();

    fn memfault_platform_log_raw(fmt: *const c_char, ...);
    safe fn memfault_rs_log_connect_formatting();
    fn memfault_rs_log_log_restore_mismatch(
        context_len: usize,
        saved_context_len: usize,
        storage_len: usize,
        saved_storage_len: usize,
    );
}

weak_fn!("memfault_log_export_msg" = print_line);
weak_fn!("memfault_log_handle_saved_callback" = nothing_to_do);

unsafe extern "C" fn print_line(_: abi::eMemfaultPlatformLogLevel, msg: *const c_char, _: usize) {
    // SAFETY: a format with one string; the caller says that it is terminated.
    unsafe { memfault_platform_log_raw(c"%s".as_ptr(), msg) };
}

extern "C" fn nothing_to_do() {}

pub(super) type Log = LogBuffer<Firmware, abi::eMemfaultPlatformLogLevel, PlatformLock, RawMemory>;

/// `MEMFAULT_LOG_STATE_SIZE_BYTES`. QUIRK (spec 30 section 3.1): the macro is wrong for short enums on 64-bit targets, where no
/// state can be saved then.
pub(super) const STATE_LEN: usize = size_of::<Log>();
const _: () =
    assert!(STATE_LEN == 16 + 7 * size_of::<usize>() + if cfg!(short_enums) { 0 } else { size_of::<usize>() });

/// Tools look for this symbol.
#[unsafe(export_name = "s_memfault_ram_logger")]
pub(super) static LOG: Global<Log> = Global::new(LogBuffer::with_level(PlatformLock, RawMemory::null(), 0));

/// Starts the log buffer in `buf_len` bytes at `buffer`, which it keeps and fills with zeroes. Lines logged before are not
/// stored.
///
/// False, and nothing happens, if `buffer` is NULL, `buf_len` is 0, or it was started before. The minimum level is
/// `MEMFAULT_RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL` from now on. With `MEMFAULT_LOG_RESTORE_STATE` the firmware's
/// `memfault_log_restore_state` is asked first. Takes no lock. Spec 30 section 4.1.
///
/// # Safety
/// `buffer` is NULL or writable for `buf_len` bytes as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_boot(buffer: *mut c_void, buf_len: usize) -> bool {
    if buffer.is_null() || buf_len == 0 || LOG.is_booted() {
        return false;
    }
    log_data_source::connect();
    memfault_rs_log_connect_formatting();
    // SAFETY: the caller's promise.
    let restored = Firmware::LOG_RESTORE_STATE && unsafe { restore(buffer, buf_len) };
    if !restored {
        // SAFETY: the caller's promise.
        unsafe { LOG.memory().take_over(buffer, buf_len) };
        LOG.boot(buffer as usize, buf_len);
    }
    true
}

/// Asks the firmware for a saved state and takes it over. False: there is none that fits.
///
/// # Safety
/// `buffer` is writable for `buf_len` bytes as long as the SDK is used.
unsafe fn restore(buffer: *mut c_void, buf_len: usize) -> bool {
    let mut saved = NO_STATE;
    // SAFETY: a hook with a valid output.
    if !unsafe { memfault_log_restore_state(&raw mut saved) } {
        return false;
    }
    if saved.context_len != STATE_LEN || saved.storage_len != buf_len {
        // SAFETY: a log line of the shim, plain numbers.
        unsafe { memfault_rs_log_log_restore_mismatch(STATE_LEN, saved.context_len, buf_len, saved.storage_len) };
        return false;
    }
    if saved.context.is_null() || saved.storage.is_null() {
        return false;
    }
    // SAFETY: the hook says that so many bytes lie there. Any bytes are a value: numbers, a pointer, and nothing with a `Drop`.
    let image = unsafe { saved.context.cast::<Log>().read_unaligned() };
    // SAFETY: both are as long as that; they may be the same, or overlap.
    unsafe { raw::copy_overlapping(saved.storage.cast(), buffer.cast(), buf_len) };
    LOG.memory().0.set(buffer.cast());
    LOG.restore(&image, buffer as usize, buf_len)
}

const NO_STATE: sMfltLogSaveState =
    sMfltLogSaveState { context: ptr::null_mut(), context_len: 0, storage: ptr::null_mut(), storage_len: 0 };

/// Where the state of the log buffer lies right now, for `MEMFAULT_LOG_RESTORE_STATE`; all zero before the start. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_get_state() -> sMfltLogSaveState {
    if !LOG.is_booted() {
        return NO_STATE;
    }
    sMfltLogSaveState {
        context: ptr::from_ref::<Log>(&LOG).cast_mut().cast(),
        context_len: STATE_LEN,
        storage: LOG.memory().0.get().cast(),
        storage_len: LOG.capacity(),
    }
}

/// Was the log buffer started?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_booted() -> bool {
    LOG.is_booted()
}

/// Stores lines of this level and above from now on. Starting the buffer sets it anew. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_set_min_save_level(min_log_level: abi::eMemfaultPlatformLogLevel) {
    LOG.set_min_level(min_log_level);
}

/// Lines that found no room or gave way unread and unsent, since the start; wraps. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_get_dropped_count() -> u32 {
    LOG.dropped_count()
}

/// Lines stored since the start; wraps. No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_get_recorded_count() -> u32 {
    LOG.recorded_count()
}

mod save;
pub use save::*;

mod read;
pub use read::*;

/// Makes the lines that were not sent yet a message for the packetizer. Until it has been sent, new lines are dropped rather than
/// taking the place of others.
///
/// Nothing happens if there are none, or a message is on its way already. Takes the lock once, asks the clock under it. Not from
/// an interrupt. Spec 30 section 8.1.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_trigger_collection() {
    log_data_source::trigger();
}

/// Counts the lines in the buffer that were not sent yet, under the lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_get_unsent_count() -> sMfltLogUnsentCount {
    let unsent = LOG.count_unsent();
    sMfltLogUnsentCount { num_logs: unsent.lines, bytes: unsent.bytes }
}
