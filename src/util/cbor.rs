//! CBOR writer (spec 10 section 14): item heads in the shortest form, payloads handed to a sink piece by piece.
//!
//! | Item | First byte | Then |
//! |---|---|---|
//! | unsigned n | `0x00` + n below 24, `18` `19` `1a` `1b` | 1, 2, 4, 8 bytes big endian |
//! | negative -1-n | the same + `0x20` | |
//! | byte string, text, array, map | + `0x40`, `0x60`, `0x80`, `0xa0`; n = length, number of items or pairs | payload |
//! | null, double | `f6`, `fb` | -, 8 bytes |
//!
//! A *piece* is a head, a payload or joined bytes. A piece that does not fit is left out whole and remembered in
//! [`Encoder::overflowed`]; a later, smaller one may still fit (QUIRK, spec 10 section 14: callers stop at the first `false`).

/// Takes the encoded bytes.
pub trait Sink {
    /// Receives the next piece. `offset` counts encoded bytes from 0 without gap, so `offset + piece.len()` never exceeds the
    /// capacity given to [`Encoder::new`]. Pieces are never empty.
    fn write(&mut self, offset: usize, piece: &[u8]);

    /// True for a sink that does not mind to get a key and a head as one piece.
    fn joins(&self) -> bool {
        false
    }

    /// Passes on what the sink may have held back, because somebody is about to look at its target.
    fn flush(&mut self) {}

    /// For a sink that keeps count by itself: takes a piece, or says that there is no room. `None`: the encoder counts.
    fn take(&mut self, _piece: &[u8]) -> Option<bool> {
        None
    }

    /// The same for a head of a major type.
    fn take_head(&mut self, _major: u8, _value: u32) -> Option<bool> {
        None
    }

    /// The same for an unsigned key and a head.
    fn take_pair(&mut self, _key: u32, _major: u8, _value: u32) -> Option<bool> {
        None
    }
}

impl<S: Sink> Sink for &mut S {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        (**self).write(offset, piece);
    }

    fn joins(&self) -> bool {
        (**self).joins()
    }

    fn flush(&mut self) {
        (**self).flush();
    }

    fn take(&mut self, piece: &[u8]) -> Option<bool> {
        (**self).take(piece)
    }

    fn take_head(&mut self, major: u8, value: u32) -> Option<bool> {
        (**self).take_head(major, value)
    }

    fn take_pair(&mut self, key: u32, major: u8, value: u32) -> Option<bool> {
        (**self).take_pair(key, major, value)
    }
}

/// The sink of an encoder that only counts.
pub struct NoSink;
impl Sink for NoSink {
    fn write(&mut self, _: usize, _: &[u8]) {}
}

/// Major types, already shifted to bits 5-7 of the first byte.
pub(crate) const UNSIGNED: u8 = 0 << 5;
pub(crate) const NEGATIVE: u8 = 1 << 5;
pub(crate) const BYTES: u8 = 2 << 5;
pub(crate) const TEXT: u8 = 3 << 5;
pub(crate) const ARRAY: u8 = 4 << 5;
pub(crate) const MAP: u8 = 5 << 5;
/// Major type of null, which is the simple value 22 and has a head of one byte.
pub(crate) const SIMPLE: u8 = 7 << 5;
pub(crate) const NULL: u32 = 22;
/// Or'ed to a major type: a head without a key in front.
const ALONE: u8 = 1;
/// First byte of a double.
pub(crate) const DOUBLE: u8 = 0xfb;
/// Or'ed to a major type: the value follows in 8 bytes.
pub(crate) const LONG: u8 = 27;

/// An item head of 1, 2, 3 or 5 bytes.
#[derive(Clone, Copy)]
pub struct Head {
    first: u8,
    /// The bytes behind the first one, at the upper end of the number.
    rest: u32,
    len: u8,
}

impl Head {
    /// The shortest head of a major type for `value`.
    pub(crate) const fn new(major: u8, value: u32) -> Self {
        let more = match value {
            0..24 => return Self { first: major | value as u8, rest: 0, len: 1 },
            24..0x100 => 1,
            0x100..0x1_0000 => 2,
            _ => 4,
        };
        // 24, 25 and 26 stand for 1, 2 and 4 bytes more.
        Self { first: major | 24 | more >> 1, rest: value << (32 - 8 * more as u32), len: 1 + more }
    }

    /// Encoded bytes.
    pub const fn size(self) -> usize {
        self.len as usize
    }

    /// The encoded bytes in memory, from the last byte of the first word on, and how many of them count. Less code than
    /// [`Head::to_bytes`] where words are cheaper than bytes.
    pub const fn to_words(self) -> ([u32; 2], usize) {
        ([(self.first as u32).to_be(), self.rest.to_be()], self.len as usize)
    }

