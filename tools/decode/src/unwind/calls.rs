//! Return addresses: values that point behind a call instruction of the firmware.

use crate::coredump::Machine;
use crate::firmware::image::Image;

/// Whether a value on the stack can be a return address: in front of it is a call.
pub fn is_return_address(image: &Image, machine: Machine, value: u64) -> bool {
    let half = |back: u64| number(image, value & !1, back, 2).unwrap_or_default() as u16;
    let word = |back: u64| number(image, value & !1, back, 4).unwrap_or_default();
    match machine {
        Machine::CortexM => value & 1 == 1 && is_thumb_call(half(4), half(2)),
        Machine::CortexAr if value & 1 == 1 => is_thumb_call(half(4), half(2)),
        Machine::CortexAr => value & 3 == 0 && is_arm_call(word(4)),
        Machine::Aarch64 => value & 3 == 0 && is_aarch64_call(word(4)),
        Machine::Riscv32 => value & 1 == 0 && (is_riscv_call(word(4)) || is_riscv_short_call(half(2))),
        // Instructions have any length there; being in code is all that can be asked.
        Machine::I386 | Machine::X86_64 => image.is_code(value),
        _ => false,
    }
}

fn number(image: &Image, address: u64, back: u64, len: usize) -> Option<u32> {
    let bytes = image.code(address.checked_sub(back)?, len)?;
    Some(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte)))
}

/// BL, or BLX with a register or an address.
fn is_thumb_call(first: u16, second: u16) -> bool {
    let long = first & 0xf800 == 0xf000 && matches!(second & 0xd000, 0xd000 | 0xc000);
    long || second & 0xff87 == 0x4780
}

fn is_arm_call(word: u32) -> bool {
    let is_conditional_bl = word & 0x0f00_0000 == 0x0b00_0000 && word >> 28 != 0xf;
    is_conditional_bl || word & 0xfe00_0000 == 0xfa00_0000 || word & 0x0fff_fff0 == 0x012f_ff30
}

fn is_aarch64_call(word: u32) -> bool {
    word & 0xfc00_0000 == 0x9400_0000 || word & 0xffff_fc1f == 0xd63f_0000
}

/// JAL or JALR that leave the return address in ra.
fn is_riscv_call(word: u32) -> bool {
    word & 0xfff == 0x0ef || word & 0x7fff == 0x00e7
}

/// C.JAL and C.JALR.
fn is_riscv_short_call(half: u16) -> bool {
    half & 0xe003 == 0x2001 || half & 0xf07f == 0x9002 && half & 0x0f80 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_other_instructions() {
        // bl, blx r3; b.w, pop {r4, pc}
        assert!(is_thumb_call(0xf7ff, 0xfffe) && is_thumb_call(0xbf00, 0x4798));
        assert!(!is_thumb_call(0xf7ff, 0xbffe) && !is_thumb_call(0xbf00, 0xbd10));
        // bl, blne, blx r3; b, bx lr
        assert!(is_arm_call(0xeb00_0001) && is_arm_call(0x1b00_0001) && is_arm_call(0xe12f_ff33));
        assert!(!is_arm_call(0xea00_0001) && !is_arm_call(0xe12f_ff1e));
        // bl, blr x1; b, ret
        assert!(is_aarch64_call(0x9400_0010) && is_aarch64_call(0xd63f_0020));
        assert!(!is_aarch64_call(0x1400_0010) && !is_aarch64_call(0xd65f_03c0));
        // jal ra, jalr ra 12(t1); j, ret
        assert!(is_riscv_call(0x0100_00ef) && is_riscv_call(0x00c3_00e7));
        assert!(!is_riscv_call(0x0100_006f) && !is_riscv_call(0x0000_8067));
        // c.jal, c.jalr a5; c.jr ra, c.ebreak
        assert!(is_riscv_short_call(0x2011) && is_riscv_short_call(0x9782));
        assert!(!is_riscv_short_call(0x8082) && !is_riscv_short_call(0x9002));
    }
}
