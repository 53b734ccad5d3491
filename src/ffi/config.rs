//! The configuration of the firmware for which this library is built, as `build.rs` found it (`docs/configuration.md`).
//!
//! Everything in the C ABI that depends on an option takes it from [`Firmware`].

include!(concat!(env!("OUT_DIR"), "/config.rs"));
