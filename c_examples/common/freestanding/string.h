/* For compilers without a C library: what the examples and the SDK call, in freestanding.c. */
#pragma once

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *left, const void *right, size_t len);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);
char *strstr(const char *text, const char *part);
