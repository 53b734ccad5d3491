//! Coredumps made by hand.
#![allow(dead_code, reason = "each test uses its part")]

/// A block of a coredump.
pub fn block(kind: u32, address: u32, payload: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &address.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat()
}

/// A coredump around these blocks.
pub fn coredump(blocks: &[Vec<u8>], flags: u32) -> Vec<u8> {
    let blocks = blocks.concat();
    let total = (28 + blocks.len()) as u32;
    [&b"CORE"[..], &2u32.to_le_bytes(), &total.to_le_bytes(), &blocks, b"DUMP", &flags.to_le_bytes(), &[0; 8]].concat()
}

/// The bytes of a hex dump with blanks and line ends.
pub fn spaced(hex: &str) -> Vec<u8> {
    super::bytes(&hex.split_whitespace().collect::<String>())
}
