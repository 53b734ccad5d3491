//! Devices that crash for real: builds the firmware of `tests/crash`, runs it in QEMU until it has crashed, and makes a coredump of
//! the registers and the memory that it had then.

use super::{Dir, token};
use object::{Object as _, ObjectSymbol as _};
use std::path::Path;
use std::process::Command;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash");
/// Of the fault registers of a Cortex-M, which the firmware appends to the register block.
const FAULT_REGISTERS: u32 = 0xe000_ed24;
pub const RAM_LEN: u32 = 0x4000;

/// A machine that QEMU emulates.
pub struct Board {
    pub name: &'static str,
    compiler: &'static str,
    flags: &'static [&'static str],
    qemu: &'static [&'static str],
    /// Machine block of its coredumps, and the size of their register blocks.
    pub machine: u32,
    registers_len: usize,
    pub ram: u32,
}

const M3: &[&str] = &["-mcpu=cortex-m3", "-mthumb", "-DMISSING_SENSOR=0x60000000"];
const M4: &[&str] = &[
    "-mcpu=cortex-m4",
    "-mthumb",
    "-mfloat-abi=hard",
    "-mfpu=fpv4-sp-d16",
    "-DCASE_FPU=1",
    "-DMISSING_SENSOR=0x60000000",
];
const A7: &[&str] = &["-mcpu=cortex-a7", "-marm", "-DMISSING_SENSOR=0x09f00000", "-Wl,-e,reset"];
const A53: &[&str] = &["-mgeneral-regs-only", "-static", "-DMISSING_SENSOR=0x09f00000", "-Wl,-e,reset"];
const RV32: &[&str] = &["-march=rv32imac_zicsr", "-mabi=ilp32", "-DMISSING_SENSOR=0x01f00000", "-Wl,-e,reset"];

pub const CORTEX_M3: Board = Board {
    name: "cortex-m3",
    compiler: "arm-none-eabi-gcc",
    flags: M3,
    qemu: &["qemu-system-arm", "-M", "mps2-an385"],
    machine: 40,
    registers_len: 76,
    ram: 0x2000_0000,
};
pub const CORTEX_M4: Board =
    Board { name: "cortex-m4", flags: M4, qemu: &["qemu-system-arm", "-M", "mps2-an386"], ..CORTEX_M3 };
pub const CORTEX_A7: Board = Board {
    name: "cortex-a7",
    compiler: "arm-none-eabi-gcc",
    flags: A7,
    qemu: &["qemu-system-arm", "-M", "virt", "-cpu", "cortex-a7"],
    machine: 0x10028,
    registers_len: 68,
    ram: 0x4010_0000,
};
pub const AARCH64: Board = Board {
    name: "aarch64",
    compiler: "aarch64-linux-gnu-gcc",
    flags: A53,
    qemu: &["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53"],
    machine: 183,
    registers_len: 272,
    ram: 0x4010_0000,
};
pub const RISCV32: Board = Board {
    name: "riscv32",
    compiler: "riscv64-unknown-elf-gcc",
    flags: RV32,
    qemu: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
    machine: 243,
    registers_len: 148,
    ram: 0x8010_0000,
};

/// A device after its crash.
pub struct Crashed {
    pub elf: String,
    pub registers: Vec<u8>,
    /// Memory blocks of fault registers; empty where they are in the register block.
    faults: Vec<u8>,
    pub ram: Vec<u8>,
    board: &'static Board,
}

impl Board {
    fn code(&self) -> u32 {
        match self.name {
            "cortex-a7" => 0x4001_0000,
            "aarch64" => 0x4008_0000,
            "riscv32" => 0x8000_0000,
            _ => 0,
        }
    }

