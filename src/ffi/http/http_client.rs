//! `memfault/http/http_client.h` (spec 70 chapter 2): uploading with the platform's HTTP client.

use super::platform::http_client::{
    memfault_platform_http_client_create, memfault_platform_http_client_destroy,
    memfault_platform_http_client_post_data, memfault_platform_http_client_wait_until_requests_completed,
    memfault_platform_http_response_get_status, sMfltHttpResponse,
};
use super::utils::{self, device_info};
use crate::ffi::core::data_packetizer::memfault_packetizer_data_available;
use crate::ffi::core::platform::device_info::sMemfaultDeviceInfo;
use crate::ffi::raw;
use crate::http::{client, url};
use core::ffi::{c_char, c_int, c_void};
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/platform/device_info.h"
// | #include "memfault/core/project_key.h"
// |
// | /** Bytes of the buffer for memfault_http_build_url(). */
// | #define MEMFAULT_HTTP_URL_BUFFER_SIZE (128)
// |
// | /** An upload is a POST to <scheme>://<host>/api/v0/chunks/<serial>. */
// | #define MEMFAULT_HTTP_CHUNKS_API_PREFIX "/api/v0/"
// | #define MEMFAULT_HTTP_CHUNKS_API_SUBPATH "chunks"
// |
// | /** Name of the header that carries the project key. */
// | #define MEMFAULT_HTTP_PROJECT_KEY_HEADER "Memfault-Project-Key"

/// A server.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultHttpApi {
    /// NULL: the default of the configuration.
    pub host: *const c_char,
    /// 0: the default of the configuration.
    pub port: u16,
}

/// All members but the key may stay zero.
/// cbindgen:tag=MfltHttpClientConfig
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMfltHttpClientConfig {
    /// The project key.
    pub api_key: *const c_char,
    /// True: HTTP in the clear.
    pub disable_tls: bool,
    /// Where chunks go.
    pub chunks_api: sMemfaultHttpApi,
    /// Where releases are looked up.
    pub device_api: sMemfaultHttpApi,
    /// NULL: `memfault_platform_get_device_info`.
    pub get_device_info: Option<unsafe extern "C" fn(info: *mut sMemfaultDeviceInfo)>,
}

// C header:
// | #if !defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
// | MEMFAULT_STATIC_ASSERT(
// |   __builtin_types_compatible_p(__typeof__(&memfault_platform_get_device_info),
// |                                __typeof__(((sMfltHttpClientConfig *)0)->get_device_info)),
// |   "get_device_info is not of the type of memfault_platform_get_device_info");
// | #endif

unsafe extern "C" {
    /// The firmware defines it, and may change it at run time.
    pub static mut g_mflt_http_client_config: sMfltHttpClientConfig;

    safe fn memfault_rs_log_http_no_client();
    safe fn memfault_rs_log_http_post_failed(result: c_int);
    safe fn memfault_rs_log_http_no_status(result: c_int);
    safe fn memfault_rs_log_http_status(status: u32);
}

// C header:
// | /** What the configuration says, or its default. */
// | #define MEMFAULT_HTTP_GET_CHUNKS_API_HOST()                                              \
// |   (g_mflt_http_client_config.chunks_api.host ? g_mflt_http_client_config.chunks_api.host \
// |                                              : MEMFAULT_HTTP_CHUNKS_API_HOST)
// | #define MEMFAULT_HTTP_GET_CHUNKS_API_PORT()                                              \
// |   (g_mflt_http_client_config.chunks_api.port ? g_mflt_http_client_config.chunks_api.port \
// |                                              : MEMFAULT_HTTP_APIS_DEFAULT_PORT)
// | #define MEMFAULT_HTTP_GET_DEVICE_API_HOST()                                              \
// |   (g_mflt_http_client_config.device_api.host ? g_mflt_http_client_config.device_api.host \
// |                                              : MEMFAULT_HTTP_DEVICE_API_HOST)
// | #define MEMFAULT_HTTP_GET_DEVICE_API_PORT()                                              \
// |   (g_mflt_http_client_config.device_api.port ? g_mflt_http_client_config.device_api.port \
// |                                              : MEMFAULT_HTTP_APIS_DEFAULT_PORT)
// | /** Depends on disable_tls only, not on the port. */
// | #define MEMFAULT_HTTP_GET_SCHEME() (g_mflt_http_client_config.disable_tls ? "http" : "https")
// |
// | /**
// |  * Writes <scheme>://<chunks host>/api/v0/<subpath>/<serial>. Nothing is escaped, and there is no
// |  * port.
// |  *
// |  * False if it was cut, if a pointer is NULL, or if the device has no serial; the last two write
// |  * nothing. Spec 70 section 2.2.
// |  */
// | bool memfault_http_build_url(char url_buffer[MEMFAULT_HTTP_URL_BUFFER_SIZE], const char *subpath);

const URL_BUFFER_SIZE: usize = 128;

