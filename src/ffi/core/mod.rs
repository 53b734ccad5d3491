//! `memfault/core/*.h`.

pub mod arch;
pub mod batched_events;
pub mod build_id_private;
pub mod build_info;
pub mod data_export;
pub mod data_packetizer;
pub mod data_packetizer_source;
pub mod data_source_rle;
pub mod device_info;
pub mod errors;
pub mod event_storage;
pub mod event_storage_implementation;
pub mod platform;
pub mod reboot_tracking;
pub mod reboot_tracking_private;
pub mod sdk_assert;
pub mod serializer_helper;
pub mod serializer_key_ids;
pub mod trace_event;
pub mod trace_event_impl;
pub mod trace_event_private;
