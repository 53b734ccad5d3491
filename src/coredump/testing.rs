//! A platform for the tests: a storage in RAM that counts, fails on request and writes down every call.

use super::platform::{Memory, Platform, Region, RegionKind, Storage};
use crate::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use core::cell::{Cell, RefCell};
use std::format;
use std::string::String;
use std::vec;
use std::vec::{IntoIter, Vec};

/// Bytes that pretend to lie at an address.
#[derive(Clone, Copy)]
pub struct Bytes<'a> {
    pub address: u32,
    pub data: &'a [u8],
    /// Instead of the length of the data.
    pub len: Option<usize>,
    pub reads: Option<&'a Cell<usize>>,
    pub nowhere: bool,
}

impl<'a> From<&'a [u8]> for Bytes<'a> {
    fn from(data: &'a [u8]) -> Self {
        Self { address: 0, data, len: None, reads: None, nowhere: false }
    }
}

impl Memory for Bytes<'_> {
    fn address(self) -> u32 {
        self.address
    }
    fn len(self) -> usize {
        self.len.unwrap_or(self.data.len())
    }
    fn is_nowhere(self) -> bool {
        self.nowhere
    }
    fn part(self, start: usize, len: usize) -> Self {
        let data = self.data.get(start..).unwrap_or_default();
        let data = data.get(..len).unwrap_or(data);
        Self { address: self.address.wrapping_add(start as u32), data, len: Some(len), reads: self.reads, ..self }
    }
    fn is_words(self) -> bool {
        self.address.is_multiple_of(4) && self.len().is_multiple_of(4)
    }
    fn word(self, index: usize) -> u32 {
        if let Some(reads) = self.reads {
            reads.set(reads.get() + 1);
        }
        u32::from_le_bytes(self.data[4 * index..][..4].try_into().unwrap())
    }
}

/// A region whose bytes live as long as the test program.
pub fn region(kind: RegionKind, address: u32, data: &[u8]) -> Region<Bytes<'static>> {
    Region { kind, memory: Bytes { address, data: Vec::leak(data.to_vec()), len: None, reads: None, nowhere: false } }
}

pub struct Device {
    pub build_id: Option<[u8; BUILD_ID_LEN]>,
    pub strings: [&'static str; 4],
    calls: Calls,
}

type Calls = std::rc::Rc<RefCell<Vec<String>>>;

impl Identity for Device {
    fn unix_time_secs(&self) -> Option<u64> {
        panic!("a coredump has no time")
    }
    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        self.calls.borrow_mut().push("build_id".into());
        self.build_id.as_ref()
    }
    fn device_info(&self) -> DeviceInfo<'_> {
        self.calls.borrow_mut().push("device_info".into());
        let [device_serial, software_type, software_version, hardware_version] = self.strings.map(str::as_bytes);
        DeviceInfo { device_serial, software_type, software_version, hardware_version }
    }
}

/// The device and the storage of the worked examples (spec 50 §16.1).
pub struct Bench {
    pub device: Device,
    pub arch: Vec<Region<Bytes<'static>>>,
    pub sdk: Vec<Region<Bytes<'static>>>,
    pub storage: RefCell<Vec<u8>>,
    pub erased: u8,
    /// Results of the two hooks.
    pub begin: bool,
    /// The number of the write, from 0, that fails.
    pub failing_write: Option<usize>,
    pub failing_read: Option<usize>,
    pub failing_erase: bool,
    /// Reads of this byte are the inverse of what was written.
    pub inverted_byte: Option<usize>,
    /// Reads of this byte are always the same.
    pub stuck_byte: Option<(usize, u8)>,
    /// The running system may not read.
    pub refuses: Cell<bool>,
    writes: Cell<usize>,
    reads: Cell<usize>,
    calls: Calls,
}

impl Bench {
    pub fn new(storage_len: usize) -> Self {
        let calls = Calls::default();
        let build_id = core::array::from_fn(|i| 0xB0 + i as u8);
        let strings = ["SN-7", "app", "1.2.3", "evt2"];
        Self {
            device: Device { build_id: Some(build_id), strings, calls: calls.clone() },
            arch: Vec::new(),
            sdk: Vec::new(),
            storage: RefCell::new(vec![0; storage_len]),
            erased: 0xFF,
            begin: true,
            failing_write: None,
            failing_read: None,
            failing_erase: false,
            inverted_byte: None,
            stuck_byte: None,
            refuses: Cell::new(false),
            writes: Cell::new(0),
            reads: Cell::new(0),
            calls,
        }
    }

    /// The calls since the last question, `write(a,n)` and so on.
    pub fn calls(&self) -> Vec<String> {
        self.calls.take()
    }

    fn call(&self, text: String) {
        self.calls.borrow_mut().push(text);
    }

    fn copy_out(&self, offset: u32, buf: &mut [u8]) -> bool {
        let storage = self.storage.borrow();
        let Some(data) = storage.get(offset as usize..).and_then(|rest| rest.get(..buf.len())) else { return false };
        buf.copy_from_slice(data);
        let offset = offset as usize;
        if let Some(byte) = self.inverted_byte.and_then(|at| buf.get_mut(at.checked_sub(offset)?)) {
            *byte = !*byte;
        }
        if let Some((at, value)) = self.stuck_byte
            && let Some(byte) = at.checked_sub(offset).and_then(|at| buf.get_mut(at))
        {
            *byte = value;
        }
        true
    }
}

impl Storage for Bench {
    type Memory<'a> = Bytes<'a>;

    fn begin_save(&self) -> bool {
        self.call("begin".into());
        self.begin
    }
    fn size(&self) -> usize {
        self.call("size".into());
        self.storage.borrow().len()
    }
    fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        self.call(format!("read({offset},{})", buf.len()));
        let number = self.reads.replace(self.reads.get() + 1);
        self.failing_read != Some(number) && self.copy_out(offset, buf)
    }
    fn write(&self, offset: u32, data: Bytes<'_>) -> bool {
        self.call(format!("write({offset},{})", data.len()));
        let number = self.writes.replace(self.writes.get() + 1);
        if self.failing_write == Some(number) {
            return false;
        }
        let mut storage = self.storage.borrow_mut();
        let Some(to) = storage.get_mut(offset as usize..).and_then(|rest| rest.get_mut(..data.len())) else {
            return false;
        };
        to.copy_from_slice(data.data);
        true
    }
    fn erase(&self, len: usize) -> bool {
        self.call(format!("erase(0,{len})"));
        if self.failing_erase {
            return false;
        }
        self.storage.borrow_mut()[..len].fill(self.erased);
        true
    }
    fn clear(&self) {
        self.call("clear".into());
        self.storage.borrow_mut()[0] = 0;
    }
    fn read_when_running(&self, offset: u32, buf: &mut [u8]) -> bool {
        self.call(format!("read_when_running({offset},{})", buf.len()));
        !self.refuses.get() && self.copy_out(offset, buf)
    }
}

impl Platform for Bench {
    type Identity = Device;
    type Regions = IntoIter<Region<Bytes<'static>>>;

    fn identity(&self) -> &Device {
        &self.device
    }
    fn arch_regions(&self) -> Self::Regions {
        self.call("arch_regions".into());
        self.arch.clone().into_iter()
    }
    fn sdk_regions(&self) -> Self::Regions {
        self.call("sdk_regions".into());
        self.sdk.clone().into_iter()
    }
}
