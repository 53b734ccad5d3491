//! `memfault_rs::transport::{packetizer, rle_source}`.

use super::{Player, object};
use crate::inputs;
use crate::step::Step;
use crate::vectors::{Group, Object, Setting, to_hex};
use memfault_rs::config::Config;
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::{MessageType, Next, Packetizer, Platform};
use memfault_rs::transport::rle_source::RleSource;
use memfault_rs::util::crc16;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

const SOURCES: [&str; 4] = ["coredump", "event", "log", "cdr"];

/// Four queues of messages, and what was asked of them.
#[derive(Default)]
struct Bench {
    queues: [RefCell<VecDeque<Vec<u8>>>; 4],
    failing_reads: [Cell<u64>; 4],
    calls: RefCell<Vec<Value>>,
    violation: RefCell<Option<String>>,
}

impl Bench {
    /// The boxed player needs handles without a lifetime; a vector leaks its queues.
    fn leaked() -> &'static Self {
        Box::leak(Box::default())
    }

    fn source(&'static self, name: &str) -> Result<Queue, String> {
        let index = SOURCES.iter().position(|source| *source == name).ok_or(format!("unknown source {name}"))?;
        Ok(Queue { bench: self, index })
    }

    fn call(&self, call: Value) {
        self.calls.borrow_mut().push(call);
    }

    /// Adds the calls to the results of a step.
    fn finish(&self, mut results: Value) -> Result<Object, String> {
        if let Some(violation) = self.violation.take() {
            return Err(violation);
        }
        results["calls"] = self.calls.take().into();
        Ok(object(results))
    }
}

#[derive(Clone, Copy)]
struct Queue {
    bench: &'static Bench,
    index: usize,
}

impl Queue {
    fn name(self) -> &'static str {
        SOURCES[self.index]
    }

    fn messages(self) -> &'static RefCell<VecDeque<Vec<u8>>> {
        &self.bench.queues[self.index]
    }
}

impl DataSource for Queue {
    fn has_more(self) -> Option<usize> {
        let size = self.messages().borrow().front().map(Vec::len);
        self.bench.call(match size {
            Some(size) => json!(["has_more", self.name(), true, size]),
            None => json!(["has_more", self.name(), false]),
        });
        size
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        let messages = self.messages().borrow();
        let Some(from) = messages.front().and_then(|m| m.get(offset as usize..)).and_then(|rest| rest.get(..buf.len()))
        else {
            self.bench.violation.replace(Some("a read outside of the message".into()));
            return false;
        };
        let failing = &self.bench.failing_reads[self.index];
        let ok = failing.get() == 0;
        if ok {
            buf.copy_from_slice(from);
        } else {
            failing.set(failing.get() - 1);
        }
        self.bench.call(json!(["read", self.name(), offset, buf.len(), ok]));
        ok
    }

    fn mark_read(self) {
        self.bench.call(json!(["mark", self.name()]));
        if self.messages().borrow_mut().pop_front().is_none() {
            self.bench.violation.replace(Some("a message was marked that does not exist".into()));
        }
    }

    fn same(self, other: Self) -> bool {
        self.index == other.index
    }
}

/// A queue, or the RLE source around one.
#[derive(Clone, Copy)]
enum Source {
    Plain(Queue),
    Encoded(&'static RleSource<Queue>),
}

impl DataSource for Source {
    fn has_more(self) -> Option<usize> {
        match self {
            Self::Plain(queue) => queue.has_more(),
            Self::Encoded(rle) => rle.has_more(),
        }
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        match self {
            Self::Plain(queue) => queue.read(offset, buf),
            Self::Encoded(rle) => rle.read(offset, buf),
        }
    }

    fn mark_read(self) {
        match self {
            Self::Plain(queue) => queue.mark_read(),
            Self::Encoded(rle) => rle.mark_read(),
        }
    }

    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Plain(a), Self::Plain(b)) => a.same(b),
            (Self::Encoded(a), Self::Encoded(b)) => std::ptr::eq(a, b),
            _ => false,
        }
    }
}

struct Board {
    bench: &'static Bench,
    rle: &'static RleSource<Queue>,
    rle_enabled: bool,
}

impl Platform for Board {
    type Source = Source;

    fn source(&self, kind: MessageType) -> Source {
        Source::Plain(Queue { bench: self.bench, index: kind as usize - 1 })
    }

    fn rle_begin(&self, source: Source) -> Option<Source> {
        let Source::Plain(queue) = source else { return None };
        self.rle_enabled.then(|| {
            self.rle.set_active(Some(queue));
            Source::Encoded(self.rle)
        })
    }

    fn rle_end(&self) {
        self.rle.set_active(None);
    }

    fn crc16(&self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }

    fn read_failed(&self, _: u32, _: usize, _: u8) {}
}

/// Options with the project key of the vectors; a key is a constant, so another key needs another type.
struct WithKey;
impl Config for WithKey {
    const MESSAGE_HEADER_CONTAINS_PROJECT_KEY: bool = true;
    const PROJECT_KEY: &'static str = "pubKey00112233445566778899aabbcc";
}

/// A player for the options of the group.
pub fn packetizer(group: &Group) -> Result<Box<dyn Player>, String> {
    let rle_enabled = inputs::rle_enabled(group);
    if group.number("MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY", 0) == 0 {
        return Ok(Box::new(Packets::<memfault_rs::config::Defaults>::new(rle_enabled)));
    }
    match group.option("MEMFAULT_PROJECT_KEY") {
        Some(Setting::Text(key)) if key == WithKey::PROJECT_KEY => Ok(Box::new(Packets::<WithKey>::new(rle_enabled))),
        other => Err(format!("no Config with the project key {other:?} was compiled in")),
    }
}

