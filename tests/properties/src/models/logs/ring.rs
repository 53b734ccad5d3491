//! Spec 30 sections 3.2 and 4.4: records as a list, and the bytes that they leave in the storage.

use std::collections::VecDeque;

pub const READ: u8 = 0x80;
pub const SENT: u8 = 0x40;
pub const TIMESTAMPED: u8 = 0x10;
pub const COMPACT: u8 = 0x08;

/// One record.
#[derive(Clone)]
pub struct Record {
    pub header: u8,
    pub payload: Vec<u8>,
}

impl Record {
    fn bytes(&self) -> Vec<u8> {
        [&[self.header, self.payload.len() as u8][..], &self.payload].concat()
    }

    pub fn size(&self) -> usize {
        self.payload.len() + 2
    }

    /// The time, if there is one, and the message behind it.
    pub fn parts(&self) -> (u32, &[u8]) {
        match self.payload.split_first_chunk::<4>() {
            Some((time, message)) if self.header & TIMESTAMPED != 0 => (u32::from_le_bytes(*time), message),
            _ => (0, &self.payload),
        }
    }
}

/// The records, oldest first.
#[derive(Clone, Default)]
pub struct Ring {
    pub storage: Vec<u8>,
    pub records: VecDeque<Record>,
    /// Where the oldest one lies in the storage.
    pub start: usize,
}

impl Ring {
    pub fn new(len: usize) -> Self {
        Self { storage: vec![0; len], ..Self::default() }
    }

    pub fn used(&self) -> usize {
        self.records.iter().map(Record::size).sum()
    }

    pub fn free(&self) -> usize {
        self.storage.len() - self.used()
    }

    pub fn push(&mut self, record: Record) {
        let end = self.start + self.used();
        for (i, byte) in record.bytes().into_iter().enumerate() {
            let index = (end + i) % self.storage.len();
            self.storage[index] = byte;
        }
        self.records.push_back(record);
    }

    pub fn evict(&mut self) -> Option<Record> {
        let record = self.records.pop_front()?;
        self.start = (self.start + record.size()) % self.storage.len();
        Some(record)
    }

    /// Sets a bit in the header of a record.
    pub fn mark(&mut self, index: usize, bit: u8) {
        let offset: usize = self.records.iter().take(index).map(Record::size).sum();
        let at = (self.start + offset) % self.storage.len();
        self.records[index].header |= bit;
        self.storage[at] = self.records[index].header;
    }

    /// The index of the record that begins so many bytes behind the oldest.
    pub fn index_at(&self, offset: usize) -> Option<usize> {
        let mut begins = 0;
        self.records.iter().position(|record| {
            let found = begins == offset;
            begins += record.size();
            found
        })
    }

    /// Indices of the records that were not sent.
    pub fn unsent(&self) -> Vec<usize> {
        (0..self.records.len()).filter(|index| self.records[*index].header & SENT == 0).collect()
    }
}
