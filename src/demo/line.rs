//! The line of the shell (spec 70 chapter 10): echo, backspace, line end, words.
//!
//! | Received | Effect |
//! |---|---|
//! | CR or LF | the first one after a boot is *the* line end; the other one is ignored from then on |
//! | 0x08 | takes the last character back, on the terminal as well |
//! | anything else | appended and echoed; escape sequences, tabs and 0x7F are ordinary characters |
//!
//! A line is complete at its end, or when the buffer is full. No history, no quoting.

#[cfg(test)]
mod tests;

use core::cell::Cell;

/// What the shell shows when it waits for a line.
pub const PROMPT: &[u8] = b"mflt> ";
/// Words of a line; what follows is ignored.
pub const MAX_WORDS: usize = 16;

const BACKSPACE: u8 = 8;

/// The other end of the serial line.
pub trait Terminal {
    /// Is there one? A shell without is off.
    fn is_connected(&self) -> bool;
    /// Shows one character.
    fn send(&self, character: u8);
}

/// Shows a text; a line feed gets its carriage return.
pub fn send_text(terminal: &impl Terminal, text: &[u8]) {
    for &character in text {
        if character == b'\n' {
            terminal.send(b'\r');
        }
        terminal.send(character);
    }
}

/// A line that is being typed, in a buffer of `N` characters, its end included.
pub struct Line<const N: usize> {
    characters: [Cell<u8>; N],
    len: Cell<usize>,
    /// CR or LF, 0 until one of them was received.
    line_end: Cell<u8>,
}

impl<const N: usize> Default for Line<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Line<N> {
    /// An empty line.
    pub const fn new() -> Self {
        Self { characters: [const { Cell::new(0) }; N], len: Cell::new(0), line_end: Cell::new(0) }
    }

    /// Starts over, on a new line of the terminal.
    pub fn boot(&self, terminal: &impl Terminal) {
        self.line_end.set(0);
        send_text(terminal, b"\n");
        self.begin(terminal);
    }

    /// An empty line behind a prompt.
    pub fn begin(&self, terminal: &impl Terminal) {
        self.len.set(0);
        send_text(terminal, PROMPT);
    }

    /// Takes one character. True: the line is complete; take its [`words`](Self::words), then [`begin`](Self::begin) the next one.
    pub fn receive(&self, character: u8, terminal: &impl Terminal) -> bool {
        // QUIRK (spec 70 chapter 10): the choice is made even when the shell is off.
        if is_line_end(character) {
            if self.line_end.get() == 0 {
                self.line_end.set(character);
            }
            if character != self.line_end.get() {
                return false;
            }
        }
        // Full: a command is running, and feeds its own shell.
        let Some(place) = self.characters.get(self.len.get()) else { return false };
        if !terminal.is_connected() {
            return false;
        }
        if character == BACKSPACE {
            if let Some(len) = self.len.get().checked_sub(1) {
                self.len.set(len);
                send_text(terminal, &[BACKSPACE, b' ', BACKSPACE]);
            }
            return false;
        }
        let character = if is_line_end(character) { b'\n' } else { character };
        send_text(terminal, &[character]);
        place.set(character);
        let len = self.len.get().saturating_add(1);
        self.len.set(len);
        if len == N {
            // QUIRK (spec 70 chapter 10): also when the last character was the line end, which gives an empty line.
            send_text(terminal, b"\n");
        }
        len == N || character == b'\n'
    }

    /// The words of a complete line, each with a NUL behind it. To be walked once.
    ///
    /// QUIRK (spec 70 chapter 10): the last character of the line ends a word, whatever it is. A full buffer loses its last
    /// character.
    pub fn words(&self) -> impl Iterator<Item = &[Cell<u8>]> {
        self.characters
            .get(..self.len.get())
            .unwrap_or_default()
            .split_inclusive(|character| matches!(character.get(), b' ' | b'\n'))
            .filter(|word| {
                if let Some(separator) = word.last() {
                    separator.set(0);
                }
                word.len() > 1
            })
            .take(MAX_WORDS)
    }
}

const fn is_line_end(character: u8) -> bool {
    matches!(character, b'\r' | b'\n')
}
