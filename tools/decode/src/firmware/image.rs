//! The program in a firmware's ELF file: its code and constants, functions, lines, unwind information, and where its variables
//! are.

use super::build_id::BuildInfo;
use super::debug::Debug;
use super::elf::{Elf, Place, Region};
use super::lines::{Lines, demangled};
use crate::unwind::Exidx;
use crate::unwind::cfi::Cfi;
use gimli::DwarfSections;
use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

/// A program.
pub struct Image {
    /// Which build it is.
    pub build: BuildInfo,
    /// `arm`, `aarch64`, `riscv32`, ...
    pub machine: &'static str,
    /// `e_machine` of the file.
    pub elf_machine: u16,
    /// `e_flags` of the file.
    pub flags: u32,
    /// Functions and lines.
    pub lines: Lines,
    pointer_len: u8,
    regions: Vec<Region>,
    variables: Vec<(String, Place)>,
    debug_frame: Arc<[u8]>,
    eh_frame: Arc<[u8]>,
    exidx: Option<Exidx>,
    cfi: OnceCell<Cfi>,
    debug: OnceCell<Debug>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("machine", &self.machine).field("build", &self.build).finish_non_exhaustive()
    }
}

impl Image {
    pub(super) fn new<'d>(
        elf: &Elf<'d, &'d [u8]>,
        build: BuildInfo,
        dwarf: DwarfSections<Arc<[u8]>>,
        problems: &mut Vec<String>,
    ) -> Self {
        let machine = elf.machine();
        let mut section = |name| {
            elf.section(name).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            })
        };
        let debug_frame = section(".debug_frame").unwrap_or_else(|| Arc::from(&[][..]));
        let eh_frame = section(".eh_frame").unwrap_or_else(|| Arc::from(&[][..]));
        let regions = elf.regions();
        let exidx = regions.iter().find(|region| region.name == ".ARM.exidx");
        Self {
            build,
            machine,
            elf_machine: elf.elf_machine(),
            flags: elf.flags(),
            lines: Lines::new(dwarf, elf.functions(), machine == "arm"),
            pointer_len: elf.pointer_len() as u8,
            exidx: exidx.map(|region| Exidx::new(region.address, &region.bytes)),
            regions,
            variables: elf.variables(),
            debug_frame,
            eh_frame,
            cfi: OnceCell::new(),
            debug: OnceCell::new(),
        }
    }

    /// The unwind information.
    pub(crate) fn cfi(&self) -> &Cfi {
        self.cfi.get_or_init(|| {
            let address =
                |name: &str| self.regions.iter().find(|region| region.name == name).map(|region| region.address);
            let (eh_frame, text) = (address(".eh_frame").unwrap_or_default(), address(".text").unwrap_or_default());
            Cfi::new(self.debug_frame.clone(), self.eh_frame.clone(), eh_frame, text, self.pointer_len)
        })
    }

    /// Variables and types.
    pub(crate) fn debug(&self) -> &Debug {
        self.debug.get_or_init(|| Debug::new(self.lines.dwarf()))
    }

    pub(crate) fn exidx(&self) -> Option<&Exidx> {
        self.exidx.as_ref()
    }

    /// True without any information about frames.
    pub fn cannot_unwind(&self) -> bool {
        self.cfi().is_empty() && self.exidx.is_none()
    }

    /// An address in its code.
    pub fn is_code(&self, address: u64) -> bool {
        self.regions.iter().any(|region| region.is_code && region.holds(address))
    }

    /// `len` bytes of its code.
    pub fn code(&self, address: u64, len: usize) -> Option<&[u8]> {
        self.bytes(address, len, |region| region.is_code)
    }

    /// `len` bytes that it cannot change: code or constants.
    pub fn constant(&self, address: u64, len: usize) -> Option<&[u8]> {
        self.bytes(address, len, |region| !region.is_writable)
    }

    fn bytes(&self, address: u64, len: usize, wanted: impl Fn(&Region) -> bool) -> Option<&[u8]> {
        let region = self.regions.iter().find(|region| wanted(region) && region.holds(address))?;
        region.bytes.get((address - region.address) as usize..)?.get(..len)
    }

    /// What `len` bytes of a variable section are at reset, if the section holds the first of them.
    pub(crate) fn initial(&self, address: u64, len: usize) -> Option<Vec<u8>> {
        let region = self.regions.iter().find(|region| region.is_writable && region.holds(address))?;
        let bytes = region.bytes.get((address - region.address) as usize..).unwrap_or_default();
        Some(bytes.iter().copied().chain(std::iter::repeat(0)).take(len).collect())
    }

    /// Where the function at an address begins, as the symbols say.
    pub fn function_start(&self, address: u64) -> Option<u64> {
        self.lines.function(address).map(|function| function.start)
    }

    /// Whether the function of this name begins at an address.
    pub(crate) fn begins(&self, name: &str, address: u64) -> bool {
        let stem = |known: &str| known.split('.').next() == Some(name);
        self.lines.function(address).is_some_and(|function| function.start == address && stem(&function.name))
    }

    /// The sections that it writes to: name, address, size.
    pub fn ram(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        let writable = self.regions.iter().filter(|region| region.is_writable && region.size > 0);
        writable.map(|region| (&*region.name, region.address, region.size))
    }

    /// A variable of the symbol table: address and size.
    pub fn variable(&self, name: &str) -> Option<(u64, u64)> {
        let exact = self.variables.iter().find(|(known, _)| known == name);
        let stem = |known: &str| known.split('.').next() == Some(name);
        let found = exact.or_else(|| self.variables.iter().find(|(known, _)| stem(known)));
        found.map(|(_, place)| (place.address, place.size))
    }

    /// The variable that begins at an address: name and size.
    pub fn variable_at(&self, address: u64) -> Option<(String, u64)> {
        let found = self.variables.iter().find(|(_, place)| place.address == address && place.size > 0);
        found.map(|(name, place)| (demangled(name), place.size))
    }
}
