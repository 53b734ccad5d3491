//! `memfault/demo/shell.h` (spec 70 chapter 10): a small shell for a serial line. For one task only.

use super::shell_commands::run;
use crate::config::Config;
use crate::demo::line::{Line, Terminal, send_text};
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use core::cell::Cell;
use core::ffi::{c_char, c_int};

// C header: only the items.

/// The other end of the serial line.
/// cbindgen:tag=MemfaultShellImpl
#[repr(C)]
pub struct sMemfaultShellImpl {
    /// Sends one character; the result is not looked at. NULL: the shell is off.
    pub send_char: Option<unsafe extern "C" fn(c: c_char) -> c_int>,
}

static LINE: Global<Line<{ Firmware::DEMO_SHELL_RX_BUFFER_SIZE }>> = Global::new(Line::new());
static SEND_CHAR: Global<Cell<Option<unsafe extern "C" fn(c_char) -> c_int>>> = Global::new(Cell::new(None));

/// The terminal of the firmware.
pub(super) struct SerialLine;

impl Terminal for SerialLine {
    fn is_connected(&self) -> bool {
        SEND_CHAR.get().is_some()
    }

    fn send(&self, character: u8) {
        if let Some(send_char) = SEND_CHAR.get() {
            // SAFETY: a function of the firmware, which takes any character.
            unsafe { send_char(character as c_char) };
        }
    }
}

/// Sends a text, a carriage return in front of each line feed.
pub(super) fn print(text: &[u8]) {
    send_text(&SerialLine, text);
}

/// Starts the shell, or starts it over, and prints its prompt. `*impl` is copied; NULL turns the shell off.
///
/// Spec 70 chapter 10.
///
/// # Safety
/// `impl` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_demo_shell_boot(r#impl: *const sMemfaultShellImpl) {
    // SAFETY: NULL or valid by the caller's promise.
    SEND_CHAR.set(unsafe { r#impl.as_ref() }.and_then(|shell| shell.send_char));
    LINE.boot(&SerialLine);
}

/// Takes one received character, and echoes it. A command runs inside this call.
///
/// A line ends with CR or LF (the first one that is received after a boot decides), or when it has
/// `MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE` characters, its end included. 0x08 takes a character back. Spec 70 chapter 10.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_shell_receive_char(c: c_char) {
    if LINE.receive(c as u8, &SerialLine) {
        run(LINE.words());
        LINE.begin(&SerialLine);
    }
}
