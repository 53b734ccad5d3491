/* What the options of the demo component and of the self test change, seen through the shell.
 *
 * Compiled and linked once per configuration by tests/config/run.py; prints one line "name value"
 * for each observation.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "memfault/components.h"
#include "memfault/core/data_packetizer_source.h"

/* The hooks that this firmware looks at; tests/stubs has the others */

static char s_last_line[128];
static eMemfaultPlatformLogLevel s_last_level;

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  vsnprintf(s_last_line, sizeof(s_last_line), fmt, args);
  va_end(args);
  s_last_level = level;
}

/* A message that is longer than any chunk. */

static bool s_sent;

static bool has_message(size_t *size) {
  *size = s_sent ? 0 : 3000;
  return !s_sent;
}

static bool read_message(uint32_t offset, void *buf, size_t len) {
  for (size_t i = 0; i < len; i++) {
    ((uint8_t *)buf)[i] = (uint8_t)((offset + i) * 37u); /* nothing that run-length encoding likes */
  }
  return true;
}

static void mark_message(void) {
  s_sent = true;
}

const sMemfaultDataSourceImpl g_memfault_coredump_data_source = { has_message, read_message,
                                                                  mark_message };

static size_t s_longest_chunk;

void user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len) {
  (void)chunk_data;
  if (chunk_data_len > s_longest_chunk) {
    s_longest_chunk = chunk_data_len;
  }
}

/* The shell */

static char s_screen[4096];
static size_t s_screen_len;

static int send_char(char c) {
  if (s_screen_len < sizeof(s_screen) - 1) {
    s_screen[s_screen_len++] = c;
  }
  return 0;
}

static const char *type(const char *text) {
  memset(s_screen, 0, sizeof(s_screen));
  s_screen_len = 0;
  for (; *text != '\0'; text++) {
    memfault_demo_shell_receive_char(*text);
  }
  return s_screen;
}

static const char *known(const char *line) {
  return (strstr(type(line), "Unknown command") == NULL) ? "known" : "unknown";
}

#if defined(MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS)
static int own(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  return 0;
}
#endif

int main(void) {
  memfault_demo_shell_boot(&(sMemfaultShellImpl){ send_char });
#if defined(MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS)
  static const sMemfaultShellCommand s_own = { "own", own, "" };
  memfault_shell_command_set_extensions(&s_own, 1);
#endif
  printf("commands %u\n", (unsigned int)g_memfault_num_shell_commands);
  printf("self_test %s\n", known("self_test\n"));
  printf("watchdog %s\n", known("wdog_enable\n"));
  printf("own %s\n", known("own\n"));

  unsigned int len = 0;
  while (len < 1000 && strstr(type("x"), "Unknown command") == NULL) {
    len++;
  }
  printf("line %u\n", len + 1);

  type("drain_chunks\n");
  printf("chunk %u\n", (unsigned int)s_longest_chunk);

  printf("storage_test %d\n", memfault_self_test_run(kMemfaultSelfTestFlag_CoredumpStorage));
  const bool is_hint = s_last_level == kMemfaultPlatformLogLevel_Error;
  printf("storage_hint %s\n", is_hint ? s_last_line : "-");
  memfault_self_test_run(kMemfaultSelfTestFlag_DataExport);
  printf("report %s\n", (s_last_level == kMemfaultPlatformLogLevel_Debug) ? "debug" : "information");
  return 0;
}
