//! `cargo xtask archive`: libmemfault_rs.a for a target, without the sections that a firmware's linker script does not know.
use crate::build_support::record::Records;
use crate::toolchain::{self, Toolchain};
use crate::{carrier, output};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const HELP: &str = "\
cargo xtask archive [--target T] [--features LIST] [--config-header H | --config-object O]
                    [--no-shim] [--out DIR] [--carrier FILE.c] [--depfile FILE] [--target-dir DIR]
                    [--objcopy PROGRAM] [--quiet]

Builds target/<T>/release/libmemfault_rs.a and prints its path and size. Without --target: for the compiler that made the
--config-object, else for the host.

  --features LIST      components and other features, separated by commas or spaces (default: core,util)
  --config-header H    the firmware's memfault_platform_config.h; further flags in MEMFAULT_CONFIG_CFLAGS
  --config-object O    object of shim/config_probe.c, compiled by the firmware's build
  --no-shim            leave the C units of shim/ out; the firmware compiles them
  --out DIR            put the archive there; it is written only when it changes
  --carrier FILE.c     make one C unit of the whole library instead of an archive (with FILE.s beside it)
  --depfile FILE       write the files that the result depends on there, as a make rule
  --target-dir DIR     cargo's folder for intermediate files (default: CARGO_TARGET_DIR, else target/)
  --objcopy PROGRAM    removes the sections (default: OBJCOPY, else found by target)
  --quiet              print nothing but errors
";

const ARCHIVE: &str = "libmemfault_rs.a";

#[derive(Default)]
struct Options {
    target: Option<String>,
    features: Option<String>,
    config_header: Option<PathBuf>,
    config_object: Option<PathBuf>,
    no_shim: bool,
    out: Option<PathBuf>,
    carrier: Option<PathBuf>,
    depfile: Option<PathBuf>,
    target_dir: Option<PathBuf>,
    objcopy: Option<String>,
    quiet: bool,
}

/// The error is for the user, more than one line when there is a choice.
pub fn run(args: &[String]) -> Result<(), String> {
    if args.iter().any(|a| a == "-h" || a == "--help") {
        print!("{HELP}");
        return Ok(());
    }
    let options = parse(args)?;
    let target = match (&options.target, &options.config_object) {
        (Some(target), _) => target.clone(),
        (None, Some(object)) => target_of_object(object)?,
        (None, None) => toolchain::host()?,
    };
    let build = Build::new(&options, &target)?;
    build.run()?;
    let built = build.archive();
    let result = match (&options.carrier, &options.out) {
        (Some(carrier), _) => carrier::finish(&build.assembly(), carrier)?,
        (None, Some(out)) => output::finish(&built, &out.join(ARCHIVE), &target, options.objcopy.as_deref())?,
        (None, None) => output::finish(&built, &built, &target, options.objcopy.as_deref())?,
    };
    if let Some(depfile) = &options.depfile {
        output::write_depfile(&built.with_extension("d"), &result, depfile)?;
    }
    if !options.quiet {
        let size = fs::metadata(&result).map_err(|e| format!("{}: {e}", result.display()))?.len();
        println!("{} {size} bytes", result.display());
    }
    Ok(())
}

/// The Rust target that fits the compiler and flags which made the configuration object.
fn target_of_object(object: &Path) -> Result<String, String> {
    let bytes = fs::read(object).map_err(|e| format!("{}: {e}", object.display()))?;
    let records = Records::scan(&bytes).map_err(|e| format!("{}: {e}", object.display()))?;
    records.text("RUST_TARGET").map(str::to_owned).ok_or(format!(
        "{}: no Rust target fits the C compiler and its flags. Is -mcpu= (or -march=) among the flags of this object? Else name the \
         target with --target (CMake, Make: MEMFAULT_RS_TARGET)",
        object.display()
    ))
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().cloned().ok_or(format!("{arg} needs a value\n\n{HELP}"));
        match arg.as_str() {
            "--target" => options.target = Some(value()?),
            "--features" => options.features = Some(value()?),
            "--config-header" => options.config_header = Some(absolute(&value()?)?),
            "--config-object" => options.config_object = Some(absolute(&value()?)?),
            "--no-shim" => options.no_shim = true,
            "--out" => options.out = Some(absolute(&value()?)?),
            "--carrier" => options.carrier = Some(absolute(&value()?)?),
            "--depfile" => options.depfile = Some(absolute(&value()?)?),
            "--target-dir" => options.target_dir = Some(absolute(&value()?)?),
            "--objcopy" => options.objcopy = Some(value()?),
            "--quiet" => options.quiet = true,
            _ => return Err(format!("archive has no option \"{arg}\"\n\n{HELP}")),
        }
    }
    if options.config_header.is_some() && options.config_object.is_some() {
        return Err("--config-header and --config-object exclude each other".into());
    }
    Ok(options)
}

