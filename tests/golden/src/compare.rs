//! Expected against observed results.

use crate::step::Step;
use crate::vectors::Object;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Results that say how the reference did it, not what must be (`tests/vectors/README.md` section 1).
const INFORMATIVE: [&str; 2] = ["locks", "time_calls"];

/// What does not count.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    /// Reads of this source are informative: fewer or merged ones are allowed.
    pub free_reads_of: Option<&'static str>,
    /// A hook that the target does not have.
    pub free_call: Option<&'static str>,
    /// Functions of the library that the vectors saw being called, and that a player cannot see.
    pub unseen_calls: &'static [&'static str],
    /// Results that the interface under test does not have.
    pub absent: &'static [&'static str],
    /// Results that are informative elsewhere.
    pub exact: &'static [&'static str],
}

impl Rules {
    fn counts(self, key: &str) -> bool {
        (!INFORMATIVE.contains(&key) || self.exact.contains(&key)) && !self.absent.contains(&key)
    }
}

/// The first difference of a step in words, or `None`.
pub fn difference(step: &Step, observed: &Object, rules: Rules) -> Option<String> {
    for (key, expected) in step.expected.iter().filter(|(key, _)| rules.counts(key)) {
        let expected = without_free_calls(expected, rules);
        let got = observed.get(key).map(|value| without_free_calls(value, rules));
        let equal = match &got {
            Some(got) => equal(key, &expected, got),
            None => is_nothing(&expected) && expected.is_array(),
        };
        if !equal {
            return Some(format!(
                "{key}: expected {}, got {}",
                brief(&expected),
                got.as_ref().map_or("nothing".into(), brief)
            ));
        }
    }
    for (key, got) in observed.iter().filter(|(key, _)| rules.counts(key) && !step.expected.contains_key(*key)) {
        let got = without_free_calls(got, rules);
        if !is_nothing(&got) {
            return Some(format!("{key}: expected nothing, got {}", brief(&got)));
        }
    }
    None
}

/// A result that is absent is an empty list, a number of 0 or a NULL text.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        _ => false,
    }
}

fn without_free_calls(value: &Value, rules: Rules) -> Value {
    let Value::Array(calls) = value else { return value.clone() };
    calls.iter().filter(|call| !is_free_call(call, rules)).cloned().collect()
}

fn equal(key: &str, expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Array(expected), Value::Array(got)) if key == "logs" => {
            expected.len() == got.len() && expected.iter().zip(got).all(|(e, g)| log_line_equal(e, g))
        }
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len() && expected.iter().zip(got).all(|(e, g)| equal("", e, g))
        }
        (Value::Object(expected), Value::String(hex)) if expected.contains_key("sha256") => digest_equal(expected, hex),
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected.iter().all(|(key, e)| got.get(key).is_some_and(|g| equal(key, e, g)))
        }
        _ => expected == got,
    }
}

/// A line is `[level, text]`, or the level alone where the text is free.
fn log_line_equal(expected: &Value, got: &Value) -> bool {
    expected == got || (expected.is_number() && *expected == got[0])
}

fn digest_equal(expected: &Object, hex: &str) -> bool {
    let Ok(bytes) = crate::vectors::from_hex(hex) else { return false };
    let digest = crate::vectors::to_hex(&Sha256::digest(&bytes));
    expected["len"].as_u64() == u64::try_from(bytes.len()).ok() && expected["sha256"] == digest
}

fn brief(value: &Value) -> String {
    const MAX: usize = 300;
    let text = value.to_string();
    if text.chars().count() <= MAX {
        text
    } else {
        format!("{}... ({} characters)", text.chars().take(MAX).collect::<String>(), text.len())
    }
}

/// Breaks one expectation of the steps, the `nth` of those that count. `None`: there is none at all.
pub fn break_one(steps: &mut [Step], rules: Rules, nth: usize) -> Option<()> {
    let mut leaves = Vec::new();
    for step in steps {
        for (key, value) in step.expected.iter_mut() {
            if rules.counts(key) {
                collect_leaves(value, rules, &mut leaves);
            }
        }
    }
    let chosen = nth.checked_rem(leaves.len())?;
    spoil(leaves.swap_remove(chosen));
    Some(())
}

