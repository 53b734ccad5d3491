//! `memfault/http/utils.h` (spec 70, chapters 4 to 7): requests, responses and URLs for small HTTP clients. No allocation, no lock.

use super::http_client::g_mflt_http_client_config;
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::core::platform::device_info::{self, sMemfaultDeviceInfo};
use crate::ffi::raw;
use crate::http::request::{self, LatestRelease, Server};
use crate::http::response::{End, Error, Extent, LINE_LEN, Line, Phase, Response};
use crate::http::uri::{self, Scheme};
use crate::http::url::{self, Site};
use crate::http::{Identity, urlencode};
use core::ffi::{c_char, c_int, c_void};
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/core/platform/device_info.h"

/// Sends a piece of a request, which has no terminator and is valid during the call only. False stops the request.
pub type MfltHttpClientSendCb =
    Option<unsafe extern "C" fn(data: *const c_void, data_len: usize, ctx: *mut c_void) -> bool>;

unsafe extern "C" {
    // The firmware's hosts: what `g_mflt_http_client_config` names, or the default of its configuration.
    safe fn memfault_rs_http_chunks_host() -> *const c_char;
    safe fn memfault_rs_http_device_host() -> *const c_char;

    fn memfault_rs_log_http_latest_release(info: *const sMemfaultDeviceInfo);
    fn memfault_rs_log_http_value_refused(value: *const c_char);
    safe fn memfault_rs_log_http_url_value_refused();
    safe fn memfault_rs_log_http_url_too_long(buf_len: usize, url_len: usize);
}

/// A string of the firmware; `None` for NULL.
///
/// # Safety
/// `text` is NULL or a string that nobody changes while the result is used.
pub unsafe fn text<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: the same promise.
    (!text.is_null()).then(|| unsafe { raw::text(text) })
}

fn scheme() -> Scheme {
    // SAFETY: an object of the firmware.
    let disable_tls = unsafe { (&raw const g_mflt_http_client_config.disable_tls).read() };
    if disable_tls { Scheme::Http } else { Scheme::Https }
}

fn server(host: *const c_char) -> Server<'static> {
    // SAFETY: an object of the firmware and its strings, which are not changed during a call.
    unsafe {
        Server { host: raw::text(host), project_key: text((&raw const g_mflt_http_client_config.api_key).read()) }
    }
}

fn site(host: *const c_char) -> Site<'static> {
    // SAFETY: a string of the firmware, as above.
    Site { scheme: scheme(), host: unsafe { raw::text(host) } }
}

/// Where chunks go.
pub fn chunks_site() -> Site<'static> {
    site(memfault_rs_http_chunks_host())
}

/// The device as HTTP knows it.
pub fn device_info() -> sMemfaultDeviceInfo {
    let mut info = sMemfaultDeviceInfo::EMPTY;
    // SAFETY: a valid output.
    unsafe { memfault_http_get_device_info(&raw mut info) };
    info
}

fn identity(info: &sMemfaultDeviceInfo) -> Identity<'static> {
    let [serial, hardware, software, version] = strings(info);
    // SAFETY: strings of the firmware that live as long as the program.
    unsafe { [text(serial), text(hardware), text(software), text(version)] }
}

/// In the order of [`Identity`].
fn strings(info: &sMemfaultDeviceInfo) -> [*const c_char; 4] {
    [info.device_serial, info.hardware_version, info.software_type, info.software_version]
}

type Send = unsafe extern "C" fn(data: *const c_void, data_len: usize, ctx: *mut c_void) -> bool;

/// The firmware's callback as a closure.
fn sender(send: Send, ctx: *mut c_void) -> impl FnMut(&[u8]) -> bool {
    // SAFETY: the callback of the caller, with its context.
    move |piece| unsafe { send(piece.as_ptr().cast(), piece.len(), ctx) }
}

