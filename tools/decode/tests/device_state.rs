//! Heap statistics, task watchdog and damaged logs in the memory of a coredump.

mod support;

use memfault_decode::coredump::{Crash, Options};
use memfault_decode::firmware::Firmware;
use memfault_decode::model::DeviceState;
use memfault_decode::{device_state, ram_log};
use serde_json::json;
use support::bytes;
use support::elf::{Enum, Image, Unit};
use support::sender::Random;

const CORTEX_M: u32 = 40;
const AARCH64: u32 = 183;
const TASK_WATCHDOG: u32 = 0x800c;

fn block(kind: u32, address: u32, payload: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &address.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat()
}

/// A coredump of this machine with these pieces of memory.
fn coredump(machine: u32, memory: &[(u32, &[u8])]) -> Vec<u8> {
    let mut blocks = block(7, 0, &machine.to_le_bytes());
    blocks.extend(memory.iter().flat_map(|(address, bytes)| block(1, *address, bytes)));
    let total = (12 + blocks.len() + 16) as u32;
    [&b"CORE"[..], &2u32.to_le_bytes(), &total.to_le_bytes(), &blocks, b"DUMP", &[0; 12]].concat()
}

/// A firmware that has these objects; their addresses.
fn firmware(objects: &[(&str, usize)], channels: &[&str]) -> (Firmware, Vec<u32>) {
    let mut image = Image::default();
    let addresses = objects.iter().map(|(name, len)| image.object(name, &vec![0; *len])).collect();
    let names = channels.iter().chain(&["NumChannels"]).zip(0..);
    let enumerators = names.map(|(name, value)| (format!("kMemfaultTaskWatchdogChannel_{name}"), value));
    let reason = ("kMfltTraceReasonUser_Unknown".to_owned(), 0);
    let enums = vec![
        // C has no tag for it, only a typedef.
        Enum { tag: None, enumerators: enumerators.collect() },
        Enum { tag: Some("MfltTraceReasonUser"), enumerators: vec![reason] },
    ];
    image.debug(4, &[Unit { name: "main.c", enums, key_table: None }]);
    (Firmware::read(&image.file()).unwrap(), addresses)
}

fn state(firmware: &Firmware, reason: u32, dump: &[u8]) -> DeviceState {
    device_state::read(&Crash::read(dump, Options::default()).unwrap(), firmware, Some(reason))
}

const STATS: &str = "g_memfault_heap_stats";
const POOL: &str = "g_memfault_heap_stats_pool";

/// Addresses and sizes.
type Blocks = Vec<(String, u32)>;

/// What the report says about the heap: blocks in use, freed ones, warnings.
fn heap(machine: u32, stats: &str, pool: &str) -> (Blocks, Blocks, Vec<String>) {
    let (stats, pool) = (bytes(stats), bytes(pool));
    let (firmware, at) = firmware(&[(STATS, 16), (POOL, pool.len())], &[]);
    let state = state(&firmware, 0, &coredump(machine, &[(at[0], &stats), (at[1], &pool)]));
    assert_eq!(state.problems, [""; 0]);
    let heap = state.heap_stats.unwrap();
    let show = |blocks: &[memfault_decode::model::HeapBlock]| {
        blocks.iter().map(|block| (block.address.to_string(), block.size)).collect()
    };
    (show(&heap.in_use), show(&heap.freed), heap.warnings)
}

/// Spec 30 §11.3: two blocks in a pool of three, then one of them freed.
#[test]
fn the_heap_of_the_specification() {
    let stats = "02 00 00 00 02 00 00 00 02 00 00 00 01 00 00 00";
    let pool = "35 12 00 08 00 01 00 20 18 00 00 80 ff ff 00 00
                01 13 00 08 40 01 00 20 2c 01 00 80 00 00 00 00";
    let unused = "00".repeat(16);
    let both = [("0x20000140".to_owned(), 300), ("0x20000100".to_owned(), 24)];
    assert_eq!(heap(CORTEX_M, stats, &format!("{pool}{unused}")), (both.to_vec(), vec![], vec![]));
    let stats = "02 00 00 00 01 00 00 00 02 00 00 00 01 00 00 00";
    let pool = "35 12 00 08 00 01 00 20 18 00 00 00 ff ff 00 00
                01 13 00 08 40 01 00 20 2c 01 00 80 ff ff 00 00";
    let [newest, oldest] = both;
    assert_eq!(heap(CORTEX_M, stats, &format!("{pool}{unused}")), (vec![newest], vec![oldest], vec![]));
}

