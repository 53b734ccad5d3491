//! A linked ELF file: its sections, symbols and the memory that it fills.

use object::elf::{SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE};
use object::read::elf::{ElfFile32, ElfFile64};
use object::{
    Architecture, FileFlags, FileKind, Object, ObjectKind, ObjectSection, ObjectSymbol, ReadRef, SectionFlags,
    SymbolKind,
};
use std::sync::Arc;

/// Largest section after decompression: its size comes from the file.
const MAX_SECTION_LEN: u64 = 1 << 30;

/// A little-endian, linked ELF file.
pub struct Elf<'d, R: ReadRef<'d>> {
    file: object::File<'d, R>,
}

/// What a symbol stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub address: u64,
    pub size: u64,
}

/// A function of the symbol table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub start: u64,
    pub size: u64,
    pub name: String,
}

/// A section that the program has in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    pub address: u64,
    /// `bytes` is shorter where the file has no contents.
    pub size: u64,
    pub bytes: Vec<u8>,
    pub is_code: bool,
    pub is_writable: bool,
}

impl Region {
    /// The address is in it.
    pub fn holds(&self, address: u64) -> bool {
        address.checked_sub(self.address).is_some_and(|offset| offset < self.size)
    }
}

impl<'d, R: ReadRef<'d>> Elf<'d, R> {
    /// Takes the file if names can be in it; else says why not.
    pub fn parse(data: R) -> Result<Self, String> {
        const NO_ELF: &str = "it is no ELF file; names are in the file that the linker made, before objcopy";
        // Before anything is read in the wrong order.
        if let Ok([0x7f, b'E', b'L', b'F', _, 2]) = data.read_bytes_at(0, 6) {
            return Err("it is for a big-endian machine, which is not supported".to_owned());
        }
        let file = match FileKind::parse(data) {
            Ok(FileKind::Elf32) => ElfFile32::parse(data).map(object::File::Elf32),
            Ok(FileKind::Elf64) => ElfFile64::parse(data).map(object::File::Elf64),
            // Object takes e.g. an unknown class or a cut header for no ELF.
            _ if data.read_bytes_at(0, 4) == Ok(b"\x7fELF") => return Err("its ELF header is damaged".to_owned()),
            _ => return Err(NO_ELF.to_owned()),
        };
        let file = file.map_err(|error| damaged("it", error))?;
        match file.kind() {
            ObjectKind::Executable | ObjectKind::Dynamic => Ok(Self { file }),
            ObjectKind::Relocatable => {
                Err("it is an object file; addresses and names are complete only in the linked firmware".to_owned())
            }
            ObjectKind::Core => Err("it is a core file, not a firmware".to_owned()),
            _ => Err("it is an ELF file of an unknown kind".to_owned()),
        }
    }

    /// Name of the machine.
    pub fn machine(&self) -> &'static str {
        match self.file.architecture() {
            Architecture::Arm => "arm",
            Architecture::Aarch64 => "aarch64",
            Architecture::Riscv32 => "riscv32",
            Architecture::Riscv64 => "riscv64",
            Architecture::Xtensa => "xtensa",
            Architecture::X86_64 => "x86-64",
            Architecture::I386 => "i386",
            _ => "other",
        }
    }

    /// Size of a pointer in bytes.
    pub fn pointer_len(&self) -> usize {
        if self.file.is_64() { 8 } else { 4 }
    }

    /// The first symbol of this name that has a place. With `local` also the names that a compiler makes of a static object when
    /// it optimises the whole program (`name.lto_priv.0`, `name.1`).
    pub fn symbol(&self, name: &str, local: bool) -> Option<Place> {
        let mut found = None;
        for symbol in self.file.symbols().filter(|symbol| !symbol.is_undefined()) {
            let Ok(known) = symbol.name_bytes() else { continue };
            let Some(rest) = known.strip_prefix(name.as_bytes()) else { continue };
            let place = Place { address: symbol.address(), size: symbol.size() };
            match rest {
                [] => return Some(place),
                [b'.', ..] if local => found = found.or(Some(place)),
                _ => {}
            }
        }
        found
    }

    /// The functions of the symbol table, by address.
    pub fn functions(&self) -> Vec<Function> {
        let thumb = self.file.architecture() == Architecture::Arm;
        let symbols = self.file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition());
        let mut functions: Vec<_> = symbols
            .filter(|symbol| symbol.size() > 0)
            .filter_map(|symbol| {
                let start = symbol.address() & !u64::from(thumb);
                Some(Function { start, size: symbol.size(), name: symbol.name().ok()?.to_owned() })
            })
            .collect();
        functions.sort_by(|one, other| one.start.cmp(&other.start).then(one.name.cmp(&other.name)));
        functions
    }

    /// The variables of the symbol table.
    pub fn variables(&self) -> Vec<(String, Place)> {
        let symbols = self.file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Data && symbol.is_definition());
        let named = symbols.filter_map(|symbol| {
            Some((symbol.name().ok()?.to_owned(), Place { address: symbol.address(), size: symbol.size() }))
        });
        named.collect()
    }

    /// What the program has in memory, in the order of the file.
    pub fn regions(&self) -> Vec<Region> {
        let flags = |section: &object::Section<'d, '_, R>| match section.flags() {
            SectionFlags::Elf { sh_flags, .. } => sh_flags,
            _ => Default::default(),
        };
        let loaded = self.file.sections().filter(|section| flags(section).contains(SHF_ALLOC) && section.size() > 0);
        let regions = loaded.map(|section| Region {
            name: section.name().unwrap_or_default().to_owned(),
            address: section.address(),
            size: section.size(),
            bytes: section.data().unwrap_or_default().to_vec(),
            is_code: flags(&section).contains(SHF_EXECINSTR),
            is_writable: flags(&section).contains(SHF_WRITE),
        });
        regions.collect()
    }

    /// `e_machine`.
    pub fn elf_machine(&self) -> u16 {
        match &self.file {
            object::File::Elf32(file) => file.elf_header().e_machine.get(object::Endianness::Little).0,
            object::File::Elf64(file) => file.elf_header().e_machine.get(object::Endianness::Little).0,
            _ => 0,
        }
    }

    /// `e_flags`.
    pub fn flags(&self) -> u32 {
        match self.file.flags() {
            FileFlags::Elf { e_flags, .. } => e_flags.0,
            _ => 0,
        }
    }

    /// `len` bytes of the initialised memory at this address.
    pub fn memory(&self, address: u64, len: u64) -> Option<&'d [u8]> {
        let loaded = |flags| matches!(flags, SectionFlags::Elf { sh_flags, .. } if sh_flags.contains(SHF_ALLOC));
        let sections = self.file.sections().filter(|section| loaded(section.flags()));
        let mut found = sections.filter_map(|section| section.data_range(address, len).ok().flatten());
        found.find(|bytes| bytes.len() as u64 == len)
    }

    /// Contents of a section, decompressed; `None` if there is no such section.
    pub fn section(&self, name: &str) -> Result<Option<Arc<[u8]>>, String> {
        let Some(section) = self.file.section_by_name(name) else { return Ok(None) };
        let data = section.compressed_data().map_err(|error| damaged(name, error))?;
        if data.uncompressed_size > MAX_SECTION_LEN {
            return Err(format!("its section {name} claims {} bytes", data.uncompressed_size));
        }
        let data = data.decompress().map_err(|error| damaged(name, error))?;
        Ok(Some(Arc::from(&*data)))
    }

    /// The linker's build id.
    pub fn gnu_build_id(&self) -> Option<&'d [u8]> {
        self.file.build_id().ok().flatten()
    }
}

fn damaged(what: &str, error: object::Error) -> String {
    format!("{what} is damaged: {error}")
}
