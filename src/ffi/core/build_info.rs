//! `memfault/core/build_info.h` (spec 20 §14): which build this is.

use super::build_id_private::{self, build_id_type};
use crate::events::build_id::write_hex;
use crate::events::envelope::BUILD_ID_LEN;
use crate::ffi::raw;
use core::ffi::c_char;
use core::mem::MaybeUninit;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// Bytes of a build id, a SHA-1.
pub const MEMFAULT_BUILD_ID_LEN: usize = 20;

/// The build id.
#[repr(C)]
pub struct sMemfaultBuildInfo {
    /// All of it; events carry its first bytes only.
    pub build_id: [u8; MEMFAULT_BUILD_ID_LEN],
}

const _: () = assert!(MEMFAULT_BUILD_ID_LEN == BUILD_ID_LEN && size_of::<sMemfaultBuildInfo>() == BUILD_ID_LEN);
const HEX_LEN: usize = 2 * BUILD_ID_LEN;

unsafe extern "C" {
    safe fn memfault_rs_log_no_build_id_available();
    fn memfault_rs_log_build_id(is_gnu: bool, hex: *const c_char);
}

/// Reads the build id. False, and nothing is written: the firmware has none, or `info` is NULL.
///
/// The id comes from the linker's note (`MEMFAULT_USE_GNU_BUILD_ID`) or from the tool that patches the ELF after the
/// link. No lock; callable from interrupts and fault handlers. Spec 20 §14.
///
/// # Safety
/// `info` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_build_info_read(info: *mut sMemfaultBuildInfo) -> bool {
    // SAFETY: not NULL, and writable by the caller's promise; the struct is the 20 bytes.
    !info.is_null() && unsafe { build_id_private::read_to(info.cast()) }
}

/// Writes the build id as lower-case hex digits with a terminator, as many of the 40 as fit in `buf_len` bytes.
///
/// False, and nothing is written: there is no build id, `out_buf` is NULL, or `buf_len` is below 2. Spec 20 §14.
///
/// # Safety
/// `out_buf` is NULL or writable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_build_id_get_string(out_buf: *mut c_char, buf_len: usize) -> bool {
    let Some(id) = build_id_private::get() else { return false };
    // SAFETY: the caller's promise.
    let out = unsafe { raw::bytes_mut(out_buf.cast(), buf_len.min(HEX_LEN + 1)) };
    match out.split_last_mut() {
        Some((terminator, digits)) if !digits.is_empty() => {
            write_hex(id, digits);
            *terminator = 0;
            true
        }
        _ => false,
    }
}

/// Logs the build id and who supplied it as an info line.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_build_info_dump() {
    let mut hex = MaybeUninit::<[c_char; HEX_LEN + 1]>::uninit();
    // SAFETY: writable for that length, and a log line of the shim with a text that is terminated by then.
    unsafe {
        if memfault_build_id_get_string(hex.as_mut_ptr().cast(), HEX_LEN + 1) {
            memfault_rs_log_build_id(build_id_private::kind() == build_id_type::GNU, hex.as_ptr().cast());
        } else {
            memfault_rs_log_no_build_id_available();
        }
    }
}
