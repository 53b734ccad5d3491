//! The log buffer (spec 30 sections 3 to 8): lines of log in a ring of RAM, which leave the device as text, as a message of the
//! packetizer, or inside a coredump.
//!
//! | Module | Content |
//! |---|---|
//! | [`record`] | one line in the ring |
//! | [`buffer`] | the ring, its state that tools and firmware know, saving |
//! | [`read`] | line by line, with a notice about those that were dropped |
//! | [`export`] | lines as text |
//! | [`capture`] | all lines not sent yet as one message |
//! | [`compact`] | a line as an id and its arguments |
#![forbid(unsafe_code)]

pub mod buffer;
pub mod capture;
pub mod compact;
pub mod export;
pub mod read;
pub mod record;

#[cfg(test)]
pub(crate) mod testing;
