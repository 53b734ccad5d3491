//! From a message to chunks (spec 10): message sources, the chunk layer, the packetizer, run-length encoding of coredumps, and the
//! text export line.
//!
//! ```text
//! source bytes --(optional RLE)--> message payload
//! message      = message header | payload
//! chunk(s)     = chunk header | [varint] | message bytes | [CRC-16 of the whole message]
//! export line  = "MC:" | base64(chunk) | ":"
//! ```
#![forbid(unsafe_code)]

pub mod chunk;
pub mod packetizer;
pub mod rle_source;

/// A source of messages (spec 10 section 7.1). A small handle: copying it does not copy the source.
pub trait DataSource: Copy {
    /// The size of the next message in bytes, if there is one. Called at will; asking changes nothing.
    fn has_more(self) -> Option<usize>;
    /// Fills `buf` from `offset` of the message announced by [`DataSource::has_more`]. False: it cannot be read.
    fn read(self, offset: u32, buf: &mut [u8]) -> bool;
    /// Drops the announced message.
    fn mark_read(self);
    /// True when both handles name the same source.
    fn same(self, other: Self) -> bool;
}
