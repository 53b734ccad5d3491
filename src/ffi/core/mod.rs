//! `memfault/core/*.h`.

pub mod data_export;
pub mod data_packetizer;
pub mod data_packetizer_source;
pub mod data_source_rle;
pub mod platform;
