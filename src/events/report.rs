//! What trace and reboot events have in common (spec 20 §7.2): a reason, a place, and a few pairs more.
//!
//! | Pair of the event info | Trace event | Reboot event |
//! |---|---|---|
//! | the reason | key 6 | key 1 |
//! | program counter, return address | keys 2 and 3, each if it is not 0 | the same |
//! | detail | nothing, or a status (7), a log text (8, byte string) or a compact log (9, CBOR) | reset reason register (4) if it is not 0, coredump saved (5) |
//!
//! One encoder for both, so that firmware carries it once.

use super::envelope::{Identity, TraceInfo, byte_string_kv, encode_trace_event, int32_kv, trace_key, uint32_kv};
use super::serializer::compute_size;
use super::store::{EventKind, EventStore};
use crate::config::Config;
use crate::util::cbor::{Encoder, Sink};

/// One event.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    /// Number of the firmware's trace reason, or a reboot reason.
    pub reason: u32,
    /// Program counter; 0 is left out.
    pub pc: u32,
    /// Return address; 0 is left out.
    pub lr: u32,
    /// What else there is to say.
    pub detail: Detail<'a>,
}

/// The last part of an event.
#[derive(Clone, Copy)]
pub enum Detail<'a> {
    /// Nothing.
    None,
    /// A status code.
    Status(i32),
    /// A log: text, or CBOR with compact logs.
    Log(&'a [u8]),
    /// What is known about a reset besides its reason.
    Reset {
        /// The reset reason register of the hardware; 0 is left out.
        register: u32,
        /// True when a coredump was saved.
        coredump_saved: bool,
    },
}

/// Stores an event. False: it found no room.
#[inline(never)]
pub fn store<C: Config, S: EventStore>(store: S, kind: EventKind, event: &Event<'_>, identity: &impl Identity) -> bool {
    store.store(|encoder| encode::<C, _>(encoder, kind, event, identity))
}

/// Bytes of an event, with the device's strings, build id and time of now. The two bytes that the store adds are not in
/// it (QUIRK, spec 20 §7.3).
#[inline(never)]
pub fn size<C: Config, S: EventStore>(kind: EventKind, event: &Event<'_>, identity: &impl Identity) -> usize {
    compute_size::<S::Writer>(|encoder| encode::<C, _>(encoder, kind, event, identity))
}

fn encode<C: Config, S: Sink>(
    encoder: &mut Encoder<S>,
    kind: EventKind,
    event: &Event<'_>,
    identity: &impl Identity,
) -> bool {
    let start = TraceInfo {
        reason_key: match kind {
            EventKind::Reboot => trace_key::REASON,
            _ => trace_key::USER_REASON,
        },
        reason_value: event.reason,
        pc: event.pc,
        lr: event.lr,
        extra_pairs: match event.detail {
            Detail::None => 0,
            Detail::Status(_) | Detail::Log(_) => 1,
            Detail::Reset { register, .. } => 1 + u32::from(register != 0),
        },
    };
    encode_trace_event::<C, S>(encoder, &start, identity)
        && match event.detail {
            Detail::None => true,
            Detail::Status(status) => int32_kv(encoder, trace_key::STATUS_CODE, status),
            Detail::Log(log) if C::COMPACT_LOG_ENABLE => encoder.unsigned(trace_key::COMPACT_LOG) && encoder.join(log),
            Detail::Log(log) => byte_string_kv(encoder, trace_key::LOG, log),
            Detail::Reset { register, coredump_saved } => {
                (register == 0 || uint32_kv(encoder, trace_key::MCU_REASON_REGISTER, register))
                    && uint32_kv(encoder, trace_key::COREDUMP_SAVED, coredump_saved.into())
            }
        }
}
