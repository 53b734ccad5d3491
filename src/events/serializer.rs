//! From an encoder callback to a stored event, and the count of events that found no room (spec 20 section 8).

use crate::util::cbor::{Encoder, Sink};
use core::cell::Cell;
use core::hint::black_box;

/// A store of events: one write session at a time, one event per session.
pub trait EventWriter {
    /// Opens a session. The bytes that its event may take, or `None` when no session was opened and so none is to be finished.
    fn begin(&self) -> Option<usize>;
    /// Adds bytes to the event of the open session, all or none. The encoder stays within the room that `begin` told, so this
    /// fails only for a store that breaks its word.
    fn append(&self, bytes: &[u8]) -> bool;
    /// Ends the session: the event is kept, or all of it is taken back.
    fn finish(&self, rollback: bool);
    /// Whether pieces may come joined together. A store whose `append` other people's code watches gets every piece on its own
    /// (spec 20 section 8.1).
    fn takes_joined_pieces(&self) -> bool;
}

/// Bytes that are collected before a store gets them. A small number, for the stack, and because zeroing more would be a call.
const STAGE_LEN: usize = 16;

/// The sink of an encoder whose output goes to the open session of a store.
pub struct EventSink<'a, W> {
    writer: Option<&'a W>,
    joins: bool,
    /// Below [`STAGE_LEN`] between two calls.
    staged_len: usize,
    staged: [u8; STAGE_LEN],
}

/// An encoder of one event.
pub type EventEncoder<'a, W> = Encoder<EventSink<'a, W>>;

impl<'a, W: EventWriter> EventSink<'a, W> {
    /// A sink for the open session of `writer`; `None` throws everything away.
    pub(crate) fn new(writer: Option<&'a W>) -> Self {
        let joins = writer.is_none_or(EventWriter::takes_joined_pieces);
        // Not zeroes: the compiler would fill them together with other fields by a call of `memset`, a function that firmware may
        // have no other use for.
        Self { writer, joins, staged_len: 0, staged: [0xff; STAGE_LEN] }
    }
}

impl<W: EventWriter> Sink for EventSink<'_, W> {
    fn write(&mut self, _: usize, piece: &[u8]) {
        let Some(writer) = self.writer else { return };
        if !self.joins {
            writer.append(piece);
            return;
        }
        let mut len = self.staged_len;
        for byte in piece {
            if let Some(slot) = self.staged.get_mut(len % STAGE_LEN) {
                *slot = *byte;
            }
            len += 1;
            if len == STAGE_LEN {
                writer.append(&self.staged);
                len = 0;
            }
        }
        self.staged_len = len;
    }

    fn joins(&self) -> bool {
        self.joins
    }

    #[inline(never)]
    fn flush(&mut self) {
        let len = core::mem::take(&mut self.staged_len) % STAGE_LEN;
        if let Some(writer) = self.writer
            && len != 0
        {
            writer.append(self.staged.get(..len).unwrap_or(&[]));
        }
    }
}

/// What the drop counter reports.
pub trait DropLog {
    /// An event was lost, the first one of a run.
    fn event_storage_full(&self);
    /// An event was stored again after `drops` lost ones.
    fn event_saved_after_drops(&self, drops: u32);
}

/// Counts the events that were lost. No boot clears it.
#[derive(Default)]
pub struct DropCounter {
    run: Cell<u32>,
    ended_runs: Cell<u32>,
}

impl DropCounter {
    /// Nothing lost yet.
    pub const fn new() -> Self {
        Self { run: Cell::new(0), ended_runs: Cell::new(0) }
    }

    /// Notes how one event went. A failure counts whatever its cause is.
    pub fn record(&self, stored: bool, log: &impl DropLog) {
        let run = self.run.get();
        if !stored {
            self.run.set(run.wrapping_add(1));
            if run == 0 {
                log.event_storage_full();
            }
        } else if run != 0 {
            self.ended_runs.set(self.ended_runs.get().wrapping_add(run));
            self.run.set(0);
            log.event_saved_after_drops(run);
        }
    }

    /// The events lost since this was asked last.
    pub fn take(&self) -> u32 {
        self.ended_runs.take().wrapping_add(self.run.take())
    }
}

/// Writes one event: opens a session, lets `encode` write, keeps the event if it says true, takes all of it back if not, and
/// counts. Returns what `encode` said; `encode` runs also when there is no room at all.
pub fn encode_to_storage<W: EventWriter>(
    writer: &W,
    drops: &DropCounter,
    log: &impl DropLog,
    encode: impl FnOnce(&mut EventEncoder<'_, W>) -> bool,
) -> bool {
    let session = writer.begin();
    let mut encoder = Encoder::new(EventSink::new(Some(writer)), session.unwrap_or(0));
    let encoded = encode(&mut encoder);
    if session.is_some() {
        encoder.flush();
        writer.finish(!encoded);
    }
    drops.record(encoded, log);
    encoded
}

/// The bytes that `encode` would write. The platform is asked as for a real event.
pub fn compute_size<W: EventWriter>(encode: impl FnOnce(&mut EventEncoder<'_, W>) -> bool) -> usize {
    // Not seen as all zero, else the compiler clears it with a call of memset, which firmware may have no other use for.
    let nowhere = black_box(None);
    let mut encoder = Encoder::from_parts(EventSink::<W>::new(nowhere), 0, 0, false, true);
    encode(&mut encoder);
    encoder.size()
}

#[cfg(test)]
mod tests;
