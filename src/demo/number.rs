//! Numbers in the arguments of commands, read as `atoi` and `strtoul` of C do.

/// A decimal number behind optional white space and a sign; what follows it is ignored. 0 without one. Too large numbers are the
/// largest or the smallest one, as newlib has it: a watchdog is not set to what is left of a number that wrapped.
pub fn decimal(text: &[u8]) -> i32 {
    let (is_negative, digits) = sign(text);
    // Below zero there is one number more.
    let mut value = 0_i32;
    for digit in digits.iter().map_while(|&c| digit(c, 10)) {
        let tenfold = if value < i32::MIN / 10 { i32::MIN } else { value.wrapping_mul(10) };
        value = tenfold.saturating_sub(digit as i32);
    }
    if is_negative { value } else { value.saturating_neg() }
}

/// The same with the base in its prefix: `0x` is 16, `0` is 8, else 10. Too large numbers are the largest one.
pub fn any_base(text: &[u8]) -> usize {
    let (is_negative, text) = sign(text);
    let (base, digits) = match text {
        [b'0', b'x' | b'X', rest @ ..] if rest.first().is_some_and(|&c| digit(c, 16).is_some()) => (16, rest),
        [b'0', rest @ ..] => (8, rest),
        _ => (10, text),
    };
    let mut value = 0_usize;
    for digit in digits.iter().map_while(|&c| digit(c, base)) {
        let Some(next) = value.checked_mul(base as usize).and_then(|v| v.checked_add(digit as usize)) else {
            return usize::MAX;
        };
        value = next;
    }
    if is_negative { value.wrapping_neg() } else { value }
}

/// Is there a minus, and what stands behind white space and sign.
fn sign(text: &[u8]) -> (bool, &[u8]) {
    let mut text = text;
    while let [b' ' | b'\t'..=b'\r', rest @ ..] = text {
        text = rest;
    }
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn digit(character: u8, base: u32) -> Option<u32> {
    char::from(character).to_digit(base)
}

#[cfg(test)]
mod tests {
    use super::{any_base, decimal};

    #[test]
    fn decimal_is_atoi() {
        for (text, value) in [
            ("", 0),
            ("x", 0),
            ("12", 12),
            (" \t-7z", -7),
            ("+3", 3),
            ("--3", 0),
            ("0x10", 0),
            ("010", 10),
            ("2147483647", i32::MAX),
            ("2147483648", i32::MAX),
            ("4294967297", i32::MAX),
            ("99999999999999999999", i32::MAX),
            ("-2147483647", -i32::MAX),
            ("-2147483648", i32::MIN),
            ("-2147483649", i32::MIN),
            ("-99999999999999999999", i32::MIN),
            ("0000000000000000000012", 12),
        ] {
            assert_eq!(decimal(text.as_bytes()), value, "{text:?}");
        }
    }

    #[test]
    fn any_base_is_strtoul() {
        for (text, value) in [
            ("", 0),
            ("0x20001000", 0x2000_1000),
            ("0Xff", 255),
            ("0x", 0),
            ("0xg", 0),
            ("017", 15),
            ("09", 0),
            ("42 ", 42),
            ("\n+42", 42),
            ("-1", usize::MAX),
            ("99999999999999999999999", usize::MAX),
        ] {
            assert_eq!(any_base(text.as_bytes()), value, "{text:?}");
        }
    }
}
