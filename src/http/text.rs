//! Text for C in a buffer of a fixed size.

use super::urlencode;

/// As much of a text as fits, and the length of all of it: what `snprintf` makes of its arguments.
pub struct Text<'a> {
    buf: &'a mut [u8],
    len: usize,
}

impl<'a> Text<'a> {
    /// An empty text.
    pub fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Appends bytes. What does not fit only counts.
    #[inline(never)]
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(slot) = self.buf.get_mut(self.len) {
                *slot = *byte;
            }
            self.len = self.len.saturating_add(1);
        }
    }

    /// Appends a value with everything escaped that a URL does not allow. False: it is empty, or it does not fit.
    pub fn push_encoded(&mut self, value: &[u8]) -> bool {
        let rest = self.buf.get_mut(self.len..).unwrap_or(&mut []);
        match urlencode::encode(value, rest) {
            Some(len) => {
                self.len += len;
                true
            }
            None => false,
        }
    }

    /// Bytes of the whole text, without a terminator.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was appended.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the whole text and a terminator fit.
    pub fn fits(&self) -> bool {
        self.len < self.buf.len()
    }

    /// Puts a NUL behind what is there. Returns [`fits`](Self::fits).
    pub fn terminate(&mut self) -> bool {
        if let Some((last, text)) = self.buf.split_last_mut() {
            *text.get_mut(self.len).unwrap_or(last) = 0;
        }
        self.fits()
    }

    /// The text, if all of it fits.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.buf.get(..self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_counts() {
        let mut buf = [0xEE; 5];
        let mut text = Text::new(&mut buf);
        text.push(b"abcd");
        assert!(text.fits() && text.terminate());
        text.push(b"ef");
        assert_eq!(text.len(), 6);
        assert!(!text.terminate());
        assert_eq!(text.as_bytes(), None);
        assert_eq!(&buf, b"abcd\0");
    }

    #[test]
    fn a_buffer_without_bytes_is_never_enough() {
        let mut text = Text::new(&mut []);
        assert!(text.is_empty());
        assert!(!text.terminate());
        text.push(b"a");
        assert!(!text.push_encoded(b"b") && !text.terminate());
        assert_eq!(text.len(), 1);
    }
}
