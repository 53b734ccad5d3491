//! Project commands: `cargo xtask <command> [options]`, `cargo xtask help` lists them.
#![forbid(unsafe_code)]

mod archive;
#[cfg(feature = "bench")]
mod bench;
// Of what the build scripts share, the tools need the records. The rest is here to be tested: build scripts cannot be.
#[allow(dead_code, reason = "build.rs reads more of a record than the tools do")]
#[path = "../../build_support"]
mod build_support {
    #[cfg(test)]
    mod generate;
    #[cfg(test)]
    mod options;
    pub mod record;
    #[cfg(test)]
    mod text;
}
mod carrier;
mod headers;
mod output;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command> [options]

  archive   build libmemfault_rs.a for a target; `cargo xtask archive --help`
  headers   write the generated C headers, or check that they are up to date; `cargo xtask headers --help`
  bench     measure size, speed and stack against the C SDK; `cargo xtask bench --help`
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let result = match command.as_str() {
        "archive" => archive::run(&args),
        "headers" => headers::run(&args),
        #[cfg(feature = "bench")]
        "bench" => bench::run(&args).map_err(|error| format!("{error:#}")),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no command \"{command}\"\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace's `Cargo.toml`.
pub fn workspace_root() -> PathBuf {
    // `cargo run` says where this program's sources are. The path at compile time may be another one: checkouts that share a
    // target folder share the program too.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let xtask = Path::new(&xtask);
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
