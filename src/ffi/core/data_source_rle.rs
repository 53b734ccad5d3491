//! `memfault/core/data_source_rle.h` (spec 10 section 10): run-length encoding wrapped around another data source.

use super::data_packetizer_source::{Source, sMemfaultDataSourceImpl};
use crate::config::Config;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::transport::rle_source::RleSource;
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// | #include "memfault/core/data_packetizer_source.h"

static RLE: Global<RleSource<Source>> = Global::new(RleSource::new());

/// Encodes `active_source` from now on; NULL stops it. Another source than before starts over, the same one changes nothing.
///
/// True, or false when run-length encoding is switched off (`MEMFAULT_DATA_SOURCE_RLE_ENABLED=0`). Spec 10 section 10.
///
/// # Safety
/// The table is NULL or lives as long as it is active.
unsafe extern "C" fn set_active(active_source: *const sMemfaultDataSourceImpl) -> bool {
    if Firmware::DATA_SOURCE_RLE_ENABLED {
        RLE.set_active(Source::new(active_source));
    }
    Firmware::DATA_SOURCE_RLE_ENABLED
}
weak_fn!("memfault_data_source_rle_encoder_set_active" = set_active);

/// True: the active source has a message; `*total_size` receives its encoded size in bytes. False: `*total_size` is untouched.
///
/// The first question about a message reads all of it. Spec 10 section 10.1.
///
/// # Safety
/// `total_size` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_data_source_rle_has_more_msgs(total_size: *mut usize) -> bool {
    let size = RLE.has_more();
    if let (Some(size), false) = (size, total_size.is_null()) {
        // SAFETY: not NULL, hence valid.
        unsafe { total_size.write(size) };
    }
    size.is_some()
}

/// Copies the next `buf_len` encoded bytes to `buf`. False when `offset` is not what was read so far. Spec 10 section 10.2.
///
/// # Safety
/// `buf` is NULL or writable for `buf_len` bytes.
unsafe extern "C" fn read_msg(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    RLE.read(offset, unsafe { raw::bytes_mut(buf, buf_len) })
}
weak_fn!("memfault_data_source_rle_read_msg" = read_msg);

/// Drops the message of the active source. Spec 10 section 10.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_data_source_rle_mark_msg_read() {
    RLE.mark_read();
}

unsafe extern "C" fn mark_msg_read() {
    memfault_data_source_rle_mark_msg_read();
}

unsafe extern "C" {
    fn memfault_data_source_rle_read_msg(offset: u32, buf: *mut c_void, buf_len: usize) -> bool;
}

/// The encoded source as the packetizer sees it; empty when the option is off, and then no RAM is spent either.
static RLE_SOURCE: sMemfaultDataSourceImpl = if Firmware::DATA_SOURCE_RLE_ENABLED {
    sMemfaultDataSourceImpl {
        has_more_msgs_cb: Some(memfault_data_source_rle_has_more_msgs),
        read_msg_cb: Some(memfault_data_source_rle_read_msg),
        mark_msg_read_cb: Some(mark_msg_read),
    }
} else {
    super::data_packetizer_source::EMPTY
};
// C header:
// | /** The active source, encoded. Weak; empty when run-length encoding is switched off. */
// | extern const sMemfaultDataSourceImpl g_memfault_data_rle_source;
weak_data!("g_memfault_data_rle_source" = RLE_SOURCE, sMemfaultDataSourceImpl);
