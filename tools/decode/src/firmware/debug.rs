//! Variables and their types in the debug information.

use gimli::{AttributeValue, Dwarf, EndianArcSlice, LittleEndian, Operation, Reader as _, Unit, UnitOffset};

type Slice = EndianArcSlice<LittleEndian>;
type Entry = gimli::DebuggingInformationEntry<Slice>;

/// Longest chain of typedefs and qualifiers.
const MAX_CHAIN: usize = 32;
/// Most members of a structure, elements of a path, enumerators that are read.
const MAX_CHILDREN: usize = 4096;

/// The debug information, with its units opened.
pub struct Debug {
    dwarf: Dwarf<Slice>,
    units: Vec<Unit<Slice>>,
}

/// An entry of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    unit: usize,
    offset: UnitOffset,
}

/// A global or static variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Where it is, if the information says so.
    pub address: Option<u64>,
    /// Its type.
    pub kind: At,
}

/// A member of a structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name; empty for an anonymous one.
    pub name: String,
    /// Distance from the start of the structure in bytes.
    pub offset: u64,
    /// Its type.
    pub kind: At,
    /// For a bit field: distance of the lowest bit from the start of the structure, and width.
    pub bits: Option<(u64, u64)>,
}

impl Debug {
    pub(super) fn new(dwarf: Dwarf<Slice>) -> Self {
        let mut units = Vec::new();
        let mut headers = dwarf.units();
        while let Ok(Some(header)) = headers.next() {
            units.extend(dwarf.unit(header).ok());
        }
        Self { dwarf, units }
    }

    fn entry(&self, at: At) -> Option<Entry> {
        self.units.get(at.unit)?.entry(at.offset).ok()
    }

    fn text(&self, unit: usize, entry: &Entry, name: gimli::DwAt) -> Option<String> {
        let value = entry.attr_value(name)?;
        let text = self.dwarf.attr_string(self.units.get(unit)?, value).ok()?;
        Some(text.to_string_lossy().ok()?.into_owned())
    }

    /// The name of an entry, its own or that of its declaration.
    pub fn name(&self, at: At) -> Option<String> {
        let entry = self.entry(at)?;
        self.text(at.unit, &entry, gimli::DW_AT_name).or_else(|| {
            let declaration = self.target(at.unit, entry.attr_value(gimli::DW_AT_specification)?)?;
            let entry = self.entry(declaration)?;
            self.text(declaration.unit, &entry, gimli::DW_AT_name)
        })
    }

    fn target(&self, unit: usize, value: AttributeValue<Slice>) -> Option<At> {
        match value {
            AttributeValue::UnitRef(offset) => Some(At { unit, offset }),
            AttributeValue::DebugInfoRef(offset) => {
                let holds = |unit: &Unit<Slice>| offset.to_unit_offset(&unit.header);
                self.units.iter().enumerate().find_map(|(unit, of)| Some(At { unit, offset: holds(of)? }))
            }
            _ => None,
        }
    }

    /// What an entry of this kind at file scope is called `name`, and not only declared.
    fn find<T>(
        &self,
        name: &str,
        tag: impl Fn(gimli::DwTag) -> bool,
        take: impl Fn(At, &Entry) -> Option<T>,
    ) -> Option<T> {
        let mut inner = None;
        for (index, unit) in self.units.iter().enumerate() {
            let mut entries = unit.entries();
            while let Ok(Some(entry)) = entries.next_dfs() {
                let at = At { unit: index, offset: entry.offset() };
                if !tag(entry.tag()) || entry.attr(gimli::DW_AT_declaration).is_some() {
                    continue;
                }
                if self.name(at).as_deref() == Some(name)
                    && let Some(found) = take(at, entry)
                {
                    // One at file scope wins over one of the same name inside a function.
                    if entry.depth() <= 1 {
                        return Some(found);
                    }
                    inner.get_or_insert(found);
                }
            }
        }
        inner
    }

    /// The variable of this name.
    pub fn variable(&self, name: &str) -> Option<Variable> {
        self.find(
            name,
            |tag| tag == gimli::DW_TAG_variable,
            |at, entry| {
                let unit = self.units.get(at.unit)?;
                let place = entry.attr_value(gimli::DW_AT_location).and_then(|value| value.exprloc_value())?;
                let address = match place.operations(unit.encoding()).next().ok()?? {
                    Operation::Address { address } => Some(address),
                    Operation::AddressIndex { index } => self.dwarf.address(unit, index).ok(),
                    // Local variables.
                    _ => return None,
                };
                Some(Variable { address, kind: self.type_of(at)? })
            },
        )
    }

    /// The structure with this tag.
    pub fn structure(&self, name: &str) -> Option<At> {
        self.find(name, |tag| tag == gimli::DW_TAG_structure_type, |at, _| Some(at))
    }

