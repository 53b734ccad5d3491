//! The library as firmware gets it: `libmemfault_rs.a` for a configuration, and the C units of `shim/` compiled with it.
use super::Workspace;
use super::compile::{self, flag};
use super::target::{Target, Units, Variant};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::{Path, PathBuf};

/// What to compile firmware with and what to link it with.
pub struct Library {
    /// Include paths and definitions for the firmware's own units.
    pub flags: Vec<String>,
    pub objects: Vec<PathBuf>,
    /// Whether the archive has these components.
    pub metrics: bool,
    pub panics: bool,
    /// Where the objects are; firmware for the same configuration may put its own beside them.
    pub objects_folder: PathBuf,
    pub archive: PathBuf,
}

/// Compiled for its bytes only.
const PROBE: &str = "config_probe.c";
/// Units of components; firmware without them does not compile these.
const METRICS_UNITS: &str = "memfault_rs_metrics";
const PANICS_UNITS: &str = "memfault_rs_panics";

/// Builds the library for a variant.
pub fn build(workspace: &Workspace, target: Target, variant: Variant, units: Units) -> Result<Library> {
    let folder = workspace.out.join(target.name()).join(variant.name);
    let objects_folder = folder.join(units.name());
    fs::create_dir_all(&objects_folder).with_context(|| objects_folder.display().to_string())?;

    let mut flags = vec![flag("-I", workspace.root.join("include")), flag("-I", workspace.c_dir().join("config"))];
    flags.extend(variant.defines.iter().map(|define| format!("-D{define}")));
    let archive = folder.join("libmemfault_rs.a");
    // Once per run: the sources do not change meanwhile, and cargo would go back and forth between the configurations.
    if workspace.built.borrow_mut().insert(archive.clone()) {
        build_archive(workspace, target, variant, &folder, &flags)?;
    }

    flags.extend(units.defines().map(|define| format!("-D{define}")));
    flags.extend(units.includes().map(|include| flag("-I", workspace.c_dir().join(include))));
    let mut objects = Vec::new();
    for unit in shim_units(&workspace.root.join("shim"), variant)? {
        objects.push(compile_unit(target, &unit, &flags, target.sdk_optimisation(), &objects_folder)?);
    }
    Ok(Library { flags, objects, metrics: variant.metrics, panics: variant.panics, objects_folder, archive })
}

/// Puts `libmemfault_rs.a` for the configuration of `flags` into `folder`.
fn build_archive(
    workspace: &Workspace,
    target: Target,
    variant: Variant,
    folder: &Path,
    flags: &[String],
) -> Result<()> {
    let mut probe_flags = flags.to_vec();
    probe_flags.extend(["-fno-lto".into(), "-w".into()]);
    let probe = compile_unit(target, &workspace.root.join("shim").join(PROBE), &probe_flags, "-O0", folder)?;

    // Not the folder of other builds: the archive there stays the one its user configured. All configurations share one, since
    // where `core` is built from its sources, that takes longer than the library itself.
    let cargo_folder = workspace.out.join("cargo");
    let mut args: Vec<String> =
        vec!["--quiet".into(), "--no-shim".into(), "--features".into(), variant.components().into()];
    for (option, path) in
        [("--config-object", probe.as_path()), ("--out", folder), ("--target-dir", cargo_folder.as_path())]
    {
        args.extend([option.to_owned(), path.display().to_string()]);
    }
    if let Some(triple) = target.triple() {
        args.extend(["--target".to_owned(), triple.to_owned()]);
    }
    crate::archive::run(&args).map_err(|message| anyhow!("{message}"))
}

fn shim_units(shim: &Path, variant: Variant) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(shim).with_context(|| shim.display().to_string())?;
    let mut units: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    units.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        name.ends_with(".c")
            && name != PROBE
            && (variant.metrics || !name.starts_with(METRICS_UNITS))
            && (variant.panics || !name.starts_with(PANICS_UNITS))
    });
    units.sort();
    Ok(units)
}

/// Compiles a unit of the SDK as firmware would, and returns the object.
pub fn compile_unit(
    target: Target,
    source: &Path,
    flags: &[String],
    optimisation: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let stem = source.file_stem().context("a C unit without a name")?;
    let object = folder.join(stem).with_extension("o");
    let mut command = compile::compiler(target);
    command.args(["-std=gnu11", optimisation, "-ffunction-sections", "-fdata-sections"]).args(flags);
    compile::run(command.arg("-c").arg(source).arg("-o").arg(&object))?;
    Ok(object)
}
