//! `memfault_rs::http`. Host, key and identity are arguments here, so no hook is called for them.

use super::{Player, object};
use crate::step::Step;
use crate::vectors::{Group, Object, Setting, to_hex, to_text};
use memfault_rs::http::request::{self, LatestRelease, Server};
use memfault_rs::http::response::{End, Error, Extent, LINE_LEN, Response};
use memfault_rs::http::uri::{self, Scheme};
use memfault_rs::http::url::{self, Site};
use memfault_rs::http::{Identity, urlencode};
use serde_json::{Value, json};

/// A player for the options of a group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    if group.id == "client" {
        return Err("the client of a platform is C".into());
    }
    let host = |option: &str, default: &str| match group.option(option) {
        Some(Setting::Text(host)) => host.clone(),
        _ => default.into(),
    };
    let max_len = group.number("MEMFAULT_DEVICE_INFO_URL_ENCODED_MAX_LEN", 48);
    Ok(Box::new(Http {
        chunks_host: host("MEMFAULT_HTTP_CHUNKS_API_HOST", "chunks.memfault.com"),
        device_host: host("MEMFAULT_HTTP_DEVICE_API_HOST", "device.memfault.com"),
        latest_release: match max_len {
            48 => |server, wire| request::latest_release::<48>(server, wire),
            64 => |server, wire| request::latest_release::<64>(server, wire),
            _ => return Err(format!("no buffer of {max_len} bytes")),
        },
    }))
}

struct Http {
    chunks_host: String,
    device_host: String,
    latest_release: for<'a, 'b> fn(Server<'a>, &mut Wire<'b>) -> bool,
}

impl Player for Http {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        match step.name.as_str() {
            "response" => response(step),
            "uri" => parse_uri(step),
            "urlencode" => encode(step),
            "start_chunk_post" | "get_latest_ota_payload_url" | "get_ota_payload" => self.request(step),
            "build_url" | "build_latest_ota_url" | "build_chunk_post_url" => self.url(step),
            _ => step.unknown(),
        }
    }
}

impl Http {
    fn request(&self, step: &Step) -> Result<Object, String> {
        let mut wire = Wire { step, calls: Vec::new() };
        let project_key = step.optional_bytes("config.api_key");
        let chunks = Server { host: self.host(step, "chunks_host"), project_key };
        let device = Server { host: self.host(step, "device_host"), project_key };
        let ret = match step.name.as_str() {
            "start_chunk_post" => {
                let len = step.number("content_length")?;
                request::chunk_post(chunks, identity(step)[0], len, |piece| wire.send(piece))
            }
            "get_ota_payload" => request::payload(step.bytes("url")?, |piece| wire.send(piece)),
            _ => (self.latest_release)(device, &mut wire),
        };
        Ok(object(json!({"ret": ret, "calls": wire.calls})))
    }

    fn url(&self, step: &Step) -> Result<Object, String> {
        let scheme = if step.flag("config.disable_tls")? { Scheme::Http } else { Scheme::Https };
        let chunks = Site { scheme, host: self.host(step, "chunks_host") };
        let device = Site { scheme, host: self.host(step, "device_host") };
        let serial = identity(step)[0].ok_or("no serial")?;
        let mut buf = vec![0x5A; step.number("buf_len").unwrap_or(128)];
        let ret = match step.name.as_str() {
            "build_url" => url::device(&mut buf, chunks, step.bytes("subpath")?, serial) < buf.len(),
            "build_chunk_post_url" => url::device(&mut buf, chunks, b"chunks", serial) < buf.len(),
            _ => url::latest_release(&mut buf, device, identity(step)).is_ok(),
        };
        if !ret {
            return Ok(object(json!({"ret": false})));
        }
        Ok(object(json!({"ret": true, "out": to_text(until_nul(&buf)?)})))
    }

