/* Stands for a kernel's header that the firmware's metrics file includes. */
#pragma once

typedef struct {
  int priority;
} kernel_task_t;
