/*
 * HTTP where the golden vectors do not reach: what is better than the reference, NULL for everything, a context with a wrong
 * length, and pieces of every size on every board. No hook of the platform's client is defined here: firmware with a client of
 * its own does not need them.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "example.h"
#include "memfault/http/http_client.h"
#include "memfault/http/root_certs.h"
#include "memfault/http/utils.h"

sMfltHttpClientConfig g_mflt_http_client_config;

static sMemfaultDeviceInfo s_info;
static int s_info_calls;

static void get_device_info(sMemfaultDeviceInfo *info) {
  s_info_calls++;
  *info = s_info;
}

static void configure(void) {
  g_mflt_http_client_config = (sMfltHttpClientConfig){
    .api_key = "key",
    .get_device_info = get_device_info,
  };
  s_info = (sMemfaultDeviceInfo){
    .device_serial = "serial",
    .software_type = "type",
    .software_version = "1.0",
    .hardware_version = "hw",
  };
}

static int s_pieces;

static bool count_piece(const void *data, size_t data_len, void *ctx) {
  CHECK(data != NULL && data_len > 0);
  CHECK(ctx == &s_pieces);
  s_pieces++;
  return true;
}

static int pieces(void) {
  const int sent = s_pieces;
  s_pieces = 0;
  return sent;
}

/* Feeds a response in pieces of one size; returns whether it was complete. */
static bool parse(sMemfaultHttpResponseContext *ctx, const char *response, size_t size) {
  memset(ctx, 0, sizeof(*ctx));
  const size_t len = strlen(response);
  for (size_t at = 0; at < len; at += size) {
    const size_t rest = len - at;
    if (memfault_http_parse_response(ctx, response + at, rest < size ? rest : size)) {
      return true;
    }
  }
  return false;
}

