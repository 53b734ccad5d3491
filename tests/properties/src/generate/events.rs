//! The modules of spec 20.

use crate::models::event_storage::EventStorage;
use crate::random::{Random, StepBuilder, step};
use golden::rust_api::Player;
use golden::step::Step;
use golden::vectors::Group;

pub fn storage(random: &mut Random, group: &Group) -> Vec<Step> {
    let on = |option: &str| group.number(&format!("MEMFAULT_EVENT_STORAGE_{option}"), 0) != 0;
    let (nv, restore) = (on("NV_SUPPORT_ENABLED"), on("RESTORE_STATE"));
    let batch_limit = group.number("MEMFAULT_EVENT_STORAGE_READ_BATCHING_MAX_BYTES", 40) as usize;
    let capacity = random.pick(&[1, 2, 3, 5, 16, 40, 100, 300]);
    let mut steps = vec![
        step("init").size("nv_read_piece", random.below(5)).flag("persist_inside_callback", random.one_in(3)).build(),
        step("state").build(),
        boot(capacity, restore.then_some("none")),
    ];
    // Tells whether a session is open: bytes may be appended only then.
    let mut model = EventStorage::new(group);
    let mut told = 0;
    let mut refused = false;
    for _ in 0..random.between(5, 80) {
        for step in &steps[told..] {
            let _ = model.step(step);
        }
        told = steps.len();
        if steps.last().is_some_and(|step| step.name == "power_cycle") {
            refused = false;
            let mode = random.pick(&["stash", "stash", "none", "bad_context_len", "bad_storage_len"]);
            // One byte more is what that mode claims to have saved.
            let longer = mode != "bad_storage_len" && random.one_in(8);
            let len = if longer { capacity + 1 } else { capacity };
            steps.push(boot(len, Some(mode)));
            continue;
        }
        if model.can_begin() && random.one_in(4) {
            // A whole event, often a part of the largest batch, so that some batches are exactly that long.
            let len = if random.one_in(2) { batch_limit / random.pick(&[2, 4]) } else { random.below(20) };
            steps.push(step("begin").build());
            steps.push(step("append").bytes("data", random.bytes(len)).build());
            steps.push(step("finish").flag("rollback", false).build());
            continue;
        }
        let len = random.below(capacity + 3);
        steps.push(match random.below(26) {
            0..4 => {
                // While a session is open another begin is refused; the rollback of that one would be its, so there is
                // none.
                refused |= model.is_writing();
                step("begin").build()
            }
            4..8 if model.is_writing() => step("append").bytes("data", random.bytes(len.min(20))).build(),
            8..12 => {
                let rollback = !refused && random.one_in(4);
                refused = false;
                step("finish").flag("rollback", rollback).build()
            }
            12..15 => step("has_more").build(),
            15..18 => {
                let offset = if random.one_in(10) { random.number() as usize } else { random.below(len + 1) };
                step("read").size("offset", offset).size("len", random.below(len + 1)).build()
            }
            18..21 => step("mark_read").build(),
            21 if nv => step("nv_set_enabled").flag("v", random.one_in(2)).build(),
            22 if nv => step("nv_set_write_ok").flag("v", !random.one_in(3)).build(),
            23 if nv => step("persist").build(),
            21 if restore => step("save").build(),
            22 if restore => step("power_cycle").build(),
            24 if random.one_in(6) => {
                refused = false;
                boot(capacity, restore.then_some("none"))
            }
            _ => step("state").build(),
        });
    }
    steps
}

fn boot(len: usize, restore: Option<&str>) -> Step {
    let boot = step("boot").size("len", len);
    match restore {
        Some(mode) => boot.bytes("restore", mode),
        None => boot,
    }
    .build()
}

/// What the platform hooks return.
pub fn environment(random: &mut Random, name: &str) -> StepBuilder {
    let mut env = step(name);
    for key in ["serial", "software_type", "software_version", "hardware_version"] {
        let edge = random.pick(&[0, 23, 24, 40]);
        let len = if random.one_in(5) { edge } else { random.below(20) };
        env = env.bytes(key, random.text(len));
    }
    env = if random.one_in(2) { env.bytes("build_id", random.bytes(20)) } else { env.null("build_id") };
    if random.one_in(2) {
        env.number("time.type", random.pick(&[1, 1, 1, 0])).number("time.secs", random.word() >> random.below(64))
    } else {
        env.null("time")
    }
}

pub fn serializer(random: &mut Random) -> Vec<Step> {
    let mut steps = vec![environment(random, "env").build()];
    for _ in 0..random.between(1, 15) {
        let room = random.pick(&[0, 1, 4, 5, 6, 20, 60, 1000]) + random.below(40);
        steps.push(
            match random.below(8) {
                0 => step("encode_metadata").number("type", random.pick(&[1, 2, 4, 5, 6])).size("buf_len", room),
                1 => {
                    let call = step("encode_metadata_with_time").number("type", 2).size("buf_len", room);
                    if random.one_in(3) {
                        call.null("time")
                    } else {
                        call.number("time.type", random.below(2) as u8)
                            .number("time.secs", random.word() >> random.below(64))
                    }
                }
                2 => info(random, step("compute_size")),
                3 => info(random, step("check_storage_size")).size("capacity", room),
                4 => step("read_drop_count"),
                _ => info(random, step("encode_to_storage")).size("space", room),
            }
            .build(),
        );
    }
    steps
}

