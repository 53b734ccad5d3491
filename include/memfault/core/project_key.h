/* The project key (spec 20, 17.3). */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Characters of a project key, terminator not counted. */
#define MEMFAULT_PROJECT_KEY_LEN 32

#ifdef __cplusplus
}
#endif