static void test_response(void) {
  static const char response[] = "HTTP/1.1 202 Accepted\r\nServer: x\r\nContent-Length: 8\r\n\r\nAccepted";
  sMemfaultHttpResponseContext ctx;
  for (size_t size = 1; size <= sizeof(response); size++) {
    CHECK(parse(&ctx, response, size));
    CHECK_EQ(ctx.parse_error, kMfltHttpParseStatus_Ok);
    CHECK_EQ(ctx.http_status_code, 202);
    CHECK_EQ(ctx.content_length, 8);
    CHECK(ctx.http_body == ctx.line_buf && strcmp(ctx.http_body, "Accepted") == 0);
  }
  CHECK(parse(&ctx, "SSH-2.0\r\n", 100));
  CHECK_EQ(ctx.parse_error, MfltHttpParseStatus_ParseStatusLineError);
  CHECK(parse(&ctx, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n", 100));
  CHECK_EQ(ctx.parse_error, MfltHttpParseStatus_ParseHeaderError);
  char long_line[140];
  memset(long_line, 'x', sizeof(long_line) - 1);
  long_line[sizeof(long_line) - 1] = '\0';
  CHECK(parse(&ctx, long_line, sizeof(long_line)));
  CHECK_EQ(ctx.parse_error, MfltHttpParseStatus_HeaderTooLongError);
  CHECK_EQ(ctx.data_bytes_processed, 128);
}

static void test_better_responses(void) {
  sMemfaultHttpResponseContext ctx;
  /* No reason and no space behind the code. */
  CHECK(parse(&ctx, "HTTP/1.1 204\r\n\r\n", 100));
  CHECK_EQ(ctx.parse_error, kMfltHttpParseStatus_Ok);
  CHECK_EQ(ctx.http_status_code, 204);

  /* A header of each length around that of the buffer, 127 among them. */
  for (size_t len = 120; len < 135; len++) {
    char response[256] = "HTTP/1.1 200 OK\r\n";
    const size_t start = strlen(response);
    memset(response + start, 'h', len);
    strcpy(response + start + len, "\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(parse(&ctx, response, 50));
    CHECK(ctx.http_body != NULL && strcmp(ctx.http_body, "abc") == 0);
  }

  /* What comes behind the body leaves it alone. */
  CHECK(parse(&ctx, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 100));
  CHECK(!memfault_http_parse_response(&ctx, "defg", 4));
  CHECK_EQ(ctx.data_bytes_processed, 4);
  CHECK(strcmp(ctx.http_body, "abc") == 0);

  /* A context that nobody zeroed is wrong, but nothing is written outside of it. */
  memset(&ctx, 0xFF, sizeof(ctx));
  CHECK(!memfault_http_parse_response(&ctx, "HTTP", 4));
}

static void test_null(void) {
  sMemfaultHttpResponseContext ctx = { .line_len = 0 };
  CHECK(!memfault_http_parse_response(NULL, "x", 1));
  CHECK(!memfault_http_parse_response(&ctx, NULL, 10));
  CHECK_EQ(ctx.data_bytes_processed, 0);
  CHECK(!memfault_http_parse_response_header(NULL, "x", 1));

  sMemfaultUriInfo info;
  CHECK(!memfault_http_parse_uri(NULL, 5, &info));
  CHECK(!memfault_http_parse_uri("http://h", 8, NULL));

  char out[8];
  CHECK_EQ(memfault_http_urlencode(NULL, 1, out, sizeof(out)), -1);
  CHECK_EQ(memfault_http_urlencode("a", 1, NULL, 8), -1);
  CHECK(!memfault_http_needs_escape(NULL, 3));

  configure();
  CHECK(!memfault_http_build_url(NULL, "x"));
  char url[MEMFAULT_HTTP_URL_BUFFER_SIZE];
  CHECK(!memfault_http_build_url(url, NULL));
  CHECK(!memfault_http_build_chunk_post_url(NULL, 10));
  CHECK(!memfault_http_build_latest_ota_url(NULL, 10));
  CHECK(!memfault_http_start_chunk_post(NULL, NULL, 1));
  CHECK(!memfault_http_get_latest_ota_payload_url(NULL, NULL));
  CHECK(!memfault_http_get_ota_payload(count_piece, &s_pieces, NULL, 3));
  CHECK_EQ(pieces(), 0);
  memfault_http_get_device_info(NULL);
}

/* The reference crashes. */
static void test_missing_strings(void) {
  configure();
  CHECK(memfault_http_start_chunk_post(count_piece, &s_pieces, 1));
  CHECK_EQ(pieces(), 11);
  CHECK(memfault_http_get_latest_ota_payload_url(count_piece, &s_pieces));
  CHECK_EQ(pieces(), 26);

  g_mflt_http_client_config.api_key = NULL;
  CHECK(!memfault_http_start_chunk_post(count_piece, &s_pieces, 1));
  CHECK(!memfault_http_get_latest_ota_payload_url(count_piece, &s_pieces));
  CHECK_EQ(pieces(), 0);

  char url[200];
  const char **strings[] = { &s_info.device_serial, &s_info.hardware_version, &s_info.software_type,
                             &s_info.software_version };
  for (int i = 0; i < 4; i++) {
    configure();
    *strings[i] = NULL;
    CHECK(!memfault_http_get_latest_ota_payload_url(count_piece, &s_pieces));
    CHECK_EQ(pieces(), 1 + 4 * i);
    CHECK(!memfault_http_build_latest_ota_url(url, sizeof(url)));
    /* Uploads need the serial only. */
    CHECK_EQ(memfault_http_start_chunk_post(count_piece, &s_pieces, 1), i != 0);
    CHECK_EQ(pieces(), i != 0 ? 11 : 0);
    CHECK_EQ(memfault_http_build_chunk_post_url(url, sizeof(url)), i != 0);
    CHECK_EQ(memfault_http_build_url(url, "x"), i != 0);
  }
}

static void test_device_info(void) {
  configure();
  s_info_calls = 0;
  sMemfaultDeviceInfo info = { 0 };
  memfault_http_get_device_info(&info);
  CHECK(s_info_calls == 1 && strcmp(info.device_serial, "serial") == 0);
  g_mflt_http_client_config.get_device_info = NULL;
  memfault_http_get_device_info(&info);
  CHECK(s_info_calls == 1 && strcmp(info.software_type, g_example_name) == 0);

  configure();
  char url[MEMFAULT_HTTP_URL_BUFFER_SIZE];
  CHECK(memfault_http_build_url(url, MEMFAULT_HTTP_CHUNKS_API_SUBPATH));
  CHECK(strcmp(url, "https://chunks.memfault.com/api/v0/chunks/serial") == 0);
  g_mflt_http_client_config.disable_tls = true;
  g_mflt_http_client_config.chunks_api.host = "h";
  CHECK(memfault_http_build_url(url, ""));
  CHECK(strcmp(url, "http://h/api/v0//serial") == 0);
}

static void test_root_certs(void) {
  CHECK_EQ(g_memfault_cert_digicert_global_root_g2_len, 914);
  CHECK_EQ(g_memfault_cert_amazon_root_ca1_len, 837);
  /* A sequence of that length, less its own four bytes. */
  CHECK_BYTES(g_memfault_cert_digicert_global_root_g2, 4, 0x30, 0x82, 0x03, 0x8e);
  CHECK_BYTES(g_memfault_cert_amazon_root_ca1, 4, 0x30, 0x82, 0x03, 0x41);
}

int main(void) {
  board_init();
  test_response();
  test_better_responses();
  test_null();
  test_missing_strings();
  test_device_info();
  test_root_certs();
  check_finish();
}
