//! `memfault/util/*.h`.

pub mod base64;
pub mod chunk_transport;
pub mod crc16;
pub mod rle;
pub mod varint;
