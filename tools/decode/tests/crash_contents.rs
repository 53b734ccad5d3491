//! What coredumps say about the crash: fault registers in words, and the log that was in RAM.

mod support;

use memfault_decode::coredump::{Crash, Faults, Options};
use memfault_decode::ram_log;
use support::blocks::{block, coredump, spaced};
use support::{bytes, json};

fn read(file: &[u8]) -> Crash<'_> {
    Crash::read(file, Options::default()).unwrap()
}

#[test]
fn fault_registers_in_words() {
    let faults = |words: [u32; 7]| {
        let registers: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let file = coredump(&[block(7, 0, &40u32.to_le_bytes()), block(1, 0xe000_ed24, &registers)], 0);
        read(&file).faults
    };
    let found = faults([0, 0x8200, 1 << 30, 0, 0x111, 0x4002_1018, 0]);
    assert_eq!(found.line.as_deref(), Some("BusFault PRECISERR, BFAR 0x40021018; forced to HardFault"));
    assert_eq!(found.names, ["PRECISERR", "FORCED"]);
    // An address counts only with its VALID bit.
    let found = faults([0, 0x0400, 0, 0, 0x111, 0x4002_1018, 0]);
    assert_eq!(found.line.as_deref(), Some("BusFault IMPRECISERR"));
    let found = faults([0, 0x82, 0, 0, 0, 0x4002_1018, 0]);
    assert_eq!(found.line.as_deref(), Some("MemManage DACCVIOL, MMFAR 0x00000000"));
    assert_eq!(found.words[1], "the address was 0x00000000: close to 0, so probably through a NULL pointer");
    let found = faults([0, 0x0308_0000, 0x8000_0002, 2, 0, 0, 0]);
    assert_eq!(
        found.line.as_deref(),
        Some("UsageFault NOCP UNALIGNED DIVBYZERO; HardFault VECTTBL DEBUGEVT; Debug BKPT")
    );
    assert_eq!(faults([0; 7]).line.as_deref(), Some("no fault bit is set"));

    let riscv = |cause: u32, value: u32| {
        let mut registers = vec![0; 148];
        registers[136..140].copy_from_slice(&cause.to_le_bytes());
        registers[140..144].copy_from_slice(&value.to_le_bytes());
        read(&coredump(&[block(0, 0, &registers), block(7, 0, &243u32.to_le_bytes())], 0)).faults
    };
    let found = riscv(7, 0x10);
    assert_eq!(found.line.as_deref(), Some("STORE_ACCESS, mcause 0x00000007, mtval 0x00000010"));
    assert!(found.words[1].contains("NULL pointer"), "{:?}", found.words);
    assert_eq!(riscv(2, 0xffff).words, ["an illegal instruction was executed", "the instruction was 0x0000ffff"]);
    assert_eq!(riscv(0x8000_0007, 0).names, ["INTERRUPT_7"]);
    assert!(riscv(0, 0).missing.unwrap().contains("does not capture them"));
}

#[test]
fn fault_registers_of_aarch64() {
    // A read of a page that is not mapped; a write that the bus refused; a trap on purpose.
    let found = Faults::of_aarch64(0x9600_0004, 0x10);
    assert_eq!(found.line.as_deref(), Some("DATA_ABORT TRANSLATION, ESR 0x96000004, FAR 0x0000000000000010"));
    assert!(found.words[2].contains("(read): close to 0"), "{:?}", found.words);
    assert_eq!(Faults::of_aarch64(0x9600_0050, 1 << 40).words[2], "the address was 0x0000010000000000 (written)");
    assert_eq!(Faults::of_aarch64(0xf200_03e8, 0).names, ["BRK"]);
    assert!(Faults::of_aarch64(0, 0).names.is_empty());
}

/// Spec 30 §3.3: the oldest record was evicted, the newest one wraps around the end.
#[test]
fn the_log_in_ram() {
    let context = spaced(
        "01 01 01 00 00 00 00 00 01 00 00 00 04 00 00 00 0d 00 00 00 3a 00 00 00 40 00 00 00 d0 09 00 20
         d0 09 00 20 40 00 00 00 01 7b 00 00",
    );
    let storage = spaced(
        "69 66 69 3a 20 75 70 6f 6f 74 20 6f 6b 13 07 c3 b2 a1 65 45 34 32 12 21 c3 b2 a1 65 77 69 66 69
         3a 20 6c 69 6e 6b 20 6c 6f 73 74 2c 20 72 65 74 72 79 20 69 6e 20 33 30 73 11 0c c3 b2 a1 65 77",
    );
    let file = coredump(&[block(1, 0x2000_0800, &context), block(1, 0x2000_09d0, &storage)], 0);
    let crash = read(&file);
    let lines = ram_log::read(&crash.memory, 0x2000_0800, 44).unwrap().unwrap();
    let found: Vec<_> =
        lines.iter().map(|line| (line.level.as_deref().unwrap(), line.text.as_deref().unwrap())).collect();
    assert_eq!(found, [("error", "E42"), ("warning", "wifi: link lost, retry in 30s"), ("info", "wifi: up")]);
    assert!(lines.iter().all(|line| line.time.as_deref() == Some("2024-01-12T21:44:35Z")));
    // Without the buffer, with a damaged state, and before the logger was started.
    let only = coredump(&[block(1, 0x2000_0800, &context)], 0);
    assert!(ram_log::read(&read(&only).memory, 0x2000_0800, 44).unwrap_err().contains("was not captured"));
    let mut damaged = context.clone();
    damaged[20] = 0x41;
    let file = coredump(&[block(1, 0x2000_0800, &damaged)], 0);
    assert!(ram_log::read(&read(&file).memory, 0x2000_0800, 44).unwrap_err().contains("damaged"));
    let file = coredump(&[block(1, 0x2000_0800, &[0; 44])], 0);
    assert_eq!(ram_log::read(&read(&file).memory, 0x2000_0800, 44), Ok(None));
    assert!(ram_log::read(&read(&file).memory, 0x2000_0800, 45).is_err());
}

/// The logs of real devices with the original SDK.
#[test]
fn the_log_in_the_ram_of_the_original_sdk() {
    for name in ["default", "zephyrish_norle"] {
        let transcript = json(&format!("{name}.json"));
        let place = transcript["symbols"]["s_memfault_ram_logger"].as_array().unwrap();
        let file = bytes(transcript["coredumps"][0].as_str().unwrap());
        let crash = read(&file);
        let lines =
            ram_log::read(&crash.memory, place[0].as_u64().unwrap(), place[1].as_u64().unwrap()).unwrap().unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_deref().unwrap()).collect();
        assert!(texts.contains(&&*format!("GNU Build ID: {}", transcript["build_id"].as_str().unwrap())), "{texts:?}");
        assert!(texts.iter().any(|text| text.starts_with("S/N: GW-")) && texts.len() > 5, "{texts:?}");
    }
}