/// The packetizer.
struct Packets<C: Config> {
    packetizer: Packetizer<C, Board>,
    board: Board,
    fill: u8,
}

impl<C: Config> Packets<C> {
    fn new(rle_enabled: bool) -> Self {
        let board = Board { bench: Bench::leaked(), rle: Box::leak(Box::new(RleSource::new())), rle_enabled };
        Self { packetizer: Packetizer::new(), board, fill: 0 }
    }

    /// One call with a buffer, as the C function reports it: (status, length, whether there is data).
    fn get_next(&self, buffer: &mut [u8]) -> (u8, usize, bool) {
        match self.packetizer.get_next(&self.board, buffer) {
            Next::NoMoreData => (0, buffer.len(), false),
            Next::BufferTooSmall => (0, 0, false),
            Next::EndOfChunk(len) => (1, len, true),
            Next::MoreDataForChunk(len) => (2, len, true),
        }
    }

    fn produce(&self, step: &Step, whole_chunk: bool) -> Result<Value, String> {
        let mut buffer = vec![self.fill; step.number("L")?];
        // `get_chunk` is `begin` and `get_next`, and true only at the end of a chunk.
        let (status, len, data) = if whole_chunk && self.packetizer.begin(&self.board, false).is_none() {
            (0, buffer.len(), false)
        } else {
            self.get_next(&mut buffer)
        };
        let ret = if whole_chunk { Value::from(status == 1) } else { Value::from(status) };
        let mut results = json!({"ret": ret, "len": len});
        if data {
            let (chunk, padding) = buffer.split_at_checked(len).ok_or("the chunk is longer than the buffer")?;
            results["out"] = to_hex(chunk).into();
            if padding.iter().any(|byte| *byte != 0xBA) {
                results["wrong_padding"] = true.into();
            }
        } else if buffer.iter().any(|byte| *byte != self.fill) {
            results["buffer_changed"] = true.into();
        }
        Ok(results)
    }
}

impl<C: Config> Player for Packets<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let bench = self.board.bench;
        let results = match step.name.as_str() {
            "init" => {
                self.fill = step.number("fill")?;
                for (index, queue) in bench.queues.iter().enumerate() {
                    for message in 0..step.count(&format!("sources.{index}")) {
                        queue.borrow_mut().push_back(step.bytes(&format!("sources.{index}.{message}"))?.to_vec());
                    }
                }
                json!({})
            }
            "get_chunk" => self.produce(step, true)?,
            "get_next" => self.produce(step, false)?,
            "begin" => {
                let metadata = self.packetizer.begin(&self.board, step.flag("multi")?);
                let shown = metadata.unwrap_or_default();
                json!({"ret": metadata.is_some(), "in_progress": shown.send_in_progress, "single": shown.single_chunk_message_length})
            }
            "data_available" => json!({"ret": self.packetizer.data_available(&self.board)}),
            "abort" => {
                self.packetizer.abort(&self.board);
                json!({})
            }
            "set_active_sources" => {
                self.packetizer.set_active_sources(&self.board, step.number("mask")?);
                json!({})
            }
            "add" => {
                bench.source(step.text("source")?)?.messages().borrow_mut().push_back(step.bytes("msg")?.to_vec());
                json!({})
            }
            "fail_reads" => {
                let failing = &bench.failing_reads[bench.source(step.text("source")?)?.index];
                failing.set(failing.get() + step.number::<u64>("count")?);
                json!({})
            }
            // There is no NULL here. What these calls do besides refusing: `get_chunk` takes the next message.
            "get_chunk_null_buf" | "get_chunk_null_len" => {
                self.packetizer.begin(&self.board, false);
                let mut results = json!({"ret": false});
                if let Ok(len) = step.number::<u64>("L") {
                    results["len"] = len.into();
                }
                results
            }
            "get_next_null_buf" => json!({"ret": 0, "len": step.number::<u64>("L")?}),
            "get_next_null_len" => json!({"ret": 0}),
            "begin_null_cfg" | "begin_null_meta" => json!({"ret": false}),
            _ => return step.unknown(),
        };
        bench.finish(results)
    }
}

/// The RLE source.
pub struct Rle {
    bench: &'static Bench,
    rle: RleSource<Queue>,
}

impl Rle {
    pub fn new() -> Self {
        Self { bench: Bench::leaked(), rle: RleSource::new() }
    }
}

impl Player for Rle {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let coredump = self.bench.source("coredump")?;
        let results = match step.name.as_str() {
            "init" => {
                coredump.messages().borrow_mut().push_back(step.bytes("raw")?.to_vec());
                json!({})
            }
            "set_active" => {
                self.rle.set_active(Some(coredump));
                json!({"ret": true})
            }
            "set_active_null" => {
                self.rle.set_active(None);
                json!({"ret": true})
            }
            "has_more" => {
                const UNTOUCHED: usize = 4242; // what the vectors show when there is no size
                let size = self.rle.has_more();
                json!({"ret": size.is_some(), "size": size.unwrap_or(UNTOUCHED)})
            }
            "read" => {
                let mut buffer = vec![0x5A; step.number("len")?];
                if self.rle.read(step.number("offset")?, &mut buffer) {
                    json!({"ret": true, "out": to_hex(&buffer)})
                } else {
                    json!({"ret": false})
                }
            }
            "mark_read" => {
                self.rle.mark_read();
                json!({})
            }
            _ => return step.unknown(),
        };
        self.bench.finish(results)
    }
}
