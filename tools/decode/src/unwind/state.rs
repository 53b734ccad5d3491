//! The registers of a frame, by their DWARF numbers.

use crate::coredump::{Machine, Registers};

const ARM: [&str; 16] =
    ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"];
const AARCH64: [&str; 32] = [
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
    "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",
];
const RISCV: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];
const I386: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
const X86_64: [&str; 16] =
    ["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

/// Registers of a frame. Those that a call may change are unknown in the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    machine: Machine,
    values: Vec<Option<u64>>,
    /// Program counter, without the Thumb bit.
    pub pc: u64,
}

impl State {
    /// The innermost frame of a thread.
    pub fn new(registers: &Registers) -> Self {
        let machine = registers.machine;
        let values = names(machine).iter().map(|name| if *name == "zero" { Some(0) } else { registers.get(name) });
        let mut state = Self { machine, values: values.collect(), pc: 0 };
        state.set_pc(registers.pc());
        state
    }

    /// Whose registers they are.
    pub fn machine(&self) -> Machine {
        self.machine
    }

    /// The value of a register.
    pub fn get(&self, number: u16) -> Option<u64> {
        self.values.get(usize::from(number)).copied().flatten()
    }

    /// The value of the register of this name.
    pub fn named(&self, name: &str) -> Option<u64> {
        let number = names(self.machine).iter().position(|known| *known == name)?;
        self.values.get(number).copied().flatten()
    }

    pub(super) fn set(&mut self, number: u16, value: Option<u64>) {
        if let Some(place) = self.values.get_mut(usize::from(number)) {
            *place = value;
        }
    }

    /// Takes a code address; on Arm bit 0 says that it is Thumb code.
    pub(super) fn set_pc(&mut self, address: u64) {
        self.pc = match self.machine {
            Machine::CortexM | Machine::CortexAr => address & !1,
            _ => address,
        };
    }

    /// Stack pointer.
    pub fn sp(&self) -> u64 {
        self.get(sp_number(self.machine)).unwrap_or_default()
    }

    pub(super) fn set_sp(&mut self, value: u64) {
        self.set(sp_number(self.machine), Some(value));
    }

    /// The register that a call leaves its return address in.
    pub fn lr(&self) -> Option<u64> {
        self.machine.special().2.and_then(|name| self.named(name))
    }

    /// The registers of the caller, as far as a function keeps them.
    pub(super) fn kept(&self) -> Self {
        let mut caller = self.clone();
        for (number, value) in caller.values.iter_mut().enumerate() {
            if !is_kept(self.machine, number) {
                *value = None;
            }
        }
        caller
    }

    /// No register but the stack pointer and the program counter.
    pub(super) fn only(&self, pc: u64, sp: u64) -> Self {
        let mut state = Self { machine: self.machine, values: vec![None; self.values.len()], pc: 0 };
        state.set_sp(sp);
        state.set_pc(pc);
        state
    }
}

/// Names by DWARF number.
fn names(machine: Machine) -> &'static [&'static str] {
    match machine {
        Machine::CortexM | Machine::CortexAr => &ARM,
        Machine::Aarch64 => &AARCH64,
        Machine::Riscv32 => &RISCV,
        Machine::I386 => &I386,
        Machine::X86_64 => &X86_64,
        // Calls turn the register window; the numbers of one window do not help in another.
        _ => &["a0", "a1"],
    }
}

pub(super) fn sp_number(machine: Machine) -> u16 {
    match machine {
        Machine::CortexM | Machine::CortexAr => 13,
        Machine::Aarch64 => 31,
        Machine::Riscv32 => 2,
        Machine::I386 => 4,
        Machine::X86_64 => 7,
        _ => 1,
    }
}

/// A called function gives the register back as it was.
fn is_kept(machine: Machine, number: usize) -> bool {
    match machine {
        Machine::CortexM | Machine::CortexAr => matches!(number, 4..=11),
        Machine::Aarch64 => matches!(number, 18..=29),
        // Also the constant registers zero, gp and tp.
        Machine::Riscv32 => matches!(number, 0 | 3 | 4 | 8 | 9 | 18..=27),
        Machine::I386 => matches!(number, 3 | 5 | 6 | 7),
        Machine::X86_64 => matches!(number, 3 | 6 | 12..=15),
        _ => false,
    }
}
