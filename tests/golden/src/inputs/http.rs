//! The fields of the module `http`.

use crate::fields::Fields;
use crate::step::{Argument, Step};
use crate::vectors::Object;
use serde_json::Value;

/// Each vector is one call; only responses are read in pieces.
pub fn steps(vector: &Object) -> Result<Vec<Step>, String> {
    let mut fields = Fields::new(vector);
    fields.drop("id");
    let kind = fields.take("kind").and_then(Value::as_str);
    let op = fields.take("op").and_then(Value::as_str);
    match kind {
        Some("response") => return response(fields),
        Some("uri") => fields.text("uri")?,
        Some("urlencode") => {
            fields.bytes("in")?;
            fields.number("out_len")?;
        }
        Some("request" | "url") => {
            fields.environment("device_info")?;
            fields.push("build_id", Argument::Null); // nobody asks for it
            nested(&mut fields, "config", config)?;
            fields.many(&["fail_at_piece", "content_length", "buf_len"])?;
            fields.text("url")?;
            fields.text("subpath")?;
        }
        None => {
            nested(&mut fields, "hooks", hooks)?;
            fields.flag("client_null")?;
            fields.number("timeout")?;
        }
        Some(unknown) => return Err(format!("unknown kind {unknown}")),
    }
    let name = op.or(kind).ok_or("neither kind nor op")?.into();
    let (arguments, expected) = fields.finish();
    Ok(vec![Step { name, arguments, expected }])
}

/// The pieces are arguments and, with what each call returned, results; so are the fields of the context.
fn response(mut fields: Fields) -> Result<Vec<Step>, String> {
    fields.bytes("input")?;
    fields.flag("header_only")?;
    fields.peek_first_of_each("calls", "pieces")?;
    let result = fields.take("result").and_then(Value::as_object).ok_or("no result")?.clone();
    let (arguments, mut expected) = fields.finish();
    expected.extend(result);
    Ok(vec![Step { name: "response".into(), arguments, expected }])
}

/// What `g_mflt_http_client_config` holds.
fn config(fields: &mut Fields) -> Result<(), String> {
    for text in ["api_key", "chunks_host", "device_host"] {
        fields.text(text)?;
    }
    fields.flag("disable_tls")?;
    fields.many(&["chunks_port", "device_port"])?;
    fields.texts("get_device_info_override")
}

/// What the hooks of the platform do.
fn hooks(fields: &mut Fields) -> Result<(), String> {
    fields.flag("data_available")?;
    fields.flag("create")?;
    fields.many(&["post", "callback", "status_rv", "status", "wait", "destroy"])
}

/// An object whose fields become arguments `key.field`.
fn nested(fields: &mut Fields, key: &str, read: fn(&mut Fields) -> Result<(), String>) -> Result<(), String> {
    let object = fields.take(key).and_then(Value::as_object).ok_or(format!("no {key}"))?;
    let mut inner = Fields::new(object);
    read(&mut inner)?;
    let (arguments, rest): (Vec<(String, Argument)>, Object) = inner.finish();
    if let Some(unknown) = rest.keys().next() {
        return Err(format!("{key}: unknown field {unknown}"));
    }
    arguments.into_iter().for_each(|(name, argument)| fields.push(format!("{key}.{name}"), argument));
    Ok(())
}
