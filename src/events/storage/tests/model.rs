//! Against a queue that is obviously right.
use super::*;
use crate::util::random::random;
use std::collections::VecDeque;
use std::format;

/// Random writes, rollbacks, reads and boots against a queue of the events that must be there.
#[test]
fn behaves_like_a_queue() {
    fn play<C: Config>(seed: u32) {
        let mut next = random(seed);
        let memory = cells(1 + next(60));
        let e = booted::<C>(&memory);
        let mut model = VecDeque::<Vec<u8>>::new();
        let mut used = 0;
        for step in 0..400 {
            let at = || format!("seed {seed}, step {step}");
            match next(8) {
                0..5 => {
                    let payload: Vec<u8> = (0..1 + next(20)).map(|_| next(256) as u8).collect();
                    let free = memory.len() - used;
                    assert_eq!(e.begin_write(), free.saturating_sub(2), "{}", at());
                    // Without a session the bytes would go in raw.
                    let fits = free >= 2 && payload.chunks(1 + next(8)).all(|piece| e.append(piece));
                    assert_eq!(fits, payload.len() + 2 <= free, "{}", at());
                    let keep = fits && next(4) != 0;
                    let finished = e.finish_write(!keep);
                    assert_eq!(finished == Finished::Stored, keep, "{}", at());
                    if keep {
                        used += payload.len() + 2;
                        model.push_back(payload);
                    }
                }
                5..7 => {
                    let Some(message) = e.next_message(1 + next(9)) else {
                        assert!(model.is_empty(), "{}", at());
                        continue;
                    };
                    let mut expected = Vec::new();
                    let mut events = 0;
                    while let Some(event) = model.front()
                        && (events == 0
                            || C::EVENT_STORAGE_READ_BATCHING_ENABLED
                                && expected.len() + event.len() <= C::EVENT_STORAGE_READ_BATCHING_MAX_BYTES as usize)
                    {
                        expected.extend(event);
                        used -= event.len() + 2;
                        events += 1;
                        model.pop_front();
                    }
                    if events > 1 {
                        expected.insert(0, 0x80 + events as u8);
                    }
                    assert_eq!(message, expected, "{}", at());
                }
                _ => {
                    e.boot_without_memory();
                }
            }
            assert_eq!(e.used(), used, "{}", at());
        }
    }
    for seed in 1..=200 {
        play::<Defaults>(seed);
        play::<Batching>(seed);
        play::<BatchesOf<25>>(seed);
    }
}
