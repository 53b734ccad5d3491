//! Coredumps and their ELF cores: the examples of the specification byte for byte, the coredumps of the original SDK, and every
//! kind of damage.

mod support;

use memfault_decode::coredump::{Crash, Machine, Options, Piece, Threads, metadata, prstatus, signal, write_elf_core};
use memfault_decode::model::Word;
use object::read::elf::{ElfFile32, ProgramHeader as _};
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use support::blocks::{block, coredump, spaced};
use support::sender::Random;
use support::{bytes, json};

/// Spec 50 §16.3: a Cortex-M3, assert with extra 0xabcd and reason 0x8008.
const EXAMPLE_C: &str = "
    43 4f 52 45 02 00 00 00 78 01 00 00 00 00 00 00 00 00 00 00 4c 00 00 00 ef be ad de 40 0f 00 00
    84 3f 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 b0 3f 00 20 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 01 00 00 00 a0 3f 00 20 3d 01 00 00 cc 07 00 00 00 00 00 01 a0 3f 00 20
    00 00 00 00 0c 00 00 00 00 00 00 00 14 00 00 00 a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af
    b0 b1 b2 b3 0a 00 00 00 00 00 00 00 05 00 00 00 31 2e 32 2e 33 0b 00 00 00 00 00 00 00 03 00 00
    00 61 70 70 04 00 00 00 00 00 00 00 04 00 00 00 65 76 74 32 07 00 00 00 00 00 00 00 04 00 00 00
    28 00 00 00 05 00 00 00 00 00 00 00 04 00 00 00 08 80 00 00 01 00 00 00 24 ed 00 e0 1c 00 00 00
    00 00 00 00 00 00 01 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00
    a0 3f 00 20 60 00 00 00 f0 02 00 00 11 03 00 00 08 80 00 00 b5 07 00 00 00 00 00 00 d0 3f 00 20
    11 03 00 00 f0 02 00 00 00 00 00 00 03 03 00 00 09 00 00 00 1b 00 00 00 cd ab 00 00 08 80 00 00
    00 00 00 00 11 03 00 00 00 00 00 00 19 03 00 00 00 00 00 00 6d 03 00 00 44 00 00 20 33 03 00 00
    00 00 00 00 ff ff ff ff 44 55 4d 50 00 00 00 00 00 00 00 00 00 00 00 00";

/// Spec 50 §17.6: the beginning of its ELF core, with only two notes.
const EXAMPLE_C_CORE: &str = "
    7f 45 4c 46 01 01 01 00 00 00 00 00 00 00 00 00 04 00 28 00 01 00 00 00 00 00 00 00 34 00 00 00
    00 00 00 00 00 00 00 05 34 00 20 00 03 00 00 00 00 00 00 00 04 00 00 00 94 00 00 00 00 00 00 00
    00 00 00 00 0c 01 00 00 00 00 00 00 04 00 00 00 04 00 00 00 01 00 00 00 a0 01 00 00 a0 3f 00 20
    a0 3f 00 20 60 00 00 00 60 00 00 00 06 00 00 00 01 00 00 00 01 00 00 00 00 02 00 00 24 ed 00 e0
    24 ed 00 e0 1c 00 00 00 1c 00 00 00 06 00 00 00 01 00 00 00 05 00 00 00 94 00 00 00 01 00 00 00
    43 4f 52 45 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 06 00 00 00 00 00 00 00 00 00 00 00
    01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ef be ad de 40 0f 00 00 84 3f 00 20 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 b0 3f 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    01 00 00 00 a0 3f 00 20 3d 01 00 00 cc 07 00 00 00 00 00 01 00 00 00 00 00 00 00 00 05 00 00 00
    4f 00 00 00 01 4c 46 4d 4d 46 4c 54 00 00 00 00";

fn read(file: &[u8]) -> Crash<'_> {
    Crash::read(file, Options::default()).unwrap()
}

fn core(file: &[u8], options: Options) -> Vec<u8> {
    let crash = Crash::read(file, options).unwrap();
    crash.elf_core(&Threads::new(&crash, None), None).unwrap()
}

/// Owner, type and contents of the notes.
fn notes(core: &[u8]) -> Vec<(String, u32, Vec<u8>)> {
    let file = ElfFile32::<object::LittleEndian>::parse(core).unwrap();
    let (endian, headers) = (file.endian(), file.elf_program_headers());
    let mut notes = headers[0].notes(endian, core).unwrap().unwrap();
    let mut out = Vec::new();
    while let Some(note) = notes.next().unwrap() {
        let owner = String::from_utf8_lossy(note.name()).into_owned();
        out.push((owner, note.n_type(endian).0, note.desc().to_vec()));
    }
    out
}

