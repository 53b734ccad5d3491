//! `memfault/http/utils.h` (spec 70, chapters 4 to 7): requests, responses and URLs for small HTTP clients. No allocation, no lock.
//!
//! The declarations of the modules stand where the header has their functions.

use super::http_client::g_mflt_http_client_config;
use crate::config::Config;
use crate::ffi::config::Firmware;
use crate::ffi::core::platform::device_info::{self, sMemfaultDeviceInfo};
use crate::ffi::raw;
use crate::http::Identity;
use crate::http::request::{self, LatestRelease, Server};
use crate::http::uri::Scheme;
use crate::http::url::{self, Site};
use core::ffi::{c_char, c_void};
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

mod response;
pub use response::*;

mod uri;
pub use uri::*;

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