/// Sends the head of a chunk upload; `content_body_length` bytes of body have to follow.
///
/// `callback` gets the 11 pieces of spec 70 section 4.1. False if it said so; without a call of it if the configuration has no project
/// key, or the device no serial or one of more than 68 characters.
///
/// # Safety
/// `callback` is NULL or may be called with `ctx`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_start_chunk_post(
    callback: MfltHttpClientSendCb,
    ctx: *mut c_void,
    content_body_length: usize,
) -> bool {
    let Some(callback) = callback else { return false };
    let info = device_info();
    // SAFETY: a string of the firmware.
    let serial = unsafe { text(info.device_serial) };
    request::chunk_post(server(memfault_rs_http_chunks_host()), serial, content_body_length, sender(callback, ctx))
}

struct Question<S> {
    send: S,
    info: sMemfaultDeviceInfo,
}

impl<S: FnMut(&[u8]) -> bool> LatestRelease<'static> for Question<S> {
    fn send(&mut self, piece: &[u8]) -> bool {
        (self.send)(piece)
    }

    fn identity(&mut self) -> Identity<'static> {
        self.info = device_info();
        // SAFETY: filled in by the firmware.
        unsafe { memfault_rs_log_http_latest_release(&raw const self.info) };
        identity(&self.info)
    }

    fn refused(&mut self, index: usize) {
        let value = strings(&self.info).get(index).copied().unwrap_or(ptr::null());
        // SAFETY: a string of the firmware, or NULL.
        unsafe { memfault_rs_log_http_value_refused(value) };
    }
}

/// Sends the question for the latest release of this device's software. The response is its URL (status 200), or there is none (204).
///
/// `write_callback` gets the 26 pieces of spec 70 section 4.2. False if it said so; if the configuration has no project key; or, after
/// some pieces and with an error in the log, if one of the four strings is missing, empty, or longer than
/// `MEMFAULT_DEVICE_INFO_URL_ENCODED_MAX_LEN` - 1 characters when encoded.
///
/// # Safety
/// `write_callback` is NULL or may be called with `ctx`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_get_latest_ota_payload_url(
    write_callback: MfltHttpClientSendCb,
    ctx: *mut c_void,
) -> bool {
    let Some(write_callback) = write_callback else { return false };
    let mut question = Question { send: sender(write_callback, ctx), info: sMemfaultDeviceInfo::EMPTY };
    request::latest_release::<{ Firmware::DEVICE_INFO_URL_ENCODED_MAX_LEN }>(
        server(memfault_rs_http_device_host()),
        &mut question,
    )
}

/// Sends the request for the file at `url`: the 8 pieces of spec 70 section 4.3. False if the callback said so, and without a call of
/// it if `url` is no URL.
///
/// # Safety
/// `write_callback` is NULL or may be called with `ctx`; `url` is NULL or readable for `url_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_get_ota_payload(
    write_callback: MfltHttpClientSendCb,
    ctx: *mut c_void,
    url: *const c_char,
    url_len: usize,
) -> bool {
    let Some(write_callback) = write_callback else { return false };
    // SAFETY: the caller's promise.
    request::payload(unsafe { raw::bytes(url.cast(), url_len) }, sender(write_callback, ctx))
}

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

/// How to talk to a host.
#[repr(C)]
pub enum eMemfaultUriScheme {
    /// Never the result of a function.
    kMemfaultUriScheme_Unrecognized = 0,
    /// In the clear.
    kMemfaultUriScheme_Http = 1,
    /// With TLS.
    kMemfaultUriScheme_Https = 2,
}

/// Parts of a URL: pointers into it, no terminators.
#[repr(C)]
pub struct sMemfaultUriInfo {
    /// http or https.
    pub scheme: abi::eMemfaultUriScheme,
    /// Name or address; an IPv6 address in brackets.
    pub host: *const c_void,
    /// Its length in bytes, never 0.
    pub host_len: usize,
    /// The port, or that of the scheme. May be above 65535.
    pub port: u32,
    /// From the first '/' on, query and fragment included; NULL if there is none.
    pub path: *const c_void,
    /// Its length in bytes.
    pub path_len: usize,
}

