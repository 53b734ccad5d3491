//! Decimal numbers as the parsers of this component read them (spec 70 section 5.3).

/// A number, and how many digits it had: 0 digits are the number 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    /// At most 2147483640.
    pub value: u32,
    /// Leading zeroes count.
    pub digits: usize,
}

/// Largest sum of what was read and the next digit. Above it the reference calls a number too large, although a few would fit.
const MAX_SUM: u32 = 214_748_364;

/// Reads digits up to a space or the end. `None`: there is something else, or the number is too large.
pub fn parse(text: &[u8]) -> Option<Number> {
    let mut number = Number { value: 0, digits: 0 };
    for byte in text {
        if *byte == b' ' {
            break;
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit > 9 || number.value.wrapping_add(digit) > MAX_SUM {
            return None;
        }
        // The sum is small enough for both.
        number.value = number.value.wrapping_mul(10).wrapping_add(digit);
        number.digits += 1;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_up_to_a_space_or_the_end() {
        for (text, value, digits) in [("", 0, 0), (" 7", 0, 0), ("7", 7, 1), ("007 x", 7, 3), ("443", 443, 3)] {
            assert_eq!(parse(text.as_bytes()), Some(Number { value, digits }), "{text}");
        }
        for text in ["-4", "4zz", "\t4", "4\t", "+1", "0x4"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_limit_is_that_of_the_reference() {
        for (text, fits) in [
            ("2147483640", true),
            ("2147483559", true),
            ("2147483641", false),
            ("2147483569", false),
            ("99999999999", false),
        ] {
            assert_eq!(parse(text.as_bytes()).is_some(), fits, "{text}");
        }
    }
}
