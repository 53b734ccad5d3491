//! The modules of spec 50.

use super::{buffer_len, events};
use crate::random::{Random, StepBuilder, step};
use golden::step::Step;
use golden::vectors::Group;

/// Where the memory of the player begins, and how much of it there is.
const MEMORY: u32 = 0x2000_0000;
const REASONS: [u16; 6] = [0, 1, 0x8001, 0x8006, 0x9200, 0x9400];

pub fn calls(random: &mut Random, group: &Group) -> Vec<Step> {
    let page: Option<usize> = group.id.strip_prefix("buffered_w").and_then(|page| page.parse().ok());
    let mut storage_len = match random.below(8) {
        0 => random.below(40),
        1 => 4000,
        2 => random.between(100, 300),
        _ => random.between(200, 1500),
    };
    if let Some(page) = page.filter(|_| !random.one_in(12)) {
        storage_len = storage_len.next_multiple_of(page);
    }
    let mut steps = vec![events::environment(random, "env").build(), init(random, storage_len)];
    for _ in 0..random.between(3, 25) {
        steps.push(match random.below(16) {
            0 => step("get_save_size").build(),
            1 => events::environment(random, "set_env").build(),
            2 | 3 => step("has_valid_coredump").build(),
            4 => step("clear").build(),
            5 => {
                let offset = random.below(storage_len + 20);
                step("read").size("offset", offset).size("len", random.below(200)).build()
            }
            6 if storage_len > 0 => poke(random, storage_len),
            7..10 => {
                let lengths: Vec<usize> = (0..random.between(1, 3)).map(|_| buffer_len(random).max(9)).collect();
                step("drain_chunks").sizes("lengths", &lengths).build()
            }
            10 | 11 => {
                let hook = random.pick(&[
                    "read",
                    "write",
                    "write",
                    "write",
                    "erase",
                    "port_save_begin",
                    "platform_save_begin",
                ]);
                let call = if hook == "read" { 1 } else { random.between(1, 60) };
                step("inject").bytes("what", hook.as_bytes()).size("nth", call).build()
            }
            _ => step("save").build(),
        });
    }
    steps
}

/// Damages the header, or anything else.
fn poke(random: &mut Random, storage_len: usize) -> Step {
    let offset = if random.one_in(3) { random.below(storage_len) } else { random.below(storage_len.min(12)) };
    step("poke").size("offset", offset).number("byte", random.pick(&[0, 1, 2, 0xff, b'C'])).build()
}

fn init(random: &mut Random, storage_len: usize) -> Step {
    let mut init = step("init").size("storage_size", storage_len);
    let mut content = random.runs(storage_len.min(40));
    if random.one_in(3) && storage_len >= 12 {
        // A header with a size that may be right.
        let size = random.pick(&[27, 28, 29, storage_len as u32, storage_len as u32 + 1, u32::MAX]);
        content.splice(..12, [&b"CORE\x02\0\0\0"[..], &size.to_le_bytes()].concat());
    }
    init = init.bytes("storage_init", content).number("storage_init_rest", random.pick(&[0u8, 0x5a, 0xff]));
    init = if random.one_in(6) {
        init.null("regs")
    } else {
        let len = random.pick(&[76, 76, 148, 0, 1, 17, 40]);
        init.bytes("regs", random.runs(len))
    };
    init = init.number("trace_reason", random.pick(&REASONS));
    let mut memory = MEMORY;
    let most = random.pick(&[0, 1, 3, 5]);
    for list in ["arch_regions", "sdk_regions", "regions"] {
        let least = usize::from(list == "regions" && !random.one_in(20));
        let few = if list == "regions" { random.between(least, 5) } else { random.below(most + 1) };
        init = init.size(&format!("{list}.#"), few);
        for index in 0..few {
            init = region(random, init, &format!("{list}.{index}"), &mut memory);
        }
    }
    init.build()
}

fn region(random: &mut Random, init: StepBuilder, key: &str, memory: &mut u32) -> StepBuilder {
    let kind = random.pick(&[0, 0, 0, 1, 1, 2, 3, 4, 4, 5]);
    let field = |name: &str| format!("{key}.{name}");
    let init = init.number(&field("type"), kind);
    if random.one_in(10) {
        return init.number(&field("addr"), 0).size(&field("size"), random.below(50));
    }
    let mut len = match random.below(4) {
        0 => random.below(6),
        1 => random.pick(&[4, 28, 100, 512]),
        _ => random.below(200),
    };
    let words = kind == 1 && !random.one_in(4);
    if words {
        len = len / 4 * 4;
    }
    // Blocks and words are aligned, memory lies anywhere.
    let align = if words || kind == 4 { 4 } else { random.pick(&[1, 4]) };
    let address = (*memory + random.below(9) as u32).next_multiple_of(align);
    *memory = address + 12 + len as u32;
    let init = init.number(&field("addr"), address);
    if kind == 4 {
        return init
            .size(&field("size"), random.below(300))
            .flag(&field("valid"), !random.one_in(3))
            .number(&field("cached_address"), random.word() as u32)
            .size(&field("blk_size"), len)
            .bytes(&field("data"), random.runs(len));
    }
    init.size(&field("size"), len).bytes(&field("data"), random.runs(len))
}
