//! `cargo xtask headers`: the C headers of the implemented parts, made from `src/ffi/**.rs`.
//!
//! A Rust file with at least one marked block of C text is the source of the header at the same path below
//! `include/memfault/`; as a module of such a file it is a part of that one's header instead ([`modules`]). All other headers are
//! hand-written. What goes into a header, and how to write it, is told in [`source`]; how it looks, in [`render`].
//!
//! cbindgen and its dependencies are behind the feature `headers`, so that the other commands need nothing but the standard
//! library; without the feature the command builds itself again with it.
#[cfg(feature = "headers")]
mod docs;
#[cfg(feature = "headers")]
mod files;
#[cfg(feature = "headers")]
mod modules;
#[cfg(feature = "headers")]
mod render;
#[cfg(feature = "headers")]
mod source;

const HELP: &str = "\
cargo xtask headers [--check]

Writes the generated headers below include/memfault/.

  --check   write nothing; fail if a header is not what its source says
";

/// The error is for the user.
pub fn run(args: &[String]) -> Result<(), String> {
    let mut check = false;
    for arg in args {
        match arg.as_str() {
            "--check" => check = true,
            "-h" | "--help" => {
                print!("{HELP}");
                return Ok(());
            }
            _ => return Err(format!("headers: no option \"{arg}\"\n\n{HELP}")),
        }
    }
    generate(check, args)
}

#[cfg(feature = "headers")]
fn generate(check: bool, _: &[String]) -> Result<(), String> {
    files::run(&crate::workspace_root(), check)
}

#[cfg(not(feature = "headers"))]
fn generate(_: bool, args: &[String]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask", "--features", "headers", "--", "headers"])
        .args(args)
        .current_dir(crate::workspace_root())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err("the headers are not up to date, see above".to_string()) }
}