    /// The encoded bytes and how many of them count.
    pub const fn to_bytes(self) -> ([u8; 5], usize) {
        let [a, b, c, d] = self.rest.to_be_bytes();
        ([self.first, a, b, c, d], self.len as usize)
    }
}

/// Bytes of the shortest head for `value`.
pub(crate) const fn head_size(value: u32) -> usize {
    1 + (value >= 24) as usize + (value >= 0x100) as usize + 2 * (value >= 0x1_0000) as usize
}

/// The head of an array of `items` items, as the batch header of events needs it alone.
pub const fn array_head(items: u32) -> Head {
    Head::new(ARRAY, items)
}

/// A first byte with 8 bytes behind it.
const fn long(first: u8, value: u64) -> [u8; 9] {
    let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
    [first, a, b, c, d, e, f, g, h]
}

/// Writes CBOR items to a [`Sink`] of limited capacity, or only counts their bytes.
///
/// All `bool` results: true when everything fitted.
pub struct Encoder<S> {
    sink: S,
    capacity: usize,
    size: usize,
    overflowed: bool,
    size_only: bool,
}

impl Encoder<NoSink> {
    /// An encoder that counts and never overflows.
    pub const fn size_only() -> Self {
        Self::from_parts(NoSink, 0, 0, false, true)
    }
}

impl<S: Sink> Encoder<S> {
    /// An encoder that hands at most `capacity` bytes to `sink`.
    pub const fn new(sink: S, capacity: usize) -> Self {
        Self::from_parts(sink, capacity, 0, false, false)
    }

    /// An encoder in any state; the C ABI keeps these parts in the caller's struct between calls.
    ///
    /// With `size_only` the capacity does not count, and the sink has to be one that throws everything away.
    pub const fn from_parts(sink: S, capacity: usize, size: usize, overflowed: bool, size_only: bool) -> Self {
        let capacity = if size_only { usize::MAX } else { capacity };
        Self { sink, capacity, size, overflowed, size_only }
    }

    /// Bytes encoded so far.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// True once any piece did not fit.
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// True for an encoder that only counts.
    pub const fn is_size_only(&self) -> bool {
        self.size_only
    }

    /// Lets the sink pass on what it may have held back.
    pub fn flush(&mut self) {
        self.sink.flush();
    }

    /// Begins a map of `pairs` key/value pairs.
    pub fn map(&mut self, pairs: u32) -> bool {
        self.head(MAP, pairs)
    }

    /// Begins an array of `items` items.
    pub fn array(&mut self, items: u32) -> bool {
        self.head(ARRAY, items)
    }

    /// An unsigned integer.
    pub fn unsigned(&mut self, value: u32) -> bool {
        self.head(UNSIGNED, value)
    }

    /// A signed integer.
    pub fn signed(&mut self, value: i32) -> bool {
        let (major, value) = sign(value);
        self.head(major, value)
    }

    /// An integer whose 32 bits are those of a signed number or not.
    pub fn integer(&mut self, bits: u32, is_signed: bool) -> bool {
        let (major, value) = if is_signed { sign(bits.cast_signed()) } else { (UNSIGNED, bits) };
        self.head(major, value)
    }

    /// A signed 64-bit integer; the 32-bit forms are used when they are enough.
    pub fn long_signed(&mut self, value: i64) -> bool {
        let (major, magnitude) = long_sign(value);
        match u32::try_from(magnitude) {
            Ok(short) => self.head(major, short),
            Err(_) => self.join(&long(major | LONG, magnitude)),
        }
    }

    /// A double, given as its bit pattern.
    pub fn double_bits(&mut self, bits: u64) -> bool {
        self.join(&long(DOUBLE, bits))
    }

    /// The null item.
    pub fn null(&mut self) -> bool {
        self.head(SIMPLE, NULL)
    }

    /// A byte string. If only its payload does not fit, its head stays behind (QUIRK, spec 10 section 14).
    pub fn byte_string(&mut self, data: &[u8]) -> bool {
        self.string(BYTES, data)
    }

    /// The head of a byte string of `len` bytes; the payload follows with [`Encoder::join`].
    pub fn byte_string_begin(&mut self, len: u32) -> bool {
        self.head(BYTES, len)
    }

    /// A text string. If only its payload does not fit, its head stays behind (QUIRK, spec 10 section 14).
    pub fn text(&mut self, text: &[u8]) -> bool {
        self.string(TEXT, text)
    }

    /// The head of a text string of `len` bytes; the text follows with [`Encoder::join`].
    pub fn text_begin(&mut self, len: u32) -> bool {
        self.head(TEXT, len)
    }

