//! Spec 70 chapters 2 and 4 to 7. A response is looked at as a whole; what each piece of it gives follows from where it ends.

use golden::rust_api::{Player, object};
use golden::step::Step;
use golden::vectors::{Group, Object, Setting, to_hex, to_text};
use serde_json::{Value, json};

const PARAMETERS: [&str; 4] = ["device_serial", "hardware_version", "software_type", "current_version"];
const USER_AGENT: &str = "User-Agent:MemfaultSDK/1.43.0\r\n";

/// The module `http`.
pub struct Http {
    chunks_host: String,
    device_host: String,
    encoded_max: usize,
}

impl Http {
    pub fn new(group: &Group) -> Self {
        let host = |option: &str, default: &str| match group.option(option) {
            Some(Setting::Text(host)) => host.clone(),
            _ => default.into(),
        };
        Self {
            chunks_host: host("MEMFAULT_HTTP_CHUNKS_API_HOST", "chunks.memfault.com"),
            device_host: host("MEMFAULT_HTTP_DEVICE_API_HOST", "device.memfault.com"),
            encoded_max: group.number("MEMFAULT_DEVICE_INFO_URL_ENCODED_MAX_LEN", 48) as usize,
        }
    }

    /// The text of `config.key`, or what stands in for it.
    fn host(&self, step: &Step, key: &str) -> String {
        let default = if key == "chunks_host" { &self.chunks_host } else { &self.device_host };
        step.optional_bytes(&format!("config.{key}")).map_or(default.clone(), to_text)
    }
}

impl Player for Http {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        Ok(object(match step.name.as_str() {
            "response" => response(step)?,
            "uri" => match parse_uri(step.bytes("uri")?) {
                Some(uri) => {
                    json!({"ret": true, "scheme": uri.scheme, "host_offset": uri.host.0, "host_len": uri.host.1,
                    "port": uri.port, "path_offset": uri.path.map(|p| p.0), "path_len": uri.path.map_or(0, |p| p.1)})
                }
                None => json!({"ret": false}),
            },
            "urlencode" => {
                let text = step.bytes("in")?;
                let mut results = json!({"ret": -1, "needs_escape": !text.iter().all(unreserved)});
                if let Some(out) = encode(text, step.number("out_len")?) {
                    results["ret"] = 0.into();
                    results["out"] = out.into();
                }
                results
            }
            "start_chunk_post" | "get_latest_ota_payload_url" | "get_ota_payload" => self.request(step)?,
            "build_url" | "build_latest_ota_url" | "build_chunk_post_url" => self.url(step)?,
            _ => return step.unknown(),
        }))
    }
}

// --- responses ---

/// How a response ends: at which byte a call returns true, whether that byte counts as processed, and with which error.
struct End {
    at: usize,
    counted: bool,
    error: u8,
}

#[derive(Default)]
struct Seen {
    status: u32,
    length: u32,
    body: Option<Vec<u8>>,
}

fn response(step: &Step) -> Result<Value, String> {
    let input = step.bytes("input")?;
    let pieces = (0..step.count("pieces"))
        .map(|i| step.number::<usize>(&format!("pieces.{i}")))
        .collect::<Result<Vec<_>, _>>()?;
    let given = &input[..pieces.iter().sum()];
    let mut seen = Seen::default();
    let end = whole_response(given, step.flag("header_only")?, &mut seen);
    let (mut calls, mut at) = (Vec::new(), 0);
    for len in pieces {
        let last = end.as_ref().filter(|end| (at..at + len).contains(&end.at));
        calls.push(match last {
            Some(end) => json!([len, true, end.at - at + usize::from(end.counted)]),
            None => json!([len, false, len]),
        });
        if last.is_some() {
            break;
        }
        at += len;
    }
    Ok(
        json!({"calls": calls, "done": end.is_some(), "parse_error": end.map_or(0, |end| end.error), "status": seen.status,
        "content_length": seen.length, "body": seen.body.map(|body| to_hex(&body))}),
    )
}

/// A line has at most 126 characters. `None`: more data is needed.
fn whole_response(input: &[u8], header_only: bool, seen: &mut Seen) -> Option<End> {
    let line_end = |from: usize| input[from..].windows(2).position(|pair| pair == b"\r\n").map(|len| from + len);
    let first = line_end(0);
    if first.unwrap_or(input.len()) > 126 && input.len() > 128 {
        return Some(End { at: 128, counted: false, error: 3 });
    }
    let first = first?;
    if !status_line(&input[..first], seen) {
        return Some(End { at: first + 1, counted: false, error: 1 });
    }
    let mut from = first + 2;
    loop {
        let to = line_end(from)?;
        let line = &input[from..to.min(from + 126)];
        let blank = line.is_empty();
        if !header(line, seen) {
            return Some(End { at: to + 1, counted: false, error: 2 });
        }
        if blank && seen.length == 0 {
            return Some(End { at: to + 1, counted: false, error: 0 });
        }
        from = to + 2;
        if blank {
            break;
        }
    }
    if header_only {
        return (from < input.len()).then_some(End { at: from, counted: false, error: 0 });
    }
    let body = input.get(from..from + seen.length as usize)?;
    let kept = &body[..body.len().min(127)];
    seen.body = Some(kept.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
    Some(End { at: from + body.len() - 1, counted: true, error: 0 })
}

fn trimmed(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| **byte == b' ').count()..]
}

