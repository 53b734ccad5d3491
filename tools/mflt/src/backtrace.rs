//! `mflt backtrace`: a coredump without a debugger.

mod text;

use crate::cli::{BacktraceArgs, BacktraceFormat};
use crate::crashes::{self, Crashes};
use crate::output;
use memfault_decode::backtrace;
use memfault_decode::coredump::{Crash, Threads};
use memfault_decode::decoder::Decoded;
use serde_json::ser::CompactFormatter;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;

pub fn run(args: &BacktraceArgs) -> anyhow::Result<ExitCode> {
    let mut crashes = Crashes::read(&args.crash)?;
    let mut status = if crashes.is_damaged { crate::DAMAGE } else { 0 };
    for (index, mut decoded) in std::mem::take(&mut crashes.found).into_iter().enumerate() {
        let mut out = Vec::new();
        match show(&mut decoded, args, &mut crashes, &mut out) {
            Ok(()) => {}
            Err(Failure::OtherFirmware(why)) => {
                crashes.report.note(&why);
                status = status.max(crate::NO_SYMBOLS);
                continue;
            }
            Err(Failure::Unusable(why)) => {
                crashes.report.note(&format!("message {}: {why}", decoded.record.message));
                status = status.max(crate::USAGE_OR_IO);
                continue;
            }
        }
        if index > 0 && args.format == BacktraceFormat::Text {
            out.insert(0, b'\n');
        }
        match io::stdout().lock().write_all(&out) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            result => result?,
        }
    }
    Ok(ExitCode::from(status))
}

enum Failure {
    OtherFirmware(String),
    Unusable(String),
}

fn show(decoded: &mut Decoded, args: &BacktraceArgs, crashes: &mut Crashes, out: &mut Vec<u8>) -> Result<(), Failure> {
    let Decoded { record, attachments } = decoded;
    let file = attachments.first().map(|file| &*file.bytes).unwrap_or_default();
    let options = crashes::options(&args.crash);
    let mut crash = Crash::read(file, options).map_err(Failure::Unusable)?;
    let Some(dump) = &mut record.coredump else { return Ok(()) };
    let of = crashes.firmware(dump).map_err(Failure::OtherFirmware)?;
    if let Some(of) = &of {
        crash.learn(&of.firmware.image);
        if dump.reason.is_none() {
            dump.reason = dump.reason_id.and_then(|id| of.firmware.reboot_reason(id)).map(str::to_owned);
        }
        backtrace::symbolise(dump, file, of.firmware, options).map_err(Failure::Unusable)?;
        dump.more().symbols = Some(of.symbols.clone());
    }
    if args.format == BacktraceFormat::Json {
        // Writing into memory cannot fail.
        let _ = output::json(out, record, CompactFormatter);
        return Ok(());
    }
    let threads = Threads::new(&crash, of.as_ref().map(|of| &of.firmware.image));
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let report = text::Text { crash: &crash, threads: &threads, of: of.as_ref(), colour, print: &args.print };
    out.extend(report.write(&crashes::title(record), record.coredump.as_ref()).into_bytes());
    Ok(())
}
