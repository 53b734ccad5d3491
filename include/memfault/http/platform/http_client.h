/* The platform's HTTP client (spec 70, chapter 3). The firmware defines these functions if it uses
 * those of memfault/http/http_client.h; they are called from the same task.
 * Interface only: the library functions that call these hooks arrive with the http component.
 */
#pragma once

#include <stddef.h>

#include "memfault/core/inttypes_compat.h"
#include "memfault/http/http_client.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes a client; NULL on failure. */
sMfltHttpClient *memfault_platform_http_client_create(void);

/* A response; the platform defines the structure. */
typedef struct MfltHttpResponse sMfltHttpResponse;

/** Stores the HTTP status. Returns 0 on success. */
int memfault_platform_http_response_get_status(const sMfltHttpResponse *response,
                                               uint32_t *status_out);

/** Takes the response to a request; response is NULL if there was none. */
typedef void (*MemfaultHttpClientResponseCallback)(const sMfltHttpResponse *response, void *ctx);

/**
 * Sends what the packetizer has. Returns 0 if it was sent or queued, and then callback is called
 * exactly once; 1 if there was nothing; a negative number on error.
 */
int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx);

/** Waits up to timeout_ms milliseconds. Returns 0 if all requests have finished. */
int memfault_platform_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                                uint32_t timeout_ms);

/** Ends a client; no callback may come afterwards. Returns 0 on success. */
int memfault_platform_http_client_destroy(sMfltHttpClient *client);

#ifdef __cplusplus
}
#endif
