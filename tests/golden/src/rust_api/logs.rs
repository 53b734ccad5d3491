//! `memfault_rs::logs`. The counters of the buffer, its bytes and what leaves it are compared; the state that only the C ABI
//! shows is not.

use super::events::{Buffer, CheckedLock, Device, drain_chunks, unix_time};
use super::{Player, changes, object, options};
use crate::step::{Argument, Step};
use crate::vectors::{Group, Object, to_hex, to_text};
use memfault_rs::config::Config;
use memfault_rs::logs::buffer::{LogBuffer, Platform};
use memfault_rs::logs::capture::LogCapture;
use memfault_rs::logs::compact::{self, Argument as LogArgument};
use memfault_rs::logs::export;
use memfault_rs::logs::read::{DropNotice, Line};
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::MessageType;
use memfault_rs::util::cbor::{Encoder, Sink};
use serde_json::{Value, json};

/// Times, longest line, serial number and build id in messages.
struct Logging<const TIMES: bool, const LINE: usize, const SERIAL: bool, const BUILD_ID: bool>;

impl<const TIMES: bool, const LINE: usize, const SERIAL: bool, const BUILD_ID: bool> Config
    for Logging<TIMES, LINE, SERIAL, BUILD_ID>
{
    const LOG_TIMESTAMPS_ENABLE: bool = TIMES;
    const LOG_MAX_LINE_SAVE_LEN: usize = LINE;
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = SERIAL;
    const EVENT_INCLUDE_BUILD_ID: bool = BUILD_ID;
}

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    let known = [
        ("LOG_TIMESTAMPS_ENABLE", 1),
        ("LOG_MAX_LINE_SAVE_LEN", 128),
        ("EVENT_INCLUDE_DEVICE_SERIAL", 0),
        ("EVENT_INCLUDE_BUILD_ID", 1),
        // The one makes only the C functions exist; the other is a call of the player.
        ("COMPACT_LOG_ENABLE", 0),
        ("LOG_RESTORE_STATE", 0),
    ];
    let restores = group.number("MEMFAULT_LOG_RESTORE_STATE", 0) != 0;
    Ok(match options::of(group, &known)?[..4] {
        [1, 128, 0, 1] => Box::new(Logs::<Logging<true, 128, false, true>>::new(restores)),
        [0, 128, 0, 1] => Box::new(Logs::<Logging<false, 128, false, true>>::new(restores)),
        [1, 48, 0, 1] => Box::new(Logs::<Logging<true, 48, false, true>>::new(restores)),
        [1, 128, 1, 1] => Box::new(Logs::<Logging<true, 128, true, true>>::new(restores)),
        [0, 128, 0, 0] => Box::new(Logs::<Logging<false, 128, false, false>>::new(restores)),
        _ => return Err(format!("no Config with {:?} was compiled in", group.options)),
    })
}

type Log<C> = LogBuffer<C, u32, CheckedLock, Buffer>;

/// A device with a log.
struct Bench<C: Config> {
    device: Device,
    log: Log<C>,
    capture: LogCapture,
}

impl<C: Config> Platform for &'static Bench<C> {
    fn unix_time_secs(&self) -> Option<u32> {
        let time = self.device.time.get();
        self.device.call(json!(["time_get_current", time.is_some()]));
        time.map(|(_, secs)| secs as u32)
    }

    fn is_frozen(&self) -> bool {
        self.capture.is_triggered()
    }

    fn saved(&self) {
        self.device.call(json!(["saved_cb"]));
    }
}

/// The log as a source of messages.
struct Source<C: Config + 'static>(&'static Bench<C>);

impl<C: Config> Clone for Source<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Config> Copy for Source<C> {}

impl<C: Config> DataSource for Source<C> {
    fn has_more(self) -> Option<usize> {
        self.0.capture.has_more(&self.0.log, &self.0.device)
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.capture.read(&self.0.log, &self.0.device, offset, buf)
    }

    fn mark_read(self) {
        self.0.capture.mark_read(&self.0.log);
    }

    fn same(self, _: Self) -> bool {
        true
    }
}

struct Logs<C: Config + 'static> {
    bench: &'static Bench<C>,
    restores: bool,
    notice: DropNotice,
    saved: Option<Log<C>>,
    capacity: usize,
    shown: Vec<u8>,
}

fn new_log<C: Config>() -> Log<C> {
    LogBuffer::new(CheckedLock::default(), Buffer::default())
}

