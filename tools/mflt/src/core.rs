//! `mflt core`: an ELF core of a coredump.

use crate::cli::CoreArgs;
use crate::crashes::{self, Crashes};
use crate::output::{file_stem, write_file};
use crate::printable::one_line;
use anyhow::{Context as _, bail};
use memfault_decode::coredump::{Crash, Threads};
use memfault_decode::decoder::{Decoded, Part};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

pub fn run(args: &CoreArgs) -> anyhow::Result<ExitCode> {
    let mut crashes = Crashes::read(&args.crash)?;
    let is_dir = args.output.is_dir() || args.output.as_os_str().as_encoded_bytes().ends_with(b"/");
    if is_dir {
        let cannot = || format!("cannot make the directory {}", args.output.display());
        fs::create_dir_all(&args.output).with_context(cannot)?;
    } else if crashes.found.len() > 1 {
        let (count, list) = (crashes.found.len(), crashes.list());
        bail!("there are {count} coredumps: choose one, or write all to a directory with -o DIR/{list}");
    }
    let mut status = if crashes.is_damaged { crate::DAMAGE } else { 0 };
    for decoded in std::mem::take(&mut crashes.found) {
        match write(&decoded, args, is_dir, &mut crashes) {
            Ok(0) => {}
            Ok(worse) => status = status.max(worse),
            Err(error) => {
                // The others may be fine.
                crashes.report.note(&one_line(&format!("message {}: {error:#}", decoded.record.message)));
                status = crate::USAGE_OR_IO;
            }
        }
    }
    Ok(ExitCode::from(status))
}

/// Writes a core. Gives the exit status for it.
fn write(decoded: &Decoded, args: &CoreArgs, is_dir: bool, crashes: &mut Crashes) -> anyhow::Result<u8> {
    let Some(dump) = &decoded.record.coredump else { return Ok(crate::DAMAGE) };
    let file = decoded.attachments.first().map(|file| &*file.bytes).unwrap_or_default();
    let crash = Crash::read(file, crashes::options(&args.crash)).map_err(anyhow::Error::msg)?;
    let of = match crashes.firmware(dump) {
        Ok(of) => of,
        Err(why) => {
            crashes.report.note(&why);
            return Ok(crate::NO_SYMBOLS);
        }
    };
    let image = of.as_ref().map(|of| &of.firmware.image);
    let threads = Threads::new(&crash, image);
    let core = crash.elf_core(&threads, image).map_err(anyhow::Error::msg)?;
    let name = of.map(|of| of.name);
    let path = if is_dir {
        let stem = file_stem(&decoded.record, Part::Payload);
        write_file(&args.output, &stem, "bin", file)?;
        args.output.join(write_file(&args.output, &stem, "core.elf", &core)?)
    } else {
        fs::write(&args.output, &core).with_context(|| format!("{}: cannot write it", args.output.display()))?;
        args.output.clone()
    };
    for warning in crash.dump.warnings.iter().chain(&threads.warnings) {
        crashes.report.note(&format!("warning: {warning}"));
    }
    if !args.crash.quiet {
        let memory: usize = crash.memory.pieces().iter().map(|piece| piece.bytes.len()).sum();
        let count = threads.list.len();
        let what = format!("{count} thread{}, {memory} bytes of memory", if count == 1 { "" } else { "s" });
        crashes.report.note(&format!("{}: {}; {what}", path.display(), crashes::title(&decoded.record)));
        if dump.truncated == Some(true) {
            crashes.report.note("the coredump is truncated: `mflt backtrace` says what is missing");
        }
        println!("{}", command(name.as_deref(), &path));
    }
    Ok(0)
}

/// The command that opens the core.
fn command(firmware: Option<&str>, core: &Path) -> String {
    let quoted = |path: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+@=".contains(&byte);
        if path.bytes().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
    };
    let firmware = firmware.map_or_else(|| "firmware.elf".to_owned(), quoted);
    format!("gdb-multiarch {firmware} {}", quoted(&core.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_pasted() {
        let core = Path::new("my dumps/1.core");
        assert_eq!(command(Some("fw.elf"), core), "gdb-multiarch fw.elf 'my dumps/1.core'");
    }
}
