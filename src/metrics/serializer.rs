//! The event of a heartbeat or a session (spec 40 §14).
//!
//! | Part | Bytes |
//! |---|---|
//! | envelope | event type 1, see [`envelope`](crate::events::envelope) |
//! | event info, key 4 | `04 a2`: a map of two pairs |
//! | session, key 2 | number of the session; the heartbeat is the one behind the last session |
//! | metrics, key 1 | an array: one item per metric of that session, in the order of their declaration |
//!
//! | Type of metric | Item |
//! |---|---|
//! | unsigned | unsigned integer; null if unset |
//! | signed | integer; null if unset |
//! | timer | unsigned integer |
//! | text | text string |

use super::Metrics;
use super::platform::Platform;
use super::registry::{Entry, Kind, Registry};
use super::values::{is_set, text_of};
use crate::config::Config;
use crate::events::envelope::{self, encode_metadata, event_type};
use crate::events::serializer::compute_size;
use crate::events::store::EventStore;
use crate::util::cbor::{Encoder, Sink};

/// Keys of the event info.
mod key {
    pub const METRICS: u32 = 1;
    pub const SESSION: u32 = 2;
}
/// Pairs of the event info.
const PAIRS: u32 = 2;

/// How far the encoder of an event came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Not to the values.
    Head,
    /// Not to the end of the values.
    Values,
    /// All is encoded.
    Complete,
}

impl<C: Config, R: Registry, P: Platform> Metrics<C, R, P> {
    /// Stores an event with the current values of a session. False: it found no room. An unknown session has no values.
    pub fn serialize(&self, store: P::Store, session: u32) -> bool {
        self.store_event(store, session, false) == Progress::Complete
    }

    /// Bytes of the largest event of a session, with the device's strings, build id and time of now.
    ///
    /// QUIRK (spec 40 §14.3): a text counts as long as it is now.
    pub fn worst_case_size(&self, session: u32) -> usize {
        compute_size::<<P::Store as EventStore>::Writer>(|encoder| {
            self.encode(encoder, session, false) == Progress::Complete
        })
    }

    /// The same as [`serialize`](Self::serialize); with `reset` the values are put at rest behind the encoder, if it comes to
    /// them at all.
    #[inline(never)]
    pub(super) fn store_event(&self, store: P::Store, session: u32, reset: bool) -> Progress {
        let mut progress = Progress::Head;
        store.store(|encoder| {
            progress = self.encode(encoder, session, reset);
            progress == Progress::Complete
        });
        progress
    }

    #[inline(never)]
    fn encode<S: Sink>(&self, encoder: &mut Encoder<S>, session: u32, reset: bool) -> Progress {
        if !(encode_metadata::<C, S>(encoder, event_type::HEARTBEAT, self.platform.identity())
            && encoder.map_pair(envelope::key::EVENT_INFO, PAIRS)
            && encoder.unsigned_pair(key::SESSION, session)
            && encoder.unsigned(key::METRICS)
            && encoder.array(self.count(session)))
        {
            return Progress::Head;
        }
        self.locked(|| {
            let complete = self.encode_values(encoder, session);
            if reset {
                self.reset_values(session);
            }
            if complete { Progress::Complete } else { Progress::Values }
        })
    }

    #[inline(never)]
    fn encode_values<S: Sink>(&self, encoder: &mut Encoder<S>, session: u32) -> bool {
        for entry in self.registry.entries() {
            if entry.session() == session && !self.encode_value(encoder, entry) {
                return false;
            }
        }
        true
    }

    fn encode_value<S: Sink>(&self, encoder: &mut Encoder<S>, entry: R::Entry<'_>) -> bool {
        let kind = entry.kind();
        if kind == Kind::Text {
            return self.registry.show(text_of(entry), |text| encoder.text(text));
        }
        // The largest event has numbers of the largest size, set or not: with this one 5 bytes, signed or not.
        let largest = encoder.is_size_only();
        if !largest && kind != Kind::Timer && !is_set(entry) {
            return encoder.null();
        }
        let bits = if largest { i32::MIN.cast_unsigned() } else { entry.value().get() };
        encoder.integer(bits, kind == Kind::Signed)
    }
}
