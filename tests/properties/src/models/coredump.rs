//! Spec 50 chapters 3 to 5 and section 13.2: what a coredump is made of, which hooks are called for it, and when there
//! is one.

mod image;
mod pages;

use super::chunk::Transfer;
use super::rle;
use golden::inputs::rle_enabled;
use golden::rust_api::{Player, changes, object};
use golden::step::Step;
use golden::vectors::{Group, Object, to_hex};
use image::{Identity, Region, Writer};
use pages::Pages;
use serde_json::{Value, json};

const HEADER_LEN: usize = 12;
const FOOTER_LEN: usize = 16;
const ERASED: u8 = 0xff;
/// What the output holds when it was not touched.
const SIZE_PREFILL: usize = 4369;

/// A hook that fails in a save.
struct Injected {
    hook: String,
    call: usize,
}

/// The storage with its driver: records calls, fails on request.
#[derive(Default)]
struct Driver {
    storage: Vec<u8>,
    /// With the buffered writer.
    pages: Option<Pages>,
    injected: Option<Injected>,
    reads: usize,
    writes: usize,
    calls: Vec<Value>,
}

impl Driver {
    fn fails(&self, hook: &str, call: usize) -> bool {
        self.injected.as_ref().is_some_and(|injected| injected.hook == hook && (call == 0 || injected.call == call))
    }

    fn begin(&mut self, hook: &str) -> bool {
        let ok = !self.fails(hook, 0);
        self.calls.push(json!([hook, ok]));
        ok
    }

    fn size(&mut self) -> usize {
        self.calls.push(json!(["get_info", self.storage.len()]));
        self.storage.len()
    }

    fn read(&mut self, offset: usize, len: usize) -> Option<Vec<u8>> {
        self.reads += 1;
        let bytes = self.storage.get(offset..offset + len).filter(|_| !self.fails("read", self.reads));
        let bytes = bytes.map(<[u8]>::to_vec);
        self.calls.push(json!(["read", offset, len, bytes.is_some()]));
        bytes
    }

    fn erase(&mut self) -> bool {
        let ok = !self.fails("erase", 0);
        self.calls.push(json!(["erase", 0, self.storage.len(), ok]));
        if ok {
            self.storage.fill(ERASED);
        }
        ok
    }

    fn write(&mut self, offset: usize, data: &[u8]) -> bool {
        let Some(mut pages) = self.pages.take() else {
            let ok = self.store(offset, data);
            self.calls.push(json!(["write", offset, data.len(), ok]));
            return ok;
        };
        let size = self.size();
        let ok = pages.write(size, offset, data, &mut |offset, page| {
            let ok = self.store(offset, page);
            self.calls.push(json!(["page_write", offset, to_hex(page), ok]));
            ok
        });
        self.pages = Some(pages);
        ok
    }

    fn store(&mut self, offset: usize, data: &[u8]) -> bool {
        self.writes += 1;
        let fails = self.fails("write", self.writes);
        match self.storage.get_mut(offset..offset + data.len()) {
            Some(place) if !fails => {
                place.copy_from_slice(data);
                true
            }
            _ => false,
        }
    }

    /// The size in the header, if it is one: magic, and a size that can be.
    fn stored_size(&self, header: &[u8]) -> Option<usize> {
        let size = u32::from_le_bytes(header.get(8..HEADER_LEN)?.try_into().ok()?) as usize;
        (header.starts_with(b"CORE") && size >= HEADER_LEN + FOOTER_LEN && size <= self.storage.len()).then_some(size)
    }
}

pub struct Coredumps {
    driver: Driver,
    shown: Vec<u8>,
    identity: Identity,
    cpu_count: usize,
    rle: bool,
    /// For the next save.
    injected: Option<Injected>,
    registers: Option<Vec<u8>>,
    reason: u32,
    regions: Vec<Region>,
    /// Whether the caller has regions of its own.
    has_regions: bool,
}

impl Coredumps {
    pub fn new(group: &Group) -> Self {
        let page = group.id.strip_prefix("buffered_w").and_then(|page| page.parse().ok());
        Self {
            driver: Driver { pages: page.map(Pages::new), ..Driver::default() },
            shown: Vec::new(),
            identity: Identity {
                with_serial: group.number("MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL", 0) != 0,
                with_build_id: group.number("MEMFAULT_COREDUMP_INCLUDE_BUILD_ID", 1) != 0,
                ..Identity::default()
            },
            cpu_count: group.number("MEMFAULT_COREDUMP_CPU_COUNT", 1) as usize,
            rle: rle_enabled(group),
            injected: None,
            registers: None,
            reason: 0,
            regions: Vec::new(),
            has_regions: false,
        }
    }

    fn configure(&mut self, step: &Step) -> Result<(), String> {
        let text = |key: &str| step.optional_bytes(key).unwrap_or_default().to_vec();
        self.identity.serial = text("serial");
        self.identity.software_version = text("software_version");
        self.identity.software_type = text("software_type");
        self.identity.hardware_version = text("hardware_version");
        self.identity.build_id = step.optional_bytes("build_id").map(<[u8]>::to_vec);
        Ok(())
    }

    fn prepare(&mut self, step: &Step) -> Result<(), String> {
        let rest: u8 = step.number("storage_init_rest").unwrap_or(0);
        let mut storage = step.optional_bytes("storage_init").unwrap_or_default().to_vec();
        storage.resize(step.number("storage_size")?, rest);
        self.shown = storage.clone();
        self.driver.storage = storage;
        self.registers = step.optional_bytes("regs").map(<[u8]>::to_vec);
        self.reason = step.number("trace_reason")?;
        self.regions.clear();
        for list in ["arch_regions", "sdk_regions", "regions"] {
            for index in 0..step.count(list) {
                self.regions.push(Region::new(step, &format!("{list}.{index}"))?);
            }
        }
        self.has_regions = step.count("regions") != 0;
        Ok(())
    }

