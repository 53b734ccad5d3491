//! The SDK's enumerations in DWARF (spec 80 §7.6).
//!
//! Only the direct children of a unit are looked at: the headers of the SDK define everything at file scope. That, and the
//! sibling references of the compilers, make the walk fast in large images.

use gimli::{
    AttributeValue, DebugInfoOffset, Dwarf, EndianSlice, LittleEndian, Operation, Section as _, Unit, UnitHeader,
};
use memchr::memmem;

type Slice<'d> = EndianSlice<'d, LittleEndian>;

/// An enumeration of the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Metrics,
    Sessions,
    TraceReasons,
    RebootReasons,
    WatchdogChannels,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] =
        [Kind::Metrics, Kind::Sessions, Kind::TraceReasons, Kind::RebootReasons, Kind::WatchdogChannels];

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Kind::Metrics => "MfltMetricsIndex",
            Kind::Sessions => "MfltMetricSessionIndex",
            Kind::TraceReasons => "MfltTraceReasonUser",
            Kind::RebootReasons => "MfltResetReason",
            // A name of C++; C has only a typedef of it.
            Kind::WatchdogChannels => "eMemfaultTaskWatchdogChannel",
        }
    }

    /// What its enumerators begin with. Some compilers drop tags, so an enumeration without one is known by this.
    pub const fn prefix(self) -> &'static str {
        match self {
            Kind::Metrics => "kMfltMetricsIndex_",
            Kind::Sessions => "kMfltMetricsSessionKey_",
            Kind::TraceReasons => "kMfltTraceReasonUser_",
            Kind::RebootReasons => "kMfltRebootReason_",
            Kind::WatchdogChannels => "kMemfaultTaskWatchdogChannel_",
        }
    }
}

/// The key table of the metrics, a static object.
pub const KEY_TABLE: &str = "s_memfault_heartbeat_keys";
/// Every firmware of the SDK has such enumerators.
const COMMON_PREFIX: &[u8] = b"kMflt";
/// Most enumerators of one enumeration: a session index has 8 bits, a metric index 16.
const MAX_ENUMERATORS: usize = 1 << 16;

/// Name and value, as in the source.
pub type Enumerators = Vec<(String, u64)>;

/// What the debug information says.
#[derive(Debug, Default)]
pub struct Found {
    definitions: [Vec<Definition>; Kind::ALL.len()],
    /// Where the key table is, if its unit says so.
    pub key_table: Option<u64>,
    /// The first damage; what could be read is there all the same.
    pub damage: Option<String>,
}

#[derive(Debug)]
struct Definition {
    enumerators: Enumerators,
    unit: String,
    /// The unit that also defines the key table.
    has_key_table: bool,
}

impl Found {
    /// The definition to believe: that of the unit with the key table, else the first.
    pub fn enumerators(&self, kind: Kind) -> Option<&Enumerators> {
        let known = &self.definitions[kind as usize];
        let chosen = known.iter().find(|definition| definition.has_key_table).or(known.first())?;
        Some(&chosen.enumerators)
    }

    /// Enumerations that units define differently: objects of different builds.
    pub fn contradictions(&self) -> impl Iterator<Item = String> {
        Kind::ALL.into_iter().filter_map(|kind| match self.definitions[kind as usize].as_slice() {
            [one, other, ..] => Some(format!(
                "{} and {} were compiled with different lists ({}): this is a mixed build, names may be wrong",
                one.unit,
                other.unit,
                kind.tag()
            )),
            _ => None,
        })
    }

    fn add(&mut self, kind: Kind, enumerators: Enumerators, unit: &str, has_key_table: bool) {
        let known = &mut self.definitions[kind as usize];
        match known.iter_mut().find(|definition| definition.enumerators == enumerators) {
            Some(definition) => definition.has_key_table |= has_key_table,
            None => known.push(Definition { enumerators, unit: unit.to_owned(), has_key_table }),
        }
    }
}

