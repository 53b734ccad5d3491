//! `memfault/http/platform/http_client.h` (spec 70 chapter 3): the platform's HTTP client.
//!
//! Firmware that uses the functions of memfault/http/http_client.h defines all of these. They are called from the task that called the
//! library, without a lock.

use crate::ffi::http::http_client::sMfltHttpClient;
use core::ffi::{c_int, c_void};

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/http/http_client.h"
// |
// | /** A response; the platform defines the structure. */
// | typedef struct MfltHttpResponse sMfltHttpResponse;

/// The platform's structure.
/// cbindgen:ignore
#[repr(C)]
pub struct sMfltHttpResponse([u8; 0]);

/// Takes the response to a request; NULL if there was none. `ctx` as it was given with the request.
pub type MemfaultHttpClientResponseCallback =
    Option<unsafe extern "C" fn(response: *const sMfltHttpResponse, ctx: *mut c_void)>;

unsafe extern "C" {
    /// Connects or allocates; NULL on failure.
    pub fn memfault_platform_http_client_create() -> *mut sMfltHttpClient;

    /// Stores the HTTP status. Returns 0 on success.
    pub fn memfault_platform_http_response_get_status(
        response: *const sMfltHttpResponse,
        status_out: *mut u32,
    ) -> c_int;

    /// Sends what the packetizer has.
    ///
    /// Returns 0 if it was sent or queued, and then `callback` has to be called exactly once, before the client is destroyed; 1
    /// if there was nothing to send; a negative number on error. Redirects are followed here, if at all.
    pub fn memfault_platform_http_client_post_data(
        client: *mut sMfltHttpClient,
        callback: MemfaultHttpClientResponseCallback,
        ctx: *mut c_void,
    ) -> c_int;

    /// Waits until all requests have finished, at most `timeout_ms` milliseconds. Returns 0 if they have.
    pub fn memfault_platform_http_client_wait_until_requests_completed(
        client: *mut sMfltHttpClient,
        timeout_ms: u32,
    ) -> c_int;

    /// Ends a client; no callback may come afterwards. Returns 0 on success.
    pub fn memfault_platform_http_client_destroy(client: *mut sMfltHttpClient) -> c_int;
}
