/* Texts of logs: what is made without the C library's vsnprintf() is what it would have made, and it
   is asked for the rest. WITHOUT_VSNPRINTF: the same where it is not linked. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "check.h"

#ifdef WITHOUT_VSNPRINTF
  /* A copy that finds none, as in firmware without one. */
  #define vsnprintf vsnprintf_that_nobody_defines
  #define memfault_rs_format format_without_vsnprintf
  #include "memfault_rs_format.c"
  #undef vsnprintf
#else
  #include "memfault_rs_format.h"
#endif

#define TEXT_SIZE 80

static char s_text[TEXT_SIZE + 1];

//! Into the first `size` bytes of s_text, which are followed by a byte that must stay.
static size_t format_into(size_t size, const char *format, ...) {
  memset(s_text, 0x5a, sizeof(s_text));
  va_list args;
  va_start(args, format);
  const size_t len = memfault_rs_format(s_text, size, format, args);
  va_end(args);
  CHECK_EQ(s_text[size], 0x5a);
  CHECK_EQ(s_text[len], 0);
  return len;
}

#define CHECK_FORMAT(expected, ...)                               \
  do {                                                            \
    CHECK_EQ(format_into(TEXT_SIZE, __VA_ARGS__), strlen(expected)); \
    CHECK(strcmp(s_text, expected) == 0);                         \
  } while (0)

static void test_lengths(void) {
  /* Also where the C library does not know them. */
  CHECK_FORMAT("-1 255 -1 65535", "%hhd %hhu %hd %hu", -1, -1, -1, -1);
  CHECK_FORMAT("-5 7", "%ld %lu", -5L, 7UL);
  CHECK_FORMAT("-9223372036854775808 18446744073709551615", "%lld %llu", LLONG_MIN, ULLONG_MAX);
  CHECK_FORMAT("1234567890123 fedcba9876543210 1777777777777777777777", "%jd %llx %llo",
               (intmax_t)1234567890123, 0xfedcba9876543210ULL, ULLONG_MAX);
  CHECK_FORMAT("80 -3", "%zu %td", (size_t)80, (ptrdiff_t)-3);
  CHECK_FORMAT("deadbeef", "%" PRIx32, (uint32_t)0xdeadbeef);
}

static void test_room(void) {
  CHECK_EQ(format_into(1, "%d", 5), 0);
  CHECK_EQ(format_into(3, "%d|", 12345), 2);
  CHECK(strcmp(s_text, "12") == 0);
  CHECK_EQ(format_into(6, "%3s%*d", "a", 4000, 1), 5);
  CHECK(strcmp(s_text, "  a  ") == 0);
  CHECK_EQ(format_into(4, "%-1000s|", "a"), 3);
  CHECK_EQ(format_into(4, "%.1000d", 7), 3);
  CHECK(strcmp(s_text, "000") == 0);
  CHECK_EQ(format_into(9, "%d%%%s", 1, "longer than this"), 8);
  CHECK(strcmp(s_text, "1%longer") == 0);
  /* Absurd widths and precisions, from the format or an argument. */
  CHECK_EQ(format_into(4, "%*d", INT_MIN, 7), 3);
  CHECK(strcmp(s_text, "7  ") == 0);
  CHECK_EQ(format_into(4, "%*d", INT_MAX, 7), 3);
  CHECK_EQ(format_into(4, "%#.2147483647x", 7), 3);
  CHECK(strcmp(s_text, "0x0") == 0);
  CHECK_EQ(format_into(4, "%-2147483648d", 7), 3);
  CHECK_EQ(format_into(4, "%.*s", INT_MIN, "text"), 3);
  /* A text without terminator, with a precision that does not reach beyond it. */
  const char text[3] = { 'a', 'b', 'c' };
  CHECK_FORMAT("abc ab", "%.3s %.*s", text, 2, text);
  CHECK_EQ(format_into(TEXT_SIZE, ""), 0);
}

#ifdef WITHOUT_VSNPRINTF

static void test_the_rest(void) {
  CHECK_FORMAT("0x1234 at 7", "%p at %d", (void *)(uintptr_t)0x1234, 7);
  CHECK_FORMAT("(null) 7", "%s %d", NULL, 7);
  CHECK_FORMAT("(nu| 7", "%.3s| %d", NULL, 7);
  /* Nobody can make these; what follows is not mixed up. */
  CHECK_FORMAT("%5.2f 7", "%5.2f %d", 1.5, 7);
  CHECK_FORMAT("%g %E 7", "%g %E %d", 1.5, 2.5, 7);
  CHECK_FORMAT("%y 7", "%y %d", 7);
  CHECK_FORMAT("7 %", "%d %", 7);
  CHECK_FORMAT("7 %-0l", "%d %-0l", 7);
}

#else

static unsigned s_num_asked;

int __real_vsnprintf(char *buf, size_t size, const char *format, va_list args);

int __wrap_vsnprintf(char *buf, size_t size, const char *format, va_list args);
int __wrap_vsnprintf(char *buf, size_t size, const char *format, va_list args) {
  s_num_asked++;
  return __real_vsnprintf(buf, size, format, args);
}

