/* <inttypes.h>, which the public headers promise to their users, or <stdint.h> where there is no C
 * library: bare RISC-V toolchains have the freestanding headers only, and the SDK's own types need
 * no more. Not part of the original SDK; include memfault headers, not this one.
 */
#pragma once

#if defined(__has_include)
  /* clang has an <inttypes.h> of its own that only forwards, so ask for a header that no compiler
   * brings along.
   */
  #if __has_include(<stdio.h>)
    #include <inttypes.h>
  #else
    #include <stdint.h>
  #endif
#else
  #include <inttypes.h>
#endif
