//! Random lists of metrics, and calls on them.

use super::events::{drain, environment};
use crate::models::metrics::table::{Kind, Table};
use crate::random::{Random, StepBuilder, step};
use golden::step::Step;
use golden::vectors::Group;

/// Lines of a metrics file: all macros in any order, metrics before and far behind their session, few or many of them.
pub fn metric_definitions(group: &Group, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed ^ group.id.bytes().fold(0, |sum, byte| sum * 31 + u64::from(byte)));
    let random = &mut random;
    let session_count = if random.one_in(4) { 31 } else { random.below(4) };
    let metric_count = if random.one_in(4) { 200 } else { random.below(25) };
    let mut lines: Vec<String> = (0..session_count).map(|s| format!("SESSION_KEY_DEFINE(session{s})")).collect();
    for number in 0..metric_count {
        let at = random.below(lines.len() + 1);
        lines.insert(at, definition(random, number, session_count));
    }
    lines.into_iter().map(|line| format!("MEMFAULT_METRICS_{line}")).collect()
}

fn definition(random: &mut Random, number: usize, session_count: usize) -> String {
    let key = format!("key{number}");
    let kind = random.pick(&["Unsigned", "Signed", "Timer"]);
    let kind_name = format!("kMemfaultMetricType_{kind}");
    let scale = if kind == "Timer" { 1 } else { random.number() >> 1 };
    let (low, high) = (random.below(500), 500 + random.below(5000));
    let max_len = random.pick(&[0, 1, 2, 7, 23, 24, 40, 255, 256]);
    // The name of the heartbeat may be written out.
    let session = match random.below(session_count + 1) {
        0 => "heartbeat".to_owned(),
        above => format!("session{}", above - 1),
    };
    match random.below(8) {
        0 => format!("KEY_DEFINE({key}, {kind_name})"),
        1 => format!("KEY_DEFINE_WITH_RANGE({key}, {kind_name}, {low}, {high})"),
        2 => format!("KEY_DEFINE_WITH_SCALE_VALUE({key}, {kind_name}, {scale})"),
        3 => format!("STRING_KEY_DEFINE({key}, {max_len})"),
        4 => format!("KEY_DEFINE_WITH_SESSION({key}, {kind_name}, {session})"),
        5 => format!("KEY_DEFINE_WITH_RANGE_AND_SESSION({key}, {kind_name}, {low}, {high}, {session})"),
        6 => format!("KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE({key}, {kind_name}, {session}, {scale})"),
        _ => format!("STRING_KEY_DEFINE_WITH_SESSION({key}, {max_len}, {session})"),
    }
}

/// What exists with the options of a group, and what a play did so far.
struct Scene {
    table: Table,
    clock: u64,
    booted: bool,
    saved: bool,
    /// Names of operations that an option brings along.
    optional: Vec<&'static str>,
    restore: bool,
    /// One of each kind, where there is one: what happens to a metric depends on what happened to it before.
    favourites: Vec<i64>,
}

impl Scene {
    fn new(random: &mut Random, group: &Group) -> Self {
        let on = |option: &str| group.number(&format!("MEMFAULT_METRICS_{option}"), 0) != 0;
        let mut optional = Vec::new();
        for (option, names) in [
            ("SYNC_SUCCESS", &["sync_success", "sync_failure"][..]),
            ("MEMFAULT_SYNC_SUCCESS", &["memfault_sync_success", "memfault_sync_failure"]),
            ("CONNECTIVITY_CONNECTED_TIME", &["connectivity_state", "connectivity_state"]),
            ("BATTERY_ENABLE", &["battery_boot", "stopped_discharging", "soc", "soc"]),
            ("RESTORE_STATE", &["save_state"]),
        ] {
            optional.extend(names.iter().filter(|_| on(option)));
        }
        let table = Table::new(group);
        let favourites = (0..4).filter_map(|kind| {
            let members = table.metrics.iter().enumerate().filter(|(_, metric)| metric.kind.number() == kind);
            let members: Vec<i64> = members.map(|(index, _)| index as i64).collect();
            if members.is_empty() { None } else { Some(random.pick(&members)) }
        });
        Self {
            favourites: favourites.collect(),
            table,
            // Also far beyond the 31 and 32 bits of timers and hours.
            clock: random.word() >> random.pick(&[20, 33, 44, 52]),
            booted: false,
            saved: false,
            optional,
            restore: on("RESTORE_STATE"),
        }
    }

