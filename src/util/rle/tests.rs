use super::*;
use crate::util::random::random;
use std::vec::Vec;

/// Encodes `raw`, offered in buffers of the given sizes (the last one again and again).
fn encode(raw: &[u8], cuts: &[usize]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    let mut out = Vec::new();
    let mut emit = |sequence: Sequence| {
        out.extend(sequence.header().as_slice());
        let payload = &raw[sequence.start as usize..][..sequence.payload_len as usize];
        assert!(sequence.repeated.is_none_or(|byte| payload == [byte]));
        out.extend(payload);
    };
    let mut sequence = Sequence::NONE;
    let (mut at, mut cut) = (0, cuts.iter().copied().chain(core::iter::repeat(*cuts.last().unwrap_or(&usize::MAX))));
    while at < raw.len() {
        let end = raw.len().min(at.saturating_add(cut.next().unwrap()));
        while at < end {
            let (consumed, done) = encoder.encode(&raw[at..end], &mut sequence);
            assert!(consumed > 0);
            at += consumed;
            if done {
                emit(sequence);
            }
        }
    }
    emit(encoder.finish());
    assert_eq!(encoder.total as usize, out.len());
    out
}

/// The normative rules of spec 10 section 9.1, word for word.
fn by_the_rules(raw: &[u8]) -> Vec<u8> {
    let run_at = |p: usize| raw[p..].iter().take_while(|b| **b == raw[p]).count();
    let mut out = Vec::new();
    let mut p = 0;
    while p < raw.len() {
        let r = run_at(p);
        if r >= 2 {
            out.extend(Varint::new_signed(r as i32).as_slice());
            out.push(raw[p]);
            p += r;
            continue;
        }
        let mut q = p + 1;
        while q < raw.len() && !(run_at(q) >= 3 && raw[q - 1] != raw[q]) {
            q += 1;
        }
        out.extend(Varint::new_signed(-((q - p) as i32)).as_slice());
        out.extend(&raw[p..q]);
        p = q;
    }
    out
}

#[test]
fn spec_examples() {
    let raw = [7, 7, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5];
    assert_eq!(encode(&raw, &[12]), [4, 7, 7, 1, 2, 2, 3, 8, 4, 4, 5]);
    assert_eq!(encode(&[0; 200], &[200]), [0x90, 3, 0]);
    assert_eq!(encode(&[1, 2, 3, 4], &[4]), [7, 1, 2, 3, 4]);
    assert_eq!(encode(&[], &[1]), [0]);

    let mut encoder = Encoder::new();
    let mut sequence = Sequence::NONE;
    let mut at = 0;
    for (consumed, start, len, total) in [(3, 0, 1, 2), (6, 2, 4, 7), (2, 6, 1, 9)] {
        assert_eq!(encoder.encode(&raw[at..], &mut sequence), (consumed, true));
        assert_eq!((sequence.start, sequence.payload_len, encoder.total), (start, len, total));
        at += consumed;
    }
    assert_eq!(encoder.encode(&raw[at..], &mut sequence), (1, false));
    let last = encoder.finish();
    assert_eq!((last.start, last.payload_len, encoder.total), (10, 1, 11));
}

#[test]
fn random_data_in_random_cuts_follows_the_rules() {
    let mut next = random(0xc0ff_ee01);
    for round in 0..3000 {
        let symbols = 1 + next(4) * next(60);
        let longest = 1 + next(if round % 3 == 0 { 40 } else { 4 });
        let mut raw = Vec::new();
        for _ in 0..next(120) {
            let byte = next(symbols + 1) as u8;
            raw.extend(core::iter::repeat_n(byte, 1 + next(longest)));
        }
        let cuts: Vec<usize> = (0..8).map(|_| 1 + next(40)).collect();
        assert_eq!(
            encode(&raw, &cuts),
            if raw.is_empty() { [0].to_vec() } else { by_the_rules(&raw) },
            "{raw:?} {cuts:?}"
        );
    }
}
