//! The head of a message that holds several events: a CBOR array head, `82` to `9a xx xx xx xx` (spec 20 section 5).

use crate::util::cbor::{Head, array_head};

/// The longest head.
pub const MAX_HEADER_LEN: usize = 5;

/// The head in front of `events` events. One event goes without a head, as it does without batching.
pub fn header(events: usize) -> Option<Head> {
    // As in the C API the count is cut to 32 bits.
    (events > 1).then(|| array_head(events as u32))
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
            assert_eq!(header(events).as_ref().map(Head::as_slice), Some(bytes), "{events} events");
        }
        assert!(header(0).is_none() && header(1).is_none());
    }
}
