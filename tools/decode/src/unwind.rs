//! The frames of a thread (spec 80 §7.7).
//!
//! Each step outwards takes the first of these that works:
//!
//! | `how` | From | Sure |
//! |---|---|---|
//! | `cfi` | `.debug_frame` or `.eh_frame` of the firmware | yes |
//! | `exidx` | `.ARM.exidx` of the firmware | yes |
//! | `exception` | the frame that a Cortex-M puts on the stack for an exception | yes |
//! | `lr` | the return address register, for an innermost function that calls nothing | yes |
//! | `scan` | the next word on the stack that points behind a call | no, and nothing behind it |
//!
//! Code and constants come from the firmware's file, memory only from the coredump: the file holds what variables were at reset.

pub(crate) mod calls;
pub(crate) mod cfi;
pub mod exception;
mod exidx;
mod state;

pub use exidx::Exidx;
pub use state::State;

use crate::coredump::{Machine, Memory};
use crate::firmware::image::Image;
use crate::rtos::{Switch, TASK_EXIT};
use cfi::Caller;
use exception::ExcReturn;
use std::fmt;

/// Most frames of a thread.
const MAX_FRAMES: usize = 128;
/// Furthest word of a scan.
const MAX_SCAN: u64 = 4096;

/// Largest distance of a stack pointer from the stack that it left.
const MAX_GUARD: u64 = 1024;

/// What frames are made from.
pub(crate) struct Stack<'m> {
    memory: &'m Memory<'m>,
    image: &'m Image,
    wide: bool,
    switch: Option<&'m Switch>,
}

impl<'m> Stack<'m> {
    /// A little-endian number in captured memory, or in the read-only part of the firmware.
    pub(crate) fn number(&self, address: u64, len: usize) -> Option<u64> {
        self.memory.number(address, len).or_else(|| {
            let bytes = self.image.constant(address, len)?;
            Some(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
        })
    }

    /// An address as wide as the machine has them.
    pub(crate) fn address(&self, value: u64) -> u64 {
        if self.wide { value } else { value & 0xffff_ffff }
    }
}

impl Stack<'_> {
    /// Why a function without caller is the last one.
    fn end(&self, state: &State) -> End {
        match self.memory.from(state.sp()).len() as u64 {
            0 => End::StackEnd(state.sp()),
            len if len < MAX_SCAN => End::StackEnd(state.sp() + len),
            _ => End::Lost,
        }
    }
}

/// How a frame was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is the innermost one: its registers were captured.
    Registers,
    /// Call frame information.
    Cfi,
    /// The exception index of Arm.
    Exidx,
    /// The hardware's exception frame.
    Exception(ExcReturn),
    /// The return address register.
    Lr,
    /// A scan of the stack.
    Scan,
}

impl How {
    /// As in JSON; `None` for the innermost frame.
    pub const fn text(self) -> Option<&'static str> {
        match self {
            How::Registers => None,
            How::Cfi => Some("cfi"),
            How::Exidx => Some("exidx"),
            How::Exception(_) => Some("exception"),
            How::Lr => Some("lr"),
            How::Scan => Some("scan"),
        }
    }
}

/// A frame; functions that were inlined into its function are not frames of their own here.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its registers.
    pub state: State,
    /// How it was found.
    pub how: How,
    /// False behind a scan.
    pub is_sure: bool,
    /// It was interrupted, so its pc is the next instruction to run; else it is behind a call.
    pub is_interrupted: bool,
}

