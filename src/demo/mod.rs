//! The demo component (spec 70, chapters 10 to 12): a shell for a serial line, and what its commands read from their arguments.
#![forbid(unsafe_code)]

pub mod line;
pub mod number;
