//! Names for the numbers of a message, from the firmware that its device runs (spec 80 §7.6).
//!
//! A set of firmwares is searched by the build id that events and coredumps carry. What has no id, or an id of no firmware, is
//! given to a firmware of the same software type and version, or to the only one that the user named; then it is checked whether
//! its numbers fit.

mod resolve;

pub(crate) use resolve::compact_line;

use crate::backtrace;
use crate::coredump;
use crate::decoder::Decoded;
use crate::diagnostic::{Code, Level};
use crate::firmware::Firmware;
use crate::firmware::build_id::ID_LEN;
use crate::model::{self, Coredump, Event, hex};
use std::collections::HashSet;
use std::fmt;

/// Fewer digits of a build id than any device sends could match by chance.
const MIN_ID_DIGITS: usize = 10;
/// Most sentences about firmwares in a run; a hostile input could cause one per event.
const MAX_SENTENCES: usize = 200;

/// Reads a firmware when it is needed.
pub type Load = Box<dyn FnMut() -> Result<Firmware, String> + Send>;
/// Takes what is wrong with firmwares.
pub type Report<'r> = &'r mut dyn FnMut(Level, Code, String);

/// The firmwares that names may come from.
#[derive(Debug, Default)]
pub struct Symbols {
    images: Vec<Image>,
    any_build: bool,
    said: HashSet<String>,
}

/// Software type and version, as in events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// For instance `app-fw`.
    pub software_type: String,
    /// For instance `2.7.1`.
    pub version: String,
}

#[derive(Debug)]
struct Image {
    name: String,
    id: Option<[u8; ID_LEN]>,
    use_for: UseFor,
    state: State,
}

/// Which messages a firmware may be used for, besides those with its build id.
#[derive(Debug, PartialEq)]
enum UseFor {
    /// No others.
    NoOthers,
    /// Those without an id of another firmware: the user named the file.
    Anything,
    /// Those of this version.
    Version(Version),
}

enum State {
    OnDemand(Load),
    Ready(Box<Firmware>),
    /// It was needed and could not be read.
    Failed,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::OnDemand(_) => f.write_str("OnDemand"),
            State::Ready(firmware) => firmware.fmt(f),
            State::Failed => f.write_str("Failed"),
        }
    }
}

/// What a message says about its firmware.
struct Wanted<'m> {
    build_id: Option<&'m str>,
    software_type: Option<&'m str>,
    version: Option<&'m str>,
}

enum Choice {
    /// Index of the image, and how it was found.
    Image(usize, &'static str),
    /// Why there is none.
    None(String),
}

impl Symbols {
    /// Adds a firmware that the user named. `version`: what messages without its build id must be of; `None`: of anything.
    pub fn add(&mut self, name: &str, firmware: Firmware, version: Option<Version>) {
        let use_for = version.map_or(UseFor::Anything, UseFor::Version);
        let id = firmware.image.build.id;
        self.images.push(Image { name: name.to_owned(), id, use_for, state: State::Ready(Box::new(firmware)) });
    }

    /// Adds a firmware that is read when the first message with its build id comes.
    pub fn add_on_demand(&mut self, name: &str, id: [u8; ID_LEN], load: Load) {
        let (name, state) = (name.to_owned(), State::OnDemand(load));
        self.images.push(Image { name, id: Some(id), use_for: UseFor::NoOthers, state });
    }

    /// Number of firmwares.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// True without any firmware.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Puts names into a message. Gives the number of its events and coredumps that have none: their firmware is not in the set,
    /// or is not theirs.
    pub fn resolve(&mut self, decoded: &mut Decoded, report: Report<'_>) -> u64 {
        let (message, mut nameless) = (&mut decoded.record, 0);
        for event in message.events.iter_mut().flatten() {
            nameless += u64::from(!self.event(event, report));
        }
        if let Some(dump) = &mut message.coredump {
            let file = decoded.attachments.first().map(|file| &*file.bytes).unwrap_or_default();
            nameless += u64::from(!self.coredump(dump, file, report));
        }
        nameless
    }

    fn event(&mut self, event: &mut Event, report: Report<'_>) -> bool {
        let wanted = Wanted {
            build_id: event.build_id.as_deref(),
            software_type: event.software_type.as_deref(),
            version: event.software_version.as_deref(),
        };
        let Some((firmware, name, symbols)) = self.find(&wanted, report) else {
            event.symbols = Some(NO_SYMBOLS);
            // What carries its names itself needs no firmware.
            return event.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.resolved == "inline");
        };
        let mut misfits = Vec::new();
        resolve::event(event, firmware, &mut misfits);
        event.symbols = Some(symbols);
        let fits = misfits.is_empty();
        for misfit in misfits {
            let text = format!("{name} does not fit the event, so its numbers stay: {misfit}");
            say(&mut self.said, report, text);
        }
        fits
    }

    fn coredump(&mut self, dump: &mut Coredump, file: &[u8], report: Report<'_>) -> bool {
        let Some((firmware, _, symbols)) = self.firmware(dump, report) else {
            dump.more().symbols = Some(NO_SYMBOLS);
            return false;
        };
        let reason = dump.reason_id.and_then(|id| firmware.reboot_reason(id));
        dump.reason = reason.map(str::to_owned).or(dump.reason.take());
        // A coredump that cannot be read was reported before.
        let _ = backtrace::symbolise(dump, file, firmware, coredump::Options::default());
        dump.more().symbols = Some(symbols);
        true
    }

