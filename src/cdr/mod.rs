//! Custom data recordings (spec 30 section 10): files that firmware sends along.
//!
//! A message is the envelope of an event ([`crate::events::envelope`]) of type 5, whose time is the start of the recording, and
//! as event info a map of four:
//!
//! | Key | Value |
//! |---|---|
//! | 1 | duration in milliseconds |
//! | 2 | array of MIME types, texts |
//! | 3 | reason, text |
//! | 4 | the data, a byte string: its head ends what is kept in RAM, the rest is read from the source each time |
//!
//! IMPROVE (spec 30 section 10), against the C SDK: each source starts with metadata of zeroes; after a
//! recording whose metadata does not fit the sources behind it have their turn, so that it blocks nobody; a source without all its functions is not registered.
#![forbid(unsafe_code)]

use crate::config::Config;
use crate::events::envelope::{self, Identity, event_type, key};
use crate::util::cbor::{Encoder, Sink};
use core::cell::Cell;
use core::marker::PhantomData;

mod info_key {
    pub const DURATION_MS: u32 = 1;
    pub const MIMETYPES: u32 = 2;
    pub const REASON: u32 = 3;
    pub const DATA: u32 = 4;
    pub const PAIRS: u32 = 4;
}

/// What a recording is. Asked again for each look at the message, so the texts stay valid until it was sent.
pub trait Metadata: Copy {
    /// When it began, seconds since 1970, if known.
    fn unix_time_secs(&self) -> Option<u64>;
    /// MIME types of the data, the outermost container first.
    fn mimetypes(&self) -> impl ExactSizeIterator<Item = &[u8]>;
    /// Bytes of the data.
    fn data_len(&self) -> u32;
    /// How long it took.
    fn duration_ms(&self) -> u32;
    /// Why it was made.
    fn reason(&self) -> &[u8];
}

/// Where recordings come from: a small handle.
pub trait Source: Copy {
    /// What it says about a recording.
    type Metadata: Metadata;
    /// What writes the head of a message.
    type Head<'a>: Sink;
    /// Has `encode` write a head into `place`, from its first byte on. Its length; `None`: it does not fit.
    fn write_head<'a>(
        place: &'a [Cell<u8>],
        encode: impl FnOnce(&mut Encoder<Self::Head<'a>>) -> bool,
    ) -> Option<usize>;
    /// Is there a recording?
    fn poll(self) -> Option<Self::Metadata>;
    /// Reads the recording's data from `offset` on.
    fn read(self, offset: u32, out: &mut [u8]) -> bool;
    /// Drops the recording: it was sent.
    fn mark_read(self);
}

/// What is reported.
pub trait Report {
    /// There is no place for another source in a table of `capacity`.
    fn table_full(&self, capacity: usize);
    /// The metadata of a recording does not fit.
    fn metadata_too_long(&self);
}

/// The sources, at most `N`, and the message of one of them, with at most `H` bytes in front of its data.
pub struct Recordings<C, S: Source, const N: usize, const H: usize> {
    sources: [Cell<Option<S>>; N],
    active: Cell<Option<S>>,
    /// Of the recording of the active source.
    metadata: Cell<Option<S::Metadata>>,
    /// The place of the active source; without one, of the source to ask first.
    place: Cell<usize>,
    header: [Cell<u8>; H],
    header_len: Cell<usize>,
    total_len: Cell<usize>,
    options: PhantomData<C>,
}

impl<C: Config, S: Source, const N: usize, const H: usize> Recordings<C, S, N, H> {
    /// No source.
    pub const fn new() -> Self {
        Self {
            sources: [const { Cell::new(None) }; N],
            active: Cell::new(None),
            metadata: Cell::new(None),
            place: Cell::new(0),
            header: [const { Cell::new(0) }; H],
            header_len: Cell::new(0),
            total_len: Cell::new(0),
            options: PhantomData,
        }
    }

    /// Adds a source behind the others. False: there is no place. QUIRK (spec 30 section 10.2): the same one may be there twice.
    pub fn register(&self, source: S, report: &impl Report) -> bool {
        let place = self.sources.iter().find(|place| place.get().is_none());
        match place {
            Some(place) => place.set(Some(source)),
            None => report.table_full(N),
        }
        place.is_some()
    }

