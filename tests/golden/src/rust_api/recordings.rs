//! `memfault_rs::cdr`.

use super::events::{Device, drain_chunks};
use super::{Player, options};
use crate::step::{Argument, Step};
use crate::vectors::{Group, Object, to_hex};
use memfault_rs::cdr::{self, Metadata, Report};
use memfault_rs::config::Config;
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::MessageType;
use memfault_rs::util::cbor::{Encoder, Sink};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    let known = [
        ("CDR_MAX_DATA_SOURCES", 4),
        ("CDR_MAX_ENCODED_METADATA_LEN", 128),
        ("EVENT_INCLUDE_DEVICE_SERIAL", 0),
        ("CDR_ENABLE", 1), // makes only the C functions exist
    ];
    Ok(match options::of(group, &known)?[..3] {
        [4, 128, 0] => Box::new(Recordings::<options::Envelope<false, true, 6>, 4, 128>::new()),
        [2, 90, 1] => Box::new(Recordings::<options::Envelope<true, true, 6>, 2, 90>::new()),
        _ => return Err(format!("no Config with {:?} was compiled in", group.options)),
    })
}

/// A recording; a vector leaks the few that it has.
#[derive(Clone, Copy)]
struct Recording {
    start: Option<u64>,
    duration_ms: u32,
    mimetypes: &'static [&'static [u8]],
    reason: &'static [u8],
    data: &'static [u8],
}

impl Recording {
    fn of(step: &Step, prefix: &str) -> Result<Self, String> {
        let key = |field: &str| format!("{prefix}.{field}");
        let bytes = |key: &str| step.bytes(key).map(|bytes| -> &'static [u8] { bytes.to_vec().leak() });
        let mimetypes = 0..step.count(&key("mimetypes"));
        Ok(Self {
            start: match step.argument(&key("start_time")) {
                Some(Argument::Number(_)) => Some(step.number(&key("start_time"))?),
                _ => None,
            },
            duration_ms: step.number(&key("duration_ms"))?,
            mimetypes: mimetypes.map(|i| bytes(&key(&format!("mimetypes.{i}")))).collect::<Result<Vec<_>, _>>()?.leak(),
            reason: bytes(&key("reason"))?,
            data: bytes(&key("data"))?,
        })
    }
}

impl Metadata for Recording {
    fn unix_time_secs(&self) -> Option<u64> {
        self.start
    }

    fn mimetypes(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.mimetypes.iter().copied()
    }

    fn data_len(&self) -> u32 {
        self.data.len() as u32
    }

    fn duration_ms(&self) -> u32 {
        self.duration_ms
    }

    fn reason(&self) -> &[u8] {
        self.reason
    }
}

#[derive(Default)]
struct Queue {
    recordings: RefCell<VecDeque<Recording>>,
    reads_fail: Cell<bool>,
}

/// A source: the bench and its number.
struct Source<C: Config + 'static, const N: usize, const H: usize>(&'static Bench<C, N, H>, usize);

impl<C: Config, const N: usize, const H: usize> Clone for Source<C, N, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Config, const N: usize, const H: usize> Copy for Source<C, N, H> {}

impl<C: Config, const N: usize, const H: usize> Source<C, N, H> {
    fn queue(self) -> &'static Queue {
        // Queues are never removed, and live as long as the bench.
        self.0.queues.borrow()[self.1]
    }
}

/// Writes the head of a message.
struct Head<'a>(&'a [Cell<u8>]);

impl Sink for Head<'_> {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        for (to, from) in self.0[offset..][..piece.len()].iter().zip(piece) {
            to.set(*from);
        }
    }
}

impl<C: Config, const N: usize, const H: usize> cdr::Source for Source<C, N, H> {
    type Metadata = Recording;
    type Head<'a> = Head<'a>;

    fn write_head<'a>(place: &'a [Cell<u8>], encode: impl FnOnce(&mut Encoder<Head<'a>>) -> bool) -> Option<usize> {
        let mut encoder = Encoder::new(Head(place), place.len());
        encode(&mut encoder).then(|| encoder.size())
    }

    fn poll(self) -> Option<Recording> {
        let oldest = self.queue().recordings.borrow().front().copied();
        self.0.device.call(json!(["has_cdr", self.1, oldest.is_some()]));
        oldest
    }

