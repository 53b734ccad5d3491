//! Registers of a 32-bit RISC-V: machine 243, 148 bytes (spec 50 sections 3.4 and 9.9).

use super::Place;

/// `struct MfltRegState` of `memfault/panics/arch/riscv/riscv.h`, in the layout of the coredump.
#[repr(C, packed)]
#[derive(Clone, Copy, Default)]
pub struct RegState {
    /// The instruction that faulted.
    pub mepc: u32,
    /// Return address.
    pub ra: u32,
    /// Stack pointer.
    pub sp: u32,
    /// Global pointer.
    pub gp: u32,
    /// Thread pointer.
    pub tp: u32,
    /// t0 to t6.
    pub t: [u32; 7],
    /// s0 to s11.
    pub s: [u32; 12],
    /// a0 to a7.
    pub a: [u32; 8],
    /// Machine status.
    pub mstatus: u32,
    /// Trap vector.
    pub mtvec: u32,
    /// Cause of the trap.
    pub mcause: u32,
    /// Trap value: the address or the instruction.
    pub mtval: u32,
    /// Number of the hart.
    pub mhartid: u32,
}

impl RegState {
    /// For the record of the reset.
    pub fn place(&self) -> Place {
        Place { pc: self.mepc, lr: self.ra }
    }

    /// What is told to be the top of the stack.
    ///
    /// QUIRK: not `sp` but s0, where the trap code of Zephyr keeps it. A port with another trap code has its stack in `sp`,
    /// and its `memfault_platform_coredump_get_regions` takes it from there (`exception_reg_state`).
    pub fn stack_address(&self) -> u32 {
        let s = self.s;
        s[0]
    }
}
