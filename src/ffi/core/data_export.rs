//! `memfault/core/data_export.h` (spec 10 section 12): chunks as lines of text.
//!
//! Only the loop is here. `memfault_data_export_chunk` and its weak output hook are C (`shim/memfault_rs_data_export.c`): a debugger script stops
//! in that function and reads its arguments by name, and the hook prints with the firmware's own log macro.

use super::data_packetizer::memfault_packetizer_get_chunk;
use crate::config::Config;
use crate::ffi::config::Firmware;
use core::ffi::c_void;
use core::mem::MaybeUninit;

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/util/base64.h"
// |
// | /** What stands before and behind the base64 text of a chunk on its line. */
// | #define MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX "MC:"
// | #define MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX_LEN \
// |   MEMFAULT_STATIC_STRLEN(MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX)
// | #define MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX ":"
// | #define MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX_LEN \
// |   MEMFAULT_STATIC_STRLEN(MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX)
// |
// | /** Bytes of the longest line, its terminator included. */
// | #define MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN                   \
// |   (MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX_LEN +                   \
// |    MEMFAULT_BASE64_ENCODE_LEN(MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN) + \
// |    MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX_LEN + 1)
// |
// | /**
// |  * Prints one line, which has no line end and is valid during the call only. Weak: logs it with
// |  * MEMFAULT_LOG_INFO().
// |  */
// | void memfault_data_export_base64_encoded_chunk(const char *chunk_str);

unsafe extern "C" {
    /// Prints one chunk as a line. More than `MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN` bytes are an SDK assert.
    ///
    /// Debugger scripts set a breakpoint here and read the arguments. Spec 10 section 12.
    fn memfault_data_export_chunk(chunk_data: *mut c_void, chunk_data_len: usize);
}

/// Drains the packetizer: every chunk becomes one line, `MC:`, base64, `:`, given to
/// `memfault_data_export_base64_encoded_chunk`.
///
/// A chunk has at most `MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN` bytes; the buffer for it is on the stack. Not for interrupts.
/// Spec 10 section 12.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_data_export_dump_chunks() {
    let mut chunk = MaybeUninit::<[u8; Firmware::DATA_EXPORT_CHUNK_MAX_LEN]>::uninit();
    loop {
        let mut len = size_of_val(&chunk);
        // SAFETY: the buffer is writable for its length.
        if !unsafe { memfault_packetizer_get_chunk(chunk.as_mut_ptr().cast(), &raw mut len) } {
            break;
        }
        // SAFETY: the packetizer filled `len` bytes of the buffer.
        unsafe { memfault_data_export_chunk(chunk.as_mut_ptr().cast(), len) };
    }
}
