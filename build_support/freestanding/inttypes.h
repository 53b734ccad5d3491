/* For compilers without a C library: the public headers include this file and use only its types. */
#pragma once

#include <stdint.h>
