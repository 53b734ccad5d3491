//! `memfault/demo/shell_commands.h` (spec 70 chapters 10 and 11): the commands of the shell.

use super::cli;
use super::shell::print;
use crate::config::Config;
use crate::demo::line::MAX_WORDS;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int};
use core::ptr;

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/config.h"

/// What runs a command: `argv[0]` is its name. `argv` has 16 entries, those from `argc` on are NULL.
type Handler = unsafe extern "C" fn(argc: c_int, argv: *mut *mut c_char) -> c_int;

/// A command of the shell.
/// cbindgen:tag=MemfaultShellCommand
#[repr(C)]
pub struct sMemfaultShellCommand {
    /// Its name, one word.
    pub command: *const c_char,
    /// What it does: `argv[0]` is the name, `argv` has 16 entries, those from `argc` on are NULL. The result is not looked at.
    pub handler: Option<unsafe extern "C" fn(argc: c_int, argv: *mut *mut c_char) -> c_int>,
    /// What `help` says about it.
    pub help: *const c_char,
}

// C header:
// | /** The table of commands and its length. Weak: define both to replace it. */
// | extern const sMemfaultShellCommand *const g_memfault_shell_commands;
// | extern const size_t g_memfault_num_shell_commands;

mod built_in;

#[allow(improper_ctypes)] // a transparent pointer
unsafe extern "C" {
    static g_memfault_shell_commands: Global<*const sMemfaultShellCommand>;
    static g_memfault_num_shell_commands: usize;
}

static TABLE: Global<*const sMemfaultShellCommand> = Global::new((&raw const built_in::COMMANDS).cast());
static TABLE_LEN: usize = built_in::LEN;

weak_data!("g_memfault_shell_commands" = TABLE, Global<*const sMemfaultShellCommand>);
weak_data!("g_memfault_num_shell_commands" = TABLE_LEN, usize);

/// The firmware's own commands; there with `MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS` only.
static EXTENSIONS: Global<[Cell<(*const sMemfaultShellCommand, usize)>; HAS_EXTENSIONS]> =
    Global::new([const { Cell::new((ptr::null(), 0)) }; HAS_EXTENSIONS]);
const HAS_EXTENSIONS: usize = Firmware::DEMO_SHELL_COMMAND_EXTENSIONS as usize;

/// The table, then the firmware's own commands.
fn commands() -> impl Iterator<Item = &'static sMemfaultShellCommand> {
    // SAFETY: constants that the firmware or the library defines.
    let (first, len) = unsafe { (*g_memfault_shell_commands, g_memfault_num_shell_commands) };
    // SAFETY: a table of this length, which nobody changes.
    let table = unsafe { raw::items(first, len) };
    let extensions = EXTENSIONS.iter().flat_map(|extensions| {
        let (first, len) = extensions.get();
        // SAFETY: the promise of `memfault_shell_command_set_extensions`.
        unsafe { raw::items(first, len) }
    });
    table.iter().chain(extensions)
}

/// Runs the command of a line, if it has a word.
pub(super) fn run<'a>(words: impl Iterator<Item = &'a [Cell<u8>]>) {
    let mut argv: [*mut c_char; MAX_WORDS] = [ptr::null_mut(); MAX_WORDS];
    let mut argc = 0;
    for (argument, word) in argv.iter_mut().zip(words) {
        *argument = word.as_ptr().cast_mut().cast();
        argc += 1;
    }
    let [name, ..] = argv;
    if name.is_null() {
        return;
    }
    // SAFETY: a word ends with a NUL.
    let name = unsafe { raw::text(name) };
    // SAFETY: strings of a table.
    match commands().find(|command| unsafe { raw::text(command.command) } == name) {
        Some(command) => {
            if let Some(handler) = command.handler {
                // SAFETY: a function of a table, with the arguments that it expects.
                unsafe { handler(argc, argv.as_mut_ptr()) };
            }
        }
        None => {
            print(b"Unknown command: ");
            print(name);
            print(b"\nType 'help' to list all commands\n");
        }
    }
}

/// Lists the commands: a line with name and help text each.
///
/// Returns 0. The arguments are not looked at. Spec 70 chapter 10.
#[unsafe(no_mangle)]
#[allow(unused_variables)] // the names of arguments are for the header
pub extern "C" fn memfault_shell_help_handler(argc: c_int, argv: *mut *mut c_char) -> c_int {
    for command in commands() {
        // SAFETY: strings of a table.
        let (name, help) = unsafe { (raw::text(command.command), raw::text(command.help)) };
        for text in [name, b": ", help, b"\n"] {
            print(text);
        }
    }
    0
}

// C header:
// | #if defined(MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS)
// | /** Adds the firmware's own commands; the table is kept, not copied. NULL and 0 remove it. */
// | void memfault_shell_command_set_extensions(const sMemfaultShellCommand *const commands,
// |                                            size_t num_commands);
// | #endif

/// Does nothing without `MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS`.
/// cbindgen:ignore
///
/// # Safety
/// `commands` is NULL or points to as many commands as `num_commands` says, which stay as they are until the next call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_shell_command_set_extensions(
    commands: *const sMemfaultShellCommand,
    num_commands: usize,
) {
    for extensions in EXTENSIONS.iter() {
        extensions.set((commands, num_commands));
    }
}
