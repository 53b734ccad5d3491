//! Random plays: operations of one module in an order that its contract allows.
//!
//! What a contract leaves undefined is not tried: appending outside of a session, reading an RLE source past its end,
//! calling it without a source. Everything else is, sizes of zero and far too large ones included.

mod coredump;
mod events;
mod http;
mod logs;
mod metrics;
mod transport;

pub use logs::more_options;
pub use metrics::metric_definitions;

use crate::random::Random;
use golden::step::{Play, Step};
use golden::vectors::Group;

/// The play of a module for the options of a group that follows from the seed.
pub fn play(module: &str, group: &Group, seed: u64) -> Play {
    let mut random = Random::new(seed);
    let random = &mut random;
    let steps: Vec<Step> = match module {
        "rle" => transport::rle(random),
        "cbor" => transport::cbor(random),
        "circular_buffer" => transport::ring(random),
        "chunk_transport" => transport::chunks(random),
        "packetizer" => transport::packetizer(random, group),
        "rle_source" => transport::rle_source(random),
        "event_storage" => events::storage(random, group),
        "serializer" => events::serializer(random),
        "trace_event" => events::traces(random, group),
        "reboot_tracking" => events::reboots(random),
        "metrics" => metrics::calls(random, group),
        "coredump" => coredump::calls(random, group),
        "compact_log" => logs::compact(random),
        "log" => logs::lines(random, group, false),
        "log_source" => logs::lines(random, group, true),
        "cdr" => logs::recordings(random),
        "heap_stats" => logs::heap(random, group),
        "task_watchdog" => logs::watchdog(random, group),
        "http" => http::calls(random),
        _ => Vec::new(),
    };
    Play { id: format!("{}/{seed}", group.id), steps }
}

/// A buffer length: small ones, the limits of the chunk layer, and ordinary MTUs.
fn buffer_len(random: &mut Random) -> usize {
    match random.below(6) {
        0 => random.between(9, 16),
        1 => random.pick(&[20, 64, 132, 244, 260]),
        2 => random.below(9),
        _ => random.between(9, 400),
    }
}

/// A message length with the edges of the varint.
fn message_len(random: &mut Random) -> usize {
    match random.below(5) {
        0 => random.below(4),
        1 => random.between(120, 135),
        2 => random.below(600),
        _ => random.below(80),
    }
}
