use super::{Field, Problem, Tests, is_serial_character, is_type_character, is_version_character};
use std::string::String;

#[test]
fn the_default_set_is_that_of_the_specification() {
    assert_eq!(Tests::DEFAULT, Tests(0x14F));
}

#[test]
fn names_are_matched_whole() {
    assert_eq!(Tests::named(b"reboot"), Some(Tests(0x10)));
    assert_eq!(Tests::named(b"reboot_verify"), Some(Tests(0x20)));
    assert_eq!(Tests::named(b"coredump_storage"), Some(Tests(0x80)));
    for other in ["", "reboo", "reboot_", "Reboot", "coredump_storage_with_a_long_tail"] {
        assert_eq!(Tests::named(other.as_bytes()), None);
    }
}

#[test]
fn characters_of_each_field() {
    let allowed =
        |is_allowed: fn(u8) -> bool| (1..=255_u8).filter(|&c| is_allowed(c)).map(char::from).collect::<String>();
    let alphanumeric = ('0'..='9').chain('A'..='Z').chain('a'..='z');
    let mut serial: std::vec::Vec<char> = alphanumeric.chain(['_', '-']).collect();
    let sorted = |characters: &mut std::vec::Vec<char>| {
        characters.sort_unstable();
        characters.iter().collect::<String>()
    };
    assert_eq!(allowed(is_serial_character), sorted(&mut serial));
    serial.extend(['.', '+', ':']);
    assert_eq!(allowed(is_type_character), sorted(&mut serial));
    assert_eq!(allowed(is_version_character), (' '..='~').collect::<String>());
}

#[test]
fn the_first_problem_of_a_field_is_reported() {
    assert_eq!(Field::Serial.check(b"DEMO-1", 128), Ok(()));
    assert_eq!(Field::Serial.check(b"", 128), Err(Problem::Length));
    assert_eq!(Field::Serial.check(&[b'a'; 128], 128), Ok(()));
    assert_eq!(Field::Serial.check(&[b'a'; 129], 128), Err(Problem::Length));
    assert_eq!(Field::Serial.check(b"S/N:1", 128), Err(Problem::Character(b'/')));
    assert_eq!(Field::HardwareVersion.check(b"rev:c.1+2", 128), Ok(()));
    assert_eq!(Field::SoftwareVersion.check(b"1.0 beta", 128), Ok(()));
    assert_eq!(Field::SoftwareVersion.check(b"1.0\n", 128), Err(Problem::Character(b'\n')));
}
