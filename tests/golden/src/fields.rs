//! From the fields of a JSON object to the arguments of a step, with the value conventions of the vector files.

use crate::step::Argument;
use crate::vectors::{self, Object};
use serde_json::Value;

/// The sources of the packetizer, in the order in which it asks them.
pub const SOURCES: [&str; 4] = ["coredump", "event", "log", "cdr"];

/// The fields of a JSON object on their way to arguments; whatever is not taken is a result.
pub struct Fields<'a> {
    object: &'a Object,
    arguments: Vec<(String, Argument)>,
    taken: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    pub fn new(object: &'a Object) -> Self {
        Self { object, arguments: Vec::new(), taken: Vec::new() }
    }

    /// The whole object, whatever was taken.
    pub fn object(&self) -> &'a Object {
        self.object
    }

    /// The arguments, and the fields that nobody took.
    pub fn finish(self) -> (Vec<(String, Argument)>, Object) {
        let rest = self.object.iter().filter(|(key, _)| !self.taken.contains(&key.as_str()));
        (self.arguments, rest.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// Takes a field out of the results. `None`: it is absent.
    pub fn take(&mut self, key: &str) -> Option<&'a Value> {
        let (key, value) = self.object.get_key_value(key)?;
        self.taken.push(key);
        Some(value)
    }

    pub fn drop(&mut self, key: &str) {
        let _ = self.take(key);
    }

    pub fn push(&mut self, key: impl Into<String>, argument: Argument) {
        self.arguments.push((key.into(), argument));
    }

    /// Takes a field that may be absent or null.
    fn convert(&mut self, key: &str, f: impl Fn(&Value) -> Result<Argument, String>) -> Result<(), String> {
        match self.take(key) {
            None => {}
            Some(Value::Null) => self.push(key, Argument::Null),
            Some(value) => {
                let argument = f(value).map_err(|e| format!("{key}: {e}"))?;
                self.push(key, argument);
            }
        }
        Ok(())
    }

    pub fn number(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, number)
    }

    pub fn many(&mut self, keys: &[&str]) -> Result<(), String> {
        keys.iter().try_for_each(|key| self.number(key))
    }

    pub fn wide(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, wide)
    }

    pub fn flag(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, |v| Ok(Argument::Number(i128::from(v.as_bool().ok_or("no bool")?))))
    }

    pub fn bytes(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, |v| vectors::bytes(v).map(Argument::Bytes))
    }

    pub fn text(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, text)
    }

    /// A number, or text.
    pub fn number_or_text(&mut self, key: &str) -> Result<(), String> {
        self.convert(key, number_or_text)
    }

    /// `{m, v}`: a metric and the value that it gets; may be absent or null.
    pub fn assignment(&mut self, key: &str) -> Result<(), String> {
        match self.take(key) {
            None | Some(Value::Null) => Ok(()),
            Some(value) => self.assignment_fields(key, value),
        }
    }

    /// A list of them.
    pub fn assignments(&mut self, key: &str) -> Result<(), String> {
        let items = self.take(key).and_then(Value::as_array).ok_or(format!("{key}: no list"))?;
        self.push(format!("{key}.#"), Argument::Number(items.len() as i128));
        items.iter().enumerate().try_for_each(|(index, item)| self.assignment_fields(&format!("{key}.{index}"), item))
    }

    fn assignment_fields(&mut self, prefix: &str, value: &Value) -> Result<(), String> {
        self.push(format!("{prefix}.m"), number(&value["m"])?);
        self.push(format!("{prefix}.v"), number_or_text(&value["v"])?);
        Ok(())
    }

    /// A list whose elements become `key.0`, `key.1`, ...
    fn list(&mut self, key: &str, f: impl Fn(&Value) -> Result<Argument, String>) -> Result<(), String> {
        let Some(value) = self.take(key) else { return Ok(()) };
        let items = value.as_array().ok_or(format!("{key}: no list"))?;
        self.items(key, items.iter().map(f).collect::<Result<_, _>>().map_err(|e| format!("{key}: {e}"))?);
        Ok(())
    }

    fn items(&mut self, key: &str, items: Vec<Argument>) {
        self.push(format!("{key}.#"), Argument::Number(items.len() as i128));
        for (index, item) in items.into_iter().enumerate() {
            self.push(format!("{key}.{index}"), item);
        }
    }

    pub fn numbers(&mut self, key: &str) -> Result<(), String> {
        self.list(key, number)
    }

    pub fn texts(&mut self, key: &str) -> Result<(), String> {
        self.list(key, text)
    }

    pub fn byte_strings(&mut self, key: &str) -> Result<(), String> {
        self.list(key, |v| vectors::bytes(v).map(Argument::Bytes))
    }

    /// A list of `[input, result]`: the inputs are arguments, the whole list stays a result.
    pub fn first_of_each(&mut self, key: &str) -> Result<(), String> {
        self.peek_first_of_each(key, key)
    }

    pub fn peek_first_of_each(&mut self, key: &str, argument: &str) -> Result<(), String> {
        let Some(value) = self.object.get(key) else { return Ok(()) };
        let items = value.as_array().ok_or(format!("{key}: no list"))?;
        let firsts = items.iter().map(|item| number(&item[0])).collect::<Result<_, _>>();
        self.items(argument, firsts.map_err(|e| format!("{key}: {e}"))?);
        Ok(())
    }

    /// A result that tells an argument too.
    pub fn peek(&mut self, key: &str, argument: &str) -> Result<(), String> {
        let value = self.object.get(key).ok_or(format!("no {key}"))?;
        self.push(argument, number(value)?);
        Ok(())
    }

    pub fn start_of(&mut self, key: &str, len: usize, argument: &str) -> Result<(), String> {
        let Some(value) = self.object.get(key) else {
            self.push(argument, Argument::Bytes(Vec::new())); // nothing changed
            return Ok(());
        };
        let bytes = vectors::bytes(value)?;
        self.push(argument, Argument::Bytes(bytes.get(..len).ok_or(format!("{key}: too short"))?.to_vec()));
        Ok(())
    }

    pub fn result_of_call(&mut self, hook: &str, argument: &str) -> Result<(), String> {
        let calls = self.object.get("calls").and_then(Value::as_array).into_iter().flatten();
        let call = calls.filter_map(Value::as_array).find(|call| call.first().is_some_and(|name| name == hook));
        let result = call.and_then(|call| call.last()).ok_or(format!("no call of {hook}"))?;
        self.push(argument, number(result)?);
        Ok(())
    }

    /// An object of numbers, or null.
    pub fn record(&mut self, key: &str) -> Result<(), String> {
        match self.take(key) {
            None => Ok(()),
            Some(Value::Null) => {
                self.push(key, Argument::Null);
                Ok(())
            }
            Some(value) => {
                for (name, value) in value.as_object().ok_or(format!("{key}: no object"))? {
                    let argument = number(value).map_err(|e| format!("{key}.{name}: {e}"))?;
                    self.push(format!("{key}.{name}"), argument);
                }
                Ok(())
            }
        }
    }

    /// `{type, secs}` or null. `prefix` is the field's dotted name.
    fn time_fields(&mut self, prefix: &str, value: &Value) -> Result<(), String> {
        if value.is_null() {
            self.push(prefix, Argument::Null);
            return Ok(());
        }
        self.push(format!("{prefix}.type"), number(&value["type"])?);
        self.push(format!("{prefix}.secs"), wide(&value["secs"])?);
        Ok(())
    }

    pub fn time(&mut self, key: &str) -> Result<(), String> {
        let Some(value) = self.take(key) else { return Ok(()) };
        self.time_fields(key, value)
    }

    /// A list of regions of memory: type, address, size, and their bytes or a block that was copied earlier.
    pub fn regions(&mut self, key: &str) -> Result<(), String> {
        let items = self.take(key).and_then(Value::as_array).ok_or(format!("{key}: no list"))?;
        self.push(format!("{key}.#"), Argument::Number(items.len() as i128));
        for (index, item) in items.iter().enumerate() {
            let prefix = format!("{key}.{index}");
            // Ordinary memory of the length of its content, unless something else is said.
            let mut field = |name: &str, otherwise: Option<usize>| {
                let value = match (&item[name], otherwise) {
                    (Value::Null, Some(n)) => Argument::Number(n as i128),
                    (value, _) => number(value).map_err(|e| format!("{prefix}.{name}: {e}"))?,
                };
                self.arguments.push((format!("{prefix}.{name}"), value));
                Ok::<(), String>(())
            };
            let content = vectors::bytes(&item["data"]).ok().map(|data| data.len());
            field("type", Some(0))?;
            field("addr", None)?;
            field("size", content)?;
            let block = &item["cached"];
            for field in ["valid", "cached_address", "blk_size"] {
                if !block.is_null() {
                    self.push(format!("{prefix}.{field}"), number(&block[field])?);
                }
            }
            let data = if block.is_null() { &item["data"] } else { &block["data"] };
            if !data.is_null() {
                self.push(format!("{prefix}.data"), Argument::Bytes(vectors::bytes(data)?));
            }
        }
        Ok(())
    }

    /// What the platform hooks return.
    pub fn environment(&mut self, key: &str) -> Result<(), String> {
        let value = self.take(key).and_then(Value::as_object).ok_or("no environment")?;
        for (name, value) in value {
            match (name.as_str(), value) {
                ("time", time) => self.time_fields("time", time)?,
                (_, Value::Null) => self.push(name, Argument::Null),
                ("build_id", id) => self.push(name, Argument::Bytes(vectors::bytes(id)?)),
                ("serial" | "software_type" | "software_version" | "hardware_version", string) => {
                    let argument = text(string)?;
                    self.push(name, argument);
                }
                (unknown, _) => return Err(format!("environment: unknown field {unknown}")),
            }
        }
        Ok(())
    }

    /// Queues of messages by source name.
    pub fn queues(&mut self, key: &str) -> Result<(), String> {
        let queues = self.take(key).and_then(Value::as_object).ok_or(format!("{key}: no object"))?;
        if let Some(unknown) = queues.keys().find(|name| !SOURCES.contains(&name.as_str())) {
            return Err(format!("unknown source {unknown}"));
        }
        for (index, source) in SOURCES.iter().enumerate() {
            let messages = queues.get(*source).and_then(Value::as_array).into_iter().flatten();
            let messages = messages.map(|m| vectors::bytes(m).map(Argument::Bytes)).collect::<Result<_, _>>()?;
            self.items(&format!("{key}.{index}"), messages);
        }
        Ok(())
    }

    /// Arguments of a printf format, each an integer or text. A format that takes other types is left out: the
    /// formatted text is equivalent.
    pub fn printf(&mut self, format: &str, args: &str) -> Result<(), String> {
        let values = self.take(args).and_then(Value::as_array).ok_or(format!("{args}: no list"))?;
        let template = self.take(format).and_then(Value::as_str).unwrap_or_default();
        let conversions = plain_conversions(template).filter(|c| c.len() == values.len());
        let Some(conversions) = conversions else {
            self.push(format, Argument::Null);
            return Ok(());
        };
        let mut arguments = vec![(format!("{args}.#"), Argument::Number(values.len() as i128))];
        for (index, (conversion, value)) in conversions.iter().zip(values).enumerate() {
            match (conversion, value) {
                ('s', Value::String(_)) => arguments.push((format!("{args}.{index}.text"), text(value)?)),
                ('d' | 'i' | 'u' | 'x' | 'X' | 'c', Value::Number(_)) => {
                    arguments.push((format!("{args}.{index}.number"), number(value)?))
                }
                _ => return Err(format!("{template:?} with {value}")),
            }
        }
        self.push(format, text(&Value::from(template))?);
        self.arguments.extend(arguments);
        Ok(())
    }

    /// Arguments of a compact log, each an object that names its type.
    pub fn typed_args(&mut self, key: &str) -> Result<(), String> {
        let values = self.take(key).and_then(Value::as_array).ok_or(format!("{key}: no list"))?;
        self.push(format!("{key}.#"), Argument::Number(values.len() as i128));
        for (index, value) in values.iter().enumerate() {
            let (kind, value) =
                value.as_object().and_then(|o| o.iter().next()).ok_or(format!("{key}[{index}]: no type"))?;
            let (kind, argument) = match (kind.as_str(), value) {
                ("i32", v) => ("i32", number(v)?),
                ("i64", v) => ("i64", wide(v)?),
                ("f64_bits_le", v) => {
                    let bytes: [u8; 8] = vectors::bytes(v)?.try_into().map_err(|_| "f64: no 8 bytes")?;
                    ("f64", Argument::Number(i128::from(u64::from_le_bytes(bytes))))
                }
                ("f64_bits", v) => {
                    let bits = u64::from_str_radix(v.as_str().ok_or("f64: no text")?, 16).map_err(|e| e.to_string())?;
                    ("f64", Argument::Number(i128::from(bits)))
                }
                ("str", Value::Null) => ("str", Argument::Null),
                ("str", v) => ("str", text(v)?),
                (unknown, _) => return Err(format!("{key}[{index}]: unknown type {unknown}")),
            };
            self.push(format!("{key}.{index}.{kind}"), argument);
        }
        Ok(())
    }
}

