#pragma once

#include <stdint.h>

int main(void);
void reset(void);
void unused(void);
int spoon(int value);
// Stands for what the log component does.
void save_log(uint32_t id, uint32_t types, ...);
