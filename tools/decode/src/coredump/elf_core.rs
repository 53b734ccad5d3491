//! An ELF core file: header, program headers, notes, memory (spec 50 §17.2).
//!
//! | Offset | Content |
//! |---|---|
//! | 0 | ELF header, 52 bytes (64 in class 64) |
//! | 52 | program headers: PT_NOTE, then a PT_LOAD per piece of memory, by address |
//! | then | the notes; the memory, in the same order; each piece padded to 4 bytes |

use super::machine::Machine;
use super::memory::Piece;

const ET_CORE: u16 = 4;
const EM_ARM: u16 = 40;
const EF_ARM_EABI_V5: u32 = 0x0500_0000;
const PT_LOAD: u32 = 1;
const PT_NOTE: u32 = 4;
const PF_R: u32 = 4;
const PF_RW: u32 = 6;
/// Most pieces: `e_phnum` has 16 bits, and 0xffff has another meaning.
pub const MAX_PIECES: usize = 0xfffd;

/// A note of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whose type numbers count, without its NUL.
    pub owner: &'static str,
    /// What it is to the owner.
    pub kind: u32,
    /// Its contents.
    pub content: Vec<u8>,
}

struct Writer {
    out: Vec<u8>,
    wide: bool,
}

impl Writer {
    fn half(&mut self, value: u16) {
        self.out.extend(value.to_le_bytes());
    }

    fn word(&mut self, value: u32) {
        self.out.extend(value.to_le_bytes());
    }

    /// An address, offset or size: as wide as the class.
    fn address(&mut self, value: u64) {
        let len = if self.wide { 8 } else { 4 };
        self.out.extend(value.to_le_bytes().iter().take(len));
    }

    fn pad(&mut self) {
        self.out.resize(self.out.len().next_multiple_of(4), 0);
    }

    fn program_header(&mut self, kind: u32, flags: u32, offset: usize, address: u64, sizes: [usize; 2], align: u64) {
        self.word(kind);
        if self.wide {
            self.word(flags);
        }
        self.address(offset as u64);
        self.address(address);
        self.address(address);
        for size in sizes {
            self.address(size as u64);
        }
        if !self.wide {
            self.word(flags);
        }
        self.address(align);
    }
}

/// Writes the file. `flags`: those of the firmware's ELF file, for machines where they matter to a debugger.
pub fn write(machine: Machine, flags: Option<u32>, notes: &[Note], memory: &[Piece<'_>]) -> Vec<u8> {
    let wide = machine.is_wide();
    let flags = match machine.elf_machine() {
        EM_ARM => EF_ARM_EABI_V5,
        _ if machine == Machine::Riscv32 => flags.unwrap_or_default(),
        _ => 0,
    };
    let memory = memory.get(..MAX_PIECES).unwrap_or(memory);
    let (header_len, program_header_len) = if wide { (64, 56) } else { (52, 32) };
    let notes = notes_section(notes);

    let mut file = Writer { out: vec![0x7f, b'E', b'L', b'F', 1 + u8::from(wide), 1, 1], wide };
    file.out.resize(16, 0);
    file.half(ET_CORE);
    file.half(machine.elf_machine());
    file.word(1);
    file.address(0);
    file.address(header_len);
    file.address(0);
    file.word(flags);
    file.half(header_len as u16);
    file.half(program_header_len);
    file.half(u16::try_from(memory.len() + 1).unwrap_or(u16::MAX));
    // Size, number and names of section headers: there are none.
    file.half(0);
    file.half(0);
    file.half(0);

    let mut offset = header_len as usize + (memory.len() + 1) * usize::from(program_header_len);
    file.program_header(PT_NOTE, PF_R, offset, 0, [notes.len(), 0], 4);
    offset += notes.len();
    for piece in memory {
        let len = piece.bytes.len();
        // Addresses and offsets are not congruent, so 1 is the only alignment that is true.
        file.program_header(PT_LOAD, PF_RW, offset, piece.address, [len, len], 1);
        offset += len.next_multiple_of(4);
    }
    file.out.extend(notes);
    for piece in memory {
        file.out.extend_from_slice(&piece.bytes);
        file.pad();
    }
    file.out
}

fn notes_section(notes: &[Note]) -> Vec<u8> {
    let mut section = Writer { out: Vec::new(), wide: false };
    for note in notes {
        section.word(note.owner.len() as u32 + 1);
        section.word(u32::try_from(note.content.len()).unwrap_or(u32::MAX));
        section.word(note.kind);
        section.out.extend_from_slice(note.owner.as_bytes());
        section.out.push(0);
        section.pad();
        section.out.extend_from_slice(&note.content);
        section.pad();
    }
    section.out
}
