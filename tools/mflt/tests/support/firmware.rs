//! Builds the kettle of `tests/firmware`: a real firmware image, from the SDK's headers and units, for its ELF file.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _};
use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// What its devices sent (spec 80 §7.8).
pub const LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/firmware/kettle.log");

/// Builds `name` in `dir` with these additional flags; its path.
pub fn build(dir: &Path, name: &str, flags: &[&str]) -> String {
    let path = dir.join(name);
    let units = ["metrics", "compact_log", "build_id", "trace_reasons"];
    let mut command = Command::new("arm-none-eabi-gcc");
    // In this directory, so that the compiler sees the files by the names of the example.
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/firmware"));
    command.args(["-mcpu=cortex-m3", "-mthumb", "-std=gnu11", "-Os", "-g", "-ffunction-sections", "-fdata-sections"]);
    command.args(["-Wall", "-Wextra", "-Werror", "-I.", &format!("-I{ROOT}/include")]).args(flags);
    command.args(["main.c", "boot.c", "bare.s"]);
    command.args(units.map(|unit| format!("{ROOT}/shim/memfault_rs_{unit}.c")));
    // Nothing is run: what the library would define may be missing.
    command.args(["-nostdlib", "-Wl,-T,kettle.ld", "-Wl,--gc-sections", "-Wl,--unresolved-symbols=ignore-all"]);
    command.arg("-Wl,-u,g_memfault_rs_metrics,-u,g_memfault_build_id,-u,g_memfault_log_fmt_elf_section_hdr");
    let output = command.arg("-o").arg(&path).output();
    let output = output.expect("arm-none-eabi-gcc is needed: scripts/setup.sh names its package");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path.display().to_string()
}

/// Address and size of a symbol.
pub fn symbol(elf: &str, name: &str) -> (u64, u64) {
    let bytes = std::fs::read(elf).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let symbol = file.symbols().find(|symbol| symbol.name() == Ok(name)).unwrap();
    (symbol.address(), symbol.size())
}

/// Does what the post-link tool does: the record's type becomes 3, the id is written beside it (spec 20 §14.4).
pub fn patch(elf: &str, id: [u8; 20]) {
    let mut bytes = std::fs::read(elf).unwrap();
    for (name, new) in [("g_memfault_build_id", &[3][..]), ("g_memfault_sdk_derived_build_id", &id)] {
        let address = symbol(elf, name).0;
        let at = {
            let file = object::File::parse(&*bytes).unwrap();
            let holds = |section: &object::Section<'_, '_>| {
                (section.address()..section.address() + section.size()).contains(&address)
            };
            let section = file.sections().find(|section| holds(section) && section.address() != 0).unwrap();
            (section.file_range().unwrap().0 + address - section.address()) as usize
        };
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    std::fs::write(elf, bytes).unwrap();
}
