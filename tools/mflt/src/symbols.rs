//! The firmwares that `--elf` and `--symbols` name.

use crate::cli::InputArgs;
use crate::report::Report;
use anyhow::{Context as _, bail};
use memfault_decode::firmware::{self, Firmware};
use memfault_decode::symbols::{Symbols, Version};
use object::read::ReadCache;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Deepest directory below `--symbols`.
const MAX_DEPTH: usize = 16;

/// What firmwares are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Names of the SDK must be in them.
    Names,
    /// Code and lines are enough.
    Coredumps,
}

/// Reads the files of `--elf`, and looks for build ids in the directories of `--symbols`. `None`: none of both was asked for.
pub fn load(args: &InputArgs, for_what: Use, report: &mut Report) -> anyhow::Result<Option<Symbols>> {
    if args.elf.is_empty() && args.symbols.is_empty() {
        return Ok(None);
    }
    let mut symbols = Symbols::default();
    for given in &args.elf {
        let (version, path) = split(given);
        let firmware = read(&path, for_what)?;
        let name = path.display().to_string();
        if for_what == Use::Names {
            for problem in &firmware.problems {
                report.note(&format!("{name}: {problem}"));
            }
        }
        symbols.add(&name, firmware, version);
    }
    for directory in &args.symbols {
        let before = symbols.len();
        search(directory, &mut symbols, for_what, report, 0)?;
        if symbols.len() == before {
            report.note(&format!("{}: no ELF file with a build id in it", directory.display()));
        }
    }
    Ok(Some(symbols))
}

/// Reads a firmware; the error names the file.
pub fn read(path: &Path, for_what: Use) -> anyhow::Result<Firmware> {
    let name = || path.display().to_string();
    let file = File::open(path).with_context(|| format!("{}: cannot open it", name()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("{}: this is a directory; name the ELF file, or use `decode --symbols` for a directory", name());
    }
    let mut bytes = Vec::new();
    // One more than allowed is enough to see that it is too large.
    file.take(firmware::MAX_FILE_LEN + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{}: cannot read it", name()))?;
    let firmware = match for_what {
        Use::Names => Firmware::read(&bytes),
        Use::Coredumps => Firmware::read_program(&bytes),
    };
    firmware.map_err(|problem| anyhow::anyhow!("{}: {problem}", name()))
}

/// `TYPE@VERSION=FILE` or `FILE`. The part before `=` is no version if it looks like a path.
fn split(given: &OsStr) -> (Option<Version>, PathBuf) {
    let whole = || (None, PathBuf::from(given));
    let Some((version, path)) = given.to_str().and_then(|text| text.split_once('=')) else { return whole() };
    match version.split_once('@') {
        Some((software_type, number)) if !version.contains(['/', '\\']) => {
            let version = Version { software_type: software_type.to_owned(), version: number.to_owned() };
            (Some(version), PathBuf::from(path))
        }
        _ => whole(),
    }
}

/// Adds all ELF files with a build id. Others do not matter here: such directories hold whole builds.
fn search(
    directory: &Path,
    symbols: &mut Symbols,
    for_what: Use,
    report: &mut Report,
    depth: usize,
) -> anyhow::Result<()> {
    let cannot_read = || format!("{}: cannot read this directory", directory.display());
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(cannot_read)?;
    // The same files give the same result on every machine.
    let mut names: Vec<(OsString, _)> = entries.iter().map(|entry| (entry.file_name(), entry.file_type())).collect();
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, kind) in names {
        let path = directory.join(name);
        // A link to a directory could lead back here; a link to a file is that file.
        let kind = kind.ok();
        if kind.is_some_and(|kind| kind.is_dir()) && depth < MAX_DEPTH {
            if let Err(error) = search(&path, symbols, for_what, report, depth + 1) {
                report.note(&format!("{error:#}"));
            }
        } else if fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) && is_elf(&path) {
            let Ok(file) = File::open(&path) else { continue };
            if let Ok(Some(id)) = firmware::identify(&ReadCache::new(file)) {
                let name = path.display().to_string();
                // The name of the file is put before the problem by whoever reports it.
                let read = move || read(&path, for_what).map_err(|error| without_name(&error, &path));
                symbols.add_on_demand(&name, id, Box::new(read));
            }
        }
    }
    Ok(())
}

fn without_name(error: &anyhow::Error, path: &Path) -> String {
    let text = format!("{error:#}");
    text.strip_prefix(&format!("{}: ", path.display())).map_or(text.clone(), str::to_owned)
}

fn is_elf(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"\x7fELF"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stands_before_the_file() {
        let version = |software_type: &str, number: &str| {
            Some(Version { software_type: software_type.to_owned(), version: number.to_owned() })
        };
        for (given, expected, path) in [
            ("fw.elf", None, "fw.elf"),
            ("kettle@3.1.4=out/fw.elf", version("kettle", "3.1.4"), "out/fw.elf"),
            ("kettle@3.1.4=a=b.elf", version("kettle", "3.1.4"), "a=b.elf"),
            ("a=b.elf", None, "a=b.elf"),
            ("out/k@1=b.elf", None, "out/k@1=b.elf"),
        ] {
            assert_eq!(split(OsStr::new(given)), (expected, PathBuf::from(path)), "{given}");
        }
    }
}
