//! Firmware files made by hand: every form that names can come in, and everything that can contradict.

mod support;

use memfault_decode::Firmware;
use memfault_decode::firmware::identify;
use memfault_decode::firmware::lines::Role;
use memfault_decode::model::MetricType;
use serde_json::{Value as Json, json};
use support::elf::{BASE, Enum, Image, Unit};

type Names = Vec<(String, u64)>;

fn names(prefix: &str, names: &[&str], last: &str) -> Names {
    let named = names.iter().map(|name| format!("{prefix}{name}"));
    named.chain([last.to_owned()]).zip(0..).collect()
}

fn metric_names() -> Names {
    // "a__b" is a session, and "b__x" a key of session "a".
    let names_ = ["a__b__x", "a__b__x_", "heartbeat__t", "heartbeat__s", "heartbeat__u"];
    names("kMfltMetricsIndex_", &names_, "kMfltMetricsIndexV2_COUNT")
}

fn session_names() -> Names {
    names("kMfltMetricsSessionKey_", &["a", "a__b", "heartbeat"], "kMfltMetricsSessionKey_COUNT")
}

fn key_table() -> Vec<u8> {
    let entry = |words: [u32; 6]| words.map(u32::to_le_bytes).concat();
    let table = [
        [0, 0, 0, 0, 0, 1],
        [1, 1, -20i32 as u32, 110, 1, 10],
        [2, 2, 0, 0, 2, 1],
        [3, 3, 0, 8, 2, 1],
        [4, 0, 5, u32::MAX - 5, 2, 0],
    ];
    table.into_iter().flat_map(entry).collect()
}

