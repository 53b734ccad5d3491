//! Header, blocks and footer of a coredump (spec 50 §3 and §17.1).
//!
//! | Offset | Content |
//! |---|---|
//! | 0 | `CORE`, version, total size (4 bytes each, little-endian) |
//! | 12 | blocks: type (1 byte, 3 reserved), address, length, payload |
//! | total - 16 | version 2: `DUMP`, flags (bit 0: truncated), 8 reserved bytes |

/// First bytes of a coredump.
pub const MAGIC: &[u8; 4] = b"CORE";
const FOOTER_MAGIC: &[u8; 4] = b"DUMP";
/// Also of a block.
const HEADER_LEN: usize = 12;
const FOOTER_LEN: usize = 16;
const FLAG_TRUNCATED: u32 = 1;

/// Types of blocks.
pub mod kind {
    #![allow(missing_docs, reason = "their names say it")]
    pub const REGISTERS: u8 = 0;
    pub const MEMORY: u8 = 1;
    pub const DEVICE_SERIAL: u8 = 2;
    pub const HARDWARE_VERSION: u8 = 4;
    pub const TRACE_REASON: u8 = 5;
    pub const PADDING: u8 = 6;
    pub const MACHINE_TYPE: u8 = 7;
    pub const MPU: u8 = 9;
    pub const SOFTWARE_VERSION: u8 = 10;
    pub const SOFTWARE_TYPE: u8 = 11;
    pub const BUILD_ID: u8 = 12;
}

/// A coredump, taken apart.
#[derive(Debug, Clone, Default)]
pub struct Dump<'d> {
    /// Version of the format, 1 or 2.
    pub version: u32,
    /// Something did not fit into the storage; `None` for version 1 or a damaged footer.
    pub truncated: Option<bool>,
    /// All blocks but padding, in file order.
    pub blocks: Vec<Block<'d>>,
    /// What is odd about the file.
    pub warnings: Vec<String>,
}

/// A block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'d> {
    /// Its type, see [`kind`].
    pub kind: u8,
    /// For memory: where it is from, the low 32 bits.
    pub address: u32,
    /// What is there of the payload.
    pub payload: &'d [u8],
    /// The block as it is in the file, with its header.
    pub raw: &'d [u8],
}

pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|word| u32::from_le_bytes(*word))
}

impl<'d> Dump<'d> {
    /// Takes a coredump apart. `Err`: it is none, or its header is not usable.
    pub fn parse(file: &'d [u8]) -> Result<Self, String> {
        if !file.starts_with(MAGIC) {
            return Err("the payload does not begin with CORE".to_owned());
        }
        let (Some(version), Some(total)) = (word(file, 4), word(file, 8)) else {
            return Err(format!("a coredump of {} bytes has no header", file.len()));
        };
        let smallest = match version {
            1 => HEADER_LEN,
            2 => HEADER_LEN + FOOTER_LEN,
            _ => return Err(format!("coredump version {version} is not known")),
        };
        let total = total as usize;
        let Some(file) = file.get(..total).filter(|file| file.len() >= smallest) else {
            return Err(format!("its header says {total} bytes, there are {}", file.len()));
        };
        let mut dump = Self { version, ..Self::default() };
        let mut blocks = &file[HEADER_LEN..];
        if version == 2 {
            let (body, footer) = blocks.split_at(blocks.len() - FOOTER_LEN);
            if footer.starts_with(FOOTER_MAGIC) {
                dump.truncated = word(footer, 4).map(|flags| flags & FLAG_TRUNCATED != 0);
                blocks = body;
            } else {
                dump.warnings.push("the footer is damaged".to_owned());
            }
        }
        dump.walk(blocks);
        Ok(dump)
    }

    fn walk(&mut self, mut rest: &'d [u8]) {
        while let Some((header, behind)) = rest.split_at_checked(HEADER_LEN) {
            let (kind, address) = (header[0], word(header, 4).unwrap_or_default());
            let wanted = word(header, 8).unwrap_or_default() as usize;
            let payload = behind.get(..wanted);
            if kind == kind::PADDING && payload.is_none_or(|zeros| zeros.iter().any(|&byte| byte != 0)) {
                // A padding block can lose its payload (spec 50 §4.4): the next block follows at once.
                self.warnings.push("a padding block without its payload".to_owned());
                rest = behind;
                continue;
            }
            let there = payload.unwrap_or(behind);
            if kind != kind::PADDING {
                let raw = &rest[..HEADER_LEN + there.len()];
                self.blocks.push(Block { kind, address, payload: there, raw });
            }
            if payload.is_none() {
                let there = there.len();
                return self.warnings.push(format!("a block of type {kind} is cut off: {there} of {wanted} bytes"));
            }
            rest = &behind[wanted..];
        }
        if !rest.is_empty() {
            self.warnings.push(format!("{} bytes behind the last block", rest.len()));
        }
    }

    /// The payload of the first block of this type.
    pub fn first(&self, kind: u8) -> Option<&'d [u8]> {
        self.all(kind).next().map(|block| block.payload)
    }

    /// The blocks of this type.
    pub fn all(&self, kind: u8) -> impl Iterator<Item = &Block<'d>> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// The number in the first block of this type.
    pub fn number(&self, kind: u8) -> Option<u32> {
        self.first(kind).and_then(|payload| word(payload, 0))
    }

    /// The text in the first block of this type.
    pub fn text(&self, kind: u8) -> Option<String> {
        self.first(kind).map(|payload| String::from_utf8_lossy(payload).into_owned())
    }

    /// The blocks of memory, also that with the MPU.
    pub fn memory(&self) -> impl Iterator<Item = &Block<'d>> {
        self.blocks.iter().filter(|block| matches!(block.kind, kind::MEMORY | kind::MPU))
    }
}
