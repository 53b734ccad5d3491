//! Tasks of FreeRTOS that a coredump holds (spec 50 §13.3 and §14.3; spec 80 §7.7, second stage).
//!
//! A task control block begins with the saved stack pointer. Where the blocks are is in `s_task_tcbs`, if that was captured; else
//! every captured block of memory with the size of one is looked at. What the port saved on the stack of a task:
//!
//! | Port | From the stack pointer upwards |
//! |---|---|
//! | Cortex-M3, M0 | r4-r11, hardware frame |
//! | Cortex-M4F, M7 | r4-r11, EXC_RETURN, (s16-s31), hardware frame |
//! | Cortex-M33, M23 | (PSPLIM), EXC_RETURN, r4-r11, (s16-s31), hardware frame |
//! | RISC-V | mepc, ra, t0-t2, s0, s1, a0-a7, s2-s11, t3-t6 |
//!
//! While the kernel switches tasks in PendSV, the task that ran is saved like one that waits, and on a Cortex-M with FPU or stack
//! limits nothing on the main stack says how that handler returns.

use crate::coredump::{Crash, Machine, Registers};
use crate::firmware::image::Image;
use crate::unwind::exception::ExcReturn;

/// Names that the structure had in FreeRTOS.
const TCB_TAGS: [&str; 2] = ["tskTaskControlBlock", "TCB_t"];
const NAME: &str = "pcTaskName";
const CURRENT: &str = "pxCurrentTCB";
const REGISTRY: &str = "s_task_tcbs";
/// The function that a task returns to, if it ever does. It is not behind a call, so it is not the task's caller.
pub(crate) const TASK_EXIT: &str = "prvTaskExitError";
/// Most tasks.
const MAX_TASKS: usize = 256;
const CALLEE_SAVED: [&str; 8] = ["r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11"];
/// s16 to s31.
const FPU_LEN: u64 = 64;
const PSR_THUMB: u32 = 1 << 24;
const PSR_EXCEPTION: u64 = 0x1ff;
/// The exception in which the kernel switches tasks, and where the address of the vector table is.
const PENDSV: u64 = 14;
const VTOR: u64 = 0xe000_ed08;
/// mepc is the first word; the others follow in this order, with no place for sp, gp and tp.
const RISCV_FRAME: [&str; 29] = [
    "mepc", "ra", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
    "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];
/// Words of the frame of the RISC-V port: with the interrupt nesting and mstatus.
const RISCV_FRAME_LEN: u64 = 31 * 4;

/// The tasks that were found.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    /// Name of the one that was running.
    pub running: Option<String>,
    /// Those that were not.
    pub waiting: Vec<Task>,
    /// What could not be read.
    pub warnings: Vec<String>,
}

/// A task that waits.
#[derive(Debug, Clone)]
pub struct Task {
    /// As the operating system knows it.
    pub name: String,
    /// Where it goes on.
    pub registers: Registers,
}