impl<C: Config + 'static> Logs<C> {
    fn new(restores: bool) -> Self {
        let bench = Bench { device: Device::default(), log: new_log(), capture: LogCapture::new() };
        Self {
            bench: Box::leak(Box::new(bench)),
            restores,
            notice: DropNotice::new(),
            saved: None,
            capacity: 0,
            shown: Vec::new(),
        }
    }

    /// What the C layer does around the two ways to boot.
    fn boot(&mut self, len: usize, mode: &str) -> Result<bool, String> {
        let log = &self.bench.log;
        if log.is_booted() || len == 0 {
            return Ok(false);
        }
        self.shown = vec![0; len];
        if self.restores {
            let modes = ["none", "stash", "bad_context_len", "bad_storage_len"];
            let number = modes.iter().position(|name| *name == mode).ok_or(format!("unknown mode {mode}"))?;
            self.bench.device.call(json!(["restore_state", number]));
        }
        // An address of which nothing is known here.
        let address = 0x1000;
        if let Some(saved) = self.saved.as_ref().filter(|saved| mode == "stash" && saved.capacity() == len) {
            log.memory().0.replace(saved.memory().0.borrow().clone());
            if log.restore(saved, address, len) {
                return Ok(true);
            }
        }
        log.memory().0.replace(vec![0; len]);
        log.boot(address, len);
        Ok(true)
    }

    fn save_state(&mut self) {
        let log = &self.bench.log;
        let copy = new_log();
        copy.memory().0.replace(log.memory().0.borrow().clone());
        self.saved = copy.restore(log, 0, log.capacity()).then_some(copy);
    }

    fn reset(&self) {
        self.bench.log.reset();
    }

    fn save_compact(&self, step: &Step) -> Result<(), String> {
        let mut count = Encoder::size_only();
        let (id, arguments) = (step.number("log_id")?, arguments(step)?);
        compact::encode(&mut count, id, arguments.iter().copied());
        let mut bytes = Bytes::default();
        let mut cbor = Encoder::new(&mut bytes, C::LOG_MAX_LINE_SAVE_LEN);
        let fits = if count.size() <= C::LOG_MAX_LINE_SAVE_LEN {
            compact::encode(&mut cbor, id, arguments.into_iter())
        } else {
            compact::encode_too_long(&mut cbor, id, count.size() as u32)
        };
        if fits {
            self.bench.log.save_compact(step.number("level")?, &bytes.0, &self.bench);
        }
        Ok(())
    }

    fn read(&self) -> Option<(Line, Vec<u8>)> {
        let mut message = vec![0x5A; C::LOG_MAX_LINE_SAVE_LEN + 1];
        let line = self.bench.log.read_line(&self.notice, &mut message)?;
        assert_eq!(message[line.len], 0, "the message has no end");
        message.truncate(line.len);
        Some((line, message))
    }

    fn read_step(&self) -> Value {
        let Some((line, message)) = self.read() else { return json!({"ret": false}) };
        let kind = u8::from(line.is_compact);
        let mut results = json!({"ret": true, "level": line.level, "type": kind, "msg": to_hex(&message)});
        if C::LOG_TIMESTAMPS_ENABLE {
            results["timestamp"] = line.unix_time_secs.into();
        }
        results
    }

    fn export(&self) {
        let print = |text: &[u8]| {
            let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
            self.bench.device.call(json!(["log_raw", to_text(text)]));
        };
        while let Some((line, message)) = self.read() {
            if !line.is_compact {
                print(&message);
                continue;
            }
            for piece in message.chunks(C::LOG_EXPORT_CHUNK_MAX_LEN) {
                let mut text = vec![0x5A; export::line_len(piece.len())];
                let len = export::write_line(piece, &mut text);
                print(&text[..len]);
            }
        }
    }

    fn read_message(&self, step: &Step) -> Result<Value, String> {
        let mut part = vec![0x5A; step.number("len")?];
        let ret = Source(self.bench).read(step.number("offset")?, &mut part);
        Ok(if ret { json!({"ret": ret, "data": to_hex(&part)}) } else { json!({"ret": ret}) })
    }

    fn results(&mut self, step: &Step) -> Result<Value, String> {
        let Bench { device, log, capture } = self.bench;
        match step.name.as_str() {
            "env" | "set_env" => device.configure(step)?,
            "init" => self.capacity = step.number("storage")?,
            "boot" => {
                let mode = step.text("restore").unwrap_or("none").to_owned();
                return Ok(json!({"ret": self.boot(step.number("len")?, &mode)?}));
            }
            "boot_again" => return Ok(json!({"ret": self.boot(self.capacity, "none")?})),
            "boot_bad" => return Ok(json!({"ret": false})), // there is no NULL here
            "reset" => self.reset(),
            "power_cycle" => {
                capture.reset();
                self.reset();
            }
            "save_state" => self.save_state(),
            "set_min_level" => log.set_min_level(step.number("level")?),
            "set_time" => device.time.set(match step.argument("type") {
                Some(Argument::Number(_)) => Some((step.number("type")?, step.number("secs")?)),
                _ => None,
            }),
            "save_preformatted" => {
                let takes_lock = !step.flag("nolock").unwrap_or(false);
                log.save_text(
                    step.number("level")?,
                    step.optional_bytes("msg").unwrap_or_default(),
                    takes_lock,
                    &self.bench,
                );
            }
            "save" => {
                let text = step.bytes("text")?.split(|byte| *byte == 0).next().unwrap_or_default();
                // The functions that format store no empty line.
                if !text.is_empty() {
                    log.save_text(step.number("level")?, text, true, &self.bench);
                }
            }
            "compact_save" => self.save_compact(step)?,
            "export_logs" => self.export(),
            "mark_read" => capture.mark_read(log),
            "trigger" => {
                capture.trigger(log, || {
                    let time = device.time.get();
                    device.call(json!(["time_get_current", time.is_some()]));
                    time.and_then(unix_time)
                });
                return Ok(json!({"triggered": capture.is_triggered()}));
            }
            "state" => return Ok(json!({"booted": log.is_booted()})),
            "counts" => {
                let (dropped, recorded) = (log.dropped_count(), log.recorded_count());
                return Ok(json!({"dropped": dropped, "recorded": recorded, "booted": log.is_booted()}));
            }
            "regions" => {
                return Ok(match log.region() {
                    Some((_, len)) => json!({"ret": true, "storage_size": len}),
                    None => json!({"ret": false}),
                });
            }
            "read" => return Ok(self.read_step()),
            "has_more" => {
                return Ok(match Source(self.bench).has_more() {
                    Some(size) => json!({"ret": true, "size": size}),
                    None => json!({"ret": false, "size": step.number::<u64>("prefill").unwrap_or(0)}),
                });
            }
            "read_msg" => return self.read_message(step),
            "unsent_count" => {
                let unsent = log.count_unsent();
                return Ok(json!({"num_logs": unsent.lines, "bytes": unsent.bytes}));
            }
            "drain_chunks" => {
                let chunks = drain_chunks::<C, _>(step, MessageType::Log, Source(self.bench));
                device.forget_calls();
                return chunks;
            }
            _ => return step.unknown(),
        }
        Ok(json!({}))
    }
}

