//! Text from devices on a terminal: nothing in it may act on the terminal (spec 80 §12).

use std::borrow::Cow;

/// True for characters that a terminal acts on, and for those that turn the reading direction (they make text look like other
/// text).
fn acts(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line, without control characters: line ends and tabs become blanks, escape sequences go as a whole.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' | '\t' if letters.peek().is_some() => out.push(' '),
            '\u{1b}' if letters.peek() == Some(&'[') => {
                letters.next();
                // Parameters and intermediates, then the final byte.
                while letters.next_if(|next| matches!(next, ' '..='?')).is_some() {}
                letters.next_if(|next| matches!(next, '@'..='~'));
            }
            _ if acts(letter) => {}
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(one_line("queue at 38%"), "queue at 38%");
        assert_eq!(one_line("\u{1b}[31mred\u{1b}[0m"), "red");
        assert_eq!(one_line("two\nlines\r\n"), "two lines");
        assert_eq!(one_line("\u{1b}]0;title\u{7}x\u{9b}31m\u{7f}\0"), "]0;titlex31m");
        assert_eq!(one_line("abc\u{202e}cba"), "abccba");
        assert_eq!(one_line("Grüße"), "Grüße");
    }
}
