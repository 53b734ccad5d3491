//! CRC-16/XMODEM (spec 10 section 4): polynomial 0x1021, start value 0, no reflection, no final xor.
//!
//! There is no table: a division by the polynomial is a handful of shifts and xors on a 32-bit word, which costs less than
//! four table look-ups and 512 bytes of flash.

/// What a new computation starts with.
pub const INITIAL: u16 = 0;

/// Continues the computation `crc` over `data`. Any split of the data gives the same result; no data returns `crc`.
pub fn update(crc: u16, data: &[u8]) -> u16 {
    // The running CRC sits in the high half, where it meets the next big-endian word.
    let mut s = u32::from(crc) << 16;
    let tail = if cfg!(armv6m) {
        data // no unaligned word loads there: byte by byte
    } else {
        let (words, tail) = data.as_chunks::<4>();
        for word in words {
            s = step_word(u32::from_be_bytes(*word) ^ s);
        }
        tail
    };
    for &byte in tail {
        let x = (s >> 24) ^ u32::from(byte);
        let x = x ^ (x >> 4);
        s = (s << 8) ^ (x << 28) ^ (x << 21) ^ (x << 16);
    }
    (s >> 16) as u16
}

/// Divides a word that already holds the running CRC: q = w x^16 div P, remainder = q (x^12 + x^5 + 1), cut to 16 bits.
#[inline(always)]
fn step_word(w: u32) -> u32 {
    let q = w ^ (w >> 16);
    let q = q ^ (q >> 8) ^ (q >> 22);
    let q = q ^ (q >> 4) ^ (q >> 11) ^ (q >> 16);
    (q << 16) ^ (q << 21) ^ (q << 28)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::random::random;

    /// Bit by bit, straight from the definition.
    fn slow(mut crc: u16, data: &[u8]) -> u16 {
        for &byte in data {
            crc ^= u16::from(byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 != 0 { (crc << 1) ^ 0x1021 } else { crc << 1 };
            }
        }
        crc
    }

    #[test]
    fn spec_values() {
        assert_eq!(update(INITIAL, b"memfault"), 0xb8a9);
        assert_eq!(update(update(INITIAL, b"memf"), b"ault"), 0xb8a9);
        assert_eq!(update(INITIAL, &[0xff, 0xff]), 0x1d0f);
        assert_eq!(update(INITIAL, &[0; 33]), 0);
        assert_eq!(update(0xbeef, &[]), 0xbeef);
    }

    #[test]
    fn every_length_start_value_and_alignment_agrees_with_the_definition() {
        let mut next = random(0x1234_5678);
        let data: std::vec::Vec<u8> = (0..300).map(|_| next(256) as u8).collect();
        let any = next(0x1_0000) as u16;
        for start in 0..8 {
            for len in 0..140 {
                let part = &data[start..start + len];
                for crc in [0, 1, 0x1021, 0x8000, 0xffff, any] {
                    assert_eq!(update(crc, part), slow(crc, part), "{start} {len} {crc:x}");
                }
            }
        }
    }
}
