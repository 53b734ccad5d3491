use super::*;
use crate::util::random::random;
use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

fn ring(storage: &mut [u8]) -> RingBuffer<&[Cell<u8>]> {
    let len = storage.len();
    let ring = RingBuffer::new(Cell::from_mut(storage).as_slice_of_cells());
    ring.reset(len);
    ring
}

#[test]
fn spec_walk_through() {
    let mut storage = [0; 8];
    let r = ring(&mut storage);
    let state = || (r.read_offset(), r.len(), r.memory().iter().map(Cell::get).collect::<Vec<_>>());
    assert!(r.write(b"ABCDEF") && !r.write(b"GHI") && r.consume(4) && r.write(b"ghijk"));
    assert_eq!(state(), (4, 7, b"ijkDEFgh".to_vec()));
    let mut out = [0xa5; 6];
    assert!(r.read(1, &mut out));
    assert_eq!(&out, b"Fghijk");
    assert_eq!(r.spans(1, 6), Some(Spans { start: 5, first: 3, second: 3 }));
    assert_eq!(r.spans(7, 0).map(|s| s.start), Some(3));
    assert_eq!(r.spans(8, 0), None);
    assert!(r.write_at_offset(3, b"xyzw"));
    assert_eq!(state(), (4, 8, b"xyzwEFgh".to_vec()));
    assert!(r.write_at_offset(8, b"1"));
    assert_eq!(state(), (4, 8, b"xyzw1Fgh".to_vec()));
    assert!(!r.write_at_offset(9, b"1") && !r.write_at_offset(8, b"123456789"));
    assert!(r.consume_from_end(3) && r.consume(5) && !r.consume(1));
    assert_eq!((r.read_offset(), r.len()), (1, 0));
    assert!(r.write(b"12345678"));
    assert_eq!(state(), (1, 8, b"81234567".to_vec()));
}

#[test]
fn without_space_nothing_fits_and_nothing_divides_by_zero() {
    let r = ring(&mut []);
    assert!(r.write(&[]) && r.read(0, &mut []) && r.consume(0) && r.consume_from_end(0));
    assert!(!r.write(&[1]) && !r.consume(1));
    assert_eq!(r.spans(0, 0), Some(Spans { start: 0, first: 0, second: 0 }));
}

#[test]
fn absurd_numbers_fail_without_wrapping() {
    let mut storage = [0; 8];
    let r = ring(&mut storage);
    assert!(r.write(b"abcd"));
    assert_eq!(r.spans(usize::MAX, 2), None);
    assert_eq!(r.spans(2, usize::MAX), None);
    assert!(!r.consume(usize::MAX) && !r.consume_from_end(usize::MAX) && !r.write_at_offset(usize::MAX, b"a"));
    r.restore(100, 100, 8);
    assert_eq!((r.read_offset(), r.len()), (0, 8));
}

#[test]
fn random_operations_match_a_deque() {
    let mut next = random(0x9e37_79b9);
    for size in 1..20 {
        let mut storage = vec![0; size];
        let r = ring(&mut storage);
        let mut model = VecDeque::new();
        for step in 0..2000u32 {
            let n = next(size + 2);
            let data: Vec<u8> = (0..n).map(|i| (step as u8).wrapping_mul(31).wrapping_add(i as u8)).collect();
            match next(5) {
                0 => {
                    let fits = model.len() + n <= size;
                    assert_eq!(r.write(&data), fits);
                    if fits {
                        model.extend(&data);
                    }
                }
                1 => {
                    let back = next(size + 2);
                    let fits = back <= model.len() && model.len() - back + n <= size;
                    assert_eq!(r.write_at_offset(back, &data), fits);
                    if fits {
                        let at = model.len() - back;
                        for (i, b) in data.iter().enumerate() {
                            if at + i < model.len() {
                                model[at + i] = *b;
                            } else {
                                model.push_back(*b);
                            }
                        }
                    }
                }
                2 => {
                    assert_eq!(r.consume(n), n <= model.len());
                    if n <= model.len() {
                        model.drain(..n);
                    }
                }
                3 => {
                    assert_eq!(r.consume_from_end(n), n <= model.len());
                    if n <= model.len() {
                        model.truncate(model.len() - n);
                    }
                }
                _ => {
                    let at = next(size + 2);
                    let mut out = vec![0xa5; n];
                    let ok = at + n <= model.len();
                    assert_eq!(r.read(at, &mut out), ok);
                    if ok {
                        assert!(out.iter().eq(model.iter().skip(at).take(n)));
                    }
                }
            }
            assert_eq!((r.len(), r.free()), (model.len(), size - model.len()));
        }
    }
}

#[test]
fn a_pair_is_written_whole_wherever_the_ring_wraps() {
    for start in 0..10 {
        for (head_len, data_len) in [(0, 0), (2, 0), (2, 5), (6, 4), (6, 5)] {
            let cells = [const { Cell::new(0xa5) }; 10];
            let ring = RingBuffer::new(&cells[..]);
            ring.restore(start, 0, 10);
            let (head, data) = (&b"HEADER"[..head_len], &b"datum"[..data_len]);
            let fits = head_len + data_len <= 10;
            assert_eq!(ring.write_pair(head, data), fits);
            let mut out = std::vec![0; ring.len()];
            assert!(ring.read(0, &mut out));
            assert_eq!(out, if fits { [head, data].concat() } else { std::vec![] });
        }
    }
}

#[test]
fn a_byte_of_the_content_can_be_changed_and_no_other() {
    let cells = [const { Cell::new(0) }; 4];
    let ring = RingBuffer::new(&cells[..]);
    ring.restore(3, 2, 4);
    assert!(ring.set_byte(1, 7));
    assert!(!ring.set_byte(2, 8));
    assert_eq!(cells.map(|c| c.get()), [7, 0, 0, 0]);
}
