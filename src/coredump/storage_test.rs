//! A self-test of the storage driver (spec 50 §11). It destroys the stored coredump.
//!
//! The first part may run in an interrupt and logs nothing; the second one tells the result.

use super::format::HEADER_LEN;
use super::platform::Storage;
use core::cell::Cell;
use core::slice;

/// What was done when something failed. The numbers are known to the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// The hooks that begin a save.
    Prepare = 0,
    /// Erase.
    Erase = 1,
    /// Write.
    Write = 2,
    /// Clear.
    Clear = 3,
    /// The size of the storage.
    GetInfo = 4,
}

/// What failed. The numbers are known to the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Problem {
    /// Nothing.
    None = 0,
    /// The hook itself.
    ApiFailed = 1,
    /// The read that looks at its effect.
    ReadFailed = 2,
    /// What was read.
    CompareFailed = 3,
}

/// What a read should give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Expected {
    /// Bytes 0x00 or 0xFF.
    Erased = 0,
    /// The pattern that is as long as a header.
    Long = 1,
    /// The other one.
    Short = 2,
}

/// Written one after the other, the first one also as an imitated header. Their length shifts them against pages and words.
const PATTERNS: &[u8; 19] = &[
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, //
    0x5F, 0x5E, 0x5D, 0x5C, 0x5B, 0x5A, 0x59,
];

impl Expected {
    /// The pattern. Not for erased bytes.
    fn pattern(self) -> &'static [u8] {
        let (long, short) = PATTERNS.split_at(HEADER_LEN);
        if self == Self::Short { short } else { long }
    }

    /// The pattern behind this one.
    fn next(self) -> Self {
        if self == Self::Short { Self::Long } else { Self::Short }
    }
}

/// Bytes that the test reads at once.
const READ_LEN: usize = 16;
/// What a read fills.
type Buffer = [u8; READ_LEN];

/// The log lines of the second part.
pub trait Log {
    /// The driver works.
    fn passed(&self);
    /// It does not.
    fn failed(&self, result: &StorageTest);
}

/// In the buffer before a read, so that a driver that does nothing is found out.
const UNREAD: Buffer = [0xEF; READ_LEN];

const fn is_erased(byte: u8) -> bool {
    byte == 0x00 || byte == 0xFF
}

/// What is being done, and so, when the test ends, its result. The log lines know the layout.
#[repr(C)]
pub struct StorageTest {
    /// How many bytes.
    len: Cell<usize>,
    /// Where in the storage.
    offset: Cell<u32>,
    last_read: Cell<Buffer>,
    operation: Cell<Operation>,
    problem: Cell<Problem>,
    /// What should have been read.
    expected: Cell<Expected>,
}

impl StorageTest {
    /// QUIRK (spec 50 §11): without a first part the second one behaves as after a good one.
    pub const fn new() -> Self {
        Self {
            len: Cell::new(0),
            offset: Cell::new(0),
            last_read: Cell::new([0; READ_LEN]),
            operation: Cell::new(Operation::Prepare),
            problem: Cell::new(Problem::None),
            expected: Cell::new(Expected::Erased),
        }
    }

    /// What should have been read where the failed comparison was. Of no use when erased bytes were expected.
    pub fn expected_pattern(&self) -> &'static [u8] {
        self.expected.get().pattern()
    }

    /// The first part, also for interrupts. Overwrites the whole storage.
    pub fn begin<S: Storage>(&self, storage: &S) -> bool {
        let storage_len = storage.size();
        self.start(Operation::GetInfo, Expected::Erased, 0);
        self.len.set(0);
        if storage_len == 0 {
            return false;
        }
        self.operation.set(Operation::Prepare);
        self.len.set(storage_len);
        if !storage.begin_save() {
            return false;
        }
        self.operation.set(Operation::Erase);
        storage.erase(storage_len)
            && self.all_is_erased(storage, storage_len)
            && self.patterns_are_kept(storage, storage_len)
    }

    fn start(&self, operation: Operation, expected: Expected, offset: usize) {
        self.problem.set(Problem::ApiFailed);
        self.operation.set(operation);
        self.expected.set(expected);
        self.offset.set(offset as u32);
    }

    fn all_is_erased<S: Storage>(&self, storage: &S, storage_len: usize) -> bool {
        while let Some(left @ 1..) = storage_len.checked_sub(self.offset.get() as usize) {
            let len = READ_LEN.min(left);
            if !self.read(storage, len) {
                return false;
            }
            for byte in self.bytes().iter().take(len) {
                if !is_erased(byte.get()) {
                    self.len.set(1);
                    return false;
                }
                self.offset.set(self.offset.get() + 1);
            }
        }
        true
    }

    fn patterns_are_kept<S: Storage>(&self, storage: &S, storage_len: usize) -> bool {
        self.start(Operation::Write, Expected::Short, HEADER_LEN);
        let mut verifies = false;
        loop {
            while let Some(left @ 1..) = storage_len.checked_sub(self.offset.get() as usize) {
                let pattern = self.expected_pattern();
                let pattern = pattern.get(..left).unwrap_or(pattern);
                let good = if verifies {
                    self.read(storage, pattern.len())
                        && self.bytes().iter().zip(pattern).all(|(read, wanted)| read.get() == *wanted)
                } else {
                    self.len.set(pattern.len());
                    storage.write(self.offset.get(), pattern.into())
                };
                if !good {
                    return false;
                }
                self.offset.set(self.offset.get() + pattern.len() as u32);
                self.expected.set(self.expected.get().next());
            }
            if verifies {
                self.problem.set(Problem::None);
                return true;
            }
            // QUIRK (spec 50 §11): the offset of the header is not told, and a tiny storage has to refuse it.
            self.expected.set(Expected::Long);
            self.len.set(HEADER_LEN);
            if !storage.write(0, Expected::Long.pattern().into()) {
                return false;
            }
            self.offset.set(0);
            verifies = true;
        }
    }

    /// Reads `len` bytes; what follows is a comparison.
    #[inline(never)]
    fn read<S: Storage>(&self, storage: &S, len: usize) -> bool {
        self.problem.set(Problem::ReadFailed);
        self.len.set(len);
        let mut buffer = UNREAD;
        let was_read = storage.read(self.offset.get(), buffer.get_mut(..len).unwrap_or_default());
        self.last_read.set(buffer);
        if was_read {
            self.problem.set(Problem::CompareFailed);
        }
        was_read
    }

    fn bytes(&self) -> &[Cell<u8>] {
        let bytes: &Cell<[u8]> = &self.last_read;
        bytes.as_slice_of_cells()
    }

    /// The second part: clears the storage if the first part was good, logs the result and returns it. A failure stays until the
    /// next first part.
    pub fn finish<S: Storage>(&self, storage: &S, log: &impl Log) -> bool {
        if self.problem.get() == Problem::None {
            storage.clear();
            let [mut first, ..] = UNREAD;
            let was_read = storage.read_when_running(0, slice::from_mut(&mut first));
            if was_read && is_erased(first) {
                log.passed();
                return true;
            }
            self.start(Operation::Clear, Expected::Erased, 0);
            self.problem.set(if was_read { Problem::CompareFailed } else { Problem::ReadFailed });
            self.len.set(1);
            self.last_read.set([first; READ_LEN]);
        }
        log.failed(self);
        false
    }
}

impl Default for StorageTest {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
