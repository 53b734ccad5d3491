/* Uploading over HTTP (spec 70, chapter 2).
 * Interface only: the library functions of this header arrive with the http component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/inttypes_compat.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/project_key.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the buffer for memfault_http_build_url(). */
#define MEMFAULT_HTTP_URL_BUFFER_SIZE (128)

/* An upload is a POST to <scheme>://<host>/api/v0/chunks/<serial>. */
#define MEMFAULT_HTTP_CHUNKS_API_PREFIX "/api/v0/"
#define MEMFAULT_HTTP_CHUNKS_API_SUBPATH "chunks"

/* Name of the header that carries the project key. */
#define MEMFAULT_HTTP_PROJECT_KEY_HEADER "Memfault-Project-Key"

typedef struct {
  /* NULL: the default of the configuration. */
  const char *host;
  /* 0: the default of the configuration. */
  uint16_t port;
} sMemfaultHttpApi;

/* All members but the key may stay zero. */
typedef struct MfltHttpClientConfig {
  /* The project key. */
  const char *api_key;
  /* True: plain HTTP. */
  bool disable_tls;
  /* Where chunks go. */
  sMemfaultHttpApi chunks_api;
  /* Where releases are looked up. */
  sMemfaultHttpApi device_api;
  /* NULL: memfault_platform_get_device_info(). */
  void (*get_device_info)(sMemfaultDeviceInfo *info);
} sMfltHttpClientConfig;

#if !defined(__cplusplus) && (defined(__GNUC__) || defined(__clang__))
MEMFAULT_STATIC_ASSERT(
  __builtin_types_compatible_p(__typeof__(&memfault_platform_get_device_info),
                               __typeof__(((sMfltHttpClientConfig *)0)->get_device_info)),
  "get_device_info is not of the type of memfault_platform_get_device_info");
#endif

/** Supplied by the firmware; may change at run time. */
extern sMfltHttpClientConfig g_mflt_http_client_config;

/* What the configuration says, or its default. */
#define MEMFAULT_HTTP_GET_CHUNKS_API_HOST()                                              \
  (g_mflt_http_client_config.chunks_api.host ? g_mflt_http_client_config.chunks_api.host \
                                             : MEMFAULT_HTTP_CHUNKS_API_HOST)
#define MEMFAULT_HTTP_GET_CHUNKS_API_PORT()                                              \
  (g_mflt_http_client_config.chunks_api.port ? g_mflt_http_client_config.chunks_api.port \
                                             : MEMFAULT_HTTP_APIS_DEFAULT_PORT)
#define MEMFAULT_HTTP_GET_DEVICE_API_HOST()                                              \
  (g_mflt_http_client_config.device_api.host ? g_mflt_http_client_config.device_api.host \
                                             : MEMFAULT_HTTP_DEVICE_API_HOST)
#define MEMFAULT_HTTP_GET_DEVICE_API_PORT()                                              \
  (g_mflt_http_client_config.device_api.port ? g_mflt_http_client_config.device_api.port \
                                             : MEMFAULT_HTTP_APIS_DEFAULT_PORT)
/* Depends on disable_tls only, not on the port. */
#define MEMFAULT_HTTP_GET_SCHEME() (g_mflt_http_client_config.disable_tls ? "http" : "https")

/** Writes <scheme>://<host>/api/v0/<subpath>/<serial>. False if it had to be cut. */
bool memfault_http_build_url(char url_buffer[MEMFAULT_HTTP_URL_BUFFER_SIZE], const char *subpath);

/* A connection; the platform defines the structure. */
typedef struct MfltHttpClient sMfltHttpClient;

/** Makes a client; NULL on failure. */
sMfltHttpClient *memfault_http_client_create(void);

/* Results of the next function besides errors. */
typedef enum {
  kMfltPostDataStatus_Success = 0,
  kMfltPostDataStatus_NoDataFound = 1,
} eMfltPostDataStatus;

/**
 * Starts to send what the packetizer has. Returns an eMfltPostDataStatus, or a negative number: -2
 * for NULL, else the platform's.
 */
int memfault_http_client_post_data(sMfltHttpClient *client);

/**
 * Sends what the packetizer has with a client of its own, and waits up to 30 s. Returns as the
 * former, -1 if there is no client.
 */
int memfault_http_client_post_chunk(void);

/** Waits for what was started. Returns 0 if all has finished within timeout_ms milliseconds. */
int memfault_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                       uint32_t timeout_ms);

/** Ends a client. Returns 0 on success. */
int memfault_http_client_destroy(sMfltHttpClient *client);

#ifdef __cplusplus
}
#endif
