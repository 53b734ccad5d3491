//! Size rows: an app linked with and without its SDK calls.
use super::Workspace;
use super::baseline::Baseline;
use super::compile::{self, BARE_METAL_LINK, flag};
use super::library::{self, Library};
use super::link_map::{Origin, flash_by_origin};
use super::rows::{Report, Row, Unit};
use super::size_rows::{DEFAULT_ROWS, ROWS, SizeRow};
use super::target::{DEFAULT_MESSAGES, Messages, QUIET, TRIM, Target, Units};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The app is optimised for size whatever the SDK is, and its loops stay loops.
const APP_FLAGS: &[&str] = &[
    "-std=gnu11",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Os",
    "-fno-inline",
    "-fno-tree-loop-distribute-patterns",
    "-ffunction-sections",
    "-fdata-sections",
];

/// The RAM-backed coredump storage that comes with the SDK; part of its size.
const RAM_PORT: &str = "ports/panics/src/memfault_platform_ram_backed_coredump.c";

/// The name of a size row, for the bars; `what` is flash or RAM.
pub fn row_name(target: Target, title: &str, messages: &str, what: &str) -> String {
    format!("{} size {title}, {messages}: {what}", target.name())
}

pub fn measure(workspace: &Workspace, baseline: &Baseline, target: Target, report: &mut Report) -> Result<()> {
    for (messages, rows) in [(TRIM, &ROWS[..]), (QUIET, &ROWS), (DEFAULT_MESSAGES, &DEFAULT_ROWS)] {
        for row in rows {
            let units = Units::new(messages, row.user_metrics);
            let library = library::build(workspace, target, row.variant, units)?;
            let api = match row.baseline.filter(|_| row.links_whole_api()) {
                Some(name) => baseline.api(name).with_context(|| format!("no list of functions for {name}"))?,
                None => Vec::new(),
            };
            let delta = App { workspace, target, library: &library, sources: row.apps, api: &api }.delta()?;
            add_rows(baseline, target, row, messages, &delta, report);
        }
    }
    Ok(())
}

fn add_rows(
    baseline: &Baseline,
    target: Target,
    row: &SizeRow,
    messages: Messages,
    delta: &Delta,
    report: &mut Report,
) {
    let theirs = row.baseline.and_then(|name| baseline.size(target, &format!("{name}-{}", messages.name)));
    let mut note = format!("libc {}", delta.libc);
    if let Some(theirs) = theirs {
        note += &format!(" against {}", theirs.libc);
    }
    if delta.compiler_builtins != 0 {
        note += &format!(", compiler_builtins {}", delta.compiler_builtins);
    }
    if !row.note.is_empty() {
        note = format!("{note}; {}", row.note);
    }
    let name = |what| row_name(target, row.title, messages.name, what);
    report.add(Row::new(name("flash"), Unit::Bytes, delta.flash, theirs.map(|t| t.flash)).with_note(note));
    report.add(Row::new(name("RAM"), Unit::Bytes, delta.ram, theirs.map(|t| t.ram)));
}

/// What the SDK adds to an app, in bytes.
struct Delta {
    /// text + rodata + data
    flash: u64,
    /// data + bss
    ram: u64,
    /// The parts of `flash` that come from libc and libgcc, and from Rust's memory functions.
    libc: u64,
    compiler_builtins: u64,
}

/// An app of one level, linked twice.
struct App<'a> {
    workspace: &'a Workspace,
    target: Target,
    library: &'a Library,
    sources: &'a [&'a str],
    /// The functions of the app's table; empty: it has none.
    api: &'a [String],
}

