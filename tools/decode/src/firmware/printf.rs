//! C's `printf` for values from a log record (spec 80 §7.6). Never fails: what does not fit is shown as `<?>` and the value.

use crate::cbor::Value;
use crate::event::{lossy, to_json};
use crate::logs::unwrapped;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Widths and precisions above it are cut: they may come from the device.
const MAX_WIDTH: usize = 1024;

/// Formats `values` by `format`.
pub fn format(format: &str, values: &[Value<'_>]) -> String {
    let mut out = String::new();
    let mut letters = format.chars().peekable();
    let mut values = values.iter().map(Value::untagged);
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
        } else if letters.next_if_eq(&'%').is_some() {
            out.push('%');
        } else {
            let spec = Spec::read(&mut letters, &mut values);
            spec.write(&mut out, &mut values);
        }
    }
    out
}

/// A conversion without its `%`.
#[derive(Debug, Default)]
struct Spec {
    left: bool,
    plus: bool,
    blank: bool,
    alternative: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    /// Bits of an integer argument, if the length modifier makes it smaller than `int`.
    narrow: Option<u32>,
    /// `None` at the end of the format.
    conversion: Option<char>,
}

impl Spec {
    fn read<'v, 'a: 'v>(letters: &mut Peekable<Chars<'_>>, values: &mut impl Iterator<Item = &'v Value<'a>>) -> Self {
        let mut spec = Self::default();
        while let Some(flag) = letters.next_if(|letter| "-+ #0".contains(*letter)) {
            match flag {
                '-' => spec.left = true,
                '+' => spec.plus = true,
                ' ' => spec.blank = true,
                '#' => spec.alternative = true,
                _ => spec.zero = true,
            }
        }
        let width = number(letters, values).unwrap_or_default();
        spec.left |= width < 0;
        spec.width = limited(width.unsigned_abs());
        if letters.next_if_eq(&'.').is_some() {
            // A negative precision counts as none.
            spec.precision = u128::try_from(number(letters, values).unwrap_or_default()).ok().map(limited);
        }
        while let Some(modifier) = letters.next_if(|letter| "hljztL".contains(*letter)) {
            if modifier == 'h' {
                spec.narrow = Some(if spec.narrow.is_none() { 16 } else { 8 });
            }
        }
        spec.conversion = letters.next();
        spec
    }

    fn write<'v, 'a: 'v>(&self, out: &mut String, values: &mut impl Iterator<Item = &'v Value<'a>>) {
        let Some(value) = values.next() else { return out.push_str("<?>") };
        let text = match (self.conversion, value) {
            (Some('d' | 'i'), value) => self.bits(value).map(|(value, bits)| self.signed(sign_extend(value, bits))),
            (Some(conversion @ ('u' | 'x' | 'X' | 'o')), value) => {
                self.bits(value).map(|(value, _)| self.unsigned(value, conversion))
            }
            (Some('p'), value) => self.bits(value).map(|(value, _)| self.padded("", &format!("0x{value:x}"), false)),
            (Some('c'), value) => {
                let letter = self.bits(value).map(|(value, _)| char::from(value.to_le_bytes()[0]).to_string());
                letter.map(|letter| self.padded("", &letter, false))
            }
            (Some('s'), Value::Text(text) | Value::Bytes(text)) => {
                let text = lossy(text);
                let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
                Some(self.padded("", &cut, false))
            }
            (Some(conversion), Value::Float(value)) => self.float(*value, conversion),
            _ => None,
        };
        match text {
            Some(text) => out.push_str(&text),
            None => drop(write!(out, "<?>{}", to_json(unwrapped(value)))),
        }
    }

    /// An integer argument, cut to its width, and this width.
    fn bits(&self, value: &Value<'_>) -> Option<(u64, u32)> {
        let (wire_bits, value) = match value {
            Value::Int(value) => (32, *value),
            Value::Array(_) => match unwrapped(value) {
                Value::Int(value) => (64, *value),
                _ => return None,
            },
            _ => return None,
        };
        let bits = self.narrow.unwrap_or(wire_bits);
        // Both signs of the wire are the same bits in a register.
        let modulus = 1i128 << bits;
        Some((u64::try_from(value.rem_euclid(modulus)).unwrap_or_default(), bits))
    }

    fn signed(&self, value: i64) -> String {
        let sign = self.sign(value < 0);
        self.integer(sign, value.unsigned_abs().to_string())
    }

    fn unsigned(&self, value: u64, conversion: char) -> String {
        let (prefix, digits) = match conversion {
            'x' => ("0x", format!("{value:x}")),
            'X' => ("0X", format!("{value:X}")),
            'o' => ("0", format!("{value:o}")),
            _ => ("", value.to_string()),
        };
        self.integer(if self.alternative && value != 0 { prefix } else { "" }, digits)
    }

    fn integer(&self, prefix: &str, digits: String) -> String {
        match self.precision {
            // A zero with precision 0 has no digit at all.
            Some(0) if digits == "0" => self.padded(prefix, "", false),
            Some(least) => self.padded(prefix, &format!("{digits:0>least$}"), false),
            None => self.padded(prefix, &digits, self.zero),
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match self {
            _ if negative => "-",
            Self { plus: true, .. } => "+",
            Self { blank: true, .. } => " ",
            _ => "",
        }
    }

    fn float(&self, value: f64, conversion: char) -> Option<String> {
        let sign = self.sign(value.is_sign_negative() && !value.is_nan());
        let size = value.abs();
        let digits = match conversion.to_ascii_lowercase() {
            'f' | 'e' | 'g' | 'a' if !value.is_finite() => if value.is_nan() { "nan" } else { "inf" }.to_owned(),
            'f' => self.point(format!("{size:.*}", self.precision.unwrap_or(6))),
            'e' => exponential(size, self.precision.unwrap_or(6), self.alternative),
            'g' => self.general(size),
            'a' => self.hexadecimal(size),
            _ => return None,
        };
        let digits = if conversion.is_ascii_uppercase() { digits.to_ascii_uppercase() } else { digits };
        let (prefix, digits) = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
            Some(rest) => (format!("{sign}{}", &digits[..2]), rest),
            None => (sign.to_owned(), &*digits),
        };
        Some(self.padded(&prefix, digits, self.zero && value.is_finite()))
    }

    /// `#` keeps the point of a number without a fraction.
    fn point(&self, mut digits: String) -> String {
        if self.alternative && !digits.contains('.') {
            digits.push('.');
        }
        digits
    }

    fn general(&self, size: f64) -> String {
        let significant = self.precision.unwrap_or(6).max(1);
        let rounded = format!("{size:.*e}", significant - 1);
        let exponent: i64 = rounded.split_once('e').and_then(|(_, digits)| digits.parse().ok()).unwrap_or_default();
        let digits = match usize::try_from(significant as i64 - 1 - exponent) {
            Ok(decimals) if exponent >= -4 => self.point(format!("{size:.decimals$}")),
            _ => exponential(size, significant - 1, self.alternative),
        };
        if self.alternative {
            return digits;
        }
        let (number, rest) = digits.split_at(digits.find('e').unwrap_or(digits.len()));
        let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
        format!("{number}{rest}")
    }

    fn hexadecimal(&self, size: f64) -> String {
        const FRACTION_BITS: u32 = 52;
        const BIAS: i64 = 1023;
        let bits = size.to_bits();
        let (mut fraction, raw) = (bits & ((1 << FRACTION_BITS) - 1), (bits >> FRACTION_BITS) as i64);
        let exponent = match (raw, fraction) {
            (0, 0) => 0,
            (0, _) => 1 - BIAS,
            _ => raw - BIAS,
        };
        fraction |= u64::from(raw != 0) << FRACTION_BITS;
        if let Some(digits) = self.precision.filter(|&digits| digits < 13) {
            let dropped = FRACTION_BITS - 4 * digits as u32;
            let half = 1u64 << (dropped - 1);
            let odd = fraction >> dropped & 1;
            fraction = (fraction + half - 1 + odd) >> dropped << dropped;
        }
        let all = format!("{:013x}", fraction & ((1 << FRACTION_BITS) - 1));
        let digits = match self.precision {
            Some(digits) => format!("{:0<digits$}", all.get(..digits).unwrap_or(&all)),
            None => all.trim_end_matches('0').to_owned(),
        };
        let point = if digits.is_empty() && !self.alternative { "" } else { "." };
        format!("0x{}{point}{digits}p{exponent:+}", fraction >> FRACTION_BITS)
    }

    fn padded(&self, prefix: &str, digits: &str, zeros: bool) -> String {
        let missing = self.width.saturating_sub(prefix.chars().count() + digits.chars().count());
        match self.left {
            true => format!("{prefix}{digits}{}", " ".repeat(missing)),
            false if zeros => format!("{prefix}{}{digits}", "0".repeat(missing)),
            false => format!("{}{prefix}{digits}", " ".repeat(missing)),
        }
    }
}

