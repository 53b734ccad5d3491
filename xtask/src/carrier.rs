//! The whole library as one C unit, for firmware whose build takes only a list of C files and whose link line must not change.
//!
//! The unit is one line of C that assembles a file beside it. It cannot be compiled with `-flto` (the linker plug-in does not see
//! symbols of file-scope assembly), and it has no debug information; the archive is free of both limits.
use crate::output;
use std::fs;
use std::path::{Path, PathBuf};

/// Directives that the assembler would complain about, or that make sections which firmware cannot place: unwind tables
/// (nothing unwinds), the compiler's name, line numbers (their files clash with those of the C unit under `-g`).
const DROPPED: [&str; 9] = [".fnstart", ".fnend", ".cantunwind", ".setfp", ".save", ".pad", ".vsave", ".ident", ".loc"];
/// The same for sections with all that is in them: the stack note, debug information of a precompiled core library.
const DROPPED_SECTIONS: [&str; 3] = [".note.GNU-stack", ".debug_", ".llvm"];

/// Makes `unit` (a `.c` file) out of rustc's assembly. Both files keep their times when nothing changed; a changed assembler file
/// renews the unit, because make does not look into it.
pub fn finish(rustcs: &Path, unit: &Path) -> Result<PathBuf, String> {
    let text = fs::read_to_string(rustcs).map_err(|e| format!("{}: {e}", rustcs.display()))?;
    let assembly = unit.with_extension("s");
    let changed = output::write_if_different(&assembly, without_dropped_lines(&text).as_bytes())?;
    let path = assembly.display().to_string().replace('\\', "/");
    let source = format!(
        "/* The Rust part of Memfault, made by `cargo xtask archive --carrier`. */\n__asm__(\".include \\\"{path}\\\"\");\n"
    );
    if changed {
        fs::write(unit, source).map_err(|e| format!("{}: {e}", unit.display()))?;
    } else {
        output::write_if_different(unit, source.as_bytes())?;
    }
    Ok(unit.to_path_buf())
}

fn without_dropped_lines(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_dropped_section = false;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let directive = words.next().unwrap_or("");
        let operand = words.next().unwrap_or("");
        if [".section", ".text", ".data", ".bss"].contains(&directive) {
            let name = operand.trim_start_matches('"');
            in_dropped_section =
                directive == ".section" && DROPPED_SECTIONS.iter().any(|section| name.starts_with(section));
        }
        if !in_dropped_section && is_kept(directive, operand) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn is_kept(directive: &str, operand: &str) -> bool {
    // `.attribute 5` is the RISC-V ISA string; binutils before 2.41 does not know LLVM's spelling of it.
    let is_isa_string = directive == ".attribute" && operand.trim_end_matches(',') == "5";
    let is_numbered_file = directive == ".file" && operand.starts_with(|c: char| c.is_ascii_digit());
    let is_frame_table = directive.starts_with(".cfi_");
    !DROPPED.contains(&directive) && !is_isa_string && !is_numbered_file && !is_frame_table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwind_tables_notes_and_the_isa_string_go_and_code_stays() {
        let rustcs = "\t.file\t1 \"/src\" \"core.rs\"\n\t.cfi_startproc\n\t.loc\t1 2 3\n\t.fnstart\n\tpush\t{r4, lr}\n\t.save\t{r4, lr}\n\t.ident\t\"rustc\"\n\t.attribute\t5, \"rv32i2p1\"\n\
                      \t.attribute\t4, 16\n\t.section\t.debug_info,\"\",%progbits\n\t.long\t1\n\t.text\n\
                      .padding:\n\t.section\t\".note.GNU-stack\",\"\",%progbits\n";
        assert_eq!(without_dropped_lines(rustcs), "\tpush\t{r4, lr}\n\t.attribute\t4, 16\n\t.text\n.padding:\n");
    }
}
