use super::*;
use crate::config::Defaults;
use std::vec::Vec;

struct Place<const N: usize> {
    totals: Totals,
    pool: [Entry; N],
}

impl<const N: usize> Place<N> {
    fn new() -> Self {
        Self { totals: Totals::new(), pool: [const { Entry::never_used() }; N] }
    }

    fn stats(&self) -> HeapStats<'_, Defaults> {
        HeapStats::new(&self.totals, &self.pool)
    }

    /// Addresses of the blocks in the list, the newest first. Fails on a cycle.
    fn list(&self) -> Vec<usize> {
        let mut blocks = Vec::new();
        let mut index = self.totals.head.get();
        while index != LIST_END {
            let entry = &self.pool[usize::from(index)];
            assert!(entry.in_use());
            blocks.push(entry.ptr.get());
            assert!(blocks.len() <= N, "a cycle");
            index = entry.next.get();
        }
        blocks
    }

    fn numbers(&self) -> (u32, u32, u16) {
        (self.totals.in_use_block_count.get(), self.totals.max_in_use_block_count.get(), self.totals.head.get())
    }

    /// lr, ptr, size and use, next of every entry.
    fn entries(&self) -> Vec<(usize, usize, u32, u16)> {
        self.pool.iter().map(|e| (e.lr.get(), e.ptr.get(), e.size_and_use.get(), e.next.get())).collect()
    }
}

#[test]
fn example_of_the_specification() {
    let place = Place::<3>::new();
    let stats = place.stats();
    assert!(stats.is_empty());
    stats.malloc(0x0800_1235, 0x2000_0100, 24).unwrap();
    stats.malloc(0x0800_1301, 0x2000_0140, 300).unwrap();
    assert_eq!(place.numbers(), (2, 2, 1));
    let third = (0, 0, 0, 0);
    assert_eq!(
        place.entries(),
        [(0x0800_1235, 0x2000_0100, 0x8000_0018, 0xffff), (0x0800_1301, 0x2000_0140, 0x8000_012c, 0), third]
    );

    stats.free(0x2000_0100);
    assert_eq!(place.numbers(), (1, 2, 1));
    assert_eq!(
        place.entries(),
        [(0x0800_1235, 0x2000_0100, 0x18, 0xffff), (0x0800_1301, 0x2000_0140, 0x8000_012c, 0xffff), third]
    );

    // Never used, freed, oldest.
    stats.malloc(1, 0xa, 1).unwrap();
    assert_eq!(place.totals.head.get(), 2);
    stats.malloc(1, 0xb, 1).unwrap();
    assert_eq!(place.totals.head.get(), 0);
    stats.malloc(1, 0xc, 1).unwrap();
    assert_eq!(place.totals.head.get(), 1);
    assert_eq!(place.list(), [0xc, 0xb, 0xa]);
    assert!(!stats.is_empty());

    stats.reset();
    assert_eq!((place.numbers(), place.entries()), ((0, 0, LIST_END), std::vec![third; 3]));
}

#[test]
fn a_pool_of_one_keeps_the_newest() {
    let place = Place::<1>::new();
    for ptr in 1..4 {
        place.stats().malloc(0, ptr, 8).unwrap();
        assert_eq!(place.list(), [ptr]);
    }
    place.stats().free(3);
    assert_eq!(place.list(), [0; 0]);
}

#[test]
fn a_block_of_no_bytes_counts_as_never_used_once_freed() {
    let place = Place::<2>::new();
    place.stats().malloc(0, 1, 0).unwrap();
    assert!(place.stats().is_empty());
    place.stats().malloc(0, 2, 5).unwrap();
    place.stats().free(1);
    place.stats().malloc(0, 3, 5).unwrap();
    assert_eq!(place.pool[0].ptr.get(), 3);
}

#[test]
fn the_count_has_no_floor_and_unknown_blocks_count() {
    let place = Place::<2>::new();
    place.stats().free(77);
    assert_eq!(place.numbers(), (u32::MAX, 0, LIST_END));
    place.totals.decrement();
    place.totals.increment();
    assert_eq!(place.numbers(), (u32::MAX, u32::MAX, LIST_END));
}

#[test]
fn without_the_automatic_count_the_port_counts() {
    struct ByHand;
    impl Config for ByHand {
        const IN_USE_BLOCK_COUNT_AUTOMATIC: bool = false;
    }
    let place = Place::<2>::new();
    let stats = HeapStats::<ByHand>::new(&place.totals, &place.pool);
    stats.malloc(0, 1, 1).unwrap();
    stats.free(1);
    assert_eq!(place.numbers(), (0, 0, LIST_END));
}

#[test]
fn a_damaged_list_is_reported() {
    let place = Place::<2>::new();
    place.stats().malloc(0, 1, 1).unwrap();
    place.stats().malloc(0, 2, 1).unwrap();
    place.pool[0].next.set(1);
    assert_eq!(place.stats().malloc(0, 3, 1), Err(ListDamaged));
}

/// What the list has to be, in the words of the specification: newest first, cut at the length of the pool.
#[test]
fn the_list_is_that_of_a_model_for_any_sequence() {
    let mut seed = 0x2545_f491_u32;
    let mut random = |below: u32| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed % below
    };
    for round in 0..200 {
        let place = Place::<5>::new();
        let mut slots: [Option<usize>; 5] = [None; 5];
        let mut used = [false; 5];
        let mut order: Vec<usize> = Vec::new(); // indices in use, newest first
        for step in 0..100 {
            // Few addresses, so that the same one comes twice.
            let ptr = 1 + random(7) as usize;
            if random(3) > 0 {
                place.stats().malloc(step, ptr, 1 + step).unwrap();
                let index = (0..5)
                    .find(|i| !used[*i])
                    .or_else(|| (0..5).find(|i| slots[*i].is_none()))
                    .unwrap_or_else(|| *order.last().unwrap());
                order.retain(|i| *i != index);
                order.insert(0, index);
                (slots[index], used[index]) = (Some(ptr), true);
            } else {
                place.stats().free(ptr);
                if let Some(index) = (0..5).find(|i| slots[*i] == Some(ptr)) {
                    order.retain(|i| *i != index);
                    slots[index] = None;
                }
            }
            let expected: Vec<usize> = order.iter().map(|i| slots[*i].unwrap()).collect();
            assert_eq!(place.list(), expected, "round {round}, step {step}");
        }
    }
}
