//! Logs that grow while they are read.

mod support;

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use support::{Dir, command, published, token};

/// Long enough for a busy machine; a test that passes does not wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

struct Follower {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

fn start(arguments: &[&str], stdin: Stdio) -> Follower {
    let mut child = command(arguments).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = lines_of(child.stdout.take().unwrap());
    let errors = lines_of(child.stderr.take().unwrap());
    Follower { child, lines, errors }
}

fn lines_of(source: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

impl Follower {
    fn message(&self) -> serde_json::Value {
        serde_json::from_str(&self.lines.recv_timeout(PATIENCE).expect("a message")).unwrap()
    }

    fn error(&self) -> String {
        self.errors.recv_timeout(PATIENCE).expect("a line on stderr")
    }

    #[cfg(unix)]
    fn interrupt(mut self) -> (Option<i32>, Vec<String>) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        (status.code(), self.errors.iter().collect())
    }
}

fn append(path: &str, text: &str) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[cfg(unix)]
#[test]
fn messages_come_while_the_log_is_written() {
    let dir = Dir::new("follow");
    let chunks = published();
    let log = dir.file("uart.log", format!("{}\n", token(&chunks.single)));
    let follower = start(&["--follow", &log], Stdio::null());
    let first = follower.message();
    assert_eq!(
        (&first["message"], &first["received_at"]),
        (&1.into(), &serde_json::Value::Null),
        "it was there before"
    );
    // A token in two writes, then the message's second part.
    let part = token(&chunks.first);
    append(&log, &part[..30]);
    std::thread::sleep(Duration::from_millis(250));
    append(&log, &format!("{}\nother text\n", &part[30..]));
    append(&log, &token(&chunks.second));
    let second = follower.message();
    assert_eq!(second["chunks"], serde_json::json!([2, 3]), "without waiting for the line end");
    assert!(second["received_at"].as_str().unwrap().ends_with('Z'));
    append(&log, &format!("\nMC:AAA:\n{part}\n"));
    assert!(follower.error().contains(&format!("{log}:5:1: bad_token: ")));
    let (status, rest) = follower.interrupt();
    assert_eq!(status, Some(1));
    let rest = rest.join("\n");
    assert!(rest.contains(&format!("{log}:6:1: truncated: ")), "{rest}");
    assert!(rest.contains("2 messages (2 event messages) from 4 chunks, 1 lost, 1 corrupt"), "{rest}");
}

#[cfg(unix)]
#[test]
fn a_rotated_log_goes_on_in_the_new_file() {
    let dir = Dir::new("rotate");
    let chunks = published();
    let log = dir.file("uart.log", format!("{}\n{}\n", token(&chunks.single), token(&chunks.first)));
    let follower = start(&["--follow", &log], Stdio::null());
    follower.message();
    fs::rename(&log, dir.path("uart.log.1")).unwrap();
    // The message that was open goes on behind the rotation.
    fs::write(&log, format!("{}\n", token(&chunks.second))).unwrap();
    assert_eq!(follower.message()["chunks"], serde_json::json!([2, 3]));
    assert!(follower.error().contains("replaced by a new file"));
    // Emptied and written again.
    fs::write(&log, "").unwrap();
    assert!(follower.error().contains("emptied"));
    append(&log, &format!("{}\n", token(&chunks.single)));
    assert_eq!(follower.message()["message"], 3);
    assert_eq!(follower.interrupt().0, Some(0));
}

#[cfg(unix)]
#[test]
fn several_logs_are_followed_at_once() {
    let dir = Dir::new("several");
    let chunks = published();
    let (one, two) = (dir.file("one.log", ""), dir.file("two.log", ""));
    let follower = start(&["--follow", &one, &two], Stdio::null());
    append(&one, &format!("{}\n", token(&chunks.first)));
    append(&two, &format!("{}\n", token(&chunks.single)));
    assert_eq!(follower.message()["device"], "two");
    append(&one, &format!("{}\n", token(&chunks.second)));
    assert_eq!(follower.message()["device"], "one");
    assert_eq!(follower.interrupt().0, Some(0));
}

#[test]
fn standard_input_is_decoded_while_it_comes() {
    let chunks = published();
    let mut follower = start(&[], Stdio::piped());
    let mut stdin = follower.child.stdin.take().unwrap();
    stdin.write_all(format!("[I] boot\n{}", token(&chunks.single)).as_bytes()).unwrap();
    assert_eq!(follower.message()["message"], 1);
    stdin.write_all(format!("\n{}\n", token(&chunks.single)).as_bytes()).unwrap();
    assert_eq!(follower.message()["duplicate_of"], 1);
    drop(stdin);
    assert_eq!(follower.child.wait().unwrap().code(), Some(0));
}
