//! Random plays.
pub use crate::random::step;