/// A width or precision: digits, or `*` for the next value.
fn number<'v, 'a: 'v>(
    letters: &mut Peekable<Chars<'_>>,
    values: &mut impl Iterator<Item = &'v Value<'a>>,
) -> Option<i128> {
    if letters.next_if_eq(&'*').is_some() {
        return match values.next() {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        };
    }
    let mut value = None;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        letters.next();
        value = Some((value.unwrap_or(0i128) * 10 + i128::from(digit)).min(MAX_WIDTH as i128));
    }
    value
}

fn limited(value: u128) -> usize {
    usize::try_from(value).map_or(MAX_WIDTH, |value| value.min(MAX_WIDTH))
}

fn sign_extend(value: u64, bits: u32) -> i64 {
    let shift = 64 - bits;
    (value << shift).cast_signed() >> shift
}

/// Rust writes the exponent as C does not: without a sign, as short as it can be.
fn exponential(size: f64, decimals: usize, with_point: bool) -> String {
    let digits = format!("{size:.decimals$e}");
    let (number, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let point = if with_point && decimals == 0 { "." } else { "" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{number}{point}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i128) -> Value<'static> {
        Value::Int(value)
    }

    fn long(value: i128) -> Value<'static> {
        Value::Array(vec![int(value)])
    }

    fn text(value: &'static str) -> Value<'static> {
        Value::Text(value.as_bytes().into())
    }

    #[test]
    fn integers() {
        for (pattern, value, expected) in [
            ("%d|", int(-5), "-5|"),
            ("%5d|", int(-5), "   -5|"),
            ("%-5d|", int(-5), "-5   |"),
            ("%05d|", int(-5), "-0005|"),
            ("%+d|% d", int(7), "+7|<?>"),
            ("%.3d", int(7), "007"),
            ("%8.3d|", int(-7), "    -007|"),
            ("%.0d|", int(0), "|"),
            ("%u", int(-1), "4294967295"),
            ("%x", int(-1), "ffffffff"),
            ("%#X", int(255), "0XFF"),
            ("%#o", int(8), "010"),
            ("%hhx", int(-1), "ff"),
            ("%hd", int(65535), "-1"),
            ("%llu", long(-1), "18446744073709551615"),
            ("%lld", long(-5_000_000_000), "-5000000000"),
            ("%zu", int(3), "3"),
            ("%c", int(65), "A"),
            ("%p", int(-0x7fff_fff8), "0x80000008"),
            ("100%%: %d", int(1), "100%: 1"),
            ("%", int(1), "<?>1"),
            ("%n", int(1), "<?>1"),
            ("%s", int(9), "<?>9"),
            ("%d", text("x"), "<?>\"x\""),
            ("%999999999999d", int(1), &format!("{:>1024}", 1)),
        ] {
            assert_eq!(format(pattern, &[value]), expected, "{pattern}");
        }
    }

    #[test]
    fn texts_and_stars() {
        assert_eq!(format("%s", &[text("low")]), "low");
        assert_eq!(format("[%6s][%-6s]", &[text("low"), text("high")]), "[   low][high  ]");
        assert_eq!(format("%.2s", &[text("low")]), "lo");
        assert_eq!(
            format("[%*d][%-*d][%.*s]", &[int(4), int(1), int(-4), int(2), int(1), text("ab")]),
            "[   1][2   ][a]"
        );
        assert_eq!(format("%d %d", &[int(1)]), "1 <?>");
    }

    /// The expected texts are those of glibc.
    #[test]
    fn floats() {
        for (pattern, value, expected) in [
            ("%f", 0.5, "0.500000"),
            ("%.0f", 2.5, "2"),
            ("%#.0f", 2.5, "2."),
            ("%08.2f", -1.5, "-0001.50"),
            ("%e", 12345.678, "1.234568e+04"),
            ("%.2E", 0.00012, "1.20E-04"),
            ("%g", 100000.0, "100000"),
            ("%g", 1_000_000.0, "1e+06"),
            ("%g", 0.0001, "0.0001"),
            ("%g", 0.00001, "1e-05"),
            ("%.3g", 2.34567, "2.35"),
            ("%#g", 1.0, "1.00000"),
            ("%G", 1e-10, "1E-10"),
            ("%g", 0.0, "0"),
            ("%a", 1.0, "0x1p+0"),
            ("%a", 0.1, "0x1.999999999999ap-4"),
            ("%.1a", 1.999, "0x2.0p+0"),
            ("%A", 10.0, "0X1.4P+3"),
            ("%a", 0.0, "0x0p+0"),
            ("%5f|", f64::INFINITY, "  inf|"),
            ("%F", f64::NAN, "NAN"),
            ("%d", 1.5, "<?>1.5"),
        ] {
            assert_eq!(format(pattern, &[Value::Float(value)]), expected, "{pattern} {value}");
        }
    }
}
