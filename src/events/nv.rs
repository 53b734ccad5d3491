//! Events in a non-volatile store of the platform (spec 20 section 4.9, option `EVENT_STORAGE_NV_SUPPORT_ENABLED`).
//!
//! While the store is enabled the packetizer sees only what is in it; events in RAM wait until somebody calls
//! [`EventStorage::persist`]. While it is not, RAM is the source. With the option off the store is never asked.

use super::storage::{EventStorage, Fill, Finished, Lock};
use crate::config::Config;
use crate::util::ring_buffer::Memory;

/// The non-volatile store. All methods may call the SDK again.
pub trait NonVolatileEvents {
    /// May the store be used now? Asked once by every call that reads events and by every persist call.
    fn enabled(&self) -> bool;
    /// The size of the oldest message in the store, if there is one.
    fn has_event(&self) -> Option<usize>;
    /// Copies bytes of it.
    fn read(&self, offset: u32, out: &mut [u8]) -> bool;
    /// Drops it.
    fn consume(&self);
    /// Takes over a message of `len` bytes; `read` reads it from RAM. False: the store cannot, and the message stays in RAM.
    fn write(&self, len: usize, read: impl Fn(u32, &mut [u8]) -> bool) -> bool;
    /// Somebody should call [`EventStorage::persist`] soon; it may be this method. Called after every stored event, also
    /// while the store is not enabled, and after a message of the store was dropped while RAM holds more.
    fn request_persist(&self, ram: Fill);
}

/// Where a call goes.
#[derive(PartialEq, Eq)]
enum Side {
    Ram,
    NonVolatile,
}

impl<C: Config, L: Lock, M: Memory> EventStorage<C, L, M> {
    /// [`EventStorage::has_more`] of RAM or of the store.
    pub fn source_has_more(&self, nv: &impl NonVolatileEvents) -> Option<usize> {
        match self.side(nv) {
            Side::Ram => self.has_more(),
            Side::NonVolatile => nv.has_event(),
        }
    }

    /// [`EventStorage::read`] of RAM or of the store.
    pub fn source_read(&self, nv: &impl NonVolatileEvents, offset: u32, out: &mut [u8]) -> bool {
        match self.side(nv) {
            Side::Ram => self.read(offset, out),
            Side::NonVolatile => nv.read(offset, out),
        }
    }

    /// [`EventStorage::mark_read`] of RAM or of the store. The store has room now, so RAM is offered to it.
    pub fn source_mark_read(&self, nv: &impl NonVolatileEvents) {
        match self.side(nv) {
            Side::Ram => self.mark_read(),
            Side::NonVolatile => {
                nv.consume();
                if self.has_more().is_some() {
                    nv.request_persist(self.fill());
                }
            }
        }
    }

    /// What follows the end of a write session.
    pub fn after_finish(&self, nv: &impl NonVolatileEvents, finished: Finished) {
        if C::EVENT_STORAGE_NV_SUPPORT_ENABLED && finished == Finished::Stored {
            nv.request_persist(self.fill());
        }
    }

    /// Moves all messages that RAM holds to the store, until it refuses one. Returns how many were moved.
    ///
    /// A call from inside the store's own `write` moves nothing: that message is already on its way.
    pub fn persist(&self, nv: &impl NonVolatileEvents) -> usize {
        if self.side(nv) == Side::Ram || self.persisting.replace(1) != 0 {
            return 0;
        }
        let mut moved = 0;
        while let Some(len) = self.has_more()
            && nv.write(len, |offset, out| self.read(offset, out))
        {
            self.mark_read();
            moved += 1;
        }
        self.persisting.set(0);
        moved
    }

    fn side(&self, nv: &impl NonVolatileEvents) -> Side {
        if !C::EVENT_STORAGE_NV_SUPPORT_ENABLED {
            return Side::Ram;
        }
        let enabled = nv.enabled();
        if self.nv_was_enabled.replace(u8::from(enabled)) != 0 && !enabled {
            // The store was the source until now; a snapshot of RAM may be older than what was moved meanwhile.
            self.drop_snapshot();
        }
        if enabled { Side::NonVolatile } else { Side::Ram }
    }
}

#[cfg(test)]
mod tests;