/// Writes the URL of a subpath of the chunks server.
/// cbindgen:ignore
///
/// # Safety
/// `url_buffer` is NULL or writable for 128 bytes; `subpath` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_build_url(url_buffer: *mut c_char, subpath: *const c_char) -> bool {
    let info = device_info();
    // SAFETY: strings of the firmware.
    let (subpath, serial) = unsafe { (utils::text(subpath), utils::text(info.device_serial)) };
    let (false, Some(subpath), Some(serial)) = (url_buffer.is_null(), subpath, serial) else { return false };
    // SAFETY: the caller's promise.
    let buf = unsafe { raw::bytes_mut(url_buffer.cast(), URL_BUFFER_SIZE) };
    url::device(buf, utils::chunks_site(), subpath, serial) < URL_BUFFER_SIZE
}

// C header:
// | /** A connection, or what the platform has in its place; it defines the structure. */
// | typedef struct MfltHttpClient sMfltHttpClient;

/// The platform's structure.
/// cbindgen:ignore
#[repr(C)]
pub struct sMfltHttpClient([u8; 0]);

/// Makes a client; NULL on failure.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_http_client_create() -> *mut sMfltHttpClient {
    // SAFETY: a hook without arguments.
    unsafe { memfault_platform_http_client_create() }
}

/// Results of the next function that are no errors.
#[repr(C)]
pub enum eMfltPostDataStatus {
    /// Sent or queued.
    kMfltPostDataStatus_Success = 0,
    /// There is nothing to send.
    kMfltPostDataStatus_NoDataFound = 1,
}

/// For NULL in place of a client.
const NULL_CLIENT: c_int = -2;

/// Sends what the packetizer has, and logs an error if the response, when it comes, has no status or one outside of 200 to 299.
///
/// Returns an `eMfltPostDataStatus`, -2 for NULL, else what the platform returns; never anything about the response.
///
/// # Safety
/// `client` is NULL or a client that was created and not destroyed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_client_post_data(client: *mut sMfltHttpClient) -> c_int {
    if client.is_null() {
        return NULL_CLIENT;
    }
    // SAFETY: the caller's promise; the callback needs no context.
    unsafe { memfault_platform_http_client_post_data(client, Some(note_response), ptr::null_mut()) }
}

unsafe extern "C" fn note_response(response: *const sMfltHttpResponse, _ctx: *mut c_void) {
    if response.is_null() {
        return;
    }
    let mut status = 0;
    // SAFETY: the response that the platform gave, and a valid output.
    let result = unsafe { memfault_platform_http_response_get_status(response, &raw mut status) };
    if result != 0 {
        memfault_rs_log_http_no_status(result);
    } else if !client::is_success(status) {
        memfault_rs_log_http_status(status);
    }
}

/// Sends what the packetizer has with a client of its own, waits up to 30 seconds for the end, and destroys the client.
///
/// Returns what `memfault_http_client_post_data` returns; 1 without a client if there is nothing to send; -1 and a log line if
/// there is no client. Spec 70 section 2.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_http_client_post_chunk() -> c_int {
    client::post_chunk(&Firmware)
}

/// Waits until what was started has finished. Returns 0 if it has within `timeout_ms` milliseconds, -2 for NULL.
///
/// # Safety
/// `client` is NULL or a client that was created and not destroyed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_client_wait_until_requests_completed(
    client: *mut sMfltHttpClient,
    timeout_ms: u32,
) -> c_int {
    if client.is_null() {
        return NULL_CLIENT;
    }
    // SAFETY: the caller's promise.
    unsafe { memfault_platform_http_client_wait_until_requests_completed(client, timeout_ms) }
}

/// Ends a client. Returns 0 on success, -2 for NULL.
///
/// # Safety
/// `client` is NULL or a client that was created and not destroyed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_http_client_destroy(client: *mut sMfltHttpClient) -> c_int {
    if client.is_null() {
        return NULL_CLIENT;
    }
    // SAFETY: the caller's promise.
    unsafe { memfault_platform_http_client_destroy(client) }
}

/// The hooks of the firmware.
struct Firmware;

impl client::Platform for Firmware {
    type Client = ptr::NonNull<sMfltHttpClient>;

    fn data_available(&self) -> bool {
        memfault_packetizer_data_available()
    }

    fn create(&self) -> Option<Self::Client> {
        ptr::NonNull::new(memfault_http_client_create())
    }

    fn post_data(&self, client: Self::Client) -> i32 {
        // SAFETY: `create` gave it, and `destroy` comes last.
        unsafe { memfault_http_client_post_data(client.as_ptr()) }
    }

    fn wait(&self, client: Self::Client, timeout_ms: u32) {
        // SAFETY: as above.
        unsafe { memfault_http_client_wait_until_requests_completed(client.as_ptr(), timeout_ms) };
    }

    fn destroy(&self, client: Self::Client) {
        // SAFETY: as above.
        unsafe { memfault_http_client_destroy(client.as_ptr()) };
    }

    fn log_no_client(&self) {
        memfault_rs_log_http_no_client();
    }

    fn log_post_failed(&self, result: i32) {
        memfault_rs_log_http_post_failed(result);
    }
}
