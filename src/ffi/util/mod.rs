//! `memfault/util/*.h`.

pub mod base64;
pub mod cbor;
pub mod chunk_transport;
pub mod circular_buffer;
pub mod crc16;
pub mod rle;
pub mod varint;
