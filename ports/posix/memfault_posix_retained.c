//! POSIX port: memory that outlives the program, by way of a file.

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memfault/ports/posix.h"

void *memfault_port_posix_map_retained(const char *path, size_t size) {
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return NULL;
  }
  void *memory = MAP_FAILED;
  // Also makes a file shorter that an older version of the program left.
  if (ftruncate(file, (off_t)size) == 0) {
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  const int reason = errno;
  close(file); // the mapping stays
  errno = reason;
  return (memory != MAP_FAILED) ? memory : NULL;
}