/// Digits up to a space or the end: how many, and their value.
fn number(text: &[u8]) -> Option<(usize, u32)> {
    let digits = text.split(|byte| *byte == b' ').next().unwrap_or_default();
    let mut value = 0_u64;
    for byte in digits {
        let digit = u64::from(char::from(*byte).to_digit(10)?);
        if value + digit > 214_748_364 {
            return None;
        }
        value = value * 10 + digit;
    }
    Some((digits.len(), value as u32))
}

fn status_line(line: &[u8], seen: &mut Seen) -> bool {
    let Some([version, rest @ ..]) = line.strip_prefix(b"HTTP/1.") else { return false };
    if !version.is_ascii_digit() || !rest.starts_with(b" ") {
        return false;
    }
    let Some((digits, code)) = number(trimmed(rest)) else { return false };
    seen.status = code;
    digits == 3
}

fn header(line: &[u8], seen: &mut Seen) -> bool {
    if line.len() < 14 || !line[..14].eq_ignore_ascii_case(b"content-length") {
        return true;
    }
    let Some(value) = trimmed(&line[14..]).strip_prefix(b":") else { return false };
    let Some((digits, length)) = number(trimmed(value)) else { return false };
    seen.length = length;
    digits > 0
}

// --- URLs ---

/// Offsets and lengths.
struct Uri {
    scheme: u8,
    host: (usize, usize),
    port: u32,
    path: Option<(usize, usize)>,
}

fn parse_uri(uri: &[u8]) -> Option<Uri> {
    let lower = uri.to_ascii_lowercase();
    let (scheme, default_port, start) = match () {
        () if lower.starts_with(b"https://") => (2, 443, 8),
        () if lower.starts_with(b"http://") => (1, 80, 7),
        () => return None,
    };
    let slash = uri[start..].iter().position(|byte| *byte == b'/').map(|at| start + at);
    let end = slash.unwrap_or(uri.len());
    let host = uri[start..end].iter().position(|byte| *byte == b'@').map_or(start, |at| start + at + 1);
    let mut colons_from = host;
    if uri[host..end].starts_with(b"[") {
        colons_from += uri[host..end].iter().position(|byte| *byte == b']')?;
    }
    let colon = (colons_from..end).rev().find(|at| uri[*at] == b':');
    let port = match colon {
        Some(at) => number(&uri[at + 1..end]).filter(|(digits, _)| *digits > 0)?.1,
        None => default_port,
    };
    let host_end = colon.unwrap_or(end);
    (host_end > host).then(|| Uri {
        scheme,
        host: (host, host_end - host),
        port,
        path: slash.map(|at| (at, uri.len() - at)),
    })
}

fn unreserved(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(byte)
}

