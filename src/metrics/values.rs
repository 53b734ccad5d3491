//! The values of metrics (spec 40 §6): set, add, read, look at all.
//!
//! | Type | At rest | Has a flag that says "set" |
//! |---|---|---|
//! | unsigned, signed | unset, raw value 0 | yes |
//! | timer | 0 | no |
//! | text | empty | no |
//!
//! Ranges and scales are information for the cloud: nothing is clamped to them here.

use super::platform::Platform;
use super::registry::{Entry, Kind, Registry};
use super::{Error, Metrics};
use crate::config::Config;
use core::cell::Cell;

/// Which metrics are put at rest: those whose session has the same bits as the given one, as far as the mask goes. The mask is what
/// stays of the state of timers as well.
pub(super) const ONE_SESSION: u32 = u32::MAX;
/// All metrics; timers are stopped.
pub(super) const EVERY_SESSION: u32 = 0;

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Gives an integer of type `kind` a value, as it is.
    pub fn set(&self, index: i32, kind: Kind, value: u32) -> Result<(), Error> {
        self.change(index, Some(kind), value)
    }

    /// Adds to an integer of either type; it stops at the limits of its type. An unset one counts as 0.
    pub fn add(&self, index: i32, amount: i32) -> Result<(), Error> {
        self.change(index, None, amount.cast_unsigned())
    }

    /// Sets an integer of a type, or adds to one of any type. One function, as most of it is common to both.
    #[inline(never)]
    fn change(&self, index: i32, wanted: Option<Kind>, operand: u32) -> Result<(), Error> {
        self.locked(|| {
            let entry = self.entry(index)?;
            let old = entry.value().get();
            let new = match (wanted, entry.kind()) {
                (Some(wanted), found) if wanted == found => operand,
                (Some(wanted), found) => {
                    self.platform.report_wrong_type(wanted, found, entry.index());
                    return Err(Error::WrongType);
                }
                (None, Kind::Unsigned) => old.saturating_add_signed(operand.cast_signed()),
                (None, Kind::Signed) => old.cast_signed().saturating_add(operand.cast_signed()).cast_unsigned(),
                (None, Kind::Timer | Kind::Text) => {
                    self.platform.report_not_a_number(entry.index());
                    return Err(Error::WrongType);
                }
            };
            store(entry, new);
            Ok(())
        })
    }

    /// The value of an integer of type `kind`.
    #[inline(never)]
    pub fn read(&self, index: i32, kind: Kind) -> Result<u32, Error> {
        self.locked(|| {
            let entry = self.entry(index)?;
            if entry.kind() != kind {
                return Err(Error::WrongType);
            }
            if !is_set(entry) {
                return Err(Error::Unset);
            }
            Ok(entry.value().get())
        })
    }

    /// Gives a text its value; what does not fit is cut off, wherever that is in a character. `None`, a missing text, is
    /// looked at only once the metric is known to be a text.
    pub fn set_text(&self, index: i32, text: Option<impl Iterator<Item = u8>>) -> Result<(), Error> {
        self.locked(|| {
            // QUIRK (spec 40 §6): a wrong type is reported as an unknown metric.
            let entry = self.find(index, Kind::Text).map_err(|_| Error::NotFound)?;
            let text = text.ok_or(Error::BadParameter)?;
            let memory = entry.text();
            let room = memory.split_last().map_or(&[][..], |(_, room)| room);
            let mut len = 0;
            for (cell, byte) in room.iter().zip(text) {
                cell.set(byte);
                len += 1;
            }
            entry.value().set(len);
            // For C code that still has the pointer of an iteration.
            if let Some(end) = memory.get(len as usize) {
                end.set(0);
            }
            Ok(())
        })
    }

    /// Copies a text and its NUL to `out`, as far as it has room; the last byte of `out` becomes a NUL in any case.
    pub fn read_text(&self, index: i32, out: &[Cell<u8>]) -> Result<(), Error> {
        let Some(last) = out.last() else { return Err(Error::BadParameter) };
        self.locked(|| {
            // QUIRK (spec 40 §6): as above, and this time without a word in the log.
            let entry = self.entry(index)?;
            if entry.kind() != Kind::Text {
                return Err(Error::NotFound);
            }
            for (to, from) in out.iter().zip(terminated(entry)) {
                to.set(from.get());
            }
            last.set(0);
            Ok(())
        })
    }

    /// Shows all metrics of all sessions to `visit` in the order of their declaration, until it says false. The lock is held.
    /// A text has a NUL behind it. Timers are not brought up to date.
    pub fn iterate<'a>(&'a self, visit: impl FnMut(R::Entry<'a>) -> bool) {
        self.locked(|| self.visit(visit));
    }

    /// The same with timers that are up to date, and `begin` before the first metric.
    pub fn update_and_iterate<'a>(&'a self, begin: impl FnOnce(), visit: impl FnMut(R::Entry<'a>) -> bool) {
        self.locked(|| {
            self.update_timers();
            begin();
            self.visit(visit);
        });
    }

    #[inline(never)]
    fn visit<'a>(&'a self, mut visit: impl FnMut(R::Entry<'a>) -> bool) {
        for entry in self.registry.entries() {
            // Neither a reset nor a restored state puts a NUL there.
            terminated(entry);
            if !visit(entry) {
                break;
            }
        }
    }

    /// Number of metrics of a session or of the heartbeat; 0 for an unknown one.
    #[inline(never)]
    pub fn count(&self, session: u32) -> u32 {
        self.locked(|| {
            let mut count = 0;
            for entry in self.registry.entries() {
                count += u32::from(entry.session() == session);
            }
            count
        })
    }

    /// The metric with this number.
    pub(super) fn entry(&self, index: i32) -> Result<R::Entry<'_>, Error> {
        // A negative number becomes one that no list is long enough for.
        self.registry.entry(index as u32 as usize).ok_or(Error::NotFound)
    }

    /// The metric with this number, which has to be of type `kind`; if not, this is reported.
    #[inline(never)]
    pub(super) fn find(&self, index: i32, kind: Kind) -> Result<R::Entry<'_>, Error> {
        let entry = self.entry(index)?;
        let found = entry.kind();
        if found == kind {
            return Ok(entry);
        }
        self.platform.report_wrong_type(kind, found, entry.index());
        Err(Error::WrongType)
    }

    /// Puts the metrics of a session at rest, while its timers run on. Under the lock.
    pub(super) fn reset_values(&self, session: u32) {
        self.reset(session, ONE_SESSION);
    }

    /// Puts metrics at rest; the mask is [`ONE_SESSION`] or [`EVERY_SESSION`]. Under the lock.
    #[inline(never)]
    pub(super) fn reset(&self, session: u32, mask: u32) {
        for entry in self.registry.entries() {
            if (entry.session() ^ session) & mask == 0 {
                // This makes a text empty, too.
                entry.value().set(0);
                let flags = entry.set_flags();
                flags.set(flags.get() & !entry.flag());
                if let Some(timer) = entry.timer() {
                    timer.set(timer.get() & mask);
                }
            }
        }
    }
}

/// Puts a NUL behind a text, and returns both. Empty for another type.
#[inline(never)]
fn terminated<'a>(entry: impl Entry<'a>) -> &'a [Cell<u8>] {
    let memory = entry.text();
    let Some(last) = memory.len().checked_sub(1) else { return &[] };
    let len = last.min(entry.value().get() as usize);
    if let Some(end) = memory.get(len) {
        end.set(0);
    }
    memory.get(..len + 1).unwrap_or(memory)
}

/// The bytes of a text.
pub fn text_of<'a>(entry: impl Entry<'a>) -> &'a [Cell<u8>] {
    let memory = entry.text();
    // A length that is too long is not of this module's making.
    memory.get(..entry.value().get() as usize).unwrap_or(memory)
}

/// Whether an integer is set.
pub fn is_set<'a>(entry: impl Entry<'a>) -> bool {
    entry.set_flags().get() & entry.flag() != 0
}

/// Gives an integer its value and marks it as set. Not inlined, for size.
#[inline(never)]
fn store<'a>(entry: impl Entry<'a>, value: u32) {
    entry.value().set(value);
    let flags = entry.set_flags();
    flags.set(flags.get() | entry.flag());
}
