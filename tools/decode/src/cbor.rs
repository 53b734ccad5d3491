//! CBOR reader for damaged input (spec 80 §7.4): gives everything that was read before the error.
//!
//! Accepts more than devices write: any integer width, indefinite lengths, floats, booleans, tags. Nesting is limited to
//! [`MAX_DEPTH`], the number of items to [`MAX_ITEMS`], and no length is believed before the bytes are there.

use std::borrow::Cow;
use std::fmt;

/// Deepest nesting of arrays, maps and tags.
pub const MAX_DEPTH: usize = 16;
/// Most items in one message. One byte can be an item of 32 bytes in memory, so this bounds the memory of a hostile message.
pub const MAX_ITEMS: usize = 1 << 20;
/// Most items that an array or map gets room for before they have been read.
const MAX_EXPECTED: usize = 64;

/// One data item.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the variants are the CBOR kinds")]
pub enum Value<'a> {
    Int(i128),
    Bytes(Cow<'a, [u8]>),
    /// The raw bytes: devices do not check their text for UTF-8.
    Text(Cow<'a, [u8]>),
    Array(Vec<Value<'a>>),
    Map(Vec<(Value<'a>, Value<'a>)>),
    Tag(u64, Box<Value<'a>>),
    Bool(bool),
    Null,
    Undefined,
    Simple(u8),
    Float(f64),
}

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CborError {
    /// Offset of the item that cannot be read.
    pub offset: usize,
    /// What is wrong there.
    pub kind: CborErrorKind,
}

/// The kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CborErrorKind {
    /// The bytes end inside an item.
    Truncated,
    /// A first byte that CBOR does not define.
    BadHead(u8),
    /// A break without an indefinite item, or in the middle of a pair.
    StrayBreak,
    /// A piece of an indefinite string is no string of its kind.
    BadPiece,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More than [`MAX_ITEMS`] items.
    TooMany,
}

impl fmt::Display for CborError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CborErrorKind::Truncated => write!(f, "the data ends inside an item")?,
            CborErrorKind::BadHead(byte) => write!(f, "0x{byte:02x} begins no item")?,
            CborErrorKind::StrayBreak => write!(f, "a break that ends nothing")?,
            CborErrorKind::BadPiece => write!(f, "a string with a piece of another kind")?,
            CborErrorKind::TooDeep => write!(f, "nested deeper than {MAX_DEPTH}")?,
            CborErrorKind::TooMany => write!(f, "more than {MAX_ITEMS} items")?,
        }
        write!(f, " (at CBOR byte {})", self.offset)
    }
}

/// What one attempt to read an item gave.
#[derive(Debug)]
pub struct Read<'a> {
    /// The item; with an error what was read of it, `None` if that is nothing.
    pub value: Option<Value<'a>>,
    /// Set when the item is not complete. The reader cannot go on after that.
    pub error: Option<CborError>,
}

/// Reads items one after the other.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    pos: usize,
    items: usize,
}

