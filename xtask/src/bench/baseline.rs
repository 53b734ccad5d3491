//! The numbers of the C SDK (`benches/baseline.json`).
use super::target::{Target, Variant};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

pub struct Baseline {
    json: Value,
}

/// Linked size of the SDK in an app, in bytes.
#[derive(Clone, Copy)]
pub struct Size {
    pub flash: u64,
    pub ram: u64,
    /// The part of `flash` that comes from libc and libgcc.
    pub libc: u64,
}

/// One drained message: how it came out and what the C SDK needed for it.
pub struct Drain {
    pub net: u64,
    pub chunks: u64,
    pub out_bytes: u64,
    pub out_crc32: String,
    pub reads: u64,
    pub read_bytes: u64,
}

/// What leaves the packetizer after an operation.
pub struct Message {
    pub chunks: u64,
    pub bytes: u64,
    pub crc32: String,
    /// Hex; not known for every message.
    pub first_chunk: Option<String>,
}

impl Baseline {
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join("benches/baseline.json");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Self { json: serde_json::from_str(&text).with_context(|| path.display().to_string())? })
    }

    pub fn payload_crc32(&self, payload: &str) -> Option<String> {
        text(&self.json["payload_crc32"][payload])
    }

    pub fn size(&self, target: Target, row: &str) -> Option<Size> {
        let entry = &self.json["size"][target.name()][row];
        Some(Size { flash: entry["flash"].as_u64()?, ram: entry["ram"].as_u64()?, libc: entry["libc"].as_u64()? })
    }

    /// The public functions of a build, which level 5 links all of.
    pub fn api(&self, row: &str) -> Option<Vec<String>> {
        let names = |key: &str| self.json["api"][key].as_array()?.iter().map(text).collect::<Option<Vec<_>>>();
        Some([names("common")?, names(row)?].concat())
    }

    /// `case` is `payload/mode-buffer`.
    pub fn drain(&self, target: Target, build: &str, case: &str) -> Option<Drain> {
        let entry = &self.json["drain"][target.name()][build][case];
        Some(Drain {
            net: entry["net"].as_u64()?,
            chunks: entry["chunks"].as_u64()?,
            out_bytes: entry["out_bytes"].as_u64()?,
            out_crc32: text(&entry["out_crc32"])?,
            reads: entry["reads"].as_u64()?,
            read_bytes: entry["read_bytes"].as_u64()?,
        })
    }

    pub fn first_call(&self, target: Target, build: &str, payload: &str, call: &str) -> Option<u64> {
        self.json["first_calls"][target.name()][build][payload][call].as_u64()
    }

    pub fn operation(&self, target: Target, id: &str) -> Option<u64> {
        self.json["operations"][target.name()][id].as_u64()
    }

    /// Batched events are other messages with the same id.
    pub fn message(&self, variant: Variant, id: &str) -> Option<Message> {
        let batched = format!("{id}_{}", variant.name);
        let messages = &self.json["messages"];
        let entry = messages.get(&batched).or_else(|| messages.get(id))?;
        Some(Message {
            chunks: entry["chunks"].as_u64()?,
            bytes: entry["bytes"].as_u64()?,
            crc32: text(&entry["crc32"])?,
            first_chunk: text(&entry["first_chunk"]),
        })
    }

    /// Bytes, with the metrics of the metric rows.
    pub fn heartbeat_worst_case(&self) -> Option<u64> {
        self.json["heartbeat_worst_case_bytes"].as_u64()
    }

    /// What one save does: `bytes` of the file, `writes`, `reads` and `erases` of the store.
    pub fn coredump(&self, target: Target, key: &str) -> Option<u64> {
        self.json["coredump"][target.name()][key].as_u64()
    }

    pub fn stack(&self, id: &str) -> Option<u64> {
        self.json["stack"]["m4"][id].as_u64()
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
