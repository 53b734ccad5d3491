use super::super::store::testing::{Device, hex};
use super::*;
use crate::config::Defaults;
use crate::util::cbor::NoSink;
use std::vec::Vec;

struct Collect<'a>(&'a mut Vec<u8>);
impl Sink for Collect<'_> {
    fn write(&mut self, _: usize, piece: &[u8]) {
        self.0.extend(piece);
    }
}

fn encoded(capacity: usize, encode: impl FnOnce(&mut Encoder<Collect<'_>>) -> bool) -> (bool, Vec<u8>) {
    let mut bytes = Vec::new();
    let fitted = encode(&mut Encoder::new(Collect(&mut bytes), capacity));
    (fitted, bytes)
}

fn trace<C: Config>(device: &Device) -> Vec<u8> {
    let info =
        TraceInfo { reason_key: trace_key::USER_REASON, reason_value: 2, pc: 0x0800_1234, lr: 0, extra_pairs: 0 };
    let (fitted, bytes) = encoded(1000, |e| encode_trace_event::<C, _>(e, &info, device));
    assert!(fitted);
    bytes
}

fn build_id() -> [u8; BUILD_ID_LEN] {
    core::array::from_fn(|i| 0xa0 + i as u8)
}

struct WithSerial;
impl Config for WithSerial {
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = true;
}

struct WithSerialAndWholeBuildId;
impl Config for WithSerialAndWholeBuildId {
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = true;
    const EVENT_INCLUDED_BUILD_ID_SIZE_BYTES: usize = 20;
}

struct WithoutBuildId;
impl Config for WithoutBuildId {
    const EVENT_INCLUDE_BUILD_ID: bool = false;
}

/// Spec 20 section 18.3.
#[test]
fn options_of_the_envelope() {
    let device = Device { unix_time_secs: Some(1_700_000_000), ..Device::default() };
    let with_time = "a7 02 02 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63
        01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(trace::<Defaults>(&device), hex(with_time));
    let device = Device { build_id: Some(build_id()), ..device };
    let with_build_id = "a8 02 02 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63
        0b 46 a0 a1 a2 a3 a4 a5 01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(trace::<Defaults>(&device), hex(with_build_id));
    let with_serial = "a9 02 02 03 01 07 67 53 4e 2d 30 30 34 32 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31
        06 65 72 65 76 2d 63 0b 46 a0 a1 a2 a3 a4 a5 01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(trace::<WithSerial>(&device), hex(with_serial));
    let whole = with_serial.replace("0b 46 a0 a1 a2 a3 a4 a5", "0b 54 a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3");
    assert_eq!(trace::<WithSerialAndWholeBuildId>(&device), hex(&whole));
    device.asked();
    assert_eq!(trace::<WithoutBuildId>(&device), hex(with_time));
    assert_eq!(device.asked(), ["time", "device info"], "the build id is not asked for");
}

#[test]
fn only_the_low_half_of_the_seconds_is_sent() {
    let device = Device { unix_time_secs: Some(0x12_3456_7890), ..Device::default() };
    assert!(trace::<Defaults>(&device).windows(6).any(|w| w == hex("01 1a 34 56 78 90")));
}

/// Spec 20 section 18.6: heads of events that other modules write.
#[test]
fn other_types_have_the_same_envelope() {
    let identity = Device { unix_time_secs: Some(1), ..Device::default() };
    let with =
        |event_type, time| encoded(100, |e| encode_metadata_with_time::<Defaults, _>(e, event_type, time, &identity)).1;
    let heartbeat = "a6 02 01 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63";
    assert_eq!(with(event_type::HEARTBEAT, None), hex(heartbeat));
    let cdr = "a7 02 05 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63 01 1a 65 53 f1 00";
    assert_eq!(with(event_type::CDR, Some(1_700_000_000)), hex(cdr));
    assert_eq!(identity.asked(), ["build id", "device info", "build id", "device info"], "not for the time");
}

#[test]
fn stops_at_the_first_item_that_does_not_fit() {
    let device = Device { unix_time_secs: Some(1_700_000_000), ..Device::default() };
    let (_, all) = encoded(100, |e| encode_metadata::<Defaults, _>(e, event_type::TRACE, &device));
    for capacity in 0..all.len() {
        device.asked();
        let (fitted, bytes) = encoded(capacity, |e| encode_metadata::<Defaults, _>(e, event_type::TRACE, &device));
        assert!(!fitted && all.starts_with(&bytes), "{capacity}");
        assert_eq!(device.asked().contains(&"device info"), capacity >= 5, "{capacity}");
    }
}

#[test]
fn what_a_device_leaves_out_is_an_empty_text() {
    struct Nobody;
    impl Identity for Nobody {
        fn unix_time_secs(&self) -> Option<u64> {
            None
        }
        fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
            None
        }
        fn device_info(&self) -> DeviceInfo<'_> {
            DeviceInfo::default()
        }
    }
    let (fitted, bytes) = encoded(100, |e| encode_metadata::<WithSerial, _>(e, event_type::LOGS, &Nobody));
    assert!(fitted);
    assert_eq!(bytes, hex("a7 0204 0301 0760 0a60 0960 0660"));
}

#[test]
fn pairs() {
    let pair = |encode: fn(&mut Encoder<Collect<'_>>) -> bool| encoded(100, encode).1;
    assert_eq!(pair(|e| uint32_kv(e, 24, 500)), hex("1818 1901f4"));
    assert_eq!(pair(|e| uint32_kv(e, u32::MAX, u32::MAX)), hex("1affffffff 1affffffff"));
    assert_eq!(pair(|e| int32_kv(e, 7, -300)), hex("07 39012b"));
    assert_eq!(pair(|e| byte_string_kv(e, 8, b"ab")), hex("08 426162"));
    assert_eq!(pair(|e| byte_string_kv(e, 8, b"")), hex("08 40"));
    let mut counting = Encoder::<NoSink>::size_only();
    assert!(byte_string_kv(&mut counting, 8, &[0; 300]) && counting.size() == 304);
}
