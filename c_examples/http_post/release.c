/* A firmware update: ask for the latest release, then download it (spec 70, chapter 8). */
#include <stdio.h>
#include <string.h>

#include "http_client.h"
#include "memfault/core/debug_log.h"
#include "memfault/http/http_client.h"

/* Returns the status of the response; with 200 the URL is in `response`. */
static int ask(sMemfaultHttpResponseContext *response) {
  connection_t *connection =
    connection_open(MEMFAULT_HTTP_GET_DEVICE_API_HOST(), MEMFAULT_HTTP_GET_DEVICE_API_PORT(),
                    !g_mflt_http_client_config.disable_tls);
  if (connection == NULL) {
    return -1;
  }
  const bool received = memfault_http_get_latest_ota_payload_url(http_send, connection) &&
                        http_receive(connection, response);
  connection_close(connection);
  return received ? response->http_status_code : -1;
}

/* Writes the body of a response, of which the first bytes may have come along with its head. */
static bool store_body(connection_t *connection, FILE *file) {
  sMemfaultHttpResponseContext response = { 0 };
  char piece[RECEIVE_LEN];
  size_t len;
  do {
    len = connection_receive(connection, piece, sizeof(piece));
    if (len == 0) {
      return false;
    }
  } while (!memfault_http_parse_response_header(&response, piece, len));
  if (response.parse_error != kMfltHttpParseStatus_Ok || response.http_status_code != 200 ||
      response.content_length == 0) {
    return false;
  }
  size_t missing = (size_t)response.content_length;
  size_t start = (size_t)response.data_bytes_processed;
  while (missing > 0 && len > 0) {
    const size_t usable = len - start < missing ? len - start : missing;
    if (fwrite(piece + start, 1, usable, file) != usable) {
      return false;
    }
    missing -= usable;
    start = 0;
    len = missing > 0 ? connection_receive(connection, piece, sizeof(piece)) : 0;
  }
  return missing == 0;
}

static bool download(const char *url, FILE *file) {
  sMemfaultUriInfo uri;
  char host[256];
  if (!memfault_http_parse_uri(url, strlen(url), &uri) || uri.host_len >= sizeof(host) ||
      uri.port > UINT16_MAX) {
    return false;
  }
  memcpy(host, uri.host, uri.host_len);
  host[uri.host_len] = '\0';
  connection_t *connection =
    connection_open(host, (uint16_t)uri.port, uri.scheme == kMemfaultUriScheme_Https);
  if (connection == NULL) {
    return false;
  }
  const bool stored = memfault_http_get_ota_payload(http_send, connection, url, strlen(url)) &&
                      store_body(connection, file);
  connection_close(connection);
  return stored;
}

int release_download(const char *path) {
  sMemfaultHttpResponseContext response;
  const int status = ask(&response);
  if (status != 200) {
    return status;
  }
  /* The parser keeps 127 bytes of a body, so a longer URL would not be the whole one. */
  if (response.http_body == NULL || strlen(response.http_body) != (size_t)response.content_length) {
    MEMFAULT_LOG_ERROR("The URL of the release is too long, or there is none");
    return -1;
  }
  MEMFAULT_LOG_INFO("Latest release: %s", response.http_body);
  FILE *file = fopen(path, "wb");
  if (file == NULL) {
    MEMFAULT_LOG_ERROR("Cannot write %s", path);
    return -1;
  }
  const bool stored = download(response.http_body, file);
  if (fclose(file) != 0 || !stored) {
    MEMFAULT_LOG_ERROR("The release was not downloaded whole");
    remove(path); /* a part of an image is none */
    return -1;
  }
  return status;
}
