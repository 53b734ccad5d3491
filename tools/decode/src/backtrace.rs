//! Frames with names, the signature of a crash, and what of the memory is there (spec 80 §7.7).

use crate::coredump::{Crash, Machine, Options, Origin, Thread, Threads};
use crate::device_state;
use crate::firmware::Firmware;
use crate::firmware::image::Image;
use crate::firmware::lines::Role;
use crate::model::{Coredump, StackFrame, ThreadFrames, Word};
use crate::unwind::{Frame, How, Walk};

/// Frames that a signature names.
const SIGNATURE_FRAMES: usize = 3;
/// Beginnings of the names of functions that only report a crash: they are the same for all of them.
const REPORTERS: [&str; 16] = [
    "memfault_",
    "prv_fault_handling",
    "__assert",
    "__aeabi_assert",
    "_assert",
    "assert_failed",
    "vAssertCalled",
    "vApplicationStackOverflowHook",
    "configASSERT",
    "abort",
    "_exit",
    "panic",
    "rust_begin_unwind",
    "core::panicking",
    "k_panic",
    "z_fatal_error",
];

/// Beginnings of the names of functions that end in a trap on purpose.
const ASSERTS: [&str; 2] = ["memfault_fault_handling_assert", "memfault_arch_fault_handling_assert"];

/// The functions of a frame, those inlined into it first.
pub fn places(frame: &Frame, image: &Image, machine: Machine) -> Vec<StackFrame> {
    let pc = Word { value: frame.state.pc, wide: machine.is_wide() };
    let role = if frame.is_interrupted { Role::Instruction } else { Role::Return };
    let (how, sure) = (frame.how.text(), frame.is_sure);
    let empty = StackFrame { pc, function: None, file: None, line: None, inlined: false, how, sure };
    let found = image.lines.places(frame.state.pc, role);
    let last = found.len().saturating_sub(1);
    let named = found.into_iter().enumerate().map(|(index, place)| StackFrame {
        function: place.function,
        file: place.file,
        line: place.line,
        inlined: index < last,
        ..empty.clone()
    });
    let named: Vec<_> = named.collect();
    if named.is_empty() { vec![empty] } else { named }
}

/// All frames of a thread.
pub fn frames(walk: &Walk, image: &Image, machine: Machine) -> Vec<StackFrame> {
    walk.frames.iter().flat_map(|frame| places(frame, image, machine)).collect()
}

/// The same text for crashes that look the same: the reason and the first functions that are neither unknown nor reporters.
pub fn signature(reason: &str, frames: &[StackFrame]) -> String {
    let is_telling = |name: &&str| !REPORTERS.iter().any(|reporter| name.starts_with(reporter));
    let names = |frames: &mut dyn Iterator<Item = &StackFrame>| -> Vec<String> {
        let names = frames.filter_map(|frame| frame.function.as_deref()).filter(is_telling);
        names.take(SIGNATURE_FRAMES).map(str::to_owned).collect()
    };
    let mut parts = names(&mut frames.iter().filter(|frame| frame.sure));
    if parts.is_empty() {
        parts = names(&mut frames.iter());
    }
    if parts.is_empty() {
        // Without names the addresses are the next best.
        parts = frames.iter().take(2).map(|frame| frame.pc.to_string()).collect();
    }
    [vec![reason.to_owned()], parts].concat().join(" < ")
}

/// Puts frames and signature into the record of a coredump.
pub fn symbolise(record: &mut Coredump, file: &[u8], firmware: &Firmware, options: Options) -> Result<(), String> {
    let mut crash = Crash::read(file, options)?;
    crash.learn(&firmware.image);
    record.faults.clone_from(&crash.faults.names);
    record.more().state = device_state::read(&crash, firmware, record.reason_id);
    let Ok(machine) = crash.need_machine() else { return Ok(()) };
    let threads = Threads::new(&crash, Some(&firmware.image));
    record.warnings.extend(threads.warnings.iter().cloned());
    let of = |thread: &Thread| thread.walk.as_ref().map(|walk| frames(walk, &firmware.image, machine));
    let backtrace = threads.list.first().and_then(of);
    let reason = record.reason.clone().unwrap_or_else(|| "unknown".to_owned());
    let more = record.more();
    more.signature = backtrace.as_deref().map(|frames| signature(&reason, frames));
    more.backtrace = backtrace;
    let others = threads.list.iter().skip(1);
    let others = others
        .filter_map(|thread| Some(ThreadFrames { id: thread.id, name: thread.origin.name(), backtrace: of(thread)? }));
    more.threads = others.collect();
    Ok(())
}

