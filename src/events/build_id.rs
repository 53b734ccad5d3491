//! The build's identity as text (spec 20 §14 and §15). Where the 20 bytes come from is the business of the C interface.

use super::envelope::BUILD_ID_LEN;
use core::cell::Cell;
use core::ffi::c_char;

/// A build id: a SHA-1.
pub type BuildId = [u8; BUILD_ID_LEN];

/// Writes lower-case hex digits of the id, high nibble first, as many as `out` and the id have.
#[inline(never)]
pub fn write_hex(id: &BuildId, out: &mut [u8]) {
    for (i, digit) in out.iter_mut().enumerate() {
        let Some(byte) = id.get(i / 2) else { return };
        let nibble = if i % 2 == 0 { byte >> 4 } else { byte & 0xf };
        *digit = nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    }
}

/// What a version string has besides its version: `+`, six digits and a terminator.
const SUFFIX_LEN: usize = 8;
const DIGITS: usize = 6;
/// The suffix when there is no build id.
const NO_ID: &[u8; 1 + DIGITS] = b"+no-id\0";

/// A version string that is made once and then stays: `<version>+<six digits of the build id>`, NUL-terminated.
///
/// `N` is `MEMFAULT_UNIQUE_VERSION_MAX_LEN`, the terminator included. All zero before it is made; a made one is never
/// empty.
pub struct UniqueVersion<const N: usize>([Cell<u8>; N]);

impl<const N: usize> UniqueVersion<N> {
    /// No string yet.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self([const { Cell::new(0) }; N])
    }

    /// The string and all that is behind its terminator, once it was made.
    pub fn get(&self) -> Option<&[Cell<u8>; N]> {
        self.0.first().is_some_and(|byte| byte.get() != 0).then_some(&self.0)
    }

    /// Where the string will be, if it is made.
    pub const fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    /// Makes the string; call it only while [`UniqueVersion::get`] has none. False: the version is too long, nothing
    /// was made.
    ///
    /// QUIRK (spec 20 §15): a version of the largest possible length gets one digit less.
    pub fn make(&self, version: &[u8], build_id: Option<&BuildId>) -> bool {
        let Some(longest) = N.checked_sub(SUFFIX_LEN) else { return false };
        if version.len() > longest {
            return false;
        }
        let mut suffix = *NO_ID;
        if let Some(id) = build_id {
            write_hex(id, &mut suffix[1..]);
            if version.len() == longest {
                suffix[DIGITS] = 0;
            }
        }
        for (i, cell) in self.0.iter().enumerate() {
            let Some(byte) = version.get(i).or(suffix.get(i.wrapping_sub(version.len()))) else { break };
            cell.set(*byte);
        }
        true
    }
}

#[cfg(test)]
mod tests;
