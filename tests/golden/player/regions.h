// Regions of memory that go into a coredump, as a vector lists them.
#pragma once

#include <stddef.h>

#include "memfault/panics/platform/coredump.h"

typedef struct {
  sMfltCoredumpRegion *regions;
  size_t count;
} region_list;

// Adds the regions of an argument, and puts their content where the vector says it lies.
void regions_append(region_list *list, const char *argument);
