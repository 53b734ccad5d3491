//! Undoes the run-length encoding of message payloads (spec 10 §9.1).
//!
//! The payload is a list of sequences `zigzag-varint(count) bytes`: a positive count repeats the one byte that follows, a
//! negative one copies that many bytes. There is no end mark: the last sequence ends exactly with the payload.

use crate::varint::{self, VarintError};
use std::fmt;

/// Why a payload could not be decoded, and how far into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RleError {
    /// Offset of the sequence in the encoded payload, in bytes.
    pub offset: usize,
    /// What is wrong with it.
    pub kind: RleErrorKind,
}

/// The kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RleErrorKind {
    /// The payload ends inside a sequence.
    Truncated,
    /// A sequence of length 0, which no encoder writes.
    Empty,
    /// The count is not a 32-bit varint.
    Count,
    /// The output would exceed the limit.
    TooBig,
}

impl fmt::Display for RleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            RleErrorKind::Truncated => "the payload ends inside a sequence",
            RleErrorKind::Empty => "a sequence has length 0",
            RleErrorKind::Count => "a sequence length is not a valid varint",
            RleErrorKind::TooBig => "the decoded payload exceeds the size limit",
        };
        write!(f, "{what} (at payload byte {})", self.offset)
    }
}

/// Decodes `payload`; the output may have at most `max_len` bytes. A few bytes can ask for gigabytes, so the limit is checked
/// before memory is reserved.
pub fn decode(payload: &[u8], max_len: usize) -> Result<Vec<u8>, RleError> {
    let mut out = Vec::new();
    let mut rest = payload;
    while !rest.is_empty() {
        let offset = payload.len() - rest.len();
        let fail = |kind| RleError { offset, kind };
        let (count, header_len) = varint::read_i32(rest).map_err(|error| {
            fail(match error {
                VarintError::Truncated => RleErrorKind::Truncated,
                VarintError::TooLong => RleErrorKind::Count,
            })
        })?;
        if count == 0 {
            return Err(fail(RleErrorKind::Empty));
        }
        let len = count.unsigned_abs() as usize;
        if len > max_len.saturating_sub(out.len()) {
            return Err(fail(RleErrorKind::TooBig));
        }
        let stored = if count > 0 { 1 } else { len };
        let body = rest.get(header_len..).and_then(|rest| rest.split_at_checked(stored));
        let (body, after) = body.ok_or(fail(RleErrorKind::Truncated))?;
        match body.first() {
            Some(&byte) if count > 0 => out.resize(out.len() + len, byte),
            _ => out.extend_from_slice(body),
        }
        rest = after;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_examples() {
        assert_eq!(decode(&[4, 7, 7, 1, 2, 2, 3, 8, 4, 4, 5], 100).unwrap(), [7, 7, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5]);
        assert_eq!(decode(&[0x90, 0x03, 0x00], 200).unwrap(), [0; 200]);
        assert_eq!(decode(&[0x07, 1, 2, 3, 4], 4).unwrap(), [1, 2, 3, 4]);
        assert!(decode(&[], 0).unwrap().is_empty());
    }

    #[test]
    fn damage_is_named_with_its_place() {
        let error = |payload: &[u8], max| decode(payload, max).unwrap_err();
        assert_eq!(error(&[4, 7, 0, 1], 100), RleError { offset: 2, kind: RleErrorKind::Empty });
        assert_eq!(error(&[4, 7, 7, 1], 100), RleError { offset: 2, kind: RleErrorKind::Truncated });
        assert_eq!(error(&[4], 100), RleError { offset: 0, kind: RleErrorKind::Truncated });
        assert_eq!(error(&[0x90], 100), RleError { offset: 0, kind: RleErrorKind::Truncated });
        assert_eq!(error(&[0x90, 3, 0], 199), RleError { offset: 0, kind: RleErrorKind::TooBig });
        // Two gibibytes out of six bytes.
        let bomb = [0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00];
        assert_eq!(error(&bomb, 64 << 20), RleError { offset: 0, kind: RleErrorKind::TooBig });
        assert_eq!(error(&[0xff; 6], 100), RleError { offset: 0, kind: RleErrorKind::Count });
    }
}
