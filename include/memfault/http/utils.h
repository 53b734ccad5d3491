/* Requests, responses and URLs for small HTTP clients (spec 70, chapters 4 to 7). No allocation, no
 * lock.
 * Interface only: the library functions of this header arrive with the http component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/platform/device_info.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sends a piece of a request. It has no terminator and is valid during the call only. False stops
 * the request.
 */
typedef bool (*MfltHttpClientSendCb)(const void *data, size_t data_len, void *ctx);

/**
 * Sends the head of a chunk upload; content_body_length bytes of body have to follow. False if
 * callback said so.
 */
bool memfault_http_start_chunk_post(MfltHttpClientSendCb callback, void *ctx,
                                    size_t content_body_length);

/**
 * Sends the question for the latest release of this device. The response is its URL (status 200),
 * or there is none (204).
 */
bool memfault_http_get_latest_ota_payload_url(MfltHttpClientSendCb write_callback, void *ctx);

/** Sends the request for that URL. False also if it is not a URL. */
bool memfault_http_get_ota_payload(MfltHttpClientSendCb write_callback, void *ctx, const char *url,
                                   size_t url_len);

typedef enum MfltHttpParseStatus {
  kMfltHttpParseStatus_Ok = 0,
  MfltHttpParseStatus_ParseStatusLineError,
  MfltHttpParseStatus_ParseHeaderError,
  MfltHttpParseStatus_HeaderTooLongError,
} eMfltHttpParseStatus;

/* For the parser. */
typedef enum MfltHttpParsePhase {
  kMfltHttpParsePhase_ExpectingStatusLine = 0,
  kMfltHttpParsePhase_ExpectingHeader,
  kMfltHttpParsePhase_ExpectingBody,
} eMfltHttpParsePhase;

/* A response while it is read. Zero it to begin. */
typedef struct {
  /* Out, valid when a parse call returned true. */
  eMfltHttpParseStatus parse_error;
  int http_status_code;
  /* First 127 bytes of the body, ended by a NUL. */
  const char *http_body;
  /* Bytes that the latest call took. */
  int data_bytes_processed;
  int content_length;

  /* For the parser. */
  eMfltHttpParsePhase phase;
  int content_received;
  size_t line_len;
  char line_buf[128];
} sMemfaultHttpResponseContext;

/**
 * Reads on in a response. True: it is complete, or parse_error is set. False: more data is needed.
 */
bool memfault_http_parse_response(sMemfaultHttpResponseContext *ctx, const void *data,
                                  size_t data_len);

/** The same, but complete at the end of the header; the body is not touched. */
bool memfault_http_parse_response_header(sMemfaultHttpResponseContext *ctx, const void *data,
                                         size_t data_len);

typedef enum {
  kMemfaultUriScheme_Unrecognized = 0,
  kMemfaultUriScheme_Http,
  kMemfaultUriScheme_Https,
} eMemfaultUriScheme;

/* Parts of a URL; pointers into it, no terminators. */
typedef struct {
  eMemfaultUriScheme scheme;

  const void *host;
  size_t host_len;

  uint32_t port;

  /* From the first '/' on, query included; NULL if there is none. */
  const void *path;
  size_t path_len;
} sMemfaultUriInfo;

/** Takes a URL apart. False, and *uri_info_out is left alone, if it is none with http or https. */
bool memfault_http_parse_uri(const char *uri, size_t uri_len, sMemfaultUriInfo *uri_info_out);

/** Are there characters that have to be escaped in a URL? */
bool memfault_http_needs_escape(const char *str, size_t len);

/**
 * Escapes inbuf for use in a URL and ends it with a NUL. Returns 0, or -1 for NULL, length 0 and
 * lack of space.
 */
int memfault_http_urlencode(const char *inbuf, size_t inbuf_len, char *outbuf, size_t outbuf_len);

/** The device info for HTTP: from the client's configuration, else from the platform. */
void memfault_http_get_device_info(sMemfaultDeviceInfo *info);

/** Write the URLs of the requests above. False if buf_len bytes are not enough. */
bool memfault_http_build_latest_ota_url(char *buf, size_t buf_len);
bool memfault_http_build_chunk_post_url(char *buf, size_t buf_len);

#ifdef __cplusplus
}
#endif
