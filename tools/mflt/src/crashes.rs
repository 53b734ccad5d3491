//! The coredumps that `mflt core` and `mflt backtrace` are about, and their firmware.

use crate::cli::{CrashArgs, DiagnosticFormat, InputArgs};
use crate::report::Report;
use crate::{decode, symbols};
use anyhow::bail;
use memfault_decode::coredump::{Machine, Options};
use memfault_decode::firmware::Firmware;
use memfault_decode::model::{self, Coredump, Message};
use memfault_decode::{Decoded, Symbols, reasons};

/// The coredumps of the inputs.
pub struct Crashes {
    /// Those that were asked for.
    pub found: Vec<Decoded>,
    /// What else is in the inputs is damaged.
    pub is_damaged: bool,
    pub report: Report,
    symbols: Option<Symbols>,
}

/// The firmware of a coredump.
pub struct Of<'s> {
    pub firmware: &'s Firmware,
    pub name: String,
    pub symbols: model::Symbols,
}

impl Crashes {
    /// Reads the inputs.
    pub fn read(args: &CrashArgs) -> anyhow::Result<Self> {
        let inputs = InputArgs {
            inputs: args.inputs.clone(),
            input_format: args.input_format,
            elf: args.elf.clone(),
            symbols: args.symbols.clone(),
            quiet: args.quiet,
            ..InputArgs::default()
        };
        let mut report = Report::new(DiagnosticFormat::Text, args.quiet);
        let mut symbols = symbols::load(&inputs, symbols::Use::Coredumps, &mut report)?;
        if let Some(symbols) = symbols.as_mut().filter(|_| args.any_build) {
            symbols.insist();
        }
        let (mut found, stats, report) = decode::coredumps(&inputs, report)?;
        if let Some(number) = args.message {
            found.retain(|decoded| decoded.record.message == number);
            if found.is_empty() {
                bail!("message {number} is no coredump of the input");
            }
        }
        // A device sends a coredump again when it is not sure that it arrived.
        found.retain(|decoded| args.message.is_some() || decoded.record.duplicate_of.is_none());
        let (found, unusable): (Vec<_>, Vec<_>) = found.into_iter().partition(is_usable);
        if found.is_empty() {
            let dump = unusable.first().and_then(|decoded| decoded.record.coredump.as_ref());
            match dump.and_then(|dump| dump.warnings.first()) {
                Some(why) => bail!("the coredump cannot be read: {why}"),
                None => bail!("there is no coredump in the input ({} messages)", stats.messages.iter().sum::<u64>()),
            }
        }
        let is_damaged = stats.errors > 0;
        Ok(Self { found, is_damaged, report, symbols })
    }

    /// The firmware of a coredump; `Ok(None)`: none was named. `Err`: the ones that were named are not its.
    pub fn firmware(&mut self, dump: &Coredump) -> Result<Option<Of<'_>>, String> {
        let Some(symbols) = &mut self.symbols else { return Ok(None) };
        // Another build is no way to be found, so it has to be looked for before.
        let other = match (symbols.builds().as_slice(), &dump.build_id) {
            ([(name, Some(id))], Some(of)) if id != of => Some(format!(
                "{name} is build {id}, but the coredump is of build {of}: name the right file, or take this one with \
                 --any-build (names and frames can be wrong)"
            )),
            _ => None,
        };
        let mut said = Vec::new();
        let Some((firmware, name, symbols)) = symbols.firmware(dump, &mut |_, _, text| said.push(text)) else {
            let why = said.into_iter().next().unwrap_or_else(|| "its firmware was not found".to_owned());
            // The end of these sentences is about events.
            let end = why.rfind("numbers stay numbers").unwrap_or(why.len());
            return Err(other.unwrap_or_else(|| why[..end].trim_end_matches([' ', ';', ':']).to_owned()));
        };
        let id = dump.machine.and_then(Machine::from_name).map(Machine::elf_machine);
        if id.is_some_and(|id| id != firmware.image.elf_machine) {
            let (of, machine) = (firmware.image.machine, dump.machine.unwrap_or_default());
            return Err(format!("{name} is a program for {of}, but the coredump is of a {machine}"));
        }
        Ok(Some(Of { firmware, name, symbols }))
    }

    /// A line about each coredump, for a user who has to choose.
    pub fn list(&self) -> String {
        self.found
            .iter()
            .map(|decoded| format!("\n  --message {}  {}", decoded.record.message, title(&decoded.record)))
            .collect()
    }
}

fn is_usable(decoded: &Decoded) -> bool {
    decoded.record.coredump.as_ref().is_some_and(|dump| dump.version.is_some())
}

/// What the user knows better than the coredump.
pub fn options(args: &CrashArgs) -> Options {
    Options { machine: args.machine, exc_return: args.exc_return, high_address: args.high_address }
}

/// `KETTLE-7  kettle-main 3.1.4 (pvt2)  build a0a1a2a3a4a5  HardFault (0x9400)  complete`.
pub fn title(record: &Message) -> String {
    let Some(dump) = &record.coredump else { return record.device.to_string() };
    let mut parts = vec![dump.device_serial.clone().unwrap_or_else(|| record.device.to_string())];
    let version: Vec<&str> =
        [&dump.software_type, &dump.software_version].into_iter().flatten().map(|text| &**text).collect();
    let hardware = dump.hardware_version.as_ref().map(|hardware| format!("({hardware})"));
    let software = [version.join(" "), hardware.unwrap_or_default()].join(" ");
    parts.extend(Some(software.trim().to_owned()).filter(|software| !software.is_empty()));
    // The first 12 digits are what events carry.
    parts.extend(dump.build_id.as_ref().map(|id| format!("build {}", id.get(..12).unwrap_or(id))));
    parts.push(reason(dump));
    parts.push(
        match dump.truncated {
            Some(true) => "truncated",
            Some(false) => "complete",
            None => "not known to be complete",
        }
        .to_owned(),
    );
    parts.join("  ")
}

/// `HardFault (0x9400)`.
pub fn reason(dump: &Coredump) -> String {
    match (&dump.reason, dump.reason_id) {
        (Some(name), Some(id)) => format!("{name} (0x{id:04x})"),
        (None, Some(id)) if reasons::is_custom(id) => format!("custom reason 0x{id:04x}"),
        (None, Some(id)) => format!("reason 0x{id:04x}"),
        (_, None) => "reason not known".to_owned(),
    }
}
