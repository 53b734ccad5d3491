//! Turns the firmware's configuration into `OUT_DIR/config.rs` and tells the code about its target.
//!
//! The configuration comes from the first of these that is set (`docs/configuration.md`):
//!
//! 1. `MEMFAULT_CONFIG_OBJECT`: `shim/config_probe.c`, compiled by the firmware's build; CMake and Make do this
//! 2. `MEMFAULT_CONFIG_HEADER` (with `MEMFAULT_CONFIG_CFLAGS`): this script compiles the probe with that header
//! 3. neither: the reference defaults
mod build_support;

use build_support::record::Records;
use build_support::{c_compiler, generate, text};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const CONFIG_OBJECT: &str = "MEMFAULT_CONFIG_OBJECT";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build_support");
    if let Err(message) = run() {
        println!("cargo::error={message}");
    }
}

fn run() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out_dir = PathBuf::from(variable("OUT_DIR"));
    let target = variable("TARGET");

    let (records, origin) = firmware_configuration(&root, &out_dir, &target)?;
    warn_about_other_target(&target, records.as_ref());
    set_target_cfgs(&target, records.as_ref())?;

    let generated = generate::generate(records.as_ref(), &origin).map_err(|e| format!("{e} (read from {origin})"))?;
    for (name, symbol) in &generated.symbols {
        println!("cargo::rustc-env={name}={symbol}");
    }
    // An unchanged file keeps its time, so that nothing is compiled again for it.
    let path = out_dir.join("config.rs");
    if fs::read_to_string(&path).ok().as_deref() != Some(&generated.source) {
        fs::write(&path, generated.source).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    Ok(())
}

/// Cargo sets these for every build script.
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: this is a cargo build script"))
}

/// The firmware's values, if a configuration was given, and in words where they come from.
fn firmware_configuration(root: &Path, out_dir: &Path, target: &str) -> Result<(Option<Records>, String), String> {
    println!("cargo::rerun-if-env-changed={CONFIG_OBJECT}");
    let object = env::var_os(CONFIG_OBJECT).filter(|o| !o.is_empty());
    let header = c_compiler::config_header(root)?;
    if let Some(object) = object {
        let records =
            read_object(&root.join(&object)).map_err(|e| format!("{CONFIG_OBJECT} names {}: {e}", object.display()))?;
        return Ok((Some(records), object.display().to_string()));
    }
    if let Some(header) = header {
        let object = compile_probe(root, &header, out_dir, target)?;
        let records = read_object(&object).map_err(|e| format!("the probe compiled with {}: {e}", header.display()))?;
        return Ok((Some(records), header.display().to_string()));
    }
    Ok((None, "the reference defaults".into()))
}

fn read_object(object: &Path) -> Result<Records, String> {
    println!("cargo::rerun-if-changed={}", object.display());
    Records::scan(&fs::read(object).map_err(|e| e.to_string())?)
}

/// Compiles `shim/config_probe.c` with the firmware's header and returns the object.
fn compile_probe(root: &Path, header: &Path, out_dir: &Path, target: &str) -> Result<PathBuf, String> {
    let probe = root.join("shim/config_probe.c");
    let object = out_dir.join("config_probe.o");
    let depfile = out_dir.join("config_probe.d");
    let compiler = c_compiler::for_target(target)?.get_compiler();
    let output = compiler
        .to_command()
        .args(c_compiler::config_flags(root, header)?)
        .args(["-fno-lto", "-w", "-MMD", "-MF"])
        .arg(&depfile)
        .arg("-c")
        .arg(&probe)
        .arg("-o")
        .arg(&object)
        .output()
        .map_err(|e| format!("cannot run {}: {e}", compiler.path().display()))?;
    println!("cargo::rerun-if-changed={}", probe.display());
    println!("cargo::rerun-if-changed={}", header.display());
    for file in text::files_in_depfile(&fs::read_to_string(&depfile).unwrap_or_default()) {
        println!("cargo::rerun-if-changed={file}");
    }
    if output.status.success() {
        return Ok(object);
    }
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    eprintln!("{diagnostics}"); // all of it, for `cargo build -vv`
    Err(explain_compile_error(header, &diagnostics))
}

/// One line out of the compiler's many: the option whose record did not compile, if one is to blame, and the first error.
fn explain_compile_error(header: &Path, diagnostics: &str) -> String {
    let first_error =
        diagnostics.lines().find(|line| line.contains("error")).unwrap_or("the compiler gave no message").trim();
    // The compiler quotes the line of the probe at which it stopped.
    let records =
        [("NUMBER(", "a number known at compile time"), ("STRING(", "a string literal"), ("SYMBOL(", "a name")];
    for (record, allowed) in records {
        let mut names = diagnostics.split(record).skip(1).filter_map(|rest| rest.split_once(')').map(|(name, _)| name));
        if let Some(name) = names.find(|name| name.starts_with("MEMFAULT_")) {
            return format!("{name} must be {allowed}; {}: {first_error}", header.display());
        }
    }
    format!("{} does not compile: {first_error}", header.display())
}

/// A wrong architecture would show only at the firmware's link, and not always there.
fn warn_about_other_target(target: &str, records: Option<&Records>) {
    if let Some(compiled_for) = records.and_then(|r| r.text("RUST_TARGET")).filter(|t| *t != target) {
        println!("cargo::warning=this build is for {target}, but the firmware's compiler and flags fit {compiled_for}");
    }
}

/// `cfg`s that stable Rust does not offer by itself.
///
/// | cfg | on when |
/// |---|---|
/// | `thumb` | functions are Thumb code, aliases need `.thumb_set` |
/// | `armv6m` | the core has only the Thumb-1 instructions of Armv6-M, or few more (Armv8-M Baseline) |
/// | `fpu` | the 32-bit Arm core has floating-point registers, whatever the float ABI is |
/// | `short_enums` | the firmware's C enums take the smallest type |
fn set_target_cfgs(target: &str, records: Option<&Records>) -> Result<(), String> {
    let thumb = target.starts_with("thumb");
    let arm = thumb || target.starts_with("arm");
    let arm_bare_metal = arm && target.contains("-none-eabi");
    let short_enums = match records.and_then(|r| r.number("ENUM_SIZE")) {
        None => arm_bare_metal,
        Some(1) => true,
        Some(4) => false,
        Some(n) => return Err(format!("enums of {n} bytes are not supported; allowed is 1 (short enums) or 4")),
    };
    let fpu = match records.and_then(|r| r.number("ARM_FP")) {
        None => arm_bare_metal && target.ends_with("hf"),
        Some(n) => arm && n != 0,
    };
    let armv6m = target.starts_with("thumbv6m") || target.starts_with("thumbv8m.base");
    for (name, on) in [("thumb", thumb), ("armv6m", armv6m), ("fpu", fpu), ("short_enums", short_enums)] {
        println!("cargo::rustc-check-cfg=cfg({name})");
        if on {
            println!("cargo::rustc-cfg={name}");
        }
    }
    Ok(())
}