/// Cargo runs in the workspace, but a path on the command line is the user's.
fn absolute(path: &str) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|e| format!("{path}: {e}"))
}

/// One run of cargo.
struct Build<'a> {
    options: &'a Options,
    target: &'a str,
    toolchain: Toolchain,
    target_dir: PathBuf,
}

impl<'a> Build<'a> {
    fn new(options: &'a Options, target: &'a str) -> Result<Self, String> {
        let toolchain = Toolchain::for_target(target)?;
        let target_dir = match &options.target_dir {
            Some(dir) => dir.clone(),
            None => env::var_os("CARGO_TARGET_DIR").map_or(crate::workspace_root().join("target"), PathBuf::from),
        };
        let target_dir = std::path::absolute(&target_dir).map_err(|e| e.to_string())?;
        Ok(Self { options, target, toolchain, target_dir })
    }

    /// Where cargo puts the results. A plain host build has no triple in its path, as with `cargo build`.
    fn release_dir(&self) -> PathBuf {
        match self.is_plain_host_build() {
            true => self.target_dir.join("release"),
            false => self.target_dir.join(self.target).join("release"),
        }
    }

    fn is_plain_host_build(&self) -> bool {
        self.options.target.is_none() && self.options.config_object.is_none()
    }

    fn archive(&self) -> PathBuf {
        self.release_dir().join(ARCHIVE)
    }

    /// What rustc writes for `--carrier`, before it is finished.
    fn assembly(&self) -> PathBuf {
        self.release_dir().join("memfault_rs.rustc.s")
    }

    fn run(&self) -> Result<(), String> {
        let options = self.options;
        if !options.quiet {
            eprintln!("{}: {}", self.target, self.toolchain.describe());
        }
        let mut cargo = match options.carrier {
            Some(_) => self.toolchain.cargo("rustc"),
            None => self.toolchain.cargo("build"),
        };
        cargo.current_dir(crate::workspace_root()).args(["--release", "--package", "memfault-rs-archive"]);
        cargo.arg("--target-dir").arg(&self.target_dir);
        if !self.is_plain_host_build() {
            cargo.args(["--target", self.target]);
        }
        if options.quiet {
            cargo.arg("--quiet");
        }
        if let Some(features) = &options.features {
            cargo.args(["--no-default-features", "--features", features]);
        }
        if options.no_shim {
            cargo.env("MEMFAULT_RS_BUNDLE_SHIM", "0");
        }
        self.set_configuration(&mut cargo);
        if options.carrier.is_some() {
            cargo.args(["--lib", "--", "--emit"]).arg(format!("asm={}", self.assembly().display()));
        }
        let status = cargo.status().map_err(|e| format!("cannot run cargo: {e}"))?;
        if status.success() { Ok(()) } else { Err(format!("cargo failed to build the library for {}", self.target)) }
    }

    /// A configuration on the command line is the whole configuration, whatever the environment says.
    fn set_configuration(&self, cargo: &mut Command) {
        let options = self.options;
        if options.config_header.is_some() || options.config_object.is_some() {
            cargo.env_remove("MEMFAULT_CONFIG_HEADER").env_remove("MEMFAULT_CONFIG_OBJECT");
        }
        if let Some(header) = &options.config_header {
            cargo.env("MEMFAULT_CONFIG_HEADER", header);
        }
        if let Some(object) = &options.config_object {
            cargo.env("MEMFAULT_CONFIG_OBJECT", object);
        }
    }
}
