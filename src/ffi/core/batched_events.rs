//! `memfault/core/batched_events.h` (spec 20 section 5): what precedes several events in one message.

use crate::events::batch;
use crate::ffi::core::sdk_assert::sdk_assert;
use crate::ffi::util::cbor::{
    memfault_cbor_encode_array_begin, memfault_cbor_encoder_deinit, memfault_cbor_encoder_init,
    memfault_cbor_encoder_memcpy_write, sMemfaultCborEncoder,
};
use core::mem::MaybeUninit;

// C header:
// | #include <stddef.h>
// | #include <stdint.h>

/// Bytes of the longest header.
pub const MEMFAULT_BATCHED_EVENTS_MAX_HEADER_LENGTH: usize = 5;
const _: () = assert!(MEMFAULT_BATCHED_EVENTS_MAX_HEADER_LENGTH == batch::MAX_HEADER_LEN);

/// The header of a message that holds several events.
#[repr(C)]
pub struct sMemfaultBatchedEventsHeader {
    /// Bytes of `data` that are used; 0 for a message with a single event.
    pub length: usize,
    /// A CBOR array head.
    pub data: [u8; MEMFAULT_BATCHED_EVENTS_MAX_HEADER_LENGTH],
}

/// Builds the header of a message with `num_events` events: nothing for 0 and 1, else a CBOR array head of 1 to 5 bytes.
///
/// Only the bytes used are written. NULL is an SDK assert. Spec 20 section 5.
///
/// # Safety
/// `header_out` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_batched_events_build_header(
    num_events: usize,
    header_out: *mut sMemfaultBatchedEventsHeader,
) {
    sdk_assert(!header_out.is_null());
    if header_out.is_null() {
        return;
    }
    let mut encoder = MaybeUninit::<sMemfaultCborEncoder>::uninit();
    let encoder = encoder.as_mut_ptr();
    // SAFETY: not NULL, hence valid; the encoder is initialised before anything else, and stays within `data`.
    unsafe {
        let data = (&raw mut (*header_out).data).cast();
        memfault_cbor_encoder_init(encoder, Some(memfault_cbor_encoder_memcpy_write), data, batch::MAX_HEADER_LEN);
        if batch::has_header(num_events) {
            memfault_cbor_encode_array_begin(encoder, num_events);
        }
        (*header_out).length = memfault_cbor_encoder_deinit(encoder);
    }
}