    /// All blocks, as far as they fit below `limit`; false: there is no coredump.
    fn blocks(&mut self, writer: &mut Writer) -> bool {
        let registers = self.registers.clone().unwrap_or_default();
        let len_per_cpu = registers.len() / self.cpu_count;
        for cpu in 0..self.cpu_count {
            if !writer.block(&mut self.driver, 0, 0, &registers[cpu * len_per_cpu..(cpu + 1) * len_per_cpu], false) {
                return false;
            }
        }
        self.driver.calls.push(json!(["get_device_info"]));
        for (kind, payload) in self.identity.blocks(self.reason) {
            if !writer.block(&mut self.driver, kind, 0, &payload, false) {
                return false;
            }
        }
        for region in &self.regions {
            if !writer.region(&mut self.driver, region) {
                break;
            }
        }
        !writer.write_failed
    }

    fn save(&mut self) -> bool {
        if !self.has_regions
            || !self.driver.begin("port_save_begin")
            || !self.driver.begin("platform_save_begin")
            || self.driver.size() == 0
        {
            return false;
        }
        let Some(header) = self.driver.read(0, HEADER_LEN) else { return false };
        if self.driver.stored_size(&header).is_some() || !self.driver.erase() {
            return false;
        }
        let mut writer = Writer::new(Some(self.driver.storage.len()));
        if !self.blocks(&mut writer) {
            return false;
        }
        let flags = u32::from(writer.truncated);
        let footer: Vec<u8> = [0x504d_5544, flags, 0, 0].iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        let total = (writer.offset + FOOTER_LEN) as u32;
        let header: Vec<u8> = [0x4552_4f43, 2, total].iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        self.driver.write(writer.offset, &footer) && self.driver.write(0, &header)
    }

    fn save_size(&mut self) -> usize {
        let mut writer = Writer::new(None);
        if !self.has_regions || !self.blocks(&mut writer) {
            return 0;
        }
        writer.offset + FOOTER_LEN
    }

    fn drain(&mut self, step: &Step) -> Value {
        let lengths: Vec<usize> =
            (0..step.count("lengths")).map(|i| step.number(&format!("lengths.{i}")).unwrap_or(0)).collect();
        let mut lengths = lengths.into_iter();
        let mut capacity = 256;
        let mut chunks = Vec::new();
        let Some(size) = self.driver.stored_size(&self.driver.storage) else { return chunks.into() };
        let raw = &self.driver.storage[..size];
        let message = if self.rle { [vec![0x81], rle::encode(raw)].concat() } else { [&[1][..], raw].concat() };
        let mut transfer = Transfer { total: message.len(), ..Transfer::default() };
        loop {
            capacity = lengths.next().unwrap_or(capacity);
            let Some(plan) = transfer.plan(capacity) else { break };
            let sent = transfer.sent;
            let chunk = transfer.chunk(&plan, &message[sent..sent + plan.count]);
            chunks.push(json!([capacity, to_hex(&chunk)]));
            if plan.last {
                self.clear();
                break;
            }
        }
        chunks.into()
    }

    fn clear(&mut self) {
        self.driver.calls.push(json!(["clear"]));
        if let Some(first) = self.driver.storage.first_mut() {
            *first = 0;
        }
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        Ok(match step.name.as_str() {
            "env" | "set_env" => {
                self.configure(step)?;
                json!({})
            }
            "init" => {
                self.prepare(step)?;
                json!({})
            }
            "get_save_size" => json!({"ret": self.save_size()}),
            "save" => {
                (self.driver.reads, self.driver.writes) = (0, 0);
                self.driver.injected = self.injected.take();
                let ret = self.save();
                self.driver.injected = None;
                json!({"ret": ret})
            }
            "has_valid_coredump" => {
                let header = if self.driver.size() == 0 { None } else { self.driver.read(0, HEADER_LEN) };
                let size = header.and_then(|header| self.driver.stored_size(&header));
                json!({"ret": size.is_some(), "size": size.unwrap_or(SIZE_PREFILL)})
            }
            "read" => match self.driver.read(step.number("offset")?, step.number("len")?) {
                Some(data) => json!({"ret": true, "data": to_hex(&data)}),
                None => json!({"ret": false}),
            },
            "drain_chunks" => json!({"chunks": self.drain(step)}),
            "clear" => {
                self.clear();
                json!({})
            }
            "poke" => {
                let offset: usize = step.number("offset")?;
                *self.driver.storage.get_mut(offset).ok_or("poke outside of the storage")? = step.number("byte")?;
                json!({})
            }
            "overwrite" => {
                self.driver.storage.copy_from_slice(step.bytes("data")?);
                self.shown.clone_from(&self.driver.storage);
                if let Some(pages) = &mut self.driver.pages {
                    *pages = Pages::new(pages.len());
                }
                json!({})
            }
            "inject" => {
                let call = step.number("nth").unwrap_or(0);
                self.injected = Some(Injected { hook: step.text("what")?.into(), call });
                json!({})
            }
            _ => return step.unknown(),
        })
    }
}

impl Player for Coredumps {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.operation(step)?;
        results["calls"] = std::mem::take(&mut self.driver.calls).into();
        if let Some(change) = changes(&self.driver.storage, &mut self.shown) {
            results["storage"] = change;
        }
        Ok(object(results))
    }
}
