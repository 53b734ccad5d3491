//! Steps: what a player carries out, one after the other.

use crate::inputs;
use crate::vectors::Object;
use serde_json::Value;

/// The value of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number of any width; true is 1.
    Number(i128),
    /// Bytes or text.
    Bytes(Vec<u8>),
    /// NULL.
    Null,
}

/// One operation.
pub struct Step {
    pub name: String,
    /// Named arguments. Nested values have dotted names, lists a count under `list.#`.
    pub arguments: Vec<(String, Argument)>,
    /// The results that the reference gave.
    pub expected: Object,
}

impl Step {
    /// The argument of that name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// A number that fits the type.
    pub fn number<T: TryFrom<i128>>(&self, key: &str) -> Result<T, String> {
        match self.argument(key) {
            Some(Argument::Number(n)) => T::try_from(*n).map_err(|_| format!("{key}: {n} is out of range")),
            other => Err(format!("{key}: no number but {other:?}")),
        }
    }

    /// A number that is not 0.
    pub fn flag(&self, key: &str) -> Result<bool, String> {
        self.number::<u8>(key).map(|n| n != 0)
    }

    /// Bytes; `None` for NULL and for an argument that is not there.
    pub fn optional_bytes(&self, key: &str) -> Option<&[u8]> {
        match self.argument(key) {
            Some(Argument::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Bytes that are not NULL.
    pub fn bytes(&self, key: &str) -> Result<&[u8], String> {
        self.optional_bytes(key).ok_or(format!("{key}: no bytes"))
    }

    /// Text.
    pub fn text(&self, key: &str) -> Result<&str, String> {
        std::str::from_utf8(self.bytes(key)?).map_err(|e| format!("{key}: {e}"))
    }

    /// How many elements a list has; an absent one has none.
    pub fn count(&self, list: &str) -> usize {
        self.number(&format!("{list}.#")).unwrap_or(0)
    }

    /// The error of a player that does not know the step.
    pub fn unknown<T>(&self) -> Result<T, String> {
        Err(format!("unknown operation {}", self.name))
    }
}

/// A vector, ready to be played.
pub struct Play {
    pub id: String,
    pub steps: Vec<Step>,
}

/// Why a vector is not played.
pub enum Skip {
    /// The vector shows a known defect of the reference.
    ReferenceDefect(String),
    /// This program does not understand it.
    NotUnderstood(String),
}

/// Splits a vector of a module into steps.
pub fn play_of(module: &str, vector: &Object) -> Result<Play, (String, Skip)> {
    let id = vector.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
    if let Some(defects) = vector.get("ref_defects") {
        return Err((id, Skip::ReferenceDefect(defects.to_string())));
    }
    match inputs::steps(module, vector) {
        Ok(steps) => Ok(Play { id, steps }),
        Err(reason) => Err((id, Skip::NotUnderstood(reason))),
    }
}
