/* Configuration of the SDK: reads the firmware's file, then fills in the defaults (spec 60, chapter
 * 1).
 *
 * An option has, in this order, the value of the compiler's command line (-D), of the firmware's
 * configuration file, or of memfault/default_config.h. Preprocessor lines only: the file may be
 * reached from an assembler source.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Name of the firmware's configuration file, quotes included. */
#ifndef MEMFAULT_PLATFORM_CONFIG_FILE
  #define MEMFAULT_PLATFORM_CONFIG_FILE "memfault_platform_config.h"
#endif

/* MEMFAULT_PLATFORM_CONFIG_DISABLED, defined to anything at all, means that there is no such file.
 */
#ifndef MEMFAULT_PLATFORM_CONFIG_DISABLED
  #include MEMFAULT_PLATFORM_CONFIG_FILE
#endif

/* Not 0: no default is applied, the firmware sets every option by itself. Best with -Werror=undef.
 */
#ifndef MEMFAULT_PLATFORM_CONFIG_STRICT
  #define MEMFAULT_PLATFORM_CONFIG_STRICT 0
#endif

#if MEMFAULT_PLATFORM_CONFIG_STRICT == 0
  #define MEMFAULT_PLATFORM_CONFIG_INCLUDE_DEFAULTS 1
  #include "memfault/default_config.h"
  #undef MEMFAULT_PLATFORM_CONFIG_INCLUDE_DEFAULTS
#endif

#ifdef __cplusplus
}
#endif