#[test]
fn the_worked_example_byte_for_byte() {
    let file = spaced(EXAMPLE_C);
    let crash = read(&file);
    assert_eq!(
        (crash.machine, crash.dump.truncated, crash.dump.warnings.len()),
        (Some(Machine::CortexM), Some(false), 0)
    );
    // The example shortens the JSON note; only its length is given.
    let notes = [prstatus(&crash.cpus[0], 1, signal(Some(0x8008))), metadata("x".repeat(79))];
    let core = write_elf_core(Machine::CortexM, None, &notes, crash.memory.pieces());
    let expected = spaced(EXAMPLE_C_CORE);
    assert_eq!(core[..expected.len()], expected);
    assert_eq!(core.len(), 540);
    assert_eq!(core[0x1a0..0x200], file[0x108..0x168], "the stack");
    assert_eq!(core[0x200..], file[0xe0..0xfc], "the fault registers");
}

#[test]
fn all_notes_in_their_order() {
    let file = spaced(EXAMPLE_C);
    let core = core(&file, Options::default());
    let notes = notes(&core);
    let kinds: Vec<_> = notes.iter().map(|(owner, kind, _)| (&**owner, *kind)).collect();
    let raw = ("MFLT", 0x4d46_4c02);
    assert_eq!(kinds[..3], [("CORE", 1), ("GDB", 0xff00_0000), ("MFLT", 0x4d46_4c01)]);
    assert_eq!(kinds[3..], [raw; 7]);
    // Registers, build id, version, type, hardware, machine, reason: complete blocks, as they are in the file.
    let blocks: Vec<u8> = notes[3..].iter().flat_map(|(_, _, content)| content.clone()).collect();
    assert_eq!(blocks, file[12..0xd4]);
    let description: Json = serde_json::from_slice(&notes[2].2).unwrap();
    assert_eq!(
        description,
        json!({
            "version": 2, "machine": "cortex-m", "machine_id": 40, "reason": "KernelPanic", "reason_id": 0x8008,
            "truncated": false, "device_serial": null, "software_type": "app", "software_version": "1.2.3",
            "hardware_version": "evt2", "build_id": "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3",
            "registers": [{
                "r0": "0xdeadbeef", "r1": "0x00000f40", "r2": "0x20003f84", "r3": "0x00000000", "r4": "0x00000000",
                "r5": "0x00000000", "r6": "0x00000000", "r7": "0x20003fb0", "r8": "0x00000000", "r9": "0x00000000",
                "r10": "0x00000000", "r11": "0x00000000", "r12": "0x00000001", "sp": "0x20003fa0", "lr": "0x0000013d",
                "pc": "0x000007cc", "psr": "0x01000000", "msp": "0x20003fa0", "psp": "0x00000000",
            }],
            "regions": [
                {"address": "0xe000ed24", "size": 28, "kind": "memory"},
                {"address": "0x20003fa0", "size": 96, "kind": "memory"},
            ],
            "synthesised": [], "faults": ["UNDEFINSTR", "FORCED"], "warnings": [],
        })
    );
}

#[test]
fn coredumps_of_the_original_sdk() {
    for (name, faults, pc) in [
        ("default", "UsageFault UNDEFINSTR; forced to HardFault", 0x3864),
        ("ansi_crlf_key", "UsageFault UNDEFINSTR", 0x3890),
        ("zephyrish_norle", "UsageFault UNDEFINSTR; forced to HardFault", 0x3520),
    ] {
        let transcript = json(&format!("{name}.json"));
        for dump in transcript["coredumps"].as_array().unwrap() {
            let file = bytes(dump.as_str().unwrap());
            let crash = read(&file);
            assert_eq!(crash.dump.warnings, [""; 0]);
            assert_eq!(crash.description().build_id.as_deref(), transcript["build_id"].as_str());
            let memory: u64 = crash.dump.memory().map(|block| block.payload.len() as u64).sum();
            assert_eq!(crash.memory.pieces().iter().map(|piece| piece.bytes.len() as u64).sum::<u64>(), memory);
            let core = core(&file, Options::default());
            let header = ElfFile32::<object::LittleEndian>::parse(&*core).unwrap();
            assert_eq!(header.elf_program_headers().len(), 1 + crash.memory.pieces().len());
        }
        let first = bytes(transcript["coredumps"][0].as_str().unwrap());
        let crash = read(&first);
        assert_eq!((crash.cpus[0].pc(), crash.faults.line.as_deref()), (pc, Some(faults)), "{name}");
    }
}