    /// Builds the firmware, crashes it in this way, and gives what is left.
    pub fn crash(&'static self, dir: &Dir, case: &str, flags: &[&str]) -> Crashed {
        let name = format!("{}-{case}{}", self.name, flags.concat());
        let dir = dir.0.join(name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_"));
        std::fs::create_dir_all(&dir).unwrap();
        let elf = dir.join("pump.elf");
        let mut command = Command::new(self.compiler);
        // In this directory, so that the sources have short names.
        command.current_dir(SOURCES);
        command.args(["-std=gnu11", "-Os", "-g", "-ffreestanding", "-fno-common", "-nostdlib"]);
        command.args([
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wl,-T,pump.ld",
            "-Wl,--build-id=sha1",
            &format!("-DCASE_{case}=1"),
        ]);
        command.arg(format!("-Wl,--defsym=CODE={}", self.code())).arg(format!("-Wl,--defsym=RAM={}", self.ram));
        command.args(self.flags).arg("pump.c");
        command.args(match self.name {
            "cortex-a7" => &["other.c", "cortex_a.S"][..],
            "aarch64" => &["other.c", "aarch64.S"],
            "riscv32" => &["other.c", "riscv32.S"],
            _ => &["cortex_m.c"],
        });
        run(command.args(flags).arg("-o").arg(&elf));

        // `timeout`: a firmware that does not crash must not stop the tests.
        let mut qemu = Command::new("timeout");
        qemu.current_dir(&dir).arg("60").args(self.qemu).arg("-kernel").arg(&elf);
        qemu.args(["-nic", "none", "-nographic", "-monitor", "none", "-serial", "none"]);
        run(qemu.args(["-semihosting-config", "enable=on,target=native"]));
        let registers = std::fs::read(dir.join("regs.bin")).unwrap();
        let ram = std::fs::read(dir.join("ram.bin")).unwrap();
        assert_eq!(ram.len(), RAM_LEN as usize);
        let (registers, faults) = registers.split_at(self.registers_len);
        let (registers, faults) = (registers.to_vec(), faults.to_vec());
        Crashed { elf: elf.display().to_string(), registers, faults, ram, board: self }
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{:?}: {error}; scripts/setup.sh names its package", command.get_program());
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {} {said}", output.status);
}

/// A block of a coredump.
pub fn block(kind: u32, address: u32, payload: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &address.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat()
}

/// A coredump around these blocks.
pub fn coredump(blocks: &[Vec<u8>], flags: u32) -> Vec<u8> {
    let blocks = blocks.concat();
    let total = (12 + blocks.len() + 16) as u32;
    [&b"CORE"[..], &2u32.to_le_bytes(), &total.to_le_bytes(), &blocks, b"DUMP", &flags.to_le_bytes(), &[0; 8]].concat()
}

/// A log with the coredump in a single chunk.
pub fn log_of(coredump: &[u8]) -> String {
    let message = [&[1][..], coredump].concat();
    let crc = memfault_decode::crc::crc16(&message);
    format!("[I] boot\n[I] {}\n", token(&[&[0x08][..], &message, &crc.to_le_bytes()].concat()))
}

impl Crashed {
    /// Blocks in front of the memory: registers, identity, machine, reason.
    pub fn head(&self, reason: u32) -> Vec<Vec<u8>> {
        let words = |value: u32| value.to_le_bytes();
        let mut blocks = vec![
            block(0, 0, &self.registers),
            block(12, 0, &self.build_id()),
            block(2, 0, b"PUMP-1"),
            block(10, 0, b"1.2.3"),
            block(11, 0, b"pump-fw"),
            block(4, 0, b"rev-a"),
            block(7, 0, &words(self.board.machine)),
            block(5, 0, &words(reason)),
        ];
        if !self.faults.is_empty() {
            blocks.push(block(1, FAULT_REGISTERS, &self.faults));
        }
        blocks
    }

    /// The coredump with all of the memory.
    pub fn whole(&self, reason: u32) -> Vec<u8> {
        let mut blocks = self.head(reason);
        blocks.push(self.region(0, RAM_LEN));
        coredump(&blocks, 0)
    }

    /// A memory block from an offset in the RAM.
    pub fn region(&self, offset: u32, len: u32) -> Vec<u8> {
        block(1, self.board.ram + offset, &self.ram[offset as usize..][..len as usize])
    }

    /// A register of the block, by its index.
    pub fn word(&self, index: usize) -> u64 {
        let len = if self.board.name == "aarch64" { 8 } else { 4 };
        self.registers[index * len..][..len].iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
    }

    pub fn pc(&self) -> u64 {
        self.word(match self.board.name {
            "aarch64" => 1,
            "riscv32" => 0,
            _ => 15,
        })
    }

    pub fn build_id(&self) -> [u8; 20] {
        let bytes = std::fs::read(&self.elf).unwrap();
        let id = object::File::parse(&*bytes).unwrap().build_id().unwrap().unwrap().to_vec();
        id.try_into().unwrap()
    }

    /// Address of a symbol.
    pub fn address(&self, name: &str) -> u32 {
        let bytes = std::fs::read(&self.elf).unwrap();
        let file = object::File::parse(&*bytes).unwrap();
        file.symbols().find(|symbol| symbol.name() == Ok(name)).unwrap().address() as u32
    }
}

/// What `gdb-multiarch` says to these commands, after it has loaded both files.
pub fn gdb(elf: &str, core: &str, commands: &[&str]) -> String {
    assert!(Path::new(core).exists());
    let mut gdb = Command::new("gdb-multiarch");
    gdb.args(["-nx", "-batch", "-iex", "set width 0", "-iex", "set print thread-events off"]);
    gdb.args(["-ex", &format!("file {elf}"), "-ex", &format!("core {core}")]);
    for command in commands {
        gdb.args(["-ex", &format!("echo >> {command}\\n"), "-ex", command]);
    }
    let output = gdb.output().expect("gdb-multiarch is needed: scripts/setup.sh names its package");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{text}");
    text
}

/// The answer to one of the commands.
pub fn answer<'t>(text: &'t str, command: &str) -> &'t str {
    let rest = text.split(&format!(">> {command}\n")).nth(1).unwrap_or_else(|| panic!("no {command}: {text}"));
    rest.split(">> ").next().unwrap()
}

/// Names of the functions in a backtrace of GDB: `#1  0x000000c6 in pump_control (channel=3) at pump.c:33`.
pub fn functions(backtrace: &str) -> Vec<&str> {
    let frames = backtrace.lines().filter_map(|line| line.strip_prefix('#')?.split_once(' '));
    let name = frames.map(|(_, frame)| {
        let frame = frame.trim_start();
        let frame = frame.split_once(" in ").filter(|(at, _)| at.starts_with("0x")).map_or(frame, |(_, frame)| frame);
        frame.split(" (").next().unwrap_or(frame)
    });
    name.collect()
}
