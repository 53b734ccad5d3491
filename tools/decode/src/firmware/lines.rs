//! Functions and source lines of addresses (spec 80 §7.6).

use super::elf::Function;
use addr2line::Context;
use gimli::{AttributeValue, Dwarf, DwarfSections, EndianArcSlice, LittleEndian, Reader as _};
use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

/// Most inlined functions that are named for one address.
const MAX_INLINED: usize = 8;

type Slice = EndianArcSlice<LittleEndian>;

/// Everything that is needed to look an address up. The index of the debug information is made at the first question.
pub struct Lines {
    sections: DwarfSections<Arc<[u8]>>,
    context: OnceCell<Option<Context<Slice>>>,
    functions: Vec<Function>,
    thumb: bool,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("functions", &self.functions.len()).field("thumb", &self.thumb).finish()
    }
}

/// What an address is to its processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Of an instruction: a program counter.
    Instruction,
    /// Where a call returns to: a link register. The call is in front of it.
    Return,
}

impl Lines {
    pub(super) fn new(sections: DwarfSections<Arc<[u8]>>, functions: Vec<Function>, thumb: bool) -> Self {
        Self { sections, context: OnceCell::new(), functions, thumb }
    }

    /// `main at main.c:26`, with inlined functions `inner at a.h:3, inlined into main at main.c:26`; `None` outside of the
    /// firmware's code.
    pub fn source(&self, address: u64, role: Role) -> Option<String> {
        let places = self.places(address, role);
        let texts: Vec<String> = places.iter().map(Source::to_string).filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join(", inlined into "))
    }

    /// The function at an address, and those inlined there: the innermost first. Empty outside of the firmware's code.
    pub fn places(&self, address: u64, role: Role) -> Vec<Source> {
        let address = if self.thumb { address & !1 } else { address };
        let Some(address) = (match role {
            Role::Instruction => Some(address),
            Role::Return => address.checked_sub(1),
        }) else {
            return Vec::new();
        };
        let names = self.names(address);
        let symbol = names.first().map(|function| Source {
            function: Some(demangled(&function.name)),
            offset: Some(address - function.start),
            ..Source::default()
        });
        // Where the linker threw a function away, its debug information stays, at address 0: it must not claim live code.
        let frames = self.frames(address).filter(|frames| self.functions.is_empty() || frames.is_of_one_of(names));
        match (frames, symbol) {
            (Some(mut frames), symbol) => {
                if let (None, Some(outermost), Some(symbol)) = (&frames.outermost, frames.places.last_mut(), symbol) {
                    // Assembly has lines, but no functions.
                    (outermost.function, outermost.offset) = (symbol.function, symbol.offset);
                }
                frames.places
            }
            (None, symbol) => symbol.into_iter().collect(),
        }
    }

    /// The debug information.
    pub(super) fn dwarf(&self) -> Dwarf<Slice> {
        self.sections.borrow(|section| Slice::new(section.clone(), LittleEndian))
    }

    /// The function of the symbol table at an address.
    pub(super) fn function(&self, address: u64) -> Option<&Function> {
        self.names(address).first()
    }

    /// The symbols of the function at an address; several if it has aliases.
    fn names(&self, address: u64) -> &[Function] {
        let end = self.functions.partition_point(|function| function.start <= address);
        let Some(last) = end.checked_sub(1).and_then(|index| self.functions.get(index)) else { return &[] };
        if address - last.start >= last.size {
            return &[];
        }
        let start = self.functions.partition_point(|function| function.start < last.start);
        self.functions.get(start..end).unwrap_or_default()
    }

    fn frames(&self, address: u64) -> Option<Frames> {
        let context = self.context.get_or_init(|| Context::from_dwarf(self.dwarf()).ok());
        let context = context.as_ref()?;
        let unit = context.find_dwarf_and_unit(address).skip_all_loads();
        let directory = unit.and_then(|unit| Some(unit.comp_dir.as_ref()?.to_string_lossy().ok()?.into_owned()));
        let language = unit.and_then(|unit| {
            let root = unit.entry(unit.header.root_offset()).ok()?;
            root.attr_value(gimli::DW_AT_language)
        });
        let is_assembly = matches!(language, Some(AttributeValue::Language(gimli::DW_LANG_Mips_Assembler)));
        let mut found = context.find_frames(address).skip_all_loads().ok()?;
        let (mut places, mut outermost) = (Vec::new(), None);
        for _ in 0..=MAX_INLINED {
            let Some(frame) = found.next().ok().flatten() else { break };
            outermost = frame.function.as_ref().and_then(|function| Some(function.raw_name().ok()?.into_owned()));
            let function = frame.function.as_ref().and_then(|function| Some(function.demangle().ok()?.into_owned()));
            let location = frame.location.and_then(|location| Some((location.file?, location.line)));
            let file = location.as_ref().map(|(file, _)| shown_file(file, directory.as_deref()).to_owned());
            let line = location.and_then(|(_, line)| line);
            if function.is_none() && file.is_none() {
                break;
            }
            places.push(Source { function, offset: None, file, line });
        }
        (!places.is_empty()).then_some(Frames { places, outermost, is_assembly })
    }
}