/// Spec 50 §17.3 and §17.2: sizes and places in the notes, and the header, of each machine.
#[test]
fn every_machine_has_its_layout() {
    // Size of the note, place of the thread id, of the first register, and its value and that of pc, by name and place.
    type Layout = (Machine, usize, usize, usize, &'static [(&'static str, usize)]);
    let layouts: [Layout; 7] = [
        (Machine::CortexM, 148, 24, 72, &[("r0", 0), ("sp", 13), ("pc", 15), ("psr", 16)]),
        (Machine::CortexAr, 148, 24, 72, &[("r12", 12), ("lr", 14), ("cpsr", 16)]),
        (Machine::Aarch64, 392, 32, 112, &[("x0", 0), ("x30", 30), ("sp", 31), ("pc", 32), ("cpsr", 33)]),
        (
            Machine::Riscv32,
            204,
            24,
            72,
            &[("mepc", 0), ("ra", 1), ("t2", 7), ("s0", 8), ("a7", 17), ("s11", 27), ("t6", 31)],
        ),
        (Machine::I386, 144, 24, 72, &[("ebx", 0), ("eax", 6), ("eip", 12), ("esp", 15), ("ss", 16)]),
        (Machine::X86_64, 336, 32, 112, &[("r15", 0), ("rip", 16), ("rsp", 19), ("gs", 26)]),
        (Machine::XtensaEsp32s3, 588, 24, 72, &[("pc", 0), ("lbeg", 2), ("sar", 5), ("a0", 64), ("a15", 79)]),
    ];
    for (machine, len, pid, first, places) in layouts {
        let width = machine.word_len();
        let registers: Vec<u8> = (1..=machine.registers().len())
            .flat_map(|index| {
                let value = 0x1234_5000 + index as u64;
                value.to_le_bytes().into_iter().take(width)
            })
            .collect();
        let blocks = [block(0, 0, &registers), block(7, 0, &machine.id().to_le_bytes()), block(1, 0x100, &[7; 5])];
        let file = coredump(&blocks, 0);
        let crash = read(&file);
        let note = prstatus(&crash.cpus[0], 2, 11);
        assert_eq!((note.content.len(), note.content[12], note.content[pid]), (len, 11, 2), "{machine:?}");
        for (name, place) in places {
            let at = first + place * width;
            let value = note.content[at..at + width].iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
            assert_eq!(Some(value), crash.cpus[0].get(name), "{machine:?} {name}");
        }
        let core = core(&file, Options::default());
        assert_eq!((core[4], core[18]), (1 + u8::from(machine.is_wide()), machine.elf_machine() as u8));
        let flags = u32::from_le_bytes(*core[if machine.is_wide() { 48 } else { 36 }..].first_chunk().unwrap());
        assert_eq!(flags, if machine.elf_machine() == 40 { 0x0500_0000 } else { 0 });
    }
    let wide = |value| Word { value, wide: true }.to_string();
    assert_eq!(wide(0x1000), "0x0000000000001000");
}

/// Blocks as the memory would be with the obviously right thing: a map of single bytes, the first block wins.
#[test]
fn overlapping_memory_is_that_of_the_first_block() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut expected: BTreeMap<u64, u8> = BTreeMap::new();
        let mut blocks = vec![block(7, 0, &40u32.to_le_bytes())];
        for _ in 0..random.below(12) {
            // Also across the end of the address space.
            let address = if random.one_in(8) { u32::MAX - random.below(40) as u32 } else { random.below(200) as u32 };
            let len = random.below(60);
            let contents = random.bytes(len);
            for (at, byte) in (u64::from(address)..1 << 32).zip(&contents) {
                expected.entry(at).or_insert(*byte);
            }
            blocks.push(block(if random.one_in(8) { 9 } else { 1 }, address, &contents));
        }
        let file = coredump(&blocks, 0);
        let crash = read(&file);
        let pieces = crash.memory.pieces();
        let of_block = |piece: &&Piece<'_>| !crash.memory.synthesised.contains(&piece.address);
        let found = pieces.iter().filter(of_block).flat_map(|piece| (piece.address..).zip(piece.bytes.iter().copied()));
        assert!(found.eq(expected.iter().map(|(at, byte)| (*at, *byte))), "seed {seed}");
        assert!(
            pieces.windows(2).all(|pair| pair[0].end() <= pair[1].address && !pair[0].bytes.is_empty()),
            "seed {seed}"
        );
        for (at, _) in expected.iter().take(20) {
            let together: Option<Vec<u8>> = (*at..at + 4).map(|at| expected.get(&at).copied()).collect();
            assert_eq!(crash.memory.read(*at, 4), together, "seed {seed}");
        }
    }
}