    /// Forgets all sources and the message.
    pub fn reset(&self) {
        self.sources.iter().for_each(|place| place.set(None));
        self.forget_message();
    }

    fn forget_message(&self) {
        self.active.set(None);
        self.place.set(0);
        self.header_len.set(0);
        self.total_len.set(0);
    }

    /// The size of the message, if there is one. Without one the sources are asked, the first registered one first; the one
    /// that has a recording is not asked again until its message was sent. The head of the message is made anew each time.
    pub fn has_more(&self, identity: &impl Identity, report: &impl Report) -> Option<usize> {
        if self.active.get().is_none() && !self.find_active() {
            return None;
        }
        let metadata = self.metadata.get()?;
        let encode = |encoder: &mut Encoder<S::Head<'_>>| encode::<C, _>(encoder, &metadata, identity);
        let Some(header_len) = S::write_head(&self.header, encode) else {
            let place = self.place.get();
            self.forget_message();
            self.place.set(place.wrapping_add(1));
            report.metadata_too_long();
            return None;
        };
        let total_len = header_len.wrapping_add(metadata.data_len() as usize);
        self.header_len.set(header_len);
        self.total_len.set(total_len);
        Some(total_len)
    }

    /// Asks the sources for a recording.
    fn find_active(&self) -> bool {
        for place in self.place.take()..N {
            let Some(source) = self.sources.get(place).and_then(Cell::get) else { return false };
            if let Some(metadata) = source.poll() {
                self.active.set(Some(source));
                self.metadata.set(Some(metadata));
                self.place.set(place);
                return true;
            }
        }
        false
    }

    /// Copies the part of the message from `offset` on. False: there is no message, it ends before `out` does, or the source
    /// failed. The source is asked once if the part reaches beyond the head, also for no bytes.
    pub fn read(&self, offset: u32, out: &mut [u8]) -> bool {
        let Some(source) = self.active.get() else { return false };
        let offset = offset as usize;
        let header_len = self.header_len.get();
        if self.total_len.get().checked_sub(offset).is_none_or(|rest| out.len() > rest) {
            return false;
        }
        let Some(from_header) = header_len.checked_sub(offset).filter(|rest| *rest != 0) else {
            return source.read((offset - header_len) as u32, out);
        };
        let Some((head, data)) = out.split_at_mut_checked(from_header.min(out.len())) else { return false };
        for (to, from) in head.iter_mut().zip(self.header.iter().skip(offset)) {
            *to = from.get();
            // Keeps the loop a loop, instead of a call of memcpy.
            core::hint::black_box(());
        }
        data.is_empty() || source.read(0, data)
    }

    /// The message has arrived.
    pub fn mark_read(&self) {
        if let Some(source) = self.active.get() {
            source.mark_read();
            self.forget_message();
        }
    }
}

impl<C: Config, S: Source, const N: usize, const H: usize> Default for Recordings<C, S, N, H> {
    fn default() -> Self {
        Self::new()
    }
}

/// The message up to its data. False: it does not fit.
fn encode<C: Config, K: Sink>(encoder: &mut Encoder<K>, metadata: &impl Metadata, identity: &impl Identity) -> bool {
    let mut mimetypes = metadata.mimetypes();
    envelope::encode_metadata_with_time::<C, K>(encoder, event_type::CDR, metadata.unix_time_secs(), identity)
        && encoder.map_pair(key::EVENT_INFO, info_key::PAIRS)
        && encoder.unsigned_pair(info_key::DURATION_MS, metadata.duration_ms())
        && encoder.unsigned(info_key::MIMETYPES)
        && encoder.array(mimetypes.len() as u32)
        && mimetypes.all(|mimetype| encoder.text(mimetype))
        && encoder.text_pair(info_key::REASON, metadata.reason())
        && encoder.unsigned(info_key::DATA)
        && encoder.byte_string_begin(metadata.data_len())
}

#[cfg(test)]
mod tests;