    /// Bytes that are CBOR already.
    pub fn join(&mut self, bytes: &[u8]) -> bool {
        if let Some(fits) = self.sink.take(bytes) {
            return fits;
        }
        if !self.has_room(bytes.len()) {
            return false;
        }
        if !bytes.is_empty() {
            self.sink.write(self.size, bytes);
        }
        self.size = self.size.wrapping_add(bytes.len());
        true
    }

    /// Counts a payload of `len` bytes whose content need not exist. Only for an encoder that counts; else false.
    pub fn count(&mut self, len: usize) -> bool {
        if self.size_only {
            self.size = self.size.wrapping_add(len);
        }
        self.size_only
    }

    /// An unsigned key and an unsigned value.
    pub fn unsigned_pair(&mut self, key: u32, value: u32) -> bool {
        self.pair(key, UNSIGNED, value)
    }

    /// An unsigned key and a signed value.
    pub fn signed_pair(&mut self, key: u32, value: i32) -> bool {
        let (major, value) = sign(value);
        self.pair(key, major, value)
    }

    /// An unsigned key and a map of `pairs` pairs, which follow.
    pub fn map_pair(&mut self, key: u32, pairs: u32) -> bool {
        self.pair(key, MAP, pairs)
    }

    /// An unsigned key and a byte string.
    pub fn byte_string_pair(&mut self, key: u32, data: &[u8]) -> bool {
        self.string_pair(key, BYTES, data)
    }

    /// An unsigned key and a text string.
    pub fn text_pair(&mut self, key: u32, text: &[u8]) -> bool {
        self.string_pair(key, TEXT, text)
    }

    /// A key and a head.
    #[inline]
    fn pair(&mut self, key: u32, major: u8, value: u32) -> bool {
        if let Some(fits) = self.sink.take_pair(key, major, value) {
            return fits;
        }
        match short(key) {
            Some(key) => self.short_pair(key, major, value),
            None => self.unsigned(key) && self.head(major, value),
        }
    }

    /// A key below 24, unless `major` is [`ALONE`], and a head: one function for both, so that the code to build a head is there
    /// once.
    #[inline(never)]
    fn short_pair(&mut self, key: u8, major: u8, value: u32) -> bool {
        let ([a, b, c, d, e], len) = Head::new(major & !ALONE, value).to_bytes();
        let bytes = [key, a, b, c, d, e];
        let both = bytes.get(..1 + len).unwrap_or(&bytes);
        let (key_head, value_head) = both.split_at_checked(1).unwrap_or((both, &[]));
        if major & ALONE != 0 {
            return self.join(value_head);
        }
        // When both do not fit in one go, the key may fit alone.
        (self.sink.joins() && self.join(both)) || (self.join(key_head) && self.join(value_head))
    }

    #[inline]
    fn string_pair(&mut self, key: u32, major: u8, data: &[u8]) -> bool {
        if let Some(fits) = self.sink.take_pair(key, major, data.len() as u32) {
            return fits && self.join(data);
        }
        match short(key) {
            Some(key) => self.short_string_pair(key, major, data),
            None => self.unsigned(key) && self.string(major, data),
        }
    }

    #[inline(never)]
    fn short_string_pair(&mut self, key: u8, major: u8, data: &[u8]) -> bool {
        self.short_pair(key, major, data.len() as u32) && self.join(data)
    }

    fn string(&mut self, major: u8, data: &[u8]) -> bool {
        if let Some(fits) = self.sink.take_head(major, data.len() as u32) {
            return fits && self.join(data);
        }
        self.short_string_pair(0, major | ALONE, data)
    }

    fn head(&mut self, major: u8, value: u32) -> bool {
        if let Some(fits) = self.sink.take_head(major, value) {
            return fits;
        }
        self.short_pair(0, major | ALONE, value)
    }

    /// True when a piece of `len` bytes fits; an empty one always does. False is remembered in [`Encoder::overflowed`].
    pub fn has_room(&mut self, len: usize) -> bool {
        // `size` never exceeds `capacity` unless the C caller made it so; then nothing fits.
        let fits = len <= self.capacity.saturating_sub(self.size);
        if !fits {
            self.overflowed = true;
        }
        fits
    }
}

/// A key that is its own head.
const fn short(key: u32) -> Option<u8> {
    if key < 24 { Some(key as u8) } else { None }
}

/// The major type of a number and the value of its head. The complement of a negative number is -1 - value.
pub const fn sign(value: i32) -> (u8, u32) {
    if value < 0 { (NEGATIVE, !value as u32) } else { (UNSIGNED, value as u32) }
}

/// The same for a 64-bit number.
pub const fn long_sign(value: i64) -> (u8, u64) {
    if value < 0 { (NEGATIVE, !value as u64) } else { (UNSIGNED, value as u64) }
}

#[cfg(test)]
mod tests;
