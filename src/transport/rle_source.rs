//! Run-length encoding as a data source (spec 10 section 10): wraps another source and encodes it on the fly.
//!
//! A first pass finds the encoded size, a second one encodes. Both read windows of [`WINDOW_LEN`] bytes in order; the encoder
//! scans on in a window that it already has, a repeated byte is known from the scan, and a literal that lies inside the window
//! is copied from it. Only literals that reach back further are read once more (IMPROVE of section 10: the reference reads a
//! window again after every sequence).

use super::DataSource;
use crate::util::rle::{Encoder, Sequence};
use core::cell::{Cell, RefCell};
use core::mem;

/// Bytes read from the wrapped source at a time.
pub const WINDOW_LEN: usize = 128;

/// The encoder around a source `S`. All zeroes at the start; the wrapped source survives a [`RleSource::mark_read`].
pub struct RleSource<S> {
    backing: Cell<Option<S>>,
    state: State,
    /// Borrowed only while a read fills it or a scan looks at it; a hook that comes back meanwhile is refused.
    window: RefCell<[u8; WINDOW_LEN]>,
}

/// Everything that starts over with each message.
#[derive(Default)]
struct State {
    raw_size: Cell<u32>,
    /// 0: not known.
    encoded_size: Cell<u32>,
    /// The longest literal, found by the size pass: the encode pass need not scan it again.
    longest: Cell<Span>,
    /// Encoded bytes handed out.
    delivered: Cell<u32>,
    encoder: Cell<Encoder>,
    /// The sequence being handed out, and how much of its header and payload is still to come.
    pending: Cell<Sequence>,
    pending_left: Cell<u32>,
    /// Which raw bytes the window holds.
    window: Cell<Span>,
    /// The last sequence is pending or gone.
    finished: Cell<bool>,
}

/// A range of the raw data.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    len: u32,
}

impl Span {
    /// Where `at` lies in the range, if it does.
    fn index_of(self, at: u32) -> Option<usize> {
        let index = at.wrapping_sub(self.start);
        (index < self.len).then_some(index as usize)
    }
}

impl State {
    const fn new() -> Self {
        Self {
            raw_size: Cell::new(0),
            encoded_size: Cell::new(0),
            longest: Cell::new(Span { start: 0, len: 0 }),
            delivered: Cell::new(0),
            encoder: Cell::new(Encoder::new()),
            pending: Cell::new(Sequence { start: 0, count: 0, repeated: None }),
            pending_left: Cell::new(0),
            window: Cell::new(Span { start: 0, len: 0 }),
            finished: Cell::new(false),
        }
    }

    fn reset(&self) {
        self.raw_size.set(0);
        self.encoded_size.set(0);
        self.longest.set(Span::default());
        self.delivered.set(0);
        self.encoder.set(Encoder::new());
        self.pending_left.set(0);
        self.window.set(Span::default());
        self.finished.set(false);
    }
}

