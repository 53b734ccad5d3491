//! The bytes of a coredump (spec 50 §3). All integers are little-endian.
//!
//! ```text
//! header        0  "CORE"     4  version 2    8  total size: header, blocks and footer
//! block         0  type       4  address      8  length of the payload, which follows
//! footer        0  "DUMP"     4  flags        8  0, eight bytes
//! ```
//!
//! Blocks follow each other without gaps, the footer ends the last one. Payloads of regions start at a multiple of 4; a padding
//! block makes up for what is missing.

use crate::config::Config;

/// First four bytes of a coredump, "CORE".
pub const HEADER_MAGIC: u32 = 0x4552_4F43;
/// The version of this format.
pub const VERSION: u32 = 2;
/// First four bytes of the footer, "DUMP".
pub const FOOTER_MAGIC: u32 = 0x504D_5544;
/// Flag in the footer: something was cut or left out for lack of space.
pub const FLAG_TRUNCATED: u32 = 1;

/// Bytes of the header.
pub const HEADER_LEN: usize = 12;
/// Bytes in front of the payload of a block.
pub const BLOCK_HEADER_LEN: usize = 12;
/// Bytes of the footer.
pub const FOOTER_LEN: usize = 16;
/// The shortest coredump: one without blocks, which no device makes.
pub const MIN_LEN: usize = HEADER_LEN + FOOTER_LEN;
/// Payloads of regions start at a multiple of this.
pub const ALIGNMENT: usize = 4;

/// What a block holds; the value of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BlockType {
    /// Registers of one CPU.
    Registers = 0,
    /// Memory.
    Memory = 1,
    /// Text.
    DeviceSerial = 2,
    /// Text.
    HardwareVersion = 4,
    /// A reboot reason of four bytes.
    TraceReason = 5,
    /// Zeroes.
    Padding = 6,
    /// [`machine_type`], four bytes.
    MachineType = 7,
    /// The unrolled MPU of a Cortex-M.
    Mpu = 9,
    /// Text.
    SoftwareVersion = 10,
    /// Text.
    SoftwareType = 11,
    /// All 20 bytes of the build id.
    BuildId = 12,
}

/// The payload of the machine block: ELF `e_machine` in the low half, a variant in the high half (spec 50 §3.3).
///
/// x86-64 is an extension for development on a host; the original does not compile there without `MEMFAULT_UNITTEST`.
pub const fn machine_type<C: Config>() -> u32 {
    /// Variant of Arm: A and R profiles.
    const CORTEX_A_R: u32 = 1 << 16;
    if C::UNITTEST {
        0
    } else if cfg!(thumb) {
        40
    } else if cfg!(target_arch = "arm") {
        40 | CORTEX_A_R
    } else if cfg!(target_arch = "aarch64") {
        183
    } else if cfg!(any(target_arch = "riscv32", target_arch = "riscv64")) {
        243
    } else if cfg!(target_arch = "x86") {
        3
    } else if cfg!(target_arch = "x86_64") {
        62
    } else {
        0
    }
}

/// The total size in a header, if the header is that of a coredump in a storage of `storage_len` bytes.
///
/// IMPROVE (spec 50 §5): a header whose size cannot be right is none. Power lost while a header is written leaves such ones.
#[inline]
pub fn parse_header(header: &[u8; HEADER_LEN], storage_len: usize) -> Option<usize> {
    let [magic, _version, total_len] = header.as_chunks::<4>().0 else { return None };
    let total_len = u32::from_le_bytes(*total_len) as usize;
    if u32::from_le_bytes(*magic) != HEADER_MAGIC || total_len < MIN_LEN || total_len > storage_len {
        return None;
    }
    Some(total_len)
}

/// Bytes of header, block header or footer, aligned so that the words in it are written with one instruction each.
#[repr(align(4))]
pub struct Words([u8; FOOTER_LEN]);

impl Words {
    /// Three words, and a fourth one that is 0.
    #[inline(always)]
    pub fn new(first: u32, second: u32, third: u32) -> Self {
        let mut words = Self([0; FOOTER_LEN]);
        if let [a, b, c, _] = words.0.as_chunks_mut::<4>().0 {
            (*a, *b, *c) = (first.to_le_bytes(), second.to_le_bytes(), third.to_le_bytes());
        }
        words
    }

    /// The bytes of the first three.
    pub fn three(&self) -> &[u8] {
        self.0.get(..HEADER_LEN).unwrap_or_default()
    }

    /// All bytes.
    pub const fn four(&self) -> &[u8] {
        &self.0
    }
}
