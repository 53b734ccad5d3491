//! `memfault/panics/platform/*.h`.

pub mod coredump;
