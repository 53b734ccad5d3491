//! Taking URLs apart, and escapes in them.
use crate::ffi::abi;
use crate::ffi::raw;
use crate::http::uri::{self, Scheme};
use crate::http::urlencode;
use core::ffi::{c_char, c_int, c_void};
use core::ptr;

// C header: a part of utils.h.

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
