//! The way of a stored coredump into chunks.
use super::bench::Bench;
use memfault_rs::coredump::platform::Storage;
use memfault_rs::coredump::stored;
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::{self, MessageType};
use memfault_rs::transport::rle_source::RleSource;
use memfault_rs::util::crc16;

/// The coredump in the storage as a message, alone or in the RLE source, and sources that have nothing.
#[derive(Clone, Copy)]
pub(super) enum Source {
    Plain(&'static Bench),
    Encoded(&'static RleSource<Stored>),
    Empty,
}

#[derive(Clone, Copy)]
pub(super) struct Stored(pub(super) &'static Bench);

impl DataSource for Stored {
    fn has_more(self) -> Option<usize> {
        stored::total_len(&self.0)
    }
    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.read_when_running(offset, buf)
    }
    fn mark_read(self) {
        self.0.clear();
    }
    fn same(self, _other: Self) -> bool {
        true
    }
}

impl DataSource for Source {
    fn has_more(self) -> Option<usize> {
        match self {
            Self::Plain(bench) => Stored(bench).has_more(),
            Self::Encoded(rle) => rle.has_more(),
            Self::Empty => None,
        }
    }
    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        match self {
            Self::Plain(bench) => Stored(bench).read(offset, buf),
            Self::Encoded(rle) => rle.read(offset, buf),
            Self::Empty => false,
        }
    }
    fn mark_read(self) {
        match self {
            Self::Plain(bench) => Stored(bench).mark_read(),
            Self::Encoded(rle) => rle.mark_read(),
            Self::Empty => {}
        }
    }
    fn same(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

pub(super) struct Transport {
    pub(super) bench: &'static Bench,
    pub(super) rle: Option<&'static RleSource<Stored>>,
}

impl packetizer::Platform for Transport {
    type Source = Source;

    fn source(&self, kind: MessageType) -> Source {
        if kind == MessageType::Coredump { Source::Plain(self.bench) } else { Source::Empty }
    }
    fn rle_begin(&self, _source: Source) -> Option<Source> {
        self.rle.map(|rle| {
            rle.set_active(Some(Stored(self.bench)));
            Source::Encoded(rle)
        })
    }
    fn rle_end(&self) {
        self.rle.inspect(|rle| rle.set_active(None));
    }
    fn crc16(&self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }
    fn read_failed(&self, _offset: u32, _len: usize, _kind: u8) {}
}