    fn host<'a>(&'a self, step: &'a Step, which: &str) -> &'a [u8] {
        let default = if which == "chunks_host" { &self.chunks_host } else { &self.device_host };
        step.optional_bytes(&format!("config.{which}")).unwrap_or(default.as_bytes())
    }
}

/// Takes the pieces of a request.
struct Wire<'a> {
    step: &'a Step,
    calls: Vec<Value>,
}

impl<'a> LatestRelease<'a> for Wire<'a> {
    fn send(&mut self, piece: &[u8]) -> bool {
        let taken = self.step.number("fail_at_piece") != Ok(self.calls.len() + 1);
        self.calls.push(json!(["send", to_text(piece), taken]));
        taken
    }

    fn identity(&mut self) -> Identity<'a> {
        identity(self.step)
    }

    fn refused(&mut self, _: usize) {}
}

/// From the configuration if it has one, in the order of the vectors, else from the platform.
fn identity(step: &Step) -> Identity<'_> {
    let own = step.count("config.get_device_info_override") > 0;
    let names = if own {
        [0, 3, 1, 2].map(|index| format!("config.get_device_info_override.{index}"))
    } else {
        ["serial", "hardware_version", "software_type", "software_version"].map(str::to_owned)
    };
    names.map(|name| step.optional_bytes(&name))
}

fn response(step: &Step) -> Result<Object, String> {
    let (mut response, mut line) = (Response::default(), [0; LINE_LEN]);
    let extent = if step.flag("header_only")? { Extent::Head } else { Extent::Response };
    let (mut end, mut calls, mut rest) = (None, Vec::new(), step.bytes("input")?);
    for index in 0..step.count("pieces") {
        if end.is_some() {
            break;
        }
        let len: usize = step.number(&format!("pieces.{index}"))?;
        let (piece, behind) = rest.split_at_checked(len).ok_or("the pieces are longer than the input")?;
        rest = behind;
        let read = response.read(&mut line, piece, extent);
        end = read.end;
        calls.push(json!([len, end.is_some(), read.processed]));
    }
    let error = match end {
        Some(End::Error(Error::StatusLine)) => 1,
        Some(End::Error(Error::Header)) => 2,
        Some(End::Error(Error::TooLong)) => 3,
        _ => 0,
    };
    let body = if end == Some(End::Body) { Some(to_hex(until_nul(&line)?)) } else { None };
    Ok(object(json!({"calls": calls, "done": end.is_some(), "parse_error": error, "status": response.status_code,
        "content_length": response.content_length, "body": body})))
}

fn parse_uri(step: &Step) -> Result<Object, String> {
    let text = step.bytes("uri")?;
    let Some(uri) = uri::parse(text) else { return Ok(object(json!({"ret": false}))) };
    let offset = |part: &[u8]| part.as_ptr() as usize - text.as_ptr() as usize;
    Ok(object(json!({
        "ret": true,
        "scheme": match uri.scheme { Scheme::Http => 1, Scheme::Https => 2 },
        "host_offset": offset(uri.host),
        "host_len": uri.host.len(),
        "port": uri.port,
        "path_offset": uri.path.map(offset),
        "path_len": uri.path.map_or(0, <[u8]>::len),
    })))
}

fn encode(step: &Step) -> Result<Object, String> {
    let text = step.bytes("in")?;
    let mut out = vec![0x5A; step.number("out_len")?];
    let mut results = json!({"ret": -1, "needs_escape": urlencode::needs_escape(text)});
    if let Some(len) = urlencode::encode(text, &mut out) {
        let encoded = until_nul(&out)?;
        results["ret"] = if encoded.len() == len { 0.into() } else { json!("the terminator is elsewhere") };
        results["out"] = to_text(encoded).into();
    }
    Ok(object(results))
}

fn until_nul(buf: &[u8]) -> Result<&[u8], String> {
    buf.split(|byte| *byte == 0).next().filter(|text| text.len() < buf.len()).ok_or("no terminator".into())
}
