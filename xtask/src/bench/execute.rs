//! Running a benchmark program and reading what it reports.
//!
//! Programs print lines of words (`benches/c/common/report.h`). On Cortex-M4 the counts are among them; on the host callgrind
//! writes one dump per count.
use super::target::{Counter, Target};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// A run takes a second under QEMU and some ten under callgrind; a program that hangs must not hang the benchmark.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// What a program reported.
#[derive(Default, Debug)]
pub struct Output {
    counts: BTreeMap<String, u64>,
    lines: Vec<Line>,
}

/// `kind id rest`; the rest may hold `key=value` words.
#[derive(Debug)]
pub struct Line {
    pub kind: String,
    pub id: String,
    pub rest: String,
}

impl Line {
    pub fn field(&self, key: &str) -> Option<&str> {
        self.rest.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    pub fn number(&self, key: &str) -> Result<u64> {
        let text =
            self.field(key).with_context(|| format!("no {key} in \"{} {} {}\"", self.kind, self.id, self.rest))?;
        text.parse().with_context(|| format!("{key}={text}"))
    }
}

impl Output {
    /// Instructions reported under `id`, without the cost of the measurement.
    pub fn count(&self, id: &str) -> Result<u64> {
        let raw =
            |id: &str| self.counts.get(id).copied().with_context(|| format!("the program reported no count \"{id}\""));
        let empty = raw("empty")?;
        raw(id)?.checked_sub(empty).with_context(|| format!("count \"{id}\" is below that of an empty function"))
    }

    pub fn lines<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.kind == kind)
    }

    pub fn line(&self, kind: &str, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.kind == kind && line.id == id)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut output = Self::default();
        let mut complete = false;
        for line in text.lines() {
            let mut words = line.splitn(3, ' ');
            let (kind, id, rest) = (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
            match kind {
                "count" => {
                    let count = rest.parse().with_context(|| line.to_owned())?;
                    output.counts.insert(id.to_owned(), count);
                }
                "end" => complete = true,
                "error" => bail!("{line}"),
                _ => output.lines.push(Line { kind: kind.into(), id: id.into(), rest: rest.into() }),
            }
        }
        ensure!(complete, "the program ended early; last line: {:?}", text.lines().last().unwrap_or(""));
        Ok(output)
    }
}

pub fn execute(target: Target, program: &Path) -> Result<Output> {
    let result = match target.counter() {
        Some(Counter::Qemu) => under_qemu(program),
        Some(Counter::Callgrind) => under_callgrind(program),
        None => bail!("nothing runs programs for {}", target.name()),
    };
    result.with_context(|| format!("running {}", program.display()))
}

fn under_qemu(program: &Path) -> Result<Output> {
    let mut qemu = Command::new("qemu-system-arm");
    qemu.args(["-M", "mps2-an386", "-icount", "shift=7,align=off,sleep=off", "-nographic", "-semihosting", "-kernel"]);
    // Semihosting text comes out on the error stream.
    let text = finish(qemu.arg(program), program)?;
    Output::parse(&text)
}

fn under_callgrind(program: &Path) -> Result<Output> {
    let dumps = program.with_extension("callgrind");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind", "--collect-atstart=no", "--combine-dumps=yes"]);
    valgrind.arg(format!("--callgrind-out-file={}", dumps.display())).arg(program);
    let text = finish(&mut valgrind, program)?;
    let mut output = Output::parse(&text)?;
    let dumps = fs::read_to_string(&dumps).with_context(|| dumps.display().to_string())?;
    output.counts = callgrind_counts(&dumps)?;
    Ok(output)
}

/// Every dump names its trigger, then gives its total.
fn callgrind_counts(dumps: &str) -> Result<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    let mut id = None;
    for line in dumps.lines() {
        if let Some(trigger) = line.strip_prefix("desc: Trigger: Client Request: ") {
            id = Some(trigger.to_owned());
        } else if let Some(total) = line.strip_prefix("totals: ")
            && let Some(id) = id.take()
        {
            counts.insert(id, total.trim().parse().with_context(|| line.to_owned())?);
        }
    }
    ensure!(!counts.is_empty(), "callgrind wrote no dump");
    Ok(counts)
}

/// Runs to the end and returns both output streams.
fn finish(command: &mut Command, program: &Path) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (stdout, stderr) = (program.with_extension("out"), program.with_extension("err"));
    let create = |path: &Path| File::create(path).with_context(|| path.display().to_string());
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(create(&stdout)?)
        .stderr(create(&stderr)?)
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("{name} did not end within {} s", TIME_LIMIT.as_secs());
        }
        thread::sleep(Duration::from_millis(10));
    };
    let read = |path: &Path| {
        fs::read(path).map(|b| String::from_utf8_lossy(&b).into_owned()).with_context(|| path.display().to_string())
    };
    let text = read(&stdout)? + &read(&stderr)?;
    if !status.success() {
        let last: Vec<&str> = text.lines().rev().take(5).collect();
        bail!("{name} ended with {status}: {}", last.into_iter().rev().collect::<Vec<_>>().join(" | "));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_given_without_the_cost_of_the_measurement() {
        let output = Output::parse("count empty 3\ncount a 10\nmessage a chunks=2 bytes=9\nend\n").unwrap();
        assert_eq!(output.count("a").unwrap(), 7);
        assert!(output.count("b").is_err());
        assert_eq!(output.line("message", "a").unwrap().number("bytes").unwrap(), 9);
    }

    #[test]
    fn a_run_that_stops_early_or_reports_an_error_is_no_result() {
        assert!(Output::parse("count empty 3\n").is_err());
        assert!(Output::parse("count empty 3\nerror exception 3\nend\n").is_err());
    }

    #[test]
    fn callgrind_dumps_are_named_after_their_client_request() {
        let dumps = "desc: Trigger: Client Request: empty\ntotals: 18\ndesc: Trigger: Client Request: a/b\nsummary: 20\ntotals: 20\n\
                     desc: Trigger: Program termination\ntotals: 0\n";
        let counts = callgrind_counts(dumps).unwrap();
        assert_eq!(counts.get("empty"), Some(&18));
        assert_eq!(counts.get("a/b"), Some(&20));
        assert_eq!(counts.len(), 2);
    }
}