/// A place in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Name of the function.
    pub function: Option<String>,
    /// Distance from its start in bytes; only for functions without debug information.
    pub offset: Option<u64>,
    /// File, as the compiler was given it.
    pub file: Option<String>,
    /// Line in it.
    pub line: Option<u32>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.function {
            f.write_str(function)?;
            if let Some(offset) = self.offset.filter(|offset| *offset != 0) {
                write!(f, "+0x{offset:x}")?;
            }
        }
        if let Some(file) = &self.file {
            write!(f, "{}at {file}", if self.function.is_some() { " " } else { "" })?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
        }
        Ok(())
    }
}

struct Frames {
    places: Vec<Source>,
    /// Name of the function that all others were inlined into, as the linker knows it.
    outermost: Option<String>,
    is_assembly: bool,
}

impl Frames {
    fn is_of_one_of(&self, symbols: &[Function]) -> bool {
        // Compilers add to the names of functions that they made of another one: `.part.0`, `.constprop.1`.
        let stem = |name: &str| name.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        match &self.outermost {
            Some(name) => symbols.iter().any(|symbol| stem(&symbol.name) == stem(name)),
            // Only assembly has lines without functions; elsewhere they are what is left of a function.
            None => self.is_assembly,
        }
    }
}

/// The name as in the source, for Rust.
pub(super) fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// A file below the directory that the compiler ran in, as the compiler was given it.
fn shown_file<'f>(file: &'f str, directory: Option<&str>) -> &'f str {
    let below = directory.and_then(|directory| file.strip_prefix(directory));
    below.and_then(|rest| rest.strip_prefix(['/', '\\'])).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_for_the_compiler() {
        for (file, directory, shown) in [
            ("/home/dev/kettle/src/main.c", Some("/home/dev/kettle"), "src/main.c"),
            ("/home/dev/kettle2/main.c", Some("/home/dev/kettle"), "/home/dev/kettle2/main.c"),
            ("/opt/sdk/memfault.h", Some("/home/dev/kettle"), "/opt/sdk/memfault.h"),
            ("main.c", None, "main.c"),
        ] {
            assert_eq!(shown_file(file, directory), shown);
        }
    }

    #[test]
    fn functions_without_debug_information_have_an_offset() {
        let function = |start, size, name: &str| Function { start, size, name: name.to_owned() };
        let functions = vec![function(0x100, 8, "memcpy"), function(0x100, 8, "memmove"), function(0x120, 4, "memset")];
        let sections = DwarfSections::load(|_| Ok::<_, ()>(Arc::from(&[][..]))).unwrap();
        let lines = Lines::new(sections, functions, true);
        let source = |address, role| lines.source(address, role);
        assert_eq!(source(0x101, Role::Instruction).as_deref(), Some("memcpy"));
        assert_eq!(source(0x105, Role::Return).as_deref(), Some("memcpy+0x3"));
        assert_eq!(source(0x121, Role::Return), None);
        assert_eq!(source(0x123, Role::Return).as_deref(), Some("memset+0x1"));
        for outside in [0, 1, 0xff, 0x108, 0x124, u64::MAX] {
            assert_eq!(source(outside, Role::Instruction), None, "{outside:x}");
        }
    }
}
