//! Makes small firmware files: an ELF file with a key table, debug information and a build id, all of the test's choice.

use gimli::write::{Address, AttributeValue, Dwarf, EndianVec, Expression, LineProgram, Sections};
use gimli::{DW_AT_const_value, DW_AT_location, DW_AT_name, Encoding, Format, LittleEndian};

/// Where the only loaded section is.
pub const BASE: u32 = 0x1000;

const SHT_PROGBITS: u32 = 1;
const SHT_SYMTAB: u32 = 2;
const SHT_STRTAB: u32 = 3;
const SHF_ALLOC: u32 = 2;
const STT_OBJECT: u8 = 1;
const STT_FUNC: u8 = 2;

/// A firmware in the making.
#[derive(Clone)]
pub struct Image {
    /// Contents at [`BASE`].
    pub memory: Vec<u8>,
    pub symbols: Vec<(String, u32, u32, u8)>,
    pub sections: Vec<(String, Vec<u8>)>,
    /// Machine of the ELF header: 40 is ARM.
    pub machine: u16,
    /// Type of the ELF header: 2 is executable.
    pub kind: u16,
}

/// An enumeration: tag, if the compiler kept it, and enumerators.
pub struct Enum<'a> {
    pub tag: Option<&'a str>,
    pub enumerators: Vec<(String, u64)>,
}

/// A compilation unit.
pub struct Unit<'a> {
    pub name: &'a str,
    pub enums: Vec<Enum<'a>>,
    /// The unit defines the key table, at this address.
    pub key_table: Option<u32>,
}

impl Default for Image {
    fn default() -> Self {
        Self { memory: Vec::new(), symbols: Vec::new(), sections: Vec::new(), machine: 40, kind: 2 }
    }
}

impl Image {
    /// Adds bytes to the memory; their address.
    pub fn object(&mut self, name: &str, bytes: &[u8]) -> u32 {
        let address = BASE + self.memory.len() as u32;
        self.memory.extend_from_slice(bytes);
        self.symbols.push((name.to_owned(), address, bytes.len() as u32, STT_OBJECT));
        address
    }

    pub fn function(&mut self, name: &str, start: u32, size: u32) {
        self.symbols.push((name.to_owned(), start, size, STT_FUNC));
    }

    /// Adds debug information of these units, in this version of DWARF.
    pub fn debug(&mut self, version: u16, units: &[Unit<'_>]) {
        let encoding = Encoding { format: Format::Dwarf32, version, address_size: 4 };
        let mut dwarf = Dwarf::new();
        for unit in units {
            let id = dwarf.units.add(gimli::write::Unit::new(encoding, LineProgram::none()));
            unit.write(dwarf.units.get_mut(id));
        }
        let mut sections = Sections::new(EndianVec::new(LittleEndian));
        dwarf.write(&mut sections).unwrap();
        let _: Result<(), ()> = sections.for_each(|id, contents| {
            if !contents.slice().is_empty() {
                self.sections.push((id.name().to_owned(), contents.slice().to_vec()));
            }
            Ok(())
        });
    }

    /// The record of spec 20 §14.1 and, for type 3, the id.
    pub fn build_id(&mut self, kind: u8, id: [u8; 20]) {
        let derived = self.object("g_memfault_sdk_derived_build_id", &id);
        let os = BASE + self.memory.len() as u32;
        self.memory.extend_from_slice(b"toy\x00009\0");
        let words = [u32::from_le_bytes([kind, 20, 6, 0]), derived, u32::from_le_bytes([1, 43, 0, 0]), os, os + 4];
        let record: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.object("g_memfault_build_id", &record);
    }

    pub fn file(&self) -> Vec<u8> {
        const HEADER_LEN: usize = 52;
        const SECTION_LEN: usize = 40;
        let mut names = vec![0];
        let mut headers: Vec<[u32; 10]> = vec![[0; 10]];
        let mut body = Vec::new();
        let mut section = |name: &str, kind: u32, flags: u32, address: u32, link: u32, bytes: &[u8]| {
            let entry_len = if kind == SHT_SYMTAB { 16 } else { 0 };
            let (offset, len) = ((HEADER_LEN + body.len()) as u32, bytes.len() as u32);
            let info = u32::from(kind == SHT_SYMTAB);
            headers.push([names.len() as u32, kind, flags, address, offset, len, link, info, 1, entry_len]);
            names.extend(name.bytes().chain([0]));
            body.extend_from_slice(bytes);
        };
        section(".text", SHT_PROGBITS, SHF_ALLOC, BASE, 0, &self.memory);
        let mut texts = vec![0];
        let mut symbols = vec![0; 16];
        for (name, address, size, kind) in &self.symbols {
            for word in [texts.len() as u32, *address, *size] {
                symbols.extend_from_slice(&word.to_le_bytes());
            }
            symbols.extend_from_slice(&[0x10 | kind, 0, 1, 0]);
            texts.extend(name.bytes().chain([0]));
        }
        section(".symtab", SHT_SYMTAB, 0, 0, 3, &symbols);
        section(".strtab", SHT_STRTAB, 0, 0, 0, &texts);
        for (name, bytes) in &self.sections {
            section(name, SHT_PROGBITS, 0, 0, 0, bytes);
        }
        section(".shstrtab", SHT_STRTAB, 0, 0, 0, b"");
        // The names are complete only now.
        let last = headers.last_mut().unwrap();
        last[5] = names.len() as u32;
        body.extend_from_slice(&names);
        let table = (HEADER_LEN + body.len()) as u32;
        let mut file = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        file.extend([self.kind.to_le_bytes(), self.machine.to_le_bytes()].concat());
        file.extend([1u32, BASE, 0, table, 0].iter().flat_map(|word| word.to_le_bytes()));
        let halves = [HEADER_LEN, 32, 0, SECTION_LEN, headers.len(), headers.len() - 1];
        file.extend(halves.iter().flat_map(|half| (*half as u16).to_le_bytes()));
        file.extend(body);
        file.extend(headers.iter().flatten().flat_map(|word| word.to_le_bytes()));
        file
    }
}

impl Unit<'_> {
    fn write(&self, out: &mut gimli::write::Unit) {
        let root = out.root();
        let text = |text: &str| AttributeValue::String(text.as_bytes().to_vec());
        out.get_mut(root).set(DW_AT_name, text(self.name));
        for list in &self.enums {
            let entry = out.add(root, gimli::DW_TAG_enumeration_type);
            if let Some(tag) = list.tag {
                out.get_mut(entry).set(DW_AT_name, text(tag));
            }
            for (name, value) in &list.enumerators {
                let child = out.add(entry, gimli::DW_TAG_enumerator);
                let child = out.get_mut(child);
                child.set(DW_AT_name, text(name));
                child.set(DW_AT_const_value, AttributeValue::Udata(*value));
            }
        }
        if let Some(address) = self.key_table {
            let entry = out.add(root, gimli::DW_TAG_variable);
            let entry = out.get_mut(entry);
            entry.set(DW_AT_name, text("s_memfault_heartbeat_keys"));
            let mut place = Expression::new();
            place.op_addr(Address::Constant(address.into()));
            entry.set(DW_AT_location, AttributeValue::Exprloc(place));
        }
    }
}
