//! CRC-16/XMODEM over a message (spec 10 §4): polynomial 0x1021, initial value 0, nothing reflected.

use ::crc::{CRC_16_XMODEM, Crc, Table};

// Sixteen bytes per step: a decoder sees gigabytes, and 8 KiB of tables cost a host nothing.
static XMODEM: Crc<u16, Table<16>> = Crc::<u16, Table<16>>::new(&CRC_16_XMODEM);

/// The CRC of all of `data`.
pub fn crc16(data: &[u8]) -> u16 {
    XMODEM.checksum(data)
}

#[cfg(test)]
mod tests {
    use super::crc16;

    #[test]
    fn spec_values() {
        assert_eq!(crc16(b"memfault"), 0xb8a9);
        assert_eq!(crc16(&[0xff, 0xff]), 0x1d0f);
        assert_eq!(crc16(&[0; 40]), 0);
        assert_eq!(crc16(&[]), 0);
        assert_eq!(crc16(&[0x02, 0x10, 0x20, 0x30, 0x40, 0x50]), 0x2ac8);
    }
}
