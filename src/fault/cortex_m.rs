//! Registers of a Cortex-M: machine 40, 76 bytes (spec 50 sections 3.4 and 9.6).
//!
//! | Words | Register | Words | Register |
//! |---|---|---|---|
//! | 0-3 | r0 to r3 | 15 | pc |
//! | 4-11 | r4 to r11 | 16 | psr as it was stacked |
//! | 12 | r12 | 17 | msp |
//! | 13 | sp | 18 | psp |
//! | 14 | lr | | |

use super::Place;
use core::mem::MaybeUninit;

/// What the hardware puts on the stack at an exception.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExceptionFrame {
    /// r0 to r3.
    pub r0_r3: [u32; 4],
    /// r12.
    pub r12: u32,
    /// Return address of the function in which it happened.
    pub lr: u32,
    /// Where it happened.
    pub pc: u32,
    /// Bit 9: the hardware left a word free, to align the frame to 8 bytes.
    pub xpsr: u32,
}

/// `struct MfltRegState` of `memfault/panics/arch/arm/cortex_m.h`. Packed in C, so a port may put it anywhere.
#[repr(C, packed)]
#[derive(Clone, Copy)]
pub struct RegState {
    /// Address of the [`ExceptionFrame`].
    pub exception_frame: u32,
    /// r4 to r11, words of any alignment.
    pub r4_r11: [[u8; 4]; 8],
    /// lr in the exception handler. Bit 2: the process stack was in use. Bit 4 clear: the frame has room for
    /// floating-point registers.
    pub exc_return: u32,
}

const EXC_RETURN_PROCESS_STACK: u32 = 1 << 2;
const EXC_RETURN_BASIC_FRAME: u32 = 1 << 4;
const XPSR_FRAME_ALIGNED: u32 = 1 << 9;
const BASIC_FRAME_SIZE: u32 = 0x20;
/// With s0 to s15, FPSCR and a reserved word behind the basic frame.
const FP_FRAME_SIZE: u32 = 0x68;

/// A word of a block that is filled in place: a value that is made elsewhere and moved costs flash and stack.
pub type Slot = MaybeUninit<u32>;

/// The registers of a coredump. All are filled in by [`fill_in`].
pub type Registers = [Slot; 19];

/// No registers yet.
pub const EMPTY: Registers = [Slot::uninit(); 19];

/// The stack pointers as the handler sees them. The one that was in use is taken from the frame instead.
#[derive(Clone, Copy)]
pub struct StackPointers {
    /// Main.
    pub msp: u32,
    /// Process.
    pub psp: u32,
}

/// Fills in what the program saw when the exception came, and returns its stack pointer.
#[inline(always)]
pub fn fill_in(registers: &mut Registers, state: &RegState, frame: &ExceptionFrame, handler: StackPointers) -> u32 {
    let exc_return = state.exc_return;
    let frame_size = if exc_return & EXC_RETURN_BASIC_FRAME == 0 { FP_FRAME_SIZE } else { BASIC_FRAME_SIZE };
    let padding = if frame.xpsr & XPSR_FRAME_ALIGNED != 0 { 4 } else { 0 };
    let sp = state.exception_frame.wrapping_add(frame_size + padding);
    let (msp, psp) = if exc_return & EXC_RETURN_PROCESS_STACK == 0 { (sp, handler.psp) } else { (handler.msp, sp) };

    let [r0, r1, r2, r3, r4_r11 @ .., r12, sp_slot, lr, pc, psr, msp_slot, psp_slot] = registers;
    let [frame_r0, frame_r1, frame_r2, frame_r3] = frame.r0_r3;
    r0.write(frame_r0);
    r1.write(frame_r1);
    r2.write(frame_r2);
    r3.write(frame_r3);
    for (slot, word) in r4_r11.iter_mut().zip(&state.r4_r11) {
        slot.write(u32::from_le_bytes(*word));
        // Keeps the loop a loop, instead of a call of memcpy.
        core::hint::black_box(());
    }
    r12.write(frame.r12);
    sp_slot.write(sp);
    lr.write(frame.lr);
    pc.write(frame.pc);
    psr.write(frame.xpsr);
    msp_slot.write(msp);
    psp_slot.write(psp);
    sp
}

/// What the platform sees when only the size of a coredump is asked for: a [`RegState`] of zeroes, but that the process stack was
/// in use. It is put at the start of `words`.
pub fn fill_in_no_crash(words: &mut Registers) {
    let [state @ .., _, _, _, _, _, _, _, _, _, _] = words;
    for word in &mut *state {
        word.write(0);
        // Keeps the loop a loop, instead of a call of memset.
        core::hint::black_box(());
    }
    let [_, _, _, _, _, _, _, _, _, exc_return, ..] = words;
    exc_return.write(EXC_RETURN_PROCESS_STACK);
}

impl ExceptionFrame {
    /// For the record of the reset.
    pub fn place(&self) -> Place {
        Place { pc: self.pc, lr: self.lr }
    }
}
