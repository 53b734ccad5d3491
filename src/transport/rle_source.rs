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

/// The encoder around a source `S`. All zeroes at the start.
pub struct RleSource<S> {
    backing: Cell<Option<S>>,
    /// What `work` holds belongs to an earlier message.
    stale: Cell<bool>,
    /// Borrowed while a call works on it. A hook that asks for more meanwhile is refused.
    work: RefCell<Work>,
}

/// The message that is being encoded.
struct Work {
    raw_size: u32,
    /// 0: not known.
    encoded_size: u32,
    /// The longest literal, found by the size pass: the encode pass need not scan it again.
    longest: Span,
    /// Encoded bytes handed out.
    delivered: u32,
    encoder: Encoder,
    /// The sequence being handed out. Its code is what is still to come of the header, 0 when that is done: no sequence has the
    /// code 0.
    pending: Sequence,
    /// How much of its payload is still to come.
    payload_left: u32,
    /// Which raw bytes the window holds.
    span: Span,
    window: [u8; WINDOW_LEN],
}

/// A range of the raw data.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    len: u32,
}

impl Span {
    const EMPTY: Self = Self { start: 0, len: 0 };

    /// Where `at` lies in the range, if it does.
    fn index_of(self, at: u32) -> Option<usize> {
        let index = at.wrapping_sub(self.start);
        (index < self.len).then_some(index as usize)
    }
}

impl<S: DataSource> RleSource<S> {
    /// Wraps nothing.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self { backing: Cell::new(None), stale: Cell::new(false), work: RefCell::new(Work::new()) }
    }

    /// Wraps `source` from now on. Another one than before starts over; the same one changes nothing.
    pub fn set_active(&self, source: Option<S>) {
        let unchanged = match (self.backing.get(), source) {
            (Some(now), Some(new)) => now.same(new),
            (now, new) => now.is_none() && new.is_none(),
        };
        if !unchanged {
            self.backing.set(source);
            self.stale.set(true);
        }
    }

    /// The encoded size of the next message in bytes. Reads the whole message the first time it is asked.
    ///
    /// IMPROVE (spec 10 section 10): a message whose raw size has changed is measured again.
    pub fn has_more(&self) -> Option<usize> {
        let backing = self.backing.get()?;
        let raw_size = backing.has_more()? as u32;
        self.backing.get()?; // a hook of the source may have aborted: nothing is wrapped any more
        let mut work = self.work.try_borrow_mut().ok()?;
        if self.stale.replace(false) || work.encoded_size == 0 || work.raw_size != raw_size {
            work.begin(raw_size);
            work.measure(&self.reader(backing))?;
        }
        Some(work.encoded_size as usize)
    }

    /// Copies encoded bytes to `buf`. False: `offset` is not what was delivered so far; there is no way back or ahead.
    ///
    /// QUIRK (spec 10 section 10.2): a failing read of the wrapped source is not reported.
    pub fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        let (Some(backing), Ok(mut work)) = (self.backing.get(), self.work.try_borrow_mut()) else { return false };
        if self.stale.replace(false) {
            work.begin(0);
        }
        if offset != work.delivered {
            return false;
        }
        work.delivered = offset.wrapping_add(buf.len() as u32);
        work.encode(buf, &self.reader(backing)).is_some()
    }

    /// Drops the message.
    pub fn mark_read(&self) {
        self.stale.set(true);
        if let Some(backing) = self.backing.get() {
            backing.mark_read();
        }
    }

    /// Reads raw bytes. `None`: a hook took the source away meanwhile. One closure for both passes, so that the code below
    /// exists once.
    fn reader(&self, backing: S) -> impl Fn(u32, &mut [u8]) -> Option<()> {
        move |at, to| {
            backing.read(at, to);
            (!self.stale.get()).then_some(())
        }
    }
}

impl Work {
    const fn new() -> Self {
        Self {
            raw_size: 0,
            encoded_size: 0,
            longest: Span::EMPTY,
            delivered: 0,
            encoder: Encoder::new(),
            pending: Sequence::NONE,
            payload_left: 0,
            span: Span::EMPTY,
            window: [0; WINDOW_LEN],
        }
    }

