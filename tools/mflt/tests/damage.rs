//! Damaged firmware files and coredumps together: no panic, no endless loop. MFLT_FUZZ_ROUNDS sets how often.

mod support;

use memfault_decode::Firmware;
use memfault_decode::backtrace::{coverage, frames};
use memfault_decode::coredump::{Crash, Options, Threads};
use support::Dir;
use support::device::{AARCH64, CORTEX_M4, RISCV32};

#[test]
fn damaged_firmware_and_memory_are_survived() {
    let rounds: u64 = std::env::var("MFLT_FUZZ_ROUNDS").map_or(400, |rounds| rounds.parse().unwrap());
    let dir = Dir::new("damage");
    let mut walked = 0;
    for (board, case) in [(&CORTEX_M4, "ISR_PSP"), (&CORTEX_M4, "TASKS"), (&AARCH64, "THREAD"), (&RISCV32, "THREAD")] {
        let crashed = board.crash(&dir, case, &[]);
        let (elf, dump) = (std::fs::read(&crashed.elf).unwrap(), crashed.whole(0x9400));
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for round in 0..rounds {
            let (mut elf, mut dump) = (elf.clone(), dump.clone());
            // Damage of the file, of the memory, or of both.
            for bytes in [Some(&mut elf).filter(|_| round % 3 != 0), Some(&mut dump).filter(|_| round % 3 != 1)] {
                let Some(bytes) = bytes else { continue };
                for _ in 0..1 + random(40) {
                    let at = random(bytes.len());
                    bytes[at] = [0, 0xff, random(256) as u8][random(3)];
                }
            }
            let Ok(firmware) = Firmware::read_program(&elf) else { continue };
            let Ok(mut crash) = Crash::read(&dump, Options::default()) else { continue };
            let image = &firmware.image;
            crash.learn(image);
            let threads = Threads::new(&crash, Some(image));
            let _ = (crash.elf_core(&threads, Some(image)), coverage(&crash, &threads, Some(image)));
            for (thread, machine) in threads.list.iter().zip(crash.machine.into_iter().cycle()) {
                walked += thread.walk.as_ref().map_or(0, |walk| frames(walk, image, machine).len());
            }
            let _ = memfault_decode::device_state::read(&crash, &firmware, Some(0x800c));
            for name in ["g_pump", "g_history", "g_pump.name", "s_task_tcbs[2]", "g_brew_tcb"] {
                let _ = image.value(name, &crash.memory);
            }
        }
    }
    assert!(walked as u64 > rounds, "most of it must be used for something: {walked} frames");
}
