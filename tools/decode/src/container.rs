//! The container for several chunks in one file (spec 80 §5.8): `CHNK`, 4-byte big-endian length, chunk; repeated.

use memchr::memmem;

/// First bytes of every record.
pub const MAGIC: &[u8; 4] = b"CHNK";
const HEADER_LEN: usize = 8;

/// One step of reading a container.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A chunk; it begins `start` bytes into the buffer, the record ends at `end`.
    Chunk {
        /// Offset of the first byte of the chunk.
        start: usize,
        /// Offset behind the record.
        end: usize,
        /// The chunk.
        chunk: &'a [u8],
    },
    /// No record begins at the front: `len` bytes have to be skipped.
    Garbage {
        /// Bytes up to the next magic, or to where one may begin.
        len: usize,
    },
    /// A record longer than the limit; it cannot be trusted, skip its magic and go on.
    TooBig {
        /// The length that it claims.
        claimed: u32,
    },
    /// The buffer ends inside a record: more bytes are needed.
    Incomplete,
}

/// Looks at the front of `buffer`. A chunk may have at most `max_len` bytes.
pub fn step(buffer: &[u8], max_len: usize) -> Step<'_> {
    if !buffer.starts_with(MAGIC) {
        if MAGIC.starts_with(buffer) {
            return Step::Incomplete;
        }
        // The last three bytes may be the beginning of a magic.
        let len = memmem::find(buffer, MAGIC).unwrap_or(buffer.len().saturating_sub(3).max(1));
        return Step::Garbage { len };
    }
    let Some(header) = buffer.first_chunk::<HEADER_LEN>() else { return Step::Incomplete };
    let claimed = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    let len = claimed as usize;
    if len > max_len {
        return Step::TooBig { claimed };
    }
    match buffer.get(HEADER_LEN..).and_then(|rest| rest.get(..len)) {
        Some(chunk) => Step::Chunk { start: HEADER_LEN, end: HEADER_LEN + len, chunk },
        None => Step::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_garbage_and_cut_records() {
        let file = b"CHNK\0\0\0\x03abcCHNK\0\0\0\x01z";
        assert_eq!(step(file, 64), Step::Chunk { start: 8, end: 11, chunk: b"abc" });
        assert_eq!(step(&file[11..], 64), Step::Chunk { start: 8, end: 9, chunk: b"z" });
        assert_eq!(step(b"noiseCHNK\0", 64), Step::Garbage { len: 5 });
        assert_eq!(step(b"noiseCH", 64), Step::Garbage { len: 4 });
        assert_eq!(step(b"CHX", 64), Step::Garbage { len: 1 });
        for cut in 0..11 {
            assert_eq!(step(&file[..cut], 64), Step::Incomplete, "{cut} bytes");
        }
        assert_eq!(step(b"CHNK\xff\xff\xff\xff", 64), Step::TooBig { claimed: u32::MAX });
    }
}
