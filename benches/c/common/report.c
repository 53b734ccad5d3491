#include "report.h"

#include <stdarg.h>
#include <stdio.h>

static void write_line(const char *prefix, const char *fmt, va_list args) {
  char line[256];
  vsnprintf(line, sizeof(line), fmt, args);
  bench_platform_write(prefix);
  bench_platform_write(line);
  bench_platform_write("\n");
}

void bench_report(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  write_line("", fmt, args);
  va_end(args);
}

void bench_report_bytes(const char *id, const uint8_t *bytes, size_t len) {
  static const char digits[] = "0123456789abcdef";
  bench_platform_write("bytes ");
  bench_platform_write(id);
  bench_platform_write(" ");
  for (size_t i = 0; i < len; i++) {
    const char hex[3] = { digits[bytes[i] >> 4], digits[bytes[i] & 15], '\0' };
    bench_platform_write(hex);
  }
  bench_platform_write("\n");
}

void bench_fail(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  write_line("error ", fmt, args);
  va_end(args);
  bench_platform_exit(1);
}

void bench_done(void) {
  bench_report("end");
  bench_platform_exit(0);
}
