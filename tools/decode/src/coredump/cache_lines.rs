//! Bytes in front of captured memory, for GDB's cache of the stack.
//!
//! GDB reads the stack in lines of 64 bytes. A line that begins in front of the captured memory, but inside a section of the
//! firmware's file, comes from the file as a whole: as zeros, or as what variables were at reset. The captured bytes in it are
//! lost, and with them the frames (seen with GDB 13.1; `set stack-cache off` avoids it). So these few bytes are put into the core,
//! as GDB would show them anyway.

use super::memory::Piece;
use crate::firmware::image::Image;
use std::borrow::Cow;

const LINE_LEN: u64 = 64;

/// The pieces with those that make their first lines whole. The second value: addresses of what was added.
pub fn fill<'p>(pieces: &'p [Piece<'p>], image: &Image) -> (Vec<Piece<'p>>, Vec<u64>) {
    let (mut out, mut added): (Vec<Piece<'p>>, Vec<u64>) = (Vec::new(), Vec::new());
    for piece in pieces {
        let line = piece.address - piece.address % LINE_LEN;
        let start = out.last().map_or(line, |before| before.end().max(line));
        if start < piece.address
            && let Some(bytes) = image.initial(start, (piece.address - start) as usize)
        {
            out.push(Piece { address: start, bytes: Cow::Owned(bytes) });
            added.push(start);
        }
        out.push(Piece { address: piece.address, bytes: Cow::Borrowed(&piece.bytes) });
    }
    (out, added)
}
