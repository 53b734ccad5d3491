//! `memfault/util/rle.h` (spec 10 section 9): the run-length encoder on a context of the caller.

use crate::ffi::{abi, raw};
use crate::util::rle::{Encoder, Sequence};
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

    fn store(&mut self, encoder: &Encoder, sequence: Option<&Sequence>) {
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
        let (available, sequence) = (sequence.is_some(), sequence.unwrap_or(&Sequence::NONE));
        self.write_info = sMemfaultRleWriteInfo {
            available,
            header: *sequence.header().padded(),
            header_len: sequence.header().len(),
            write_start_offset: sequence.start,
            write_len: sequence.payload_len as usize,
        };
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
    if data.is_empty() {
        return 0;
    }
    let mut encoder = ctx.load();
    let mut sequence = Sequence::NONE;
    let (consumed, done) = encoder.encode(data, &mut sequence);
    ctx.store(&encoder, done.then_some(&sequence));
    consumed
}

/// Completes the open sequence after all input; once. NULL does nothing. Spec 10 section 9.2.
///
/// # Safety
/// `ctx` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rle_encode_finalize(ctx: *mut sMemfaultRleCtx) {
    // SAFETY: NULL or valid by the caller's promise.
    if let Some(ctx) = unsafe { ctx.as_mut() } {
        let mut encoder = ctx.load();
        let sequence = encoder.finish();
        ctx.store(&encoder, Some(&sequence));
    }
}
