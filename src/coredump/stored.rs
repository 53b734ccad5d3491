//! Whether the storage holds a coredump (spec 50 §5 and §4.1).

use super::format::{HEADER_LEN, parse_header};
use super::platform::Storage;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The running system.
    Running,
    /// A fault handler.
    Crashed,
}

/// What a storage is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its bytes; 0: there is none, or it could not be read.
    pub storage_len: usize,
    /// Bytes of the coredump in it; 0: there is none.
    pub total_len: usize,
}

/// Bytes of the coredump in the storage, if there is one. Costs one question for the size and, if there is a storage, one read of
/// the header; nothing is remembered.
pub fn total_len<S: Storage>(storage: &S) -> Option<usize> {
    let total_len = look(storage, Reader::Running).total_len;
    (total_len != 0).then_some(total_len)
}

/// Looks at the storage.
#[inline(never)]
pub fn look<S: Storage>(storage: &S, reader: Reader) -> Stored {
    let storage_len = storage.size();
    let mut header = [0; HEADER_LEN];
    if storage_len == 0 {
        return Stored::default();
    }
    let was_read = match reader {
        Reader::Running => storage.read_when_running(0, &mut header),
        Reader::Crashed => storage.read(0, &mut header),
    };
    if !was_read {
        return Stored::default();
    }
    Stored { storage_len, total_len: parse_header(&header, storage_len).unwrap_or(0) }
}
