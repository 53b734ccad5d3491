/*
 * SDK configuration of the examples. Options that are not named here keep their default; `docs/`
 * lists them all. Read by C and by the library's build, so preprocessor lines only.
 */
#pragma once

/* Events name the device they come from, so that a log with several devices can be told apart. */
#define MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL 1

/* Events name the firmware they come from: the linker computes the id (-Wl,--build-id), and
 * sections.ld defines where it lies. The linker script of a host program does not. */
#if defined(__arm__) || !__STDC_HOSTED__
  #define MEMFAULT_USE_GNU_BUILD_ID 1
#endif