impl App<'_> {
    fn delta(&self) -> Result<Delta> {
        let (with, map) = self.link(true)?;
        let (without, map_without) = self.link(false)?;
        let part = |origin| {
            let size = |map: &str| flash_by_origin(map).get(&origin).copied().unwrap_or(0);
            size(&map).saturating_sub(size(&map_without))
        };
        ensure!(
            with.flash > without.flash,
            "{:?}: the SDK adds no flash, so the link without it is wrong",
            self.sources
        );
        Ok(Delta {
            flash: with.flash - without.flash,
            ram: with.ram.saturating_sub(without.ram),
            libc: part(Origin::Libc),
            compiler_builtins: part(Origin::CompilerBuiltins),
        })
    }

    /// Links the app and returns its size and the map.
    fn link(&self, with_sdk: bool) -> Result<(Size, String)> {
        let c_dir = self.workspace.c_dir().join("size");
        let name = if with_sdk { "with-sdk" } else { "without-sdk" };
        let folder = self.folder().join(name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;

        let mut flags = self.library.flags.clone();
        flags.push(flag("-I", &folder));
        for (define, value) in [
            ("SDK", with_sdk),
            ("METRICS", self.library.metrics),
            ("PANICS", self.library.panics),
            ("API_TABLE", !self.api.is_empty()),
        ] {
            flags.push(format!("-DBENCH_WITH_{define}={}", u8::from(value)));
        }
        let names: String = self.api.iter().map(|name| format!("API({name})\n")).collect();
        fs::write(folder.join("api_names.inc"), names).with_context(|| folder.display().to_string())?;

        let mut objects = Vec::new();
        for source in ["app_common.c"].iter().chain(self.sources) {
            let object = folder.join(source).with_extension("o");
            let mut command = compile::compiler(self.target);
            command.args(APP_FLAGS).args(&flags);
            compile::run(command.arg("-c").arg(c_dir.join(source)).arg("-o").arg(&object))?;
            objects.push(object);
        }
        if self.library.panics {
            let (port, optimisation) = (self.workspace.root.join(RAM_PORT), self.target.sdk_optimisation());
            // Not in the folder of the app, all of which the linker script keeps.
            let folder = &self.library.objects_folder;
            objects.push(library::compile_unit(self.target, &port, &self.library.flags, optimisation, folder)?);
        }
        let (elf, map) = (folder.join("app.elf"), folder.join("app.map"));
        let mut command = compile::compiler(self.target);
        command.args(BARE_METAL_LINK).args(["-Wl,--gc-sections", "-Wl,--fatal-warnings"]);
        command.arg("-T").arg(c_dir.join("app.ld")).arg(flag("-Wl,-Map=", &map));
        command.args(&objects).args(&self.library.objects).arg(&self.library.archive);
        compile::run(command.arg("-o").arg(&elf))?;
        if with_sdk {
            self.check_api(&elf)?;
        }
        let map = fs::read_to_string(&map).with_context(|| map.display().to_string())?;
        Ok((size_of_elf(&elf)?, map))
    }

    /// A function that were no code of the SDK's would make the row too small.
    fn check_api(&self, elf: &Path) -> Result<()> {
        let symbols =
            compile::run(Command::new("arm-none-eabi-nm").args(["--defined-only", "--format=posix"]).arg(elf))?;
        let is_function = |name: &str| {
            let mut words = symbols.lines().map(|line| line.split(' '));
            words.any(|mut words| words.next() == Some(name) && matches!(words.next(), Some("T" | "t" | "W")))
        };
        let missing: Vec<_> = self.api.iter().filter(|name| !is_function(name)).map(String::as_str).collect();
        ensure!(missing.is_empty(), "{} has no function {}", elf.display(), missing.join(", "));
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        let source = self.sources.last().copied().unwrap_or_default();
        self.library.objects_folder.join(Path::new(source).file_stem().unwrap_or_default())
    }
}

struct Size {
    flash: u64,
    ram: u64,
}

/// Berkeley format: text (read-only sections included), data, bss. The coredump store is not part of the SDK's RAM.
fn size_of_elf(elf: &Path) -> Result<Size> {
    let text = compile::run(Command::new("arm-none-eabi-size").arg(elf))?;
    let numbers: Vec<u64> =
        text.lines().nth(1).unwrap_or("").split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [text, data, bss, ..] = numbers[..] else { bail!("arm-none-eabi-size said: {text}") };
    let sections = compile::run(Command::new("arm-none-eabi-size").arg("-A").arg(elf))?;
    let store = sections.lines().find_map(|line| line.strip_prefix(".noinit")?.split_whitespace().next()?.parse().ok());
    Ok(Size { flash: text + data, ram: data + bss - store.unwrap_or(0) })
}
