//! Events (spec 20): from "something happened" to a message that is ready for the packetizer.
//!
//! | Module | Content |
//! |---|---|
//! | [`storage`] | the ring that holds finished events until they are read |
//! | [`batch`] | the head of a message that holds several events |
//! | [`nv`] | events that move on to a non-volatile store of the platform |
//! | [`envelope`] | the CBOR that all events share |
//! | [`serializer`] | from an encoder callback to a stored event; counts what was lost |
//! | [`reboot`] | why the device restarted, in RAM that survives the restart |
//! | [`reboot_event`] | the event that tells it |
//! | [`trace`] | what the firmware reports, also from interrupts |
//! | [`store`] | what the producers of events see of the storage |
//! | [`build_id`] | the build's identity as text |
//! | [`report`] | what trace and reboot events have in common |
//!
//! State is made of cells and all methods take `&self`, so a hook that runs in the middle may use the SDK again.
#![forbid(unsafe_code)]

pub mod batch;
pub mod build_id;
pub mod envelope;
pub mod nv;
pub mod reboot;
pub mod reboot_event;
pub mod report;
pub mod serializer;
pub mod storage;
pub mod store;
pub mod trace;
