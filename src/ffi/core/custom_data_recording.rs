//! `memfault/core/custom_data_recording.h` (spec 30 section 10): custom data recordings, files that firmware sends along. Need
//! `MEMFAULT_CDR_ENABLE`.

use super::data_packetizer_source::{CDR_SOURCE, sMemfaultDataSourceImpl};
use super::platform::system_time::sMemfaultCurrentTime;
use super::sdk_assert::sdk_assert;
use super::serializer_helper::FirmwareIdentity;
use crate::cdr::{Metadata, Recordings, Report, Source};
use crate::config::Config;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::ffi::util::cbor::{
    CEncoder, memfault_cbor_encoder_deinit, memfault_cbor_encoder_init, memfault_cbor_encoder_memcpy_write,
    sMemfaultCborEncoder, with_encoder,
};
use crate::util::cbor::Encoder;
use core::cell::Cell;
use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/core/platform/system_time.h"
// |
// | /** Some MIME types for sMemfaultCdrMetadata.mimetypes. */
// | #define MEMFAULT_CDR_BINARY "application/octet-stream"
// | #define MEMFAULT_CDR_TEXT "text/plain"
// | #define MEMFAULT_CDR_CSV "text/csv"

/// What a recording is.
/// cbindgen:tag=MemfaultCdrMetadata
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultCdrMetadata {
    /// When the recording began; type Unknown if there is no clock.
    pub start_time: sMemfaultCurrentTime,
    /// What the data is, the outermost container first: {"application/gzip", "text/csv"}.
    pub mimetypes: *mut *const c_char,
    /// How many.
    pub num_mimetypes: usize,
    /// Length of the data in bytes.
    pub data_size_bytes: u32,
    /// How long the recording took.
    pub duration_ms: u32,
    /// Why it was made; ends with a NUL.
    pub collection_reason: *const c_char,
}

/// A source of recordings, all three functions given.
/// cbindgen:tag=MemfaultCdrSourceImpl
#[repr(C)]
pub struct sMemfaultCdrSourceImpl {
    /// Is there a recording? If so, fills in `*metadata`, which is zeroed; the texts and the array stay valid until it was
    /// sent. Not called again until then.
    pub has_cdr_cb: Option<unsafe extern "C" fn(metadata: *mut sMemfaultCdrMetadata) -> bool>,
    /// Reads `data_len` bytes at `offset` of that recording. May be asked for the same bytes again.
    pub read_data_cb: Option<unsafe extern "C" fn(offset: u32, data: *mut c_void, data_len: usize) -> bool>,
    /// Drops that recording: it has been sent.
    pub mark_cdr_read_cb: Option<unsafe extern "C" fn()>,
}

const _: () = {
    let word = size_of::<usize>();
    // On i386 a 64-bit number is aligned to 4 bytes only.
    let expected = if word == 8 { 48 } else { 24 + 2 * align_of::<u64>() };
    assert!(size_of::<sMemfaultCdrMetadata>() == expected);
};

unsafe extern "C" {
    safe fn memfault_rs_log_cdr_table_full(capacity: usize);
    safe fn memfault_rs_log_cdr_metadata_too_long();
}

impl Metadata for sMemfaultCdrMetadata {
    fn unix_time_secs(&self) -> Option<u64> {
        self.start_time.unix_secs()
    }

    fn mimetypes(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let count = if self.mimetypes.is_null() { 0 } else { self.num_mimetypes };
        // SAFETY: the source says that so many texts are there, and that they stay until the recording was sent.
        (0..count).map(|i| unsafe { raw::text(*self.mimetypes.wrapping_add(i)) })
    }

    fn data_len(&self) -> u32 {
        self.data_size_bytes
    }

    fn duration_ms(&self) -> u32 {
        self.duration_ms
    }

    fn reason(&self) -> &[u8] {
        // SAFETY: as for the MIME types; NULL is the empty text.
        unsafe { raw::text(self.collection_reason) }
    }
}