impl Origin {
    /// What the thread is called.
    pub fn name(&self) -> String {
        match self {
            Origin::Cpu(index) => format!("CPU {index}"),
            Origin::Interrupted => "interrupted thread".to_owned(),
            Origin::Task(name) => name.clone(),
        }
    }
}

/// A captured piece of memory and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Of the first byte.
    pub address: Word,
    /// In bytes.
    pub size: u64,
    /// For instance `.data`, `stack`, `NVIC_ISER`; empty if it is not known.
    pub what: String,
}

/// What the memory of a coredump covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// What was captured, by address.
    pub captured: Vec<Captured>,
    /// What was not, in sentences.
    pub missing: Vec<String>,
}

/// Registers of a Cortex-M that the SDK captures: address, name.
const CORTEX_M_REGISTERS: [(u64, &str); 11] = [
    (0xe000_ed24, "fault registers"),
    (0xe000_ed18, "SHPR1 to SHPR3"),
    (0xe000_e004, "ICTR, ACTLR, SysTick"),
    (0xe000_ed04, "ICSR, VTOR"),
    (0xe000_edfc, "DEMCR"),
    (0xe000_e100, "NVIC_ISER"),
    (0xe000_e200, "NVIC_ISPR"),
    (0xe000_e300, "NVIC_IABR"),
    (0xe000_e400, "NVIC_IPR"),
    (0xe000_ed90, "MPU, added for the debugger"),
    (0xe000_ef34, "FPCCR, zero, added for the debugger"),
];

/// Says what the memory of a coredump is, and what is missing.
pub fn coverage(crash: &Crash<'_>, threads: &Threads, image: Option<&Image>) -> Coverage {
    let mut coverage = Coverage::default();
    let stacks: Vec<_> = threads.list.iter().map(|thread| (thread.registers.sp(), thread.origin.name())).collect();
    for piece in crash.memory.pieces() {
        let holds = |address: u64| (piece.address..piece.end()).contains(&address);
        let register = CORTEX_M_REGISTERS.iter().find(|(address, _)| *address == piece.address);
        let mut what: Vec<String> = register.iter().map(|(_, name)| (*name).to_owned()).collect();
        let of = stacks.iter().filter(|(sp, _)| holds(*sp)).map(|(_, name)| format!("stack of {name}"));
        what.extend(of);
        if let Some(image) = image {
            let is_in = |(_, start, size): &(&str, u64, u64)| {
                piece.address < start.saturating_add(*size) && *start < piece.end()
            };
            // Ports capture single variables, or whole sections.
            let size = piece.bytes.len() as u64;
            let variable = image.variable_at(piece.address).filter(|(_, of)| (size..size + 4).contains(of));
            match variable {
                Some((name, _)) => what.push(name),
                None => what.extend(image.ram().filter(is_in).map(|(name, ..)| name.to_owned())),
            }
        }
        let (address, size) = (crash.word(piece.address), piece.bytes.len() as u64);
        coverage.captured.push(Captured { address, size, what: what.join(", ") });
    }
    for thread in &threads.list {
        let sp = thread.registers.sp();
        if crash.memory.from(sp).is_empty() {
            coverage.missing.push(format!("the stack of {} (sp {})", thread.origin.name(), crash.word(sp)));
        }
    }
    for (name, start, size) in image.into_iter().flat_map(Image::ram) {
        match crash.memory.captured(start | crash.memory.high, size) {
            0 => coverage.missing.push(format!("{name} ({size} bytes at {})", crash.word(start))),
            there if there < size => coverage.missing.push(format!("{} of the {size} bytes of {name}", size - there)),
            _ => {}
        }
    }
    coverage
}

/// The crash is the trap of an assert of the SDK (spec 50 §9.5), and nothing went wrong there.
pub fn is_assert(threads: &Threads, image: &Image) -> bool {
    let innermost = threads.list.first().and_then(|thread| thread.walk.as_ref()?.frames.first());
    let places = innermost.map(|frame| image.lines.places(frame.state.pc, Role::Instruction)).unwrap_or_default();
    let names = places.iter().filter_map(|place| place.function.as_deref());
    names.into_iter().any(|name| ASSERTS.iter().any(|assert| name.starts_with(assert)))
}

/// True for a walk that had to guess.
pub fn has_guesses(walk: &Walk) -> bool {
    walk.frames.iter().any(|frame| frame.how == How::Scan)
}