    fn metric(&self, random: &mut Random) -> i64 {
        const OUT_OF_RANGE: [i64; 3] = [-1, i32::MIN as i64, i32::MAX as i64];
        let count = self.table.metrics.len();
        match random.below(40) {
            0 => random.pick(&OUT_OF_RANGE),
            1 => count as i64,
            2..22 => random.pick(&self.favourites),
            _ => random.below(count) as i64,
        }
    }

    fn session(&self, random: &mut Random) -> i64 {
        const OUT_OF_RANGE: [i64; 3] = [32, 255, 1000];
        let count = self.table.sessions.len();
        match random.below(40) {
            0 => random.pick(&OUT_OF_RANGE),
            1 => count as i64,
            _ => random.below(count) as i64,
        }
    }

    /// A metric with a setter, and a value of its type.
    fn assignment(&self, random: &mut Random, to: StepBuilder, prefix: &str) -> StepBuilder {
        let settable = |metric: &&(usize, Kind)| metric.1 != Kind::Timer;
        let all: Vec<(usize, Kind)> = self.table.metrics.iter().map(|metric| metric.kind).enumerate().collect();
        let choices: Vec<(usize, Kind)> = all.iter().filter(settable).copied().collect();
        let (metric, kind) = random.pick(&choices);
        value(random, to.size(&format!("{prefix}m"), metric), &format!("{prefix}v"), kind)
    }
}

fn value(random: &mut Random, to: StepBuilder, key: &str, kind: Kind) -> StepBuilder {
    match kind {
        Kind::Text { max_len } => {
            let len = random.pick(&[0, 1, max_len, max_len + 1, 30]);
            let text = if random.one_in(8) { any_characters(random, len) } else { random.text(len) };
            to.bytes(key, text)
        }
        Kind::Signed => to.number(key, random.number() as i32),
        _ => to.number(key, random.number()),
    }
}

/// Bytes that no character set gives a meaning; only NUL ends a string.
fn any_characters(random: &mut Random, len: usize) -> Vec<u8> {
    random.bytes(len).into_iter().map(|byte| byte.max(1)).collect()
}

fn region(random: &mut Random) -> Vec<u8> {
    let mut region = vec![0; 64];
    region[..8].copy_from_slice(b"RBT!\x02\x00\x00\x00");
    region[8..12].copy_from_slice(&random.pick(&[u32::MAX, 0x8001, 0x9400, 3]).to_le_bytes());
    let sessions = random.number() & random.pick(&[u32::MAX, 7, 0]);
    region[24..28].copy_from_slice(&sessions.to_le_bytes());
    region
}

pub fn calls(random: &mut Random, group: &Group) -> Vec<Step> {
    let mut scene = Scene::new(random, group);
    // Room for many events, for some, or hardly for one.
    let storage_len = random.pick(&[8000, 8000, 700, 200]) + random.below(60);
    let mut init = step("init").number("clock", scene.clock).size("event_storage", storage_len);
    let collected = random.below(3);
    init = init.size("on_collect.#", collected);
    for index in 0..collected {
        init = scene.assignment(random, init, &format!("on_collect.{index}."));
    }
    if random.one_in(2) {
        init = scene.assignment(random, init, "in_start_cb.");
    }
    let mut steps = vec![environment(random, "env").build(), init.build()];
    if !random.one_in(8) {
        let boot = step("reboot_tracking_boot").bytes("region", region(random));
        let reason = random.pick(&[0, 3, 8, 0x8003]);
        steps.push(boot.number("info.reset_reason", reason).number("info.reset_reason_reg", random.number()).build());
    }
    let early = if random.one_in(3) { random.below(8) } else { 0 };
    for index in 0..random.between(10, 90) {
        let next = match scene.booted || index < early {
            true => operation(random, &mut scene),
            false => boot(random, &mut scene),
        };
        let next = if random.one_in(2) { next.number("drain", 1) } else { next };
        steps.push(next.build());
    }
    steps.push(drain(random));
    steps
}

/// A boot that fails for want of storage leaves the scene as it was, but nothing is then undefined that is allowed after
/// a good one.
fn boot(random: &mut Random, scene: &mut Scene) -> StepBuilder {
    if random.one_in(12) {
        return step("boot_null").bytes("arg", random.pick(&["info", "storage"]));
    }
    let mut boot = step("boot").number("unexpected_reboot_count", random.number());
    if random.one_in(8) {
        boot = boot.flag("timer_ok", false);
    }
    if scene.restore {
        boot = boot.flag("restore", scene.saved && !random.one_in(4));
    }
    scene.booted = true;
    boot
}

