//! `--follow`: text files that are still being written, like `tail -F`.

use super::feed::Input;
use super::{BLOCK_LEN, Session, open};
use anyhow::Context as _;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const POLL_INTERVAL: Duration = Duration::from_millis(100);

struct Followed {
    input: Input,
    path: PathBuf,
    file: File,
    position: u64,
    /// What was there at the start has been read.
    caught_up: bool,
}

/// Reads the files until the user ends it, or nobody reads the results.
pub fn run(inputs: Vec<Input>, paths: &[PathBuf], session: &mut Session) -> anyhow::Result<()> {
    let mut followed = Vec::new();
    for (input, path) in inputs.into_iter().zip(paths) {
        let (file, _) = open(path).with_context(|| input.name().to_owned())?;
        followed.push(Followed { input, path: path.clone(), file, position: 0, caught_up: false });
    }
    let mut block = vec![0; BLOCK_LEN];
    while !session.ends() {
        let mut idle = true;
        for file in &mut followed {
            idle &= !file.poll(&mut block, session).with_context(|| file.input.name().to_owned())?;
            session.output.flush();
        }
        if idle {
            std::thread::sleep(POLL_INTERVAL);
        }
    }
    for file in &mut followed {
        file.input.end(session)?;
    }
    Ok(())
}

impl Followed {
    /// Reads what is new; false if nothing is.
    fn poll(&mut self, block: &mut [u8], session: &mut Session) -> anyhow::Result<bool> {
        if self.caught_up {
            self.input.set_received_at(now_ms());
        }
        let len = match self.file.read(block) {
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(false),
            Err(error) => return Err(error).context("cannot read it"),
        };
        if len > 0 {
            self.position += len as u64;
            self.input.push(block.get(..len).unwrap_or_default(), session)?;
            return Ok(true);
        }
        self.caught_up = true;
        self.start_again_if_replaced(session)
    }

    /// A log that was rotated or emptied goes on from the start of the new file.
    fn start_again_if_replaced(&mut self, session: &mut Session) -> anyhow::Result<bool> {
        let own = self.file.metadata().context("cannot read it")?;
        // Between the two steps of a rotation there is no file of this name.
        let Ok(named) = fs::metadata(&self.path) else { return Ok(false) };
        let replaced = !same_file(&own, &named);
        if !replaced && own.len() >= self.position {
            return Ok(false);
        }
        let Ok(file) = File::open(&self.path) else { return Ok(false) };
        self.input.restart(session);
        let what = if replaced { "replaced by a new file" } else { "emptied" };
        session.output.report.note(&format!("{}: the log was {what}; reading it from the start", self.input.name()));
        (self.file, self.position) = (file, 0);
        Ok(true)
    }
}

#[cfg(unix)]
fn same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Elsewhere only a file that got shorter is noticed.
#[cfg(not(unix))]
fn same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
