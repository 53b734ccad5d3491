//! The reader of coredumps on made-up files.

use super::*;
use crate::model::{Region, Word};

fn block(kind: u8, address: u32, payload: &[u8]) -> Vec<u8> {
    [&[kind, 0, 0, 0][..], &address.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat()
}

fn dump(blocks: &[u8], flags: u32) -> Vec<u8> {
    let total = (12 + blocks.len() + 16) as u32;
    let footer = [&b"DUMP"[..], &flags.to_le_bytes(), &[0; 8]].concat();
    [&b"CORE"[..], &2u32.to_le_bytes(), &total.to_le_bytes(), blocks, &footer].concat()
}

fn region(address: u64, size: u32, kind: &'static str) -> Region {
    Region { address: Word { value: address, wide: false }, size, kind }
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
    assert_eq!(found.regions[1], region(0x2000_1000, 8, "mpu"));
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
    let footer = damaged.len() - 16;
    damaged[footer] ^= 1;
    assert!(describe(&damaged).unwrap().warnings.iter().any(|warning| warning.contains("footer")));
    let lost_payload = dump(&[block(6, 0, &[0; 2])[..12].to_vec(), block(1, 4, &[1; 4])].concat(), 0);
    let found = describe(&lost_payload).unwrap();
    assert_eq!(found.regions, [region(4, 4, "memory")]);
}
