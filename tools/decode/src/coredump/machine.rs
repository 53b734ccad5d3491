//! The machines that coredumps come from (spec 50 §3.3), and the registers of each (§3.4).

/// Architecture of a coredump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// Cortex-M of any generation.
    CortexM,
    /// 32-bit Arm of the A and R profiles.
    CortexAr,
    /// 64-bit Arm.
    Aarch64,
    /// RISC-V with 32-bit registers.
    Riscv32,
    /// A simulator on 32-bit x86.
    I386,
    /// A simulator on 64-bit x86; no device sends it.
    X86_64,
    /// ESP32.
    XtensaEsp32,
    /// ESP8266.
    XtensaLx106,
    /// ESP32-S2.
    XtensaEsp32s2,
    /// ESP32-S3.
    XtensaEsp32s3,
}

const ARM: [&str; 17] =
    ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "cpsr"];
const CORTEX_M: [&str; 19] = [
    "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "psr", "msp",
    "psp",
];
const AARCH64: [&str; 34] = [
    "sp", "pc", "cpsr", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
    "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30",
];
const RISCV32: [&str; 37] = [
    "mepc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s0", "s1", "s2", "s3", "s4", "s5", "s6",
    "s7", "s8", "s9", "s10", "s11", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "mstatus", "mtvec", "mcause",
    "mtval", "mhartid",
];
const I386: [&str; 11] = ["eip", "cs", "eflags", "esp", "ss", "eax", "ebx", "ecx", "edx", "edi", "esi"];
const X86_64: [&str; 27] = [
    "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi", "orig_rax",
    "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs", "gs",
];
const XTENSA: [&str; 25] = [
    "collection_type",
    "pc",
    "ps",
    "a0",
    "a1",
    "a2",
    "a3",
    "a4",
    "a5",
    "a6",
    "a7",
    "a8",
    "a9",
    "a10",
    "a11",
    "a12",
    "a13",
    "a14",
    "a15",
    "sar",
    "lbeg",
    "lend",
    "lcount",
    "exccause",
    "excvaddr",
];

impl Machine {
    /// All of them.
    pub const ALL: [Machine; 10] = [
        Machine::CortexM,
        Machine::CortexAr,
        Machine::Aarch64,
        Machine::Riscv32,
        Machine::I386,
        Machine::X86_64,
        Machine::XtensaEsp32,
        Machine::XtensaLx106,
        Machine::XtensaEsp32s2,
        Machine::XtensaEsp32s3,
    ];

    /// The whole machine block: low half ELF machine, high half variant.
    pub const fn id(self) -> u32 {
        match self {
            Machine::CortexM => 0x0000_0028,
            Machine::CortexAr => 0x0001_0028,
            Machine::Aarch64 => 0x0000_00b7,
            Machine::Riscv32 => 0x0000_00f3,
            Machine::I386 => 0x0000_0003,
            Machine::X86_64 => 0x0000_003e,
            Machine::XtensaEsp32 => 0x0000_005e,
            Machine::XtensaLx106 => 0x0001_005e,
            Machine::XtensaEsp32s2 => 0x0002_005e,
            Machine::XtensaEsp32s3 => 0x0003_005e,
        }
    }

    /// The machine of a machine block.
    pub fn from_id(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|machine| machine.id() == id)
    }

    /// As in JSON and on the command line (spec 80 §7.5).
    pub const fn name(self) -> &'static str {
        match self {
            Machine::CortexM => "cortex-m",
            Machine::CortexAr => "cortex-ar",
            Machine::Aarch64 => "aarch64",
            Machine::Riscv32 => "riscv32",
            Machine::I386 => "i386",
            Machine::X86_64 => "x86-64",
            Machine::XtensaEsp32 => "xtensa-esp32",
            Machine::XtensaLx106 => "xtensa-lx106",
            Machine::XtensaEsp32s2 => "xtensa-esp32s2",
            Machine::XtensaEsp32s3 => "xtensa-esp32s3",
        }
    }

    /// The machine of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|machine| machine.name() == name)
    }

    /// `e_machine` of an ELF file.
    pub const fn elf_machine(self) -> u16 {
        self.id() as u16
    }

    /// Registers and addresses have 64 bits.
    pub const fn is_wide(self) -> bool {
        matches!(self, Machine::Aarch64 | Machine::X86_64)
    }

    /// Size of a register in a register block, in bytes.
    pub const fn word_len(self) -> usize {
        if self.is_wide() { 8 } else { 4 }
    }

    /// One of the Xtensa machines.
    pub const fn is_xtensa(self) -> bool {
        self.elf_machine() == 94
    }

    /// Names of the registers in a register block, in its order.
    pub const fn registers(self) -> &'static [&'static str] {
        match self {
            Machine::CortexM => &CORTEX_M,
            Machine::CortexAr => &ARM,
            Machine::Aarch64 => &AARCH64,
            Machine::Riscv32 => &RISCV32,
            Machine::I386 => &I386,
            Machine::X86_64 => &X86_64,
            _ => &XTENSA,
        }
    }

    /// Names of program counter, stack pointer, and the register with the return address, where there is one.
    pub const fn special(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Machine::CortexM | Machine::CortexAr => ("pc", "sp", Some("lr")),
            Machine::Aarch64 => ("pc", "sp", Some("x30")),
            Machine::Riscv32 => ("mepc", "sp", Some("ra")),
            Machine::I386 => ("eip", "esp", None),
            Machine::X86_64 => ("rip", "rsp", None),
            _ => ("pc", "a1", Some("a0")),
        }
    }
}

