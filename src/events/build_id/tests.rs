use super::*;
use std::string::String;
use std::vec;
use std::vec::Vec;

/// `a0 a1 ... b3`, the build id of the specification's examples.
fn id() -> BuildId {
    core::array::from_fn(|i| 0xa0 + i as u8)
}

fn hex(len: usize) -> String {
    let mut out = vec![0xa5; len];
    write_hex(&id(), &mut out);
    String::from_utf8(out).unwrap()
}

/// The text of a made string, and a check that it is terminated.
fn text<const N: usize>(version: &UniqueVersion<N>) -> Option<String> {
    let bytes: Vec<u8> = version.get()?.iter().map(Cell::get).collect();
    let end = bytes.iter().position(|b| *b == 0).expect("a terminator");
    assert!(bytes[end..].iter().all(|b| *b == 0));
    Some(String::from_utf8(bytes[..end].to_vec()).unwrap())
}

fn made<const N: usize>(version_len: usize, build_id: Option<&BuildId>) -> Option<String> {
    let unique = UniqueVersion::<N>::new();
    assert_eq!(text(&unique), None);
    let made = unique.make(&vec![b'v'; version_len], build_id);
    assert_eq!(made, unique.get().is_some());
    text(&unique)
}

#[test]
fn hex_digits_end_where_the_buffer_ends() {
    assert_eq!(hex(0), "");
    assert_eq!(hex(1), "a");
    assert_eq!(hex(40), "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3");
    assert_eq!(hex(7), "a0a1a2a");
}

#[test]
fn hex_digits_end_where_the_id_ends() {
    let mut out = [0xa5; 43];
    write_hex(&[0x0f; BUILD_ID_LEN], &mut out);
    assert_eq!(out[38..], [b'0', b'f', 0xa5, 0xa5, 0xa5]);
}

#[test]
fn unique_version_of_the_specification() {
    let id = id();
    let v = |n| "v".repeat(n);
    assert_eq!(made::<32>(5, Some(&id)), Some("vvvvv+a0a1a2".into()));
    assert_eq!(made::<32>(23, Some(&id)), Some(v(23) + "+a0a1a2"));
    assert_eq!(made::<32>(24, Some(&id)), Some(v(24) + "+a0a1a"));
    assert_eq!(made::<32>(25, Some(&id)), None);
    assert_eq!(made::<32>(5, None), Some("vvvvv+no-id".into()));
    assert_eq!(made::<32>(24, None), Some(v(24) + "+no-id"));
    assert_eq!(made::<32>(25, None), None);
    assert_eq!(made::<20>(11, Some(&id)), Some(v(11) + "+a0a1a2"));
    assert_eq!(made::<20>(12, Some(&id)), Some(v(12) + "+a0a1a"));
    assert_eq!(made::<20>(13, Some(&id)), None);
}

#[test]
fn smallest_buffers() {
    let id = id();
    assert_eq!(made::<0>(0, Some(&id)), None);
    assert_eq!(made::<7>(0, Some(&id)), None);
    assert_eq!(made::<8>(0, Some(&id)), Some("+a0a1a".into()));
    assert_eq!(made::<8>(0, None), Some("+no-id".into()));
    assert_eq!(made::<9>(0, Some(&id)), Some("+a0a1a2".into()));
}

#[test]
fn a_refused_version_leaves_room_for_another() {
    let unique = UniqueVersion::<32>::new();
    assert!(!unique.make(&[b'x'; 40], None));
    assert_eq!(text(&unique), None);
    assert!(unique.make(b"", Some(&id())));
    assert_eq!(text(&unique), Some("+a0a1a2".into()));
}
