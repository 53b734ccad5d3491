//! Makes the implementation of the trait `Config` out of the records, and refuses what cannot work.
use super::options::{ConfigOption, Kind, OPTIONS};
use super::record::Records;
use std::fmt::Write;

/// `OUT_DIR/config.rs` and the names that assembly needs.
pub struct Generated {
    pub source: String,
    /// Name with the prefix `MEMFAULT_`, value.
    pub symbols: Vec<(String, String)>,
}

/// `records` is `None` for the reference defaults. `origin` tells in the generated file where the values come from.
/// The error names the option, the value and what is allowed.
pub fn generate(records: Option<&Records>, origin: &str) -> Result<Generated, String> {
    let nothing = Records::default();
    let records = records.unwrap_or(&nothing);
    let mut source = format!(
        "/// The configuration of this build: {}.\npub struct Firmware;\nimpl crate::config::Config for Firmware {{\n",
        origin.escape_default()
    );
    let mut symbols = Vec::new();
    for option in OPTIONS {
        if let Kind::Symbol(default) = option.kind {
            let symbol = records.text(&c_name(option)).unwrap_or(default);
            symbols.push((c_name(option), checked_symbol(option, symbol)?));
        } else if let Some(constant) = constant(option, records)? {
            // Writing to a String does not fail.
            let _ = writeln!(source, "    const {}: {constant};", option.name);
        }
    }
    source.push_str("}\n");
    check_project_key(records)?;
    Ok(Generated { source, symbols })
}

fn c_name(option: &ConfigOption) -> String {
    format!("MEMFAULT_{}", option.name)
}

/// `type = value`, or nothing where the trait's default holds.
fn constant(option: &ConfigOption, records: &Records) -> Result<Option<String>, String> {
    let name = c_name(option);
    let number = records.number(&name);
    Ok(match option.kind {
        Kind::Bool => number.map(|n| format!("bool = {}", n != 0)),
        Kind::BoolIfOne => number.map(|n| format!("bool = {}", n == 1)),
        Kind::Usize(min, max) => checked_number(&name, number, min, max)?.map(|n| format!("usize = {n}")),
        Kind::U32(min, max) => checked_number(&name, number, min, max)?.map(|n| format!("u32 = {n}")),
        Kind::Text => records.text(&name).map(|text| format!("&'static str = {text:?}")),
        Kind::Symbol(_) => None,
    })
}

fn checked_number(name: &str, number: Option<u64>, min: u64, max: u64) -> Result<Option<u64>, String> {
    match number {
        Some(n) if !(min..=max).contains(&n) => {
            // Seen as signed, so that -1 is not reported as 18446744073709551615.
            Err(format!("{name} is {}; allowed is {min} to {max}", n.cast_signed()))
        }
        _ => Ok(number),
    }
}

fn checked_symbol(option: &ConfigOption, symbol: &str) -> Result<String, String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$');
    if symbol.is_empty() || symbol.as_bytes()[0].is_ascii_digit() || !symbol.bytes().all(fits) {
        return Err(format!("{} is \"{symbol}\"; allowed is the name of a symbol", c_name(option)));
    }
    Ok(symbol.to_owned())
}

fn check_project_key(records: &Records) -> Result<(), String> {
    let wanted = records.number("MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY").is_some_and(|n| n != 0);
    let given = match records.text("MEMFAULT_PROJECT_KEY") {
        None => "not defined",
        Some("") => "empty",
        Some(_) => return Ok(()),
    };
    if wanted {
        return Err(format!(
            "MEMFAULT_PROJECT_KEY is {given}; with MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY on it must be the project key as a \
             string literal"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(records: &[&str]) -> Result<Generated, String> {
        let object: String = records.iter().map(|record| format!("MFLTCFG:{record}\0")).collect();
        generate(Some(&Records::scan(object.as_bytes()).unwrap()), "a test")
    }

    #[test]
    fn without_records_the_defaults_of_the_trait_hold() {
        let generated = generate(None, "nothing").unwrap();
        assert!(!generated.source.contains("const "), "{}", generated.source);
        assert!(
            generated.symbols.contains(&("MEMFAULT_GNU_BUILD_ID_SYMBOL".into(), "__start_gnu_build_id_start".into()))
        );
    }

    #[test]
    fn values_become_constants_of_their_type() {
        let generated = with(&[
            "n:MEMFAULT_CRC16_BUILTIN=0000000000000002",
            "n:MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE=0000000000000002",
            "n:MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN=0000000000000050",
            "s:MEMFAULT_PROJECT_KEY=a\"b\\",
        ]);
        let source = generated.unwrap().source;
        for line in [
            "const CRC16_BUILTIN: bool = true;",
            "const REBOOT_REASON_CUSTOM_ENABLE: bool = false;",
            "const DATA_EXPORT_CHUNK_MAX_LEN: usize = 80;",
            r#"const PROJECT_KEY: &'static str = "a\"b\\";"#,
        ] {
            assert!(source.contains(line), "{line} is not in\n{source}");
        }
    }

    #[test]
    fn a_number_out_of_range_names_option_value_and_range() {
        let error = with(&["n:MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES=000000000000001?"]).err();
        assert_eq!(error.unwrap(), "MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES is 31; allowed is 5 to 20");
        let error = with(&["n:MEMFAULT_TRACE_EVENT_MAX_LOG_LEN=???????????????>"]).err();
        assert_eq!(error.unwrap(), "MEMFAULT_TRACE_EVENT_MAX_LOG_LEN is -2; allowed is 1 to 65535");
    }

    #[test]
    fn a_key_that_is_wanted_must_be_there() {
        let wanted = "n:MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY=0000000000000001";
        assert!(with(&[wanted]).err().unwrap().starts_with("MEMFAULT_PROJECT_KEY is not defined"));
        assert!(with(&[wanted, "s:MEMFAULT_PROJECT_KEY="]).err().unwrap().starts_with("MEMFAULT_PROJECT_KEY is empty"));
        assert!(with(&[wanted, "s:MEMFAULT_PROJECT_KEY=k"]).is_ok());
    }
}
