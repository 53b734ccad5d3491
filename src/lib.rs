//! A drop-in replacement for the Memfault firmware SDK 1.43, in Rust.
//!
//! The crate has two faces:
//!
//! * the **safe core**: plain structs and small traits, no globals, no heap, usable from Rust firmware and tests as they are;
//! * [`ffi`] (feature `ffi`, on by default): the C ABI of the SDK. One Rust file per public header; it owns the one static
//!   instance of each core struct and implements the core's traits by calling the firmware's hooks.
//!
//! | Module | Content |
//! |---|---|
//! | [`util`] | CRC-16, varint, run-length encoding, base64, CBOR writer, ring buffer: stateless or caller-owned state |
//! | [`transport`] | chunk layer, message layer and packetizer, RLE data source, text export line |
//! | [`events`] | event storage, CBOR envelope, trace events, reboot tracking, build identity |
//! | [`logs`] | the log buffer, read line by line, as text, or as one message |
//! | [`metrics`] | heartbeats and sessions (feature `metrics`) |
//! | [`cdr`] | custom data recordings |
//! | [`diagnostics`] | heap statistics and task watchdog, for coredumps; self test |
//! | [`demo`] | the shell (feature `demo`) |
//! | [`http`] | requests, responses and URLs for small clients (feature `http`) |
//! | [`coredump`] | what a crash leaves behind: saving, reading, testing the storage |
//! | [`fault`] | crash state and register blocks of each architecture |
//! | [`config`] | the options of the C SDK as one trait |
#![no_std]
#![deny(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod cdr;
pub mod config;
pub mod coredump;
#[cfg(feature = "demo")]
pub mod demo;
pub mod diagnostics;
pub mod events;
pub mod fault;
#[cfg(feature = "ffi")]
#[allow(unsafe_code)]
pub mod ffi;
#[cfg(feature = "http")]
pub mod http;
pub mod logs;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod transport;
pub mod util;
