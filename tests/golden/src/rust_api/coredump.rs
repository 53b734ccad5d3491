//! `memfault_rs::coredump`.

use super::{Player, changes, object, options};
use crate::inputs::rle_enabled;
use crate::step::Step;
use crate::vectors::{Group, Object, to_hex};
use memfault_rs::config::Config;
use memfault_rs::coredump::platform::{Memory, Platform, Region, RegionKind, Storage};
use memfault_rs::coredump::save::{self, SaveInfo};
use memfault_rs::coredump::stored;
use memfault_rs::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::{self, MessageType, Next, Packetizer};
use memfault_rs::transport::rle_source::RleSource;
use memfault_rs::util::crc16;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::vec::IntoIter;

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

/// Bytes that pretend to lie at an address; at 0 there is nothing.
#[derive(Clone, Copy)]
struct Bytes<'a> {
    address: u32,
    len: usize,
    data: &'a [u8],
}

impl<'a> From<&'a [u8]> for Bytes<'a> {
    fn from(data: &'a [u8]) -> Self {
        Self { address: 1, len: data.len(), data }
    }
}

impl Memory for Bytes<'_> {
    fn address(self) -> u32 {
        self.address
    }
    fn len(self) -> usize {
        self.len
    }
    fn is_nowhere(self) -> bool {
        self.address == NOTHING
    }
    fn part(self, start: usize, len: usize) -> Self {
        Self { address: self.address + start as u32, len, data: &self.data[start..start + len] }
    }
    fn is_words(self) -> bool {
        self.address.is_multiple_of(4) && self.len.is_multiple_of(4)
    }
    fn word(self, index: usize) -> u32 {
        u32::from_le_bytes([0, 1, 2, 3].map(|byte| self.data[4 * index + byte]))
    }
}

/// The device, its storage, and what was asked of them.
#[derive(Default)]
struct Bench {
    strings: RefCell<[&'static [u8]; 4]>,
    build_id: Cell<Option<&'static [u8; BUILD_ID_LEN]>>,
    storage: RefCell<Vec<u8>>,
    /// Which hook fails at which call of a save.
    injected: RefCell<Option<(String, usize)>>,
    reads: Cell<usize>,
    writes: Cell<usize>,
    calls: RefCell<Vec<Value>>,
    hidden: Cell<bool>,
}

impl Bench {
    fn call(&self, call: Value) {
        if !self.hidden.get() {
            self.calls.borrow_mut().push(call);
        }
    }

    fn fails(&self, hook: &str, count: Option<&Cell<usize>>) -> bool {
        let call = count.map_or(0, |count| {
            count.set(count.get() + 1);
            count.get()
        });
        self.injected.borrow().as_ref().is_some_and(|(name, nth)| name == hook && (call == 0 || *nth == call))
    }

    fn hook(&self, name: &str) -> bool {
        let ok = !self.fails(name, None);
        self.call(json!([name, ok]));
        ok
    }
}

impl Identity for &'static Bench {
    fn unix_time_secs(&self) -> Option<u64> {
        None
    }
    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        self.build_id.get()
    }
    fn device_info(&self) -> DeviceInfo<'_> {
        self.call(json!(["get_device_info"]));
        let [device_serial, software_type, software_version, hardware_version] = *self.strings.borrow();
        DeviceInfo { device_serial, software_type, software_version, hardware_version }
    }
}

impl Storage for &'static Bench {
    type Memory<'a> = Bytes<'a>;

    fn begin_save(&self) -> bool {
        self.hook("port_save_begin") && self.hook("platform_save_begin")
    }
    fn size(&self) -> usize {
        let len = self.storage.borrow().len();
        self.call(json!(["get_info", len]));
        len
    }
    fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        let storage = self.storage.borrow();
        let fails = self.fails("read", Some(&self.reads));
        let from = storage.get(offset as usize..).and_then(|rest| rest.get(..buf.len())).filter(|_| !fails);
        self.call(json!(["read", offset, buf.len(), from.is_some()]));
        from.inspect(|from| buf.copy_from_slice(from)).is_some()
    }
    fn write(&self, offset: u32, data: Bytes<'_>) -> bool {
        let mut storage = self.storage.borrow_mut();
        let fails = self.fails("write", Some(&self.writes));
        let to = storage.get_mut(offset as usize..).and_then(|rest| rest.get_mut(..data.len)).filter(|_| !fails);
        self.call(json!(["write", offset, data.len, to.is_some()]));
        to.map(|to| to.copy_from_slice(data.data)).is_some()
    }
    fn erase(&self, len: usize) -> bool {
        let ok = !self.fails("erase", None);
        self.call(json!(["erase", 0, len, ok]));
        if ok {
            self.storage.borrow_mut()[..len].fill(ERASED);
        }
        ok
    }
    fn clear(&self) {
        let hidden = self.hidden.replace(false);
        self.call(json!(["clear"]));
        self.hidden.set(hidden);
        if let Some(first) = self.storage.borrow_mut().first_mut() {
            *first = 0;
        }
    }
    fn read_when_running(&self, offset: u32, buf: &mut [u8]) -> bool {
        self.read(offset, buf)
    }
}

impl Platform for &'static Bench {
    type Identity = Self;
    type Regions = IntoIter<Region<Bytes<'static>>>;

    fn identity(&self) -> &Self {
        self
    }
    // Whoever supplies a region, the steps hand it over as the caller's.
    fn arch_regions(&self) -> Self::Regions {
        Vec::new().into_iter()
    }
    fn sdk_regions(&self) -> Self::Regions {
        Vec::new().into_iter()
    }
}

/// The coredump in the storage as a message, alone or in the RLE source, and sources that have nothing.
#[derive(Clone, Copy)]
enum Source {
    Plain(&'static Bench),
    Encoded(&'static RleSource<Stored>),
    Empty,
}

#[derive(Clone, Copy)]
struct Stored(&'static Bench);

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

struct Transport {
    bench: &'static Bench,
    rle: Option<&'static RleSource<Stored>>,
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
