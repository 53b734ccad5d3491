/* The platform's HTTP client: the hooks that memfault_http_client_post_chunk() needs. One client is
 * one connection (spec 70, chapters 3 and 8). */
#include "http_client.h"

#include <string.h>

#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/http/platform/http_client.h"

/* The body goes out in pieces of this size, whatever its length is. */
#define PACKET_LEN 64

/* A message of at most that many bytes is kept until the server has accepted it. */
#if !defined(KEPT_LEN)
#define KEPT_LEN 512
#endif

/* So many seconds behind the start of the connection a small response has to be there: a server
 * that sends a byte now and then is no better than one that sends nothing. */
#define RESPONSE_S 10

struct MfltHttpClient {
  connection_t *connection;
};

struct MfltHttpResponse {
  int status;
};

static sMfltHttpClient s_client;
static http_uploads_t s_uploads;

/* The packetizer forgets a message when it hands out its last bytes. Whether the server takes it
 * shows later, so those bytes have to wait here. */
static struct {
  uint8_t bytes[KEPT_LEN];
  size_t len; /* 0: no message */
} s_kept;

http_uploads_t http_uploads(void) {
  return s_uploads;
}

bool http_message_is_kept(void) {
  return s_kept.len > 0;
}

bool http_send(const void *data, size_t data_len, void *ctx) {
  return connection_send(ctx, data, data_len);
}

bool http_receive(connection_t *connection, sMemfaultHttpResponseContext *response) {
  memset(response, 0, sizeof(*response));
  char piece[RECEIVE_LEN];
  size_t len;
  while (connection_age_s(connection) < RESPONSE_S &&
         (len = connection_receive(connection, piece, sizeof(piece))) > 0) {
    if (memfault_http_parse_response(response, piece, len)) {
      if (response->parse_error != kMfltHttpParseStatus_Ok) {
        MEMFAULT_LOG_ERROR("The server does not answer in HTTP");
        return false;
      }
      return true;
    }
  }
  MEMFAULT_LOG_ERROR("No response from the server, or half a one");
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
static bool send_message(connection_t *connection, size_t message_len) {
  if (!memfault_http_start_chunk_post(http_send, connection, message_len)) {
    return false;
  }
  size_t sent = 0;
  eMemfaultPacketizerStatus status;
  do {
    uint8_t packet[PACKET_LEN];
    size_t len = sizeof(packet);
    status = memfault_packetizer_get_next(packet, &len);
    if (status == kMemfaultPacketizerStatus_NoMoreData) {
      return false;
    }
    if (sent + len <= sizeof(s_kept.bytes)) {
      memcpy(&s_kept.bytes[sent], packet, len);
    }
    sent += len;
    if (status == kMemfaultPacketizerStatus_EndOfChunk) {
      s_kept.len = sent <= sizeof(s_kept.bytes) ? sent : 0;
    }
    if (!connection_send(connection, packet, len)) {
      return false;
    }
  } while (status != kMemfaultPacketizerStatus_EndOfChunk);
  return true;
}

static bool send_kept(connection_t *connection) {
  return memfault_http_start_chunk_post(http_send, connection, s_kept.len) &&
         connection_send(connection, s_kept.bytes, s_kept.len);
}

/* Reads the response, and decides what becomes of the message. */
static void finish_upload(connection_t *connection, MemfaultHttpClientResponseCallback callback,
                          void *ctx) {
  sMemfaultHttpResponseContext received;
  const bool has_response = http_receive(connection, &received);
  const sMfltHttpResponse response = { .status = received.http_status_code };
  callback(has_response ? &response : NULL, ctx);
  if (has_response && response.status == 202) {
    s_uploads.accepted++;
    s_kept.len = 0;
    return;
  }
  s_uploads.refused++;
  if (has_response && response.status >= 200 && response.status <= 299) {
    /* The SDK does not complain about these, but only 202 says that chunks were taken. */
    MEMFAULT_LOG_ERROR("HTTP status %d instead of 202", response.status);
  }
  if (s_kept.len == 0) {
    s_uploads.lost++;
    MEMFAULT_LOG_ERROR("A message is lost: it was too long to be kept");
  }
}

int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx) {
  bool sent;
  if (http_message_is_kept()) {
    sent = send_kept(client->connection);
  } else {
    const sPacketizerConfig config = { .enable_multi_packet_chunk = true };
    sPacketizerMetadata metadata;
    if (!memfault_packetizer_begin(&config, &metadata)) {
      return kMfltPostDataStatus_NoDataFound;
    }
    sent = send_message(client->connection, metadata.single_chunk_message_length);
  }
  if (!sent) {
    memfault_packetizer_abort(); /* a message that was not handed out whole comes again */
    return -3;
  }
  finish_upload(client->connection, callback, ctx);
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
