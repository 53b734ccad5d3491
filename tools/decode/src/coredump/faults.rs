//! Fault registers in words (spec 80 §7.7; Armv7-M and Armv8-M architecture manuals; RISC-V privileged architecture).

use super::dump::Dump;
use super::machine::{Machine, Registers};
use super::memory::Memory;
use std::fmt::Write as _;

/// SHCSR, CFSR, HFSR, DFSR, MMFAR, BFAR, AFSR.
const CFSR: u64 = 0xe000_ed28;
const HFSR: u64 = 0xe000_ed2c;
const DFSR: u64 = 0xe000_ed30;
const MMFAR: u64 = 0xe000_ed34;
const BFAR: u64 = 0xe000_ed38;

const MMARVALID: u32 = 1 << 7;
const BFARVALID: u32 = 1 << 15;

/// Bit, register, name, meaning.
type Bit = (u32, &'static str, &'static str, &'static str);

const CFSR_BITS: [Bit; 18] = [
    (0, "MemManage", "IACCVIOL", "an instruction was fetched where the MPU or the memory map forbids it"),
    (1, "MemManage", "DACCVIOL", "data was accessed where the MPU forbids it"),
    (3, "MemManage", "MUNSTKERR", "the return from an exception could not read the stack: MPU"),
    (
        4,
        "MemManage",
        "MSTKERR",
        "the entry of an exception could not write the stack (MPU), so r0-r3, r12, lr, pc and psr are not those of the crash",
    ),
    (5, "MemManage", "MLSPERR", "floating-point registers could not be put on the stack: MPU"),
    (8, "BusFault", "IBUSERR", "an instruction could not be fetched"),
    (9, "BusFault", "PRECISERR", "a data access failed on the bus; pc is the instruction that did it"),
    (
        10,
        "BusFault",
        "IMPRECISERR",
        "a data access failed on the bus some time before; pc is not the instruction that did it",
    ),
    (11, "BusFault", "UNSTKERR", "the return from an exception could not read the stack"),
    (
        12,
        "BusFault",
        "STKERR",
        "the entry of an exception could not write the stack, so r0-r3, r12, lr, pc and psr are not those of the crash",
    ),
    (13, "BusFault", "LSPERR", "floating-point registers could not be put on the stack"),
    (16, "UsageFault", "UNDEFINSTR", "an undefined instruction was executed"),
    (17, "UsageFault", "INVSTATE", "a branch to an address without the Thumb bit, such as a bad function pointer"),
    (18, "UsageFault", "INVPC", "a bad EXC_RETURN value: the stack of an exception was damaged"),
    (19, "UsageFault", "NOCP", "a floating-point or coprocessor instruction while that unit is off"),
    (20, "UsageFault", "STKOF", "the stack pointer passed the limit of its stack"),
    (24, "UsageFault", "UNALIGNED", "an unaligned access that is not allowed"),
    (25, "UsageFault", "DIVBYZERO", "a division by zero"),
];
const HFSR_BITS: [Bit; 3] = [
    (1, "HardFault", "VECTTBL", "the vector table could not be read"),
    (30, "HardFault", "FORCED", ""),
    (31, "HardFault", "DEBUGEVT", "a debug event without a debugger, such as a BKPT instruction"),
];
const DFSR_BITS: [Bit; 5] = [
    (0, "Debug", "HALTED", ""),
    (1, "Debug", "BKPT", "a breakpoint instruction was executed"),
    (2, "Debug", "DWTTRAP", "a watchpoint was hit"),
    (3, "Debug", "VCATCH", ""),
    (4, "Debug", "EXTERNAL", ""),
];

/// RISC-V: `mcause` without the interrupt bit; true when `mtval` is an address.
const RISCV_CAUSES: [(u64, &str, &str, bool); 14] = [
    (0, "INSTRUCTION_MISALIGNED", "a jump to an address that is not aligned", true),
    (1, "INSTRUCTION_ACCESS", "an instruction could not be fetched", true),
    (2, "ILLEGAL_INSTRUCTION", "an illegal instruction was executed", false),
    (3, "BREAKPOINT", "a breakpoint instruction was executed", true),
    (4, "LOAD_MISALIGNED", "an unaligned load that is not allowed", true),
    (5, "LOAD_ACCESS", "a load failed", true),
    (6, "STORE_MISALIGNED", "an unaligned store that is not allowed", true),
    (7, "STORE_ACCESS", "a store failed", true),
    (8, "ECALL_U", "a system call from user mode", false),
    (9, "ECALL_S", "a system call from supervisor mode", false),
    (11, "ECALL_M", "a system call from machine mode", false),
    (12, "INSTRUCTION_PAGE_FAULT", "an instruction in a page that is not mapped", true),
    (13, "LOAD_PAGE_FAULT", "a load from a page that is not mapped", true),
    (15, "STORE_PAGE_FAULT", "a store to a page that is not mapped", true),
];

const XTENSA_CAUSES: [(u64, &str, &str); 15] = [
    (0, "IllegalInstruction", "an illegal instruction was executed"),
    (2, "InstructionFetchError", "an instruction could not be fetched"),
    (3, "LoadStoreError", "a data access failed"),
    (5, "Alloca", "a window exception"),
    (6, "IntegerDivideByZero", "a division by zero"),
    (8, "Privileged", "a privileged instruction in user mode"),
    (9, "LoadStoreAlignment", "an unaligned access that is not allowed"),
    (12, "InstrPIFDataError", "an instruction could not be fetched from the bus"),
    (13, "LoadStorePIFDataError", "a data access failed on the bus"),
    (14, "InstrPIFAddrError", "an instruction fetch from a bad bus address"),
    (15, "LoadStorePIFAddrError", "a data access to a bad bus address"),
    (20, "InstFetchProhibited", "an instruction was fetched from an address that holds no code"),
    (28, "LoadProhibited", "a load from an address that holds no data"),
    (29, "StoreProhibited", "a store to an address that cannot be written"),
    (26, "LoadStorePrivilege", "a data access that is not allowed in user mode"),
];

/// AArch64: class of an exception (ESR bits 26 to 31).
const AARCH64_CLASSES: [(u64, &str, &str); 14] = [
    (0x00, "UNDEFINED", "an undefined instruction was executed"),
    (0x07, "FP_ACCESS", "a floating-point instruction while that unit is off"),
    (0x0e, "ILLEGAL_STATE", "an illegal execution state"),
    (0x15, "SVC", "a system call"),
    (0x18, "SYSTEM_REGISTER", "a system register that is not accessible here"),
    (0x20, "INSTRUCTION_ABORT", "an instruction could not be fetched"),
    (0x21, "INSTRUCTION_ABORT", "an instruction could not be fetched"),
    (0x22, "PC_ALIGNMENT", "a jump to an address that is not aligned"),
    (0x24, "DATA_ABORT", "a data access failed"),
    (0x25, "DATA_ABORT", "a data access failed"),
    (0x26, "SP_ALIGNMENT", "the stack pointer is not aligned"),
    (0x2f, "SERROR", "an error that is not tied to an instruction; pc is not the one that did it"),
    (0x31, "BREAKPOINT", "a hardware breakpoint"),
    (0x3c, "BRK", "a breakpoint instruction was executed"),
];
/// Why an access failed (bits 2 to 5 of a fault status).
const AARCH64_ABORTS: [(u64, &str, &str); 6] = [
    (0, "ADDRESS_SIZE", "the address is wider than the memory"),
    (1, "TRANSLATION", "there is nothing mapped at the address"),
    (2, "ACCESS_FLAG", "the page is not marked as used"),
    (3, "PERMISSION", "the page does not allow it"),
    (4, "EXTERNAL", "the bus refused it"),
    (8, "ALIGNMENT", "the address is not aligned"),
];

/// What the fault registers say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Names of the bits that are set, or of the cause.
    pub names: Vec<String>,
    /// All on one line: `BusFault PRECISERR, BFAR 0x40021018; forced to HardFault`.
    pub line: Option<String>,
    /// The same in sentences.
    pub words: Vec<String>,
    /// The registers are not in the coredump, and why that is so.
    pub missing: Option<&'static str>,
}

