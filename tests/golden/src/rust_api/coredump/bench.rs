//! The device and its storage, in memory.
use super::{ERASED, NOTHING};
use memfault_rs::coredump::platform::{Memory, Platform, Region, Storage};
use memfault_rs::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::vec::IntoIter;

/// Bytes that pretend to lie at an address; at 0 there is nothing.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) address: u32,
    pub(super) len: usize,
    pub(super) data: &'a [u8],
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
pub(super) struct Bench {
    pub(super) strings: RefCell<[&'static [u8]; 4]>,
    pub(super) build_id: Cell<Option<&'static [u8; BUILD_ID_LEN]>>,
    pub(super) storage: RefCell<Vec<u8>>,
    /// Which hook fails at which call of a save.
    pub(super) injected: RefCell<Option<(String, usize)>>,
    pub(super) reads: Cell<usize>,
    pub(super) writes: Cell<usize>,
    pub(super) calls: RefCell<Vec<Value>>,
    pub(super) hidden: Cell<bool>,
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