enum Step<'a> {
    Value(Value<'a>),
    Break,
    Failed(Option<Value<'a>>, CborError),
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pos: 0, items: 0 }
    }

    /// Bytes that have not been read.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.pos
    }

    /// Reads the next item.
    pub fn read(&mut self) -> Read<'a> {
        let offset = self.pos;
        match self.item(0) {
            Step::Value(value) => Read { value: Some(value), error: None },
            Step::Break => Read { value: None, error: Some(CborError { offset, kind: CborErrorKind::StrayBreak }) },
            Step::Failed(value, error) => Read { value, error: Some(error) },
        }
    }

    fn item(&mut self, depth: usize) -> Step<'a> {
        let offset = self.pos;
        let fail = |kind| Step::Failed(None, CborError { offset, kind });
        let Some((&head, rest)) = self.bytes.get(self.pos..).and_then(<[u8]>::split_first) else {
            return fail(CborErrorKind::Truncated);
        };
        if head == 0xff {
            self.pos += 1;
            return Step::Break;
        }
        self.items += 1;
        if self.items > MAX_ITEMS {
            return fail(CborErrorKind::TooMany);
        }
        let (major, info) = (head >> 5, head & 0x1f);
        let argument_len = match info {
            0..=23 | 31 => 0,
            24..=27 => 1 << (info - 24),
            _ => return fail(CborErrorKind::BadHead(head)),
        };
        let Some(argument) = rest.get(..argument_len) else { return fail(CborErrorKind::Truncated) };
        let number = match argument_len {
            0 => u64::from(info),
            _ => argument.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)),
        };
        let indefinite = info == 31;
        if indefinite && !matches!(major, 2..=5) {
            return fail(CborErrorKind::BadHead(head));
        }
        if matches!(major, 4..=6) && depth >= MAX_DEPTH {
            return fail(CborErrorKind::TooDeep);
        }
        self.pos += 1 + argument_len;
        let length = if indefinite { None } else { Some(number) };
        match major {
            0 => Step::Value(Value::Int(number.into())),
            1 => Step::Value(Value::Int(-1 - i128::from(number))),
            2 => self.string(length, offset, major).map(Value::Bytes),
            3 => self.string(length, offset, major).map(Value::Text),
            4 => self.array(length, depth),
            5 => self.map(length, depth),
            6 => match self.item(depth + 1) {
                Step::Value(value) => Step::Value(Value::Tag(number, Box::new(value))),
                Step::Break => fail(CborErrorKind::StrayBreak),
                Step::Failed(value, error) => {
                    Step::Failed(value.map(|value| Value::Tag(number, Box::new(value))), error)
                }
            },
            _ => simple(info, number).map_or_else(|| fail(CborErrorKind::BadHead(head)), Step::Value),
        }
    }

    /// Items to make room for: no more than there are bytes, and not so many that nested claims would add up.
    fn expected(&self, length: Option<u64>) -> usize {
        length.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX).min(self.remaining()).min(MAX_EXPECTED))
    }

    fn array(&mut self, length: Option<u64>, depth: usize) -> Step<'a> {
        let mut items = Vec::with_capacity(self.expected(length));
        while length.is_none_or(|length| (items.len() as u64) < length) {
            let offset = self.pos;
            match self.item(depth + 1) {
                Step::Value(value) => items.push(value),
                Step::Break if length.is_none() => break,
                Step::Break => {
                    let error = CborError { offset, kind: CborErrorKind::StrayBreak };
                    return Step::Failed(Some(Value::Array(items)), error);
                }
                Step::Failed(value, error) => {
                    items.extend(value);
                    return Step::Failed(Some(Value::Array(items)), error);
                }
            }
        }
        Step::Value(Value::Array(items))
    }

    fn map(&mut self, length: Option<u64>, depth: usize) -> Step<'a> {
        let mut pairs = Vec::with_capacity(self.expected(length));
        while length.is_none_or(|length| (pairs.len() as u64) < length) {
            let offset = self.pos;
            let stray = CborError { offset, kind: CborErrorKind::StrayBreak };
            let key = match self.item(depth + 1) {
                Step::Value(key) => key,
                Step::Break if length.is_none() => break,
                Step::Break => return Step::Failed(Some(Value::Map(pairs)), stray),
                Step::Failed(_, error) => return Step::Failed(Some(Value::Map(pairs)), error),
            };
            match self.item(depth + 1) {
                Step::Value(value) => pairs.push((key, value)),
                Step::Break => return Step::Failed(Some(Value::Map(pairs)), stray),
                Step::Failed(value, error) => {
                    pairs.extend(value.map(|value| (key, value)));
                    return Step::Failed(Some(Value::Map(pairs)), error);
                }
            }
        }
        Step::Value(Value::Map(pairs))
    }

    /// A string body; of one that is cut short, what is there.
    fn string(&mut self, length: Option<u64>, offset: usize, major: u8) -> StringStep<'a> {
        if let Some(length) = length {
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            let wanted = usize::try_from(length).unwrap_or(usize::MAX);
            let body = rest.get(..wanted).unwrap_or(rest);
            self.pos += body.len();
            let error = (body.len() < wanted).then_some(CborError { offset, kind: CborErrorKind::Truncated });
            return StringStep { body: Cow::Borrowed(body), error };
        }
        let mut joined = Vec::new();
        let error = loop {
            let piece_at = self.pos;
            let fail = |kind| Some(CborError { offset: piece_at, kind });
            match self.bytes.get(self.pos) {
                None => break fail(CborErrorKind::Truncated),
                Some(0xff) => {
                    self.pos += 1;
                    break None;
                }
                // Pieces are definite strings of the same kind (5 bits 31 would be an indefinite one).
                Some(head) if head >> 5 == major && head & 0x1f != 31 => match self.item(MAX_DEPTH) {
                    Step::Value(Value::Bytes(piece) | Value::Text(piece)) => joined.extend_from_slice(&piece),
                    Step::Failed(Some(Value::Bytes(piece) | Value::Text(piece)), error) => {
                        joined.extend_from_slice(&piece);
                        break Some(error);
                    }
                    Step::Failed(_, error) => break Some(error),
                    _ => break fail(CborErrorKind::BadPiece),
                },
                Some(_) => break fail(CborErrorKind::BadPiece),
            }
        };
        StringStep { body: Cow::Owned(joined), error }
    }
}

