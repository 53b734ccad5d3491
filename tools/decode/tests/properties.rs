//! Properties of the decoder under any input. Seeded: a failure names its seed, and the same seed fails again.
//!
//! A CRC of 16 bits accepts one wrong message in 65536. Where damage is random, a wrong message may therefore come out; the
//! tests do not look away but demand the proof that it really is such a collision, and that there are no more of them than
//! chance explains.

mod support;

use memfault_decode::chunk::{CutBy, Origin, Reassembler};
use memfault_decode::tokens::Scanner;
use memfault_decode::{Decoder, Options, Position, event, rle};
use std::collections::{HashMap, HashSet};
use support::sender::{Random, chunks, crc16, rle as encode_rle};
use support::{Collected, decode_chunks};

/// Types whose payload comes out as it is: MAR, and an unknown one.
const OPAQUE: [u8; 2] = [5, 63];
const KEY: &[u8] = b"AbCdEfGh0123456789AbCdEfGh012345\0";

/// One message of a device: its wire bytes, and the payload that the decoder must give.
struct Sent {
    wire: Vec<u8>,
    payload: Vec<u8>,
    chunks: Vec<Vec<u8>>,
}

fn message(random: &mut Random) -> Sent {
    let len = match random.below(10) {
        0 => random.below(3),
        1..=7 => random.below(200),
        _ => random.below(3000),
    };
    let payload = random.bytes(len);
    let rle = !payload.is_empty() && random.one_in(2);
    let keyed = random.one_in(4);
    let mut wire = vec![OPAQUE[random.below(2)] | if rle { 0x80 } else { 0 } | if keyed { 0x40 } else { 0 }];
    if keyed {
        wire.extend(KEY);
    }
    wire.extend(if rle { encode_rle(&payload) } else { payload.clone() });
    // One fixed buffer, or another one for each chunk.
    let fixed = 9 + random.below(120);
    let varies = random.one_in(3);
    let mut chunks = chunks(&wire, || if varies { 9 + random.below(60) } else { fixed });
    if random.one_in(3) && chunks.len() > 1 && !varies {
        // A transport with fixed packets: every chunk fills the buffer.
        for chunk in &mut chunks {
            chunk.resize(fixed, 0xba);
        }
    }
    Sent { wire, payload, chunks }
}

#[test]
fn interleaved_devices_lose_nothing() {
    for seed in 0..60 {
        let mut random = Random(seed);
        let mut queues: Vec<Vec<Sent>> = (0..1 + random.below(6)).map(|_| Vec::new()).collect();
        for queue in &mut queues {
            *queue = (0..1 + random.below(12)).map(|_| message(&mut random)).collect();
        }
        let mut decoder = Decoder::new(Options::default());
        let mut out = Collected::default();
        let ids: Vec<_> = (0..queues.len()).map(|index| decoder.device(&format!("d{index}"), true)).collect();
        let mut streams: Vec<_> = queues.iter().map(|queue| queue.iter().flat_map(|sent| &sent.chunks)).collect();
        let mut open: Vec<usize> = (0..queues.len()).collect();
        while !open.is_empty() {
            let pick = random.below(open.len());
            match streams[open[pick]].next() {
                Some(chunk) => decoder.chunk(ids[open[pick]], chunk, Position::default(), None, &mut out),
                None => drop(open.swap_remove(pick)),
            }
        }
        for (index, queue) in queues.iter().enumerate() {
            let of_device = out.messages.iter().filter(|message| *message.record.device == format!("d{index}"));
            let got: Vec<_> =
                of_device.map(|message| (message.record.size, message.attachments[0].bytes.clone())).collect();
            let wanted: Vec<_> = queue.iter().map(|sent| (sent.wire.len(), sent.payload.clone())).collect();
            assert!(got == wanted, "seed {seed}, device {index}");
        }
        // The sources are opaque, so nothing else may be said.
        assert!(out.codes().iter().all(|&code| code == "unknown_type"), "seed {seed}: {:?}", out.codes());
    }
}

/// What happens to the chunks of a message on the way.
#[derive(Debug, Clone, Copy)]
enum Damage {
    None,
    Lose,
    Repeat,
    Swap,
    CutOff,
    Stray,
}