fn collect_leaves<'a>(value: &'a mut Value, rules: Rules, leaves: &mut Vec<&'a mut Value>) {
    if is_free_call(value, rules) {
        return;
    }
    if value.as_array().is_some_and(Vec::is_empty) || !(value.is_array() || value.is_object()) {
        leaves.push(value);
        return;
    }
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| collect_leaves(item, rules, leaves)),
        Value::Object(object) => object.values_mut().for_each(|item| collect_leaves(item, rules, leaves)),
        _ => {}
    }
}

fn is_free_call(call: &Value, rules: Rules) -> bool {
    rules.free_reads_of.is_some_and(|source| call[0] == "read" && call[1] == source)
        || rules.free_call.is_some_and(|hook| call[0] == hook)
        || rules.unseen_calls.iter().any(|function| call[0] == *function)
}

/// Changes a value a little: one bit, one digit, one element.
fn spoil(leaf: &mut Value) {
    *leaf = match &*leaf {
        Value::Null => Value::from("not null"),
        Value::Bool(on) => Value::from(!on),
        Value::Number(number) => number.as_i64().map_or(Value::from(0), |n| Value::from(n ^ 1)),
        Value::String(text) => {
            let mut chars: Vec<char> = text.chars().collect();
            match chars.pop() {
                Some(last) => chars.push(if last == '0' { '1' } else { '0' }),
                None => chars.extend("00".chars()),
            }
            Value::from(chars.into_iter().collect::<String>())
        }
        Value::Array(_) | Value::Object(_) => Value::from(vec![1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn step(expected: Value) -> Step {
        Step { name: "op".into(), arguments: Vec::new(), expected: expected.as_object().unwrap().clone() }
    }

    fn differs(expected: Value, got: Value, rules: Rules) -> bool {
        difference(&step(expected), got.as_object().unwrap(), rules).is_some()
    }

    #[test]
    fn absent_means_nothing_to_say() {
        let none = Rules::default();
        assert!(!differs(json!({"ret": 1}), json!({"ret": 1, "calls": [], "size": 0, "text": null}), none));
        assert!(differs(json!({"ret": 1}), json!({"ret": 1, "calls": [["get_device_info"]]}), none));
        assert!(differs(json!({"ret": 1}), json!({}), none));
        assert!(differs(json!({"ret": false}), json!({}), none));
        assert!(differs(json!({"ret": 1}), json!({"ret": 1, "surprise": true}), none));
    }

    #[test]
    fn locks_never_count_and_free_log_texts_only_by_level() {
        let none = Rules::default();
        assert!(!differs(json!({"locks": 3}), json!({"locks": 1}), none));
        assert!(!differs(json!({"logs": [3, [1, "a"]]}), json!({"logs": [[3, "x"], [1, "a"]]}), none));
        assert!(differs(json!({"logs": [3]}), json!({"logs": [[2, "x"]]}), none));
        assert!(differs(json!({"logs": [[1, "a"]]}), json!({"logs": [[1, "b"]]}), none));
    }

    #[test]
    fn reads_of_a_free_source_do_not_count_but_everything_else_does() {
        let rules = Rules { free_reads_of: Some("coredump"), ..Rules::default() };
        let got = json!({"calls": [["has_more", "coredump", true, 5], ["mark", "coredump"]]});
        assert!(!differs(
            json!({"calls": [["has_more", "coredump", true, 5], ["read", "coredump", 0, 5, true], ["mark", "coredump"]]}),
            got.clone(),
            rules
        ));
        assert!(differs(
            json!({"calls": [["has_more", "coredump", true, 5], ["read", "event", 0, 5, true], ["mark", "coredump"]]}),
            got,
            rules
        ));
    }

    #[test]
    fn large_outputs_are_compared_by_digest() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // of "abc", FIPS 180
        assert!(!differs(json!({"out": {"len": 3, "sha256": digest}}), json!({"out": "616263"}), Rules::default()));
        assert!(differs(json!({"out": {"len": 3, "sha256": digest}}), json!({"out": "616264"}), Rules::default()));
    }

    #[test]
    fn every_broken_expectation_is_a_difference() {
        let expected = json!({"ret": true, "len": 0, "out": "", "text": "a0", "none": null, "calls": [["read", "event", 1, 2]], "events": []});
        let leaves = 10;
        for nth in 0..leaves {
            let mut broken = [step(expected.clone())];
            break_one(&mut broken, Rules::default(), nth).unwrap();
            let got = expected.as_object().unwrap();
            assert!(difference(&broken[0], got, Rules::default()).is_some(), "leaf {nth} of {expected}");
        }
    }
}
