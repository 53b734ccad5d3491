//! The notes of an ELF core: registers of threads, descriptions for GDB, what has no other place (spec 50 §17.3 and §17.4).

use super::dump::{Dump, kind};
use super::elf_core::Note;
use super::machine::{Machine, Registers};
use std::fmt::Write as _;

const NT_PRSTATUS: u32 = 1;
const NT_RISCV_CSR: u32 = 0x900;
const NT_GDB_TDESC: u32 = 0xff00_0000;
const NT_METADATA: u32 = 0x4d46_4c01;
const NT_RAW_BLOCK: u32 = 0x4d46_4c02;
/// Of the signal in a NT_PRSTATUS.
const SIGNAL: usize = 12;

const RISCV_CSRS: [&str; 5] = ["mstatus", "mtvec", "mcause", "mtval", "mhartid"];
/// The general registers as GDB numbers them; `mepc` stands for pc.
const RISCV_GENERAL: [&str; 32] = [
    "mepc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];
const I386: [&str; 17] =
    ["ebx", "ecx", "edx", "esi", "edi", "", "eax", "ds", "es", "fs", "gs", "-1", "eip", "cs", "eflags", "esp", "ss"];
/// PS: exceptions are off, register windows are on.
const XTENSA_PS_EXCM: u64 = 1 << 4;
const XTENSA_PS_WOE: u64 = 1 << 18;
const XTENSA_RESERVED: usize = 55;
const XTENSA_ADDRESS_REGISTERS: usize = 64;

/// Signal that GDB shows for a reboot reason; cosmetic.
pub fn signal(reason: Option<u32>) -> u16 {
    match reason {
        Some(0x8002 | 0x8005 | 0x8006 | 0x800c) => 14,
        Some(0x9100) => 7,
        Some(0x9200 | 0x9400 | 0x9402) => 11,
        Some(0x9300) => 4,
        Some(0x8004) => 5,
        _ => 6,
    }
}

/// The registers of a thread. `id`: from 1.
pub fn prstatus(registers: &Registers, id: u32, signal: u16) -> Note {
    let machine = registers.machine;
    let get = |name| registers.get(name).unwrap_or_default();
    let values: Vec<u64> = match machine {
        Machine::CortexM | Machine::CortexAr => registers.values.iter().copied().take(17).chain([0]).collect(),
        Machine::Aarch64 => {
            let [sp, pc, cpsr] = ["sp", "pc", "cpsr"].map(get);
            registers.values.iter().copied().skip(3).chain([sp, pc, cpsr]).collect()
        }
        Machine::Riscv32 => RISCV_GENERAL.map(get).to_vec(),
        // -1: not in a system call. Unknown registers are 0.
        Machine::I386 => I386.map(|name| if name == "-1" { u64::from(u32::MAX) } else { get(name) }).to_vec(),
        Machine::X86_64 => registers.values.clone(),
        _ => xtensa(registers),
    };
    // Size, offset of the thread id, offset of the registers.
    let (len, pid, reg) = match machine {
        Machine::CortexM | Machine::CortexAr => (148, 24, 72),
        Machine::Aarch64 => (392, 32, 112),
        Machine::Riscv32 => (204, 24, 72),
        Machine::I386 => (144, 24, 72),
        Machine::X86_64 => (336, 32, 112),
        _ => (588, 24, 72),
    };
    let mut content = vec![0; len];
    put(&mut content, SIGNAL, &signal.to_le_bytes());
    put(&mut content, pid, &id.to_le_bytes());
    for (index, value) in values.iter().enumerate() {
        let bytes = value.to_le_bytes();
        put(&mut content, reg + index * machine.word_len(), bytes.get(..machine.word_len()).unwrap_or_default());
    }
    Note { owner: "CORE", kind: NT_PRSTATUS, content }
}

fn put(out: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = out.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn xtensa(registers: &Registers) -> Vec<u64> {
    let get = |name| registers.get(name).unwrap_or_default();
    let ps = get("ps") & !XTENSA_PS_EXCM | XTENSA_PS_WOE;
    // windowstart 1, windowbase 0, threadptr 0.
    let special = [get("pc"), ps, get("lbeg"), get("lend"), get("lcount"), get("sar"), 1, 0, 0];
    let address_registers = registers.pairs().filter(|(name, _)| name.starts_with('a')).map(|(_, value)| value);
    let mut values: Vec<u64> = special.into_iter().chain([0; XTENSA_RESERVED]).chain(address_registers).collect();
    values.resize(special.len() + XTENSA_RESERVED + XTENSA_ADDRESS_REGISTERS, 0);
    values
}

/// What GDB has to know about a machine that it cannot guess.
pub fn target_description(machine: Machine) -> Option<Note> {
    let mut xml =
        String::from("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">");
    match machine {
        Machine::CortexM => {
            xml.push_str("<architecture>arm</architecture><feature name=\"org.gnu.gdb.arm.m-profile\">");
            for number in 0..=12 {
                let _ = write!(xml, "<reg name=\"r{number}\" bitsize=\"32\"/>");
            }
            xml.push_str(
                "<reg name=\"sp\" bitsize=\"32\" type=\"data_ptr\"/><reg name=\"lr\" bitsize=\"32\"/>\
                 <reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\"/>\
                 <reg name=\"xpsr\" bitsize=\"32\" regnum=\"25\"/></feature>",
            );
        }
        Machine::Riscv32 => {
            xml.push_str("<architecture>riscv:rv32</architecture><feature name=\"org.gnu.gdb.riscv.cpu\">");
            let general = RISCV_GENERAL.iter().skip(1).copied();
            for name in ["zero"].into_iter().chain(general) {
                // GDB knows s0 as fp too, but describes it under this name.
                let name = if name == "s0" { "fp" } else { name };
                let _ = write!(xml, "<reg name=\"{name}\" bitsize=\"32\"/>");
            }
            xml.push_str("<reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\"/></feature>");
            xml.push_str("<feature name=\"org.gnu.gdb.riscv.csr\">");
            for name in RISCV_CSRS {
                let _ = write!(xml, "<reg name=\"{name}\" bitsize=\"32\"/>");
            }
            xml.push_str("</feature>");
        }
        _ => return None,
    }
    xml.push_str("</target>\0");
    Some(Note { owner: "GDB", kind: NT_GDB_TDESC, content: xml.into_bytes() })
}

/// The control registers of a RISC-V hart.
pub fn riscv_csrs(registers: &Registers) -> Option<Note> {
    (registers.machine == Machine::Riscv32).then(|| {
        let values = RISCV_CSRS.map(|name| registers.get(name).unwrap_or_default());
        let content = values.iter().flat_map(|value| value.to_le_bytes().into_iter().take(4)).collect();
        Note { owner: "GDB", kind: NT_RISCV_CSR, content }
    })
}

/// The description of the coredump, as JSON.
pub fn metadata(json: String) -> Note {
    Note { owner: "MFLT", kind: NT_METADATA, content: json.into_bytes() }
}

/// All blocks that are no memory, as they are, so that nothing is lost.
pub fn raw_blocks(dump: &Dump<'_>) -> Vec<Note> {
    let others = dump.blocks.iter().filter(|block| !matches!(block.kind, kind::MEMORY | kind::MPU));
    others.map(|block| Note { owner: "MFLT", kind: NT_RAW_BLOCK, content: block.raw.to_vec() }).collect()
}
