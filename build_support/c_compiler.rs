//! The C compiler for the target of this build and the firmware's flags, for code that plain cargo compiles.
//!
//! The compiler is chosen as the `cc` crate does it (`CC_<target>`, `TARGET_CC`, `CC`), then among the names that
//! distributions use. Flags for CPU and float ABI follow from the target.
use super::text;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The firmware's configuration header.
pub const CONFIG_HEADER: &str = "MEMFAULT_CONFIG_HEADER";
/// The firmware's flags that matter for its configuration: include paths, definitions, `-fno-short-enums`.
pub const CONFIG_CFLAGS: &str = "MEMFAULT_CONFIG_CFLAGS";

/// Compiler names to try when the one that `cc` picks is not installed.
fn other_names(target: &str) -> &'static [&'static str] {
    if target.starts_with("riscv32") {
        &["riscv32-unknown-elf-gcc", "riscv64-unknown-elf-gcc", "riscv-none-elf-gcc"]
    } else if target.starts_with("aarch64-unknown-none") {
        &["aarch64-none-elf-gcc", "aarch64-linux-gnu-gcc"]
    } else if target.contains("-none-eabi") {
        &["arm-none-eabi-gcc"]
    } else {
        &[]
    }
}

/// A compiler for the target that runs here, with the flags of the target. The error is one sentence.
pub fn for_target(target: &str) -> Result<cc::Build, String> {
    let mut build = cc::Build::new();
    build.cargo_warnings(false).opt_level_str("s").warnings(false).flag("-ffunction-sections").flag("-fdata-sections");
    if target.contains("-none") {
        build.flag("-ffreestanding").pic(false).flag("-fno-stack-protector");
    }
    if target == "aarch64-unknown-none-softfloat" {
        build.flag("-mgeneral-regs-only");
    }
    let mut tried = Vec::new();
    for name in [None].into_iter().chain(other_names(target).iter().map(Some)) {
        if let Some(name) = name {
            build.compiler(name);
        }
        let Ok(tool) = build.try_get_compiler() else { continue };
        if makes_code_for(&tool, target) {
            return Ok(build);
        }
        tried.push(tool.path().display().to_string());
        if ["CC", "TARGET_CC"].iter().any(|v| env::var_os(v).is_some()) || tool_is_named_for(target) {
            break; // the user's choice: no guessing
        }
    }
    tried.dedup();
    Err(format!(
        "no C compiler for {target} (tried {}); install one or name it in CC_{}",
        tried.join(", "),
        target.replace(['-', '.'], "_")
    ))
}

fn tool_is_named_for(target: &str) -> bool {
    env::var_os(format!("CC_{target}")).is_some()
        || env::var_os(format!("CC_{}", target.replace(['-', '.'], "_"))).is_some()
}

/// It runs here and is a compiler for the target. For targets that `cc` does not know it picks the host's.
fn makes_code_for(tool: &cc::Tool, target: &str) -> bool {
    let Ok(output) = tool.to_command().arg("-dumpmachine").stderr(Stdio::null()).output() else { return false };
    let machine = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || machine.trim().is_empty() {
        return true; // no GCC and no clang, so the user named it
    }
    let families = [("thumb", "arm"), ("arm", "arm"), ("riscv", "riscv"), ("aarch64", "aarch64"), ("x86_64", "x86_64")];
    let wanted = families.iter().find(|(prefix, _)| target.starts_with(prefix)).map_or("", |(_, family)| family);
    // clang says thumbv7em where GCC says arm.
    machine.starts_with(wanted) || (wanted == "arm" && machine.starts_with("thumb"))
}

/// The path in `MEMFAULT_CONFIG_HEADER`. A relative one starts at `root`, the folder of the library's `Cargo.toml`.
pub fn config_header(root: &Path) -> Result<Option<PathBuf>, String> {
    println!("cargo::rerun-if-env-changed={CONFIG_HEADER}");
    let Some(header) = env::var_os(CONFIG_HEADER).filter(|h| !h.is_empty()) else { return Ok(None) };
    let header = root.join(header);
    if !header.is_file() {
        return Err(format!(
            "{CONFIG_HEADER} names {}, which is no file (a relative path starts at {})",
            header.display(),
            root.display()
        ));
    }
    Ok(Some(header))
}

/// Flags with which a C unit of the firmware sees its configuration. `header` as [`config_header`] gives it.
pub fn config_flags(root: &Path, header: &Path) -> Result<Vec<String>, String> {
    println!("cargo::rerun-if-env-changed={CONFIG_CFLAGS}");
    let cflags = env::var(CONFIG_CFLAGS).unwrap_or_default();
    let mut flags =
        text::split_flags(&cflags).ok_or(format!("{CONFIG_CFLAGS} has a quote without its end: {cflags}"))?;
    flags.push(format!("-DMEMFAULT_PLATFORM_CONFIG_FILE=\"{}\"", header.display()));
    flags.extend(header.parent().map(|folder| format!("-I{}", folder.display())));
    flags.push(format!("-I{}", root.join("include").display()));
    Ok(flags)
}