fn operation(random: &mut Random, scene: &mut Scene) -> StepBuilder {
    const QUERIES: [&str; 6] =
        ["debug_print", "all_sessions_debug_print", "worst_case", "num_metrics", "iterate", "session_debug_print"];
    let (metric, session) = (scene.metric(random), scene.session(random));
    let on_metric = |name: &str| step(name).number("m", metric);
    let on_session = |name: &str| step(name).number("s", session);
    let known = usize::try_from(metric).ok().and_then(|metric| scene.table.metrics.get(metric));
    match random.below(40) {
        0..6 => match known.map(|metric| metric.kind) {
            None | Some(Kind::Timer) => on_metric("set_unsigned").number("v", random.number()),
            Some(kind) => value(random, on_metric("set"), "v", kind),
        },
        6..9 => {
            let limit = random.pick(&[i32::MAX, i32::MIN, i32::MAX - 1, -i32::MAX]);
            on_metric("add").number("v", if random.one_in(2) { limit } else { random.number() as i32 })
        }
        9..14 => on_metric(random.pick(&["timer_start", "timer_start", "timer_stop"])),
        14 => on_metric(random.pick(&["set_unsigned", "set_signed"])).number("v", random.number() as i32),
        15 => {
            let len = random.below(10);
            on_metric("set_string").bytes("v", random.text(len))
        }
        16 if known.is_some_and(|metric| matches!(metric.kind, Kind::Text { .. })) => on_metric("set_string").null("v"),
        16..20 => read(random, scene, metric),
        20..23 => on_session("session_start"),
        23..26 => on_session("session_end"),
        26 => on_session("session_reset"),
        27 => on_session("register_cb").flag("start", random.one_in(2)).flag("end", random.one_in(2)),
        28..31 => {
            // Steps back, too: the clock of a port may do so.
            // The longest stretch that a timer can tell, so that sums pass their end; and ordinary ones.
            let by = if random.one_in(3) { 0x7fff_ffff } else { random.number() >> random.below(24) };
            scene.clock = if random.one_in(10) {
                scene.clock.wrapping_sub(by.into())
            } else {
                scene.clock.wrapping_add(by.into())
            };
            step("clock").number("ms", scene.clock)
        }
        31 | 32 if scene.booted => step(random.pick(&["heartbeat", "collect"])),
        33 if random.one_in(3) => boot(random, scene),
        34 => step("log_counts").number("dropped", random.number()).number("recorded", random.number()),
        35 | 36 if !scene.optional.is_empty() => optional(random, scene),
        37 if random.one_in(4) => environment(random, "set_env"),
        37 if random.one_in(4) => step("event_storage_boot").size("len", random.between(100, 3000)),
        _ => match random.pick(&QUERIES) {
            "session_debug_print" => on_session("session_debug_print"),
            "iterate" => {
                let stop_after = random.below(scene.table.metrics.len() + 2) as i64;
                step("iterate").number("stop_after", if random.one_in(2) { -1 } else { stop_after })
            }
            name => step(name),
        },
    }
}

/// With the reader that fits, or another one.
fn read(random: &mut Random, scene: &Scene, metric: i64) -> StepBuilder {
    let known = usize::try_from(metric).ok().and_then(|metric| scene.table.metrics.get(metric));
    let fitting = match known.map(|metric| metric.kind) {
        Some(Kind::Text { .. }) => "string",
        Some(Kind::Timer) => "timer",
        Some(Kind::Signed) => "signed",
        _ => "unsigned",
    };
    let other = random.pick(&["string", "timer", "signed", "unsigned"]);
    let reader = if random.one_in(8) { other } else { fitting };
    let read = step("read").number("m", metric).bytes("as", reader);
    if reader == "string" { read.size("len", random.pick(&[0, 1, 2, 5, 24, 300])) } else { read }
}

fn optional(random: &mut Random, scene: &mut Scene) -> StepBuilder {
    match random.pick(&scene.optional) {
        "connectivity_state" => step("connectivity_state").number("state", random.pick(&[0, 1, 1, 2, 2, 3, 3, 4, 9])),
        "soc" => step("soc")
            .number("rv", random.pick(&[0, 0, 0, -1]))
            .number("soc", if random.one_in(10) { 0x8000_0005 } else { random.below(1200) as u32 })
            .flag("discharging", !random.one_in(3)),
        "save_state" => {
            scene.saved = true;
            step("save_state")
        }
        name => step(name),
    }
}