/// Finds the tasks.
pub fn tasks(crash: &Crash<'_>, image: &Image) -> Tasks {
    let mut tasks = Tasks::default();
    let Some(machine @ (Machine::CortexM | Machine::Riscv32)) = crash.machine else { return tasks };
    // The search through the debug information is slow, and not every firmware has an operating system.
    let Some((current, _)) = image.variable(CURRENT).or_else(|| image.variable("pxCurrentTCBs")) else { return tasks };
    let debug = image.debug();
    let Some(tcb) = TCB_TAGS.iter().find_map(|tag| debug.structure(tag)) else {
        tasks
            .warnings
            .push("FreeRTOS is there, but not the type of its tasks: no debug information of tasks.c".to_owned());
        return tasks;
    };
    let name = debug.members(tcb).into_iter().find(|member| member.name == NAME);
    let name = name.and_then(|member| Some((member.offset, debug.size(member.kind)?)));
    let current = crash.memory.word(current);
    let addresses = addresses(crash, image, debug.size(tcb).unwrap_or_default());
    for address in addresses.into_iter().take(MAX_TASKS) {
        let text =
            name.and_then(|(offset, len)| crash.memory.read(address + offset, usize::try_from(len).ok()?.min(64)));
        let text = text
            .map(|text| String::from_utf8_lossy(text.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned());
        let is_text = |text: &String| !text.is_empty() && text.chars().all(|letter| !letter.is_control());
        let text = text.filter(is_text).unwrap_or_else(|| format!("0x{address:08x}"));
        if current.is_some_and(|current| u64::from(current) == address) {
            tasks.running = Some(text);
            continue;
        }
        match crash.memory.word(address).and_then(|top| context(crash, image, machine, top.into())) {
            Some(registers) => tasks.waiting.push(Task { name: text, registers }),
            None => {
                tasks.warnings.push(format!("task {text}: its stack was not captured, or is not as its port leaves it"))
            }
        }
    }
    if current.is_none() && !tasks.waiting.is_empty() {
        tasks.warnings.push(format!("{CURRENT} was not captured: the task that was running is among those that wait"));
    }
    tasks
}

/// Where the task control blocks are.
fn addresses(crash: &Crash<'_>, image: &Image, size: u64) -> Vec<u64> {
    let mut found: Vec<u64> = Vec::new();
    if let Some((start, len)) = image.variable(REGISTRY) {
        let slots = (0..len / 4).map_while(|slot| crash.memory.word(start.checked_add(4 * slot)?));
        found.extend(slots.filter(|slot| *slot != 0).map(u64::from));
    }
    if found.is_empty() {
        let blocks = crash.dump.memory().filter(|block| block.payload.len() as u64 == size && size > 0);
        found.extend(blocks.map(|block| u64::from(block.address)));
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|address| seen.insert(*address));
    found
}

/// The registers that a task goes on with. `top`: its saved stack pointer.
fn context(crash: &Crash<'_>, image: &Image, machine: Machine, top: u64) -> Option<Registers> {
    if machine == Machine::CortexM {
        return saved(crash, image, top).map(|saved| saved.registers);
    }
    let mut registers = Registers::parse(machine, &[]);
    for (index, name) in (0..).zip(RISCV_FRAME) {
        registers.set(name, crash.memory.word(top + 4 * index)?.into());
    }
    // What no task changes.
    for name in ["gp", "tp"] {
        registers.set(name, crash.cpus.first()?.get(name)?);
    }
    registers.set("sp", top + RISCV_FRAME_LEN);
    image.is_code(registers.pc()).then_some(registers)
}

/// What a port saved on the stack of a task of a Cortex-M.
struct Saved {
    registers: Registers,
    kind: ExcReturn,
    /// Address of the hardware's frame.
    frame: u64,
}

fn saved(crash: &Crash<'_>, image: &Image, top: u64) -> Option<Saved> {
    let word = |at: u64| crash.memory.word(at);
    let mut registers = Registers::parse(Machine::CortexM, &[]);
    // Offset of r4, and of what is behind all saved registers.
    let exc_return = |at: u64| word(at).and_then(|word| ExcReturn::new(word.into())).filter(|found| found.is_on_psp());
    let with_fpu = |found: ExcReturn| if found.has_fpu_frame() { FPU_LEN } else { 0 };
    let candidates = [
        exc_return(top + 32).map(|found| (0, 36 + with_fpu(found), found)),
        exc_return(top + 4).map(|found| (8, 40 + with_fpu(found), found)),
        exc_return(top).map(|found| (4, 36 + with_fpu(found), found)),
        Some((0, 32, ExcReturn(0xffff_fffd))),
    ];
    let (kept, frame, kind) = candidates.into_iter().flatten().find(|(_, frame, _)| {
        let is_thumb = word(top + frame + 28).is_some_and(|psr| psr & PSR_THUMB != 0);
        is_thumb && word(top + frame + 24).is_some_and(|pc| image.is_code((pc & !1).into()))
    })?;
    for (index, name) in (0..).zip(CALLEE_SAVED) {
        registers.set(name, word(top + kept + 4 * index)?.into());
    }
    let frame = top + frame;
    kind.take_frame(&mut registers, frame, &crash.memory).then_some(Saved { registers, kind, frame })
}

/// A task that the kernel was switching out when it crashed.
#[derive(Debug, Clone)]
pub struct Switch {
    /// The task, all of it.
    pub registers: Registers,
    /// The exception handler that saved it.
    pub(crate) handler: u64,
    /// How that returns.
    pub(crate) kind: ExcReturn,
}

/// Whether a CPU crashed behind the point where a handler had saved its task: the hardware's frame is the one that belongs to the
/// saved registers, too.
pub(crate) fn switch(crash: &Crash<'_>, image: &Image, cpu: &Registers) -> Option<Switch> {
    if cpu.machine != Machine::CortexM || cpu.get("psr")? & PSR_EXCEPTION != PENDSV {
        return None;
    }
    let (current, _) = image.variable(CURRENT)?;
    let top = crash.memory.word(crash.memory.word(current)?.into())?;
    let saved = saved(crash, image, top.into()).filter(|saved| cpu.get("psp") == Some(saved.frame))?;
    let vectors = u64::from(crash.memory.word(VTOR)?);
    let handler =
        image.constant(vectors + 4 * PENDSV, 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)?;
    Some(Switch { registers: saved.registers, handler: u64::from(handler & !1), kind: saved.kind })
}
