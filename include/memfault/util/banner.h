/* A banner for consoles (spec 10, chapter 16). The macros are string literals, so they can stand
 * next to other literals and in static initialisers. Four lines of UTF-8, each ended by a newline;
 * nine columns at the end of a line, a shield with a pulse, are between the two colour strings.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_BANNER_(MEMFAULT_COLOR_START, MEMFAULT_COLOR_END)            \
  "memfault-rs     " MEMFAULT_COLOR_START "┌───────┐" MEMFAULT_COLOR_END "\n" \
  "device data,    " MEMFAULT_COLOR_START "│  ╱╲   │" MEMFAULT_COLOR_END "\n" \
  "byte for byte   " MEMFAULT_COLOR_START "│─╱  ╲╱─│" MEMFAULT_COLOR_END "\n" \
  "                " MEMFAULT_COLOR_START "└──╲ ╱──┘" MEMFAULT_COLOR_END "\n"

/* With ANSI colour escapes. */
#define MEMFAULT_BANNER_COLORIZED MEMFAULT_BANNER_("\x1b[36m", "\x1b[0m")

/* Plain text. */
#define MEMFAULT_BANNER_MONOCHROME MEMFAULT_BANNER_("", "")

#ifdef __cplusplus
}
#endif
