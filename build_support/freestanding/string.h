/* For compilers without a C library (Debian's riscv64-unknown-elf-gcc): what the C units of shim/
 * call. The firmware supplies the functions, as any code of GCC expects.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *left, const void *right, size_t len);
size_t strlen(const char *text);
