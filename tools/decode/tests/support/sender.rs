//! The device side, written from spec 10 §3, §4, §5.2 and §9.1 without a look at the decoder. Slow and obvious on purpose.

/// PRNG splitmix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `end` - 1.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Bytes with runs and without, like memory.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while out.len() < len {
            let run = if self.one_in(3) { 1 + self.below(40) } else { 1 };
            let byte = (self.next() >> 24) as u8 & if self.one_in(2) { 0xff } else { 0x03 };
            out.extend(std::iter::repeat_n(byte, run));
        }
        out.truncate(len);
        out
    }
}

/// Bit by bit: no table shared with the decoder.
pub fn crc16(data: &[u8]) -> u16 {
    let mut crc = 0u16;
    for &byte in data {
        for bit in (0..8).rev() {
            let feedback = (crc >> 15) ^ u16::from(byte >> bit & 1);
            crc = crc << 1 ^ if feedback == 1 { 0x1021 } else { 0 };
        }
    }
    crc
}

pub fn varint(mut value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// The chunks of a message for the buffer lengths that `next_len` gives (at least 9), without padding.
pub fn chunks(message: &[u8], mut next_len: impl FnMut() -> usize) -> Vec<Vec<u8>> {
    let crc = crc16(message).to_le_bytes();
    let total = message.len();
    let mut sent = 0;
    let mut out = Vec::new();
    loop {
        let len = next_len();
        let mut chunk = vec![];
        if sent == 0 && total + 3 <= len {
            return vec![[&[0x08][..], message, &crc].concat()];
        }
        let position = varint(if sent == 0 { total as u32 } else { sent as u32 });
        let room = len - 1 - position.len();
        let n = room.min(total - sent);
        let last = !out.is_empty() && room - n >= 2;
        chunk.push(match (out.is_empty(), last) {
            (true, _) => 0x48,
            (false, false) => 0xc0,
            (false, true) => 0x80,
        });
        chunk.extend(position);
        chunk.extend(&message[sent..sent + n]);
        if last {
            chunk.extend(crc);
        }
        sent += n;
        out.push(chunk);
        if last {
            return out;
        }
    }
}

/// The run-length encoding of spec 10 §9.1, rule by rule.
pub fn rle(data: &[u8]) -> Vec<u8> {
    let run = |at: usize| data[at..].iter().take_while(|&&byte| byte == data[at]).count();
    let starts_run_of_3 = |at: usize| run(at) >= 3 && (at == 0 || data[at - 1] != data[at]);
    let zigzag = |n: i64| varint(if n >= 0 { 2 * n } else { -2 * n - 1 } as u32);
    let mut out = Vec::new();
    let mut p = 0;
    while p < data.len() {
        let r = run(p);
        if r >= 2 {
            out.extend(zigzag(r as i64));
            out.push(data[p]);
            p += r;
        } else {
            let q = (p + 1..data.len()).find(|&q| starts_run_of_3(q)).unwrap_or(data.len());
            out.extend(zigzag(-((q - p) as i64)));
            out.extend(&data[p..q]);
            p = q;
        }
    }
    out
}

#[test]
fn the_sender_gives_the_bytes_of_the_specification() {
    let ramp = |to: u8| std::iter::once(2u8).chain(0x30..=to).collect::<Vec<u8>>();
    let hex = |chunks: Vec<Vec<u8>>| chunks.iter().map(|chunk| memfault_decode::model::hex(chunk)).collect::<Vec<_>>();
    assert_eq!(hex(chunks(&ramp(0x41), || 12)), ["481302303132333435363738", "c00a393a3b3c3d3e3f4041", "801350fa"]);
    assert_eq!(hex(chunks(&ramp(0x38), || 12)), ["480a02303132333435363738", "800a9dba"]);
    assert_eq!(rle(&[7, 7, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5]), [4, 7, 7, 1, 2, 2, 3, 8, 4, 4, 5]);
    assert_eq!(rle(&[0; 200]), [0x90, 0x03, 0x00]);
}
