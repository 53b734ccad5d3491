//! The module `http`: responses, URLs and identities as they should be, and as nobody should send them.

use crate::random::{Random, StepBuilder, step};
use golden::step::Step;

/// Calls that have nothing to do with each other.
pub fn calls(random: &mut Random) -> Vec<Step> {
    (0..16).map(|_| call(random).build()).collect()
}

fn call(random: &mut Random) -> StepBuilder {
    match random.below(8) {
        0..=3 => response(random),
        4 => step("uri").bytes("uri", uri(random)),
        5 => urlencode(random),
        6 => request(random),
        _ => url(random),
    }
}

/// Any bytes but NUL.
fn wild(random: &mut Random, len: usize) -> Vec<u8> {
    (0..len).map(|_| random.between(1, 255) as u8).collect()
}

fn pick<'a>(random: &mut Random, choices: &[&'a str]) -> &'a [u8] {
    random.pick(choices).as_bytes()
}

// --- responses ---

fn response(random: &mut Random) -> StepBuilder {
    let body_len = random.pick(&[0, 0, 1, 2, 5, 126, 127, 128, 129, 300]);
    let mut input = status_line(random);
    input.extend(line_end(random));
    for _ in 0..random.below(5) {
        input.extend(header(random, body_len));
        input.extend(line_end(random));
    }
    input.extend(line_end(random));
    let behind = random.pick(&[0, 0, 0, 1, 5, 40]);
    input.extend(random.bytes(body_len + behind));
    if random.one_in(5) {
        input.truncate(random.below(input.len() + 1));
    }
    let pieces = pieces(random, input.len());
    step("response").flag("header_only", random.one_in(3)).bytes("input", input).sizes("pieces", &pieces)
}

fn line_end(random: &mut Random) -> &'static [u8] {
    if random.one_in(40) { pick(random, &["\n", "\r", "\n\r", "\r\r\n"]) } else { b"\r\n" }
}

fn status_line(random: &mut Random) -> Vec<u8> {
    let mut line = match random.below(6) {
        0 => pick(
            random,
            &[
                "",
                "http/1.1 200 OK",
                "HTTP/2 200 OK",
                "HTTP/1.1200 OK",
                "HTTP/1.x 200 OK",
                "HTTP/1.1\t200 OK",
                "HTTP/1.",
                "HTTP/1.1 ",
                "HTTP/1.1 +20 OK",
                "HTTP/1.1 200",
                "HTTP/1.1 20x OK",
                "HTTP/1.11 200 OK",
                "HTTP/1.1 2147483641 x",
            ],
        )
        .to_vec(),
        1 => format!("HTTP/1.{} {} x", random.below(10), random.number()).into_bytes(),
        _ => {
            pick(random, &["HTTP/1.1 200 OK", "HTTP/1.0   404 Nope", "HTTP/1.1 204 ", "HTTP/1.1 202 Accepted"]).to_vec()
        }
    };
    if random.one_in(6) {
        line.resize(random.between(line.len().min(120), 135), b'r');
    }
    line
}

fn header(random: &mut Random, body_len: usize) -> Vec<u8> {
    match random.below(4) {
        0 | 1 => {
            let right = body_len.to_string();
            let names = ["Content-Length", "content-length", "CONTENT-length", "Content-Length-Hint", "Content-Lengt"];
            let values = [
                "",
                "-4",
                "4zz",
                "4 zz",
                "\t4",
                "007",
                "2147483640",
                "2147483641",
                "2147483559",
                "2147483569",
                "4294967296",
                "99999999999999999999",
                "5,6",
            ];
            let name = if random.one_in(4) { random.pick(&names) } else { random.pick(&names[..3]) };
            let value = if random.one_in(3) { random.pick(&values) } else { &right };
            let colon = if random.one_in(12) { random.pick(&["", "=", "::"]) } else { ":" };
            let [before, behind, last] = [(); 3].map(|()| random.pick(&["", " ", "   "]));
            format!("{name}{before}{colon}{behind}{value}{last}").into_bytes()
        }
        // Around the size of the line buffer, with line ends in it that are none.
        2 => {
            let len = random.between(118, 135) + if random.one_in(3) { random.below(200) } else { 0 };
            let mut line = vec![b'h'; len];
            if random.one_in(3) {
                let at = random.below(len);
                line[at] = random.pick(b"\r\n");
            }
            line
        }
        _ => {
            let len = random.below(30);
            [b"X-Any: ".to_vec(), wild(random, len)].concat()
        }
    }
}

