/*
 * The shell under random keys, next to a second shell that is written from the text of spec 70
 * chapter 10: both have to send the same characters.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/config.h"
#include "memfault/demo/shell.h"
#include "memfault/demo/shell_commands.h"

#define ROUNDS 400
#define KEYS 300
#define LINE_LEN MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE

/* What one key makes the shell send. */
typedef struct {
  char text[512];
  size_t len;
} screen_t;

static screen_t s_screen;
static screen_t s_expected;

static void show(screen_t *screen, const char *text) {
  for (; *text != '\0'; text++) {
    if (screen->len < sizeof(screen->text)) {
      screen->text[screen->len] = *text;
    }
    screen->len++;
  }
}

static int send_char(char c) {
  show(&s_screen, (const char[]){ c, '\0' });
  return -1; /* nobody looks at it */
}

/* --- a command of the firmware, which shows its arguments --- */

static void show_arguments(screen_t *screen, int argc, char *const argv[]) {
  char text[16];
  snprintf(text, sizeof(text), "{%d", argc);
  show(screen, text);
  for (int i = 0; i < argc; i++) {
    show(screen, "|");
    show(screen, argv[i]);
  }
  show(screen, "}");
}

static int own_command(int argc, char *argv[]) {
  for (int i = argc; i < 16; i++) {
    CHECK(argv[i] == NULL);
  }
  show_arguments(&s_screen, argc, argv);
  return -7;
}

static const sMemfaultShellCommand s_own[] = {
  { .command = "a", .handler = own_command, .help = "" },
  { .command = "bb", .handler = own_command, .help = "" },
};

/* --- the second shell --- */

static struct {
  bool is_on;
  bool has_own;
  char line_end;
  char line[LINE_LEN];
  size_t len;
} s_model;

static void model_boot(bool is_on) {
  s_model.is_on = is_on;
  s_model.line_end = '\0';
  s_model.len = 0;
  if (is_on) {
    show(&s_expected, "\r\nmflt> ");
  }
}

static void model_run_line(void) {
  if (s_model.len == LINE_LEN) {
    show(&s_expected, "\r\n");
  }
  char line[LINE_LEN];
  memcpy(line, s_model.line, s_model.len);
  line[s_model.len - 1] = ' '; /* whatever it is */
  char *argv[16];
  int argc = 0;
  bool in_word = false;
  for (size_t i = 0; i < s_model.len; i++) {
    const bool separates = line[i] == ' ';
    if (separates) {
      line[i] = '\0';
    } else if (!in_word && argc < 16) {
      argv[argc++] = &line[i];
    }
    in_word = !separates;
  }
  if (argc > 0) {
    if (s_model.has_own && (strcmp(argv[0], "a") == 0 || strcmp(argv[0], "bb") == 0)) {
      show_arguments(&s_expected, argc, argv);
    } else {
      show(&s_expected, "Unknown command: ");
      show(&s_expected, argv[0]);
      show(&s_expected, "\r\nType 'help' to list all commands\r\n");
    }
  }
  s_model.len = 0;
  show(&s_expected, "mflt> ");
}

static void model_key(char c) {
  if (c == '\r' || c == '\n') {
    if (s_model.line_end == '\0') {
      s_model.line_end = c;
    }
    if (c != s_model.line_end) {
      return;
    }
    c = '\n';
  }
  if (!s_model.is_on || (c == '\b' && s_model.len == 0)) {
    return;
  }
  if (c == '\b') {
    show(&s_expected, "\b \b");
    s_model.len--;
    return;
  }
  show(&s_expected, (c == '\n') ? "\r\n" : (const char[]){ c, '\0' });
  s_model.line[s_model.len++] = c;
  if (c == '\n' || s_model.len == LINE_LEN) {
    model_run_line();
  }
}

/* --- keys --- */

static uint32_t s_random = 1;

static uint32_t random_below(uint32_t bound) {
  s_random ^= s_random << 13;
  s_random ^= s_random >> 17;
  s_random ^= s_random << 5;
  return s_random % bound;
}

static bool s_is_same;
static size_t s_sent;

static void compare(void) {
  CHECK(s_screen.len <= sizeof(s_screen.text));
  s_is_same = s_is_same && s_screen.len == s_expected.len &&
              memcmp(s_screen.text, s_expected.text, s_screen.len) == 0;
  s_sent += s_screen.len;
  s_screen.len = 0;
  s_expected.len = 0;
}

static void press(char c) {
  memfault_demo_shell_receive_char(c);
  model_key(c);
  compare();
}

static void press_something(void) {
  static const char kUsual[] = "aabb  \b\r\n";
  if (random_below(100) == 0) { /* longer than the line may be, and more words than it may have */
    const char *pattern = (random_below(2) == 0) ? "zz" : " a";
    for (uint32_t i = random_below(2 * LINE_LEN); i > 0; i--) {
      press(pattern[i % 2]);
    }
  } else if (random_below(8) == 0) {
    press((char)(1 + random_below(255)));
  } else {
    press(kUsual[random_below(sizeof(kUsual) - 1)]);
  }
}

static void play_round(void) {
  s_is_same = true;
  s_model.has_own = random_below(2) == 0;
  memfault_shell_command_set_extensions(s_model.has_own ? s_own : NULL, s_model.has_own ? 2 : 0);
  if (random_below(4) != 0) {
    const bool is_on = random_below(8) != 0;
    memfault_demo_shell_boot(&(sMemfaultShellImpl){ .send_char = is_on ? send_char : NULL });
    model_boot(is_on);
    compare();
  }
  for (int i = 0; i < KEYS; i++) {
    press_something();
  }
  CHECK(s_is_same);
}

int main(void) {
  board_init();
  for (int i = 0; i < ROUNDS; i++) {
    play_round();
  }
  CHECK(s_sent > 100000);
  check_finish();
}
