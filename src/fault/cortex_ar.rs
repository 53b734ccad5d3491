//! Registers of an Armv7-A or -R and of an Armv8-A or -R in AArch32: machine 0x10028, 68 bytes (spec 50 sections 3.4, 9.7).

use super::Place;

/// `struct MfltRegState` of `memfault/panics/arch/arm/v7_a_r.h`, in the layout of the coredump.
#[repr(C, packed)]
#[derive(Clone, Copy, Default)]
pub struct RegState {
    /// r0 to r12.
    pub r: [u32; 13],
    /// Stack pointer of the mode that was interrupted.
    pub sp: u32,
    /// Return address.
    pub lr: u32,
    /// The instruction that faulted.
    pub pc: u32,
    /// CPSR of the program.
    pub cpsr: u32,
}

impl RegState {
    /// For the record of the reset.
    pub fn place(&self) -> Place {
        Place { pc: self.pc, lr: self.lr }
    }
}

/// Tells from a CPSR if an interrupt or another exception is being handled: every mode but User, Supervisor and System.
pub fn is_exception_mode(cpsr: u32) -> bool {
    !matches!(cpsr & 0x1F, 0x10 | 0x13 | 0x1F)
}
