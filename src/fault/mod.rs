//! Crashes, up to the coredump (spec 50 chapter 9): which event was the first one, and the registers in the layout of the
//! coredump format (spec 50 section 3.4), one file per architecture.
//!
//! All of it is plain data and compiles everywhere; the exception handlers that fill it in are in `ffi::panics::arch`.
#![cfg_attr(not(test), forbid(unsafe_code))]

pub mod aarch64;
pub mod cortex_ar;
pub mod cortex_m;
pub mod posix;
pub mod riscv;

use core::cell::Cell;

/// Where the program was, as far as all architectures can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Program counter; 64-bit addresses lose their upper half, as in the record of the reset.
    pub pc: u32,
    /// Return address.
    pub lr: u32,
}

/// The reason of the first crash event since boot (spec 50 section 9.1). Asserts and faults share it: an assert ends in a
/// fault, and what is reported is the assert.
///
/// QUIRK: reason 0 does not stick, so an event with that reason does not keep the next one from counting as the first.
pub struct CrashReason(Cell<u32>);

impl CrashReason {
    /// Nothing happened yet.
    pub const fn new() -> Self {
        Self(Cell::new(0))
    }

    /// The reason of the first event; 0 if there was none.
    pub fn get(&self) -> u32 {
        self.0.get()
    }

    /// Takes note of an event. True: it is the first one, and the reset has to be marked.
    ///
    /// Remembered before it is marked: should marking fault, then that fault does not mark again.
    pub fn is_first(&self, reason: u32) -> bool {
        let first = self.0.get() == 0;
        if first {
            self.0.set(reason);
        }
        first
    }
}

impl Default for CrashReason {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[allow(unsafe_code)]
mod tests;
