//! Reboot reasons (spec 20 §11). Their numbers are on the wire and in retained RAM.
//!
//! Firmware may add its own, at most 255 of each kind: expected ones from [`EXPECTED_CUSTOM_BASE`] + 1, unexpected ones
//! from [`UNEXPECTED_CUSTOM_BASE`] + 1.

/// From here on a reason means that something went wrong; so does [`UNKNOWN`].
const FIRST_UNEXPECTED: u32 = 0x8000;

/// Lies below the firmware's own expected reasons.
pub const EXPECTED_CUSTOM_BASE: u32 = 0x1000;
/// Lies below the firmware's own unexpected reasons.
pub const UNEXPECTED_CUSTOM_BASE: u32 = 0xA000;

/// Is this the reason of a reset that nobody wanted?
pub const fn is_unexpected(reason: u32) -> bool {
    reason == UNKNOWN || reason >= FIRST_UNEXPECTED
}

/// Nobody knows.
pub const UNKNOWN: u32 = 0x0000;
/// The user switched the device off.
pub const USER_SHUTDOWN: u32 = 0x0001;
/// The user asked for a restart.
pub const USER_RESET: u32 = 0x0002;
/// New firmware is to be started.
pub const FIRMWARE_UPDATE: u32 = 0x0003;
/// The battery ran low.
pub const LOW_POWER: u32 = 0x0004;
/// A debugger was at work.
pub const DEBUGGER_HALTED: u32 = 0x0005;
/// A reset button.
pub const BUTTON_RESET: u32 = 0x0006;
/// Power came on.
pub const POWER_ON_RESET: u32 = 0x0007;
/// The software asked for it, nothing more is known.
pub const SOFTWARE_RESET: u32 = 0x0008;
/// The device slept so deeply that it has to start anew.
pub const DEEP_SLEEP: u32 = 0x0009;
/// The reset pin.
pub const PIN_RESET: u32 = 0x000A;
/// The reboot test of the self test.
pub const SELF_TEST: u32 = 0x000B;
/// Some error.
pub const UNKNOWN_ERROR: u32 = 0x8000;
/// A failed assertion.
pub const ASSERT: u32 = 0x8001;
/// Some watchdog; better say which.
pub const WATCHDOG_DEPRECATED: u32 = 0x8002;
/// The supply voltage dropped.
pub const BROWN_OUT_RESET: u32 = 0x8003;
/// A non-maskable interrupt.
pub const NMI: u32 = 0x8004;
/// The hardware reset the device before anything could be captured.
pub const HARDWARE_WATCHDOG: u32 = 0x8005;
/// A watchdog interrupt came in time for a coredump.
pub const SOFTWARE_WATCHDOG: u32 = 0x8006;
/// A clock stopped.
pub const CLOCK_FAILURE: u32 = 0x8007;
/// The operating system gave up.
pub const KERNEL_PANIC: u32 = 0x8008;
/// An update was rejected or rolled back.
pub const FIRMWARE_UPDATE_ERROR: u32 = 0x8009;
/// No memory was left.
pub const OUT_OF_MEMORY: u32 = 0x800A;
/// A stack was too small.
pub const STACK_OVERFLOW: u32 = 0x800B;
/// A task did not report in time.
pub const TASK_WATCHDOG: u32 = 0x800C;
/// A fault of the processor.
pub const BUS_FAULT: u32 = 0x9100;
/// A fault of the processor.
pub const MEM_FAULT: u32 = 0x9200;
/// A fault of the processor.
pub const USAGE_FAULT: u32 = 0x9300;
/// A fault of the processor.
pub const HARD_FAULT: u32 = 0x9400;
/// A fault inside a fault handler.
pub const LOCKUP: u32 = 0x9401;
/// The security hardware objected.
pub const SECURITY_VIOLATION: u32 = 0x9402;
/// Memory lost a bit.
pub const PARITY_ERROR: u32 = 0x9403;
/// Too hot or too cold.
pub const TEMPERATURE: u32 = 0x9404;
/// Any other error of the hardware.
pub const HARDWARE: u32 = 0x9405;
