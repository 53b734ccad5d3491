#include "transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/demo/shell.h"

#define PROMPT "mflt> "

static char s_text[3072];
static size_t s_len;
static bool s_is_kept; /* nobody looks at what is printed outside of the shell */

static void append(const char *fmt, va_list args) {
  if (!s_is_kept) {
    return;
  }
  const int len = vsnprintf(s_text + s_len, sizeof(s_text) - s_len, fmt, args);
  CHECK(len >= 0 && (size_t)len < sizeof(s_text) - s_len);
  s_len += strlen(s_text + s_len);
}

void transcript_note(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  append(fmt, args);
  va_end(args);
}

/* The board has these as well; the linker sends all calls here (-Wl,--wrap). */
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  transcript_note("[%c] ", "DIWE"[level]);
  va_list args;
  va_start(args, fmt);
  append(fmt, args);
  va_end(args);
  transcript_note("\n");
}

void __wrap_memfault_platform_log_raw(const char *fmt, ...);
void __wrap_memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  append(fmt, args);
  va_end(args);
  transcript_note("\n");
}

void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info);
void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "DEMO-1",
    .software_type = "app",
    .software_version = "2.7.1",
    .hardware_version = "revc",
  };
}

static int send_char(char c) {
  transcript_note("%c", c);
  return 0;
}

static void begin(void) {
  s_is_kept = true;
  s_len = 0;
  s_text[0] = '\0';
}

void transcript_boot(void) {
  begin();
  memfault_demo_shell_boot(&(sMemfaultShellImpl){ .send_char = send_char });
  transcript_equal(s_text, "\r\n" PROMPT, __FILE__, __LINE__);
  s_is_kept = false;
}

static void type(const char *text) {
  for (; *text != '\0'; text++) {
    memfault_demo_shell_receive_char(*text);
  }
}

const char *transcript_type(const char *line) {
  begin();
  type(line);
  CHECK(strcmp(s_text, line) == 0); /* the echo */
  begin();
  type("\n");
  CHECK(strncmp(s_text, "\r\n", 2) == 0);
  const size_t prompt = strlen(PROMPT);
  CHECK(s_len >= 2 + prompt && strcmp(s_text + s_len - prompt, PROMPT) == 0);
  if (s_len >= 2 + prompt) {
    s_text[s_len - prompt] = '\0';
  }
  s_is_kept = false;
  return s_text + 2;
}

const char *transcript_left(void) {
  return (s_len >= 2) ? s_text + 2 : s_text;
}

/* The log of the board cuts long lines. */
static void put(const char *text) {
  for (; *text != '\0'; text++) {
    board_uart_putc(*text);
  }
}

void transcript_equal(const char *got, const char *expected, const char *file, int at) {
  const bool equal = strcmp(got, expected) == 0;
  check_note(equal, "transcript", file, at);
  if (!equal) {
    put(got);
    put("\n---- expected ----\n");
    put(expected);
    put("\n");
  }
}

void transcript_check(const char *line, const char *expected, const char *file, int at) {
  transcript_equal(transcript_type(line), expected, file, at);
}
