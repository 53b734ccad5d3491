//! Text of a log line from a format and its arguments (spec 30 section 9). Not for firmware.
#pragma once

#include <stdarg.h>
#include <stddef.h>

//! Writes as much of the text as fits into `text` with a NUL behind it, and returns how much that
//! is. `size` is at least 1.
size_t memfault_rs_format(char *text, size_t size, const char *format, va_list args);
