use super::{Part, Tag, parse};

fn parts(text: &str) -> Vec<String> {
    let source = parse(text).expect("the example is valid");
    source
        .parts
        .into_iter()
        .map(|part| match part {
            Part::Item(name) => name,
            Part::Text(c) => format!("C:{c}"),
            Part::Module(name) => format!("mod {name}"),
        })
        .collect()
}

#[test]
fn only_what_c_can_see_is_kept() {
    let text = r#"
        pub const MEMFAULT_A: u32 = 1;
        pub const OTHER: u32 = 1;
        const MEMFAULT_PRIVATE: u32 = 1;
        pub struct Internal(u8);
        #[repr(C)] pub struct sPublic { pub a: u8 }
        #[unsafe(no_mangle)] pub extern "C" fn exported() {}
        fn helper() {}
        unsafe extern "C" {
            /// A hook.
            fn hook();
            /// Another one.
            safe fn safe_hook();
            fn undocumented();
        }
    "#;
    assert_eq!(parts(text), ["MEMFAULT_A", "sPublic", "exported", "hook", "safe_hook"]);
}

#[test]
fn a_weak_default_stands_under_its_exported_name() {
    let text = "
        /// Computes.
        unsafe extern \"C\" fn builtin(a: u16) -> u16 { a }
        weak_fn!(\"memfault_compute\" = builtin);
        extern \"C\" fn silent() {}
        weak_fn!(\"memfault_silent\" = silent);
        extern \"C\" {
            /// Locks.
            fn memfault_lock();
        }
        /// For one thread.
        extern \"C\" fn no_lock() {}
        weak_fn!(\"memfault_lock\" = no_lock);
        weak_fn!(\"memfault_unlock_silently\" = silent);
    ";
    let source = parse(text).expect("the example is valid");
    let names = ["memfault_compute", "memfault_lock"].map(|name| Part::Item(name.to_string()));
    assert_eq!(source.parts, names);
    assert!(source.rust.contains("Locks."));
    assert!(source.rust.contains("fn memfault_compute"));
}

#[test]
fn c_text_stands_where_it_is_marked_and_includes_go_to_the_top() {
    let text = "
// C header:
// | #include <stddef.h>
// | #define FIRST 1
pub const MEMFAULT_A: u32 = 1;
// C header:
// | #define SECOND \\
// |   2
// an ordinary comment
// | not marked
";
    assert_eq!(parts(text), ["C:#define FIRST 1", "MEMFAULT_A", "C:#define SECOND \\\n  2"]);
    assert_eq!(parse(text).expect("the example is valid").includes, ["#include <stddef.h>"]);
}

#[test]
fn directives_name_tags_and_leave_items_out() {
    let text = "
        /// One.
        /// cbindgen:tag=One
        #[repr(C)] pub struct sOne { pub a: u8 }
        /// cbindgen:tag-only=Two
        #[repr(C)] pub struct sTwo { pub a: u8 }
        /// cbindgen:ignore
        #[repr(C)] pub struct sThree { pub a: u8 }
    ";
    let source = parse(text).expect("the example is valid");
    assert_eq!(source.tags.get("sOne"), Some(&Tag::Typedef("One".to_string())));
    assert_eq!(source.tags.get("sTwo"), Some(&Tag::Only("Two".to_string())));
    assert_eq!(source.parts.len(), 2);
    assert!(parse("/// cbindgen:tga=X\n#[repr(C)] pub struct sOne { pub a: u8 }").is_err());
}

#[test]
fn the_title_comes_from_the_first_paragraph() {
    let text = "//! `memfault/util/crc16.h` (spec 10 section 4): the CRC\n//! of chunks.\n//!\n//! Inside.\n";
    assert_eq!(parse(text).expect("the example is valid").title, "The CRC of chunks (spec 10 section 4).");
}

#[test]
fn function_types_are_those_in_non_null() {
    let text = "pub struct S { a: Option<NonNull<ReadCallback>> }\npub type NonNull<F> = F;";
    assert_eq!(parse(text).expect("the example is valid").function_types, ["ReadCallback"]);
}

#[test]
fn modules_in_other_files_keep_their_place() {
    let text = "pub const MEMFAULT_A: u32 = 1;\nmod b;\npub const MEMFAULT_C: u32 = 3;\nmod inside { fn d() {} }";
    assert_eq!(parts(text), ["MEMFAULT_A", "mod b", "MEMFAULT_C"]);
}
