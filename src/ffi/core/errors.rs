//! `memfault/core/errors.h` (spec 20 §17.2): 0 is success, a negative number an error.

use core::ffi::c_int;

/// Something went wrong that the caller cannot repair.
pub const MEMFAULT_ERROR: c_int = -1;
/// An argument was NULL or out of range.
pub const MEMFAULT_INVALID_INPUT: c_int = -2;
/// From here on downwards a code is the platform's own.
pub const MEMFAULT_PLATFORM_BASE: c_int = -1000;

/// The platform's error `error`, of either sign, as a code of the SDK, as `MEMFAULT_PLATFORM_SPECIFIC_ERROR` makes it
/// in C: for hooks that are written in Rust.
pub const fn platform_specific_error(error: i32) -> c_int {
    MEMFAULT_PLATFORM_BASE.wrapping_sub(error.wrapping_abs() & 0x7fff_ffff)
}

#[cfg(test)]
mod tests {
    use super::platform_specific_error;

    #[test]
    fn platform_errors_of_the_specification() {
        assert_eq!(platform_specific_error(-5), -1005);
        assert_eq!(platform_specific_error(5), -1005);
        assert_eq!(platform_specific_error(0x101), -1257);
        assert_eq!(platform_specific_error(0), -1000);
        // The most negative number has no absolute value.
        assert_eq!(platform_specific_error(i32::MIN), -1000);
    }
}
