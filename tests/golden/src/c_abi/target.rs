//! Where players run.

use crate::vectors::{Group, Module, Setting};
use std::path::Path;
use std::process::Command;

/// A machine with a C ABI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// This machine.
    Host,
    /// Emulated Cortex-M4, enums as small as they get.
    Arm,
    /// Emulated Cortex-M4, enums of four bytes.
    ArmNoShortEnums,
}

/// Runs longer than any set of vectors takes, on a slow machine too.
const EMULATOR_SECONDS: &str = "600";

impl Target {
    /// The name that the vector files use.
    pub fn abi(self) -> &'static str {
        match self {
            Self::Host => "x86_64",
            Self::Arm => "arm",
            Self::ArmNoShortEnums => "arm_noshort",
        }
    }

    pub fn from_abi(name: &str) -> Option<Self> {
        [Self::Host, Self::Arm, Self::ArmNoShortEnums].into_iter().find(|target| target.abi() == name)
    }

    /// The Rust target, `None` for this machine.
    pub fn triple(self) -> Option<&'static str> {
        (self != Self::Host).then_some("thumbv7em-none-eabi")
    }

    pub fn compiler(self) -> &'static str {
        if self == Self::Host { "cc" } else { "arm-none-eabi-gcc" }
    }

    /// Flags that decide the ABI.
    pub fn abi_flags(self) -> &'static [&'static str] {
        match self {
            Self::Host => &[],
            Self::Arm => &["-mcpu=cortex-m4", "-mthumb"],
            Self::ArmNoShortEnums => &["-mcpu=cortex-m4", "-mthumb", "-fno-short-enums"],
        }
    }

    /// Options beside those of the vectors, which were recorded on a machine without these registers.
    pub fn own_options(self, module: &str) -> Vec<(String, Setting)> {
        const OF_CORTEX_M: [&str; 2] = ["MEMFAULT_COLLECT_FAULT_REGS", "MEMFAULT_COLLECT_INTERRUPT_STATE"];
        if self == Self::Host || !["coredump", "system"].contains(&module) {
            return Vec::new();
        }
        OF_CORTEX_M.iter().map(|name| ((*name).into(), Setting::Number(0))).collect()
    }

    /// Whether the vectors of a group hold here, or why they are not played.
    ///
    /// The files name the ABIs on which the reference was run. A group that holds for several of them does not depend
    /// on the ABI, so the emulated board plays those too.
    pub fn plays(self, module: &Module, group: &Group) -> Result<(), String> {
        let named = |abi: &str| group.abis.iter().any(|a| a == abi);
        let independent = self != Self::Host && named("x86_64") && named("i386");
        // The only layouts of these modules that differ have no enum in them, so all 32-bit targets agree.
        let same_layout =
            self != Self::Host && named("i386") && ["event_storage", "metrics"].contains(&module.name.as_str());
        if named(self.abi()) || independent || same_layout {
            return Ok(());
        }
        Err(format!("recorded for {} only", group.abis.join(", ")))
    }

    /// A hook of the vectors that is no hook here: on Cortex-M the library itself reads the interrupt state.
    pub fn call_without_hook(self) -> Option<&'static str> {
        (self != Self::Host).then_some("is_inside_isr")
    }

    /// The command that runs a player.
    pub fn command(self, program: &Path, steps: &Path) -> Command {
        if self == Self::Host {
            let mut command = Command::new(program);
            command.arg(steps);
            return command;
        }
        let mut command = Command::new("timeout");
        command.args([
            EMULATOR_SECONDS,
            "qemu-system-arm",
            "-M",
            "mps2-an386",
            "-nographic",
            "-monitor",
            "none",
            "-serial",
            "none",
        ]);
        command.arg("-semihosting-config").arg(format!("enable=on,target=native,arg=player,arg={}", steps.display()));
        command.arg("-kernel").arg(program);
        command
    }
}
