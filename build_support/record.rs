//! Reads the records that `shim/config_probe.c` leaves in its object file.
//!
//! ```text
//! MFLTCFG:n:<NAME>=<16 digits '0' to '?'>\0     a number, 64 bits, two's complement
//! MFLTCFG:s:<NAME>=<bytes>\0                    a string or a symbol name
//! ```
//!
//! The bytes are searched for, whatever the object format is. The macro text in debug information looks similar
//! (`"MFLTCFG:n:" #name`), but no name follows there.
use std::collections::BTreeMap;

const MARK: &[u8] = b"MFLTCFG:";
const NUMBER_DIGITS: usize = 16;

/// What the firmware's compiler made of the options.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Records {
    numbers: BTreeMap<String, u64>,
    texts: BTreeMap<String, String>,
}

impl Records {
    /// All records in the bytes of an object file. The error is one sentence.
    pub fn scan(object: &[u8]) -> Result<Self, String> {
        let mut records = Self::default();
        let mut rest = object;
        while let Some(at) = find(rest, MARK) {
            rest = &rest[at + MARK.len()..];
            records.take_one(rest)?;
        }
        if records.numbers.is_empty() {
            return Err("it holds no configuration record: it must be the object of shim/config_probe.c, compiled without link-time \
                        optimisation (-fno-lto behind any -flto)"
                .into());
        }
        Ok(records)
    }

    /// The number recorded under `name`, if the firmware gave the option a value.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    /// The text recorded under `name`, if the firmware gave the option a value.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// `bytes` starts behind a mark. Ignores what is not a record.
    fn take_one(&mut self, bytes: &[u8]) -> Result<(), String> {
        let [kind, b':', bytes @ ..] = bytes else { return Ok(()) };
        let name_len = bytes.iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_').count();
        let (name, bytes) = bytes.split_at(name_len);
        let [b'=', bytes @ ..] = bytes else { return Ok(()) };
        let name = String::from_utf8_lossy(name).into_owned();
        let Some(end) = bytes.iter().position(|b| *b == 0) else { return Ok(()) };
        let value = &bytes[..end];
        match kind {
            b'n' => {
                if value.len() != NUMBER_DIGITS || !value.iter().all(|b| (b'0'..=b'?').contains(b)) {
                    return Ok(());
                }
                let number = value.iter().fold(0_u64, |n, digit| n << 4 | u64::from(digit - b'0'));
                store(&mut self.numbers, name, number)
            }
            b's' => {
                let text = str::from_utf8(value).map_err(|_| format!("{name} is not UTF-8 text"))?;
                store(&mut self.texts, name, text.to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn store<V: PartialEq>(map: &mut BTreeMap<String, V>, name: String, value: V) -> Result<(), String> {
    match map.get(&name) {
        Some(before) if *before != value => Err(format!("it holds two values of {name}")),
        _ => {
            map.insert(name, value);
            Ok(())
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: &[u8] = b"junk\x01MFLTCFG:n:MEMFAULT_A=000000000000000:\0MFLTCFG:s:MEMFAULT_KEY=a b\0more";

    #[test]
    fn records_are_found_between_other_bytes() {
        let records = Records::scan(TEN).unwrap();
        assert_eq!(records.number("MEMFAULT_A"), Some(10));
        assert_eq!(records.text("MEMFAULT_KEY"), Some("a b"));
        assert_eq!(records.number("MEMFAULT_B"), None);
    }

    #[test]
    fn a_negative_number_keeps_its_sign() {
        let records = Records::scan(b"MFLTCFG:n:MEMFAULT_A=????????????????\0").unwrap();
        assert_eq!(records.number("MEMFAULT_A").map(u64::cast_signed), Some(-1));
    }

    #[test]
    fn macro_text_in_debug_information_is_no_record() {
        let mut object = TEN.to_vec();
        object.extend_from_slice(b"NUMBER(name) \"MFLTCFG:n:\" #name \"=\" { DIGITS(name) }\0MFLTCFG:s:\" #name\0");
        assert_eq!(Records::scan(&object), Records::scan(TEN));
    }

    #[test]
    fn an_object_without_records_names_the_usual_reason() {
        assert!(Records::scan(b"LTO bytecode").unwrap_err().contains("-fno-lto"));
    }

    #[test]
    fn two_values_of_one_option_are_refused() {
        let mut object = TEN.to_vec();
        object.extend_from_slice(TEN);
        assert_eq!(Records::scan(&object), Records::scan(TEN));
        object.extend_from_slice(b"MFLTCFG:n:MEMFAULT_A=0000000000000001\0");
        assert_eq!(Records::scan(&object).unwrap_err(), "it holds two values of MEMFAULT_A");
    }

    #[test]
    fn any_prefix_and_any_damage_is_survived() {
        for len in 0..TEN.len() {
            let _ = Records::scan(&TEN[..len]);
            for byte in [0, b':', b'=', 0xFF] {
                let mut damaged = TEN.to_vec();
                damaged[len] = byte;
                let _ = Records::scan(&damaged);
            }
        }
    }
}
