//! Reboot reasons (spec 20 §11).

/// Name of a reboot reason of the SDK; `None` for custom and unknown values.
pub fn reboot_reason_name(value: u32) -> Option<&'static str> {
    Some(match value {
        0x0000 => "Unknown",
        0x0001 => "UserShutdown",
        0x0002 => "UserReset",
        0x0003 => "FirmwareUpdate",
        0x0004 => "LowPower",
        0x0005 => "DebuggerHalted",
        0x0006 => "ButtonReset",
        0x0007 => "PowerOnReset",
        0x0008 => "SoftwareReset",
        0x0009 => "DeepSleep",
        0x000a => "PinReset",
        0x000b => "SelfTest",
        0x8000 => "UnknownError",
        0x8001 => "Assert",
        0x8002 => "WatchdogDeprecated",
        0x8003 => "BrownOutReset",
        0x8004 => "Nmi",
        0x8005 => "HardwareWatchdog",
        0x8006 => "SoftwareWatchdog",
        0x8007 => "ClockFailure",
        0x8008 => "KernelPanic",
        0x8009 => "FirmwareUpdateError",
        0x800a => "OutOfMemory",
        0x800b => "StackOverflow",
        0x800c => "TaskWatchdog",
        0x9100 => "BusFault",
        0x9200 => "MemFault",
        0x9300 => "UsageFault",
        0x9400 => "HardFault",
        0x9401 => "Lockup",
        0x9402 => "SecurityViolation",
        0x9403 => "ParityError",
        0x9404 => "Temperature",
        0x9405 => "Hardware",
        _ => return None,
    })
}

/// True when the firmware did not ask for this reboot: 0 (unknown) and everything from 0x8000 on.
pub const fn is_unexpected(value: u32) -> bool {
    value == 0 || value >= 0x8000
}

/// True for the values that firmware may define itself (expected 0x1001.., unexpected 0xA001.., 255 of each).
pub const fn is_custom(value: u32) -> bool {
    matches!(value, 0x1001..0x1100 | 0xa001..0xa100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_classes() {
        assert_eq!(reboot_reason_name(0x9400), Some("HardFault"));
        assert_eq!(reboot_reason_name(0x1001), None);
        assert!(is_unexpected(0) && is_unexpected(0x8000) && is_unexpected(0xa001));
        assert!(!is_unexpected(1) && !is_unexpected(0x1001) && !is_unexpected(0x7fff));
        assert!(is_custom(0xa001) && is_custom(0x10ff) && !is_custom(0x1000) && !is_custom(0x1100));
    }
}
