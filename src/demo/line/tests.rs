use super::{Line, Terminal, send_text};
use std::cell::{Cell, RefCell};
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

/// A terminal that remembers what it was sent.
struct Screen {
    text: RefCell<String>,
    connected: Cell<bool>,
}

impl Terminal for Screen {
    fn is_connected(&self) -> bool {
        self.connected.get()
    }
    fn send(&self, character: u8) {
        self.text.borrow_mut().push(char::from(character));
    }
}

/// A shell that knows no command, as the transcripts of the specification show it.
struct Shell<const N: usize> {
    line: Line<N>,
    screen: Screen,
    /// The words of each line that was run.
    ran: RefCell<Vec<Vec<String>>>,
}

impl<const N: usize> Shell<N> {
    fn off() -> Self {
        let screen = Screen { text: RefCell::default(), connected: Cell::new(false) };
        Self { line: Line::new(), screen, ran: RefCell::default() }
    }

    fn booted() -> Self {
        let shell = Self::off();
        shell.boot();
        shell
    }

    fn boot(&self) {
        self.screen.connected.set(true);
        self.line.boot(&self.screen);
    }

    /// Types, and returns what the terminal was sent.
    fn type_in(&self, text: &str) -> String {
        self.screen.text.borrow_mut().clear();
        for character in text.bytes() {
            if self.line.receive(character, &self.screen) {
                let words: Vec<String> = self.line.words().map(without_terminator).collect();
                if let Some(name) = words.first() {
                    send_text(&self.screen, format!("Unknown command: {name}\n").as_bytes());
                }
                self.ran.borrow_mut().push(words);
                self.line.begin(&self.screen);
            }
        }
        self.screen.text.borrow().clone()
    }
}

fn without_terminator(word: &[Cell<u8>]) -> String {
    let (terminator, word) = word.split_last().expect("a word has a terminator");
    assert_eq!(terminator.get(), 0);
    word.iter().map(|c| char::from(c.get())).collect()
}

#[test]
fn a_boot_shows_the_prompt_on_a_new_line() {
    let shell = Shell::<64>::booted();
    assert_eq!(*shell.screen.text.borrow(), "\r\nmflt> ");
}

#[test]
fn nothing_is_shown_before_the_boot() {
    let shell = Shell::<64>::off();
    assert_eq!(shell.type_in("help\n\x08x"), "");
    assert!(shell.ran.borrow().is_empty());
}

#[test]
fn the_first_line_end_after_a_boot_is_the_only_one() {
    let shell = Shell::<64>::booted();
    assert_eq!(shell.type_in("\r\n\r\n"), "\r\nmflt> \r\nmflt> ");
    assert_eq!(shell.type_in("\nabc"), "abc");
    assert_eq!(shell.type_in("\r"), "\r\nUnknown command: abc\r\nmflt> ");
    shell.boot();
    assert_eq!(shell.type_in("\n"), "\r\nmflt> ");
    assert_eq!(shell.type_in("\r"), "");
}

#[test]
fn the_line_end_of_text_before_the_boot_is_forgotten_by_it() {
    let shell = Shell::<64>::off();
    shell.type_in("\r");
    assert_eq!(shell.type_in("\n"), "");
    shell.boot();
    assert_eq!(shell.type_in("\n"), "\r\nmflt> ");
}

#[test]
fn words_are_split_at_spaces() {
    let shell = Shell::<64>::booted();
    shell.type_in("bogus cmd\n   \n  a   b\tc d \n");
    assert_eq!(*shell.ran.borrow(), [vec!["bogus", "cmd"], vec![], vec!["a", "b\tc", "d"]]);
}

#[test]
fn a_line_has_at_most_sixteen_words() {
    let shell = Shell::<64>::booted();
    shell.type_in("a b c d e f g h i j k l m n o p q r\n");
    let words: Vec<String> = ('a'..='p').map(String::from).collect();
    assert_eq!(*shell.ran.borrow(), [words]);
}

#[test]
fn backspace_takes_characters_back_and_stops_at_the_prompt() {
    let shell = Shell::<64>::booted();
    assert_eq!(
        shell.type_in("a\x08\x08\x08hi\x08\x08\x08x\n"),
        "a\x08 \x08hi\x08 \x08\x08 \x08x\r\nUnknown command: x\r\nmflt> "
    );
}

#[test]
fn a_full_buffer_runs_without_its_last_character() {
    let q = "Q".repeat(63);
    let shell = Shell::<64>::booted();
    assert_eq!(shell.type_in(&format!("{q}R")), format!("{q}R\r\nUnknown command: {q}\r\nmflt> "));
    // An end of line behind it is an empty line.
    assert_eq!(shell.type_in("\n"), "\r\nmflt> ");
    let a = "a".repeat(62);
    assert_eq!(shell.type_in(&format!("{a} b")), format!("{a} b\r\nUnknown command: {a}\r\nmflt> "));
}

#[test]
fn a_line_end_that_fills_the_buffer_is_shown_twice() {
    let q = "Q".repeat(63);
    let shell = Shell::<64>::booted();
    assert_eq!(shell.type_in(&format!("{q}\n")), format!("{q}\r\n\r\nUnknown command: {q}\r\nmflt> "));
}

#[test]
fn a_buffer_of_one_character_takes_empty_lines() {
    let shell = Shell::<1>::booted();
    assert_eq!(shell.type_in("\n"), "\r\n\r\nmflt> ");
    assert_eq!(shell.type_in("x"), "x\r\nmflt> ");
}

#[test]
fn what_a_command_types_into_its_own_full_line_is_ignored() {
    let shell = Shell::<4>::booted();
    for character in *b"abcd" {
        shell.line.receive(character, &shell.screen);
    }
    assert!(!shell.line.receive(b'e', &shell.screen));
    assert!(!shell.line.receive(8, &shell.screen));
    assert_eq!(shell.line.words().map(without_terminator).collect::<Vec<_>>(), ["abc"]);
}

/// Any characters, compared with the rules of the specification written down the obvious way.
#[test]
fn random_typing_agrees_with_a_plain_model() {
    let mut seed = 0x5eed_u32;
    let mut random = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let shell = Shell::<12>::booted();
    let (mut line, mut line_end, mut expected) = (String::new(), None, Vec::new());
    for _ in 0..20_000 {
        let character = b"ab \r\n\x08\x1b\x7f\t"[random(9) as usize];
        shell.type_in(core::str::from_utf8(&[character]).expect("ASCII"));
        if matches!(character, b'\r' | b'\n') && *line_end.get_or_insert(character) != character {
            continue;
        }
        if character == 8 {
            line.pop();
            continue;
        }
        line.push(char::from(character));
        if matches!(character, b'\r' | b'\n') || line.len() == 12 {
            line.pop();
            expected.push(line.split(' ').filter(|w| !w.is_empty()).map(String::from).collect::<Vec<_>>());
            line.clear();
        }
    }
    assert_eq!(*shell.ran.borrow(), expected);
    assert!(expected.len() > 1000);
}
