//! Events (spec 20): from "something happened" to a message that is ready for the packetizer.
//!
//! | Module | Content |
//! |---|---|
//! | [`storage`] | the ring that holds finished events until they are read |
//! | [`batch`] | the head of a message that holds several events |
//! | [`nv`] | events that move on to a non-volatile store of the platform |
//! | [`envelope`] | the CBOR that all events share |
//! | [`serializer`] | from an encoder callback to a stored event; counts what was lost |
//!
//! State is made of cells and all methods take `&self`, so a hook that runs in the middle may use the SDK again.
#![forbid(unsafe_code)]

pub mod batch;
pub mod envelope;
pub mod nv;
pub mod serializer;
pub mod storage;
