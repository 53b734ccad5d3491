/* The platform's HTTP client: the hooks that memfault_http_client_post_chunk() needs. One client is
 * one connection (spec 70, chapters 3 and 8). */
#include "http_client.h"

#include <string.h>

#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/http/platform/http_client.h"

/* The body goes out in pieces of this size, whatever its length is. */
#define PACKET_LEN 64

struct MfltHttpClient {
  connection_t *connection;
};

struct MfltHttpResponse {
  int status;
};

static sMfltHttpClient s_client;
static http_uploads_t s_uploads;

http_uploads_t http_uploads(void) {
  return s_uploads;
}

bool http_send(const void *data, size_t data_len, void *ctx) {
  return connection_send(ctx, data, data_len);
}

bool http_receive(connection_t *connection, sMemfaultHttpResponseContext *response) {
  memset(response, 0, sizeof(*response));
  char piece[RECEIVE_LEN];
  size_t len;
  while ((len = connection_receive(connection, piece, sizeof(piece))) > 0) {
    if (memfault_http_parse_response(response, piece, len)) {
      return response->parse_error == kMfltHttpParseStatus_Ok;
    }
  }
  return false;
}

sMfltHttpClient *memfault_platform_http_client_create(void) {
  s_client.connection =
    connection_open(MEMFAULT_HTTP_GET_CHUNKS_API_HOST(), MEMFAULT_HTTP_GET_CHUNKS_API_PORT(),
                    !g_mflt_http_client_config.disable_tls);
  return s_client.connection != NULL ? &s_client : NULL;
}

/* Sends one message as one chunk: its length is known beforehand, and it is made while it goes out,
 * so that no buffer has to hold it. */
static bool send_message(connection_t *connection, uint32_t message_len) {
  if (!memfault_http_start_chunk_post(http_send, connection, message_len)) {
    return false;
  }
  eMemfaultPacketizerStatus status;
  do {
    uint8_t packet[PACKET_LEN];
    size_t len = sizeof(packet);
    status = memfault_packetizer_get_next(packet, &len);
    if (status == kMemfaultPacketizerStatus_NoMoreData ||
        !connection_send(connection, packet, len)) {
      return false;
    }
  } while (status != kMemfaultPacketizerStatus_EndOfChunk);
  return true;
}

int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx) {
  const sPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sPacketizerMetadata metadata;
  if (!memfault_packetizer_begin(&config, &metadata)) {
    return kMfltPostDataStatus_NoDataFound;
  }
  if (!send_message(client->connection, metadata.single_chunk_message_length)) {
    memfault_packetizer_abort(); /* the same message comes again next time */
    return -3;
  }
  sMemfaultHttpResponseContext received;
  const bool has_response = http_receive(client->connection, &received);
  const sMfltHttpResponse response = { .status = received.http_status_code };
  if (has_response && response.status == 202) {
    s_uploads.accepted++;
  } else {
    s_uploads.refused++;
  }
  callback(has_response ? &response : NULL, ctx);
  return kMfltPostDataStatus_Success;
}

int memfault_platform_http_response_get_status(const sMfltHttpResponse *response,
                                               uint32_t *status_out) {
  *status_out = (uint32_t)response->status;
  return 0;
}

/* The response was waited for when the data was posted. */
int memfault_platform_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                                uint32_t timeout_ms) {
  (void)client;
  (void)timeout_ms;
  return 0;
}

int memfault_platform_http_client_destroy(sMfltHttpClient *client) {
  connection_close(client->connection);
  client->connection = NULL;
  return 0;
}