fn info(random: &mut Random, call: StepBuilder) -> StepBuilder {
    call.number("info.reason_key", random.pick(&[1, 6]))
        .number("info.reason_value", random.number())
        .number("info.pc", random.number())
        .number("info.lr", random.number())
        .size("info.extra_pairs", random.below(4))
}

/// A storage for a few events, or for none.
fn storage_len(random: &mut Random) -> usize {
    random.pick(&[0, 2, 30, 60, 130, 400]) + random.below(40)
}

pub fn drain(random: &mut Random) -> Step {
    if random.one_in(2) {
        return step("drain_events").build();
    }
    let lengths: Vec<usize> = (0..random.between(1, 4)).map(|_| random.between(9, 80)).collect();
    step("drain_chunks").sizes("lengths", &lengths).build()
}

pub fn traces(random: &mut Random, group: &Group) -> Vec<Step> {
    let reasons = group.trace_reasons.as_ref().map_or(0, Vec::len) + 2;
    let mut steps = vec![environment(random, "env").build()];
    for _ in 0..random.between(3, 50) {
        // Addresses have 64 bits on some machines; the SDK sends 32.
        let address = |random: &mut Random| u64::from(random.number()) | if random.one_in(8) { 5 << 32 } else { 0 };
        let (reason, pc, lr) = (random.below(reasons), address(random), address(random));
        let capture = |name: &str| step(name).size("reason", reason).number("pc", pc).number("lr", lr);
        steps.push(match random.below(20) {
            0..3 => step("boot").size("storage", storage_len(random)).build(),
            3 => step(random.pick(&["boot_null", "booted", "worst_case"])).build(),
            4 => environment(random, "set_env").build(),
            5 | 6 => step("set_isr").flag("v", random.one_in(2)).build(),
            7 => step("flush_isr").build(),
            8 => step("state").build(),
            9 | 10 => drain(random),
            11..14 => capture("capture_status").number("status", random.number() as i32).build(),
            14..17 => {
                let len = random.pick(&[0, 5, 30, 78, 79, 80, 200]);
                capture("capture_log").null("fmt").bytes("text", random.text(len)).build()
            }
            _ => capture("capture").build(),
        });
    }
    steps
}

pub fn reboots(random: &mut Random) -> Vec<Step> {
    const REASONS: [u32; 12] = [0, 1, 4, 8, 0xa, 0x1001, 0x7fff, 0x8000, 0x8003, 0x9400, 0xa001, 0xffff];
    const PLAIN: [&str; 15] = [
        "mark_coredump_saved",
        "reset_crash_count",
        "clear_reset_info",
        "clear_reboot_reason",
        "clear_metrics_sessions",
        "collect_reset_info",
        "collect_reset_info",
        "get_reboot_reason",
        "get_unexpected_reboot_occurred",
        "get_crash_count",
        "booted",
        "read_reset_info",
        "worst_case",
        "boot_null_region",
        "get_reboot_reason",
    ];
    let mut region = random.bytes(64);
    if !random.one_in(3) {
        region[..8].copy_from_slice(b"RBT!\x02\x00\x00\x00");
        region[8..12].copy_from_slice(&random.pick(&[u32::MAX, 0x8001, 3]).to_le_bytes());
    }
    let mut steps = vec![
        environment(random, "env").build(),
        step("init").bytes("region", region).size("event_storage", storage_len(random)).build(),
    ];
    for _ in 0..random.between(3, 50) {
        let reason = random.pick(&REASONS);
        steps.push(match random.below(16) {
            0..3 if random.one_in(4) => step("boot").null("info").build(),
            0..3 => step("boot")
                .number("info.reset_reason", reason)
                .number("info.reset_reason_reg", random.number())
                .build(),
            3..5 if random.one_in(4) => step("mark_reset_imminent").number("reason", reason).null("reg").build(),
            3..5 => {
                let mark = step("mark_reset_imminent").number("reason", reason);
                mark.number("reg.pc", random.number()).number("reg.lr", random.number()).build()
            }
            5 => step("metrics_session").flag("active", random.one_in(2)).size("index", random.below(40)).build(),
            6 => step("session_was_active").size("index", random.below(40)).build(),
            7 if random.one_in(3) => step("corrupt").bytes("bytes", random.bytes(4)).build(),
            7 => step("use_store").flag("v", random.one_in(2)).build(),
            8 | 9 => drain(random),
            _ => step(random.pick(&PLAIN)).build(),
        });
    }
    steps
}