fn pieces(random: &mut Random, len: usize) -> Vec<usize> {
    let (mut pieces, mut left) = (Vec::new(), len);
    let longest = random.pick(&[1, 2, 7, 33, 129, 1000]);
    while left > 0 {
        let piece = random.below(longest + 1).min(left);
        pieces.push(piece);
        left -= piece;
    }
    pieces.push(0);
    pieces
}

// --- URLs ---

fn uri(random: &mut Random) -> Vec<u8> {
    let scheme = if random.one_in(4) {
        pick(random, &["HTTPS://", "hTtP://", "http:/", "https:", "ftp://", "http//", ""])
    } else {
        pick(random, &["https://", "http://"])
    };
    let authority = if random.one_in(2) {
        let len = random.below(12);
        (0..len).map(|_| random.pick(b"ab1@:[]?#. %0")).collect()
    } else {
        let known = [
            "h",
            "u:p@h",
            "[::1]",
            "[fe80::1]:444",
            "h:",
            "h:80 90",
            "h:2147483640",
            "h:2147483641",
            "@",
            "a@",
            "@h",
            ":80",
            "[]",
            "[",
            "]:1",
            "[:1]",
            "a@[b]:7",
            "[a]b:5",
            "h: 80",
            "h:99999",
        ];
        pick(random, &known).to_vec()
    };
    let path = pick(random, &["", "/", "/a?b#c", "/a@b:c", "//", "/%20/"]);
    let mut uri = [scheme, &authority, path].concat();
    if random.one_in(10) {
        uri.truncate(random.below(uri.len() + 1));
    }
    uri
}

fn urlencode(random: &mut Random) -> StepBuilder {
    let len = random.pick(&[0, 1, 2, 5, 20]);
    let text: Vec<u8> = (0..len).map(|_| if random.one_in(2) { b'~' } else { random.word() as u8 }).collect();
    let room = random.below(3 * len + 3);
    step("urlencode").bytes("in", text).size("out_len", room)
}

// --- requests and URLs of a device ---

fn request(random: &mut Random) -> StepBuilder {
    let build = match random.below(3) {
        0 => {
            let lengths = [0, 9, 10, 2_147_483_647, 2_147_483_648, 3_000_000_000, 4_294_967_295];
            let length: u32 = random.pick(&lengths);
            step("start_chunk_post").number("content_length", length)
        }
        1 => step("get_latest_ota_payload_url"),
        _ => step("get_ota_payload").bytes("url", uri(random)),
    };
    let build = if random.one_in(3) { build.size("fail_at_piece", random.between(1, 28)) } else { build };
    device(random, build)
}

fn url(random: &mut Random) -> StepBuilder {
    let build = match random.below(3) {
        0 => {
            let len = random.pick(&[0, 1, 6, 60, 110]);
            step("build_url").bytes("subpath", random.text(len))
        }
        1 => step("build_chunk_post_url").size("buf_len", random.below(140)),
        _ => step("build_latest_ota_url").size("buf_len", random.below(320)),
    };
    device(random, build)
}

/// An identity and a configuration.
fn device(random: &mut Random, build: StepBuilder) -> StepBuilder {
    let mut texts = || -> Vec<Vec<u8>> {
        let lengths = [0, 1, 5, 11, 15, 16, 46, 47, 48, 63, 64, 67, 68, 69, 100];
        let mut text = || {
            let len = if random.one_in(3) { random.pick(&lengths) } else { random.between(1, 14) };
            if random.one_in(2) { vec![b'a'; len] } else { random.text(len) }
        };
        (0..4).map(|_| text()).collect()
    };
    let (platform, own) = (texts(), texts());
    let keys = ["serial", "software_type", "software_version", "hardware_version"];
    let build = build.null("build_id");
    let mut build = keys.iter().zip(platform).fold(build, |build, (key, text)| build.bytes(key, text));
    build = build
        .flag("config.disable_tls", random.one_in(2))
        .bytes("config.api_key", random.pick(&["", "k3y"]).as_bytes());
    for key in ["config.chunks_host", "config.device_host"] {
        if random.one_in(2) {
            build = build.bytes(key, pick(random, &["h", "chunks.example.org"]));
        }
    }
    if random.one_in(4) { build.list("config.get_device_info_override", &own) } else { build }
}
