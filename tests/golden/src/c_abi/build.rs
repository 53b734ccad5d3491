//! Builds libraries and players, and keeps them as long as their sources stay the same.

use super::target::Target;
use crate::vectors::{Group, Setting, to_hex};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the library is made of.
const LIBRARY_SOURCES: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "build_support",
    "src",
    "shim",
    "include",
    "archive/Cargo.toml",
    "archive/src",
];

/// Makes players for one target.
pub struct Builder {
    root: PathBuf,
    /// One folder per set of options, and the folder that cargo works in.
    work: PathBuf,
    target: Target,
    library_fingerprint: String,
}

impl Builder {
    /// `root` is the workspace, `work` a folder for everything that is built.
    pub fn new(root: &Path, work: &Path, target: Target) -> Result<Self, String> {
        let mut digest = Sha256::new();
        for source in LIBRARY_SOURCES.iter().copied().chain(["archive/build.rs"]) {
            hash_tree(&mut digest, &root.join(source)).map_err(|e| format!("{source}: {e}"))?;
        }
        let library_fingerprint = to_hex(&digest.finalize());
        let work = work.join(target.abi());
        Ok(Self { root: root.into(), work, target, library_fingerprint })
    }

    pub fn target(&self) -> Target {
        self.target
    }

    /// The player of a module for the options of a group.
    pub fn player(&self, module: &str, group: &Group) -> Result<PathBuf, String> {
        let components = components(module);
        let folder = self.configuration(module, group, components)?;
        let archive = self.library(module, &folder)?;
        let firmware = Firmware::new(group, &folder)?;
        self.link(module, group, &firmware, &archive)
    }

    /// A folder with the firmware's configuration files for the options of the group.
    ///
    /// The list of metrics is empty here: it is not the library's business (see `Firmware`).
    fn configuration(&self, module: &str, group: &Group, components: &str) -> Result<PathBuf, String> {
        let mut header = String::from("// Options of a group of golden vectors.\n#pragma once\n");
        for (name, value) in group.options.iter().chain(&self.target.own_options(module)) {
            match value {
                Setting::Number(n) => header += &format!("#define {name} {n}\n"),
                Setting::Text(text) => header += &format!("#define {name} {text:?}\n"),
            }
        }
        let reasons =
            group.trace_reasons.iter().flatten().map(|name| format!("MEMFAULT_TRACE_REASON_DEFINE({name})\n"));
        let channels = group.channels.iter().map(|name| format!("MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE({name})\n"));
        let files = [
            ("memfault_platform_config.h", header),
            ("memfault_trace_reason_user_config.def", reasons.collect()),
            // The vectors use numbers, so any names do.
            (
                "memfault_reboot_reason_user_config.def",
                "MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(Maintenance)\nMEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(Overheated)\n".into(),
            ),
            (METRICS_FILE, String::new()),
            ("memfault_task_watchdog_config.def", channels.collect()),
        ];
        let mut digest = Sha256::new();
        digest.update(components);
        digest.update([u8::from(is_unit_test(module))]);
        files.iter().for_each(|(_, text)| digest.update(text));
        let folder = self.work.join(&to_hex(&digest.finalize())[..16]);
        for (name, text) in files {
            write_if_changed(&folder.join(name), &text)?;
        }
        Ok(folder)
    }

    fn flags(&self, module: &str, folder: &Path) -> Vec<String> {
        let mut flags: Vec<String> = self.target.abi_flags().iter().map(|flag| (*flag).into()).collect();
        // The vectors were recorded like this: the build id record is writable, macros for pc and lr give 0.
        if is_unit_test(module) {
            flags.push("-DMEMFAULT_UNITTEST".into());
        }
        flags.push(format!("-I{}", folder.display()));
        flags
    }

    fn library(&self, module: &str, folder: &Path) -> Result<PathBuf, String> {
        let archive = folder.join("libmemfault_rs.a");
        let stamp = folder.join("library.fingerprint");
        if archive.is_file() && fs::read_to_string(&stamp).is_ok_and(|known| known == self.library_fingerprint) {
            return Ok(archive);
        }
        let header = folder.join("memfault_platform_config.h");
        let components = components(module);
        let cargo_folder = self.work.join("cargo");
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // They would override the options given here.
        for inherited in ["MEMFAULT_CONFIG_OBJECT", "MEMFAULT_RS_BUNDLE_SHIM", "RUSTFLAGS"] {
            command.env_remove(inherited);
        }
        command.current_dir(&self.root).env("MEMFAULT_CONFIG_CFLAGS", self.flags(module, folder).join(" "));
        if let Some(triple) = self.target.triple() {
            // Knows how to build for a target of which there is no `core`.
            command.args(["run", "--quiet", "--package", "xtask", "--", "archive", "--quiet", "--target", triple]);
            command.args(["--features", components]);
            command.arg("--config-header").arg(header).arg("--target-dir").arg(cargo_folder).arg("--out").arg(folder);
            run(&mut command, "the library does not compile")?;
        } else {
            // As a user of plain cargo does it.
            command.env("MEMFAULT_CONFIG_HEADER", header);
            command
                .args(["build", "--quiet", "--release", "--package", "memfault-rs-archive", "--features", components])
                .arg("--target-dir")
                .arg(&cargo_folder);
            run(&mut command, "the library does not compile")?;
            fs::copy(cargo_folder.join("release/libmemfault_rs.a"), &archive)
                .map_err(|e| format!("libmemfault_rs.a: {e}"))?;
        }
        fs::write(&stamp, &self.library_fingerprint).map_err(|e| format!("{}: {e}", stamp.display()))?;
        Ok(archive)
    }

