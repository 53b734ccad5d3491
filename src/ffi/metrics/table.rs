//! The table of metrics and the memory of their values, both made by `shim/memfault_rs_metrics.c`, as the core sees them.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::metrics::{MemfaultMetricId, MemfaultMetricsSessionStartCb};
use crate::ffi::abi;
use crate::ffi::core::event_storage_implementation::sMemfaultEventStorageImpl;
use crate::metrics::builtin::LogLines;
use crate::metrics::platform::Edge;
use crate::metrics::registry::{Entry, Kind, Registry};
use core::cell::Cell;
use core::mem::offset_of;
use core::ptr::NonNull;
use core::slice;

/// An entry of `s_memfault_heartbeat_keys`. The host finds it in the ELF, so it is the same on all targets (spec 40 §4.4).
#[repr(C)]
struct KeyValuePair {
    key: MemfaultMetricId,
    r#type: abi::eMemfaultMetricType,
    min: u32,
    range: u32,
    session_key: abi::eMfltMetricsSessionIndex,
    scale_value: u32,
}

const _: () = assert!(size_of::<KeyValuePair>() == 24);
const _: () = assert!(offset_of!(KeyValuePair, r#type) == 4 && offset_of!(KeyValuePair, session_key) == 16);

/// `struct memfault_rs_metrics_table`. No pointer but the last one is NULL.
#[repr(C)]
struct Table {
    keys: NonNull<KeyValuePair>,
    slots: NonNull<u16>,
    session_intervals: NonNull<u16>,
    storage: NonNull<Cell<*const sMemfaultEventStorageImpl>>,
    callbacks: NonNull<Cell<MemfaultMetricsSessionStartCb>>,
    values: NonNull<Cell<u32>>,
    set_flags: NonNull<Cell<u32>>,
    timers: NonNull<Cell<u32>>,
    texts: NonNull<Cell<u8>>,
    log_lines: *mut LogLines,
    num_metrics: u16,
    num_sessions: u16,
}

unsafe extern "C" {
    /// Only the firmware's build knows its content.
    static g_memfault_rs_metrics: Table;
}

/// The registry of the firmware. Its memory is state of the C unit that only this library changes, through cells; firmware that
/// restores a saved state overwrites it while nothing here holds on to it.
#[derive(Clone, Copy)]
pub struct FirmwareTable;

impl FirmwareTable {
    fn table(self) -> &'static Table {
        // SAFETY: a constant of the C unit.
        unsafe { &g_memfault_rs_metrics }
    }

    /// The storage of the last boot; NULL before.
    pub fn storage(self) -> &'static Cell<*const sMemfaultEventStorageImpl> {
        // SAFETY: one pointer of the state.
        unsafe { self.table().storage.as_ref() }
    }

    /// The callback of a session. `None`: there is no such session.
    pub fn callback(self, session: u32, edge: Edge) -> Option<&'static Cell<MemfaultMetricsSessionStartCb>> {
        let num_sessions = u32::from(self.table().num_sessions);
        if session >= num_sessions {
            return None;
        }
        let place = match edge {
            Edge::Start => session,
            Edge::End => num_sessions + session,
        };
        // SAFETY: the start callbacks of all sessions, then their end callbacks.
        Some(unsafe { self.table().callbacks.add(place as usize).as_ref() })
    }

    /// What was reported of the log; NULL if the firmware does not want that.
    pub fn log_lines(self) -> *mut LogLines {
        self.table().log_lines
    }
}

/// A metric of the firmware.
#[derive(Clone, Copy)]
pub struct FirmwareEntry {
    /// Below the number of metrics.
    index: usize,
}

impl FirmwareEntry {
    fn definition(self) -> &'static KeyValuePair {
        // SAFETY: a constant of the C unit, one per metric.
        unsafe { FirmwareTable.table().keys.add(self.index).as_ref() }
    }

    /// Where a timer or a text is among those.
    fn slot(self) -> usize {
        // SAFETY: a constant of the C unit, one per metric.
        unsafe { FirmwareTable.table().slots.add(self.index).read() }.into()
    }
}

impl<'a> Entry<'a> for FirmwareEntry {
    fn index(self) -> usize {
        self.index
    }

    fn kind(self) -> Kind {
        Kind::from_number(self.definition().r#type.into())
    }

    fn session(self) -> u32 {
        self.definition().session_key.into()
    }

    fn value(self) -> &'a Cell<u32> {
        // SAFETY: one number per metric.
        unsafe { FirmwareTable.table().values.add(self.index).as_ref() }
    }

    fn set_flags(self) -> &'a Cell<u32> {
        // SAFETY: one word per 32 metrics.
        unsafe { FirmwareTable.table().set_flags.add(self.index / 32).as_ref() }
    }

    fn timer(self) -> Option<&'a Cell<u32>> {
        // SAFETY: one word per timer, and the slot of a timer is its place among the timers.
        (self.kind() == Kind::Timer).then(|| unsafe { FirmwareTable.table().timers.add(self.slot()).as_ref() })
    }

    fn text(self) -> &'a [Cell<u8>] {
        if self.kind() != Kind::Text {
            return &[];
        }
        let len = (self.definition().range as usize).wrapping_add(1);
        // SAFETY: the slot of a text is the offset of its bytes, of which there is one more than its maximum length.
        unsafe { slice::from_raw_parts(FirmwareTable.table().texts.add(self.slot()).as_ptr(), len) }
    }
}

impl Registry for FirmwareTable {
    type Entry<'a> = FirmwareEntry;

    fn entry(&self, index: usize) -> Option<FirmwareEntry> {
        (index < usize::from(self.table().num_metrics)).then_some(FirmwareEntry { index })
    }

    fn entries(&self) -> impl Iterator<Item = FirmwareEntry> {
        (0..usize::from(self.table().num_metrics)).map(|index| FirmwareEntry { index })
    }

    fn heartbeat(&self) -> u32 {
        u32::from(self.table().num_sessions).wrapping_sub(1)
    }

    fn interval(&self, session: u32) -> Option<FirmwareEntry> {
        if session >= self.table().num_sessions.into() {
            return None;
        }
        // SAFETY: a constant of the C unit, one index of a metric per session.
        let index = unsafe { self.table().session_intervals.add(session as usize).read() };
        Some(FirmwareEntry { index: index.into() })
    }

    fn show<T>(&self, text: &[Cell<u8>], look: impl FnOnce(&[u8]) -> T) -> T {
        // SAFETY: readable bytes. The encoder copies them; a storage of the firmware, which gets them as a pointer, has no
        // business with metrics while it appends.
        look(unsafe { slice::from_raw_parts(text.as_ptr().cast(), text.len()) })
    }
}