/// Takes a URL apart. False, and `*uri_info_out` is left alone, if it is none with http or https.
///
/// Not a strict parser: a query or fragment without a path counts as host. Spec 70 section 6.1.
///
/// # Safety
/// `uri` is NULL or readable for `uri_len` bytes; `uri_info_out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_parse_uri(
    uri: *const c_char,
    uri_len: usize,
    uri_info_out: *mut sMemfaultUriInfo,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(uri) = uri::parse(unsafe { raw::bytes(uri.cast(), uri_len) }) else { return false };
    if uri_info_out.is_null() {
        return false;
    }
    let info = sMemfaultUriInfo {
        scheme: match uri.scheme {
            Scheme::Http => 1,
            Scheme::Https => 2,
        },
        host: uri.host.as_ptr().cast(),
        host_len: uri.host.len(),
        port: uri.port,
        path: uri.path.map_or(ptr::null(), |path| path.as_ptr().cast()),
        path_len: uri.path.map_or(0, <[u8]>::len),
    };
    // SAFETY: not NULL, hence writable.
    unsafe { uri_info_out.write(info) };
    true
}

/// Is there a character that has to be escaped in a URL, anything but ASCII letters, digits and `-_.~`?
///
/// # Safety
/// `str` is NULL or readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_needs_escape(str: *const c_char, len: usize) -> bool {
    // SAFETY: the caller's promise.
    urlencode::needs_escape(unsafe { raw::bytes(str.cast(), len) })
}

/// Writes `inbuf` with everything that has to be escaped as `%XX`, and a NUL. Returns 0.
///
/// -1 for NULL, length 0 and lack of space; what had space is then there, without a NUL. Spec 70 section 6.2.
///
/// # Safety
/// `inbuf` is NULL or readable for `inbuf_len` bytes, `outbuf` NULL or writable for `outbuf_len` bytes, and they do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_urlencode(
    inbuf: *const c_char,
    inbuf_len: usize,
    outbuf: *mut c_char,
    outbuf_len: usize,
) -> c_int {
    // SAFETY: the caller's promise. NULL is empty, which is refused.
    let (text, out) = unsafe { (raw::bytes(inbuf.cast(), inbuf_len), raw::bytes_mut(outbuf.cast(), outbuf_len)) };
    if urlencode::encode(text, out).is_some() { 0 } else { -1 }
}

/// The device info for HTTP: from `g_mflt_http_client_config` if that has a function, else from the platform.
///
/// # Safety
/// `info` is what the function of the firmware takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_get_device_info(info: *mut sMemfaultDeviceInfo) {
    if info.is_null() {
        return;
    }
    // SAFETY: an object of the firmware, its function, and the caller's promise.
    unsafe {
        let own = (&raw const g_mflt_http_client_config.get_device_info).read();
        own.unwrap_or(device_info::memfault_platform_get_device_info)(info);
    }
}

/// Writes the URL at which this device asks for its latest release.
///
/// False if its length plus 1 is more than `buf_len`, for NULL, and if one of the four strings is missing or empty, which is logged as
/// an error. Spec 70 section 7.2.
///
/// # Safety
/// `buf` is NULL or writable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_build_latest_ota_url(buf: *mut c_char, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    let buf = unsafe { raw::bytes_mut(buf.cast(), buf_len) };
    if buf.is_empty() {
        return false;
    }
    let info = device_info();
    match url::latest_release(buf, site(memfault_rs_http_device_host()), identity(&info)) {
        Ok(()) => true,
        Err(url::Error::Space) => false,
        Err(url::Error::Value) => {
            memfault_rs_log_http_url_value_refused();
            false
        }
    }
}

/// Writes the URL to which this device sends chunks. The serial is not escaped.
///
/// False if its length plus 1 is more than `buf_len`, which is logged as an error, for NULL, and if the device has no serial. Spec 70
/// section 7.3.
///
/// # Safety
/// `buf` is NULL or writable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_build_chunk_post_url(buf: *mut c_char, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    let buf = unsafe { raw::bytes_mut(buf.cast(), buf_len) };
    if buf.is_empty() {
        return false;
    }
    let info = device_info();
    // SAFETY: a string of the firmware.
    let Some(serial) = (unsafe { text(info.device_serial) }) else { return false };
    let len = url::device(buf, chunks_site(), b"chunks", serial);
    if len >= buf_len {
        memfault_rs_log_http_url_too_long(buf_len, len);
    }
    len < buf_len
}
