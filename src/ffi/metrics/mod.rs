//! `memfault/metrics/*.h`.
#![allow(clippy::module_inception)] // one of the headers has the name of the folder

pub mod battery;
pub mod builtin;
pub mod connectivity;
pub mod metrics;
pub mod platform;
pub mod reliability;
pub mod serializer;
pub mod table;
pub mod utils;
