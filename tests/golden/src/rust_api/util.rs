//! `memfault_rs::util`.

use super::{Player, changes, object};
use crate::step::Step;
use crate::vectors::{Object, to_hex, to_text};
use memfault_rs::util::ring_buffer::RingBuffer;
use memfault_rs::util::{base64, cbor, crc16, rle, varint};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Modules without state between steps.
pub struct Stateless;

impl Player for Stateless {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        match step.name.as_str() {
            "crc16" => crc16_step(step),
            "varint" => {
                let encoded = match step.number("u32") {
                    Ok(value) => varint::Varint::new(value),
                    Err(_) => varint::Varint::new_signed(step.number("i32")?),
                };
                Ok(object(json!({"bytes": to_hex(encoded.as_slice())})))
            }
            "base64" => base64_step(step),
            "rle" => rle_step(step),
            _ => step.unknown(),
        }
    }
}

fn crc16_step(step: &Step) -> Result<Object, String> {
    let (init, data) = (step.number("init")?, step.bytes("data")?);
    let mut results = object(json!({"crc": crc16::update(init, data)}));
    let mut parts = Vec::new();
    let (mut crc, mut rest) = (init, data);
    for index in 0..step.count("parts") {
        let len = step.number(&format!("parts.{index}"))?;
        let (part, behind) = rest.split_at_checked(len).ok_or("the parts are longer than the data")?;
        crc = crc16::update(crc, part);
        rest = behind;
        parts.push(json!([len, crc]));
    }
    if !parts.is_empty() {
        results.insert("parts".into(), parts.into());
    }
    Ok(results)
}

fn base64_step(step: &Step) -> Result<Object, String> {
    let data = step.bytes("data")?;
    let encoded_len = base64::encoded_len(data.len());
    let mut encoded = vec![0x5A; encoded_len];
    base64::encode(data, &mut encoded);
    let mut in_place = data.to_vec();
    in_place.resize(encoded_len, 0x5A);
    base64::encode_in_place(&mut in_place, data.len());
    let mut results = object(json!({"base64": to_text(&encoded), "encode_len": encoded_len}));
    if in_place != encoded {
        results.insert("in_place_differs".into(), to_text(&in_place).into());
    }
    Ok(results)
}

fn rle_step(step: &Step) -> Result<Object, String> {
    let raw = step.bytes("raw")?;
    if raw.is_empty() {
        let mut encoder = rle::Encoder::new();
        let (consumed, _) = encoder.encode(raw, &mut rle::Sequence::default());
        let last = encoder.finish();
        return Ok(object(json!({"consumed_of_empty": consumed, "finalize_header": to_hex(last.header().as_slice()),
            "finalize_write_len": last.payload_len, "total_rle_size": encoder.total})));
    }
    let (encoded, _) = encode_rle(raw, &[raw.len()])?;
    let mut results = object(json!({"encoded": to_hex(&encoded)}));
    let cuts = (0..step.count("cuts")).map(|i| step.number(&format!("cuts.{i}"))).collect::<Result<Vec<usize>, _>>()?;
    if !cuts.is_empty() {
        let (in_pieces, steps) = encode_rle(raw, &cuts)?;
        results.insert("steps".into(), steps.into());
        if in_pieces != encoded {
            results.insert("encoded_in_pieces_differs".into(), to_hex(&in_pieces).into());
        }
    }
    Ok(results)
}

fn encode_rle(raw: &[u8], buffers: &[usize]) -> Result<(Vec<u8>, Vec<Value>), String> {
    let mut encoder = rle::Encoder::new();
    let (mut encoded, mut steps) = (Vec::new(), Vec::new());
    let mut note = |consumed: usize, sequence: Option<rle::Sequence>, total: u32| -> Result<(), String> {
        let Some(sequence) = sequence else {
            steps.push(json!([consumed, total]));
            return Ok(());
        };
        let header = sequence.header();
        steps.push(json!([consumed, to_hex(header.as_slice()), sequence.start, sequence.payload_len, total]));
        encoded.extend_from_slice(header.as_slice());
        let payload = sequence.start as usize..(sequence.start + sequence.payload_len) as usize;
        encoded.extend_from_slice(raw.get(payload).ok_or("the sequence lies outside of the raw data")?);
        Ok(())
    };
    let mut rest = raw;
    for len in buffers {
        let (mut buffer, behind) = rest.split_at(rest.len().min(*len));
        rest = behind;
        while !buffer.is_empty() {
            let mut sequence = rle::Sequence::NONE;
            let (consumed, completed) = encoder.encode(buffer, &mut sequence);
            note(consumed, completed.then_some(sequence), encoder.total)?;
            buffer = buffer
                .get(consumed..)
                .filter(|_| consumed > 0)
                .ok_or("consumed nothing, or more than it was offered")?;
        }
    }
    if !rest.is_empty() {
        return Err("the buffers are smaller than the raw data".into());
    }
    let last = encoder.finish();
    note(0, Some(last), encoder.total)?;
    if encoder.total as usize != encoded.len() {
        return Err(format!("the total {} is not the encoded size {}", encoder.total, encoded.len()));
    }
    Ok((encoded, steps))
}

/// What the sink of an encoder got.
#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    writes: Vec<Value>,
}

struct SharedSink(Rc<RefCell<Written>>);

