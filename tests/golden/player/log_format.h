// The section with the formats of compact logs. Log ids are offsets into it in the vectors, and
// addresses in the calls.
#pragma once

#include <stdint.h>

// The linker's name for the start of the section; one entry makes it exist.
extern const char __start_log_fmt[];
static const char s_log_format[] __attribute__((section("log_fmt"), used)) = "";

static inline uint32_t log_format_address(uint32_t offset) {
  return (uint32_t)(uintptr_t)__start_log_fmt + offset;
}
