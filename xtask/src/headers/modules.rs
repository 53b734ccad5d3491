//! A header made from several Rust files.
//!
//! What `x/a.rs` declares as `mod b;` and has a mark in `x/a/b.rs` is a part of the header `x/a.h` and stands there at the place of
//! the declaration. A file without C text of its own is marked with a line like `// C header: a part of a.h`.
use super::source::{self, Part, Source};
use std::fs;
use std::path::{Path, PathBuf};

/// What the file at `path`, relative to `folder`, and its marked modules contribute; the latter are added to `joined`. Nothing if
/// the file has no mark.
pub fn load(folder: &Path, path: &Path, joined: &mut Vec<PathBuf>) -> Result<Option<Source>, String> {
    let error = |e: &dyn std::fmt::Display| format!("{}: {e}", folder.join(path).display());
    let text = fs::read_to_string(folder.join(path)).map_err(|e| error(&e))?;
    if !source::is_marked(&text) {
        return Ok(None);
    }
    let parsed = source::parse(&text).map_err(|e| error(&e))?;
    join(parsed, |name| {
        let path = path.with_extension("").join(name).with_extension("rs");
        if !folder.join(&path).is_file() {
            return Ok(None); // a `mod` with a path of its own
        }
        let module = load(folder, &path, joined)?;
        if module.is_some() {
            joined.push(path);
        }
        Ok(module)
    })
    .map(Some)
}

/// Puts the parts of the modules in the places of their declarations.
fn join(source: Source, mut module: impl FnMut(&str) -> Result<Option<Source>, String>) -> Result<Source, String> {
    let mut whole = Source { parts: Vec::new(), ..source };
    for part in source.parts {
        let Part::Module(name) = part else {
            whole.parts.push(part);
            continue;
        };
        if let Some(module) = module(&name)? {
            whole.includes.extend(module.includes);
            whole.parts.extend(module.parts);
            whole.rust.push_str(&module.rust);
            whole.tags.extend(module.tags);
            whole.function_types.extend(module.function_types);
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::{Part, Source, join, source::parse};

    fn joined(text: &str, module: &str) -> Source {
        let parsed = parse(text).expect("the example is valid");
        join(parsed, |name| if name == "b" { parse(module).map(Some) } else { Ok(None) }).expect("the module is valid")
    }

    #[test]
    fn a_module_stands_where_it_is_declared() {
        let text = "
// C header:
// | #include \"a.h\"
pub const MEMFAULT_A: u32 = 1;
mod b;
pub const MEMFAULT_C: u32 = 3;
mod unmarked;
mod inside { pub const MEMFAULT_INSIDE: u32 = 0; }
";
        let module = "
// C header:
// | #include \"b.h\"
/// cbindgen:tag=B
#[repr(C)] pub struct sB { pub b: u8 }
// C header:
// | #define B 2
";
        let source = joined(text, module);
        let item = |name: &str| Part::Item(name.to_string());
        let text = Part::Text("#define B 2".to_string());
        assert_eq!(source.parts, [item("MEMFAULT_A"), item("sB"), text, item("MEMFAULT_C")]);
        assert_eq!(source.includes, ["#include \"a.h\"", "#include \"b.h\""]);
        assert!(source.rust.contains("MEMFAULT_A") && source.rust.contains("sB"));
        assert!(source.tags.contains_key("sB"));
    }

    #[test]
    fn the_title_is_that_of_the_outer_file() {
        let source = joined("//! `a.h` (spec 1): all of it.\nmod b;", "//! `a.h` (spec 2): a part.\n");
        assert_eq!(source.title, "All of it (spec 1).");
    }
}
