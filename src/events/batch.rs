//! The head of a message that holds several events: a CBOR array head, `82` to `9a xx xx xx xx` (spec 20 section 5).

use crate::util::cbor::array_head;

/// The longest head.
pub const MAX_HEADER_LEN: usize = 5;

/// Whether there is a head: one event goes without, as it does without batching.
pub const fn has_header(events: usize) -> bool {
    events > 1
}

/// The head in front of `events` events and how many of its bytes count: 0 if there is none.
pub const fn header(events: usize) -> ([u8; MAX_HEADER_LEN], usize) {
    // As in the C API the count is cut to 32 bits.
    if has_header(events) { array_head(events as u32).to_bytes() } else { ([0; MAX_HEADER_LEN], 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_table() {
        for (events, bytes) in [
            (2, &[0x82][..]),
            (23, &[0x97]),
            (24, &[0x98, 0x18]),
            (255, &[0x98, 0xff]),
            (256, &[0x99, 0x01, 0x00]),
            (65_535, &[0x99, 0xff, 0xff]),
            (65_536, &[0x9a, 0x00, 0x01, 0x00, 0x00]),
            (1_000_000, &[0x9a, 0x00, 0x0f, 0x42, 0x40]),
        ] {
            let (head, len) = header(events);
            assert_eq!(head.get(..len), Some(bytes), "{events} events");
        }
        assert_eq!((header(0).1, header(1).1), (0, 0));
    }
}
