//! The options of event groups as `Config` implementations. Options are constants, so every combination that the
//! vectors use is a type of its own; a group with another one is skipped, and says so.

use crate::vectors::Group;
use memfault_rs::config::Config;

/// Options of the envelope: serial number, build id, bytes of it.
pub struct Envelope<const SERIAL: bool, const BUILD_ID: bool, const ID_BYTES: usize>;

impl<const SERIAL: bool, const BUILD_ID: bool, const ID_BYTES: usize> Config for Envelope<SERIAL, BUILD_ID, ID_BYTES> {
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = SERIAL;
    const EVENT_INCLUDE_BUILD_ID: bool = BUILD_ID;
    const EVENT_INCLUDED_BUILD_ID_SIZE_BYTES: usize = ID_BYTES;
}

/// Options of event storage: batching, payload bytes of a batch, non-volatile store.
pub struct Storing<const BATCHING: bool, const MAX_BYTES: u32, const NON_VOLATILE: bool>;

impl<const BATCHING: bool, const MAX_BYTES: u32, const NON_VOLATILE: bool> Config
    for Storing<BATCHING, MAX_BYTES, NON_VOLATILE>
{
    const EVENT_STORAGE_READ_BATCHING_ENABLED: bool = BATCHING;
    const EVENT_STORAGE_READ_BATCHING_MAX_BYTES: u32 = MAX_BYTES;
    const EVENT_STORAGE_NV_SUPPORT_ENABLED: bool = NON_VOLATILE;
}

/// The options of a group by name, without the common prefix; `None` when there are others.
pub fn of(group: &Group, known: &[(&str, i64)]) -> Result<Vec<i64>, String> {
    let unknown =
        group.options.iter().find(|(name, _)| !known.iter().any(|(n, _)| name.strip_prefix("MEMFAULT_") == Some(n)));
    match unknown {
        Some((name, value)) => Err(format!("no Config with {name} = {value:?} was compiled in")),
        None => Ok(known.iter().map(|(name, default)| group.number(&format!("MEMFAULT_{name}"), *default)).collect()),
    }
}

/// A player for the envelope options of the group: `make!(Type)` is an expression with the `Config` in scope.
macro_rules! with_envelope {
    ($group:expr, $known:expr, $player:ident) => {{
        const ENVELOPE: [(&str, i64); 3] = [
            ("EVENT_INCLUDE_DEVICE_SERIAL", 0),
            ("EVENT_INCLUDE_BUILD_ID", 1),
            ("EVENT_INCLUDED_BUILD_ID_SIZE_BYTES", 6),
        ];
        let known: Vec<(&str, i64)> = ENVELOPE.iter().chain($known).copied().collect();
        match $crate::rust_api::options::of($group, &known)?[..3] {
            [0, 1, 6] => Ok(Box::new($player::<$crate::rust_api::options::Envelope<false, true, 6>>::new($group))),
            [1, 1, 6] => Ok(Box::new($player::<$crate::rust_api::options::Envelope<true, true, 6>>::new($group))),
            [1, 1, 8] => Ok(Box::new($player::<$crate::rust_api::options::Envelope<true, true, 8>>::new($group))),
            [1, 1, 20] => Ok(Box::new($player::<$crate::rust_api::options::Envelope<true, true, 20>>::new($group))),
            [0, 0, 6] => Ok(Box::new($player::<$crate::rust_api::options::Envelope<false, false, 6>>::new($group))),
            _ => Err(format!("no Config with {:?} was compiled in", $group.options)),
        }
    }};
}
pub(super) use with_envelope;
