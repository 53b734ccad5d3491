//! Registers of an AArch64: machine 183, 272 bytes (spec 50 sections 3.4 and 9.8).

use super::Place;

/// `struct MfltRegState` of `memfault/panics/arch/arm/aarch64.h`, in the layout of the coredump.
#[repr(C, packed)]
#[derive(Clone, Copy, Default)]
pub struct RegState {
    /// Stack pointer.
    pub sp: u64,
    /// The instruction that faulted.
    pub pc: u64,
    /// Processor state, 32 bits.
    pub cpsr: u64,
    /// x0 to x30.
    pub x: [u64; 31],
}

impl RegState {
    /// For the record of the reset, which has 32 bits for each.
    #[expect(clippy::cast_possible_truncation)]
    pub fn place(&self) -> Place {
        let x = self.x;
        Place { pc: self.pc as u32, lr: x[30] as u32 }
    }
}