/// The registers of one CPU or thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registers {
    /// Whose they are.
    pub machine: Machine,
    /// In the order of [`Machine::registers`].
    pub values: Vec<u64>,
}

impl Registers {
    /// Reads a register block. What is missing at its end is 0.
    pub fn parse(machine: Machine, payload: &[u8]) -> Self {
        let word = |index: usize| {
            let bytes = payload.get(index * machine.word_len()..).unwrap_or_default();
            let bytes = bytes.get(..machine.word_len()).unwrap_or(bytes);
            bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
        };
        Self { machine, values: (0..machine.registers().len()).map(word).collect() }
    }

    /// Size of a whole register block in bytes.
    pub const fn len_of(machine: Machine) -> usize {
        machine.registers().len() * machine.word_len()
    }

    /// Name and value of each.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.machine.registers().iter().copied().zip(self.values.iter().copied())
    }

    /// The value of the register of this name.
    pub fn get(&self, name: &str) -> Option<u64> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Changes the register of this name, if the machine has it.
    pub fn set(&mut self, name: &str, value: u64) {
        let index = self.machine.registers().iter().position(|known| *known == name);
        if let Some(place) = index.and_then(|index| self.values.get_mut(index)) {
            *place = value;
        }
    }

    /// Program counter.
    pub fn pc(&self) -> u64 {
        self.get(self.machine.special().0).unwrap_or_default()
    }

    /// Stack pointer.
    pub fn sp(&self) -> u64 {
        self.get(self.machine.special().1).unwrap_or_default()
    }

    /// The register that a call leaves its return address in.
    pub fn lr(&self) -> Option<u64> {
        self.machine.special().2.and_then(|name| self.get(name))
    }

    /// Nothing was captured: all zero apart from the kind of an Xtensa block.
    pub fn is_empty(&self) -> bool {
        self.pairs().all(|(name, value)| value == 0 || name == "collection_type")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn register_blocks_have_the_sizes_of_the_specification() {
        let len = |machine| Registers::len_of(machine);
        use Machine::*;
        assert_eq!([CortexM, CortexAr, Aarch64, Riscv32, I386, XtensaEsp32s3].map(len), [76, 68, 272, 148, 44, 100]);
        for machine in Machine::ALL {
            assert_eq!(Machine::from_id(machine.id()), Some(machine));
            assert_eq!(Machine::from_name(machine.name()), Some(machine));
            let (pc, sp, lr) = machine.special();
            let names = machine.registers();
            assert!(names.contains(&pc) && names.contains(&sp) && lr.is_none_or(|lr| names.contains(&lr)));
        }
        assert_eq!(Machine::from_id(0), None);
    }

    #[test]
    fn registers_are_little_endian_words() {
        let block: Vec<u8> = (0u8..68).collect();
        let mut registers = Registers::parse(Machine::CortexM, &block);
        assert_eq!((registers.get("r1"), registers.pc()), (Some(0x0706_0504), 0x3f3e_3d3c));
        assert_eq!((registers.get("psr"), registers.get("psp")), (Some(0x4342_4140), Some(0)));
        registers.set("psp", 7);
        assert_eq!((registers.get("psp"), registers.get("x0")), (Some(7), None));
    }
}