#[test]
fn addresses_of_64_bits_come_from_the_stack_pointer() {
    let mut registers = vec![0; 272];
    registers[..8].copy_from_slice(&0x0000_0007_8000_0010u64.to_le_bytes());
    let blocks = [block(0, 0, &registers), block(7, 0, &183u32.to_le_bytes()), block(1, 0x8000_0000, &[5; 32])];
    let file = coredump(&blocks, 0);
    assert_eq!(read(&file).memory.pieces()[0].address, 0x0000_0007_8000_0000);
    let given = Options { high_address: Some(3), ..Options::default() };
    let crash = Crash::read(&file, given).unwrap();
    assert_eq!(crash.memory.pieces()[0].address, 0x0000_0003_8000_0000);
    assert_eq!(crash.description().regions[0].address.to_string(), "0x0000000380000000");
    // The stack is in no region: nothing says what the upper half is.
    let blocks = [block(0, 0, &registers), block(7, 0, &183u32.to_le_bytes()), block(1, 0x4000_0000, &[5; 32])];
    assert_eq!(read(&coredump(&blocks, 0)).memory.pieces()[0].address, 0x4000_0000);
}

#[test]
fn what_gdb_needs_and_no_device_captures_is_added() {
    let mut registers = vec![0; 76];
    registers[64..68].copy_from_slice(&0x0100_0003u32.to_le_bytes());
    let mpu: Vec<u8> = (1..=24).collect();
    let blocks = |registers: &[u8]| {
        coredump(&[block(0, 0, registers), block(7, 0, &40u32.to_le_bytes()), block(9, 0x2000_0000, &mpu)], 0)
    };
    let file = blocks(&registers);
    let crash = read(&file);
    assert_eq!(crash.memory.synthesised, [0xe000_ed90, 0xe000_ef34]);
    assert_eq!(crash.memory.read(0xe000_ed90, 8).unwrap(), mpu[..8]);
    assert_eq!(crash.memory.read(0xe000_ef34, 8).unwrap(), [0; 8]);
    // Nothing was interrupted, so there is nothing to unwind through.
    assert_eq!(read(&blocks(&[0; 76])).memory.synthesised, [0xe000_ed90]);
    // Captured bytes win.
    let with = [block(0, 0, &registers), block(7, 0, &40u32.to_le_bytes()), block(1, 0xe000_ef34, &[9; 8])];
    let file = coredump(&with, 0);
    assert_eq!((read(&file).memory.synthesised.len(), read(&file).memory.read(0xe000_ef34, 1)), (0, Some(vec![9])));
}

