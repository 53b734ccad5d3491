//! Coredumps (spec 50, chapters 3 to 7 and 11): what a crash leaves behind in a storage of the platform.
//!
//! | Module | Content |
//! |---|---|
//! | [`format`] | the bytes of a coredump |
//! | [`platform`] | what is needed from outside: memory, storage, lists of regions |
//! | [`save`] | writes a coredump, or only counts its bytes |
//! | [`writer`] | one block after the other, cut where the storage ends |
//! | [`stored`] | whether the storage holds a coredump |
//! | [`storage_test`] | a self-test of the storage driver |
//!
//! Saving runs in a fault handler: it takes no lock, logs nothing, and keeps no state. Memory of the target is never turned into
//! Rust references; a region is a [`Memory`](platform::Memory), which the storage driver reads.
#![forbid(unsafe_code)]

pub mod format;
pub mod platform;
pub mod save;
pub mod storage_test;
pub mod stored;
pub mod writer;

#[cfg(test)]
mod testing;
