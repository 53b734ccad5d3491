//! Stateless building blocks (spec 10 sections 3, 4, 9, 13-15). Nothing here has statics, so all of it may run in an interrupt.
#![forbid(unsafe_code)]

pub mod base64;
pub mod cbor;
pub mod crc16;
pub mod decimal;
#[cfg(test)]
pub(crate) mod random;
pub mod ring_buffer;
pub mod rle;
pub mod varint;
