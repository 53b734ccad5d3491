//! `memfault/panics/*.h`.

pub mod arch;
pub mod coredump;
pub mod coredump_impl;
mod crash;
pub mod fault_handling;
pub mod platform;

pub(super) use crash::platform_regions;
