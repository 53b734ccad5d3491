//! Decoder for the data of a Memfault-compatible device: chunks in, messages as JSON-ready records out.
//!
//! The crate does no I/O and knows no clock, so the same code serves the command line tool, a server, tests and fuzzers.
//! Input is never trusted: lengths are checked before memory is reserved, recursion is bounded, nothing panics.
//!
//! ```text
//!  text log --tokens--> chunk --chunk--> message bytes --message--> type, payload --event/coredump--> model
//!                         |                  |                          |                |
//!                         '------------------'----- diagnostic ---------'----------------'   what was lost, where, why
//! ```
//!
//! | Module | Holds | Spec |
//! |---|---|---|
//! | [`decoder`] | the whole pipeline for many devices: [`Decoder`], [`Sink`] | 80 §7 |
//! | [`tokens`] | finds `MC:<base64>:` in any text, as a stream | 80 §7.2 |
//! | [`chunk`] | puts the chunks of one device together, checks the CRC | 10 §17, 80 §7.3 |
//! | [`container`] | the `CHNK` file format: several chunks in one file | 80 §5.8 |
//! | [`http`] | captured requests of the chunks HTTP API | 80 §1.1 and §1.2 |
//! | [`message`] | type byte, project key, RLE | 10 §6 |
//! | [`event`], [`logs`] | CBOR of events, logs and recordings to records | 20 §7, 30 §8 and §10, 80 §7.4 |
//! | [`coredump`] | header and blocks of a coredump | 50 §3 and §17.1 |
//! | [`model`] | the records, in the shape of the JSON output | 80 §7.5 |
//! | [`diagnostic`] | everything that can be wrong, with a code and a place | 80 §7.3 |
//! | [`device_state`], [`ram_log`] | log, heap and task watchdog in the memory of a coredump | 30 §3, §11 and §12 |
//! | [`reasons`] | reboot reasons | 20 §11 |
//! | [`firmware`] | what an ELF file of a firmware says: build id, metrics, reasons, logs, lines | 40 §4.4, 80 §7.6 |
//! | [`symbols`] | finds the firmware of a message and puts names into it | 80 §7.6 |
//! | [`varint`], [`crc`], [`rle`], [`base64`], [`cbor`] | the encodings | 10 §3, §4, §9, §13, §14 |
//!
//! Symbols of the firmware are a last step over finished records: each record keeps the numbers it was made from
//! ([`model::Heartbeat::values`], [`model::Trace::compact_log`], ...), so [`Symbols`] rewrites names in place, and everything
//! before it has to know nothing about ELF files.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// Compiles and runs the example of the manual.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/decoding.md")]
struct Manual;

pub mod backtrace;
pub mod base64;
pub mod cbor;
pub mod chunk;
pub mod container;
pub mod coredump;
pub mod crc;
pub mod decoder;
pub mod device_state;
pub mod diagnostic;
pub mod event;
pub mod firmware;
pub mod http;
pub mod logs;
pub mod message;
pub mod model;
pub mod ram_log;
pub mod reasons;
pub mod rle;
pub mod rtos;
pub mod symbols;
pub mod tokens;
pub mod unwind;
pub mod varint;

pub use decoder::{Decoded, Decoder, DeviceId, Options, Sink, Stats};
pub use diagnostic::{Code, Diagnostic, Level, Position};
pub use firmware::Firmware;
pub use symbols::Symbols;