impl<C: Config + 'static> Player for Logs<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.results(step)?;
        if let Some(change) = changes(&self.bench.log.memory().0.borrow(), &mut self.shown) {
            results["ring"] = change;
        }
        Ok(self.bench.device.finish(results))
    }
}

/// Keeps what is encoded.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        assert_eq!(offset, self.0.len(), "a gap in what is encoded");
        self.0.extend(piece);
    }
}

/// The arguments of a compact log.
fn arguments(step: &Step) -> Result<Vec<LogArgument<'_>>, String> {
    (0..step.count("args"))
        .map(|index| {
            let key = |kind: &str| format!("args.{index}.{kind}");
            Ok(if step.argument(&key("i32")).is_some() {
                LogArgument::Int32(step.number::<i64>(&key("i32"))? as i32)
            } else if step.argument(&key("i64")).is_some() {
                LogArgument::Int64(step.number(&key("i64"))?)
            } else if step.argument(&key("f64")).is_some() {
                LogArgument::Double(step.number(&key("f64"))?)
            } else {
                LogArgument::Text(step.optional_bytes(&key("str")).unwrap_or(b"(null)"))
            })
        })
        .collect()
}

/// The module `compact_log`.
pub struct CompactLogs;

impl Player for CompactLogs {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        const NO_ROOM: u8 = 12;
        const FALLBACK_LEN: usize = 64;
        let id = step.number("log_id")?;
        let mut bytes = Bytes::default();
        let results = match step.name.as_str() {
            "serialize" => {
                let mut encoder = Encoder::new(&mut bytes, step.number("buf_len")?);
                let ret = compact::encode(&mut encoder, id, arguments(step)?.into_iter());
                let status = if encoder.overflowed() { NO_ROOM } else { 0 };
                json!({"ret": ret, "status": status, "out": to_hex(&bytes.0)})
            }
            "fallback" => {
                let mut encoder = Encoder::new(&mut bytes, FALLBACK_LEN);
                let ret = compact::encode_too_long(&mut encoder, id, step.number("serialized_len")?);
                json!({"ret": ret, "out": to_hex(&bytes.0)})
            }
            _ => return step.unknown(),
        };
        Ok(object(results))
    }
}
