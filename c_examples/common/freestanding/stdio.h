/* For compilers without a C library: the only function of <stdio.h> that the examples use. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* Knows %d %i %u %x %X %p %c %s %%, the flags '-' and '0', width, precision of strings, and the
 * lengths hh h l ll z. Returns the length that the whole text has. */
int vsnprintf(char *text, size_t size, const char *format, va_list args);