impl Faults {
    /// Reads the fault registers of a coredump.
    pub fn read(dump: &Dump<'_>, machine: Option<Machine>, cpus: &[Registers], memory: &Memory<'_>) -> Self {
        match machine {
            Some(Machine::CortexM) => cortex_m(memory),
            Some(Machine::Riscv32) => cpus.first().map_or_else(Self::default, riscv),
            Some(machine) if machine.is_xtensa() => cpus.first().map_or_else(Self::default, xtensa),
            Some(Machine::CortexAr | Machine::Aarch64) => Self {
                missing: Some("coredumps of this machine do not hold them; the reason says which exception it was"),
                ..Self::default()
            },
            _ if dump.blocks.is_empty() => Self { missing: Some("the coredump is empty"), ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Those of an AArch64, from where a port of this SDK puts them: ESR and FAR.
    pub fn of_aarch64(esr: u64, far: u64) -> Self {
        let mut faults = Self::default();
        if esr == 0 {
            faults.line = Some("no fault is recorded: ESR 0".to_owned());
            faults.words.push("that is so for what is no fault, such as a watchdog interrupt".to_owned());
            return faults;
        }
        let class = esr >> 26 & 0x3f;
        match AARCH64_CLASSES.iter().find(|(known, ..)| *known == class) {
            Some((_, name, words)) => faults.add(name, words),
            None => faults.add(&format!("CLASS_{class:02X}"), "a class of exceptions that is not known here"),
        }
        let is_abort = matches!(class, 0x20 | 0x21 | 0x24 | 0x25);
        if is_abort && let Some((_, name, words)) = AARCH64_ABORTS.iter().find(|(known, ..)| *known == esr >> 2 & 15) {
            faults.add(name, words);
        }
        // Bit 10: the address is not valid.
        if is_abort && esr >> 10 & 1 == 0 || class == 0x22 {
            let access = match (class, esr >> 6 & 1) {
                (0x24 | 0x25, 0) => " (read)",
                (0x24 | 0x25, _) => " (written)",
                _ => "",
            };
            faults.words.push(format!("the address was 0x{far:016x}{access}{}", near_null(far)));
        }
        faults.line = Some(format!("{}, ESR 0x{esr:08x}, FAR 0x{far:016x}", faults.names.join(" ")));
        faults
    }

    fn add(&mut self, name: &str, words: &str) {
        self.names.push(name.to_owned());
        if !words.is_empty() {
            self.words.push(words.to_owned());
        }
    }
}

fn cortex_m(memory: &Memory<'_>) -> Faults {
    let mut faults = Faults::default();
    let Some(cfsr) = memory.word(CFSR) else {
        faults.missing = Some("they were not captured (MEMFAULT_COLLECT_FAULT_REGS is off, or there was no room)");
        return faults;
    };
    let [hfsr, dfsr] = [HFSR, DFSR].map(|at| memory.word(at).unwrap_or_default());
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (value, bits) in [(cfsr, &CFSR_BITS[..]), (hfsr, &HFSR_BITS), (dfsr, &DFSR_BITS)] {
        for (bit, group, name, words) in bits.iter().filter(|(bit, ..)| value >> bit & 1 != 0) {
            faults.add(name, words);
            // That it became a HardFault is said at the end.
            if (*group, *bit) == ("HardFault", 30) {
                continue;
            }
            match groups.last_mut().filter(|(known, _)| known == group) {
                Some((_, names)) => names.push(name),
                None => groups.push((group, vec![name])),
            }
        }
    }
    let mut line = String::new();
    for (group, names) in groups {
        let _ = write!(line, "{}{group} {}", if line.is_empty() { "" } else { "; " }, names.join(" "));
        let (valid, register, at) = match group {
            "MemManage" => (MMARVALID, "MMFAR", MMFAR),
            "BusFault" => (BFARVALID, "BFAR", BFAR),
            _ => continue,
        };
        if let Some(address) = memory.word(at).filter(|_| cfsr & valid != 0) {
            let _ = write!(line, ", {register} 0x{address:08x}");
            faults.words.push(format!("the address was 0x{address:08x}{}", near_null(address.into())));
        }
    }
    if hfsr >> 30 & 1 != 0 {
        line.push_str(if line.is_empty() { "forced to HardFault" } else { "; forced to HardFault" });
    }
    if line.is_empty() {
        line.push_str("no fault bit is set");
        let words = "a Cortex-M0 has none; others set none for what is no fault, such as a watchdog interrupt";
        faults.words.push(words.to_owned());
    }
    faults.line = Some(line);
    faults
}

fn near_null(address: u64) -> &'static str {
    if address < 0x100 { ": close to 0, so probably through a NULL pointer" } else { "" }
}

fn riscv(cpu: &Registers) -> Faults {
    let mut faults = Faults::default();
    let register = |name| cpu.get(name).unwrap_or_default();
    let (mcause, mtval) = (register("mcause"), register("mtval"));
    if mcause >> 31 != 0 {
        let number = mcause & 0x7fff_ffff;
        faults.add(&format!("INTERRUPT_{number}"), &format!("it happened in the handler of interrupt {number}"));
    } else if let Some((_, name, words, is_address)) = RISCV_CAUSES.iter().find(|(code, ..)| *code == mcause) {
        // Ports that capture no cause leave both at 0.
        if mcause == 0 && mtval == 0 {
            faults.missing = Some("mcause and mtval are 0: this port does not capture them");
            return faults;
        }
        faults.add(name, words);
        if *is_address {
            faults.words.push(format!("the address was 0x{mtval:08x}{}", near_null(mtval)));
        } else if mcause == 2 && mtval != 0 {
            faults.words.push(format!("the instruction was 0x{mtval:08x}"));
        }
    } else {
        faults.add(&format!("MCAUSE_{mcause}"), "a cause of this chip; see its manual");
    }
    let name = faults.names.join(" ");
    faults.line = Some(format!("{name}, mcause 0x{mcause:08x}, mtval 0x{mtval:08x}"));
    faults
}

fn xtensa(cpu: &Registers) -> Faults {
    let mut faults = Faults::default();
    let register = |name| cpu.get(name).unwrap_or_default();
    let (cause, address) = (register("exccause"), register("excvaddr"));
    match XTENSA_CAUSES.iter().find(|(code, ..)| *code == cause) {
        Some((_, name, words)) => faults.add(name, words),
        None => faults.add(&format!("EXCCAUSE_{cause}"), "a cause of this chip or its operating system"),
    }
    if address != 0 || cause >= 28 {
        faults.words.push(format!("the address was 0x{address:08x}{}", near_null(address)));
    }
    faults.line = Some(format!("{}, exccause {cause}, excvaddr 0x{address:08x}", faults.names.join(" ")));
    faults
}
