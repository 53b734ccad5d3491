//! What happens to cargo's archive: sections that firmware cannot place go, and a file that did not change keeps its time.
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes the archive `built`, cleaned for the target, to `destination` if that differs, and returns `destination`.
pub fn finish(built: &Path, destination: &Path, target: &str, objcopy: Option<&str>) -> Result<PathBuf, String> {
    let folder = destination.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    // Beside the destination, so that the rename is atomic and cargo's own copy (a hard link of it) stays as it is.
    let clean = folder.join(format!(".libmemfault_rs.{}.a", std::process::id()));
    let result = write_clean(built, &clean, target, objcopy)
        .and_then(|()| fs::read(&clean).map_err(|e| format!("{}: {e}", clean.display())))
        .and_then(|bytes| if differs(destination, &bytes) { rename(&clean, destination) } else { Ok(()) });
    if clean.exists() {
        let _ = fs::remove_file(&clean); // only a leftover
    }
    result.map(|()| destination.to_path_buf())
}

/// Writes a file, but leaves it untouched (and its time as it is) when it has this content already. Tells if it was written.
pub fn write_if_different(path: &Path, bytes: &[u8]) -> Result<bool, String> {
    if !differs(path, bytes) {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(true)
}

/// Makes the rule that cargo wrote for its archive one for `result`. The sources of this program are part of it.
pub fn write_depfile(cargos: &Path, result: &Path, depfile: &Path) -> Result<(), String> {
    let own = env::current_exe().map_err(|e| e.to_string())?.with_extension("d");
    let files = format!("{} {}", files_of_rule(cargos)?, files_of_rule(&own)?);
    let result = result.display().to_string().replace(' ', "\\ ");
    write_if_different(depfile, format!("{result}: {files}\n").as_bytes()).map(|_| ())
}

fn files_of_rule(depfile: &Path) -> Result<String, String> {
    let rule = fs::read_to_string(depfile).map_err(|e| format!("{}: {e}", depfile.display()))?;
    Ok(rule.lines().next().and_then(|line| line.split_once(": ")).map_or("", |(_, files)| files).to_owned())
}

fn differs(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).map_or(true, |before| before != bytes)
}

fn rename(from: &Path, to: &Path) -> Result<(), String> {
    fs::rename(from, to).map_err(|e| format!("{}: {e}", to.display()))
}

/// Sections that a bare-metal linker script has no place for: unwind tables (nothing unwinds), the stack note (it makes ld
/// warn about C objects, which have none), and what LLVM and rustc say about themselves.
const NOT_FOR_FIRMWARE: [&str; 7] =
    [".ARM.exidx*", ".rel.ARM.exidx*", ".eh_frame", ".rela.eh_frame", ".note.GNU-stack", ".llvm*", ".comment"];

/// Functions that every C toolchain for Arm brings along, because compilers call them. Rust's own are slower and stay inside: the
/// linker sees this archive before the C library, and would take them for the firmware's calls too. Toolchains for RISC-V and
/// AArch64 may come without a C library.
const LEFT_TO_THE_C_LIBRARY: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "strlen"];

fn write_clean(built: &Path, clean: &Path, target: &str, objcopy: Option<&str>) -> Result<(), String> {
    let copy = || fs::copy(built, clean).map(|_| ()).map_err(|e| format!("{}: {e}", built.display()));
    if !target.contains("-none") {
        return copy(); // a hosted linker knows these sections, and wants the stack note
    }
    let mut reasons = Vec::new();
    for objcopy in objcopy_programs(objcopy, target) {
        let mut command = Command::new(&objcopy);
        command.arg("--wildcard").args(NOT_FOR_FIRMWARE.map(|section| format!("--remove-section={section}")));
        if target.starts_with("thumb") || target.starts_with("arm") {
            command.args(LEFT_TO_THE_C_LIBRARY.map(|function| format!("--localize-symbol={function}")));
        }
        match command.arg(built).arg(clean).stdout(Stdio::null()).stderr(Stdio::piped()).output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => reasons.push(format!("{objcopy}: {}", String::from_utf8_lossy(&output.stderr).trim())),
            Err(error) => reasons.push(format!("{objcopy}: {error}")),
        }
    }
    eprintln!(
        "note: libmemfault_rs.a keeps sections such as .ARM.exidx, because no objcopy for {target} works here. Install one or name it \
         with --objcopy.\n  {}",
        reasons.join("\n  ")
    );
    copy()
}

/// Programs to try: what the user named, what belongs to the target's C compiler, LLVM's, which knows every target.
fn objcopy_programs(wanted: Option<&str>, target: &str) -> Vec<String> {
    let by_target: &[&str] = if target.starts_with("riscv") {
        &["riscv64-unknown-elf-objcopy", "riscv32-unknown-elf-objcopy", "riscv-none-elf-objcopy"]
    } else if target.starts_with("aarch64") {
        &["aarch64-none-elf-objcopy", "aarch64-linux-gnu-objcopy"]
    } else {
        &["arm-none-eabi-objcopy"]
    };
    let wanted = wanted.map(str::to_owned).or(env::var("OBJCOPY").ok());
    wanted
        .into_iter()
        .chain(by_target.iter().chain(&["llvm-objcopy", "rust-objcopy"]).map(ToString::to_string))
        .collect()
}