impl cbor::Sink for SharedSink {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        let mut written = self.0.borrow_mut();
        written.writes.push(json!([offset, piece.len()]));
        written.bytes.resize(offset, 0x5A); // a gap would show
        written.bytes.extend_from_slice(piece);
    }
}

/// The CBOR writer.
#[derive(Default)]
pub struct Cbor {
    encoder: Option<cbor::Encoder<SharedSink>>,
    written: Rc<RefCell<Written>>,
}

impl Player for Cbor {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if step.name == "init" {
            let sink = SharedSink(self.written.clone());
            self.encoder = Some(match step.text("init")? {
                "cb" => cbor::Encoder::new(sink, step.number("buf_len")?),
                // Without a sink there is no limit either.
                "size_only" | "null_cb" => cbor::Encoder::from_parts(sink, 0, 0, false, true),
                other => return Err(format!("unknown kind of encoder {other}")),
            });
            return Ok(Object::new());
        }
        let encoder = self.encoder.as_mut().ok_or("no encoder")?;
        let fitted = match step.name.as_str() {
            "unsigned" => encoder.unsigned(step.number("v")?),
            "signed" => encoder.signed(step.number("v")?),
            "long_signed" => encoder.long_signed(step.number("v")?),
            "uint64_as_double" => encoder.double_bits(step.number("v")?),
            "array_begin" => encoder.array(step.number("v")?),
            "dictionary_begin" => encoder.map(step.number("v")?),
            "byte_string_begin" => encoder.byte_string_begin(step.number("v")?),
            "string_begin" => encoder.text_begin(step.number("v")?),
            "null" => encoder.null(),
            "string" => encoder.text(step.bytes("v")?),
            "byte_string" => encoder.byte_string(step.bytes("v")?),
            "join" => encoder.join(step.bytes("v")?),
            "finish" => {
                const NO_MEMORY: i32 = 12; // what the C ABI says for `overflowed`
                let status = if encoder.overflowed() { NO_MEMORY } else { 0 };
                let mut results = object(json!({"status": status, "size": encoder.size()}));
                let written = self.written.borrow();
                if !encoder.is_size_only() {
                    results.insert("out".into(), to_hex(&written.bytes).into());
                    results.insert("writes".into(), written.writes.clone().into());
                }
                return Ok(results);
            }
            _ => return step.unknown(),
        };
        Ok(object(json!({"ret": fitted})))
    }
}

/// The ring buffer.
#[derive(Default)]
pub struct Ring {
    ring: Option<RingBuffer<&'static [Cell<u8>]>>,
    shown: Vec<u8>,
}

impl Player for Ring {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if step.name == "init" {
            let size = step.number("size")?;
            // A handle to the memory has no lifetime in the boxed player; a vector leaks a few bytes.
            let memory = Box::leak(vec![0u8; size].into_boxed_slice());
            let ring = RingBuffer::new(Cell::from_mut(memory).as_slice_of_cells());
            ring.reset(size);
            self.ring = Some(ring);
            self.shown = vec![0; size];
            return Ok(Object::new());
        }
        let ring = self.ring.as_ref().ok_or("no buffer")?;
        let mut results = match step.name.as_str() {
            "sizes" => return Ok(object(json!({"read_size": ring.len(), "write_size": ring.free()}))),
            "write" => json!({"ret": ring.write(step.bytes("data")?)}),
            "write_at_offset" => {
                json!({"ret": ring.write_at_offset(step.number("offset_from_end")?, step.bytes("data")?)})
            }
            "consume" => json!({"ret": ring.consume(step.number("len")?)}),
            "consume_from_end" => json!({"ret": ring.consume_from_end(step.number("len")?)}),
            "read" => {
                let mut data = vec![0x5A; step.number("len")?];
                if ring.read(step.number("offset")?, &mut data) {
                    json!({"ret": true, "data": to_hex(&data)})
                } else {
                    json!({"ret": false})
                }
            }
            "get_read_pointer" => {
                let offset: usize = step.number("offset")?;
                match ring.len().checked_sub(offset).and_then(|rest| ring.spans(offset, rest)) {
                    Some(spans) => json!({"ret": true, "index": spans.start, "len": spans.first}),
                    None => json!({"ret": false}),
                }
            }
            "read_with_callback" => blocks(ring, step)?,
            _ => return step.unknown(),
        };
        results["ro"] = ring.read_offset().into();
        results["rs"] = ring.len().into();
        let now: Vec<u8> = ring.memory().iter().map(Cell::get).collect();
        if let Some(change) = changes(&now, &mut self.shown) {
            results["storage"] = change;
        }
        Ok(object(results))
    }
}

/// The contiguous blocks of a range, as the C callback gets them.
fn blocks(ring: &RingBuffer<&'static [Cell<u8>]>, step: &Step) -> Result<Value, String> {
    let stop_at = step.number("stop_at_call").unwrap_or(0);
    let Some(spans) = ring.spans(step.number("offset")?, step.number("len")?) else { return Ok(json!({"ret": false})) };
    let mut calls = Vec::new();
    for (offset, index, len) in [(0, spans.start, spans.first), (spans.first, 0, spans.second)] {
        if len == 0 {
            continue;
        }
        let block: Vec<u8> = ring.memory().iter().skip(index).take(len).map(Cell::get).collect();
        calls.push(json!(["cb", offset, index, to_hex(&block)]));
        if calls.len() == stop_at {
            return Ok(json!({"ret": false, "calls": calls}));
        }
    }
    Ok(json!({"ret": true, "calls": calls}))
}
