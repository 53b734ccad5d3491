//! The modules of spec 10.

use super::{buffer_len, message_len};
use crate::models::rle::encode;
use crate::random::{Random, step};
use golden::inputs::rle_enabled;
use golden::step::Step;
use golden::vectors::Group;

pub fn rle(random: &mut Random) -> Vec<Step> {
    let len = message_len(random);
    let raw = random.runs(len);
    let mut cuts = Vec::new();
    let mut offered = 0;
    let largest = random.pick(&[1, 3, 10, 128, 1000]);
    while offered < len {
        let cut = random.between(1, largest);
        cuts.push(cut);
        offered += cut;
    }
    vec![step("rle").bytes("raw", raw).sizes("cuts", &cuts).build()]
}

pub fn cbor(random: &mut Random) -> Vec<Step> {
    let kind = random.pick(&["cb", "cb", "cb", "size_only", "null_cb"]);
    let buf_len = random.pick(&[0, 1, 5, 9, 20, 60, 4000]) + random.below(4);
    let mut steps = vec![step("init").bytes("init", kind).size("buf_len", buf_len).build()];
    for _ in 0..random.below(20) {
        let len = random.pick(&[0, 1, 23, 24, 255, 256, 300]);
        let (number, wide) = (random.number(), random.word() >> random.below(64));
        steps.push(
            match random.below(12) {
                0 => step("unsigned").number("v", number),
                1 => step("signed").number("v", number as i32),
                2 => step("long_signed").number("v", wide as i64),
                3 => step("uint64_as_double").number("v", wide),
                4 => step("array_begin").number("v", number),
                5 => step("dictionary_begin").number("v", number),
                6 => step("byte_string_begin").number("v", number),
                7 => step("string_begin").number("v", number),
                8 => step("null"),
                9 => step("string").bytes("v", random.text(len)),
                10 => step("byte_string").bytes("v", random.bytes(len)),
                _ => step("join").bytes("v", random.bytes(len % 40)),
            }
            .build(),
        );
    }
    steps.push(step("finish").build());
    steps
}

pub fn ring(random: &mut Random) -> Vec<Step> {
    let size = random.pick(&[1, 2, 3, 8, 17, 64]);
    let mut steps = vec![step("init").size("size", size).build()];
    for _ in 0..random.below(50) {
        // Sums of these wrap, even with 64 bits.
        let huge = [u64::MAX, u64::MAX - size as u64, u64::MAX / 2 + 1];
        let near = random.below(size + 2) as u64;
        let offset = if random.one_in(12) { random.pick(&huge) } else { near };
        let len = random.below(size + 2);
        steps.push(
            match random.below(9) {
                0 => step("sizes"),
                1 => step("write_at_offset").number("offset_from_end", offset).bytes("data", random.bytes(len)),
                2 => step("read").number("offset", offset).size("len", len),
                3 => step("get_read_pointer").number("offset", offset),
                4 => step("read_with_callback")
                    .number("offset", offset)
                    .size("len", len)
                    .size("stop_at_call", random.below(3)),
                5 => step("consume")
                    .number("len", if random.one_in(12) { offset } else { random.below(size + 2) as u64 }),
                6 => step("consume_from_end")
                    .number("len", if random.one_in(12) { offset } else { random.below(size + 2) as u64 }),
                _ => step("write").bytes("data", random.bytes(len)),
            }
            .build(),
        );
    }
    steps
}

pub fn chunks(random: &mut Random) -> Vec<Step> {
    let (len, multi) = (message_len(random), random.one_in(3));
    let mut steps = vec![step("init").bytes("msg", random.bytes(len)).flag("multi", multi).build()];
    let fixed = random.one_in(2).then(|| buffer_len(random));
    // Enough calls to reach the end of most messages, and to go on behind it.
    for _ in 0..random.between(1, 40) {
        if random.one_in(6) {
            steps.push(step("info").build());
        }
        let len = fixed.unwrap_or_else(|| buffer_len(random));
        steps.push(step("next").size("L", len).build());
    }
    steps
}

pub fn packetizer(random: &mut Random, group: &Group) -> Vec<Step> {
    const SOURCES: [&str; 4] = ["coredump", "event", "log", "cdr"];
    let message = |random: &mut Random, source: usize| {
        let len = message_len(random);
        if source == 0 { random.runs(len) } else { random.bytes(len) }
    };
    let mut init = step("init").number("fill", random.word() as u8);
    for source in 0..SOURCES.len() {
        let messages: Vec<Vec<u8>> = (0..random.below(3)).map(|_| message(random, source)).collect();
        init = init.list(&format!("sources.{source}"), &messages);
    }
    let mut steps = vec![init.build()];
    let fixed = random.one_in(2).then(|| buffer_len(random));
    for _ in 0..random.between(5, 60) {
        let len = fixed.unwrap_or_else(|| buffer_len(random));
        // With RLE the reads of a coredump are the library's business, so which of them fail is not known.
        let first_failing = usize::from(rle_enabled(group));
        let failing = SOURCES[random.between(first_failing, SOURCES.len() - 1)];
        let source = random.below(SOURCES.len());
        steps.push(
            match random.below(24) {
                0..8 => step("get_chunk").size("L", len),
                8..13 => step("get_next").size("L", len),
                13..16 => step("begin").flag("multi", random.one_in(2)),
                16 => step("data_available"),
                17 => step("abort"),
                18 => {
                    step("set_active_sources").number("mask", if random.one_in(3) { random.word() as u32 } else { 31 })
                }
                19 | 20 => step("add").bytes("source", SOURCES[source]).bytes("msg", message(random, source)),
                21 => step("fail_reads").bytes("source", failing).size("count", random.between(1, 2)),
                _ => {
                    let name = random.pick(&[
                        "get_chunk_null_buf",
                        "get_next_null_buf",
                        "get_chunk_null_len",
                        "get_next_null_len",
                        "begin_null_cfg",
                        "begin_null_meta",
                    ]);
                    let call = step(name);
                    if name.ends_with("_buf") { call.size("L", 50) } else { call }
                }
            }
            .build(),
        );
    }
    steps
}

pub fn rle_source(random: &mut Random) -> Vec<Step> {
    let len = message_len(random).max(1);
    let raw = random.runs(len);
    let encoded_len = encode(&raw).len();
    let mut steps = vec![step("init").bytes("raw", raw).build(), step("set_active").build()];
    // `None` until `has_more` has measured the message.
    let mut delivered = None;
    for _ in 0..random.between(1, 40) {
        match (random.below(10), delivered) {
            (0, _) => {
                // Another source in between makes it start over.
                steps.push(step("set_active_null").build());
                steps.push(step("set_active").build());
                delivered = None;
            }
            (1, Some(at)) if at == encoded_len => {
                steps.push(step("mark_read").build());
                steps.push(step("has_more").build());
                return steps;
            }
            (2, Some(at)) => steps.push(step("read").size("offset", at + 1 + random.below(5)).size("len", 1).build()),
            (3..10, Some(at)) => {
                let rest = encoded_len - at;
                let some = random.below(rest + 1);
                let len = random.pick(&[0, 1, 2, some, rest]).min(rest);
                steps.push(step("read").size("offset", at).size("len", len).build());
                delivered = Some(at + len);
            }
            _ => {
                steps.push(step("has_more").build());
                delivered = delivered.or(Some(0));
            }
        }
    }
    steps
}
