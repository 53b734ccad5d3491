//! Registers of an i386 process, for simulators: machine 3, 44 bytes (spec 50 sections 3.4 and 9.11). There is no layout for
//! x86-64.

use super::Place;

/// `struct MfltRegState` of `memfault/panics/arch/posix/posix.h`, in the layout of the coredump.
#[repr(C, packed)]
#[derive(Clone, Copy, Default)]
pub struct RegState {
    /// Program counter.
    pub eip: u32,
    /// Code segment.
    pub cs: u32,
    /// Flags.
    pub eflags: u32,
    /// Stack pointer.
    pub esp: u32,
    /// Stack segment.
    pub ss: u32,
    /// eax, ebx, ecx, edx, edi, esi.
    pub e: [u32; 6],
}

impl RegState {
    /// For the record of the reset. The return address is not known: 0.
    pub fn place(&self) -> Place {
        Place { pc: self.eip, lr: 0 }
    }
}
