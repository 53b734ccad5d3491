//! Text of a log line from a format and its arguments (spec 30 section 9).
//!
//! The text of a log has to be that of the firmware's C library. But vsnprintf() of a C library for
//! microcontrollers is 3 KB or more, with a heap below it, and most of the time of saving a log. So
//! what the C standard defines to the last character (d i u x X o c s %, with flags, width,
//! precision and length) is made here. For everything else (floating point, the look of pointers
//! and of NULL, extensions) vsnprintf() is asked, if it is linked: firmware uses it elsewhere, or
//! has `-Wl,-u,vsnprintf`. If it is not, pointers look as those of newlib, and what is not known
//! stays in the text as it is in the format.

#include "memfault_rs_format.h"

#include <stdbool.h>
#include <stdint.h>

#include "memfault/core/compiler.h"

//! Weak: this is no reason to link it. Not from <stdio.h>, which a compiler without a C library
//! does not have.
MEMFAULT_WEAK int vsnprintf(char *buf, size_t size, const char *format, va_list args);

//! A flag's bit is its distance from the space.
#define FLAG(c) (1u << ((c) - ' '))
#define ALL_FLAGS (FLAG(' ') | FLAG('#') | FLAG('+') | FLAG('-') | FLAG('0'))

// Compilers that may not use the registers for floating point cannot fetch such an argument, nor
// can anybody pass one.
#if (defined(__aarch64__) && !defined(__ARM_FP)) || (defined(__x86_64__) && !defined(__SSE2__))
  #define HAS_DOUBLES 0
#else
  #define HAS_DOUBLES 1
#endif

//! Where the text goes. What does not fit is left out.
typedef struct {
  char *pos;
  char *end;
} sOutput;

//! A va_list may be an array, which a function cannot take by reference; hence the struct.
typedef struct {
  const char *format;
  va_list args;
} sInput;

//! A conversion as the format has it, and what it becomes: spaces, prefix, zeros, body, spaces.
typedef struct {
  unsigned flags;
  int width;
  int precision;
  unsigned arg_size;  // 0: no length
  char letter;
  char prefix[2];
  int prefix_len;
  int zeros;
  const char *body;
  int len;
  char storage[(64 / 3) + 1];  // of a body
} sConversion;

static void prv_put(sOutput *out, const char *text, int len) {
  char *pos = out->pos;
  for (; len > 0 && pos < out->end; len--) {
    *pos++ = *text++;
  }
  out->pos = pos;
}

static void prv_repeat(sOutput *out, char c, int count) {
  for (; count > 0 && out->pos < out->end; count--) {
    *out->pos++ = c;
  }
}

static void prv_put_conversion(sOutput *out, sConversion *conversion) {
  const int len = conversion->prefix_len + conversion->len;
  const bool is_left = (conversion->flags & FLAG('-')) != 0;
  if (!is_left && (conversion->flags & FLAG('0')) != 0 &&
      conversion->width - len > conversion->zeros) {
    conversion->zeros = conversion->width - len;
  }
  const int spaces = conversion->width - len - ((conversion->zeros > 0) ? conversion->zeros : 0);
  prv_repeat(out, ' ', is_left ? 0 : spaces);
  prv_put(out, conversion->prefix, conversion->prefix_len);
  prv_repeat(out, '0', conversion->zeros);
  prv_put(out, conversion->body, conversion->len);
  prv_repeat(out, ' ', is_left ? spaces : 0);
}

//! More than any line has; small enough to be added up and negated.
#define MAX_NUMBER 0xffff

static int prv_limited(int number) {
  if (number > MAX_NUMBER) {
    return MAX_NUMBER;
  }
  return (number < -MAX_NUMBER) ? -MAX_NUMBER : number;
}

static void prv_read_conversion(sInput *in, sConversion *conversion) {
  char c;
  conversion->flags = 0;
  for (; (c = *in->format) >= ' ' && c <= '0' && (FLAG(c) & ALL_FLAGS) != 0; in->format++) {
    conversion->flags |= FLAG(c);
  }
  conversion->precision = -1;
  int *number = &conversion->width;
  *number = 0;
  for (;; in->format++) {
    c = *in->format;
    if (c == '.') {
      number = &conversion->precision;
      *number = 0;
    } else if (c == '*') {
      *number = va_arg(in->args, int);
    } else if (c >= '0' && c <= '9') {
      *number = (int)(((unsigned)*number * 10) + (unsigned)(c - '0'));
    } else {
      break;
    }
  }
  conversion->precision = prv_limited(conversion->precision);
  conversion->width = prv_limited(conversion->width);
  if (conversion->width < 0) {
    conversion->width = -conversion->width;
    conversion->flags |= FLAG('-');
  }
  conversion->arg_size = 0;
  for (;; in->format++) {
    c = *in->format;
    const bool is_second = (conversion->arg_size != 0);
    if (c == 'h') {
      conversion->arg_size = is_second ? sizeof(char) : sizeof(short);
    } else if (c == 'l') {
      conversion->arg_size = is_second ? sizeof(long long) : sizeof(long);
    } else if (c == 'z' || c == 't') {
      conversion->arg_size = sizeof(size_t);
    } else if (c == 'j') {
      conversion->arg_size = sizeof(intmax_t);
    } else {
      break;
    }
  }
  conversion->letter = c;
}

