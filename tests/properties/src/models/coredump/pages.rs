//! The buffered writer (spec 50 section 13.2): bytes become pages.

use super::HEADER_LEN;

/// A page that is being filled.
#[derive(Clone, Default)]
struct Page {
    offset: usize,
    data: Vec<u8>,
    supplied: usize,
}

pub struct Pages {
    len: usize,
    /// The ones that the header touches, then the one for all others.
    pages: Vec<Page>,
    /// Where the last write ended, unless it failed.
    end: Option<usize>,
}

impl Pages {
    pub fn new(len: usize) -> Self {
        let empty = Page { data: vec![0; len], ..Page::default() };
        Self { len, pages: vec![empty; HEADER_LEN.div_ceil(len) + 1], end: None }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// `store` takes an offset and a whole page.
    pub fn write(
        &mut self,
        storage_len: usize,
        offset: usize,
        data: &[u8],
        store: &mut dyn FnMut(usize, &[u8]) -> bool,
    ) -> bool {
        let end = self.end.take();
        if offset == HEADER_LEN && end != Some(HEADER_LEN) {
            *self = Self::new(self.len); // a new coredump
        }
        if offset + data.len() > storage_len || !storage_len.is_multiple_of(self.len) || storage_len < self.len {
            return false;
        }
        let head = self.pages.len() - 1;
        let head_end = head * self.len;
        if let (0, Some(end)) = (offset, end)
            && end > HEADER_LEN
            && end < head_end
        {
            self.pages[head - 1].supplied += head_end - end; // nothing follows
        }
        for (offset, byte) in (offset..).zip(data) {
            let page = &mut self.pages[(offset / self.len).min(head)];
            page.offset = offset / self.len * self.len;
            page.data[offset % self.len] = *byte;
            page.supplied += 1;
            if offset + 1 == (offset / self.len + 1) * self.len && !self.flush(store) {
                return false;
            }
        }
        if !self.flush(store) {
            return false;
        }
        self.end = Some(offset + data.len());
        true
    }

    fn flush(&mut self, store: &mut dyn FnMut(usize, &[u8]) -> bool) -> bool {
        let head = self.pages.len() - 1;
        let mut due = Vec::new();
        if self.pages[..head].iter().all(|page| page.supplied == self.len) {
            if self.pages[head].supplied != 0 {
                due.push(head);
            }
            due.extend((0..head).rev());
        } else if self.pages[head].supplied == self.len {
            due.push(head);
        }
        for index in due {
            let page = &mut self.pages[index];
            if !store(page.offset, &page.data) {
                return false;
            }
            *page = Page { data: vec![0; self.len], ..Page::default() };
        }
        true
    }
}