/// Why there are no more frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It is the outermost one.
    Outermost,
    /// The stack from this address on was not captured.
    NotCaptured(u64),
    /// The return address is not in the firmware's code, and the stack has no other.
    NotCode(u64),
    /// Nothing is known about the function, and the captured stack ends at this address.
    StackEnd(u64),
    /// Nothing leads further.
    Lost,
    /// The caller's registers are in a register window, which nothing here follows.
    Windows,
    /// The frames repeat: the stack is damaged.
    Repeats,
    /// There are more than anybody wants to read.
    TooMany,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Outermost => f.write_str("this is the outermost frame"),
            End::NotCaptured(at) => write!(f, "the stack at 0x{at:08x} was not captured"),
            End::StackEnd(at) => write!(f, "the captured stack ends at 0x{at:08x}"),
            End::NotCode(pc) => write!(f, "the return address 0x{pc:08x} is not in the firmware's code"),
            End::Lost => f.write_str(
                "nothing leads to its caller: no unwind information, no return address on the captured stack",
            ),
            End::Windows => {
                f.write_str("register windows of Xtensa are not followed; the chip's GDB opens `mflt core`")
            }
            End::Repeats => f.write_str("the next frame is this one again: the stack is damaged"),
            End::TooMany => write!(f, "more than {MAX_FRAMES} frames"),
        }
    }
}

/// The frames of a thread, from the inside.
#[derive(Debug, Clone)]
pub struct Walk {
    /// At least the innermost one.
    pub frames: Vec<Frame>,
    /// Why there are no more.
    pub end: End,
}

impl Walk {
    /// Follows the calls from these registers on. `psp`: the process stack pointer of a Cortex-M; `switch`: the task that its kernel
    /// was switching out.
    pub fn new(
        innermost: State,
        psp: Option<u64>,
        switch: Option<&Switch>,
        memory: &Memory<'_>,
        image: &Image,
    ) -> Self {
        let stack = Stack { memory, image, wide: innermost.machine().is_wide(), switch };
        let first = Frame { state: innermost, how: How::Registers, is_sure: true, is_interrupted: true };
        let mut walk = Self { frames: vec![first], end: End::TooMany };
        while walk.frames.len() < MAX_FRAMES {
            let Some(frame) = walk.frames.last() else { break };
            match next(frame, psp, &stack) {
                Ok(next) => {
                    let seen = |known: &Frame| known.state.pc == next.state.pc && known.state.sp() == next.state.sp();
                    if walk.frames.iter().any(seen) {
                        walk.end = End::Repeats;
                        break;
                    }
                    walk.frames.push(next);
                }
                Err(end) => {
                    walk.end = end;
                    break;
                }
            }
        }
        walk
    }

    /// The thread that the outermost exception interrupted.
    pub fn interrupted_thread(&self) -> Option<&State> {
        let to_thread = |frame: &&Frame| matches!(frame.how, How::Exception(kind) if kind.is_to_thread());
        self.frames.iter().find(to_thread).filter(|frame| frame.is_sure).map(|frame| &frame.state)
    }
}