    fn read(self, offset: u32, out: &mut [u8]) -> bool {
        let ok = !self.queue().reads_fail.get();
        self.0.device.call(json!(["read_data", self.1, offset, out.len(), ok]));
        let oldest = self.queue().recordings.borrow().front().copied();
        let data = oldest.and_then(|r| r.data.get(offset as usize..)).and_then(|rest| rest.get(..out.len()));
        out.copy_from_slice(data.expect("the library read outside of the recording"));
        ok
    }

    fn mark_read(self) {
        self.0.device.call(json!(["mark_cdr_read", self.1]));
        self.queue().recordings.borrow_mut().pop_front();
        self.queue().reads_fail.set(false);
    }
}

struct Bench<C: Config + 'static, const N: usize, const H: usize> {
    device: Device,
    queues: RefCell<Vec<&'static Queue>>,
    recordings: cdr::Recordings<C, Source<C, N, H>, N, H>,
}

impl<C: Config, const N: usize, const H: usize> Report for Bench<C, N, H> {
    fn table_full(&self, capacity: usize) {
        self.device.log(super::events::ERROR, format!("Memfault Cdr Register is full, {capacity} entries"));
    }

    fn metadata_too_long(&self) {
        const TEXT: &str = "Not enough storage to serialized CDR, increase MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN";
        self.device.log(super::events::ERROR, TEXT.into());
    }
}

/// All recordings as a source of messages.
struct Messages<C: Config + 'static, const N: usize, const H: usize>(&'static Bench<C, N, H>);

impl<C: Config, const N: usize, const H: usize> Clone for Messages<C, N, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Config, const N: usize, const H: usize> Copy for Messages<C, N, H> {}

impl<C: Config, const N: usize, const H: usize> DataSource for Messages<C, N, H> {
    fn has_more(self) -> Option<usize> {
        self.0.recordings.has_more(&self.0.device, self.0)
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.recordings.read(offset, buf)
    }

    fn mark_read(self) {
        self.0.recordings.mark_read();
    }

    fn same(self, _: Self) -> bool {
        true
    }
}

struct Recordings<C: Config + 'static, const N: usize, const H: usize>(&'static Bench<C, N, H>);

impl<C: Config + 'static, const N: usize, const H: usize> Recordings<C, N, H> {
    fn new() -> Self {
        let (device, recordings) = (Device::default(), cdr::Recordings::new());
        Self(Box::leak(Box::new(Bench { device, queues: RefCell::default(), recordings })))
    }

    fn init(&self, step: &Step) -> Result<(), String> {
        for source in 0..step.count("sources") {
            let prefix = format!("sources.{source}");
            let recordings = (0..step.count(&prefix)).map(|number| Recording::of(step, &format!("{prefix}.{number}")));
            let queue = Queue { recordings: RefCell::new(recordings.collect::<Result<_, _>>()?), ..Queue::default() };
            self.0.queues.borrow_mut().push(Box::leak(Box::new(queue)));
        }
        Ok(())
    }

    fn read(&self, step: &Step) -> Result<Value, String> {
        let mut part = vec![0x5A; step.number("len")?];
        let ret = Messages(self.0).read(step.number("offset")?, &mut part);
        Ok(if ret { json!({"ret": ret, "data": to_hex(&part)}) } else { json!({"ret": ret}) })
    }
}

impl<C: Config + 'static, const N: usize, const H: usize> Player for Recordings<C, N, H> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let Bench { device, queues, recordings } = self.0;
        let results = match step.name.as_str() {
            "env" | "set_env" => {
                device.configure(step)?;
                json!({})
            }
            "init" => {
                self.init(step)?;
                json!({})
            }
            "register" => json!({"ret": recordings.register(Source(self.0, step.number("source")?), self.0)}),
            "has_more" => match Messages(self.0).has_more() {
                Some(size) => json!({"ret": true, "size": size}),
                None => json!({"ret": false, "size": step.number::<u64>("prefill").unwrap_or(0)}),
            },
            "read" => self.read(step)?,
            "mark_read" => {
                recordings.mark_read();
                json!({})
            }
            "fail_reads" => {
                queues.borrow()[step.number::<usize>("source")?].reads_fail.set(step.flag("v")?);
                json!({})
            }
            "drain_chunks" => {
                let chunks = drain_chunks::<C, _>(step, MessageType::Cdr, Messages(self.0))?;
                device.forget_calls();
                chunks
            }
            _ => return step.unknown(),
        };
        Ok(device.finish(results))
    }
}