/// Spec 50 §17.3: what an exception interrupted has a thread of its own if it ran on PSP.
#[test]
fn the_interrupted_thread_of_a_cortex_m() {
    let register =
        |block: &mut [u8], index: usize, value: u32| block[index * 4..][..4].copy_from_slice(&value.to_le_bytes());
    let mut registers = vec![0; 76];
    for (index, value) in [
        (4, 0x44),
        (13, 0x2000_1000),
        (14, 0x1235),
        (15, 0x1000),
        (16, 0x0100_000b),
        (17, 0x2000_1000),
        (18, 0x2000_2000),
    ] {
        register(&mut registers, index, value);
    }
    let mut frame = vec![0; 32];
    for (index, value) in [(0, 0xaaaa), (5, 0x4321), (6, 0x5000), (7, 0x0100_0200)] {
        register(&mut frame, index, value);
    }
    let threads = |stack: &[u32], frame: &[u8], given: Option<u32>| {
        let stack: Vec<u8> = stack.iter().flat_map(|word| word.to_le_bytes()).collect();
        let memory = [block(1, 0x2000_1000, &stack), block(1, 0x2000_2000, frame)].concat();
        let file = coredump(&[block(0, 0, &registers), block(7, 0, &40u32.to_le_bytes()), memory], 0);
        let crash = Crash::read(&file, Options { exc_return: given, ..Options::default() }).unwrap();
        let threads = Threads::new(&crash, None);
        let thread = threads
            .list
            .get(1)
            .map(|thread| ["r0", "r4", "sp", "lr", "pc", "psr"].map(|name| thread.registers.get(name).unwrap()));
        (thread, threads.warnings)
    };
    // 4 more because of bit 9 of the stacked xPSR.
    let expected = |sp| Some([0xaaaa, 0x44, sp, 0x4321, 0x5000, 0x0100_0200]);
    let (thread, warnings) = threads(&[1, 0xffff_fffd], &frame, None);
    assert_eq!(thread, expected(0x2000_2024));
    assert!(warnings.len() == 1 && warnings[0].contains("r4 to r11"), "{warnings:?}");
    let (thread, _) = threads(&[1, 0xffff_ffed], &frame, None);
    assert_eq!(thread, expected(0x2000_206c), "an FPU frame");
    let (thread, warnings) = threads(&[1, 2], &frame, None);
    assert_eq!(thread, expected(0x2000_2024));
    assert!(warnings.iter().any(|warning| warning.contains("no EXC_RETURN was found")), "{warnings:?}");
    assert_eq!(threads(&[1, 2], &frame, Some(0xffff_ffed)).0, expected(0x2000_206c), "the user knows it");
    // It ran on the main stack, or its frame was not captured, or is none.
    assert_eq!(threads(&[0xffff_fff9], &frame, None).0, None);
    assert_eq!(threads(&[0xffff_fffd], &frame[..28], None).0, None);
    assert_eq!(threads(&[0xffff_fffd], &[0; 32], None).0, None);
}

#[test]
fn a_dump_without_machine_needs_one() {
    let blocks = [block(0, 0, &[1; 76]), block(7, 0, &0u32.to_le_bytes())];
    let file = coredump(&blocks, 0);
    let crash = read(&file);
    assert!(crash.cpus.is_empty() && crash.description().registers.is_empty());
    let refused = crash.elf_core(&Threads::new(&crash, None), None).unwrap_err();
    assert!(refused.contains("the machine of the coredump, 0x00000000, is not known"), "{refused}");
    let given = Options { machine: Some(Machine::CortexM), ..Options::default() };
    assert_eq!(core(&file, given)[18], 40);
}

#[test]
fn version_1_has_no_footer() {
    let block = block(1, 0x100, b"DUMP, but no footer");
    let file =
        [&b"CORE"[..], &1u32.to_le_bytes(), &(12 + block.len() as u32).to_le_bytes(), &block, b"behind it"].concat();
    let crash = read(&file);
    assert_eq!((crash.dump.truncated, crash.dump.warnings.len()), (None, 0));
    assert_eq!(crash.memory.pieces(), [Piece { address: 0x100, bytes: Cow::Borrowed(b"DUMP, but no footer") }]);
}

/// Whatever the bytes are: no panic, and what comes out is a core that a reader of ELF files accepts.
#[test]
fn damaged_coredumps_never_panic() {
    let whole = bytes(json("default.json")["coredumps"][0].as_str().unwrap());
    let mut cores = 0;
    for seed in 0..3000 {
        let mut random = Random(seed);
        let mut file = whole.clone();
        for _ in 0..1 + random.below(8) {
            let at = if random.one_in(2) { random.below(220) } else { random.below(file.len()) };
            file[at] = if random.one_in(3) { 0xff } else { random.below(256) as u8 };
        }
        if random.one_in(4) {
            file.truncate(random.below(file.len()));
        }
        let machine = Machine::ALL[random.below(Machine::ALL.len())];
        let options = Options { machine: Some(machine).filter(|_| random.one_in(2)), ..Options::default() };
        let Ok(crash) = Crash::read(&file, options) else { continue };
        let threads = Threads::new(&crash, None);
        if let Ok(core) = crash.elf_core(&threads, None) {
            let headers = if crash.is_wide() {
                object::read::elf::ElfFile64::<object::LittleEndian>::parse(&*core).unwrap().elf_program_headers().len()
            } else {
                ElfFile32::<object::LittleEndian>::parse(&*core).unwrap().elf_program_headers().len()
            };
            assert_eq!(headers, 1 + crash.memory.pieces().len(), "seed {seed}");
            cores += 1;
        }
    }
    assert!(cores > 500, "{cores} cores were made");
}
