//! `memfault_rs::coredump`.

mod bench;
mod transport;

use super::{Player, changes, object, options};
use crate::inputs::rle_enabled;
use crate::step::Step;
use crate::vectors::{Group, Object, to_hex};
use bench::{Bench, Bytes};
use memfault_rs::config::Config;
use memfault_rs::coredump::platform::{Region, RegionKind, Storage};
use memfault_rs::coredump::save::{self, SaveInfo};
use memfault_rs::coredump::stored;
use memfault_rs::transport::packetizer::{Next, Packetizer};
use memfault_rs::transport::rle_source::RleSource;
use serde_json::{Value, json};
use std::vec::IntoIter;
use transport::Transport;

const ERASED: u8 = 0xff;
const NOTHING: u32 = 0;

/// Options of a coredump: serial number, build id, CPUs.
struct Options<const SERIAL: bool, const BUILD_ID: bool, const CPUS: usize>;

impl<const SERIAL: bool, const BUILD_ID: bool, const CPUS: usize> Config for Options<SERIAL, BUILD_ID, CPUS> {
    const UNITTEST: bool = true;
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = SERIAL;
    const COREDUMP_INCLUDE_BUILD_ID: bool = BUILD_ID;
    const COREDUMP_CPU_COUNT: usize = CPUS;
}

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    const KNOWN: [(&str, i64); 4] = [
        ("EVENT_INCLUDE_DEVICE_SERIAL", 0),
        ("COREDUMP_INCLUDE_BUILD_ID", 1),
        ("COREDUMP_CPU_COUNT", 1),
        ("DATA_SOURCE_RLE_ENABLED", 1),
    ];
    if ["buffered_w", "i386_posix", "storage_check"].iter().any(|kind| group.id.starts_with(kind)) {
        return Err("a port or a driver, in C".into());
    }
    Ok(match options::of(group, &KNOWN)?[..3] {
        [0, 1, 1] => Coredumps::<Options<false, true, 1>>::boxed(group),
        [1, 1, 1] => Coredumps::<Options<true, true, 1>>::boxed(group),
        [0, 0, 1] => Coredumps::<Options<false, false, 1>>::boxed(group),
        [0, 1, 2] => Coredumps::<Options<false, true, 2>>::boxed(group),
        _ => return Err(format!("no Config with {:?} was compiled in", group.options)),
    })
}

struct Coredumps<C: Config> {
    bench: &'static Bench,
    transport: Transport,
    packetizer: Packetizer<C, Transport>,
    shown: Vec<u8>,
    registers: Bytes<'static>,
    reason: u32,
    regions: Vec<Region<Bytes<'static>>>,
    /// For the next save.
    injected: Option<(String, usize)>,
}

/// Regions live as long as the device.
fn leaked(bytes: &[u8]) -> &'static [u8] {
    Vec::leak(bytes.to_vec())
}

fn region(step: &Step, key: &str) -> Result<Region<Bytes<'static>>, String> {
    let number = |name: &str| step.number::<u32>(&format!("{key}.{name}"));
    let mut data = step.optional_bytes(&format!("{key}.data")).unwrap_or_default().to_vec();
    let (kind, address, len) = (number("type")?, number("addr")?, number("size")? as usize);
    if let Ok(valid) = number("valid") {
        let head = [valid, number("cached_address")?, number("blk_size")?];
        data.splice(..0, head.iter().flat_map(|word| word.to_le_bytes()));
    }
    let address = if data.is_empty() { NOTHING } else { address };
    Ok(Region { kind: RegionKind(kind as u8), memory: Bytes { address, len, data: leaked(&data) } })
}

