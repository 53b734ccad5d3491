//! The modules of spec 30.

use super::events::environment;
use crate::models::logs::Logs;
use crate::random::{Random, StepBuilder, step};
use golden::rust_api::Player;
use golden::step::Step;
use golden::vectors::Group;

/// Sets of options that no vector has, names without the common prefix.
pub fn more_options(module: &str) -> &'static [&'static [(&'static str, i64)]] {
    match module {
        "log" => &[
            &[("LOG_MAX_LINE_SAVE_LEN", 251), ("LOG_EXPORT_CHUNK_MAX_LEN", 1), ("COMPACT_LOG_ENABLE", 1)],
            &[("LOG_MAX_LINE_SAVE_LEN", 1), ("COMPACT_LOG_ENABLE", 1), ("RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL", 0)],
            &[("LOG_MAX_LINE_SAVE_LEN", 7), ("COMPACT_LOG_ENABLE", 1), ("LOG_TIMESTAMPS_ENABLE", 0)],
            &[("LOG_MAX_LINE_SAVE_LEN", 131), ("LOG_DATA_SOURCE_ENABLED", 0), ("LOG_RESTORE_STATE", 1)],
            &[("LOG_RESTORE_STATE", 1), ("COMPACT_LOG_ENABLE", 1), ("LOG_TIMESTAMPS_ENABLE", 0)],
        ],
        "log_source" => &[
            &[("LOG_MAX_LINE_SAVE_LEN", 250), ("LOG_RESTORE_STATE", 1), ("COMPACT_LOG_ENABLE", 1)],
            &[("LOG_MAX_LINE_SAVE_LEN", 2), ("EVENT_INCLUDED_BUILD_ID_SIZE_BYTES", 20)],
        ],
        "cdr" => &[
            &[("CDR_ENABLE", 1), ("CDR_MAX_DATA_SOURCES", 1), ("CDR_MAX_ENCODED_METADATA_LEN", 3)],
            &[("CDR_ENABLE", 1), ("CDR_MAX_DATA_SOURCES", 6), ("CDR_MAX_ENCODED_METADATA_LEN", 300)],
        ],
        "heap_stats" => &[&[("HEAP_STATS_MAX_COUNT", 1)], &[("HEAP_STATS_MAX_COUNT", 2)]],
        "task_watchdog" => &[&[("TASK_WATCHDOG_ENABLE", 1), ("TASK_WATCHDOG_TIMEOUT_INTERVAL_MS", 0xffff_ffff)]],
        _ => &[],
    }
}

fn drain(random: &mut Random) -> Step {
    let lengths: Vec<usize> = (0..random.between(1, 4)).map(|_| random.between(9, 150)).collect();
    step("drain_chunks").sizes("lengths", &lengths).build()
}

/// Arguments of a compact log, and what says their types.
fn arguments(random: &mut Random, call: StepBuilder) -> StepBuilder {
    let count = if random.one_in(6) { 15 } else { random.below(6) };
    let mut call = call.size("args.#", count);
    let mut types = 1_u32;
    // Only so many floating-point numbers travel in registers.
    let mut doubles_left = 8;
    for index in 0..count {
        let key = |kind: &str| format!("args.{index}.{kind}");
        let kind = if count == 15 { 0 } else { random.below(4) as u32 };
        let kind = if kind == 2 && doubles_left == 0 { 0 } else { kind };
        types = types << 2 | kind;
        call = match kind {
            0 => call.number(&key("i32"), random.number() as i32),
            1 => {
                let sign = if random.one_in(2) { u64::MAX } else { 0 };
                call.number(&key("i64"), ((random.word() >> random.below(64)) ^ sign) as i64)
            }
            2 => {
                doubles_left -= 1;
                call.number(&key("f64"), random.word())
            }
            _ if random.one_in(5) => call.null(&key("str")),
            _ => {
                let len = random.pick(&[0, 1, 5, 23, 24, 100, 110]) + random.below(20);
                call.bytes(&key("str"), random.text(len))
            }
        };
    }
    call.number("compressed_fmt", types)
}

fn log_id(random: &mut Random) -> u32 {
    random.pick(&[0, 8, 23, 24, 255, 256, 65_535, 65_536]) + random.below(40) as u32
}

pub fn compact(random: &mut Random) -> Vec<Step> {
    let id = log_id(random);
    let room = random.pick(&[0, 1, 5, 10, 20, 60, 400]) + random.below(20);
    let call = step("serialize").number("log_id", id).size("buf_len", room);
    let fallback = step("fallback").number("log_id", id).number("serialized_len", random.number());
    vec![arguments(random, call).build(), fallback.build()]
}

fn level(random: &mut Random) -> u32 {
    if random.one_in(6) { random.pick(&[4, 5, 7, 8, 12, 15, 255]) } else { random.below(4) as u32 }
}

/// Around the longest line, around what the storage holds, or short.
fn text_len(random: &mut Random, max_len: usize, storage: usize) -> usize {
    match random.below(8) {
        0 => max_len.saturating_sub(1) + random.below(4),
        1 => storage.saturating_sub(random.below(9)).min(300),
        2 => random.below(4),
        _ => random.below(storage.clamp(2, 40)),
    }
}

fn save(random: &mut Random, group: &Group, storage: usize) -> Step {
    let max_len = group.number("MEMFAULT_LOG_MAX_LINE_SAVE_LEN", 128) as usize;
    let len = text_len(random, max_len, storage);
    let level = level(random);
    if group.number("MEMFAULT_COMPACT_LOG_ENABLE", 0) != 0 && random.one_in(2) {
        let id = log_id(random);
        let call = step("compact_save").number("level", level).number("log_id", id);
        return arguments(random, call).build();
    }
    if random.one_in(2) {
        return step("save").number("level", level).bytes("text", random.text(len)).build();
    }
    let call = step("save_preformatted").number("level", level).flag("nolock", random.one_in(4));
    match random.below(8) {
        0 => call.null("msg").build(),
        1 => call.bytes("msg", random.bytes(len)).build(),
        _ => call.bytes("msg", random.text(len)).build(),
    }
}

fn boot(random: &mut Random, group: &Group, storage: usize) -> Step {
    let restores = group.number("MEMFAULT_LOG_RESTORE_STATE", 0) != 0;
    let mode = random.pick(&["stash", "stash", "stash", "none", "bad_context_len", "bad_storage_len"]);
    // One byte more than there is is what the last mode claims to have saved: that must not fit.
    let shorter = storage > 2 && mode != "bad_storage_len" && random.one_in(8);
    let call = step("boot").size("len", if shorter { random.between(1, storage - 2) } else { storage });
    if restores { call.bytes("restore", mode).build() } else { call.build() }
}

fn set_time(random: &mut Random) -> Step {
    if random.one_in(3) {
        return step("set_time").null("type").build();
    }
    let secs = random.word() >> random.below(64);
    step("set_time").number("type", random.pick(&[1, 1, 0])).number("secs", secs).build()
}

fn upload(random: &mut Random) -> Step {
    match random.below(10) {
        0..3 => step("trigger").build(),
        3 => step("has_more").size("prefill", 30_583).build(),
        4 => step("unsent_count").build(),
        5 => step("mark_read").build(),
        6 => drain(random),
        _ => {
            let offset = if random.one_in(12) { random.number() as usize } else { random.below(300) };
            let len = if random.one_in(4) { 0 } else { random.below(120) };
            step("read_msg").size("offset", offset).size("len", len).build()
        }
    }
}

/// `log`, and with `uploads` `log_source`.
pub fn lines(random: &mut Random, group: &Group, uploads: bool) -> Vec<Step> {
    let storage = random.pick(&[1, 2, 3, 5, 10, 16, 30, 60, 135, 140, 260, 600]) + random.below(8);
    let mut steps = vec![
        environment(random, "env").build(),
        step("init").size("storage", storage).flag("raw_context", false).build(),
    ];
    // Tells whether the buffer is booted: what a second boot would show is not said.
    let mut model = Logs::new(group);
    let mut told = 0;
    for _ in 0..random.between(5, 60) {
        for step in &steps[told..] {
            let _ = model.step(step);
        }
        told = steps.len();
        if !model.is_booted() && random.one_in(2) {
            steps.push(boot(random, group, storage));
            continue;
        }
        steps.push(match random.below(26) {
            // Before the first boot the library's source is not connected (docs/differences.md).
            _ if uploads && model.was_booted() && random.one_in(3) => upload(random),
            0..3 => step("read").build(),
            3 => step("export_logs").build(),
            4 => step("set_min_level").number("level", random.below(5) as u32).build(),
            5 => set_time(random),
            6 => step(random.pick(&["state", "counts", "regions", "boot_bad"])).build(),
            7 if model.is_booted() => step("boot_again").build(),
            8 if group.number("MEMFAULT_LOG_RESTORE_STATE", 0) != 0 => step("save_state").build(),
            9 if random.one_in(2) => step(random.pick(&["reset", "power_cycle"])).build(),
            10 if group.number("MEMFAULT_LOG_RESTORE_STATE", 0) != 0 => step("power_cycle").build(),
            _ => save(random, group, storage),
        });
    }
    steps
}

fn recording(random: &mut Random, call: StepBuilder, prefix: &str) -> StepBuilder {
    let key = |field: &str| format!("{prefix}.{field}");
    let call = match random.below(3) {
        0 => call.null(&key("start_time")),
        _ => call.number(&key("start_time"), random.word() >> random.below(64)),
    };
    let mimetypes = random.pick(&[0, 1, 1, 1, 2, 3]);
    let texts: Vec<Vec<u8>> = (0..mimetypes)
        .map(|_| {
            let len = random.pick(&[0, 3, 10, 24, 30]);
            random.text(len)
        })
        .collect();
    let reason_len = random.pick(&[0, 1, 10, 23, 24, 60]);
    let data_len = random.pick(&[0, 1, 23, 24, 100, 255, 256, 700]);
    call.number(&key("duration_ms"), random.number())
        .list(&key("mimetypes"), &texts)
        .bytes(&key("reason"), random.text(reason_len))
        .bytes(&key("data"), random.bytes(data_len))
}

pub fn recordings(random: &mut Random) -> Vec<Step> {
    let sources = random.between(1, 5);
    let mut init = step("init").size("sources.#", sources);
    for source in 0..sources {
        let count = random.below(4);
        init = init.size(&format!("sources.{source}.#"), count);
        for number in 0..count {
            init = recording(random, init, &format!("sources.{source}.{number}"));
        }
    }
    let mut steps = vec![environment(random, "env").build(), init.build()];
    let mut reads_fail = false;
    for _ in 0..random.between(3, 40) {
        steps.push(match random.below(20) {
            0..5 => step("register").size("source", random.below(sources)).build(),
            5..8 => step("has_more").size("prefill", 17_476).build(),
            8 | 9 => step("mark_read").build(),
            // What the packetizer makes of reads that fail is not the subject.
            10 if !reads_fail => drain(random),
            11 => {
                reads_fail = true;
                step("fail_reads").size("source", random.below(sources)).flag("v", true).build()
            }
            12 => environment(random, "set_env").build(),
            _ => {
                let offset = if random.one_in(12) { random.number() as usize } else { random.below(250) };
                step("read").size("offset", offset).size("len", random.pick(&[0, 1, 20, 100, 300])).build()
            }
        });
    }
    steps
}

pub fn heap(random: &mut Random, group: &Group) -> Vec<Step> {
    let pool = group.number("MEMFAULT_HEAP_STATS_MAX_COUNT", 32) as usize;
    let mut steps =
        vec![step("init").size("entry_size", 24).size("pool_size", 24 * pool).build(), step("initial").build()];
    // Few addresses, so that some are allocated twice.
    let address = |random: &mut Random| {
        let block = random.below(pool + pool / 2 + 1) as u64;
        if random.one_in(12) { 0 } else { 0x2000_0000 + 16 * block }
    };
    for _ in 0..random.between(5, 120) {
        steps.push(
            match random.below(14) {
                0 => step(random.pick(&["empty", "reset", "empty", "empty"])),
                1 => step("increment_in_use_block_count"),
                2 => step("decrement_in_use_block_count"),
                3..7 => step("free").number("ptr", address(random)),
                _ => {
                    let size =
                        if random.one_in(6) { random.word() >> random.below(64) } else { random.below(4) as u64 };
                    let size = if random.one_in(12) { size | 1 << 31 } else { size };
                    step("malloc").number("lr", random.number()).number("ptr", address(random)).number("size", size)
                }
            }
            .build(),
        );
    }
    steps
}

pub fn watchdog(random: &mut Random, group: &Group) -> Vec<Step> {
    let timeout = group.number("MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS", 1000) as u64;
    let mut now =
        random.pick(&[0, 1, 0xffff_ff00, 0xffff_ffff, 0x1_0000_0000, 0x5_0000_0000]) + random.below(600) as u64;
    let mut steps = vec![step("init").number("clock", now).build()];
    for _ in 0..random.between(3, 50) {
        let channel = random.below(group.channels.len());
        steps.push(match random.below(12) {
            0..3 => {
                now += random.pick(&[0, 1, timeout / 2, timeout - 1, timeout, timeout + 1, 1 << 31, 1 << 32]);
                step("clock").number("ms", now).build()
            }
            3..6 => step("check_all").build(),
            6 if random.one_in(3) => step("init").build(),
            7 => step("stop").size("channel", channel).build(),
            8 | 9 => step("feed").size("channel", channel).build(),
            _ => step("start").size("channel", channel).build(),
        });
    }
    steps
}