/// Enumerations under these tags; `None`: the compiler dropped it.
fn unit<'a>(name: &'a str, tags: [Option<&'a str>; 3], key_table: Option<u32>) -> Unit<'a> {
    let reasons =
        [("kMfltTraceReasonUser_Unknown", 0), ("kMfltTraceReasonUser_jam", 1), ("kMfltTraceReasonUser_NumReasons", 2)];
    let lists = [metric_names(), session_names(), reasons.map(|(name, value)| (name.to_owned(), value)).to_vec()];
    let enums = tags.into_iter().zip(lists).map(|(tag, enumerators)| Enum { tag, enumerators }).collect();
    Unit { name, enums, key_table }
}

const TAGS: [Option<&str>; 3] = [Some("MfltMetricsIndex"), Some("MfltMetricSessionIndex"), Some("MfltTraceReasonUser")];

fn image() -> Image {
    let mut image = Image::default();
    image.object("s_memfault_heartbeat_keys", &key_table());
    image
}

fn read(image: &Image) -> Firmware {
    Firmware::read(&image.file()).unwrap()
}

#[test]
fn metrics_from_every_version_of_dwarf_with_and_without_tags() {
    for version in 2..=5 {
        for tags in [TAGS, [None; 3]] {
            let mut image = image();
            image.debug(version, &[unit("other.c", [Some("Mode"), None, None], None), unit("metrics.c", tags, None)]);
            let firmware = read(&image);
            assert_eq!(firmware.problems, [""; 0], "DWARF {version}");
            let table = firmware.metrics.as_ref().unwrap();
            let sessions: Vec<_> =
                table.sessions.iter().map(|session| (&*session.name, session.metrics.as_slice())).collect();
            assert_eq!(sessions, [("a", &[0][..]), ("a__b", &[1]), ("heartbeat", &[2, 3, 4])]);
            let names: Vec<_> = table.metrics.iter().map(|metric| &*metric.name).collect();
            assert_eq!(names, ["b__x", "x_", "t", "s", "u"]);
            let infos: Vec<_> = table.metrics.iter().map(|metric| metric.info).collect();
            assert_eq!((infos[1].kind, infos[1].range, infos[1].scale), (MetricType::Signed, Some((-20, 90)), 10));
            assert_eq!((infos[3].kind, infos[3].range, infos[3].max_length), (MetricType::String, None, Some(8)));
            assert_eq!(infos[4].range, Some((5, u32::MAX.into())));
            assert_eq!(
                firmware.trace_reasons.into_iter().collect::<Vec<_>>(),
                [(0, "Unknown".into()), (1, "jam".into())]
            );
        }
    }
}

#[test]
fn values_are_named_scaled_and_checked() {
    let mut image = image();
    image.debug(4, &[unit("metrics.c", TAGS, None)]);
    let table = read(&image).metrics.unwrap();
    let named = |session, values: Json| {
        let named = table.name(session, values.as_array().unwrap())?;
        Ok::<_, String>((named.session, Json::from_iter(named.metrics)))
    };
    assert_eq!(named(Some(1), json!([-37])).unwrap(), ("a__b".to_owned(), json!({"x_": -3.7})));
    assert_eq!(named(Some(1), json!([30])).unwrap().1, json!({"x_": 3}));
    assert_eq!(named(Some(1), json!([null])).unwrap().1, json!({"x_": null}));
    let all = json!({"t": 5, "s": "eco", "u": 4_294_967_295u32});
    assert_eq!(named(Some(2), json!([5, "eco", 4_294_967_295u32])).unwrap(), ("heartbeat".to_owned(), all.clone()));
    assert_eq!(named(None, json!([5, "eco", 4_294_967_295u32])).unwrap().1, all);
    for (session, values, problem) in [
        (Some(3), json!([]), "it has 3 sessions"),
        (Some(u64::MAX), json!([]), "it has 3 sessions"),
        (Some(0), json!([1, 2]), "its session a has 1 metrics"),
        (Some(0), json!(["x"]), "its b__x in session a is unsigned"),
        (Some(0), json!([-1]), "its b__x in session a is unsigned"),
        (Some(0), json!([1u64 << 32]), "its b__x in session a is unsigned"),
        (Some(1), json!([i64::from(i32::MIN) - 1]), "its x_ in session a__b is signed"),
        (Some(2), json!([1, 2, 3]), "its s in session heartbeat is string"),
    ] {
        assert_eq!(named(session, values).unwrap_err(), problem);
    }
}

#[test]
fn contradictions_between_names_and_table_are_one_problem() {
    let table = key_table();
    let changed = |at: usize, value: u8| {
        let mut table = table.clone();
        table[at] = value;
        table
    };
    for (table, problem) in [
        (changed(24, 7), "metric 1 of the key table has the index 7"),
        (changed(28, 4), "metric 1 of the key table has the type 4"),
        (changed(40, 3), "metric 1 of the key table is of session 3"),
        (changed(40, 2), "metric 1 of the key table is kMfltMetricsIndex_a__b__x_, but of session heartbeat"),
        (table[..96].to_vec(), "s_memfault_heartbeat_keys has 96 bytes, its metrics need 120"),
    ] {
        let mut image = Image::default();
        image.object("s_memfault_heartbeat_keys", &table);
        image.debug(4, &[unit("metrics.c", TAGS, None)]);
        let firmware = read(&image);
        assert_eq!((firmware.metrics, &*firmware.problems), (None, &[problem.to_owned()][..]));
        assert_eq!(firmware.trace_reasons.len(), 2, "the rest is usable");
    }
}

#[test]
fn the_key_table_is_found_without_its_symbol() {
    for (symbol, location) in [
        ("other", Some(BASE)),
        // Names of link-time optimisation.
        ("s_memfault_heartbeat_keys.lto_priv.0", None),
    ] {
        let mut image = Image::default();
        image.object(symbol, &key_table());
        image.debug(5, &[unit("metrics.c", TAGS, location)]);
        assert_eq!(read(&image).metrics.unwrap().metrics.len(), 5, "{symbol}");
    }
    let mut image = Image::default();
    image.debug(5, &[unit("metrics.c", TAGS, Some(BASE))]);
    let problem = "the contents of s_memfault_heartbeat_keys are not in the file";
    assert_eq!(read(&image).problems, [problem]);
    // Without the component the enumerations alone are no metrics, and nothing is wrong.
    let mut image = Image::default();
    image.debug(5, &[unit("main.c", TAGS, None)]);
    let firmware = read(&image);
    assert_eq!((firmware.metrics, firmware.problems), (None, vec![]));
}

#[test]
fn of_a_mixed_build_the_unit_with_the_key_table_counts() {
    let mut stale = unit("stale.c", TAGS, None);
    stale.enums[0].enumerators.remove(1);
    stale.enums.truncate(2);
    let mut image = image();
    image.debug(5, &[stale, unit("metrics.c", TAGS, Some(BASE)), unit("main.c", TAGS, None)]);
    let firmware = read(&image);
    assert_eq!(firmware.metrics.unwrap().metrics.len(), 5);
    let problem = "stale.c and metrics.c were compiled with different lists (MfltMetricsIndex): this is a mixed build, names \
                   may be wrong";
    assert_eq!(firmware.problems, [problem]);
}

#[test]
fn build_ids() {
    let id: [u8; 20] = std::array::from_fn(|index| index as u8 + 0xa0);
    for (kind, expected, name) in [(3, Some(id), "memfault"), (1, None, "none"), (9, None, "none")] {
        let mut image = Image::default();
        image.build_id(kind, id);
        let build = read(&image).image.build;
        assert_eq!((build.id, build.kind, build.sdk_version), (expected, name, Some([1, 43, 0])));
        assert_eq!(build.os, Some(("toy".to_owned(), "009".to_owned())));
        assert_eq!(identify(&*image.file()), Ok(expected));
    }
    // The linker's note, in the middle of a section that nobody knows as a note.
    let note = [4u32, 20, 3].into_iter().flat_map(u32::to_le_bytes).chain(*b"GNU\0").chain(id).collect();
    let mut image = Image { memory: note, ..Image::default() };
    let record = [2u32, BASE, 0, 0, 0].into_iter().flat_map(u32::to_le_bytes).collect::<Vec<_>>();
    image.object("g_memfault_build_id", &record);
    let build = read(&image).image.build;
    assert_eq!((build.id, build.kind, build.os), (Some(id), "gnu", None));
}

#[test]
fn functions_of_the_symbol_table_name_addresses() {
    let mut image = Image::default();
    image.build_id(1, [0; 20]);
    image.function("spin", BASE + 1, 8);
    let source = |image: &Image, address| read(image).source(address, Role::Instruction);
    assert_eq!(source(&image, u64::from(BASE) + 5).as_deref(), Some("spin+0x4"));
    // Only ARM marks Thumb code in the lowest bit.
    image.machine = 243;
    assert_eq!(source(&image, u64::from(BASE) + 5).as_deref(), Some("spin+0x4"));
    assert_eq!(source(&image, u64::from(BASE)), None);
}

#[test]
fn what_is_no_firmware_is_refused_in_one_sentence() {
    let mut image = image();
    image.debug(4, &[unit("metrics.c", TAGS, None)]);
    let good = image.file();
    let with = |at: usize, value: u8| {
        let mut file = good.clone();
        file[at] = value;
        file
    };
    let mut foreign = Image::default();
    foreign.object("x", &[1, 2, 3, 4]);
    for (file, problem) in [
        (b"".to_vec(), "it is no ELF file; names are in the file that the linker made, before objcopy"),
        (b":10000000\n".to_vec(), "it is no ELF file; names are in the file that the linker made, before objcopy"),
        (good[..20].to_vec(), "it is damaged: "),
        (with(4, 9), "its ELF header is damaged"),
        (with(5, 2), "it is for a big-endian machine, which is not supported"),
        (with(16, 1), "it is an object file; addresses and names are complete only in the linked firmware"),
        (with(16, 4), "it is a core file, not a firmware"),
        (good[..good.len() - 1].to_vec(), "it is damaged: "),
        (
            foreign.file(),
            "it has no names of this SDK: neither metrics nor reasons nor a build id of it (it has no debug information; build with -g and do not strip)",
        ),
    ] {
        let refused = Firmware::read(&file).unwrap_err();
        assert!(refused.starts_with(problem), "{refused}");
        assert!(!refused.contains('\n'));
    }
}

/// Every byte of the file, one at a time: no panic, no endless loop, and what remains is used.
#[test]
fn damage_anywhere_is_survived() {
    let mut image = image();
    image.build_id(3, [7; 20]);
    image.function("spin", BASE, 8);
    image.debug(5, &[unit("metrics.c", TAGS, Some(BASE)), unit("main.c", [None; 3], None)]);
    image.sections.push(("log_fmt".to_owned(), b"LOGf\x01\0\0\x000;x.c;9;hi\0".to_vec()));
    let good = image.file();
    let values = [json!(5), json!("eco"), json!(1)];
    let mut usable = 0;
    for at in 0..good.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut file = good.clone();
            file[at] ^= change;
            let _ = identify(&*file);
            let Ok(firmware) = Firmware::read(&file) else { continue };
            firmware.source(BASE.into(), Role::Instruction);
            firmware.logs.iter().for_each(|logs| assert!(logs.entries().count() < 100));
            usable += u64::from(firmware.metrics.is_some_and(|table| table.name(Some(2), &values).is_ok()));
        }
    }
    assert!(usable > 0);
    for len in 0..good.len() {
        let _ = Firmware::read(&good[..len]);
    }
}