/// Looks through all units.
pub fn scan(dwarf: &Dwarf<Slice<'_>>) -> Found {
    let mut found = Found::default();
    // The walk is the slow part; a program without the SDK has no such text anywhere.
    let texts = [dwarf.debug_str.reader(), dwarf.debug_info.reader(), dwarf.debug_types.reader()];
    if texts.iter().all(|text| memmem::find(text.slice(), COMMON_PREFIX).is_none()) {
        return found;
    }
    let mut compiled = dwarf.units();
    let mut types = dwarf.type_units();
    let headers = std::iter::from_fn(|| compiled.next().transpose()).map(|header| (header, "a unit"));
    let type_headers = std::iter::from_fn(|| types.next().transpose()).map(|header| (header, "a type unit"));
    for (header, what) in headers.chain(type_headers) {
        let read = header.and_then(|header| unit(dwarf, header, &mut found));
        if let Err(error) = read {
            found.damage.get_or_insert_with(|| format!("{what} of its debug information is damaged: {error}"));
        }
    }
    found
}

fn unit<'d>(dwarf: &Dwarf<Slice<'d>>, header: UnitHeader<Slice<'d>>, found: &mut Found) -> gimli::Result<()> {
    let offset = header.debug_info_offset().unwrap_or(DebugInfoOffset(0)).0;
    let unit = dwarf.unit(header)?;
    let mut enumerations: Vec<(Kind, Enumerators)> = Vec::new();
    let mut has_key_table = false;
    let mut entries = unit.entries();
    entries.next_dfs()?;
    let mut entry = entries.next_dfs()?;
    while let Some(child) = entry {
        let name = || child.attr_value(gimli::DW_AT_name).map(|name| dwarf.attr_string(&unit, name)).transpose();
        match child.tag() {
            gimli::DW_TAG_enumeration_type if child.has_children() => {
                if let Some(kind) = kind_of_tag(name()?) {
                    let enumerators = enumerators(dwarf, &unit, child.offset(), MAX_ENUMERATORS)?;
                    if let Some(kind) = kind.or_else(|| kind_of_prefix(&enumerators)) {
                        enumerations.push((kind, enumerators));
                    }
                }
            }
            gimli::DW_TAG_variable if name()?.is_some_and(|name| name.slice() == KEY_TABLE.as_bytes()) => {
                has_key_table = true;
                let place = child.attr_value(gimli::DW_AT_location).and_then(|value| value.exprloc_value());
                let first = place.map(|place| place.operations(unit.encoding()).next()).transpose()?.flatten();
                if let Some(Operation::Address { address }) = first {
                    found.key_table.get_or_insert(address);
                }
            }
            _ => {}
        }
        entry = entries.next_sibling()?;
    }
    if !enumerations.is_empty() {
        let name = unit.name.map_or_else(|| format!("the unit at 0x{offset:x}"), |name| name.to_string_lossy().into());
        for (kind, enumerators) in enumerations {
            found.add(kind, enumerators, &name, has_key_table);
        }
    }
    Ok(())
}

/// `None`: not of the SDK. `Some(None)`: without a tag, so it may be.
fn kind_of_tag(tag: Option<Slice<'_>>) -> Option<Option<Kind>> {
    let Some(tag) = tag else { return Some(None) };
    Kind::ALL.into_iter().find(|kind| kind.tag().as_bytes() == tag.slice()).map(Some)
}

fn kind_of_prefix(enumerators: &Enumerators) -> Option<Kind> {
    let (first, _) = enumerators.first()?;
    Kind::ALL.into_iter().find(|kind| first.starts_with(kind.prefix()))
}

fn enumerators<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    unit: &Unit<Slice<'d>>,
    at: gimli::UnitOffset,
    most: usize,
) -> gimli::Result<Enumerators> {
    let mut out = Vec::new();
    let mut tree = unit.entries_tree(Some(at))?;
    let mut children = tree.root()?.children();
    while let Some(child) = children.next()?.filter(|_| out.len() < most) {
        let entry = child.entry();
        let name = entry.attr_value(gimli::DW_AT_name).map(|name| dwarf.attr_string(unit, name)).transpose()?;
        let value = entry.attr_value(gimli::DW_AT_const_value).and_then(number);
        if let (gimli::DW_TAG_enumerator, Some(name), Some(value)) = (entry.tag(), name, value) {
            out.push((name.to_string_lossy().into_owned(), value));
        }
    }
    Ok(out)
}

/// The enumerators of the SDK are not negative, so the fixed-size forms, which do not tell, are unsigned.
fn number(value: AttributeValue<Slice<'_>>) -> Option<u64> {
    value.udata_value().or_else(|| value.sdata_value().and_then(|value| u64::try_from(value).ok()))
}