fn next(frame: &Frame, psp: Option<u64>, stack: &Stack<'_>) -> Result<Frame, End> {
    let (state, image) = (&frame.state, stack.image);
    if state.machine().is_xtensa() {
        return Err(End::Windows);
    }
    // Behind a call that never returns may be the next function.
    let lookup = if frame.is_interrupted { state.pc } else { state.pc.saturating_sub(1) };
    let start = image.function_start(lookup);
    if let Some(switch) = stack.switch.filter(|switch| start == Some(switch.handler)) {
        let (state, how) = (State::new(&switch.registers), How::Exception(switch.kind));
        return Ok(Frame { state, how, is_sure: frame.is_sure, is_interrupted: true });
    }
    let called = |state: State, how: How, is_sure: bool| Frame { state, how, is_sure, is_interrupted: false };
    let by_rules = image.cfi().step(state, lookup, start, frame.is_interrupted, stack).map(|caller| (caller, How::Cfi));
    let by_rules = by_rules.or_else(|| {
        image.exidx().and_then(|index| index.step(state, lookup, stack)).map(|caller| (caller, How::Exidx))
    });
    match by_rules {
        Some((Caller::Frame(caller), how)) => {
            // Exception handlers return to a value that is no address.
            let return_address = caller.pc | 1;
            if let Some(kind) = ExcReturn::new(return_address).filter(|_| state.machine() == Machine::CortexM) {
                return exception(&caller, kind, psp, stack, frame.is_sure);
            }
            if caller.pc == 0 || is_reset(caller.pc, state) || image.begins(TASK_EXIT, caller.pc) {
                return Err(End::Outermost);
            }
            if image.is_code(caller.pc.saturating_sub(1)) {
                return Ok(called(caller, how, frame.is_sure));
            }
            scan(state, psp, stack).ok_or(End::NotCode(caller.pc))
        }
        Some((Caller::Interrupted(state), how)) if image.is_code(state.pc) => {
            Ok(Frame { state, how, is_sure: frame.is_sure, is_interrupted: true })
        }
        Some((Caller::Interrupted(state), _)) => Err(End::NotCode(state.pc)),
        Some((Caller::Outermost, _)) => Err(End::Outermost),
        Some((Caller::NotCaptured(at), _)) => Err(End::NotCaptured(at)),
        Some((Caller::Lost, _)) => scan(state, psp, stack).ok_or_else(|| stack.end(state)),
        None => {
            let lr = state.lr().filter(|_| frame.is_interrupted);
            if let Some(kind) = lr.and_then(ExcReturn::new).filter(|_| state.machine() == Machine::CortexM) {
                return exception(state, kind, psp, stack, frame.is_sure);
            }
            // lr is the caller's place only as long as the function has called nothing, and then it is outside of it.
            let is_outside = |lr: &u64| image.function_start(lr.saturating_sub(2)).is_none_or(|of| Some(of) != start);
            let caller = lr.filter(|lr| calls::is_return_address(image, state.machine(), *lr)).filter(is_outside);
            if let Some(lr) = caller {
                let mut caller = state.kept();
                caller.set_pc(lr);
                caller.set_sp(state.sp());
                return Ok(called(caller, How::Lr, frame.is_sure));
            }
            scan(state, psp, stack).ok_or_else(|| stack.end(state))
        }
    }
}

/// The link register after a reset of an Arm.
fn is_reset(pc: u64, state: &State) -> bool {
    matches!(state.machine(), Machine::CortexM | Machine::CortexAr) && pc | 1 == 0xffff_ffff
}

fn exception(
    handler: &State,
    kind: ExcReturn,
    psp: Option<u64>,
    stack: &Stack<'_>,
    is_sure: bool,
) -> Result<Frame, End> {
    let base = if kind.is_on_psp() { psp.unwrap_or_default() } else { handler.sp() };
    let state = exception::interrupted(handler, base, kind, stack).map_err(End::NotCaptured)?;
    Ok(Frame { state, how: How::Exception(kind), is_sure, is_interrupted: true })
}

/// The next word on the stack that can be a return address, or the one that leads out of an exception.
fn scan(state: &State, psp: Option<u64>, stack: &Stack<'_>) -> Option<Frame> {
    let machine = state.machine();
    let len = machine.word_len() as u64;
    let mut start = state.sp().next_multiple_of(len);
    // A stack that overflowed: the hardware could not save where that was, and what is captured begins above the guard.
    if stack.memory.from(start).is_empty() && stack.image.function_start(state.pc).is_none() {
        let above = stack.memory.pieces().iter().map(|piece| piece.address).find(|address| *address > start)?;
        start = above.next_multiple_of(len);
        if start - state.sp() > MAX_GUARD {
            return None;
        }
    }
    for at in (0..MAX_SCAN).map_while(|index| start.checked_add(index * len)) {
        let value = stack.memory.number(at, len as usize)?;
        let above = at.checked_add(len)?;
        if let Some(kind) = ExcReturn::new(value).filter(|_| machine == Machine::CortexM) {
            let handler = state.only(0, above);
            if let Ok(frame) = exception(&handler, kind, psp, stack, false) {
                return Some(frame);
            }
        }
        if calls::is_return_address(stack.image, machine, value) {
            let state = state.only(value, above);
            return Some(Frame { state, how: How::Scan, is_sure: false, is_interrupted: false });
        }
    }
    None
}
