//! The vector files: groups of vectors with the options of the build that made them, and the value conventions.

use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// A JSON object.
pub type Object = Map<String, Value>;

/// One vector file.
pub struct Module {
    pub name: String,
    pub groups: Vec<Group>,
}

/// Vectors that were recorded with the same build.
pub struct Group {
    pub id: String,
    /// ABIs on which the reference gave exactly these results.
    pub abis: Vec<String>,
    /// Options that differ from their defaults: name and C value (text without quotes).
    pub options: Vec<(String, Setting)>,
    /// The names in the user's trace reason file, without the two that the SDK adds itself. `None`: the group says
    /// nothing.
    pub trace_reasons: Option<Vec<String>>,
    /// The lines of the user's metrics file. `None`: the group says nothing.
    pub metric_definitions: Option<Vec<String>>,
    /// The channels of the user's task watchdog file.
    pub channels: Vec<String>,
    pub vectors: Vec<Object>,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Number(i64),
    Text(String),
}

impl Group {
    /// A numeric option, or its default.
    pub fn number(&self, option: &str, default: i64) -> i64 {
        match self.option(option) {
            Some(Setting::Number(n)) => *n,
            _ => default,
        }
    }

    /// An option that the group sets.
    pub fn option(&self, option: &str) -> Option<&Setting> {
        self.options.iter().find(|(name, _)| name == option).map(|(_, value)| value)
    }
}

/// Reads `FOLDER/MODULE.json`.
pub fn load(folder: &Path, module: &str) -> Result<Module, String> {
    let path = folder.join(format!("{module}.json"));
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    parse(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn parse(text: &str) -> Result<Module, String> {
    let root: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    if root["schema"] != 1 {
        return Err(format!("schema {} is not 1", root["schema"]));
    }
    let name = root["module"].as_str().ok_or("no module name")?.to_owned();
    let groups = root["groups"].as_array().ok_or("no groups")?.iter().map(group).collect::<Result<_, _>>()?;
    Ok(Module { name, groups })
}

fn group(value: &Value) -> Result<Group, String> {
    let id = value["id"].as_str().ok_or("a group has no id")?.to_owned();
    let abis = strings(&value["abis"]).ok_or(format!("{id}: no abis"))?;
    let mut options = Vec::new();
    for (name, value) in value["options"].as_object().into_iter().flatten() {
        let setting = match value {
            Value::String(text) => Setting::Text(text.clone()),
            Value::Bool(on) => Setting::Number(i64::from(*on)),
            number => Setting::Number(number.as_i64().ok_or(format!("{id}: option {name} is {number}"))?),
        };
        options.push((name.clone(), setting));
    }
    let trace_reasons = match &value["trace_reasons"] {
        Value::Null => None,
        list => Some(user_reasons(strings(list).ok_or(format!("{id}: trace_reasons"))?)),
    };
    let metric_definitions = match &value["def_file"] {
        Value::Null => None,
        list => Some(strings(list).ok_or(format!("{id}: def_file"))?),
    };
    let channels = match &value["channels"] {
        // As many as the recorder had wherever it does not tell.
        Value::Null => (0..5).map(|n| format!("channel{n}")).collect(),
        list => strings(list).ok_or(format!("{id}: channels"))?,
    };
    let vectors = value["vectors"].as_array().ok_or(format!("{id}: no vectors"))?;
    let vectors = vectors
        .iter()
        .map(|v| v.as_object().cloned())
        .collect::<Option<_>>()
        .ok_or(format!("{id}: a vector is no object"))?;
    Ok(Group { id, abis, options, trace_reasons, metric_definitions, channels, vectors })
}

/// The first and the last reason are the SDK's own (spec 20 section 9).
fn user_reasons(all: Vec<String>) -> Vec<String> {
    all.into_iter().filter(|reason| reason != "Unknown" && reason != "MemfaultCli_Test").collect()
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect()
}

/// Bytes of an input: a hex string or a generator.
pub fn bytes(value: &Value) -> Result<Vec<u8>, String> {
    match value {
        Value::String(hex) => from_hex(hex),
        Value::Object(object) => generate(object.get("gen").ok_or("an object that is no generator")?),
        other => Err(format!("no bytes: {other}")),
    }
}

/// Decodes a string of hex digits.
pub fn from_hex(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0).ok_or(format!("no hex string: {hex:.40}"))?;
    Ok(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Lower-case hex digits.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Text to bytes: one code point is one byte.
pub fn text(value: &str) -> Result<Vec<u8>, String> {
    value.chars().map(|c| u8::try_from(u32::from(c)).map_err(|_| format!("{c:?} is no byte"))).collect()
}

/// Bytes to text: one byte is one code point.
pub fn to_text(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

fn generate(spec: &Value) -> Result<Vec<u8>, String> {
    let field = |name: &str| spec[name].as_u64().ok_or(format!("generator without {name}"));
    let len = usize::try_from(field("len")?).map_err(|e| e.to_string())?;
    let seed = spec["seed"].as_str().ok_or("generator without seed")?;
    let mut random = SplitMix(u64::from_str_radix(seed, 16).map_err(|e| format!("seed {seed}: {e}"))?);
    let mut out = Vec::with_capacity(len + 8);
    match spec["kind"].as_str() {
        Some("splitmix") => {
            while out.len() < len {
                out.extend(random.next().to_le_bytes());
            }
        }
        Some("runs") => {
            let (max_run, mask) = (field("max_run")?.max(1), field("mask")?);
            while out.len() < len {
                let x = random.next();
                let run = 1 + (x & 0xFFFF_FFFF) % max_run;
                let byte = ((x >> 32) & mask) as u8;
                out.extend((0..run).map(|_| byte));
            }
        }
        other => return Err(format!("unknown generator {other:?}")),
    }
    out.truncate(len);
    Ok(out)
}

/// The generator of the vector files.
pub struct SplitMix(pub u64);

impl SplitMix {
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = self.0;
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn generators_cut_to_the_length_and_repeat() {
        let spec = json!({"gen": {"kind": "splitmix", "seed": "0", "len": 11}});
        // The first outputs of splitmix64 from seed 0 are public knowledge.
        let expected = [0xE220_A839_7B1D_CDAF_u64.to_le_bytes(), 0x6E78_9E6A_A1B9_65F4_u64.to_le_bytes()].concat();
        assert_eq!(bytes(&spec).unwrap(), expected[..11]);
        let spec = json!({"gen": {"kind": "runs", "seed": "12", "len": 100, "max_run": 7, "mask": 1}});
        let runs = bytes(&spec).unwrap();
        assert_eq!(runs.len(), 100);
        assert!(runs.iter().all(|b| *b <= 1) && runs.contains(&0) && runs.contains(&1));
    }

    #[test]
    fn text_is_one_code_point_per_byte() {
        assert_eq!(text("a\u{e9}\u{0}").unwrap(), [b'a', 0xE9, 0]);
        assert!(text("\u{100}").is_err());
        assert_eq!(to_text(&[0xE9]), "\u{e9}");
    }

    #[test]
    fn odd_and_bad_hex_is_refused() {
        assert_eq!(from_hex("00fF").unwrap(), [0, 255]);
        assert!(from_hex("0").is_err());
        assert!(from_hex("0g").is_err());
    }
}
