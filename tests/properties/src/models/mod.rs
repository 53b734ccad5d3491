//! Models: one player per module.

mod cbor;
mod chunk;
mod compact_log;
mod coredump;
mod diagnostics;
pub mod event_storage;
mod events;
mod http;
pub mod logs;
pub mod metrics;
mod packetizer;
mod reboot_tracking;
mod recordings;
mod ring;
pub mod rle;
mod serializer;
mod trace_event;

use golden::rust_api::Player;
use golden::vectors::Group;

/// Modules with a model.
pub const MODULES: [&str; 19] = [
    "rle",
    "cbor",
    "circular_buffer",
    "chunk_transport",
    "packetizer",
    "rle_source",
    "event_storage",
    "serializer",
    "trace_event",
    "reboot_tracking",
    "metrics",
    "coredump",
    "compact_log",
    "log",
    "log_source",
    "cdr",
    "heap_stats",
    "task_watchdog",
    "http",
];

/// The model of a module with the options of a group. `None`: it has none.
pub fn model(module: &str, group: &Group) -> Option<Box<dyn Player>> {
    Some(match module {
        "rle" => Box::new(rle::Encoder),
        "cbor" => Box::<cbor::Encoder>::default(),
        "circular_buffer" => Box::<ring::Ring>::default(),
        "chunk_transport" => Box::<chunk::Chunks>::default(),
        "packetizer" => Box::new(packetizer::Packetizer::new(group)),
        "rle_source" => Box::<rle::Source>::default(),
        "event_storage" => Box::new(event_storage::EventStorage::new(group)),
        "serializer" => Box::new(serializer::Serializer::new(group)),
        "trace_event" if group.number("MEMFAULT_COMPACT_LOG_ENABLE", 0) == 0 => {
            Box::new(trace_event::Traces::new(group))
        }
        "reboot_tracking" => Box::new(reboot_tracking::Reboots::new(group)),
        "metrics" => Box::new(metrics::Metrics::new(group)),
        // The faults of a 32-bit port are not in a model, nor is the test of the storage.
        "coredump" if !["i386_posix", "storage_check"].contains(&group.id.as_str()) => {
            Box::new(coredump::Coredumps::new(group))
        }
        "compact_log" => Box::new(compact_log::Serializer),
        // The bytes of the context are compared with the vectors only.
        "log" | "log_source" if !group.id.starts_with("context_") => Box::new(logs::Logs::new(group)),
        "cdr" => Box::new(recordings::Recordings::new(group)),
        "heap_stats" => Box::new(diagnostics::HeapStats::new(group)),
        "task_watchdog" => Box::new(diagnostics::TaskWatchdog::new(group)),
        // The client of a platform is hooks only.
        "http" if group.id != "client" => Box::new(http::Http::new(group)),
        _ => return None,
    })
}
