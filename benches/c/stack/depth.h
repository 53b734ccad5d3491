/* How deep a call reaches below the caller's stack pointer. */
#pragma once

#include <stdint.h>

/* The stack pointer of the function that called the SDK last; its own frame does not count. */
extern uintptr_t g_call_sp;

/* Has to stand right before the call. Outgoing stack arguments lie above it: the compiler
 * reserves them at function entry. */
#define NOTE_CALL_SP() __asm__ volatile("mov %0, sp" : "=r"(g_call_sp))

/* Paints 16 KiB below the caller's frame. */
void depth_paint(void);

/* The deepest byte that changed since, in bytes below the noted stack pointer. */
uint32_t depth_reached(void);

/* Runs `fn`, which notes its stack pointer and calls the SDK, and returns the depth in bytes.
 * 16 KiB below the stack pointer are painted, the call is made, and the deepest byte that changed
 * is looked for. */
uint32_t depth_of(void (*fn)(void));
