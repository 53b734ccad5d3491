//! `memfault/util/chunk_transport.h` (spec 10 section 5): the chunk layer on a context of the caller.

use crate::ffi::raw;
use crate::transport::chunk::{MIN_BUF_LEN, Message, Produced, Transfer};
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// The smallest buffer that can carry a message byte: 1 header, 5 varint, 1 message byte, 2 CRC.
pub const MEMFAULT_MIN_CHUNK_BUF_LEN: u32 = 9;
const _: () = assert!(MEMFAULT_MIN_CHUNK_BUF_LEN as usize == MIN_BUF_LEN);

/// Fills `buf_len` bytes of `buf` from `offset` of the message. Asked for each byte once, in order; it cannot fail.
pub type MfltChunkTransportMsgReaderCb = unsafe extern "C" fn(offset: u32, buf: *mut c_void, buf_len: usize);
/// A word that the header generator turns into `Name *` for a function typedef.
pub type NonNull<F> = F;

/// One message on its way. Zero it, then set the first three fields.
#[repr(C)]
pub struct sMfltChunkTransportCtx {
    /// In: length of the message in bytes.
    pub total_size: u32,
    /// In: where its bytes come from.
    pub read_msg: Option<NonNull<MfltChunkTransportMsgReaderCb>>,
    /// In: one chunk spans several calls.
    pub enable_multi_call_chunk: bool,
    /// Out: length of the message as one chunk, in bytes.
    pub single_chunk_message_length: u32,
    /// In and out: message bytes produced so far; 0 = nothing was sent.
    pub read_offset: u32,
    /// In and out: CRC-16 of these bytes.
    pub crc16_incremental: u16,
}

/// The caller's reader as the chunk layer sees it.
struct CallerMessage(Option<MfltChunkTransportMsgReaderCb>);

impl Message for CallerMessage {
    fn read(&mut self, offset: u32, buf: &mut [u8]) {
        if let Some(read) = self.0 {
            // SAFETY: the caller's callback, with a buffer writable for its length.
            unsafe { read(offset, buf.as_mut_ptr().cast(), buf.len()) }
        }
    }

    fn crc16(&mut self, crc: u16, data: &[u8]) -> u16 {
        super::crc16::compute(crc, data)
    }
}

/// Produces the next chunk of a message in `buf`, or the next part of it in multi-call mode.
///
/// `*buf_len` holds the length of `buf` in bytes and receives how many were produced; below 9 that is 0 and nothing else
/// happens. The rest of `buf` is filled with 0xBA. True: call again. False: the CRC has been written, the message is done.
/// A NULL pointer gives false. Spec 10 section 5.2.
///
/// # Safety
/// `ctx` and `buf_len` are NULL or valid, `buf` is NULL or writable for `*buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_chunk_transport_get_next_chunk(
    ctx: *mut sMfltChunkTransportCtx,
    buf: *mut c_void,
    buf_len: *mut usize,
) -> bool {
    if ctx.is_null() || buf.is_null() || buf_len.is_null() {
        return false;
    }
    // SAFETY: not NULL, hence valid; nothing is borrowed, since the reader may look at the context.
    let (mut transfer, reader) = unsafe {
        let ctx = &*ctx;
        let transfer = Transfer {
            total: ctx.total_size,
            offset: ctx.read_offset,
            crc: ctx.crc16_incremental,
            multi_call: ctx.enable_multi_call_chunk,
        };
        (transfer, ctx.read_msg)
    };
    let first = transfer.offset == 0;
    // SAFETY: the caller's promise about the buffer.
    let bytes = unsafe { raw::bytes_mut(buf, *buf_len) };
    let produced = transfer.next_chunk(bytes, &mut CallerMessage(reader));
    // SAFETY: not NULL, hence valid.
    unsafe {
        if produced != Produced::BufferTooSmall {
            (*ctx).read_offset = transfer.offset;
            (*ctx).crc16_incremental = transfer.crc;
            if first {
                (*ctx).single_chunk_message_length = transfer.single_chunk_len();
            }
        }
        let (len, more) = match produced {
            Produced::BufferTooSmall => (0, true),
            Produced::More(len) => (len, true),
            Produced::Last(len) => (len, false),
        };
        buf_len.write(len);
        more
    }
}

/// Computes `single_chunk_message_length` before the first chunk; later, or for NULL, it does nothing. Spec 10 section 5.2.
///
/// # Safety
/// `ctx` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_chunk_transport_get_chunk_info(ctx: *mut sMfltChunkTransportCtx) {
    // SAFETY: NULL or valid by the caller's promise.
    if let Some(ctx) = unsafe { ctx.as_mut() }
        && ctx.read_offset == 0
    {
        let transfer = Transfer { total: ctx.total_size, ..Transfer::default() };
        ctx.single_chunk_message_length = transfer.single_chunk_len();
    }
}