struct StringStep<'a> {
    body: Cow<'a, [u8]>,
    error: Option<CborError>,
}

impl<'a> StringStep<'a> {
    fn map(self, wrap: impl FnOnce(Cow<'a, [u8]>) -> Value<'a>) -> Step<'a> {
        let value = wrap(self.body);
        match self.error {
            None => Step::Value(value),
            Some(error) => Step::Failed(Some(value), error),
        }
    }
}

fn simple(info: u8, number: u64) -> Option<Value<'static>> {
    Some(match info {
        20 => Value::Bool(false),
        21 => Value::Bool(true),
        22 => Value::Null,
        23 => Value::Undefined,
        0..=19 => Value::Simple(info),
        24 => Value::Simple(u8::try_from(number).ok()?),
        25 => Value::Float(half_to_f64(u16::try_from(number).ok()?)),
        26 => Value::Float(f64::from(f32::from_bits(u32::try_from(number).ok()?))),
        27 => Value::Float(f64::from_bits(number)),
        _ => return None,
    })
}

/// IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits.
fn half_to_f64(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { magnitude } else { -magnitude }
}

impl Value<'_> {
    /// The item behind its tags, if it has any.
    pub fn untagged(&self) -> &Self {
        let mut value = self;
        while let Value::Tag(_, inner) = value {
            value = inner;
        }
        value
    }

    /// The same item without borrowed parts.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Value::Map(pairs) => {
                Value::Map(pairs.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
            }
            Value::Tag(tag, inner) => Value::Tag(tag, Box::new(inner.into_owned())),
            Value::Int(value) => Value::Int(value),
            Value::Bool(value) => Value::Bool(value),
            Value::Null => Value::Null,
            Value::Undefined => Value::Undefined,
            Value::Simple(value) => Value::Simple(value),
            Value::Float(value) => Value::Float(value),
        }
    }

    /// The kind of the item for a message to a person.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Int(_) => "a number",
            Value::Bytes(_) => "bytes",
            Value::Text(_) => "text",
            Value::Array(_) => "an array",
            Value::Map(_) => "a map",
            Value::Tag(..) => "a tagged item",
            Value::Bool(_) => "a truth value",
            Value::Null => "null",
            Value::Undefined => "undefined",
            Value::Simple(_) => "a simple value",
            Value::Float(_) => "a float",
        }
    }
}

#[cfg(test)]
mod tests;
