/* Writes a small hand-made coredump into the slow flash, for the example to send. */
#pragma once

#include <stdint.h>

/* Returns the size of the image in bytes, or 0 if it did not fit. */
uint32_t coredump_image_program(void);
