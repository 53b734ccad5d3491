//! Runs the real program as a user does.
#![allow(dead_code, reason = "each test uses its part")]

pub mod device;
pub mod firmware;

use serde_json::Value as Json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The objects on stdout.
    pub fn json(&self) -> Vec<Json> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The lines on stderr without hints.
    pub fn problems(&self) -> Vec<&str> {
        self.stderr.lines().filter(|line| !line.starts_with("  hint:") && !line.starts_with("mflt: ")).collect()
    }
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mflt"));
    command.arg("decode").args(arguments);
    command
}

/// Runs `mflt elf` with these arguments.
pub fn elf(arguments: &[&str]) -> Run {
    mflt("elf", arguments)
}

/// Runs a command of `mflt` with these arguments.
pub fn mflt(command: &str, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_mflt")).arg(command).args(arguments).output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `mflt decode` with these arguments and this standard input.
pub fn decode(arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = stdin.to_vec();
    // The program may not read all of it.
    let writer = std::thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Path of a file of the test data.
pub fn data(name: &str) -> String {
    format!("{}/../../tests/data/host/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A directory of this test's own, removed at the end.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mflt-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> String {
        Path::new(&self.0).join(name).display().to_string()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The published test chunks: the whole message, and the same in two parts.
pub struct Published {
    pub single: Vec<u8>,
    pub first: Vec<u8>,
    pub second: Vec<u8>,
}

pub fn published() -> Published {
    let file: Json = serde_json::from_slice(&std::fs::read(data("published-test-chunks.json")).unwrap()).unwrap();
    let chunk = |index: usize| bytes(file["published_chunks"][index]["hex"].as_str().unwrap());
    Published { single: chunk(0), first: chunk(1), second: chunk(2) }
}

pub fn token(chunk: &[u8]) -> String {
    use base64::Engine as _;
    format!("MC:{}:", base64::engine::general_purpose::STANDARD.encode(chunk))
}

/// A token with a single-chunk message around the CBOR of an event.
pub fn event_token(event: &[u8]) -> String {
    let message = [&[2][..], event].concat();
    let crc = memfault_decode::crc::crc16(&message);
    token(&[&[0x08][..], &message, &crc.to_le_bytes()].concat())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

pub fn container(chunks: &[&[u8]]) -> Vec<u8> {
    chunks.iter().flat_map(|chunk| [&b"CHNK"[..], &(chunk.len() as u32).to_be_bytes(), chunk].concat()).collect()
}