#[test]
fn loss_repetition_and_disorder_never_make_a_wrong_message() {
    let (mut intact, mut damaged, mut collisions) = (0, 0, 0);
    for seed in 1000..1400 {
        let mut random = Random(seed);
        let mut delivered = Vec::new();
        let mut wanted = Vec::new();
        let mut crcs = HashSet::new();
        let mut earlier: Vec<Vec<u8>> = Vec::new();
        let mut whole_before = true;
        for _ in 0..20 {
            let sent = message(&mut random);
            crcs.insert(crc16(&sent.wire));
            let damage = [Damage::None, Damage::Lose, Damage::Repeat, Damage::Swap, Damage::CutOff, Damage::Stray]
                [random.below(6)];
            let mut chunks = sent.chunks.clone();
            let at = random.below(chunks.len());
            let mut copies = 1;
            match damage {
                Damage::None => {}
                Damage::Lose => {
                    chunks.remove(at);
                    copies = 0;
                }
                Damage::Repeat => {
                    chunks.insert(at, chunks[at].clone());
                    // A single chunk is a message of its own: the decoder has to give both.
                    copies = if sent.chunks.len() == 1 { 2 } else { 1 };
                }
                Damage::Swap if chunks.len() > 1 => {
                    let at = random.below(chunks.len() - 1);
                    chunks.swap(at, at + 1);
                    copies = 0;
                }
                Damage::Swap => {}
                Damage::CutOff => {
                    // Padding may be cut: take enough to reach behind it.
                    let keep = unpadded_len(&sent, at).saturating_sub(1 + random.below(4));
                    chunks[at].truncate(keep);
                    copies = 0;
                }
                Damage::Stray => {
                    // A continuation from an older message between two messages (not behind one that waits for its rest: that
                    // chunk could rightly complete it).
                    let old = earlier.get(random.below(earlier.len().max(1)));
                    delivered.extend(old.filter(|_| whole_before).cloned());
                }
            }
            whole_before = copies > 0;
            if copies == 0 {
                damaged += 1
            } else {
                intact += 1
            }
            wanted.extend(std::iter::repeat_n(sent.payload.clone(), copies));
            earlier.extend(sent.chunks.iter().filter(|chunk| chunk[0] & 0x80 != 0).cloned());
            delivered.extend(chunks);
        }
        let out = decode_chunks("d", &delivered);
        let mut expected = wanted.iter().peekable();
        for message in &out.messages {
            let payload = &message.attachments[0].bytes;
            if expected.next_if(|wanted| *wanted == payload).is_some() {
                continue;
            }
            assert!(
                is_collision(message, &crcs),
                "seed {seed}: a message that was never sent, and its CRC is not one that was sent"
            );
            collisions += 1;
        }
        assert_eq!(expected.next(), None, "seed {seed}: a message that arrived whole was not decoded");
    }
    assert!(intact > 3000 && damaged > 2000, "{intact} {damaged}: the test has to do something");
    assert!(
        collisions <= 1 + damaged / 4096,
        "{collisions} collisions in {damaged} damaged messages are more than chance"
    );
}

/// Length of a chunk without padding, from what the message has left.
fn unpadded_len(sent: &Sent, at: usize) -> usize {
    let padding = sent.chunks[at].iter().rev().take_while(|&&byte| byte == 0xba).count();
    // Real data may end with 0xba too; then fewer bytes are kept than needed, which is just more damage.
    sent.chunks[at].len() - if sent.chunks.len() > 1 { padding } else { 0 }
}

/// Whether the bytes of this message have a CRC that the device really sent (for another message).
fn is_collision(message: &memfault_decode::Decoded, crcs: &HashSet<u16>) -> bool {
    let record = &message.record;
    let mut wire =
        vec![record.type_id | if record.rle { 0x80 } else { 0 } | if record.project_key.is_some() { 0x40 } else { 0 }];
    if record.project_key.is_some() {
        wire.extend(KEY);
    }
    let payload = &message.attachments[0].bytes;
    wire.extend(if record.rle { encode_rle(payload) } else { payload.clone() });
    crcs.contains(&crc16(&wire))
}

#[test]
fn one_to_three_flipped_bits_in_the_message_are_always_found() {
    // The polynomial has x + 1 as a factor and order 32767: every 1, 2 and 3 bit error in up to 4095 bytes is found, so there
    // are no collisions to excuse here.
    for seed in 2000..2300 {
        let mut random = Random(seed);
        let sent = loop {
            let sent = message(&mut random);
            if sent.wire.len() < 4000 {
                break sent;
            }
        };
        let mut wire = [sent.wire.clone(), crc16(&sent.wire).to_le_bytes().to_vec()].concat();
        let mut flipped = HashSet::new();
        while flipped.len() < 1 + seed as usize % 3 {
            flipped.insert(random.below(wire.len() * 8));
        }
        for bit in &flipped {
            wire[bit / 8] ^= 1 << (bit % 8);
        }
        let chunk = [&[0x08][..], &wire].concat();
        let out = decode_chunks("d", &[chunk]);
        assert_eq!((out.messages.len(), out.codes()), (0, vec!["crc"]), "seed {seed}");
    }
}

