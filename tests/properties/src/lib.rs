//! Random operations in any order, with any sizes, compared with models.
//!
//! A model is a second implementation of a chapter of the specification: as plain as possible, with lists and loops.
//! It is a player of the golden vectors, so the vectors of the reference say whether
//! the model is right. What a model then answers to random operations is what the library has to answer, through the C
//! ABI and through the Rust API.
#![forbid(unsafe_code)]

pub mod generate;
pub mod models;
pub mod random;
pub mod run;
