//! Heap statistics (spec 30 §11): counts, and the allocations that the SDK remembers.
//!
//! `g_memfault_heap_stats`, 16 bytes:
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0 | 1 | version, 2 |
//! | 4 | 4 | blocks in use |
//! | 8 | 4 | most blocks in use at a time |
//! | 12 | 2 | entry of the newest block in use, 0xffff: none |
//!
//! `g_memfault_heap_stats_pool`, per entry (offsets of machines with 32 and 64 bits):
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0, 0 | word | return address of the allocation |
//! | 4, 8 | word | the block |
//! | 8, 16 | 4 | bits 0-30 its size, bit 31 in use |
//! | 12, 20 | 2 | entry of the next older block in use, 0xffff: none |

use crate::coredump::Crash;
use crate::firmware::Firmware;
use crate::firmware::lines::Role;
use crate::model::{HeapBlock, HeapStats};

const STATS: &str = "g_memfault_heap_stats";
const POOL: &str = "g_memfault_heap_stats_pool";
const VERSION: u64 = 2;
const STATS_LEN: u64 = 16;
const LIST_END: u16 = u16::MAX;
const IN_USE: u32 = 1 << 31;

/// An entry of the pool.
struct Entry {
    caller: u64,
    block: u64,
    size: u32,
    in_use: bool,
    next: u16,
}

/// The statistics. `Ok(None)`: the firmware has none, or they were not captured.
pub fn read(crash: &Crash<'_>, firmware: &Firmware) -> Result<Option<HeapStats>, String> {
    let place = |name: &str| firmware.image.variable(name).map(|(at, size)| (at | crash.memory.high, size));
    let (Some((stats, _)), Some((pool, pool_len))) = (place(STATS), place(POOL)) else { return Ok(None) };
    if crash.memory.captured(stats, STATS_LEN) == 0 {
        return Ok(None);
    }
    let number = |at: u64, len: usize| crash.memory.number(stats.checked_add(at)?, len);
    let [Some(version), Some(in_use), Some(most), Some(head)] =
        [(0, 1), (4, 4), (8, 4), (12, 2)].map(|(at, len)| number(at, len))
    else {
        return Err("its statistics were not captured as a whole".to_owned());
    };
    if version != VERSION {
        return Err(format!("its statistics have version {version}, which is not known"));
    }
    let entry_len = if crash.is_wide() { 24 } else { 16 };
    let count = (pool_len / entry_len).min(LIST_END.into());
    let entries: Vec<Entry> =
        (0..count).map_while(|index| entry(crash, pool.checked_add(index * entry_len)?)).collect();
    let mut warnings = Vec::new();
    if (entries.len() as u64) < count {
        warnings.push(format!("only {} of the {count} entries of the pool were captured", entries.len()));
    }
    let (listed, is_whole) = newest_first(&entries, u16::try_from(head).unwrap_or(LIST_END));
    if !is_whole {
        warnings.push("the list of blocks is damaged, so their order is not known".to_owned());
    }
    let show = |entry: &Entry| HeapBlock {
        address: crash.word(entry.block),
        size: entry.size,
        caller: crash.word(entry.caller),
        source: firmware.source(entry.caller, Role::Return),
    };
    let of = |entries: &mut dyn Iterator<Item = &Entry>| entries.map(show).collect::<Vec<_>>();
    Ok(Some(HeapStats {
        in_use_block_count: in_use as u32,
        max_in_use_block_count: most as u32,
        pool_size: count,
        in_use: of(&mut listed.into_iter()),
        // A slot that was never used is all zero; so is a freed block of size 0, which nobody misses.
        freed: of(&mut entries.iter().filter(|entry| !entry.in_use && entry.size > 0)),
        warnings,
    }))
}

fn entry(crash: &Crash<'_>, at: u64) -> Option<Entry> {
    let word = if crash.is_wide() { 8 } else { 4 };
    let number = |offset: u64, len: usize| crash.memory.number(at.checked_add(offset)?, len);
    let info = number(2 * word, 4)? as u32;
    Some(Entry {
        caller: number(0, word as usize)?,
        block: number(word, word as usize)?,
        size: info & !IN_USE,
        in_use: info & IN_USE != 0,
        next: number(2 * word + 4, 2)? as u16,
    })
}

/// The entries in use, the newest first. False: the list does not hold them all, or something else; the rest follows in the order
/// of the pool.
fn newest_first(entries: &[Entry], head: u16) -> (Vec<&Entry>, bool) {
    let mut seen = vec![false; entries.len()];
    let mut listed = Vec::new();
    let mut next = head;
    while next != LIST_END {
        let at = usize::from(next);
        match (entries.get(at), seen.get_mut(at)) {
            (Some(entry), Some(seen)) if entry.in_use && !*seen => {
                *seen = true;
                listed.push(entry);
                next = entry.next;
            }
            _ => break,
        }
    }
    let rest = entries.iter().zip(&seen).filter(|(entry, seen)| entry.in_use && !**seen).map(|(entry, _)| entry);
    let before = listed.len();
    listed.extend(rest);
    let is_whole = next == LIST_END && listed.len() == before;
    (listed, is_whole)
}