//! The last digit, which is taken away. Not with a 64-bit `/`, for which compilers bring a function
//! that is larger than all of this.
static unsigned prv_take_digit(uint32_t *high, uint32_t *low, unsigned base) {
  const uint32_t upper = ((*high % base) << 16) | (*low >> 16);
  const uint32_t lower = ((upper % base) << 16) | (*low & 0xffff);
  *high /= base;
  *low = ((upper / base) << 16) | (lower / base);
  return lower % base;
}

static void prv_make_integer(sInput *in, sConversion *conversion, unsigned base, bool is_signed) {
  uint32_t low, high = 0;
  if (conversion->arg_size > sizeof(int)) {
    const uint64_t value = va_arg(in->args, uint64_t);
    low = (uint32_t)value;
    high = (uint32_t)(value >> 32);
  } else {
    low = va_arg(in->args, unsigned);
    if (conversion->arg_size != 0) {
      const unsigned unused_bits = 32 - (8 * conversion->arg_size);
      low <<= unused_bits;
      low = is_signed ? (uint32_t)((int32_t)low >> unused_bits) : low >> unused_bits;
    }
    if (is_signed) {
      high = (uint32_t)((int32_t)low >> 31);
    }
  }

  const bool is_alternate = (conversion->flags & FLAG('#')) != 0;
  if (is_signed) {
    char sign = ' ';
    if ((int32_t)high < 0) {
      high = ~high + (low == 0);
      low = 0 - low;
      sign = '-';
    } else if ((conversion->flags & FLAG('+')) != 0) {
      sign = '+';
    }
    conversion->prefix[0] = sign;
    conversion->prefix_len = (sign != ' ' || (conversion->flags & FLAG(' ')) != 0);
  } else if (base == 16 && is_alternate && (high | low) != 0) {
    conversion->prefix[0] = '0';
    conversion->prefix[1] = conversion->letter;
    conversion->prefix_len = 2;
  }

  char *const end = conversion->storage + sizeof(conversion->storage);
  char *digits = end;
  while ((high | low) != 0) {
    const unsigned digit = prv_take_digit(&high, &low, base);
    // The letter is x or X.
    *--digits =
      (char)((digit < 10) ? digit + '0' : digit - 10 + (unsigned)conversion->letter - ('x' - 'a'));
  }
  conversion->body = digits;
  conversion->len = (int)(end - digits);
  int min_digits = 1;
  if (conversion->precision >= 0) {
    min_digits = conversion->precision;
    conversion->flags &= ~FLAG('0');
  }
  conversion->zeros = min_digits - conversion->len;
  if (base == 8 && is_alternate && conversion->zeros <= 0) {
    conversion->zeros = 1;
  }
}

//! False: vsnprintf() has to do it.
static bool prv_make_text(sInput *in, sConversion *conversion) {
  conversion->flags &= ~FLAG('0');
  conversion->body = conversion->storage;
  conversion->storage[0] = conversion->letter;
  conversion->len = 1;
  // A length makes characters wide.
  if (conversion->arg_size != 0) {
    return false;
  }
  switch (conversion->letter) {
    case '%':
      return true;
    case 'c':
      conversion->storage[0] = (char)va_arg(in->args, int);
      return true;
    case 's': {
      const char *text = va_arg(in->args, const char *);
      if (text == NULL) {
        if (vsnprintf != NULL) {
          return false;
        }
        text = "(null)";
      }
      conversion->body = text;
      int len = 0;
      while (len != conversion->precision && text[len] != '\0') {
        len++;
      }
      conversion->len = len;
      return true;
    }
    default:
      return false;
  }
}

static bool prv_make(sInput *in, sConversion *conversion) {
  conversion->prefix_len = 0;
  conversion->zeros = 0;
  if (conversion->letter == 'p' && vsnprintf == NULL) {
    conversion->letter = 'x';
    conversion->flags |= FLAG('#');
    conversion->arg_size = sizeof(void *);
  }
  const char letter = conversion->letter;
  const bool is_signed = (letter == 'd' || letter == 'i');
  unsigned base;
  if (is_signed || letter == 'u') {
    base = 10;
  } else if (letter == 'x' || letter == 'X') {
    base = 16;
  } else if (letter == 'o') {
    base = 8;
  } else {
    return prv_make_text(in, conversion);
  }
  prv_make_integer(in, conversion, base, is_signed);
  return true;
}

size_t memfault_rs_format(char *text, size_t size, const char *format, va_list args) {
  sOutput out = { .pos = text, .end = text + size - 1 };
  sInput in = { .format = format };
  va_copy(in.args, args);

  for (;;) {
    const char *start = in.format;
    const char *pos = start;
    while (*pos != '\0' && *pos != '%') {
      pos++;
    }
    prv_put(&out, start, (int)(pos - start));
    if (*pos == '\0') {
      break;
    }
    start = pos;
    in.format = pos + 1;
    sConversion conversion;
    prv_read_conversion(&in, &conversion);
    if (!prv_make(&in, &conversion)) {
      if (vsnprintf != NULL) {
        va_end(in.args);
        const int len = vsnprintf(text, size, format, args);
        return (len < 0) ? 0 : ((size_t)len < size) ? (size_t)len : size - 1;
      }
#if HAS_DOUBLES
      if (conversion.letter >= 'A' && conversion.letter <= 'g') {
        // Floating point; what follows shall not get its argument.
        (void)va_arg(in.args, double);
      }
#endif
      conversion.width = 0;
      conversion.body = start;
      conversion.len = (int)(in.format - start) + (conversion.letter != '\0');
    }
    in.format += (conversion.letter != '\0');
    prv_put_conversion(&out, &conversion);
  }
  *out.pos = '\0';
  va_end(in.args);
  return (size_t)(out.pos - text);
}
