//! Puts the C units of `shim/` into `libmemfault_rs.a`, so that one archive is the whole library.
//!
//! Builds that compile these units with the firmware (CMake, Make) set `MEMFAULT_RS_BUNDLE_SHIM=0`.
#[path = "../build_support/c_compiler.rs"]
mod c_compiler;
#[path = "../build_support/text.rs"]
mod text;

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const BUNDLE_SHIM: &str = "MEMFAULT_RS_BUNDLE_SHIM";
const CONFIG_OBJECT: &str = "MEMFAULT_CONFIG_OBJECT";
/// Not part of the library: it is compiled for its bytes only.
const PROBE: &str = "config_probe.c";
/// Units whose names begin like this belong to a component that may be left out.
/// One that joins two components has the names of both.
const COMPONENT_UNITS: &[(&str, &str)] = &[
    ("memfault_rs_demo", "CARGO_FEATURE_DEMO"),
    ("memfault_rs_demo_http", "CARGO_FEATURE_HTTP"),
    ("memfault_rs_demo_panics", "CARGO_FEATURE_PANICS"),
    ("memfault_rs_http", "CARGO_FEATURE_HTTP"),
    ("memfault_rs_metrics", "CARGO_FEATURE_METRICS"),
    ("memfault_rs_panics", "CARGO_FEATURE_PANICS"),
];
/// The metrics of a firmware that is not known.
const NO_METRICS: &str = "build_support/no_metrics.def";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../build_support");
    if let Err(message) = run() {
        println!("cargo::error={message}");
    }
}

fn run() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed={BUNDLE_SHIM}");
    println!("cargo::rerun-if-env-changed={CONFIG_OBJECT}");
    if env::var_os(BUNDLE_SHIM).is_some_and(|v| v == "0") {
        return Ok(());
    }
    let root = Path::new(&env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?).join("..");
    let root = root.canonicalize().map_err(|e| e.to_string())?;
    let target = env::var("TARGET").map_err(|e| format!("TARGET: {e}"))?;

    let header = c_compiler::config_header(&root)?;
    if header.is_none() && env::var_os(CONFIG_OBJECT).is_some_and(|o| !o.is_empty()) {
        println!(
            "cargo::warning=the C units of shim/ are not in the archive: only {CONFIG_OBJECT} is given, and they need the header. Compile \
             shim/*.c (but {PROBE}) with the firmware, or set {} too",
            c_compiler::CONFIG_HEADER
        );
        return Ok(());
    }
    let units = shim_units(&root.join("shim"))?;
    let mut build = match c_compiler::for_target(&target) {
        Ok(build) => build,
        Err(reason) => {
            println!(
                "cargo::warning=the C units of shim/ are not in the archive: {reason}. Or compile shim/*.c (but {PROBE}) with the \
                 firmware; {BUNDLE_SHIM}=0 silences this"
            );
            return Ok(());
        }
    };
    match header {
        Some(header) => {
            for flag in c_compiler::config_flags(&root, &header)? {
                build.flag(flag);
            }
        }
        None => {
            build.include(root.join("include"));
            build.define("MEMFAULT_PLATFORM_CONFIG_DISABLED", None).define("MEMFAULT_DISABLE_USER_TRACE_REASONS", "1");
            let no_metrics = format!("\"{}\"", root.join(NO_METRICS).display());
            build.define("MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE", no_metrics.as_str());
        }
    }
    if !has_c_library(&build) {
        build.flag("-isystem").flag(root.join("build_support/freestanding").display().to_string());
    }
    // A debugger script reads arguments of two of these functions (spec 60 §9). None of it goes into flash.
    build.flag("-g");
    build.cargo_warnings(true); // what the compiler has to say
    // The compiler says which files an object depends on, beside the object.
    build.flag("-MMD").files(units).try_compile("memfault_rs_shim").map_err(|e| e.to_string().replace('\n', " "))?;
    for depfile in files_with_extension(Path::new(&env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?), "d")? {
        for file in text::files_in_depfile(&fs::read_to_string(depfile).unwrap_or_default()) {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    Ok(())
}

/// Bare-metal compilers come with or without one, for example Debian's for RISC-V without.
fn has_c_library(build: &cc::Build) -> bool {
    let mut preprocessor = build.get_compiler().to_command();
    preprocessor.args(["-E", "-x", "c", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = preprocessor.spawn() else { return false };
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(b"#include <inttypes.h>\n#include <string.h>\n"));
    let exited = child.wait();
    written.is_some_and(|w| w.is_ok()) && exited.is_ok_and(|status| status.success())
}

/// The C units of the library's components, in the order of their names.
fn shim_units(shim: &Path) -> Result<Vec<PathBuf>, String> {
    println!("cargo::rerun-if-changed={}", shim.display());
    let mut units = files_with_extension(shim, "c")?;
    units.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut components = COMPONENT_UNITS.iter().filter(|(prefix, _)| name.starts_with(prefix));
        name != PROBE && components.all(|(_, feature)| env::var_os(feature).is_some())
    });
    Ok(units)
}

fn files_with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == extension));
    files.sort();
    Ok(files)
}
