//! Trace events (spec 20 §10): the firmware says that something happened, and where.
//!
//! In an interrupt nothing can be encoded or locked. One event waits in a slot for the next capture, or flush, outside
//! of one; while it waits, further interrupts are refused. The slot is empty when its reason is 0.

use super::envelope::Identity;
use super::report;
use super::store::{EventKind, EventStore};
use crate::config::Config;
use core::cell::{Cell, RefCell};
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering, compiler_fence};

/// An event to be captured; of the details, all but [`Detail::Reset`].
pub use super::report::{Detail, Event as TraceEvent};

/// The reason of an empty slot.
const REASON_UNKNOWN: u32 = 0;

/// What trace events ask the platform, besides what goes into every event.
pub trait Platform: Identity {
    /// Is this code running in an interrupt or another exception handler?
    fn is_inside_isr(&self) -> bool;
}

/// Why an event was not captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureError {
    /// Not booted.
    NotBooted,
    /// The store is full or busy, or the slot for interrupts is occupied.
    NoSpace,
}

/// The store is smaller than the largest event.
#[derive(Debug, PartialEq, Eq)]
pub struct StorageTooSmall;

/// The event in the slot, without its log.
#[derive(Clone, Copy)]
struct Parked {
    pc: u32,
    lr: u32,
    detail: ParkedDetail,
}

#[derive(Clone, Copy)]
enum ParkedDetail {
    None,
    Status(i32),
    /// Length of the log in bytes.
    Log(usize),
}

/// Captures trace events. All zero before its boot.
///
/// `LOG` is the number of log bytes that an event from an interrupt keeps.
pub struct TraceEvents<C, S, const LOG: usize> {
    store: Cell<Option<S>>,
    parked_reason: AtomicU32,
    parked: Cell<Parked>,
    /// Borrowed for reading while the slot is flushed; until then the slot is occupied, so nobody writes.
    parked_log: RefCell<[u8; LOG]>,
    options: PhantomData<C>,
}

impl<C: Config, S: EventStore, const LOG: usize> TraceEvents<C, S, LOG> {
    /// Not booted, slot empty.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self {
            store: Cell::new(None),
            parked_reason: AtomicU32::new(REASON_UNKNOWN),
            parked: Cell::new(Parked { pc: 0, lr: 0, detail: ParkedDetail::None }),
            parked_log: RefCell::new([0; LOG]),
            options: PhantomData,
        }
    }

    /// Sends events to `store` from now on. `num_reasons` is the number of the user's reasons. On failure a store from
    /// an earlier boot stays in use; an event in the slot always stays.
    pub fn boot(&self, store: S, num_reasons: u32, identity: &impl Identity) -> Result<(), StorageTooSmall> {
        if !store.check_size(EventKind::Trace, || worst_case_size::<C, S>(num_reasons, identity)) {
            return Err(StorageTooSmall);
        }
        self.store.set(Some(store));
        Ok(())
    }

    /// True after a good boot.
    pub fn booted(&self) -> bool {
        self.store.get().is_some()
    }

    /// Stores an event, or parks it when called in an interrupt. What is parked is stored first, so the order is kept;
    /// when that fails, this event is not tried.
    pub fn capture(&self, event: &TraceEvent<'_>, platform: &impl Platform) -> Result<(), CaptureError> {
        let store = self.store.get().ok_or(CaptureError::NotBooted)?;
        if platform.is_inside_isr() {
            return self.park(event);
        }
        self.flush(platform)?;
        store_event::<C, S>(store, event, platform)
    }

    /// Stores the event in the slot, if there is one; when that fails, it stays there. `Ok` for an empty slot, also
    /// before boot.
    pub fn flush(&self, identity: &impl Identity) -> Result<(), CaptureError> {
        let reason = self.parked_reason.load(Ordering::Relaxed);
        if reason == REASON_UNKNOWN {
            return Ok(());
        }
        self.flush_parked(reason, identity)
    }

    /// Apart, so that a capture with an empty slot has no room for the log on its stack.
    #[inline(never)]
    fn flush_parked(&self, reason: u32, identity: &impl Identity) -> Result<(), CaptureError> {
        let store = self.store.get().ok_or(CaptureError::NotBooted)?;
        compiler_fence(Ordering::SeqCst);
        let Parked { pc, lr, detail } = self.parked.get();
        let Ok(log) = self.parked_log.try_borrow() else { return Err(CaptureError::NoSpace) };
        let detail = match detail {
            ParkedDetail::None => Detail::None,
            ParkedDetail::Status(status) => Detail::Status(status),
            ParkedDetail::Log(len) => Detail::Log(log.get(..len).unwrap_or(&*log)),
        };
        store_event::<C, S>(store, &TraceEvent { reason, pc, lr, detail }, identity)?;
        compiler_fence(Ordering::SeqCst);
        self.parked_reason.store(REASON_UNKNOWN, Ordering::Relaxed);
        Ok(())
    }

    /// Fills the slot. The reason comes first: an interrupt of higher priority that comes in between finds the slot
    /// occupied.
    ///
    /// QUIRK (spec 20 §10.4): an event with reason 0 leaves the slot empty and so is lost.
    fn park(&self, event: &TraceEvent<'_>) -> Result<(), CaptureError> {
        if self.parked_reason.load(Ordering::Relaxed) != REASON_UNKNOWN {
            return Err(CaptureError::NoSpace);
        }
        self.parked_reason.store(event.reason, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let detail = match event.detail {
            Detail::Status(status) => ParkedDetail::Status(status),
            Detail::Log(log) if C::TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED => {
                let Ok(mut parked) = self.parked_log.try_borrow_mut() else { return Err(CaptureError::NoSpace) };
                for (to, from) in parked.iter_mut().zip(log) {
                    *to = *from;
                    core::hint::black_box(()); // stays a loop: a call of memcpy would cost 360 bytes of flash
                }
                ParkedDetail::Log(log.len())
            }
            _ => ParkedDetail::None,
        };
        self.parked.set(Parked { pc: event.pc, lr: event.lr, detail });
        Ok(())
    }

    /// Forgets the store and the event in the slot.
    pub fn reset(&self) {
        self.store.set(None);
        self.parked_reason.store(REASON_UNKNOWN, Ordering::Relaxed);
    }
}

/// Bytes of the largest trace event without a log; see [`report::size`].
#[inline(never)]
pub fn worst_case_size<C: Config, S: EventStore>(num_reasons: u32, identity: &impl Identity) -> usize {
    let detail = Detail::Status(i32::MAX);
    let largest = TraceEvent { reason: num_reasons, pc: u32::MAX, lr: u32::MAX, detail };
    report::size::<C, S>(EventKind::Trace, &largest, identity)
}

fn store_event<C: Config, S: EventStore>(
    store: S,
    event: &TraceEvent<'_>,
    identity: &impl Identity,
) -> Result<(), CaptureError> {
    if report::store::<C, S>(store, EventKind::Trace, event, identity) { Ok(()) } else { Err(CaptureError::NoSpace) }
}

#[cfg(test)]
mod tests;