    /// The type that an entry has, or is made of.
    pub fn type_of(&self, at: At) -> Option<At> {
        let entry = self.entry(at)?;
        match entry.attr_value(gimli::DW_AT_type) {
            Some(value) => self.target(at.unit, value),
            None => {
                let declaration = self.target(at.unit, entry.attr_value(gimli::DW_AT_specification)?)?;
                let value = self.entry(declaration)?.attr_value(gimli::DW_AT_type)?;
                self.target(declaration.unit, value)
            }
        }
    }

    /// The type behind typedefs and qualifiers, and what it is.
    pub fn resolve(&self, mut at: At) -> Option<(At, gimli::DwTag)> {
        for _ in 0..MAX_CHAIN {
            let tag = self.entry(at)?.tag();
            match tag {
                gimli::DW_TAG_typedef
                | gimli::DW_TAG_const_type
                | gimli::DW_TAG_volatile_type
                | gimli::DW_TAG_restrict_type
                | gimli::DW_TAG_atomic_type => at = self.type_of(at)?,
                _ => return Some((at, tag)),
            }
        }
        None
    }

    /// A number of an entry.
    pub fn number(&self, at: At, name: gimli::DwAt) -> Option<u64> {
        let value = self.entry(at)?.attr_value(name)?;
        match value {
            AttributeValue::Encoding(encoding) => Some(encoding.0.into()),
            value => value.udata_value().or_else(|| value.sdata_value().map(|value| value as u64)),
        }
    }

    /// Size of a type in bytes.
    pub fn size(&self, at: At) -> Option<u64> {
        // Damaged information can have an array of itself.
        self.size_within(at, MAX_CHAIN)
    }

    fn size_within(&self, at: At, depth: usize) -> Option<u64> {
        let (at, tag) = self.resolve(at)?;
        if tag == gimli::DW_TAG_array_type {
            let element = self.size_within(self.type_of(at)?, depth.checked_sub(1)?)?;
            return self.dimensions(at).into_iter().try_fold(element, u64::checked_mul);
        }
        self.number(at, gimli::DW_AT_byte_size).or_else(|| {
            let of = self.units.get(at.unit)?;
            (tag == gimli::DW_TAG_pointer_type).then(|| of.encoding().address_size.into())
        })
    }

    fn children(&self, at: At, tag: gimli::DwTag) -> Vec<At> {
        let mut out = Vec::new();
        let Some(unit) = self.units.get(at.unit) else { return out };
        let Ok(mut tree) = unit.entries_tree(Some(at.offset)) else { return out };
        let Ok(root) = tree.root() else { return out };
        let mut children = root.children();
        while let Ok(Some(child)) = children.next() {
            if child.entry().tag() == tag && out.len() < MAX_CHILDREN {
                out.push(At { unit: at.unit, offset: child.entry().offset() });
            }
        }
        out
    }

    /// Numbers of elements of an array, the outer one first; 0: not known.
    pub fn dimensions(&self, at: At) -> Vec<u64> {
        let ranges = self.children(at, gimli::DW_TAG_subrange_type).into_iter();
        let count = |range| {
            let bound = || self.number(range, gimli::DW_AT_upper_bound).map(|bound| bound.wrapping_add(1));
            self.number(range, gimli::DW_AT_count).or_else(bound).unwrap_or_default()
        };
        ranges.map(count).collect()
    }

    /// Members of a structure or union, by offset.
    pub fn members(&self, at: At) -> Vec<Member> {
        let members = self.children(at, gimli::DW_TAG_member).into_iter().filter_map(|member| {
            let offset = self.number(member, gimli::DW_AT_data_member_location).unwrap_or_default();
            let kind = self.type_of(member)?;
            let bits = self.number(member, gimli::DW_AT_bit_size).map(|width| {
                // DWARF 4 and later; before it the distance is counted from the highest bit of the storage.
                let old = || {
                    let storage = self.number(member, gimli::DW_AT_byte_size).or_else(|| self.size(kind))?;
                    let from_top = self.number(member, gimli::DW_AT_bit_offset)?;
                    let low = storage.checked_mul(8)?.checked_sub(from_top.checked_add(width)?)?;
                    offset.checked_mul(8)?.checked_add(low)
                };
                let first = self.number(member, gimli::DW_AT_data_bit_offset).or_else(old);
                (first.unwrap_or(offset.wrapping_mul(8)), width)
            });
            Some(Member { name: self.name(member).unwrap_or_default(), offset, kind, bits })
        });
        members.collect()
    }

    /// Name of the enumerator with this value; `width`: of the value, in bytes.
    pub fn enumerator(&self, at: At, value: u64, width: u64) -> Option<String> {
        let mask = if width >= 8 { u64::MAX } else { (1 << (8 * width)) - 1 };
        let all = self.children(at, gimli::DW_TAG_enumerator).into_iter();
        let mut of = all
            .filter(|of| self.number(*of, gimli::DW_AT_const_value).is_some_and(|known| known & mask == value & mask));
        self.name(of.next()?)
    }
}
