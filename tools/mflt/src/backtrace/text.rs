//! The report for people (spec 80 §7.7).

use crate::crashes::Of;
use crate::device_state;
use crate::printable::one_line;
use memfault_decode::backtrace::{self, coverage};
use memfault_decode::coredump::{Crash, Origin, Thread, Threads};
use memfault_decode::model::{Coredump, StackFrame};
use memfault_decode::unwind::How;
use std::fmt::Write as _;

/// Widest line of registers.
const WIDTH: usize = 100;

/// What the report is about.
pub struct Text<'t> {
    pub crash: &'t Crash<'t>,
    pub threads: &'t Threads,
    pub of: Option<&'t Of<'t>>,
    pub colour: bool,
    /// Variables to show.
    pub print: &'t [String],
}

impl Text<'_> {
    pub fn write(&self, title: &str, record: Option<&Coredump>) -> String {
        let (bold, off) = if self.colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        let mut out = format!("{bold}CRASH {}{off}\n", one_line(title));
        self.firmware(&mut out);
        self.faults(&mut out);
        let warnings = self.crash.dump.warnings.iter().chain(&self.threads.warnings);
        for warning in warnings {
            let _ = writeln!(out, "warning: {}", one_line(warning));
        }
        let several = self.crash.cpus.len() > 1;
        for thread in self.threads.list.iter().filter(|thread| matches!(thread.origin, Origin::Cpu(_))) {
            if several {
                let _ = writeln!(out, "{bold}{}{off}", thread.origin.name());
            }
            registers(&mut out, thread);
            self.frames(&mut out, thread);
        }
        for thread in self.threads.list.iter().filter(|thread| matches!(thread.origin, Origin::Task(_))) {
            let _ = writeln!(out, "{bold}task {}{off} (waits)", one_line(&thread.origin.name()));
            self.frames(&mut out, thread);
        }
        if let Some(running) = &self.threads.running {
            let _ = writeln!(out, "running task: {}", one_line(running));
        }
        let signature = record.and_then(|record| record.more.as_ref()?.signature.as_ref());
        if let Some(signature) = signature {
            let _ = writeln!(out, "signature: {}", one_line(signature));
        }
        self.variables(&mut out);
        if let Some(more) = record.and_then(|record| record.more.as_ref()) {
            device_state::write(&mut out, &more.state);
        }
        self.memory(&mut out);
        out
    }

    fn firmware(&self, out: &mut String) {
        let Some(of) = self.of else {
            out.push_str("firmware: not named, so there are no frames; --elf FILE or --symbols DIR names it\n");
            return;
        };
        let how = match of.symbols.r#match {
            "build_id" => "same build id",
            "forced" => "ANOTHER BUILD (--any-build): names and frames can be wrong",
            _ if of.firmware.image.build.id.is_some() => "the coredump has no build id: not checked",
            _ => "the file has no build id: not checked",
        };
        let _ = writeln!(out, "firmware: {} ({how})", one_line(&of.name));
        if of.firmware.image.cannot_unwind() {
            out.push_str("warning: the firmware has no unwind information (-g makes it), so frames are guesses\n");
        }
    }

    fn faults(&self, out: &mut String) {
        let faults = &self.crash.faults;
        if let Some(line) = &faults.line {
            let _ = writeln!(out, "fault: {line}");
        }
        for words in &faults.words {
            let _ = writeln!(out, "       {words}");
        }
        if self.of.is_some_and(|of| backtrace::is_assert(self.threads, &of.firmware.image)) {
            out.push_str("       that is the trap of an assert: the program stopped itself\n");
        }
        if let Some(missing) = faults.missing {
            let _ = writeln!(out, "fault registers: {missing}");
        }
        if let Err(problem) = self.crash.need_machine() {
            let _ = writeln!(out, "warning: {problem}");
        } else if self.crash.cpus.is_empty() {
            out.push_str("warning: there are no registers in the coredump, so there are no frames\n");
        }
    }

    fn frames(&self, out: &mut String, thread: &Thread) {
        let (Some(of), Some(walk)) = (self.of, &thread.walk) else { return };
        let machine = thread.registers.machine;
        let mut number = 0;
        for frame in &walk.frames {
            match frame.how {
                How::Exception(kind) => drop(writeln!(out, "-- exception entry ({}) --", kind.describe())),
                How::Cfi if frame.is_interrupted => out.push_str("-- exception entry --\n"),
                _ => {}
            }
            for place in backtrace::places(frame, &of.firmware.image, machine) {
                let _ = writeln!(out, "#{number:<2} {}", one_line(&self::frame(&place)));
                number += 1;
            }
        }
        let _ = writeln!(out, "    {}", walk.end);
        if backtrace::has_guesses(walk) {
            out.push_str("    ? is a guess: a word on the stack that points behind a call\n");
        }
    }

    fn variables(&self, out: &mut String) {
        for name in self.print {
            let value = match self.of {
                Some(of) => of.firmware.image.value(name, &self.crash.memory),
                None => Err("needs the firmware".to_owned()),
            };
            let line = match value {
                Ok(value) => format!("{name} = {value}"),
                Err(problem) => format!("{name}: {problem}"),
            };
            let _ = writeln!(out, "{}", one_line(&line));
        }
    }

    fn memory(&self, out: &mut String) {
        let coverage = coverage(self.crash, self.threads, self.of.map(|of| &of.firmware.image));
        out.push_str("memory:\n");
        for captured in &coverage.captured {
            let line = format!("  {} + {:<6} {}", captured.address, captured.size, captured.what);
            let _ = writeln!(out, "{}", one_line(line.trim_end()));
        }
        if self.crash.dump.truncated == Some(true) {
            out.push_str("truncated: the device's storage was full; what it would have captured next is missing\n");
        }
        for missing in &coverage.missing {
            let _ = writeln!(out, "not captured: {}", one_line(missing));
        }
    }
}

fn registers(out: &mut String, thread: &Thread) {
    let digits = 2 * thread.registers.machine.word_len();
    let mut line = String::new();
    for (name, value) in thread.registers.pairs() {
        let text = format!("{name} {value:0digits$x}");
        if line.len() + 2 + text.len() > WIDTH {
            let _ = writeln!(out, "{line}");
            line.clear();
        }
        let _ = write!(line, "{}{text}", if line.is_empty() { "" } else { "  " });
    }
    let _ = writeln!(out, "{line}");
}

/// `0x08001234 in spi_write at drivers/spi.c:120`.
fn frame(frame: &StackFrame) -> String {
    let mut line = if frame.sure { String::new() } else { "? ".to_owned() };
    if frame.inlined {
        // It has no frame of its own, so its address would say the same as that of the next line.
        line.push_str("(inlined)  ");
    } else {
        let _ = write!(line, "{} in ", frame.pc);
    }
    line.push_str(frame.function.as_deref().unwrap_or("??"));
    if let Some(file) = &frame.file {
        let _ = write!(line, " at {file}");
        if let Some(number) = frame.line {
            let _ = write!(line, ":{number}");
        }
    }
    line
}