impl<C: Config + 'static> Coredumps<C> {
    fn boxed(group: &Group) -> Box<dyn Player> {
        let bench: &'static Bench = Box::leak(Box::default());
        let rle = rle_enabled(group).then(|| &*Box::leak(Box::new(RleSource::new())));
        Box::new(Self {
            bench,
            transport: Transport { bench, rle },
            packetizer: Packetizer::<C, _>::new(),
            shown: Vec::new(),
            registers: Bytes { address: NOTHING, len: 0, data: &[] },
            reason: 0,
            regions: Vec::new(),
            injected: None,
        })
    }

    fn configure(&self, step: &Step) -> Result<(), String> {
        let text = |key| leaked(step.optional_bytes(key).unwrap_or_default());
        self.bench.strings.replace(["serial", "software_type", "software_version", "hardware_version"].map(text));
        let id = step.optional_bytes("build_id").map(leaked);
        let id = id.map(|id| id.try_into().map_err(|_| "a build id has 20 bytes")).transpose()?;
        self.bench.build_id.set(id);
        Ok(())
    }

    fn prepare(&mut self, step: &Step) -> Result<(), String> {
        let mut storage = step.optional_bytes("storage_init").unwrap_or_default().to_vec();
        storage.resize(step.number("storage_size")?, step.number("storage_init_rest").unwrap_or(0));
        self.shown.clone_from(&storage);
        self.bench.storage.replace(storage);
        if let Some(registers) = step.optional_bytes("regs") {
            self.registers = leaked(registers).into();
        }
        self.reason = step.number("trace_reason")?;
        // Without a region of the caller nothing is saved, whatever else there is.
        if step.count("regions") != 0 {
            for list in ["arch_regions", "sdk_regions", "regions"] {
                for index in 0..step.count(list) {
                    self.regions.push(region(step, &format!("{list}.{index}"))?);
                }
            }
        }
        Ok(())
    }

    fn info(&self) -> SaveInfo<Bytes<'static>, IntoIter<Region<Bytes<'static>>>> {
        SaveInfo { registers: self.registers, reason: self.reason, regions: self.regions.clone().into_iter() }
    }

    fn drain(&self, step: &Step) -> Result<Value, String> {
        const MAX_CHUNKS: usize = 2000;
        let mut chunks = Vec::new();
        let mut capacity = 256;
        self.bench.hidden.set(true);
        for index in 0..MAX_CHUNKS {
            capacity = if index < step.count("lengths") { step.number(&format!("lengths.{index}"))? } else { capacity };
            let mut buffer = vec![0x5a; capacity];
            if !self.packetizer.start(&self.transport, false) {
                break;
            }
            let Next::EndOfChunk(len) = self.packetizer.get_next(&self.transport, &mut buffer) else { break };
            chunks.push(json!([capacity, to_hex(&buffer[..len])]));
        }
        self.bench.hidden.set(false);
        Ok(json!({"chunks": chunks}))
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        const SIZE_PREFILL: usize = 4369;
        let bench = self.bench;
        Ok(match step.name.as_str() {
            "env" | "set_env" => {
                self.configure(step)?;
                json!({})
            }
            "init" => {
                self.prepare(step)?;
                json!({})
            }
            "get_save_size" => json!({"ret": save::size::<C, _>(&bench, self.info())}),
            "save" => {
                bench.reads.set(0);
                bench.writes.set(0);
                bench.injected.replace(self.injected.take());
                let ret = save::save::<C, _>(&bench, self.info());
                bench.injected.take();
                json!({"ret": ret})
            }
            "has_valid_coredump" => {
                let size = stored::total_len(&bench);
                json!({"ret": size.is_some(), "size": size.unwrap_or(SIZE_PREFILL)})
            }
            "read" => {
                let mut buffer = vec![0x5a; step.number("len")?];
                let ret = bench.read_when_running(step.number("offset")?, &mut buffer);
                if ret { json!({"ret": true, "data": to_hex(&buffer)}) } else { json!({"ret": false}) }
            }
            "drain_chunks" => self.drain(step)?,
            "clear" => {
                bench.clear();
                json!({})
            }
            "poke" => {
                let offset: usize = step.number("offset")?;
                *bench.storage.borrow_mut().get_mut(offset).ok_or("outside of the storage")? = step.number("byte")?;
                json!({})
            }
            "overwrite" => {
                bench.storage.borrow_mut().copy_from_slice(step.bytes("data")?);
                self.shown.clone_from(&bench.storage.borrow());
                json!({})
            }
            "inject" => {
                let call = step.number("nth").unwrap_or(0);
                self.injected = Some((step.text("what")?.into(), call));
                json!({})
            }
            _ => return step.unknown(),
        })
    }
}

impl<C: Config + 'static> Player for Coredumps<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.operation(step)?;
        results["calls"] = self.bench.calls.take().into();
        if let Some(change) = changes(&self.bench.storage.borrow(), &mut self.shown) {
            results["storage"] = change;
        }
        Ok(object(results))
    }
}
