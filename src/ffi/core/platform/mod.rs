//! `memfault/core/platform/*.h`.

pub mod core;
pub mod device_info;
pub mod nonvolatile_event_storage;
pub mod overrides;
pub mod system_time;
