//! Reading responses.
use crate::ffi::abi;
use crate::ffi::raw;
use crate::http::response::{End, Error, Extent, LINE_LEN, Line, Phase, Response};
use core::ffi::{c_char, c_int, c_void};

// C header: a part of utils.h.

/// Why a response is none.
/// cbindgen:tag=MfltHttpParseStatus
#[repr(C)]
pub enum eMfltHttpParseStatus {
    /// It is one.
    kMfltHttpParseStatus_Ok = 0,
    /// The first line is not that of an HTTP/1.x response.
    MfltHttpParseStatus_ParseStatusLineError = 1,
    /// The length of the body is no number.
    MfltHttpParseStatus_ParseHeaderError = 2,
    /// The first line has more than 126 characters.
    MfltHttpParseStatus_HeaderTooLongError = 3,
}

/// For the parser.
/// cbindgen:tag=MfltHttpParsePhase
#[repr(C)]
pub enum eMfltHttpParsePhase {
    /// At the first line.
    kMfltHttpParsePhase_ExpectingStatusLine = 0,
    /// At a line of the header.
    kMfltHttpParsePhase_ExpectingHeader = 1,
    /// In the body.
    kMfltHttpParsePhase_ExpectingBody = 2,
}

/// A response while it is read. Zero it to begin.
#[repr(C)]
pub struct sMemfaultHttpResponseContext {
    /// Out, valid when a call returned true.
    pub parse_error: abi::eMfltHttpParseStatus,
    /// Out: the status of the response.
    pub http_status_code: c_int,
    /// Out: the first 127 bytes of the body and a NUL, inside of this structure; NULL until the body is complete.
    pub http_body: *const c_char,
    /// Out: bytes that the latest call took. The last line end of a response without a body does not count.
    pub data_bytes_processed: c_int,
    /// Out: bytes of the body, 0 without a header that says so.
    pub content_length: c_int,
    /// For the parser.
    pub phase: abi::eMfltHttpParsePhase,
    /// For the parser: bytes of the body that were seen.
    pub content_received: c_int,
    /// For the parser: bytes in `line_buf`.
    pub line_len: usize,
    /// For the parser: a line, then the body.
    pub line_buf: [c_char; 128],
}

const _: () = assert!(size_of::<Line>() == 128);

/// Reads on in a response. True: it is complete, or `parse_error` is set. False: more data is needed.
///
/// Pieces of any size. Bytes behind the body are not taken. Without a `Content-Length` there is no body. Spec 70 chapter 5.
///
/// # Safety
/// `ctx` is NULL or a context that was zeroed before the first call; `data` is NULL or readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_parse_response(
    ctx: *mut sMemfaultHttpResponseContext,
    data: *const c_void,
    data_len: usize,
) -> bool {
    // SAFETY: the caller's promises.
    unsafe { read(ctx, data, data_len, Extent::Response) }
}

/// The same, but complete at the end of the header: `data_bytes_processed` tells where in `data` the body begins.
///
/// That is seen with the first byte of the body, which is not taken. Spec 70 section 5.4.
///
/// # Safety
/// As for the function above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_parse_response_header(
    ctx: *mut sMemfaultHttpResponseContext,
    data: *const c_void,
    data_len: usize,
) -> bool {
    // SAFETY: the caller's promises.
    unsafe { read(ctx, data, data_len, Extent::Head) }
}

/// # Safety
/// As for the two functions above.
unsafe fn read(ctx: *mut sMemfaultHttpResponseContext, data: *const c_void, data_len: usize, extent: Extent) -> bool {
    // SAFETY: the caller's promise.
    let Some(ctx) = (unsafe { ctx.as_mut() }) else { return false };
    let mut response = Response {
        phase: match ctx.phase {
            0 => Phase::StatusLine,
            1 => Phase::Header,
            _ => Phase::Body,
        },
        status_code: ctx.http_status_code,
        content_length: ctx.content_length,
        content_received: ctx.content_received,
        line_len: ctx.line_len.min(LINE_LEN),
    };
    // SAFETY: both are 128 bytes, and characters are bytes.
    let line = unsafe { &mut *(&raw mut ctx.line_buf).cast::<Line>() };
    // SAFETY: the caller's promise.
    let step = response.read(line, unsafe { raw::bytes(data, data_len) }, extent);
    ctx.phase = response.phase as abi::eMfltHttpParsePhase;
    ctx.http_status_code = response.status_code;
    ctx.content_length = response.content_length;
    ctx.content_received = response.content_received;
    ctx.line_len = response.line_len;
    ctx.data_bytes_processed = step.processed as c_int;
    match step.end {
        Some(End::Body) => ctx.http_body = (&raw const ctx.line_buf).cast(),
        Some(End::Error(error)) => {
            ctx.parse_error = match error {
                Error::StatusLine => 1,
                Error::Header => 2,
                Error::TooLong => 3,
            }
        }
        Some(End::Head) | None => {}
    }
    step.end.is_some()
}
