/* The little C library of boards whose compiler has none. Small, not fast. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The compiler makes calls of memset and memcpy out of such loops, here of all places. */
#define PLAIN_LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))

PLAIN_LOOPS void *memcpy(void *to, const void *from, size_t len) {
  for (size_t i = 0; i < len; i++) {
    ((char *)to)[i] = ((const char *)from)[i];
  }
  return to;
}

PLAIN_LOOPS void *memmove(void *to, const void *from, size_t len) {
  if ((uintptr_t)to <= (uintptr_t)from) {
    return memcpy(to, from, len);
  }
  while (len-- > 0) {
    ((char *)to)[len] = ((const char *)from)[len];
  }
  return to;
}

PLAIN_LOOPS void *memset(void *to, int byte, size_t len) {
  for (size_t i = 0; i < len; i++) {
    ((char *)to)[i] = (char)byte;
  }
  return to;
}

int memcmp(const void *left, const void *right, size_t len) {
  const unsigned char *a = left;
  const unsigned char *b = right;
  for (size_t i = 0; i < len; i++) {
    if (a[i] != b[i]) {
      return a[i] - b[i];
    }
  }
  return 0;
}

PLAIN_LOOPS size_t strlen(const char *text) {
  size_t len = 0;
  while (text[len] != '\0') {
    len++;
  }
  return len;
}

int strcmp(const char *left, const char *right) {
  while (*left != '\0' && *left == *right) {
    left++;
    right++;
  }
  return (unsigned char)*left - (unsigned char)*right;
}

char *strstr(const char *text, const char *part) {
  const size_t len = strlen(part);
  for (; strlen(text) >= len; text++) {
    if (memcmp(text, part, len) == 0) {
      return (char *)(uintptr_t)text;
    }
    if (*text == '\0') {
      break;
    }
  }
  return NULL;
}

typedef struct {
  char *text;
  size_t size;
  size_t len;
} output_t;

static void put(output_t *out, char c) {
  if (out->len + 1 < out->size) {
    out->text[out->len] = c;
  }
  out->len++;
}

/* One piece of text with what goes around it. */
static void put_field(output_t *out, const char *sign, const char *text, size_t len, size_t width,
                      bool left, bool zeros) {
  const size_t used = strlen(sign) + len;
  const size_t padding = (width > used) ? width - used : 0;
  for (size_t i = 0; !left && !zeros && i < padding; i++) {
    put(out, ' ');
  }
  for (; *sign != '\0'; sign++) {
    put(out, *sign);
  }
  for (size_t i = 0; !left && zeros && i < padding; i++) {
    put(out, '0');
  }
  for (size_t i = 0; i < len; i++) {
    put(out, text[i]);
  }
  for (size_t i = 0; left && i < padding; i++) {
    put(out, ' ');
  }
}

/* The integer argument of `bits` bits, as 64 bits with the sign kept or zeros in front. */
static uint64_t integer(int length, bool is_signed, va_list *args) {
  switch (length) {
    case 'L':
      return va_arg(*args, unsigned long long);
    case 'l':
      return is_signed ? (uint64_t)va_arg(*args, long) : va_arg(*args, unsigned long);
    case 'z':
      return va_arg(*args, size_t);
    default:
      return is_signed ? (uint64_t)va_arg(*args, int) : va_arg(*args, unsigned int);
  }
}

int vsnprintf(char *text, size_t size, const char *format, va_list original) {
  output_t out = { .text = text, .size = size };
  va_list args;
  va_copy(args, original);
  while (*format != '\0') {
    if (*format != '%') {
      put(&out, *format++);
      continue;
    }
    format++;
    bool left = false, zeros = false;
    for (; *format == '-' || *format == '0'; format++) {
      left |= (*format == '-');
      zeros |= (*format == '0');
    }
    size_t width = 0, precision = SIZE_MAX;
    for (; *format >= '0' && *format <= '9'; format++) {
      width = width * 10u + (size_t)(*format - '0');
    }
    if (*format == '.') {
      precision = 0;
      for (format++; *format >= '0' && *format <= '9'; format++) {
        precision = precision * 10u + (size_t)(*format - '0');
      }
    }
    int length = 0;
    for (; *format == 'h' || *format == 'l' || *format == 'z'; format++) {
      length = (length == 'l' && *format == 'l') ? 'L' : *format;
    }
    const char type = *format++;
    if (type == '\0') {
      break;
    }
    if (type == 's') {
      const char *const word = va_arg(args, const char *);
      size_t len = 0;
      while (len < precision && word[len] != '\0') {
        len++;
      }
      put_field(&out, "", word, len, width, left, false);
    } else if (type == 'c') {
      const char c = (char)va_arg(args, int);
      put_field(&out, "", &c, 1, width, left, false);
    } else if (type == '%') {
      put(&out, '%');
    } else {
      const bool is_signed = (type == 'd' || type == 'i');
      uint64_t value = (type == 'p') ? (uintptr_t)va_arg(args, void *)
                                     : integer(length, is_signed, &args);
      const bool negative = is_signed && (int64_t)value < 0;
      value = negative ? 0 - value : value;
      const unsigned base = (is_signed || type == 'u') ? 10 : 16;
      const char *const digits = (type == 'X') ? "0123456789ABCDEF" : "0123456789abcdef";
      char number[20];
      size_t at = sizeof(number);
      do {
        number[--at] = digits[value % base];
        value /= base;
      } while (value != 0);
      const char *const sign = negative ? "-" : ((type == 'p') ? "0x" : "");
      put_field(&out, sign, &number[at], sizeof(number) - at, width, left, zeros);
    }
  }
  va_end(args);
  if (size > 0) {
    text[(out.len < size) ? out.len : size - 1] = '\0';
  }
  return (int)out.len;
}