    /// Forgets the last message.
    fn begin(&mut self, raw_size: u32) {
        self.raw_size = raw_size;
        self.encoded_size = 0;
        self.longest = Span::EMPTY;
        self.delivered = 0;
        core::hint::black_box(()); // keeps these stores from becoming a call of memset
        self.encoder.restart();
        core::hint::black_box(());
        self.pending.code = 0;
        self.payload_left = 0;
        self.span = Span::EMPTY;
    }

    /// The size pass.
    fn measure(&mut self, read: &impl Fn(u32, &mut [u8]) -> Option<()>) -> Option<()> {
        while self.next_sequence(read)? {
            let Sequence { start, payload_len, repeated, .. } = self.pending;
            if repeated.is_none() && payload_len > self.longest.len {
                self.longest = Span { start, len: payload_len };
            }
        }
        self.encoded_size = self.encoder.total;
        self.encoder.restart();
        self.pending.code = 0;
        Some(())
    }

    /// Makes the next sequence the pending one. `Some(false)`: there is none.
    #[inline(never)]
    fn next_sequence(&mut self, read: &impl Fn(u32, &mut [u8]) -> Option<()>) -> Option<bool> {
        let encoder = &mut self.encoder;
        if encoder.start >= self.raw_size {
            return Some(false);
        }
        loop {
            let at = encoder.offset;
            let index = match self.span.index_of(at) {
                Some(index) => index,
                None if at >= self.raw_size => {
                    self.pending = encoder.finish();
                    break;
                }
                None => {
                    let len = (self.raw_size - at).min(WINDOW_LEN as u32);
                    read(at, self.window.get_mut(..len as usize)?)?;
                    self.span = Span { start: at, len };
                    0
                }
            };
            let (_, done) = encoder.encode(self.window.get(index..self.span.len as usize)?, &mut self.pending);
            if done {
                break;
            }
        }
        Some(true)
    }

    /// Fills `out` with the next encoded bytes, as far as there are any.
    fn encode(&mut self, out: &mut [u8], read: &impl Fn(u32, &mut [u8]) -> Option<()>) -> Option<()> {
        let mut room = out;
        loop {
            room = self.flush(room, read)?;
            if room.is_empty() {
                return Some(());
            }
            if self.encoder.start == self.longest.start && self.longest.len > WINDOW_LEN as u32 {
                self.pending = self.encoder.skip_literal(self.longest.len);
            } else if !self.next_sequence(read)? {
                return Some(());
            }
            self.payload_left = self.pending.payload_len;
        }
    }

    /// Hands out what is left of the pending sequence; returns the room behind it.
    fn flush<'a>(&mut self, out: &'a mut [u8], read: &impl Fn(u32, &mut [u8]) -> Option<()>) -> Option<&'a mut [u8]> {
        let mut room = out;
        while self.pending.code != 0 {
            // What is left of the header is the varint of what is left of the number.
            let Some((slot, behind)) = mem::take(&mut room).split_first_mut() else { return Some(&mut []) };
            room = behind;
            let code = self.pending.code;
            self.pending.code = code >> 7;
            *slot = code as u8 & 0x7f | u8::from(code > 0x7f) << 7;
        }
        let len = room.len().min(self.payload_left as usize);
        let (payload, behind) = room.split_at_mut_checked(len)?;
        let at = self.pending.start.wrapping_add(self.pending.payload_len).wrapping_sub(self.payload_left);
        if let Some((first, _)) = payload.split_first_mut() {
            // The window serves what it holds whole; a literal that was skipped goes on behind it.
            let inside = self.span.index_of(at).filter(|index| index + len <= self.span.len as usize);
            match (self.pending.repeated, inside) {
                (Some(byte), _) => *first = byte,
                (None, Some(index)) => copy(payload, self.window.get(index..)?),
                (None, None) => read(at, payload)?,
            }
        }
        self.payload_left -= len as u32;
        Some(behind)
    }
}

/// A short copy without `memcpy`, which would cost every firmware 300 bytes of flash.
fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
        core::hint::black_box(());
    }
}

#[cfg(test)]
mod tests;
