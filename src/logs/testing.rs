//! A log buffer with its surroundings, for the tests of this module.

use super::buffer::{Level, LogBuffer, Platform};
use super::read::{DropNotice, Line};
use crate::config::Config;
use crate::events::storage::Lock;
use std::boxed::Box;
use std::cell::Cell;
use std::vec;
use std::vec::Vec;

/// A lock that is held at most once, and counts.
#[derive(Default)]
pub struct CountingLock {
    held: Cell<bool>,
    pairs: Cell<u32>,
}

impl Lock for &CountingLock {
    fn lock(&self) {
        assert!(!self.held.replace(true), "taken twice");
    }

    fn unlock(&self) {
        assert!(self.held.replace(false));
        self.pairs.set(self.pairs.get() + 1);
    }
}

/// Time, freeze and callback.
#[derive(Default)]
pub struct Port {
    pub time: Cell<Option<u32>>,
    pub frozen: Cell<bool>,
    pub saved: Cell<u32>,
    pub time_calls: Cell<u32>,
    pub lock: CountingLock,
}

impl Port {
    /// Lock pairs since this was asked last.
    pub fn pairs(&self) -> u32 {
        self.lock.pairs.take()
    }
}

impl Platform for &Port {
    fn unix_time_secs(&self) -> Option<u32> {
        assert!(!self.lock.held.get(), "the clock of a line is asked before the lock");
        self.time_calls.set(self.time_calls.get() + 1);
        self.time.get()
    }

    fn is_frozen(&self) -> bool {
        self.frozen.get()
    }

    fn saved(&self) {
        assert!(!self.lock.held.get());
        self.saved.set(self.saved.get() + 1);
    }
}

pub type Buffer<'a, C, E> = LogBuffer<C, E, &'a CountingLock, &'a [Cell<u8>]>;

/// A booted log over its own storage, which is at 0x1000 for all that it knows.
pub struct Log<'a, C, E = u8> {
    pub buffer: Buffer<'a, C, E>,
    pub port: &'a Port,
    pub storage: &'a [Cell<u8>],
    pub notice: DropNotice,
}

pub const DEBUG: u8 = 0;
pub const INFO: u8 = 1;
pub const WARNING: u8 = 2;
pub const ERROR: u8 = 3;

impl<C: Config, E: Level> Log<'static, C, E> {
    /// The memory is never freed: tests are short.
    pub fn booted(len: usize) -> Self {
        let log = Self::over(&vec![0; len]);
        log.buffer.boot(0x1000, len);
        log
    }

    /// Not booted, over a copy of these bytes.
    pub fn over(bytes: &[u8]) -> Self {
        let cells: Vec<Cell<u8>> = bytes.iter().map(|b| Cell::new(*b)).collect();
        let storage: &'static [Cell<u8>] = Box::leak(cells.into_boxed_slice());
        let port: &'static Port = Box::leak(Box::default());
        Self { buffer: LogBuffer::new(&port.lock, storage), port, storage, notice: DropNotice::new() }
    }

    pub fn save(&self, level: E, text: &[u8]) {
        self.buffer.save_text(level, text, true, &self.port);
    }

    pub fn save_compact(&self, level: E, cbor: &[u8]) {
        self.buffer.save_compact(level, cbor, &self.port);
    }

    /// The next line, and its message.
    pub fn read(&self) -> Option<(Line, Vec<u8>)> {
        let mut message = vec![0xa5; C::LOG_MAX_LINE_SAVE_LEN + 1];
        let line = self.buffer.read_line(&self.notice, &mut message)?;
        assert_eq!(message[line.len], 0, "a NUL behind the message");
        message.truncate(line.len);
        Some((line, message))
    }

    /// Messages of all lines that can be read.
    pub fn read_all(&self) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| self.read()).map(|(_, message)| message).collect()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.storage.iter().map(Cell::get).collect()
    }

    /// Dropped and recorded.
    pub fn counts(&self) -> (u32, u32) {
        (self.buffer.dropped_count(), self.buffer.recorded_count())
    }
}

/// Without times, so that a record of n bytes takes n + 2.
pub struct NoTimes;
impl Config for NoTimes {
    const LOG_TIMESTAMPS_ENABLE: bool = false;
}
