//! Rows of the result, as a table and as JSON.
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    Instructions,
    /// Instructions for a message of 64 KiB; the note gives them per byte.
    InstructionsPer64KiB,
    Bytes,
    Reads,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Instructions | Self::InstructionsPer64KiB => "instructions",
            Self::Bytes => "bytes",
            Self::Reads => "reads",
        }
    }
}

/// One line: a workload, our number, the C SDK's.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub unit: Unit,
    /// `None`: see `error` or `note`.
    pub ours: Option<u64>,
    /// `None`: the C SDK has no comparable number.
    pub baseline: Option<u64>,
    pub note: String,
    /// Why the row has no number: an output that is not the expected one.
    pub error: Option<String>,
}

impl Row {
    pub fn new(name: impl Into<String>, unit: Unit, ours: u64, baseline: Option<u64>) -> Self {
        Self { name: name.into(), unit, ours: Some(ours), baseline, note: String::new(), error: None }
    }

    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Takes the number away: what it would measure is not what the row promises.
    pub fn failed(mut self, error: Option<String>) -> Self {
        if error.is_some() {
            self.ours = None;
            self.error = error;
        }
        self
    }

    /// Ours divided by the baseline.
    pub fn ratio(&self) -> Option<f64> {
        match (self.ours, self.baseline) {
            (Some(ours), Some(baseline)) if baseline != 0 => Some(ours as f64 / baseline as f64),
            _ => None,
        }
    }

    fn full_note(&self) -> String {
        let mut note = match &self.error {
            Some(error) => format!("FAILED: {error}"),
            None => String::new(),
        };
        if self.unit == Unit::InstructionsPer64KiB
            && let Some(ours) = self.ours
        {
            let _ = write!(note, "{:.2}/B", ours as f64 / 65536.0);
            if let Some(baseline) = self.baseline {
                let _ = write!(note, " against {:.2}", baseline as f64 / 65536.0);
            }
        }
        if !note.is_empty() && !self.note.is_empty() {
            note.push_str("; ");
        }
        note + &self.note
    }
}

#[derive(Default)]
pub struct Report {
    pub rows: Vec<Row>,
}

impl Report {
    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub fn find(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    pub fn errors(&self) -> Vec<String> {
        self.rows.iter().filter_map(|row| Some(format!("{}: {}", row.name, row.error.as_ref()?))).collect()
    }

    pub fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max(3);
        let mut text = format!("{:width$}  {:>13}  {:>13}  {:>6}  note\n", "row", "ours", "baseline", "ratio");
        for row in &self.rows {
            let ours = row.ours.map_or("-".into(), grouped);
            let baseline = row.baseline.map_or("-".into(), grouped);
            let ratio = row.ratio().map_or("-".into(), |r| format!("{r:.3}"));
            let line = format!("{:width$}  {ours:>13}  {baseline:>13}  {ratio:>6}  {}", row.name, row.full_note());
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(row_json).collect();
        json!({ "rows": rows }).to_string()
    }
}

fn row_json(row: &Row) -> Value {
    let mut object = Map::new();
    object.insert("row".into(), json!(row.name));
    object.insert("ours".into(), json!(row.ours));
    object.insert("baseline".into(), json!(row.baseline));
    object.insert("ratio".into(), json!(row.ratio().map(|r| (r * 10_000.0).round() / 10_000.0)));
    object.insert("unit".into(), json!(row.unit.name()));
    let note = row.full_note();
    if !note.is_empty() {
        object.insert("note".into(), json!(note));
    }
    Value::Object(object)
}

/// 65536 as "65 536".
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i != 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
