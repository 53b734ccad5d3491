//! Captured HTTP requests: what each of the clients sends (spec 80 §3).

mod support;

use base64::Engine as _;
use serde_json::{Value as Json, json};
use support::{Dir, data, decode};

/// Name, request and names of the chunks of each client.
fn requests() -> Vec<(String, Vec<u8>, Vec<String>)> {
    let file: Json = serde_json::from_slice(&std::fs::read(data("published-test-chunks.json")).unwrap()).unwrap();
    let of = |request: &Json| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(request["request_base64"].as_str().unwrap());
        let chunks = request["chunks"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        (request["name"].as_str().unwrap().to_owned(), bytes.unwrap(), chunks.collect())
    };
    file["http_requests"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn the_requests_of_all_clients() {
    let requests = requests();
    assert_eq!(requests.len(), 9);
    let mut capture = Vec::new();
    for (name, request, chunks) in &requests {
        let run = decode(&[], request);
        let messages = run.json();
        let is_whole = chunks == &["single"] || chunks.len() == 2;
        if is_whole {
            assert_eq!((run.status, run.problems()), (0, Vec::new()), "{name}: {}", run.stderr);
            let event = &messages[0]["events"][0];
            assert_eq!(event["heartbeat"]["metrics"], json!({"chunk_test_success": 1}), "{name}");
            // The path names the device, as does the event.
            assert_eq!((&messages[0]["device"], &event["device_serial"]), (&json!("TESTSERIAL"), &json!("TESTSERIAL")));
            capture.extend_from_slice(request);
            capture.extend_from_slice(b"HTTP/1.1 202 Accepted\r\nContent-Length: 8\r\n\r\nAccepted");
        } else {
            // The first half of a message.
            assert_eq!((run.status, messages.len()), (1, 0), "{name}");
            assert!(run.problems()[0].contains("truncated"), "{name}: {}", run.stderr);
        }
    }
    // A capture of a whole session, with the answers of the server.
    let run = decode(&[], &capture);
    assert_eq!((run.status, run.problems()), (0, Vec::new()), "{}", run.stderr);
    let whole = requests.iter().filter(|(.., chunks)| chunks == &["single"] || chunks.len() == 2).count();
    assert_eq!(run.json().len(), whole);
    assert!(whole >= 8 && run.json().iter().skip(1).all(|message| message["duplicate_of"] == 1));
}

#[test]
fn damage_in_a_capture_costs_one_request() {
    let dir = Dir::new("http-damage");
    let [single, other] = ["memfault_cli_single", "firmware_sdk_single"]
        .map(|wanted| requests().into_iter().find(|(name, ..)| name == wanted).unwrap().1);
    let without_length = String::from_utf8_lossy(&other).replace("Content-Length", "X-Length").into_bytes();
    let file =
        dir.file("session.http", [&single[..], &without_length[..90], b"noise", &single, &other[..100]].concat());
    let run = decode(&[&file], b"");
    assert_eq!((run.status, run.json().len()), (1, 2), "{}", run.stderr);
    let problems = run.problems();
    assert!(problems.iter().any(|problem| problem.contains("the file ends inside a request (100 bytes left)")));
    // The user may know better whose it is.
    let run = decode(&["--serial", "KETTLE-7", "--input-format", "http"], &single);
    assert_eq!(run.json()[0]["device"], "KETTLE-7");
}
