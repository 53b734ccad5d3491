//! What a firmware's ELF file says about the data of its devices (spec 80 §7.6): its build id, names of metrics, sessions and
//! reasons, formats of compact logs, source lines.
//!
//! The file is not trusted: it is read through `object` and `gimli`, which check every offset, and what does not fit together is
//! left out with a sentence in [`Firmware::problems`].

pub mod build_id;
pub(crate) mod debug;
mod dwarf;
mod elf;
pub mod image;
pub mod lines;
pub mod log_formats;
pub mod metrics;
mod printf;
mod value;

/// Which build a file is, without looking at its names: for a search through many files.
pub use build_id::identify;

use crate::reasons;
use build_id::BuildInfo;
use dwarf::{Found, KEY_TABLE, Kind};
use elf::Elf;
use gimli::{DwarfSections, EndianSlice, LittleEndian, Section as _};
use image::Image;
use lines::Role;
use log_formats::LogFormats;
use metrics::MetricTable;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Largest file that is read.
pub const MAX_FILE_LEN: u64 = 512 << 20;

/// The names of a firmware.
#[derive(Debug)]
pub struct Firmware {
    /// Its code, functions and lines, and which build it is.
    pub image: Image,
    /// Metrics and sessions; `None` if the firmware has none, or they contradict each other.
    pub metrics: Option<MetricTable>,
    /// Names of trace reasons by number.
    pub trace_reasons: BTreeMap<u32, String>,
    /// Names of the firmware's own reboot reasons by number.
    pub reboot_reasons: BTreeMap<u32, String>,
    /// Names of the channels of the task watchdog by number.
    pub watchdog_channels: BTreeMap<u32, String>,
    /// Formats of compact logs.
    pub logs: Option<LogFormats>,
    /// What is missing or odd, in sentences.
    pub problems: Vec<String>,
}

impl Firmware {
    /// Reads the contents of an ELF file. An error says in one sentence why it is of no use.
    pub fn read(file: &[u8]) -> Result<Self, String> {
        let (firmware, is_of_sdk) = Self::parse(file)?;
        if is_of_sdk {
            return Ok(firmware);
        }
        let nothing = "it has no names of this SDK: neither metrics nor reasons nor a build id of it";
        Err(firmware.problems.first().map_or_else(|| nothing.to_owned(), |why| format!("{nothing} ({why})")))
    }

    /// Like [`Firmware::read`], also for a program without names of the SDK: coredumps need only code and lines.
    pub fn read_program(file: &[u8]) -> Result<Self, String> {
        Self::parse(file).map(|(firmware, _)| firmware)
    }

    /// The second value: it has names of the SDK.
    fn parse(file: &[u8]) -> Result<(Self, bool), String> {
        if file.len() as u64 > MAX_FILE_LEN {
            return Err(format!("it has {} bytes, more than {MAX_FILE_LEN}", file.len()));
        }
        let elf = Elf::parse(file)?;
        let build = BuildInfo::read(&elf);
        let mut problems = Vec::new();
        let logs = section(&elf, log_formats::SECTION, &mut problems);
        let logs = logs.map(LogFormats::new).transpose().unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let sections = DwarfSections::load(|id| {
            let contents = section(&elf, id.name(), &mut problems);
            Ok::<_, String>(contents.unwrap_or_else(|| Arc::from(&[][..])))
        })?;
        let dwarf = sections.borrow(|section| EndianSlice::new(section, LittleEndian));
        let found = dwarf::scan(&dwarf);
        problems.extend(found.damage.clone());
        problems.extend(found.contradictions());
        let metrics = metric_table(&elf, &found).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        if dwarf.debug_info.reader().is_empty() {
            problems = vec!["it has no debug information; build with -g and do not strip".to_owned()];
        }
        let names = |kind: Kind| {
            let known = found.enumerators(kind).into_iter().flatten();
            known.filter_map(move |(name, value)| {
                Some((u32::try_from(*value).ok()?, name.strip_prefix(kind.prefix())?.to_owned()))
            })
        };
        let is_of_sdk =
            build.record || logs.is_some() || Kind::ALL.iter().any(|kind| found.enumerators(*kind).is_some());
        let firmware = Self {
            metrics,
            trace_reasons: names(Kind::TraceReasons).filter(|(_, name)| name != "NumReasons").collect(),
            reboot_reasons: names(Kind::RebootReasons).filter(|(value, _)| reasons::is_custom(*value)).collect(),
            watchdog_channels: names(Kind::WatchdogChannels).filter(|(_, name)| name != "NumChannels").collect(),
            logs,
            image: Image::new(&elf, build, sections, &mut problems),
            problems,
        };
        Ok((firmware, is_of_sdk))
    }

    /// Function, file and line of an address.
    pub fn source(&self, address: u64, role: Role) -> Option<String> {
        self.image.lines.source(address, role)
    }

    /// Name of a reboot reason, the SDK's or the firmware's own.
    pub fn reboot_reason(&self, value: u32) -> Option<&str> {
        reasons::reboot_reason_name(value).or_else(|| self.reboot_reasons.get(&value).map(String::as_str))
    }
}

/// Contents of a section; damage is a problem of the file.
fn section<'d>(elf: &Elf<'d, &'d [u8]>, name: &str, problems: &mut Vec<String>) -> Option<Arc<[u8]>> {
    elf.section(name).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    })
}

fn metric_table<'d>(elf: &Elf<'d, &'d [u8]>, found: &Found) -> Result<Option<MetricTable>, String> {
    let place = elf.symbol(KEY_TABLE, true);
    let (Some(names), Some(sessions)) = (found.enumerators(Kind::Metrics), found.enumerators(Kind::Sessions)) else {
        return match place {
            Some(_) => {
                Err("it has metrics, but not their names; -g -gno-split-dwarf keeps them in the file".to_owned())
            }
            None => Ok(None),
        };
    };
    // Any file that includes the headers can have the enumerations; only a firmware with the component has the table.
    let Some(address) = place.map(|place| place.address).or(found.key_table) else { return Ok(None) };
    let wanted = metrics::table_len(names).ok_or("its list of metrics has no end")? as u64;
    if let Some(place) = place.filter(|place| place.size != 0 && place.size != wanted) {
        return Err(format!("{KEY_TABLE} has {} bytes, its metrics need {wanted}", place.size));
    }
    let table =
        elf.memory(address, wanted).ok_or_else(|| format!("the contents of {KEY_TABLE} are not in the file"))?;
    MetricTable::new(names, sessions, table).map(Some)
}