/// The encoded text if it fits, with a terminator, into `room` bytes.
fn encode(text: &[u8], room: usize) -> Option<String> {
    let one = |byte: &u8| if unreserved(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let out: String = text.iter().map(one).collect();
    (!text.is_empty() && out.len() < room).then_some(out)
}

// --- requests and URLs of this device ---

/// The device as HTTP knows it (serial, hardware version, type, version), and the hook that is asked.
fn identity(step: &Step) -> Result<([Vec<u8>; 4], Value), String> {
    let own = "config.get_device_info_override";
    let (keys, hook) = if step.count(own) > 0 {
        ([0, 3, 1, 2].map(|index| format!("{own}.{index}")), "config_get_device_info")
    } else {
        (["serial", "hardware_version", "software_type", "software_version"].map(str::to_owned), "get_device_info")
    };
    let mut texts = [const { Vec::new() }; 4];
    for (text, key) in texts.iter_mut().zip(&keys) {
        *text = step.bytes(key)?.to_vec();
    }
    Ok((texts, json!([hook])))
}

impl Http {
    fn request(&self, step: &Step) -> Result<Value, String> {
        let fail_at = step.number("fail_at_piece").unwrap_or(usize::MAX);
        let key = to_text(step.bytes("config.api_key")?);
        let (mut calls, mut logs, mut sent) = (Vec::new(), Vec::new(), 0);
        let mut send = |calls: &mut Vec<Value>, pieces: &[&str]| {
            pieces.iter().all(|piece| {
                sent += 1;
                calls.push(json!(["send", piece, sent != fail_at]));
                sent != fail_at
            })
        };
        let ret = match step.name.as_str() {
            "start_chunk_post" => {
                let ([serial, ..], hook) = identity(step)?;
                calls.push(hook);
                let line = format!("POST /api/v0/chunks/{} HTTP/1.1\r\n", to_text(&serial));
                let length = format!("Content-Length:{}\r\n", step.number::<u64>("content_length")? as i32);
                let host = self.host(step, "chunks_host");
                let head = [
                    &line,
                    "Host:",
                    &host,
                    "\r\n",
                    USER_AGENT,
                    "Memfault-Project-Key:",
                    &key,
                    "\r\n",
                    "Content-Type:application/octet-stream\r\n",
                    &length,
                    "\r\n",
                ];
                serial.len() <= 68 && send(&mut calls, &head)
            }
            "get_ota_payload" => {
                let url = step.bytes("url")?;
                parse_uri(url).is_some_and(|uri| {
                    let host = to_text(&url[uri.host.0..uri.host.0 + uri.host.1]);
                    let path = uri.path.map_or("/".into(), |path| to_text(&url[path.0..]));
                    let head = ["GET ", &path, " HTTP/1.1\r\n", "Host:", &host, "\r\n", USER_AGENT, "\r\n"];
                    send(&mut calls, &head)
                })
            }
            _ if !send(&mut calls, &["GET /api/v0/releases/latest/url?"]) => false,
            _ => {
                let (values, hook) = identity(step)?;
                calls.push(hook);
                let [serial, hardware, software, version] = values.each_ref().map(|value| to_text(value));
                logs.push(json!([
                    0,
                    format!(
                        "OTA check w/ device info: serial={serial}, hardware={hardware}, \
                    software_type={software}, software_version={version}"
                    )
                ]));
                let mut whole = true;
                for (name, value) in PARAMETERS.iter().zip(&values) {
                    let Some(encoded) = encode(value, self.encoded_max) else {
                        logs.push(json!([3, format!("Failed to URL encode qparam value: {}", to_text(value))]));
                        whole = false;
                        break;
                    };
                    whole = send(&mut calls, &["&", name, "=", &encoded]);
                    if !whole {
                        break;
                    }
                }
                let host = self.host(step, "device_host");
                let rest = [
                    " HTTP/1.1\r\n",
                    "Host:",
                    &host,
                    "\r\n",
                    USER_AGENT,
                    "Memfault-Project-Key:",
                    &key,
                    "\r\n",
                    "\r\n",
                ];
                whole && send(&mut calls, &rest)
            }
        };
        Ok(json!({"ret": ret, "calls": calls, "logs": logs}))
    }

    fn url(&self, step: &Step) -> Result<Value, String> {
        let room: usize = if step.name == "build_url" { 128 } else { step.number("buf_len")? };
        if room == 0 {
            return Ok(json!({"ret": false}));
        }
        let (values, hook) = identity(step)?;
        let scheme = if step.flag("config.disable_tls")? { "http" } else { "https" };
        let serial = to_text(&values[0]);
        let chunks = format!("{scheme}://{}/api/v0", self.host(step, "chunks_host"));
        let (url, log) = match step.name.as_str() {
            "build_url" => (Some(format!("{chunks}/{}/{serial}", to_text(step.bytes("subpath")?))), None),
            "build_chunk_post_url" => {
                let url = format!("{chunks}/chunks/{serial}");
                let log = format!("Chunk URL buffer too small. Was {room}B but need {}B", url.len());
                let log = (url.len() >= room).then_some(log);
                (Some(url), log)
            }
            _ => {
                let start = format!("{scheme}://{}/api/v0/releases/latest/url", self.host(step, "device_host"));
                question(start, &values, room)
            }
        };
        let url = url.filter(|url| url.len() < room);
        let mut results = json!({"ret": url.is_some(), "calls": [hook]});
        if let Some(url) = url {
            results["out"] = url.into();
        }
        if let Some(log) = log {
            results["logs"] = json!([[3, log]]);
        }
        Ok(results)
    }
}

/// The URL of the question for the latest release. Only a value that does not fit, or is empty, is logged.
fn question(mut url: String, values: &[Vec<u8>; 4], room: usize) -> (Option<String>, Option<String>) {
    for (index, (name, value)) in PARAMETERS.iter().zip(values).enumerate() {
        url += &format!("{}{name}=", if index == 0 { '?' } else { '&' });
        if url.len() >= room {
            return (None, None);
        }
        match encode(value, room - url.len()) {
            Some(encoded) => url += &encoded,
            None => return (None, Some("Failed to URL encode device info param".into())),
        }
    }
    (Some(url), None)
}
