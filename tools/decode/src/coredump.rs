//! Header and blocks of a coredump (spec 50 §3 and §17.1): what it is and what it holds. Registers and the ELF core are not
//! made here.
//!
//! | Offset | Content |
//! |---|---|
//! | 0 | `CORE`, version, total size (4 bytes each, little-endian) |
//! | 12 | blocks: type (1 byte, 3 reserved), address, length, payload |
//! | total - 16 | version 2: `DUMP`, flags (bit 0: truncated), 8 reserved bytes |

use crate::model::{Address, Coredump, Region, hex};
use crate::reasons;

/// First bytes of a coredump.
pub const MAGIC: &[u8; 4] = b"CORE";
const FOOTER_MAGIC: &[u8; 4] = b"DUMP";
const HEADER_LEN: usize = 12;
const FOOTER_LEN: usize = 16;
const FLAG_TRUNCATED: u32 = 1;

mod block {
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

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|word| u32::from_le_bytes(*word))
}

/// Reads what a coredump says about itself. `Err`: it is none, or its header is not usable.
pub fn describe(file: &[u8]) -> Result<Coredump, String> {
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
    let mut dump = Coredump { version: Some(version), ..Coredump::default() };
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

impl Coredump {
    fn walk(&mut self, mut rest: &[u8]) {
        while let Some((header, payload)) = rest.split_at_checked(HEADER_LEN) {
            let (kind, address) = (header[0], word(header, 4).unwrap_or_default());
            let length = word(header, 8).unwrap_or_default();
            let wanted = length as usize;
            if kind == block::PADDING && payload.get(..wanted).is_none_or(|zeros| zeros.iter().any(|&byte| byte != 0)) {
                // A padding block can lose its payload (spec 50 §4.4): the next block follows at once.
                self.warnings.push("a padding block without its payload".to_owned());
                rest = payload;
                continue;
            }
            let body = payload.get(..wanted).unwrap_or(payload);
            self.block(kind, address, body);
            if body.len() < wanted {
                return self
                    .warnings
                    .push(format!("a block of type {kind} is cut off: {} of {wanted} bytes", body.len()));
            }
            rest = &payload[wanted..];
        }
        if !rest.is_empty() {
            self.warnings.push(format!("{} bytes behind the last block", rest.len()));
        }
    }

    fn block(&mut self, kind: u8, address: u32, body: &[u8]) {
        let text = || Some(String::from_utf8_lossy(body).into_owned());
        let keep_first = |field: &mut Option<String>| *field = field.take().or_else(text);
        match kind {
            block::MEMORY | block::MPU => self.regions.push(Region {
                address: Address(address.into()),
                size: u32::try_from(body.len()).unwrap_or(u32::MAX),
                kind: if kind == block::MPU { "mpu" } else { "memory" },
            }),
            block::DEVICE_SERIAL => keep_first(&mut self.device_serial),
            block::HARDWARE_VERSION => keep_first(&mut self.hardware_version),
            block::SOFTWARE_VERSION => keep_first(&mut self.software_version),
            block::SOFTWARE_TYPE => keep_first(&mut self.software_type),
            block::BUILD_ID if self.build_id.is_none() => self.build_id = Some(hex(body)),
            block::TRACE_REASON if self.reason_id.is_none() => {
                self.reason_id = word(body, 0);
                self.reason = self.reason_id.and_then(reasons::reboot_reason_name).map(str::to_owned);
            }
            block::MACHINE_TYPE if self.machine_id.is_none() => {
                self.machine_id = word(body, 0);
                self.machine = self.machine_id.and_then(machine_name);
            }
            block::REGISTERS | block::PADDING => {}
            _ => {}
        }
    }
}

/// Names of spec 50 §3.3: low half ELF machine, high half variant.
fn machine_name(id: u32) -> Option<&'static str> {
    Some(match id {
        0x0000_0028 => "cortex-m",
        0x0001_0028 => "cortex-ar",
        0x0000_00b7 => "aarch64",
        0x0000_00f3 => "riscv32",
        0x0000_0003 => "i386",
        0x0000_003e => "x86-64",
        0x0000_005e => "xtensa-esp32",
        0x0001_005e => "xtensa-lx106",
        0x0002_005e => "xtensa-esp32s2",
        0x0003_005e => "xtensa-esp32s3",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: u8, address: u32, payload: &[u8]) -> Vec<u8> {
        [&[kind, 0, 0, 0][..], &address.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat()
    }

    fn dump(blocks: &[u8], flags: u32) -> Vec<u8> {
        let total = (HEADER_LEN + blocks.len() + FOOTER_LEN) as u32;
        let footer = [&b"DUMP"[..], &flags.to_le_bytes(), &[0; 8]].concat();
        [&b"CORE"[..], &2u32.to_le_bytes(), &total.to_le_bytes(), blocks, &footer].concat()
    }

    #[test]
    fn blocks_become_fields() {
        let blocks = [
            block(0, 0, &[0; 76]),
            block(12, 0, &[0xa5; 20]),
            block(10, 0, b"2.7.1"),
            block(10, 0, b"later one"),
            block(7, 0, &[0x28, 0, 0, 0]),
            block(5, 0, &[0x00, 0x94, 0, 0]),
            block(6, 0, &[0, 0]),
            block(1, 0x2000_0000, &[7; 40]),
            block(9, 0x2000_1000, &[7; 8]),
        ]
        .concat();
        let found = describe(&dump(&blocks, 1)).unwrap();
        assert_eq!((found.version, found.truncated), (Some(2), Some(true)));
        assert_eq!(found.build_id.as_deref(), Some("a5".repeat(20).as_str()));
        assert_eq!(found.software_version.as_deref(), Some("2.7.1"));
        assert_eq!((found.machine, found.reason.as_deref()), (Some("cortex-m"), Some("HardFault")));
        assert_eq!(found.regions.len(), 2);
        assert_eq!(found.regions[1], Region { address: Address(0x2000_1000), size: 8, kind: "mpu" });
        assert_eq!(found.warnings, [""; 0]);
    }

    #[test]
    fn damage_is_a_warning_or_a_refusal() {
        let file = dump(&block(1, 0x2000_0000, &[7; 40]), 0);
        for cut in 0..file.len() {
            assert!(describe(&file[..cut]).is_err());
        }
        let mut damaged = file.clone();
        damaged[20] = 0xff; // length of the block
        let found = describe(&damaged).unwrap();
        assert_eq!(found.regions[0].size, 40);
        assert!(found.warnings[0].contains("cut off: 40 of 255"), "{:?}", found.warnings);
        let mut damaged = file.clone();
        let footer = damaged.len() - FOOTER_LEN;
        damaged[footer] ^= 1;
        assert!(describe(&damaged).unwrap().warnings.iter().any(|warning| warning.contains("footer")));
        let lost_payload = dump(&[block(6, 0, &[0; 2])[..HEADER_LEN].to_vec(), block(1, 4, &[1; 4])].concat(), 0);
        let found = describe(&lost_payload).unwrap();
        assert_eq!(found.regions, [Region { address: Address(4), size: 4, kind: "memory" }]);
    }
}