/// A source of the firmware. A pointer in size.
#[derive(Clone, Copy)]
struct FirmwareSource(&'static sMemfaultCdrSourceImpl);

impl Source for FirmwareSource {
    type Metadata = sMemfaultCdrMetadata;
    /// The one of the functions in `memfault/util/cbor.h`: what encodes for it exists once.
    type Head<'a> = CEncoder;

    fn write_head<'a>(
        place: &'a [Cell<u8>],
        encode: impl FnOnce(&mut Encoder<Self::Head<'a>>) -> bool,
    ) -> Option<usize> {
        let mut encoder = MaybeUninit::<sMemfaultCborEncoder>::uninit();
        let (encoder, to) = (encoder.as_mut_ptr(), place.as_ptr().cast_mut().cast());
        // SAFETY: the encoder is initialised before anything else, and stays within the place.
        unsafe {
            memfault_cbor_encoder_init(encoder, Some(memfault_cbor_encoder_memcpy_write), to, place.len());
            let fits = with_encoder(encoder, encode);
            let len = memfault_cbor_encoder_deinit(encoder);
            fits.then_some(len)
        }
    }

    fn poll(self) -> Option<sMemfaultCdrMetadata> {
        let mut metadata = MaybeUninit::uninit();
        // SAFETY: writable for its size.
        unsafe { raw::clear(metadata.as_mut_ptr(), 1) };
        // SAFETY: a function of a source with a valid output.
        let found = self.0.has_cdr_cb.is_some_and(|f| unsafe { f(metadata.as_mut_ptr()) });
        // SAFETY: zeroes are valid for it, and so is what a source writes.
        found.then(|| unsafe { metadata.assume_init() })
    }

    fn read(self, offset: u32, out: &mut [u8]) -> bool {
        // SAFETY: a function of a source; the buffer is writable for its length.
        self.0.read_data_cb.is_some_and(|f| unsafe { f(offset, out.as_mut_ptr().cast(), out.len()) })
    }

    fn mark_read(self) {
        if let Some(f) = self.0.mark_cdr_read_cb {
            // SAFETY: a function of a source.
            unsafe { f() }
        }
    }
}

struct ShimLog;

impl Report for ShimLog {
    fn table_full(&self, capacity: usize) {
        memfault_rs_log_cdr_table_full(capacity);
    }

    fn metadata_too_long(&self) {
        memfault_rs_log_cdr_metadata_too_long();
    }
}

type FirmwareRecordings = Recordings<
    Firmware,
    FirmwareSource,
    { Firmware::CDR_MAX_DATA_SOURCES },
    { Firmware::CDR_MAX_ENCODED_METADATA_LEN },
>;

static RECORDINGS: Global<FirmwareRecordings> = Global::new(Recordings::new());

/// Adds a source behind the others; `impl` has to stay valid. Its recordings are sent when no earlier one has any.
///
/// False: `MEMFAULT_CDR_MAX_DATA_SOURCES` are there already (an error is logged), or NULL, or a function is missing (an SDK
/// assert). No lock. Without `MEMFAULT_CDR_ENABLE` always false. Spec 30 section 10.2.
///
/// # Safety
/// `impl` is NULL or a source that lives as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cdr_register_source(r#impl: *const sMemfaultCdrSourceImpl) -> bool {
    if !Firmware::CDR_ENABLE {
        return false;
    }
    // SAFETY: the caller's promise.
    let source = unsafe { r#impl.as_ref() };
    let complete =
        source.filter(|s| s.has_cdr_cb.is_some() && s.read_data_cb.is_some() && s.mark_cdr_read_cb.is_some());
    sdk_assert(complete.is_some());
    let Some(source) = complete else { return false };
    CDR_SOURCE.connect(sMemfaultDataSourceImpl {
        has_more_msgs_cb: Some(has_more),
        read_msg_cb: Some(read_message),
        mark_msg_read_cb: Some(mark_read),
    });
    RECORDINGS.register(FirmwareSource(source), &ShimLog)
}

/// Forgets all sources and what was sent of them. For tests.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub extern "C" fn memfault_cdr_source_reset() {
    RECORDINGS.reset();
}

unsafe extern "C" fn has_more(total_size: *mut usize) -> bool {
    let Some(size) = RECORDINGS.has_more(&FirmwareIdentity, &ShimLog) else { return false };
    if !total_size.is_null() {
        // SAFETY: not NULL, hence valid.
        unsafe { total_size.write(size) };
    }
    true
}

unsafe extern "C" fn read_message(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    RECORDINGS.read(offset, unsafe { raw::bytes_mut(buf, buf_len) })
}

unsafe extern "C" fn mark_read() {
    RECORDINGS.mark_read();
}
