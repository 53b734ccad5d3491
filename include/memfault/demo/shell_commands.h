/* The commands of the shell (spec 70, chapters 10 and 11).
 * Interface only: the library functions of this header arrive with the demo component.
 */
#pragma once

#include <stddef.h>

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct MemfaultShellCommand {
  const char *command;
  int (*handler)(int argc, char *argv[]);
  const char *help;
} sMemfaultShellCommand;

/** The table of commands and its length. Weak: define both to replace it. */
extern const sMemfaultShellCommand *const g_memfault_shell_commands;
extern const size_t g_memfault_num_shell_commands;

/** Lists the commands. */
int memfault_shell_help_handler(int argc, char *argv[]);

#if defined(MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS)
/** Adds the firmware's own commands; the table is kept, not copied. NULL and 0 remove it. */
void memfault_shell_command_set_extensions(const sMemfaultShellCommand *const commands,
                                           size_t num_commands);
#endif

#ifdef __cplusplus
}
#endif
