//! `memfault/util/rle.h` (spec 10 section 9): the run-length encoder on a context of the caller.

use crate::ffi::{abi, raw};
use crate::util::rle::{Encoder, End, Sequence};
use crate::util::varint;
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// What the open sequence is; internal.
#[repr(C)]
pub enum eMemfaultRleState {
    /// Nothing yet, or one byte.
    kMemfaultRleState_Init = 0,
    /// One byte, repeated.
    kMemfaultRleState_RepeatSeq = 1,
    /// Bytes that differ.
    kMemfaultRleState_NonRepeatSeq = 2,
}

/// A completed sequence: write the header, then `write_len` bytes of the raw data from `write_start_offset` on.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultRleWriteInfo {
    /// The other fields are valid.
    pub available: bool,
    /// Zig-zag varint: positive = repeat the one payload byte that often, negative = that many payload bytes.
    pub header: [u8; 5],
    /// Bytes of the header, 1 to 5.
    pub header_len: usize,
    /// Offset of the payload in the raw data.
    pub write_start_offset: u32,
    /// Bytes of the payload.
    pub write_len: usize,
}

/// State of the encoder. All zeroes at the start; only the first two fields are for the caller.
#[repr(C)]
pub struct sMemfaultRleCtx {
    /// Encoded size of all completed sequences in bytes.
    pub total_rle_size: u32,
    /// The sequence that the last call completed.
    pub write_info: sMemfaultRleWriteInfo,
    /// Internal: the last byte.
    pub last_byte: u8,
    /// Internal: raw offset of the open sequence.
    pub seq_start_offset: u32,
    /// Internal: what it is.
    pub state: abi::eMemfaultRleState,
    /// Internal: its raw bytes.
    pub seq_count: usize,
    /// Internal: a literal sequence ends in two equal bytes.
    pub num_repeats: usize,
    /// Raw bytes consumed.
    pub curr_offset: u32,
}

use eMemfaultRleState as State;

impl sMemfaultRleCtx {
    fn load(&self) -> Encoder {
        let run_len = if self.seq_count == 0 { 0 } else { self.num_repeats.wrapping_add(1) };
        Encoder {
            total: self.total_rle_size,
            start: self.seq_start_offset,
            run: self.curr_offset.wrapping_sub(run_len as u32),
            offset: self.curr_offset,
            last: self.last_byte,
        }
    }

    /// Consumes bytes until a sequence is complete; with `finish` it is complete behind the last one. Returns how many. One function
    /// for both, as most of it is common to both.
    #[inline(never)]
    fn consume(&mut self, data: &[u8], finish: bool) -> usize {
        let mut encoder = self.load();
        let (consumed, mut end) = encoder.scan_slowly(data);
        if finish {
            end = Some(encoder.end_of_data());
        }
        self.store(&mut encoder, end);
        consumed
    }

    fn store(&mut self, encoder: &mut Encoder, end: Option<End>) {
        self.write_info.available = end.is_some();
        let sequence = end.map_or(Sequence::NONE, |end| encoder.complete(end));
        self.write_info.header = [0; varint::MAX_LEN];
        self.write_info.header_len = varint::put(sequence.code, &mut self.write_info.header);
        self.write_info.write_start_offset = sequence.start;
        self.write_info.write_len = sequence.payload_len as usize;

        let run_len = encoder.offset.wrapping_sub(encoder.run) as usize;
        self.total_rle_size = encoder.total;
        self.seq_start_offset = encoder.start;
        self.seq_count = encoder.offset.wrapping_sub(encoder.start) as usize;
        self.num_repeats = run_len.saturating_sub(1);
        self.curr_offset = encoder.offset;
        self.last_byte = encoder.last;
        self.state = match self.seq_count {
            0 | 1 => State::kMemfaultRleState_Init,
            len if len == run_len => State::kMemfaultRleState_RepeatSeq,
            _ => State::kMemfaultRleState_NonRepeatSeq,
        } as _;
    }
}

/// Consumes bytes of `buf` until a sequence is complete or all are used, and returns how many; call again with the rest.
///
/// `ctx->write_info.available` tells if a sequence was completed. NULL or a length of 0 returns 0 and changes nothing. May be called
/// from interrupts. Spec 10 section 9.2.
///
/// # Safety
/// `ctx` is NULL or valid, `buf` is NULL or readable for `buf_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rle_encode(ctx: *mut sMemfaultRleCtx, buf: *const c_void, buf_size: usize) -> usize {
    // SAFETY: NULL or valid by the caller's promise.
    let (Some(ctx), data) = (unsafe { (ctx.as_mut(), raw::bytes(buf, buf_size)) }) else { return 0 };
    if data.is_empty() { 0 } else { ctx.consume(data, false) }
}

/// Completes the open sequence after all input; once. NULL does nothing. Spec 10 section 9.2.
///
/// # Safety
/// `ctx` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rle_encode_finalize(ctx: *mut sMemfaultRleCtx) {
    // SAFETY: NULL or valid by the caller's promise.
    if let Some(ctx) = unsafe { ctx.as_mut() } {
        ctx.consume(&[], true);
    }
}
