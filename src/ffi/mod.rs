//! The C ABI of the SDK: one Rust file per public header, at the same path as in `include/memfault/`; the parts of a long one are
//! modules of that file.
//!
//! Conventions of this layer:
//!
//! * A function converts its pointers ([`raw`]), calls the safe core, converts the result, and nothing else.
//! * The one static instance of a core struct is a [`cell::Global`]. Its state is made of cells, and no reference into it that
//!   could dangle or alias lives across a call into C, so a hook may call the SDK again.
//! * What firmware may replace is a weak alias ([`weak_fn!`], [`weak_data!`]); the library itself calls it through an `extern`
//!   declaration, so that a replacement takes effect.
//! * Enums from C arrive as integers of the firmware's enum width ([`abi`]).
//! * NULL and absurd lengths give the documented result, never undefined behaviour.
//!
//! Not thread safe, as the reference: one thread drains, writers take `memfault_lock` where the specification says so.
#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]

#[macro_use]
mod weak;

pub mod abi;
pub mod cell;
pub mod config;
pub mod core;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "panics")]
pub mod panics;
pub mod raw;
pub mod util;
