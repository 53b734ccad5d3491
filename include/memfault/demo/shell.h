/* A small shell for a serial line (spec 70, chapter 10). One task only.
 * Interface only: the library functions of this header arrive with the demo component.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef struct MemfaultShellImpl {
  /** Sends one character; the result is not looked at. */
  int (*send_char)(char c);
} sMemfaultShellImpl;

/** Starts the shell and prints its prompt. *impl is copied. */
void memfault_demo_shell_boot(const sMemfaultShellImpl *impl);

/** Takes one received character. A command runs inside this call. */
void memfault_demo_shell_receive_char(char c);

#ifdef __cplusplus
}
#endif
