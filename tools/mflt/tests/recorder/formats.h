/* All formats of formats.inc, logged from C and from C++. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

void log_formats_of_c(void);
void log_formats_of_cpp(void);

#ifdef __cplusplus
}
#endif
