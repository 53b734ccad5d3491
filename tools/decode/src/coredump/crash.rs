//! A coredump with everything that can be read without the firmware, and the ELF core made of it.

use super::cache_lines;
use super::dump::{Dump, kind};
use super::elf_core::{self, MAX_PIECES};
use super::faults::Faults;
use super::machine::{Machine, Registers};
use super::memory::Memory;
use super::notes;
use super::threads::Threads;
use crate::firmware::image::Image;
use crate::model::{Coredump, CoredumpMore, Region, RegisterValues, Word, hex};
use crate::reasons;

/// ESR and FAR, as the AArch64 port of this SDK keeps them (64 bits each).
const AARCH64_FAULT: &str = "g_memfault_port_aarch64_fault";

/// What the user knows better than the coredump.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// For a coredump that names no machine, or another one.
    pub machine: Option<Machine>,
    /// EXC_RETURN of the outermost exception of a Cortex-M, where it cannot be found.
    pub exc_return: Option<u32>,
    /// The upper 32 bits of all addresses of a machine with 64 bits.
    pub high_address: Option<u32>,
}

/// A coredump.
#[derive(Debug, Clone)]
pub struct Crash<'d> {
    /// Its blocks.
    pub dump: Dump<'d>,
    /// Whose it is; `None`: it does not say.
    pub machine: Option<Machine>,
    /// Registers per CPU; empty without a machine.
    pub cpus: Vec<Registers>,
    /// The captured memory.
    pub memory: Memory<'d>,
    /// What the fault registers say.
    pub faults: Faults,
    pub(super) options: Options,
}

impl<'d> Crash<'d> {
    /// Reads a coredump. `Err`: it is none, or its header is not usable.
    pub fn read(file: &'d [u8], options: Options) -> Result<Self, String> {
        let mut dump = Dump::parse(file)?;
        let machine = options.machine.or_else(|| dump.number(kind::MACHINE_TYPE).and_then(Machine::from_id));
        let cpus = machine.map_or_else(Vec::new, |machine| registers(&mut dump, machine));
        let memory = Memory::new(&dump, machine, &cpus, options.high_address);
        let faults = Faults::read(&dump, machine, &cpus, &memory);
        Ok(Self { dump, machine, cpus, memory, faults, options })
    }

    /// Takes what only the firmware knows about the memory: where its port put the fault registers.
    pub fn learn(&mut self, image: &Image) {
        if self.machine == Some(Machine::Aarch64)
            && let Some((address, _)) = image.variable(AARCH64_FAULT)
            && let [Some(esr), Some(far)] = [0, 8].map(|at| self.memory.number(address + at, 8))
        {
            self.faults = Faults::of_aarch64(esr, far);
        }
    }

    /// Index of the CPU to show first. A coredump does not say which one crashed; one that was not captured has no story to tell.
    pub fn first_cpu(&self) -> usize {
        self.cpus.iter().position(|cpu| !cpu.is_empty()).unwrap_or_default()
    }

    /// Registers and addresses have 64 bits.
    pub fn is_wide(&self) -> bool {
        self.machine.is_some_and(Machine::is_wide)
    }

    /// A register or address of its machine.
    pub fn word(&self, value: u64) -> Word {
        Word { value, wide: self.is_wide() }
    }

    /// What the coredump says about itself.
    pub fn description(&self) -> Coredump {
        let dump = &self.dump;
        let reason_id = dump.number(kind::TRACE_REASON);
        let regions = dump.memory().map(|block| Region {
            address: self.word(self.memory.high | u64::from(block.address)),
            size: u32::try_from(block.payload.len()).unwrap_or(u32::MAX),
            kind: if block.kind == kind::MPU { "mpu" } else { "memory" },
        });
        let registers = |cpu: &Registers| cpu.pairs().map(|(name, value)| (name, self.word(value))).collect();
        Coredump {
            version: Some(dump.version),
            machine: self.machine.map(Machine::name),
            machine_id: dump.number(kind::MACHINE_TYPE),
            reason: reason_id.and_then(reasons::reboot_reason_name).map(str::to_owned),
            reason_id,
            truncated: dump.truncated,
            device_serial: dump.text(kind::DEVICE_SERIAL),
            software_type: dump.text(kind::SOFTWARE_TYPE),
            software_version: dump.text(kind::SOFTWARE_VERSION),
            hardware_version: dump.text(kind::HARDWARE_VERSION),
            build_id: dump.first(kind::BUILD_ID).map(hex),
            registers: self.cpus.iter().map(|cpu| RegisterValues(registers(cpu))).collect(),
            regions: regions.collect(),
            synthesised: self.memory.synthesised.iter().map(|&address| self.word(address)).collect(),
            faults: self.faults.names.clone(),
            warnings: dump.warnings.clone(),
            more: Some(CoredumpMore::default()),
        }
    }

    /// The machine, or why there can be no ELF core and no backtrace.
    pub fn need_machine(&self) -> Result<Machine, String> {
        self.machine.ok_or_else(|| match self.dump.number(kind::MACHINE_TYPE) {
            None => "the coredump does not say which machine it is of; name it with --machine".to_owned(),
            Some(id) => format!("the machine of the coredump, 0x{id:08x}, is not known; name it with --machine"),
        })
    }

    /// Makes an ELF core that GDB opens (spec 50 §17). `image`: the firmware, for what only it knows.
    pub fn elf_core(&self, threads: &Threads, image: Option<&Image>) -> Result<Vec<u8>, String> {
        let machine = self.need_machine()?;
        if self.cpus.is_empty() {
            return Err("there are no registers in the coredump, so a debugger can do nothing with it".to_owned());
        }
        let mut description = self.description();
        description.warnings.extend(threads.warnings.iter().cloned());
        let pieces = self.memory.pieces();
        let (filled, added) = image.map_or_else(Default::default, |image| cache_lines::fill(pieces, image));
        let pieces = if added.is_empty() { pieces } else { &filled };
        description.synthesised.extend(added.iter().map(|&address| self.word(address)));
        if pieces.len() > MAX_PIECES {
            description.warnings.push(format!("only the first {MAX_PIECES} pieces of memory are here"));
        }
        description.more = None;
        let json = serde_json::to_string(&description).map_err(|error| error.to_string())?;
        let signal = notes::signal(description.reason_id);
        let mut notes: Vec<_> =
            threads.list.iter().map(|thread| notes::prstatus(&thread.registers, thread.id, signal)).collect();
        notes.extend(notes::target_description(machine));
        notes.extend(self.cpus.get(self.first_cpu()).and_then(notes::riscv_csrs));
        notes.push(notes::metadata(json));
        notes.extend(notes::raw_blocks(&self.dump));
        let flags = image.filter(|image| image.elf_machine == machine.elf_machine()).map(|image| image.flags);
        Ok(elf_core::write(machine, flags, &notes, pieces))
    }
}

fn registers(dump: &mut Dump<'_>, machine: Machine) -> Vec<Registers> {
    let wanted = Registers::len_of(machine);
    let mut warnings = Vec::new();
    let blocks = dump.all(kind::REGISTERS).map(|block| {
        if block.payload.len() < wanted {
            let there = block.payload.len();
            warnings.push(format!("a register block has {there} of {wanted} bytes; the rest is taken as 0"));
        }
        Registers::parse(machine, block.payload)
    });
    let registers = blocks.collect();
    dump.warnings.extend(warnings);
    registers
}