fn number(value: &Value) -> Result<Argument, String> {
    let number = value.as_i64().map(i128::from).or(value.as_u64().map(i128::from)).or(value.as_bool().map(i128::from));
    number.map(Argument::Number).ok_or(format!("no number: {value}"))
}

fn wide(value: &Value) -> Result<Argument, String> {
    let digits = value.as_str().ok_or(format!("no 64-bit number as text: {value}"))?;
    digits.parse().map(Argument::Number).map_err(|e| format!("{digits}: {e}"))
}

fn number_or_text(value: &Value) -> Result<Argument, String> {
    if value.is_string() { text(value) } else { number(value) }
}

fn text(value: &Value) -> Result<Argument, String> {
    vectors::text(value.as_str().ok_or(format!("no text: {value}"))?).map(Argument::Bytes)
}

/// The conversion characters of a printf format, if all of them take an `int` or a string.
fn plain_conversions(format: &str) -> Option<Vec<char>> {
    let mut conversions = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            continue;
        }
        let conversion = chars.find(|c| !"-+ #0123456789.".contains(*c))?;
        match conversion {
            '%' => {}
            'd' | 'i' | 'u' | 'x' | 'X' | 'c' | 's' => conversions.push(conversion),
            _ => return None,
        }
    }
    Some(conversions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ints_and_strings_are_plain_conversions() {
        assert_eq!(plain_conversions("0x%08x at %s, 100%%"), Some(vec!['x', 's']));
        assert_eq!(plain_conversions("%5.1f"), None);
        assert_eq!(plain_conversions("%lld"), None);
        assert_eq!(plain_conversions("%"), None);
    }
}