    fn link(&self, module: &str, group: &Group, firmware: &Firmware, archive: &Path) -> Result<PathBuf, String> {
        let folder = &firmware.folder;
        let variant = Variant::of(module, group);
        let name = &variant.program;
        let program = folder.join(name);
        let stamp = folder.join(format!("{name}.fingerprint"));
        let player = self.root.join("tests/golden/player");
        let mut digest = Sha256::new();
        for folder in [&player, &self.root.join("ports")] {
            hash_tree(&mut digest, folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        let fingerprint = format!("{} {}", self.library_fingerprint, to_hex(&digest.finalize()));
        if program.is_file() && fs::read_to_string(&stamp).is_ok_and(|known| known == fingerprint) {
            return Ok(program);
        }
        let units = self.firmware_units(module, group, firmware)?;
        let mut command = self.compiler(module, group, firmware);
        command.args(&variant.flags);
        command.args(player_files(module, self.target).iter().map(|file| player.join(file)));
        command.arg(player.join(format!("modules/{module}.c")));
        command.args(ports(module).iter().map(|file| self.root.join("ports").join(file)));
        command.args(units);
        if self.target != Target::Host {
            command.args(["--specs=rdimon.specs", "--specs=nano.specs", "-nostartfiles", "-Wl,--no-warn-rwx-segments"]);
            command.arg(format!("-Wl,-T,{}", player.join("board.ld").display()));
        }
        command.arg("-Wl,--gc-sections").arg(archive).arg("-o").arg(&program);
        run(&mut command, "the player does not link")?;
        fs::write(&stamp, fingerprint).map_err(|e| format!("{}: {e}", stamp.display()))?;
        Ok(program)
    }

    /// The compiler as the firmware calls it.
    fn compiler(&self, module: &str, group: &Group, firmware: &Firmware) -> Command {
        let mut command = Command::new(self.target.compiler());
        // The macros of compact logs need the GNU dialect; everything else must do without.
        let compact_logs = group.number("MEMFAULT_COMPACT_LOG_ENABLE", 0) != 0;
        command.arg(if compact_logs { "-std=gnu99" } else { "-std=c99" });
        command.args(["-g", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        command.args(["-ffunction-sections", "-fdata-sections"]);
        command.args(firmware.include_folders()).args(self.flags(module, &firmware.library_folder));
        command.arg(format!("-I{}", self.root.join("tests/golden/player").display()));
        command.arg(format!("-I{}", self.root.join("include").display()));
        command.arg(format!("-I{}", self.root.join("ports/include").display()));
        command
    }

    /// Objects of the library's units that firmware compiles with its metrics. They take the place of those in the archive.
    fn firmware_units(&self, module: &str, group: &Group, firmware: &Firmware) -> Result<Vec<PathBuf>, String> {
        if group.metric_definitions.is_none() {
            return Ok(Vec::new());
        }
        let shim = self.root.join("shim");
        let entries = fs::read_dir(&shim).map_err(|e| format!("{}: {e}", shim.display()))?;
        let mut objects = Vec::new();
        for unit in entries.flatten().map(|entry| entry.path()) {
            let name = unit.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("memfault_rs_metrics") && name.ends_with(".c") {
                // The linker script of the board knows them by their name.
                let object = firmware.folder.join(name).with_extension("o");
                let mut compiler = self.compiler(module, group, firmware);
                run(compiler.arg("-c").arg(&unit).arg("-o").arg(&object), "a unit of shim/ does not compile")?;
                objects.push(object);
            }
        }
        Ok(objects)
    }
}

const METRICS_FILE: &str = "memfault_metrics_heartbeat_config.def";

/// Configuration files that the library does not know: one library serves firmware with any metrics.
struct Firmware {
    folder: PathBuf,
    library_folder: PathBuf,
}

impl Firmware {
    fn new(group: &Group, library_folder: &Path) -> Result<Self, String> {
        let library_folder = library_folder.to_path_buf();
        let Some(lines) = &group.metric_definitions else {
            return Ok(Self { folder: library_folder.clone(), library_folder });
        };
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let folder = library_folder.join(&to_hex(&Sha256::digest(&text))[..16]);
        write_if_changed(&folder.join(METRICS_FILE), &text)?;
        Ok(Self { folder, library_folder })
    }

    fn include_folders(&self) -> Option<String> {
        (self.folder != self.library_folder).then(|| format!("-I{}", self.folder.display()))
    }
}

/// Whether the vectors of a module were recorded with the macro for unit tests; real faults were not.
fn is_unit_test(module: &str) -> bool {
    module != "fault_cortex_m"
}

/// The components of the library that a module needs.
fn components(module: &str) -> &'static str {
    match module {
        "metrics" => "core,util,metrics",
        "coredump" | "coredump_sdk_regions" | "fault_cortex_m" => "core,util,panics",
        "http" => "core,util,http",
        "system" => "core,util,metrics,panics",
        _ => "core,util",
    }
}

/// How the player of a group differs from that of its module.
struct Variant {
    program: String,
    flags: Vec<String>,
}

impl Variant {
    fn of(module: &str, group: &Group) -> Self {
        if module == "data_export" && group.id.starts_with("default_hook") {
            let flags = vec!["-DPLAYER_DEFAULT_EXPORT_HOOK".into()];
            return Self { program: "data_export_default_hook".into(), flags };
        }
        if let (true, Some(page)) = (module == "coredump", group.id.strip_prefix("buffered_w")) {
            let page = format!("-DMEMFAULT_COREDUMP_STORAGE_WRITE_SIZE={page}");
            return Self { program: group.id.clone(), flags: vec!["-DPLAYER_BUFFERED_WRITE".into(), page] };
        }
        Self { program: module.into(), flags: Vec::new() }
    }
}

/// Ports that a module is about.
fn ports(module: &str) -> &'static [&'static str] {
    match module {
        "coredump_ram_storage" => &["panics/src/memfault_platform_ram_backed_coredump.c"],
        _ => &[],
    }
}

/// The units beside the module's own.
fn player_files(module: &str, target: Target) -> Vec<&'static str> {
    let mut files = vec!["main.c", "memory.c", "recorder.c", "step.c"];
    files.extend(match target {
        Target::Host => &["isolate_posix.c"][..],
        Target::Arm | Target::ArmNoShortEnums => &["isolate_board.c", "board.c"][..],
    });
    const IDENTITY: [&str; 2] = ["environment.c", "build_id.c"];
    match module {
        "packetizer" | "rle_source" | "data_export" => files.push("scripted_sources.c"),
        "event_storage" => files.push("nv_store.c"),
        "compact_log" => files.push("variadic_words.c"),
        "serializer"
        | "reboot_tracking"
        | "build_info"
        | "trace_event"
        | "metrics"
        | "coredump"
        | "system"
        | "coredump_ram_storage"
        | "coredump_sdk_regions"
        | "fault_cortex_m"
        | "log"
        | "log_source"
        | "cdr"
        | "http" => files.extend(IDENTITY),
        _ => {}
    }
    files.extend(match module {
        "trace_event" => &["variadic_words.c"][..],
        "metrics" => &["metric_types.c", "session_callbacks.c"],
        "coredump" => &["coredump_storage.c", "regions.c", "fixed_memory.c"],
        "fault_cortex_m" => &["coredump_storage.c", "fixed_memory.c"],
        // Linked, never called.
        "coredump_sdk_regions" => &["coredump_storage.c"],
        "system" => &["coredump_storage.c", "regions.c", "fixed_memory.c", "metric_types.c"],
        "log" | "log_source" => &["log_steps.c", "fixed_memory.c", "variadic_words.c"],
        "cdr" => &["recordings.c"],
        _ => &[],
    });
    files
}

/// Runs a tool; its messages become the error, starting with the first line that tells one.
fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("{program}: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let messages = String::from_utf8_lossy(&output.stderr);
    let telling = messages.lines().find(|line| line.contains("error") || line.contains("undefined reference"));
    Err(format!("{what}: {}", telling.or(messages.lines().next()).unwrap_or("no message").trim()))
}

fn write_if_changed(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().ok_or("no folder")?;
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|e| format!("{}: {e}", path.display()))
}

fn hash_tree(digest: &mut Sha256, path: &Path) -> std::io::Result<()> {
    digest.update(path.to_string_lossy().as_bytes());
    if path.is_file() {
        digest.update(fs::read(path)?);
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| hash_tree(digest, entry))
}
