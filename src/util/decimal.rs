//! Decimal numbers as text.

/// Characters of the longest number.
pub const MAX_LEN: usize = 11;

/// A number in decimal digits, as `%d` prints it.
pub fn format(value: i32, digits: &mut [u8; MAX_LEN]) -> &[u8] {
    let mut rest = value.unsigned_abs();
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        start -= 1;
        if let Some(sign) = digits.get_mut(start) {
            *sign = b'-';
        }
    }
    digits.get(start..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn as_printf_does_it() {
        for value in [0, 7, 10, -1, 517, 1_000_000_007, -1_294_967_296, i32::MAX, i32::MIN] {
            assert_eq!(format(value, &mut [0; MAX_LEN]), value.to_string().as_bytes());
        }
    }
}