#[test]
fn flips_anywhere_never_give_a_message_with_a_wrong_crc() {
    let (mut wrong, mut right) = (0u32, 0u32);
    for seed in 3000..3400 {
        let mut random = Random(seed);
        let mut reassembler = Reassembler::new(1 << 20, random.one_in(2));
        let sent: Vec<Sent> = (0..20).map(|_| message(&mut random)).collect();
        let known: HashSet<&[u8]> = sent.iter().map(|sent| sent.wire.as_slice()).collect();
        let mut notes = Vec::new();
        for chunk in sent.iter().flat_map(|sent| &sent.chunks) {
            let mut chunk = chunk.clone();
            for _ in 0..random.below(3) {
                // Half of the flips hit header, length or offset.
                let at = if random.one_in(2) { random.below(chunk.len().min(3)) } else { random.below(chunk.len()) };
                chunk[at] ^= 1 << random.below(8);
            }
            if random.one_in(20) {
                chunk.truncate(random.below(chunk.len() + 1));
            }
            if let Some(got) = reassembler.push(&chunk, Origin::default(), &mut notes) {
                assert_eq!(crc16(got.bytes), got.crc, "seed {seed}");
                if known.contains(got.bytes) { right += 1 } else { wrong += 1 }
            }
        }
        reassembler.abandon(CutBy::EndOfInput, &mut notes);
        assert!(notes.iter().all(|note| !note.text().is_empty()));
    }
    assert!(right > 500, "{right}");
    assert!(wrong <= 3, "{wrong} wrong messages in some 8000 are more than a CRC of 16 bits explains");
}

#[test]
fn garbage_never_panics() {
    for seed in 4000..4400 {
        let mut random = Random(seed);
        let chunks: Vec<Vec<u8>> = (0..50)
            .map(|_| {
                let len = random.below(60);
                let mut chunk = random.bytes(len);
                if let Some(first) = chunk.first_mut().filter(|_| !random.one_in(4)) {
                    *first = [0x08, 0x48, 0xc0, 0x80][random.below(4)];
                }
                // Sometimes with the CRC that lets it through to the next layer.
                if random.one_in(2) && chunk.first() == Some(&0x08) {
                    let crc = crc16(&chunk[1..]);
                    chunk.extend(crc.to_le_bytes());
                }
                chunk
            })
            .collect();
        let out = decode_chunks("d", &chunks);
        for message in &out.messages {
            serde_json::to_string(&message.record).unwrap();
        }
    }
}

#[test]
fn garbage_payloads_decode_or_are_refused() {
    for seed in 5000..6500 {
        let mut random = Random(seed);
        let len = random.below(300);
        let mut payload = random.bytes(len);
        // Most random bytes are not even a map.
        if random.one_in(2) && !payload.is_empty() {
            payload[0] = 0xa0 + random.below(24) as u8;
        }
        serde_json::to_string(&event::decode(&payload).events).unwrap();
        let limit = random.below(5000);
        if let Ok(decoded) = rle::decode(&payload, limit) {
            assert!(decoded.len() <= limit, "seed {seed}");
        }
        let dump = [&b"CORE\x02\0\0\0"[..], &(len as u32 + 12).to_le_bytes(), &payload].concat();
        let _ = memfault_decode::coredump::describe(&dump);
    }
}

#[test]
fn rle_round_trip() {
    for seed in 7000..8000 {
        let mut random = Random(seed);
        let len = random.below(2000);
        let data = random.bytes(len);
        let encoded = encode_rle(&data);
        assert_eq!(rle::decode(&encoded, data.len()).as_deref(), Ok(data.as_slice()), "seed {seed}");
        if !data.is_empty() {
            assert!(rle::decode(&encoded, data.len() - 1).is_err(), "seed {seed}");
            // Cut anywhere: what still decodes is a beginning of the data.
            let cut = random.below(encoded.len());
            if let Ok(part) = rle::decode(&encoded[..cut], data.len()) {
                assert!(data.starts_with(&part), "seed {seed}");
            }
        }
    }
}

#[test]
fn text_in_any_pieces_gives_the_same() {
    for seed in 9000..9200 {
        let mut random = Random(seed);
        let mut text = Vec::new();
        let mut sent = HashMap::new();
        for number in 0..30 {
            match random.below(5) {
                0 => text.extend(b"[I] app: M MC MC: is no chunk\r\n"),
                1 => {
                    let len = random.below(80);
                    text.extend(random.bytes(len));
                }
                _ => {
                    use base64::Engine as _;
                    let len = 1 + random.below(90);
                    let chunk = random.bytes(len);
                    let token = format!("MC:{}:", base64::engine::general_purpose::STANDARD.encode(&chunk));
                    let colour: &[u8] = if random.one_in(3) { b"\x1b[33m" } else { b"" };
                    text.extend([colour, token.as_bytes(), colour, b"\r\n"].concat());
                    sent.insert(number, chunk);
                }
            }
        }
        let scan = |random: &mut Random, most: usize| {
            let mut scanner = Scanner::new(0, true);
            let mut all = Vec::new();
            let mut found =
                |found: memfault_decode::tokens::Found<'_>, at: Position| all.push(format!("{at:?} {found:?}"));
            let mut rest = text.as_slice();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at((1 + random.below(most)).min(rest.len()));
                scanner.push(piece, &mut found);
                rest = after;
            }
            scanner.finish(&mut found);
            all
        };
        let whole = scan(&mut random, usize::MAX);
        for most in [1, 3, 40, 300] {
            assert!(scan(&mut random, most) == whole, "seed {seed}, pieces of up to {most} bytes");
        }
    }
}