impl<S: DataSource> RleSource<S> {
    /// Wraps nothing.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self { backing: Cell::new(None), state: State::new(), window: RefCell::new([0; WINDOW_LEN]) }
    }

    /// Wraps `source` from now on. Another one than before starts over; the same one changes nothing.
    pub fn set_active(&self, source: Option<S>) {
        let unchanged = match (self.backing.get(), source) {
            (Some(now), Some(new)) => now.same(new),
            (None, None) => true,
            _ => false,
        };
        if !unchanged {
            self.state.reset();
            self.backing.set(source);
        }
    }

    /// The encoded size of the next message in bytes. Reads the whole message the first time it is asked.
    ///
    /// IMPROVE (spec 10 section 10): a message whose raw size has changed is measured again.
    pub fn has_more(&self) -> Option<usize> {
        let backing = self.backing.get()?;
        let raw_size = backing.has_more()? as u32;
        let state = &self.state;
        if state.encoded_size.get() == 0 || state.raw_size.get() != raw_size {
            state.reset();
            state.raw_size.set(raw_size);
            state.encoded_size.set(self.measure(backing)?);
        }
        Some(state.encoded_size.get() as usize)
    }

    /// Copies encoded bytes to `buf`. False: `offset` is not what was delivered so far; there is no way back or ahead.
    ///
    /// QUIRK (spec 10 section 10.2): a failing read of the wrapped source is not reported.
    pub fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        let Some(backing) = self.backing.get() else { return false };
        if offset != self.state.delivered.get() {
            return false;
        }
        let wanted = buf.len();
        let mut out = buf;
        loop {
            out = self.flush(backing, out);
            if out.is_empty() || self.state.finished.get() {
                break;
            }
            if self.next_sequence(backing).is_none() {
                return false;
            }
        }
        self.state.delivered.set(offset.wrapping_add((wanted - out.len()) as u32));
        true
    }

    /// Drops the message.
    pub fn mark_read(&self) {
        self.state.reset();
        if let Some(backing) = self.backing.get() {
            backing.mark_read();
        }
    }

    /// The size pass.
    fn measure(&self, backing: S) -> Option<u32> {
        let mut encoder = Encoder::new();
        while encoder.offset < self.state.raw_size.get() {
            if let Some(sequence) = self.scan(backing, &mut encoder)? {
                self.note_literal(sequence);
            }
        }
        if encoder.offset != 0 {
            self.note_literal(encoder.finish());
        }
        Some(encoder.total)
    }

    fn note_literal(&self, sequence: Sequence) {
        if sequence.repeated.is_none() && sequence.count > self.state.longest.get().len {
            self.state.longest.set(Span { start: sequence.start, len: sequence.count });
        }
    }

    /// Makes the next sequence the pending one.
    fn next_sequence(&self, backing: S) -> Option<()> {
        let state = &self.state;
        let mut encoder = state.encoder.get();
        let longest = state.longest.get();
        let sequence = if encoder.start == longest.start && longest.len > WINDOW_LEN as u32 {
            encoder.skip_literal(longest.len)
        } else {
            loop {
                if encoder.offset >= state.raw_size.get() {
                    break encoder.finish();
                }
                if let Some(sequence) = self.scan(backing, &mut encoder)? {
                    break sequence;
                }
            }
        };
        state.finished.set(encoder.start >= state.raw_size.get());
        state.encoder.set(encoder);
        state.pending.set(sequence);
        state.pending_left.set(sequence.encoded_len());
        Some(())
    }

    /// Scans to the end of the next sequence or of the window, filling the window first where the encoder has left it.
    /// `None`: a hook took the source away, or asked for more from inside a read.
    fn scan(&self, backing: S, encoder: &mut Encoder) -> Option<Option<Sequence>> {
        let mut window = self.window.try_borrow_mut().ok()?;
        let at = encoder.offset;
        let index = match self.state.window.get().index_of(at) {
            Some(index) => index,
            None => {
                let len = self.state.raw_size.get().wrapping_sub(at).min(WINDOW_LEN as u32);
                backing.read(at, window.get_mut(..len as usize)?);
                if !self.backing.get().is_some_and(|now| now.same(backing)) {
                    return None;
                }
                self.state.window.set(Span { start: at, len });
                0
            }
        };
        let filled = self.state.window.get().len as usize;
        Some(encoder.encode(window.get(index..filled)?).1)
    }

    /// Hands out what is left of the pending sequence; returns the room behind it.
    fn flush<'a>(&self, backing: S, out: &'a mut [u8]) -> &'a mut [u8] {
        let state = &self.state;
        let sequence = state.pending.get();
        let mut left = state.pending_left.get();
        let mut room = out;
        while left > sequence.payload_len() {
            let header = sequence.header();
            let at = header.len().wrapping_sub((left - sequence.payload_len()) as usize);
            let Some((slot, behind)) = mem::take(&mut room).split_first_mut() else { break };
            *slot = header.as_slice().get(at).copied().unwrap_or(0);
            room = behind;
            left -= 1;
        }
        let len = room.len().min(left as usize);
        if len != 0
            && let Some((payload, behind)) = mem::take(&mut room).split_at_mut_checked(len)
        {
            match (sequence.repeated, payload.first_mut()) {
                (Some(byte), Some(slot)) => *slot = byte,
                _ => self.copy_raw(backing, sequence.start.wrapping_add(sequence.count).wrapping_sub(left), payload),
            }
            room = behind;
            left -= len as u32;
        }
        state.pending_left.set(left);
        room
    }

    /// Fills `to` with raw bytes from `at` on: from the window when it holds them, else from the source.
    fn copy_raw(&self, backing: S, at: u32, to: &mut [u8]) {
        let span = self.state.window.get();
        if let (Some(index), Ok(window)) = (span.index_of(at), self.window.try_borrow())
            && let Some(from) = window.get(index..index + to.len())
            && index + to.len() <= span.len as usize
        {
            to.copy_from_slice(from);
            return;
        }
        backing.read(at, to);
    }
}

#[cfg(test)]
mod tests;
