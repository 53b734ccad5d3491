//! `memfault/util/crc16.h` (spec 10 section 4): CRC-16/XMODEM.

use crate::config::Config;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::util::crc16;
use core::ffi::c_void;

// C header:
// | #include <stddef.h>
// | #include <stdint.h>

/// What a new computation starts with.
pub const MEMFAULT_CRC16_INITIAL_VALUE: u32 = 0x0;

/// Continues a CRC-16/XMODEM (polynomial 0x1021, no reflection, no final xor) over `data_len_bytes` bytes; start with 0.
///
/// Returns the new CRC, which goes in again as `crc_initial_value` to continue. A length of 0 returns `crc_initial_value`. May be
/// called from interrupts and fault handlers. With `MEMFAULT_CRC16_BUILTIN=0` the platform defines this function. Spec 10
/// section 4.
///
/// # Safety
/// `data` is readable for `data_len_bytes` bytes; with a length of 0 it may be NULL.
unsafe extern "C" fn builtin(crc_initial_value: u16, data: *const c_void, data_len_bytes: usize) -> u16 {
    // SAFETY: the caller's promise.
    crc16::update(crc_initial_value, unsafe { raw::bytes(data, data_len_bytes) })
}
// Weak, because strength cannot follow an option: with `MEMFAULT_CRC16_BUILTIN=0` the platform's definition wins.
weak_fn!("memfault_crc16_compute" = builtin);

unsafe extern "C" {
    fn memfault_crc16_compute(crc_initial_value: u16, data: *const c_void, data_len_bytes: usize) -> u16;
}

/// The CRC as the rest of the library computes it: the platform's when the option says so.
pub fn compute(crc: u16, data: &[u8]) -> u16 {
    if Firmware::CRC16_BUILTIN {
        crc16::update(crc, data)
    } else {
        // SAFETY: a slice is readable for its length.
        unsafe { memfault_crc16_compute(crc, data.as_ptr().cast(), data.len()) }
    }
}
