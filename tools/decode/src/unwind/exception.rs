//! Exception frames of Cortex-M (spec 50 §17.3, spec 80 §7.7; Armv7-M and Armv8-M architecture manuals).
//!
//! | Bit of EXC_RETURN | Meaning |
//! |---|---|
//! | 2 | the frame is on the stack of PSP (1) or MSP (0) |
//! | 3 | the exception interrupted thread mode (1) or another exception (0) |
//! | 4 | 0: the frame has room for the floating-point registers |

use super::Stack;
use super::state::State;
use crate::coredump::{Machine, Memory, Registers};

const ON_PSP: u32 = 1 << 2;
const TO_THREAD: u32 = 1 << 3;
const BASIC_FRAME: u32 = 1 << 4;
const BASIC_LEN: u64 = 0x20;
const EXTENDED_LEN: u64 = 0x68;
/// xPSR: the hardware put 4 bytes between frame and stack.
const PSR_REALIGNED: u64 = 1 << 9;
const PSR_THUMB: u64 = 1 << 24;
/// What a heuristic assumes when it finds nothing: thread mode, PSP, no floating point.
const ASSUMED: u32 = 0xffff_fffd;
/// r4 to r11.
const CALLEE_SAVED: [&str; 8] = ["r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11"];

/// The value that a handler returns to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExcReturn(pub u32);

impl ExcReturn {
    /// `None` for a value that is none: 0xffffffff is what a reset leaves.
    pub fn new(value: u64) -> Option<Self> {
        (value & 0xffff_ff82 == 0xffff_ff80).then_some(Self(value as u32))
    }

    /// The interrupted code runs on PSP.
    pub fn is_on_psp(self) -> bool {
        self.0 & ON_PSP != 0
    }

    /// The interrupted code is no exception handler.
    pub fn is_to_thread(self) -> bool {
        self.0 & TO_THREAD != 0
    }

    /// The frame has room for the floating-point registers.
    pub fn has_fpu_frame(self) -> bool {
        self.0 & BASIC_FRAME == 0
    }

    /// Sets the registers that are in the hardware's frame at an address, and the stack pointer behind it. False: it was not
    /// captured, or is none.
    pub fn take_frame(self, registers: &mut Registers, at: u64, memory: &Memory<'_>) -> bool {
        let frame = HardwareFrame::read(at, self, |at| memory.word(at).map(u64::from));
        let Some(frame) = frame.ok().filter(HardwareFrame::is_thumb) else { return false };
        for (name, value) in ["r0", "r1", "r2", "r3", "r12", "lr", "pc", "psr"].into_iter().zip(frame.words) {
            registers.set(name, value);
        }
        registers.set("sp", frame.sp);
        registers.set("psp", frame.sp);
        true
    }

    fn frame_len(self) -> u64 {
        if self.has_fpu_frame() { EXTENDED_LEN } else { BASIC_LEN }
    }

    /// `handler mode, MSP -> PSP`.
    pub fn describe(self) -> String {
        let to = if self.is_on_psp() { "PSP" } else { "MSP" };
        let interrupted = if self.is_to_thread() { "thread mode" } else { "another exception" };
        let fpu = if self.has_fpu_frame() { ", FPU frame" } else { "" };
        format!("handler mode, MSP -> {to}, interrupted {interrupted}{fpu}, EXC_RETURN 0x{:08x}", self.0)
    }
}

/// What the hardware put on the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HardwareFrame {
    /// r0 to r3, r12, lr, pc, xPSR.
    words: [u64; 8],
    sp: u64,
}

impl HardwareFrame {
    fn read(at: u64, kind: ExcReturn, number: impl Fn(u64) -> Option<u64>) -> Result<Self, u64> {
        let mut words = [0; 8];
        for (place, at) in words.iter_mut().zip((0..).map(|index| at.wrapping_add(4 * index))) {
            *place = number(at).ok_or(at)?;
        }
        let realigned = if words[7] & PSR_REALIGNED != 0 { 4 } else { 0 };
        Ok(Self { words, sp: (at + kind.frame_len() + realigned) & 0xffff_ffff })
    }

    fn is_thumb(&self) -> bool {
        self.words[7] & PSR_THUMB != 0
    }
}

/// The frame that was interrupted. `base`: of the hardware's frame. `Err`: what was not captured.
pub(super) fn interrupted(handler: &State, base: u64, kind: ExcReturn, stack: &Stack<'_>) -> Result<State, u64> {
    let frame = HardwareFrame::read(base, kind, |at| stack.number(at, 4))?;
    // Handlers are functions: what they keep is as it was.
    let mut state = handler.kept();
    for (number, value) in [0, 1, 2, 3, 12, 14].into_iter().zip(frame.words) {
        state.set(number, Some(value));
    }
    state.set_sp(frame.sp);
    state.set_pc(frame.words[6]);
    Ok(state)
}

/// The EXC_RETURN of the outermost exception of a crash in handler mode: in lr, else the first on the main stack.
pub fn outermost(registers: &Registers, memory: &Memory<'_>) -> Option<ExcReturn> {
    // As spec 50 §17.3 has it: back to thread mode.
    let to_thread = |value: u64| (value & 0xffff_ff8a == 0xffff_ff88).then_some(ExcReturn(value as u32));
    let sp = registers.sp() & !3;
    let words = (0..).map_while(|index| memory.word(sp.checked_add(4 * index)?));
    registers.lr().and_then(to_thread).or_else(|| words.map(u64::from).find_map(to_thread))
}

/// The thread that a crash in handler mode interrupted, if it ran on PSP and its frame was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupted {
    /// Its registers; r4 to r11 are still those of the handler.
    pub registers: Registers,
    /// It was not found, but assumed.
    pub is_assumed: bool,
}

/// Looks for the interrupted thread. `given`: the EXC_RETURN that the user names.
pub fn interrupted_thread(crash: &Registers, memory: &Memory<'_>, given: Option<u32>) -> Option<Interrupted> {
    if !crate::coredump::in_handler_mode(crash) {
        return None;
    }
    let found = given.map(ExcReturn).or_else(|| outermost(crash, memory));
    let kind = found.unwrap_or(ExcReturn(ASSUMED));
    if !kind.is_on_psp() {
        return None;
    }
    let psp = crash.get("psp")?;
    let mut registers = crash.clone();
    if !kind.take_frame(&mut registers, psp, memory) {
        return None;
    }
    Some(Interrupted { registers, is_assumed: found.is_none() })
}

impl Interrupted {
    /// Takes r4 to r11 from the frame that the handler's frames lead to. False if one of them is not known.
    pub fn take_kept(&mut self, frame: &State) -> bool {
        let known = CALLEE_SAVED.map(|name| (name, frame.named(name)));
        if frame.machine() != Machine::CortexM || known.iter().any(|(_, value)| value.is_none()) {
            return false;
        }
        for (name, value) in known {
            self.registers.set(name, value.unwrap_or_default());
        }
        true
    }
}
