// Metrics by number: which kind each one has, and the setter that fits.
#pragma once

#include <stdint.h>

// A number of any type, or text.
typedef struct {
  int64_t number;
  const char *text;
} metric_value;

// Reads an argument of the current step.
metric_value metric_value_arg(const char *key);

// Calls the setter that fits the type, and returns its result.
int metric_set(int metric, const metric_value *value);