/// From the vectors of the original SDK on a machine with 64 bits.
#[test]
fn the_heap_of_a_64_bit_machine() {
    let stats = "02000000030000000300000002000000";
    let pool = "592d00080000000070ed012000000000f8010080ffff0000
                6b2100080000000010cc012000000000b501008000000000
                8bfe000800000000283b0020000000000d01008001000000";
    let (in_use, _, warnings) = heap(AARCH64, stats, pool);
    let newest_first = [(0x2000_3b28, 269), (0x2001_cc10, 437), (0x2001_ed70, 504)];
    assert_eq!(in_use, newest_first.map(|(address, size)| (format!("0x{address:016x}"), size)));
    assert!(warnings.is_empty());
}

#[test]
fn a_damaged_list_loses_no_block() {
    let stats = "02 00 00 00 02 00 00 00 02 00 00 00 01 00 00 00";
    for (what, oldest_next) in [("a loop", "01 00"), ("a slot that is not in use", "02 00"), ("no slot", "63 00")] {
        let pool = format!(
            "35120008 00010020 18000080 {oldest_next} 0000  01130008 40010020 2c010080 0000 0000 {}",
            "00".repeat(16)
        );
        let (in_use, _, warnings) = heap(CORTEX_M, stats, &pool);
        assert_eq!(in_use.iter().map(|block| block.1).collect::<Vec<_>>(), [300, 24], "{what}");
        assert_eq!(warnings.len(), 1, "{what}");
    }
    // The head of the list is lost.
    let pool = "35120008 00010020 18000080 ffff 0000  01130008 40010020 2c010080 0000 0000";
    let (in_use, _, warnings) = heap(CORTEX_M, "02000000 02000000 02000000 ffff0000", pool);
    assert_eq!((in_use.len(), warnings.len()), (2, 1));
}

#[test]
fn a_heap_that_is_there_only_in_parts() {
    let (firmware, at) = firmware(&[(STATS, 16), (POOL, 48)], &[]);
    let stats = bytes("02000000 05000000 07000000 00000000");
    let pool = bytes("35120008 00010020 18000080 ffff 0000");
    // The pool, cut off by a full storage.
    let found = state(&firmware, 0, &coredump(CORTEX_M, &[(at[0], &stats), (at[1], &pool)])).heap_stats.unwrap();
    assert_eq!((found.in_use_block_count, found.max_in_use_block_count, found.pool_size), (5, 7, 3));
    assert_eq!((found.in_use.len(), found.warnings.len()), (1, 1));
    // The statistics, another version, nothing at all.
    let problem = |memory: &[(u32, &[u8])]| state(&firmware, 0, &coredump(CORTEX_M, memory)).problems;
    assert_eq!(problem(&[(at[0], &stats[..8])]), ["heap: its statistics were not captured as a whole"]);
    let other = bytes("03000000 05000000 07000000 00000000");
    assert_eq!(problem(&[(at[0], &other)]), ["heap: its statistics have version 3, which is not known"]);
    assert_eq!(state(&firmware, 0, &coredump(CORTEX_M, &[(4, &[0])])), DeviceState::default());
}

const CHANNELS: &str = "g_memfault_task_channel_info";

#[test]
fn channels_of_the_task_watchdog() {
    let (firmware, at) = firmware(&[(CHANNELS, 24)], &["net", "ui", "audio"]);
    // Padding behind the state of a compiler with short enumerations is not zero.
    let memory = bytes("f0ffffff 01aabbcc  10000000 01000000  00000000 00000000");
    let dump = coredump(CORTEX_M, &[(at[0], &memory)]);
    let channel = |name: &str, state: &str, fed: u32, behind: Option<u32>, expired: Option<bool>| json!({"name": name, "state": state, "fed_ms": fed, "behind_ms": behind, "expired": expired});
    // The clock wrapped after the first channel was fed: it was 32 ms before the second one.
    let found = json!(state(&firmware, TASK_WATCHDOG, &dump).task_watchdog);
    let net = channel("net", "started", 0xffff_fff0, Some(32), Some(true));
    let ui = channel("ui", "started", 16, Some(0), None);
    assert_eq!(found, json!([net, ui, channel("audio", "stopped", 0, None, None)]));
    // Of another crash nothing is known.
    let found = state(&firmware, 0x9400, &dump).task_watchdog.unwrap();
    assert!(found.iter().all(|channel| channel.expired.is_none()));
    let problem = state(&firmware, 0, &coredump(CORTEX_M, &[(at[0], &memory[..12])])).problems;
    assert_eq!(problem, ["task watchdog: only 1 of its 3 channels were captured"]);
}

