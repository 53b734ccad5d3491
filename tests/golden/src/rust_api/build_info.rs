//! `memfault_rs::events::build_id`.

use super::events::Bench;
use super::{Player, object, options};
use crate::step::Step;
use crate::vectors::{Group, Object, to_text};
use memfault_rs::events::build_id::{UniqueVersion, write_hex};
use serde_json::{Value, json};
use std::cell::Cell;

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    match options::of(group, &[("UNIQUE_VERSION_MAX_LEN", 32)])?[..] {
        [32] => Ok(Box::new(Identifiers::<32> { bench: Bench::leaked(), version: UniqueVersion::new() })),
        [20] => Ok(Box::new(Identifiers::<20> { bench: Bench::leaked(), version: UniqueVersion::new() })),
        _ => Err(format!("no buffer for {:?} was compiled in", group.options)),
    }
}

struct Identifiers<const N: usize> {
    bench: &'static Bench<memfault_rs::config::Defaults>,
    version: UniqueVersion<N>,
}

impl<const N: usize> Identifiers<N> {
    fn version(&self) -> Value {
        match self.version.get() {
            Some(cells) => {
                to_text(&cells.iter().map(Cell::get).take_while(|byte| *byte != 0).collect::<Vec<_>>()).into()
            }
            None => Value::Null,
        }
    }
}

impl<const N: usize> Player for Identifiers<N> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if let Some(results) = self.bench.step(step) {
            return results;
        }
        let id = self.bench.device.build_id.get();
        Ok(object(match step.name.as_str() {
            "create_unique_version_string" => {
                if self.version.get().is_none()
                    && let Some(version) = step.optional_bytes("version")
                {
                    self.version.make(version, id.as_ref());
                }
                json!({"ret": self.version()})
            }
            "get_unique_version_string" => json!({"ret": self.version()}),
            "build_id_get_string" => {
                const DIGITS: usize = 40;
                let len: usize = step.number("buf_len")?;
                match id.filter(|_| len >= 2) {
                    Some(id) => {
                        let mut digits = vec![b'?'; DIGITS.min(len - 1)];
                        write_hex(&id, &mut digits);
                        json!({"ret": true, "out": to_text(&digits)})
                    }
                    None => json!({"ret": false}),
                }
            }
            "build_info_dump" | "device_info_dump" => json!({}), // log lines of the C layer
            _ => return step.unknown(),
        }))
    }
}
