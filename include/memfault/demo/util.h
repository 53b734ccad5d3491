/* Facts about the HTTP configuration, for demo applications (spec 70, chapter 13).
 * They exist where both components are built, demo and http.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** The URL for chunk uploads, made anew at each call in a static buffer. */
const char *memfault_demo_get_chunks_url(void);

/** The project key. */
const char *memfault_demo_get_api_project_key(void);

#ifdef __cplusplus
}
#endif
