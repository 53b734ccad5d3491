#include "check.h"

#include <stdio.h>
#include <string.h>

#include "board.h"

const char g_example_name[] = "c-tests";

static unsigned s_passed;
static unsigned s_failed;

static void print(const char *text) {
  while (*text != '\0') {
    board_uart_putc(*text++);
  }
}

void check_note(bool ok, const char *what, const char *file, int line) {
  if (ok) {
    s_passed++;
    return;
  }
  s_failed++;
  const char *name = strrchr(file, '/');
  char text[160];
  snprintf(text, sizeof(text), "FAIL %s:%d: %s\n", name == NULL ? file : name + 1, line, what);
  print(text);
}

void check_equal(long long got, long long wanted, const char *what, const char *file, int line) {
  check_note(got == wanted, what, file, line);
  if (got != wanted) {
    char text[80];
    snprintf(text, sizeof(text), "  got %ld, wanted %ld\n", (long)got, (long)wanted);
    print(text);
  }
}

void check_bytes(const void *got, size_t got_len, const void *wanted, size_t wanted_len,
                 const char *what, const char *file, int line) {
  const bool same = got_len == wanted_len && memcmp(got, wanted, wanted_len) == 0;
  check_note(same, what, file, line);
  if (!same) {
    const uint8_t *bytes = got;
    print("  got");
    for (size_t i = 0; i < got_len; i++) {
      char text[8];
      snprintf(text, sizeof(text), " %02x", bytes[i]);
      print(text);
    }
    print("\n");
  }
}

uint32_t check_random(uint32_t below) {
  static uint32_t s_state = 0x2545f491u;
  s_state ^= s_state << 13;
  s_state ^= s_state >> 17;
  s_state ^= s_state << 5;
  return s_state % below;
}

void check_finish(void) {
  char text[64];
  snprintf(text, sizeof(text), "%u passed, %u failed\n", s_passed, s_failed);
  print(text);
  board_exit(s_failed == 0 && s_passed != 0 ? 0 : 1);
}
