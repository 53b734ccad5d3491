//! Requests, sent piece by piece (spec 70 chapter 4). Number and sizes of the pieces are as in the reference: firmware with small
//! buffers relies on them.
//!
//! `send` gets one piece per call; false ends the request. All functions return false if the request did not go out whole.

use super::text::Text;
use super::{Identity, PARAMETERS, uri, urlencode};
use crate::util::decimal;

/// End of a line, and with nothing in front of it the end of a request's head.
const LINE_END: &[u8] = b"\r\n";
const VERSION: &[u8] = b" HTTP/1.1\r\n";
/// The SDK whose interface this is, `MEMFAULT_SDK_VERSION_STR`.
const USER_AGENT: &[u8] = b"User-Agent:MemfaultSDK/1.43.0\r\n";

/// Buffer of the request line of an upload, terminator included. It limits the serial to 68 characters.
const REQUEST_LINE_LEN: usize = 100;

/// Whom a request is for.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Name or address. The `Host` header never has a port.
    pub host: &'a [u8],
    /// Without a key there is no request.
    pub project_key: Option<&'a [u8]>,
}

/// Sends the head of a chunk upload; `body_len` bytes of body have to follow.
///
/// False without a piece if there is no key or no serial, or if that has more than 68 characters. Lengths above 2147483647 wrap, as
/// the reference prints an `int`.
pub fn chunk_post(server: Server, serial: Option<&[u8]>, body_len: usize, mut send: impl FnMut(&[u8]) -> bool) -> bool {
    let (Some(key), Some(serial)) = (server.project_key, serial) else { return false };
    let mut buf = [0; REQUEST_LINE_LEN];
    let mut line = Text::new(&mut buf);
    line.push(b"POST /api/v0/chunks/");
    line.push(serial);
    line.push(VERSION);
    if !line.fits()
        || !line.as_bytes().is_some_and(&mut send)
        || !send_server(server.host, &mut send)
        || !send_key(key, &mut send)
        || !send(b"Content-Type:application/octet-stream\r\n")
    {
        return false;
    }
    let mut length = Text::new(&mut buf);
    length.push(b"Content-Length:");
    length.push(decimal::format(body_len as i32, &mut [0; decimal::MAX_LEN]));
    length.push(LINE_END);
    length.as_bytes().is_some_and(&mut send) && send(LINE_END)
}

/// What goes wrong while the question for the latest release is sent, beside `send`.
pub trait LatestRelease<'a> {
    /// Sends a piece.
    fn send(&mut self, piece: &[u8]) -> bool;
    /// Called once, after the first piece.
    fn identity(&mut self) -> Identity<'a>;
    /// The value at this index of the identity is missing, empty, or too long when encoded.
    fn refused(&mut self, index: usize);
}

/// Sends the question for the latest release. `MAX_LEN` are the bytes of an encoded value and its terminator.
///
/// A value that cannot be sent ends the request after some of its pieces.
pub fn latest_release<'a, const MAX_LEN: usize>(server: Server, to: &mut impl LatestRelease<'a>) -> bool {
    let Some(key) = server.project_key else { return false };
    if !to.send(b"GET /api/v0/releases/latest/url?") {
        return false;
    }
    let values = to.identity();
    for (index, (name, value)) in PARAMETERS.iter().zip(values).enumerate() {
        let mut buf = [0; MAX_LEN];
        let encoded = value.and_then(|value| {
            let len = urlencode::encode(value, &mut buf)?;
            buf.get(..len)
        });
        let Some(encoded) = encoded else {
            to.refused(index);
            return false;
        };
        // The first parameter has an `&` too.
        if ![b"&", *name, b"=", encoded].iter().all(|piece| to.send(piece)) {
            return false;
        }
    }
    let mut send = |piece: &[u8]| to.send(piece);
    send(VERSION) && send_server(server.host, &mut send) && send_key(key, &mut send) && send(LINE_END)
}

/// Sends the request for the file at `url`. False without a piece if that is no URL.
pub fn payload(url: &[u8], mut send: impl FnMut(&[u8]) -> bool) -> bool {
    let Some(uri) = uri::parse(url) else { return false };
    send(b"GET ")
        && send(uri.path.unwrap_or(b"/"))
        && send(VERSION)
        && send_server(uri.host, &mut send)
        && send(LINE_END)
}

fn send_server(host: &[u8], send: &mut impl FnMut(&[u8]) -> bool) -> bool {
    send(b"Host:") && send(host) && send(LINE_END) && send(USER_AGENT)
}

fn send_key(key: &[u8], send: &mut impl FnMut(&[u8]) -> bool) -> bool {
    send(b"Memfault-Project-Key:") && send(key) && send(LINE_END)
}

#[cfg(test)]
mod tests;
