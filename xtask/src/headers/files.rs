//! Which headers there are, and writing or comparing them.
use super::{modules, render};
use std::fs;
use std::path::{Path, PathBuf};

const SOURCES: &str = "src/ffi";
const HEADERS: &str = "include/memfault";

/// Writes every generated header below `root`, or with `check` only compares.
pub fn run(root: &Path, check: bool) -> Result<(), String> {
    let mut joined = Vec::new();
    let mut loaded = Vec::new();
    for path in sources(root)? {
        if let Some(source) = modules::load(&root.join(SOURCES), &path, &mut joined)? {
            loaded.push((path, source));
        }
    }
    loaded.retain(|(path, _)| !joined.contains(path));
    let mut headers = Vec::new();
    let mut problems = Vec::new();
    for (path, source) in loaded {
        let from = format!("{SOURCES}/{}", slashes(&path));
        let wanted = render::header(&source, &from).map_err(|e| format!("{from}: {e}"))?;
        headers.push((path.with_extension("h"), from, wanted));
    }
    for (path, from, wanted) in &headers {
        let name = format!("{HEADERS}/{}", slashes(path));
        let found = fs::read_to_string(root.join(&name)).unwrap_or_default();
        if check {
            problems.extend(difference(&name, from, &found, wanted));
        } else if found != *wanted {
            fs::write(root.join(&name), wanted).map_err(|e| format!("{name}: {e}"))?;
            println!("{name}");
        }
    }
    for path in files_below(&root.join(HEADERS), "h")? {
        let first = read(&root.join(HEADERS).join(&path))?;
        if first.starts_with(render::GENERATED) && !headers.iter().any(|(made, ..)| *made == path) {
            problems.push(format!("{HEADERS}/{} says that it is generated, but no source makes it", slashes(&path)));
        }
    }
    if problems.is_empty() {
        println!("{} generated headers{}", headers.len(), if check { ", all up to date" } else { "" });
        Ok(())
    } else {
        Err(format!("{}\n\nrun \"cargo xtask headers\" and look at the result", problems.join("\n")))
    }
}

/// The Rust files that could be the source of a header: all below a folder of `src/ffi` but `mod.rs`.
fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    let all = files_below(&root.join(SOURCES), "rs")?;
    Ok(all.into_iter().filter(|p| p.components().count() > 1 && !p.ends_with("mod.rs")).collect())
}

/// The files with this extension, relative to `folder`, sorted.
fn files_below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let entries = fs::read_dir(folder.join(&below)).map_err(|e| format!("{}: {e}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|e| format!("{}: {e}", folder.display()))?;
            let path = below.join(entry.file_name());
            if folder.join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn slashes(path: &Path) -> String {
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The first line in which a header differs from what its source says.
fn difference(header: &str, from: &str, found: &str, wanted: &str) -> Option<String> {
    if found == wanted {
        return None;
    }
    let (mut found, mut wanted) = (found.lines(), wanted.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (found.next(), wanted.next()) {
            (None, None) => return Some(format!("{header} differs from {from} in its line ends")),
            (a, b) if a != b => {
                let show = |side: Option<&str>| side.map_or("(end of file)".to_string(), str::to_string);
                return Some(format!(
                    "{header}:{line} differs from {from}\n  header: {}\n  source: {}",
                    show(a),
                    show(b)
                ));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_differing_line_is_named() {
        let message = difference("x.h", "x.rs", "a\nb\nc\n", "a\nB\nC\n");
        assert_eq!(message.as_deref(), Some("x.h:2 differs from x.rs\n  header: b\n  source: B"));
    }

    #[test]
    fn a_missing_end_is_a_difference() {
        let message = difference("x.h", "x.rs", "a\n", "a\nb\n");
        assert_eq!(message.as_deref(), Some("x.h:2 differs from x.rs\n  header: (end of file)\n  source: b"));
        assert_eq!(difference("x.h", "x.rs", "a\n", "a\n"), None);
    }
}