#[test]
fn names_of_another_list_are_not_believed() {
    let (firmware, at) = firmware(&[(CHANNELS, 16)], &["placeholder_"]);
    let memory = bytes("05000000 01000000 09000000 02000000");
    let found = state(&firmware, 0, &coredump(CORTEX_M, &[(at[0], &memory)])).task_watchdog.unwrap();
    assert!(found.iter().all(|channel| channel.name.is_none()));
    assert_eq!(found[1].state, "expired");
}

/// Damage in the ring costs the record that it hits; where a length is wrong, what is behind it cannot be told apart.
#[test]
fn damaged_records_of_the_log() {
    let context =
        bytes("01010100 00000000 00000000 04000000 00000000 16000000 40000000 00100000 00100000 40000000 00000000");
    let log = |storage: &[u8]| {
        let storage = [storage, &[0; 64]].concat();
        let dump = coredump(CORTEX_M, &[(0x800, &context), (0x1000, &storage[..64])]);
        let crash = Crash::read(&dump, Options::default()).unwrap();
        let lines = ram_log::read(&crash.memory, 0x800, 44).unwrap().unwrap();
        lines.into_iter().map(|line| (line.text.unwrap_or_default(), line.damaged)).collect::<Vec<_>>()
    };
    let text = |text: &str, damaged| (text.to_owned(), damaged);
    let good = [&[1, 4][..], b"boot", &[9, 2, 0x81, 8], &[2, 10], b"wifi: down"].concat();
    assert_eq!(log(&good), [text("boot", false), text("<log 0x8: []>", false), text("wifi: down", false)]);
    // A flipped bit in a compact record, and a bit in a header that no device sets.
    let flipped = [&[1, 4][..], b"boot", &[9, 2, 0x82, 8], &[0x22, 10], b"wifi: down"].concat();
    assert_eq!(log(&flipped), [text("boot", false), text("<log 0x8: []>", true), text("wifi: down", true)]);
    let long = [&[1, 4][..], b"boot", &[9, 2, 0x81, 8], &[2, 11], b"wifi: down"].concat();
    assert_eq!(log(&long), [text("boot", false), text("<log 0x8: []>", false), text("wifi: down", true)]);
}

/// Whatever is in the memory: no panic, no endless list, no block shown twice.
#[test]
fn damaged_memory_never_panics() {
    const LOGGER: &str = "s_memfault_ram_logger";
    let (firmware, at) = firmware(&[(STATS, 16), (POOL, 128), (CHANNELS, 24), (LOGGER, 44)], &["net", "ui", "audio"]);
    let ring = 0x2000_0000u32;
    let mut lists = 0;
    for seed in 0..5000 {
        let mut random = Random(seed);
        let mut bytes = |len: usize| (0..len).map(|_| random.below(256) as u8).collect::<Vec<u8>>();
        let (mut stats, mut pool, channels, mut logger, storage) =
            (bytes(16), bytes(128), bytes(24), bytes(44), bytes(64));
        // Mostly plausible, so that the damage is in the lists and records.
        stats[0] = 2;
        (stats[12], stats[13]) = (stats[12] % 9, 0);
        for entry in pool.chunks_mut(16) {
            (entry[12], entry[13]) = (entry[12] % 9, 0);
        }
        logger[0] = 1;
        let start = logger[16] % 64;
        let ring_state = [u32::from(start), 64, 64, ring];
        logger[16..32].copy_from_slice(&ring_state.map(u32::to_le_bytes).concat());
        let memory = [(at[0], &*stats), (at[1], &*pool), (at[2], &*channels), (at[3], &*logger), (ring, &*storage)];
        let found = state(&firmware, TASK_WATCHDOG, &coredump(CORTEX_M, &memory));
        let heap = found.heap_stats.unwrap();
        assert!(heap.in_use.len() + heap.freed.len() <= 8, "seed {seed}");
        lists += usize::from(heap.warnings.is_empty() && heap.in_use.len() > 1);
        assert_eq!(found.task_watchdog.unwrap().len(), 3);
        assert!(!found.logs.unwrap().is_empty());
    }
    assert!(lists < 100, "random lists are hardly ever whole: {lists}");
}