    /// The firmware of a coredump, its name, and how it was found.
    pub fn firmware(&mut self, dump: &Coredump, report: Report<'_>) -> Option<(&Firmware, String, model::Symbols)> {
        let wanted = Wanted {
            build_id: dump.build_id.as_deref(),
            software_type: dump.software_type.as_deref(),
            version: dump.software_version.as_deref(),
        };
        self.find(&wanted, report)
    }

    /// Name and build id of each firmware.
    pub fn builds(&self) -> Vec<(&str, Option<String>)> {
        self.images.iter().map(|image| (&*image.name, image.id.map(|id| hex(&id)))).collect()
    }

    /// Uses the only firmware that the user named also for data of another build.
    pub fn insist(&mut self) {
        self.any_build = true;
    }

    /// The firmware for a message, its name, and how it was found.
    fn find(&mut self, wanted: &Wanted<'_>, report: Report<'_>) -> Option<(&Firmware, String, model::Symbols)> {
        // Of several files of one build the first that can be read is enough.
        loop {
            let (index, found_by) = match self.choose(wanted) {
                Choice::Image(index, found_by) => (index, found_by),
                Choice::None(why) => {
                    say(&mut self.said, report, why);
                    return None;
                }
            };
            let image = self.images.get_mut(index)?;
            if let State::OnDemand(load) = &mut image.state {
                image.state = match load() {
                    Ok(firmware) => {
                        for problem in &firmware.problems {
                            say(&mut self.said, report, format!("{}: {problem}", image.name));
                        }
                        State::Ready(Box::new(firmware))
                    }
                    Err(problem) => {
                        say(&mut self.said, report, format!("{}: {problem}", image.name));
                        State::Failed
                    }
                };
            }
            if matches!(self.images.get(index)?.state, State::Failed) {
                continue;
            }
            let image = self.images.get(index)?;
            let State::Ready(firmware) = &image.state else { return None };
            let symbols = model::Symbols { build_id: image.id.map(|id| hex(&id)), r#match: found_by };
            return Some((firmware, image.name.clone(), symbols));
        }
    }

    fn choose(&self, wanted: &Wanted<'_>) -> Choice {
        let usable = || self.images.iter().enumerate().filter(|(_, image)| !matches!(image.state, State::Failed));
        let build_id = wanted.build_id.filter(|id| id.len() >= MIN_ID_DIGITS);
        if let Some(wanted_id) = build_id {
            let mut of_build = usable().filter(|(_, image)| image.id.is_some_and(|id| hex(&id).starts_with(wanted_id)));
            if let Some((index, first)) = of_build.next() {
                return match of_build.find(|(_, image)| image.id != first.id) {
                    None => Choice::Image(index, "build_id"),
                    Some((_, other)) => Choice::None(format!(
                        "build {wanted_id} could be {} or {}: name the right one with --elf",
                        first.name, other.name
                    )),
                };
            }
        }
        let is_version = |version: &Version| {
            wanted.software_type == Some(&*version.software_type) && wanted.version == Some(&*version.version)
        };
        let of_version =
            usable().filter(|(_, image)| matches!(&image.use_for, UseFor::Version(version) if is_version(version)));
        // An id of another build in the file is proof that it is not the right one.
        let of_anything = usable()
            .filter(|(_, image)| image.use_for == UseFor::Anything)
            .filter(|(_, image)| build_id.is_none() || image.id.is_none() || self.any_build);
        let of_version: Vec<_> = of_version.collect();
        let candidates = if of_version.is_empty() { of_anything.collect() } else { of_version };
        let software = match (wanted.software_type, wanted.version) {
            (Some(software), Some(version)) => format!("{software} {version}"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => "an unknown version".to_owned(),
        };
        match (candidates.as_slice(), build_id) {
            ([(index, image)], Some(_)) if image.id.is_some() && image.use_for == UseFor::Anything => {
                Choice::Image(*index, "forced")
            }
            ([(index, _)], _) => Choice::Image(*index, "version"),
            ([(_, one), (_, other), ..], _) => Choice::None(format!(
                "{software} has no build id and could be {} or {}: say which with --elf TYPE@VERSION=FILE",
                one.name, other.name
            )),
            ([], Some(id)) => {
                // Events carry the beginning of what coredumps carry: this is one sentence for both.
                let id = id.get(..EVENT_ID_DIGITS).unwrap_or(id);
                Choice::None(format!("no firmware with build id {id} ({software}): numbers stay numbers"))
            }
            ([], None) => Choice::None(format!(
                "no firmware for {software}, which has no build id: name it with --elf; numbers stay numbers"
            )),
        }
    }
}

/// Digits of a build id in an event, unless the firmware chose otherwise.
const EVENT_ID_DIGITS: usize = 12;
const NO_SYMBOLS: model::Symbols = model::Symbols { build_id: None, r#match: "none" };

/// Reports a sentence once.
fn say(said: &mut HashSet<String>, report: Report<'_>, text: String) {
    if said.len() < MAX_SENTENCES && !said.contains(&text) {
        said.insert(text.clone());
        report(Level::Warning, Code::Symbols, text);
    }
}
