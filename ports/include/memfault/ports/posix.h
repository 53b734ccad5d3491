/* Programs on Linux and other POSIX systems: ports/posix/. docs/porting.md tells how to use it. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exit code of memfault_platform_reboot(), for whoever starts the program again. */
#ifndef MEMFAULT_PORT_POSIX_REBOOT_EXIT_CODE
  #define MEMFAULT_PORT_POSIX_REBOOT_EXIT_CODE 3
#endif

/**
 * Memory of `size` bytes that outlives the program, however it ends: the content of the file
 * `path`, which is made, full of zeroes, if it does not exist. For memfault_reboot_tracking_boot()
 * (64 bytes) and RAM-backed coredump storage. On tmpfs (/run) it is lost when the machine restarts,
 * as RAM is.
 *
 * Only one program may use a file at a time. NULL, with errno, if that cannot be done. The memory
 * stays for the rest of the program's life.
 */
void *memfault_port_posix_map_retained(const char *path, size_t size);

#ifdef __cplusplus
}
#endif
