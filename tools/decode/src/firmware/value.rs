//! Values of variables as text, like a debugger prints them.

use super::debug::{At, Debug};
use super::image::Image;
use super::lines::Role;
use crate::coredump::Memory;
use std::cell::Cell;
use std::fmt::Write as _;

/// Deepest structure in a structure.
const MAX_DEPTH: usize = 8;
/// Most elements of an array that are shown.
const MAX_ELEMENTS: u64 = 200;
/// Longest text behind a pointer.
const MAX_TEXT: usize = 200;
/// Most parts of a value that are looked at: types come from the file.
const MAX_PARTS: u32 = 100_000;
/// Longest value.
const MAX_LEN: usize = 8192;

/// What is needed to read values.
struct Values<'v> {
    debug: &'v Debug,
    image: &'v Image,
    memory: &'v Memory<'v>,
    parts: Cell<u32>,
}

impl Image {
    /// The value of a global or static variable, as text. Members and elements follow its name: `g_pump.mode`, `s_queue[2]`.
    pub fn value(&self, path: &str, memory: &Memory<'_>) -> Result<String, String> {
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (name, mut rest) = path.split_at(end);
        let debug = self.debug();
        let Some(variable) = debug.variable(name) else {
            return match self.variable(name) {
                Some(_) => Err("the firmware has no debug information about it".to_owned()),
                None => Err("the firmware has no variable of this name".to_owned()),
            };
        };
        let address = variable.address.or_else(|| self.variable(name).map(|(address, _)| address));
        let mut address = address.ok_or("its address is not known")?;
        let mut kind = variable.kind;
        while !rest.is_empty() {
            (address, kind, rest) = step(debug, address, kind, rest)?;
        }
        let values = Values { debug, image: self, memory, parts: Cell::new(0) };
        let address = address | memory.high;
        let size = debug.size(kind).ok_or("its size is not known")?;
        // Constants need not be captured; variables are never taken from the file.
        if size > 0 && memory.captured(address, size) == 0 && self.constant(address, 1).is_none() {
            return Err("its memory was not captured".to_owned());
        }
        let mut out = String::new();
        values.show(kind, address, 0, &mut out);
        Ok(out)
    }
}

/// Follows one `.member` or `[index]`.
fn step<'p>(debug: &Debug, address: u64, kind: At, rest: &'p str) -> Result<(u64, At, &'p str), String> {
    let (of, tag) = debug.resolve(kind).ok_or("its type is not known")?;
    let end = |rest: &str| rest.find(['.', '[', ']']).unwrap_or(rest.len());
    if let Some(rest) = rest.strip_prefix('.') {
        let (name, rest) = rest.split_at(end(rest));
        let member = debug.members(of).into_iter().find(|member| member.name == name && member.bits.is_none());
        let member = member.ok_or_else(|| format!("there is no member {name:?}"))?;
        return Ok((address.wrapping_add(member.offset), member.kind, rest));
    }
    let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (index, rest) = inner.ok_or("write members and elements as .name and [index]")?;
    let index: u64 = index.parse().map_err(|_| format!("{index:?} is no index"))?;
    let element = debug.type_of(of).filter(|_| tag == gimli::DW_TAG_array_type).ok_or("it is no array")?;
    match debug.dimensions(of).as_slice() {
        [count] if index < *count => {}
        [count] => return Err(format!("it has {count} elements")),
        _ => return Err("only arrays of one dimension can be indexed".to_owned()),
    }
    let size = debug.size(element).ok_or("its size is not known")?;
    Ok((address.wrapping_add(index.wrapping_mul(size)), element, rest))
}