//! Is the text that of the C library? Prints a difference.
static bool is_as_from_libc(size_t size, const char *format, ...) {
  char expected[TEXT_SIZE];
  va_list args;
  va_start(args, format);
  const int wanted_len = __real_vsnprintf(expected, size, format, args);
  va_end(args);
  va_start(args, format);
  const size_t len = memfault_rs_format(s_text, size, format, args);
  va_end(args);
  bool equal = (wanted_len < 0) && (len == 0);
  if (wanted_len >= 0) {
    const size_t expected_len = ((size_t)wanted_len < size) ? (size_t)wanted_len : size - 1;
    equal = (len == expected_len) && memcmp(s_text, expected, len + 1) == 0;
  }
  if (!equal) {
    char line[3 * TEXT_SIZE];
    snprintf(line, sizeof(line), "%s: \"%s\" instead of \"%s\"\n", format, s_text, expected);
    for (const char *c = line; *c != '\0'; c++) {
      board_uart_putc(*c);
    }
  }
  return equal;
}

static const long long s_values[] = {
  0,     1,       -1,      7,             8,              -8,        10,       255, -256,
  65535, INT_MAX, INT_MIN, 1234567890123, -1234567890123, LLONG_MAX, LLONG_MIN,
};
static const char *const s_widths[] = { "", "1", "2", "6", "13" };
static const char *const s_precisions[] = { "", ".", ".0", ".1", ".4", ".12" };
static const char s_flags[] = "-+ #0";
static const char *const s_lengths[] = { "", "h", "l", "hh", "ll", "j", "z", "t" };

#define NUM_OF(array) (sizeof(array) / sizeof((array)[0]))

//! newlib-nano takes the lengths behind the first three for conversions, and has `#` of octal numbers
//! wrong.
static bool s_libc_is_nano;

static void look_at_libc(void) {
  char text[8];
  snprintf(text, sizeof(text), "%hhd", 1);
  s_libc_is_nano = strcmp(text, "1") != 0;
}

//! All integers with one length and letter, with these flags.
static unsigned count_differences(const char *flags, const char *length, char letter) {
  unsigned num_differences = 0;
  for (size_t width = 0; width < NUM_OF(s_widths); width++) {
    for (size_t precision = 0; precision < NUM_OF(s_precisions); precision++) {
      char format[40];
      sprintf(format, "<%%%s%s%s%s%c>", flags, s_widths[width], s_precisions[precision], length,
              letter);
      for (size_t i = 0; i < NUM_OF(s_values); i++) {
        const long long value = s_values[i];
        if (s_libc_is_nano && letter == 'o' && strchr(flags, '#') != NULL) {
          continue;
        }
        bool equal;
        if (strcmp(length, "ll") == 0 || strcmp(length, "j") == 0) {
          equal = is_as_from_libc(TEXT_SIZE, format, value);
        } else if (length[0] != '\0' && length[0] != 'h') {
          equal = is_as_from_libc(TEXT_SIZE, format, (long)value);
        } else {
          equal = is_as_from_libc(TEXT_SIZE, format, (int)value);
        }
        num_differences += !equal;
      }
    }
  }
  return num_differences;
}

static void test_integers(void) {
  look_at_libc();
  const size_t num_lengths = s_libc_is_nano ? 3 : NUM_OF(s_lengths);
  for (const char *letter = "diuxXo"; *letter != '\0'; letter++) {
    for (size_t length = 0; length < num_lengths; length++) {
      unsigned num_differences = 0;
      for (unsigned combination = 0; combination < 1 << 5; combination++) {
        char flags[6], *flag = flags;
        for (int i = 0; i < 5; i++) {
          if ((combination & (1u << i)) != 0) {
            *flag++ = s_flags[i];
          }
        }
        *flag = '\0';
        num_differences += count_differences(flags, s_lengths[length], *letter);
      }
      CHECK_EQ(num_differences, 0);
    }
  }
}

static void test_texts(void) {
  const char *const formats[] = { "%s",    "%5s",  "%-5s|", "%.2s",   "%6.2s|", "%-6.2s|",
                                  "%.0s|", "%1s",  "%.s",   "x%sy%%", "%-12s|", "%20s" };
  for (size_t i = 0; i < NUM_OF(formats); i++) {
    CHECK(is_as_from_libc(TEXT_SIZE, formats[i], "text"));
    CHECK(is_as_from_libc(TEXT_SIZE, formats[i], ""));
    CHECK(is_as_from_libc(3, formats[i], "text"));
  }
  CHECK(is_as_from_libc(TEXT_SIZE, "%c%4c%-4c|", 'a', 'b', 'c'));
  CHECK(is_as_from_libc(TEXT_SIZE, "a%cb", 0));
  CHECK(is_as_from_libc(TEXT_SIZE, "%*d|%-*d|%.*d|%*.*d", -5, 1, 5, 2, -1, 3, 7, 3, 4));
  CHECK(is_as_from_libc(TEXT_SIZE, "plain"));
}

static void test_the_rest(void) {
  /* All of the above without asking. */
  CHECK_EQ(s_num_asked, 0);
  /* newlib-nano has no floating point here, and writes what it finds in memory. */
  if (!s_libc_is_nano) {
    CHECK(is_as_from_libc(TEXT_SIZE, "%d %5.2f %d", 1, 1.5, 2));
  }
  CHECK(is_as_from_libc(TEXT_SIZE, "%d %s %s", 1, (const char *)NULL, "x"));
  CHECK(is_as_from_libc(TEXT_SIZE, "%p %p", (void *)s_text, NULL));
  CHECK(is_as_from_libc(4, "%d %g", 123, 1.5));
  CHECK(is_as_from_libc(TEXT_SIZE, "%d %", 1));
  CHECK_EQ(s_num_asked, s_libc_is_nano ? 4 : 5);
}

#endif

int main(void) {
  board_init();
#ifndef WITHOUT_VSNPRINTF
  test_integers();
  test_texts();
#endif
  test_lengths();
  test_room();
  test_the_rest();
  check_finish();
}
