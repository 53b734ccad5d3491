/* For tests of custom data recordings (spec 30, 10.2). */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** Forgets all sources and what was sent of them. */
void memfault_cdr_source_reset(void);

#ifdef __cplusplus
}
#endif