impl Values<'_> {
    fn number(&self, address: u64, len: u64) -> Option<u64> {
        let len = usize::try_from(len).ok().filter(|len| *len <= 8)?;
        self.memory.number(address, len).or_else(|| {
            let bytes = self.image.constant(address, len)?;
            Some(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
        })
    }

    fn show(&self, kind: At, address: u64, depth: usize, out: &mut String) {
        self.parts.set(self.parts.get() + 1);
        if depth > MAX_DEPTH || out.len() > MAX_LEN || self.parts.get() > MAX_PARTS {
            out.push_str("...");
            return;
        }
        let Some((kind, tag)) = self.debug.resolve(kind) else {
            out.push_str("<type not known>");
            return;
        };
        match tag {
            gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type | gimli::DW_TAG_union_type => {
                self.structure(kind, address, depth, out);
            }
            gimli::DW_TAG_array_type => self.array(kind, address, depth, out),
            _ => {
                let size = self.debug.size(kind).unwrap_or_default();
                match self.number(address, size).filter(|_| size > 0) {
                    Some(value) => self.scalar(kind, tag, value, size, out),
                    None => out.push_str("<not captured>"),
                }
            }
        }
    }

    fn structure(&self, kind: At, address: u64, depth: usize, out: &mut String) {
        out.push('{');
        for (index, member) in self.debug.members(kind).into_iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let _ = write!(out, "{separator}{}{}", member.name, if member.name.is_empty() { "" } else { " = " });
            match member.bits {
                None => self.show(member.kind, address.wrapping_add(member.offset), depth + 1, out),
                Some((first, width)) => self.bits(member.kind, address, first, width, out),
            }
            if out.len() > MAX_LEN {
                break;
            }
        }
        out.push('}');
    }

    fn bits(&self, kind: At, address: u64, first: u64, width: u64, out: &mut String) {
        let (at, shift) = (address.wrapping_add(first / 8), first % 8);
        let value = self.number(at, shift.saturating_add(width).div_ceil(8)).filter(|_| matches!(width, 1..=63));
        let value = value.map(|value| value >> shift & ((1 << width) - 1));
        match (value, self.debug.resolve(kind)) {
            (Some(value), Some((kind, tag))) => {
                // The highest bit of a signed field is its sign.
                let is_signed = self.debug.number(kind, gimli::DW_AT_encoding) == Some(gimli::DW_ATE_signed.0.into());
                let negative = is_signed && value >> (width - 1) & 1 != 0;
                let value = if negative { value | u64::MAX << width } else { value };
                self.scalar(kind, tag, value, 8, out);
            }
            _ => out.push_str("<not captured>"),
        }
    }

    fn array(&self, kind: At, address: u64, depth: usize, out: &mut String) {
        let element = self.debug.type_of(kind).and_then(|of| Some((of, self.debug.size(of)?)));
        let dimensions = self.debug.dimensions(kind);
        let Some((element, size)) = element.filter(|(_, size)| *size > 0) else {
            out.push_str("<type not known>");
            return;
        };
        let count = dimensions.iter().try_fold(1u64, |all, one| all.checked_mul(*one)).unwrap_or_default();
        if size == 1 && dimensions.len() == 1 && self.is_text(element) {
            let len = usize::try_from(count).unwrap_or_default().min(MAX_LEN);
            match self.memory.read(address, len) {
                Some(bytes) => quoted(&bytes, out),
                None => out.push_str("<not captured>"),
            }
            return;
        }
        out.push('{');
        let mut index = 0;
        while index < count && out.len() <= MAX_LEN && self.parts.get() <= MAX_PARTS {
            if index > 0 {
                out.push_str(", ");
            }
            if index >= MAX_ELEMENTS {
                let _ = write!(out, "... {} more", count - index);
                break;
            }
            let mut text = String::new();
            self.show(element, address.wrapping_add(index.wrapping_mul(size)), depth + 1, &mut text);
            // Tables are mostly empty: what repeats is said once.
            let mut same = 1;
            while index + same < count && self.parts.get() < MAX_PARTS {
                let mut next = String::new();
                self.show(element, address.wrapping_add((index + same).wrapping_mul(size)), depth + 1, &mut next);
                if next != text {
                    break;
                }
                same += 1;
            }
            out.push_str(&text);
            if same > 3 {
                let _ = write!(out, " <{same} times>");
                index += same;
            } else {
                index += 1;
            }
        }
        out.push('}');
    }

    fn is_text(&self, kind: At) -> bool {
        let encoding = self.debug.resolve(kind).and_then(|(kind, _)| self.debug.number(kind, gimli::DW_AT_encoding));
        // `uint8_t` has the encoding of `unsigned char`, but is named otherwise somewhere on the way.
        let is_char =
            [gimli::DW_ATE_signed_char, gimli::DW_ATE_unsigned_char].iter().any(|of| encoding == Some(of.0.into()));
        is_char && self.debug.name(kind).is_none_or(|name| !name.starts_with("uint8") && !name.starts_with("int8"))
    }

    fn scalar(&self, kind: At, tag: gimli::DwTag, value: u64, size: u64, out: &mut String) {
        let bits = 8 * size.clamp(1, 8);
        let signed = ((value << (64 - bits)) as i64) >> (64 - bits);
        match tag {
            gimli::DW_TAG_pointer_type => return self.pointer(kind, value, out),
            gimli::DW_TAG_enumeration_type => {
                match self.debug.enumerator(kind, value, size) {
                    Some(name) => out.push_str(&name),
                    None => drop(write!(out, "{value}")),
                }
                return;
            }
            _ => {}
        }
        let encoding = self.debug.number(kind, gimli::DW_AT_encoding).unwrap_or_default();
        match gimli::DwAte(encoding as u8) {
            gimli::DW_ATE_boolean => out.push_str(if value == 0 { "false" } else { "true" }),
            gimli::DW_ATE_float if size == 4 => drop(write!(out, "{}", f32::from_bits(value as u32))),
            gimli::DW_ATE_float if size == 8 => drop(write!(out, "{}", f64::from_bits(value))),
            gimli::DW_ATE_signed | gimli::DW_ATE_signed_char => drop(write!(out, "{signed}")),
            _ => drop(write!(out, "{value}")),
        }
    }

    fn pointer(&self, kind: At, value: u64, out: &mut String) {
        let _ = write!(out, "0x{value:x}");
        let Some(to) = self.debug.type_of(kind) else { return };
        match self.debug.resolve(to) {
            Some((_, gimli::DW_TAG_subroutine_type)) => {
                let places = self.image.lines.places(value, Role::Instruction);
                if let Some(name) = places.last().and_then(|place| place.function.as_ref()) {
                    let _ = write!(out, " <{name}>");
                }
            }
            _ if value != 0 && self.is_text(to) => {
                let letters = (0..MAX_TEXT as u64).map_while(|at| self.number(value.checked_add(at)?, 1));
                let letters: Vec<u8> = letters.map(|letter| letter as u8).take_while(|letter| *letter != 0).collect();
                if !letters.is_empty() {
                    out.push(' ');
                    quoted(&letters, out);
                }
            }
            _ => {
                if let Some((name, _)) = self.image.variable_at(value).filter(|_| value != 0) {
                    let _ = write!(out, " <{name}>");
                }
            }
        }
    }
}

/// The text up to its NUL.
fn quoted(bytes: &[u8], out: &mut String) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let _ = write!(out, "{:?}", String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()));
}
