//! Which library a firmware's bytes come from, read from the linker's map file.
use std::collections::BTreeMap;

/// Where an input section was taken from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    App,
    Sdk,
    /// The memory functions that Rust brings along, inside `libmemfault_rs.a`.
    CompilerBuiltins,
    /// libc, libgcc, libnosys.
    Libc,
}

impl Origin {
    fn of(file: &str) -> Self {
        let name = file.rsplit('/').next().unwrap_or(file);
        if name.contains("compiler_builtins") {
            Self::CompilerBuiltins
        } else if name.starts_with("libmemfault_rs.a(") {
            Self::Sdk
        } else if ["libc", "libg", "libnosys"].iter().any(|prefix| name.starts_with(prefix)) && name.contains(".a(") {
            Self::Libc
        } else if name.starts_with("app_") {
            Self::App
        } else {
            Self::Sdk
        }
    }
}

/// Bytes per origin in the output sections that take flash.
pub fn flash_by_origin(map: &str) -> BTreeMap<Origin, u64> {
    let mut sizes = BTreeMap::new();
    let mut in_flash = false;
    for (section, size, file) in placed_sections(map) {
        match file {
            None => in_flash = [".text", ".rodata", ".data"].contains(&section.as_str()),
            Some(file) if in_flash => *sizes.entry(Origin::of(&file)).or_default() += size,
            Some(_) => {}
        }
    }
    sizes
}

/// (name, size, file) in the order of the map; an output section has no file.
fn placed_sections(map: &str) -> Vec<(String, u64, Option<String>)> {
    let mut sections = Vec::new();
    let mut pending_name: Option<String> = None;
    let memory_map = map.split_once("Linker script and memory map").map_or("", |(_, rest)| rest);
    for line in memory_map.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let indent = line.len() - line.trim_start().len();
        let Some(&first) = words.first() else { continue };
        let starts_section = indent <= 1 && first.starts_with('.');
        // A long name stands alone, its numbers on the next line.
        if starts_section && words.len() == 1 {
            pending_name = Some(format!("{}{first}", " ".repeat(indent)));
            continue;
        }
        let (name, numbers) = if starts_section {
            (format!("{}{first}", " ".repeat(indent)), &words[1..])
        } else if let Some(name) = pending_name.take() {
            (name, &words[..])
        } else {
            continue;
        };
        pending_name = None;
        let [_address, size, file @ ..] = numbers else { continue };
        let Some(size) = size.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok()) else { continue };
        let is_input = name.starts_with(' ');
        let file = is_input.then(|| file.join(" "));
        sections.push((name.trim_start().to_owned(), size, file));
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_sections_are_counted_by_the_file_they_come_from() {
        let map = "\
Discarded input sections
 .text.gone     0x0000000000000000       0x40 libmemfault_rs.a(x.o)

Linker script and memory map

.text           0x0000000000000000      0x100
 *(.text .text.*)
 .text.main     0x0000000000000040       0x10 /out/app_l1.o
 .text.memfault_packetizer_get_chunk
                0x0000000000000050       0x20 /out/libmemfault_rs.a(a.o)
 .text.memset   0x0000000000000070        0x4 /usr/lib/libc_nano.a(libc_a-memset.o)
 .text.memcpy   0x0000000000000074        0x8 /out/libmemfault_rs.a(compiler_builtins-1.o)

.bss            0x0000000020000000       0x80
 .bss.state     0x0000000020000000       0x80 /out/libmemfault_rs.a(a.o)
";
        let sizes = flash_by_origin(map);
        assert_eq!(sizes.get(&Origin::App), Some(&0x10));
        assert_eq!(sizes.get(&Origin::Sdk), Some(&0x20));
        assert_eq!(sizes.get(&Origin::Libc), Some(&0x4));
        assert_eq!(sizes.get(&Origin::CompilerBuiltins), Some(&0x8));
    }
}
