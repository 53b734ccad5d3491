//! What the self test knows by itself (spec 30 chapter 13): which tests there are, and what a device's strings may look like.

#[cfg(test)]
mod tests;

/// The tests of a run, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tests(pub u32);

impl Tests {
    /// Device info and build id.
    pub const DEVICE_INFO: Self = Self(1 << 0);
    /// Which components were booted.
    pub const COMPONENT_BOOT: Self = Self(1 << 1);
    /// Regions of a coredump.
    pub const COREDUMP_REGIONS: Self = Self(1 << 2);
    /// A line as long as the longest one of an export.
    pub const DATA_EXPORT: Self = Self(1 << 3);
    /// Restarts the device.
    pub const REBOOT_REASON: Self = Self(1 << 4);
    /// To be run after that restart.
    pub const REBOOT_REASON_VERIFY: Self = Self(1 << 5);
    /// Clock and time.
    pub const PLATFORM_TIME: Self = Self(1 << 6);
    /// Overwrites the storage of the coredump.
    pub const COREDUMP_STORAGE: Self = Self(1 << 7);
    /// Is that storage large enough?
    pub const COREDUMP_STORAGE_CAPACITY: Self = Self(1 << 8);
    /// Those that can always be run.
    pub const DEFAULT: Self = Self(
        Self::DEVICE_INFO.0
            | Self::COMPONENT_BOOT.0
            | Self::COREDUMP_REGIONS.0
            | Self::DATA_EXPORT.0
            | Self::PLATFORM_TIME.0
            | Self::COREDUMP_STORAGE_CAPACITY.0,
    );

    /// Is one of `other` among them?
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The test that the argument of the shell command names; the names are matched whole.
    pub fn named(name: &[u8]) -> Option<Self> {
        const NAMES: [(&[u8], Tests); 3] = [
            (b"reboot", Tests::REBOOT_REASON),
            (b"reboot_verify", Tests::REBOOT_REASON_VERIFY),
            (b"coredump_storage", Tests::COREDUMP_STORAGE),
        ];
        // Byte by byte: comparing the slices would need memcmp.
        let is_name = |known: &[u8]| known.len() == name.len() && known.iter().zip(name).all(|(a, b)| a == b);
        NAMES.iter().find(|(known, _)| is_name(known)).map(|(_, test)| *test)
    }
}

/// A string of the device info.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Device serial.
    Serial = 0,
    /// Software type.
    SoftwareType = 1,
    /// Software version.
    SoftwareVersion = 2,
    /// Hardware version.
    HardwareVersion = 3,
}

/// Bit of a build that has no id, next to those of the fields.
pub const NO_BUILD_ID: u32 = 1 << 4;

/// What is wrong with a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// It is empty or too long.
    Length,
    /// It has this character.
    Character(u8),
}

impl Field {
    /// Its bit in the result of the test.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Says whether it may have a character.
    pub const fn alphabet(self) -> fn(u8) -> bool {
        match self {
            Self::Serial => is_serial_character,
            Self::SoftwareType | Self::HardwareVersion => is_type_character,
            Self::SoftwareVersion => is_version_character,
        }
    }

    /// Is the string all right, if at most `max_len` bytes are allowed? Of a longer one the first `max_len` + 1 are enough.
    pub fn check(self, text: &[u8], max_len: usize) -> Result<(), Problem> {
        if text.is_empty() || text.len() > max_len {
            return Err(Problem::Length);
        }
        let allows = self.alphabet();
        match text.iter().find(|&&c| !allows(c)) {
            Some(&character) => Err(Problem::Character(character)),
            None => Ok(()),
        }
    }
}

/// Letters, digits, `_` and `-`.
pub const fn is_serial_character(character: u8) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, b'_' | b'-')
}

/// Those, `.`, `+` and `:`.
pub const fn is_type_character(character: u8) -> bool {
    is_serial_character(character) || matches!(character, b'.' | b'+' | b':')
}

/// What `isprint` says in the C locale.
pub const fn is_version_character(character: u8) -> bool {
    matches!(character, b' '..=b'~')
}

/// A time before this is no real one: 2024-01-29 00:00 UTC, in seconds since 1970.
pub const EARLIEST_TIME_S: u64 = 1_706_486_400;
