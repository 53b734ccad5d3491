//! Replays golden vectors: inputs and the results which the reference SDK 1.43.0 gave for them
//! (`tests/vectors/README.md`).
//!
//! A vector becomes a list of [steps](step::Step): an operation, its arguments, and the results that are expected of
//! it. Something that can carry out steps and returns results in the same form is a *player*. There are two:
//!
//! * [`c_abi`]: a C program that is linked with `libmemfault_rs.a`, as firmware is. One build per set of options
//! * [`rust_api`]: the core structs with mock traits; options are `Config` implementations
//!
//! [`compare`] knows which results count; [`report`] counts.
#![forbid(unsafe_code)]

pub mod c_abi;
pub mod compare;
pub mod fields;
pub mod inputs;
pub mod report;
pub mod rust_api;
pub mod step;
pub mod vectors;
