//! The threads of a coredump: one per CPU, the one that an exception interrupted, and the tasks of an operating system.

use super::crash::Crash;
use super::machine::Registers;
use crate::firmware::image::Image;
use crate::rtos::{self, Switch};
use crate::unwind::exception::interrupted_thread;
use crate::unwind::{State, Walk};

/// A thread.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Its number in an ELF core, from 1.
    pub id: u32,
    /// What it is.
    pub origin: Origin,
    /// Its registers.
    pub registers: Registers,
    /// Its frames; `None` without the firmware.
    pub walk: Option<Walk>,
}

/// What a thread is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The code that runs on the CPU with this index.
    Cpu(usize),
    /// The thread that the exception on a CPU interrupted. The frames of that CPU lead through it too.
    Interrupted,
    /// A task that waits.
    Task(String),
}

/// All threads of a coredump.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    /// That of the crash first.
    pub list: Vec<Thread>,
    /// Name of the task that was running, if that is known.
    pub running: Option<String>,
    /// What is not sure about them.
    pub warnings: Vec<String>,
}

impl Threads {
    /// Finds the threads. `image`: the firmware; without it there are no frames and no tasks.
    pub fn new(crash: &Crash<'_>, image: Option<&Image>) -> Self {
        let mut threads = Self::default();
        let walk = |registers: &Registers, switch: Option<&Switch>| {
            let psp = registers.get("psp");
            image.map(|image| Walk::new(State::new(registers), psp, switch, &crash.memory, image))
        };
        let mut switches = Vec::new();
        for (index, registers) in crash.cpus.iter().enumerate() {
            let switch = image.and_then(|image| rtos::switch(crash, image, registers));
            let thread = Thread {
                id: index as u32 + 1,
                origin: Origin::Cpu(index),
                registers: registers.clone(),
                walk: walk(registers, switch.as_ref()),
            };
            switches.push(switch);
            threads.list.push(thread);
        }
        if !threads.list.is_empty() {
            threads.list[..].rotate_left(crash.first_cpu());
            switches[..].rotate_left(crash.first_cpu());
        }
        for (index, switch) in switches.into_iter().enumerate() {
            match switch {
                Some(switch) => threads.push(Origin::Interrupted, switch.registers, None),
                None => threads.interrupted(index, crash),
            }
        }
        let tasks = image.map(|image| rtos::tasks(crash, image)).unwrap_or_default();
        threads.running = tasks.running;
        threads.warnings.extend(tasks.warnings);
        for task in tasks.waiting {
            let walk = walk(&task.registers, None);
            threads.push(Origin::Task(task.name), task.registers, walk);
        }
        threads
    }

    fn push(&mut self, origin: Origin, registers: Registers, walk: Option<Walk>) {
        let id = self.list.len() as u32 + 1;
        self.list.push(Thread { id, origin, registers, walk });
    }

    /// GDB cannot follow an exception from the main stack to that of a thread: the thread gets an entry of its own.
    fn interrupted(&mut self, index: usize, crash: &Crash<'_>) {
        let Some(of) = self.list.get(index) else { return };
        let Some(mut found) = interrupted_thread(&of.registers, &crash.memory, crash.options.exc_return) else {
            return;
        };
        let frame = of.walk.as_ref().and_then(Walk::interrupted_thread);
        let has_kept = frame.is_some_and(|frame| frame.pc == found.registers.pc() & !1 && found.take_kept(frame));
        if !has_kept {
            let text =
                "r4 to r11 of the interrupted thread are those of the exception handler: its variables can be wrong";
            self.warnings.push(text.to_owned());
        }
        if found.is_assumed {
            let text =
                "no EXC_RETURN was found: assumed that the exception interrupted a thread on PSP without FPU frame";
            self.warnings.push(text.to_owned());
        }
        self.push(Origin::Interrupted, found.registers, None);
    }
}
