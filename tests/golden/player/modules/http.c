#include <string.h>

#include "memfault/core/data_packetizer_source.h"
#include "memfault/http/http_client.h"
#include "memfault/http/platform/http_client.h"
#include "memfault/http/utils.h"

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

sMfltHttpClientConfig g_mflt_http_client_config;

struct MfltHttpClient {
  char nothing;
};

struct MfltHttpResponse {
  char nothing;
};

static struct MfltHttpClient s_client;
static struct MfltHttpResponse s_response;

static sMemfaultDeviceInfo s_own_info;

static struct {
  uint64_t sent;
  uint64_t fail_at;
} s_pieces;

void module_reset(void) {
  environment_reset();
  memset(&g_mflt_http_client_config, 0, sizeof(g_mflt_http_client_config));
  memset(&s_pieces, 0, sizeof(s_pieces));
}

// --- the only source of data ---

static bool has_more(size_t *size) {
  const bool more = arg_bool("hooks.data_available");
  list_bool(call_begin("has_more"), more);
  call_end();
  *size = more ? 1 : 0;
  return more;
}

static bool read_message(uint32_t offset, void *buf, size_t buf_len) {
  (void)offset, (void)buf, (void)buf_len;
  step_abort("nobody asked for chunks");
}

static void mark_read(void) {
  step_abort("nobody took a chunk");
}

const sMemfaultDataSourceImpl g_memfault_event_data_source = {
  .has_more_msgs_cb = has_more,
  .read_msg_cb = read_message,
  .mark_msg_read_cb = mark_read,
};

// --- the platform's client ---

sMfltHttpClient *memfault_platform_http_client_create(void) {
  const bool created = arg_bool("hooks.create");
  list_bool(call_begin("create"), created);
  call_end();
  return created ? &s_client : NULL;
}

int memfault_platform_http_response_get_status(const sMfltHttpResponse *response,
                                               uint32_t *status_out) {
  if (response != &s_response) {
    step_abort("this is not the response");
  }
  const int result = (int)arg_int("hooks.status_rv");
  *status_out = (uint32_t)arg_uint("hooks.status");
  json_list *call = call_begin("response_get_status");
  list_int(call, result);
  list_uint(call, *status_out);
  call_end();
  return result;
}

static void check_client(const sMfltHttpClient *client) {
  if (client != &s_client) {
    step_abort("this is not the client");
  }
}

int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx) {
  check_client(client);
  const int result = (int)arg_int("hooks.post");
  list_int(call_begin("post_data"), result);
  call_end();
  const int64_t kind = arg_int("hooks.callback");
  if (kind != 0) {
    callback(kind == 2 ? &s_response : NULL, ctx);
  }
  return result;
}

int memfault_platform_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                                uint32_t timeout_ms) {
  check_client(client);
  const int result = (int)arg_int("hooks.wait");
  json_list *call = call_begin("wait");
  list_uint(call, timeout_ms);
  list_int(call, result);
  call_end();
  return result;
}

int memfault_platform_http_client_destroy(sMfltHttpClient *client) {
  check_client(client);
  const int result = (int)arg_int("hooks.destroy");
  list_int(call_begin("destroy"), result);
  call_end();
  return result;
}

// --- requests and URLs ---

// The vectors leave out what is 0.
static uint64_t number_or_0(const char *key) {
  return arg_given(key) ? arg_uint(key) : 0;
}

static const char *text_or_null(const char *key) {
  return arg_given(key) ? arg_text(key) : NULL;
}

static void own_device_info(sMemfaultDeviceInfo *info) {
  (void)call_begin("config_get_device_info");
  call_end();
  *info = s_own_info;
}

static void configure(void) {
  environment_configure();
  g_mflt_http_client_config = (sMfltHttpClientConfig){
    .api_key = text_or_null("config.api_key"),
    .disable_tls = number_or_0("config.disable_tls") != 0,
    .chunks_api = { .host = text_or_null("config.chunks_host"),
                    .port = (uint16_t)number_or_0("config.chunks_port") },
    .device_api = { .host = text_or_null("config.device_host"),
                    .port = (uint16_t)number_or_0("config.device_port") },
  };
  static const char own[] = "config.get_device_info_override";
  if (arg_count(own) == 4) {
    s_own_info = (sMemfaultDeviceInfo){
      .device_serial = arg_text(item_key(own, 0, NULL)),
      .software_type = arg_text(item_key(own, 1, NULL)),
      .software_version = arg_text(item_key(own, 2, NULL)),
      .hardware_version = arg_text(item_key(own, 3, NULL)),
    };
    g_mflt_http_client_config.get_device_info = own_device_info;
  }
  s_pieces.sent = 0;
  s_pieces.fail_at = number_or_0("fail_at_piece");
}

static bool send_piece(const void *data, size_t data_len, void *ctx) {
  if (ctx != &s_pieces) {
    step_abort("this is not the context");
  }
  const bool taken = ++s_pieces.sent != s_pieces.fail_at;
  json_list *call = call_begin("send");
  list_text(call, data, data_len);
  list_bool(call, taken);
  call_end();
  return taken;
}

static void out_url(bool ret, const char *url) {
  out_bool("ret", ret);
  if (ret) {
    out_string("out", url);
  }
}

static bool request_step(void) {
  if (step_is("start_chunk_post")) {
    configure();
    const size_t length = (size_t)arg_uint("content_length");
    out_bool("ret", memfault_http_start_chunk_post(send_piece, &s_pieces, length));
  } else if (step_is("get_latest_ota_payload_url")) {
    configure();
    out_bool("ret", memfault_http_get_latest_ota_payload_url(send_piece, &s_pieces));
  } else if (step_is("get_ota_payload")) {
    configure();
    size_t len;
    const char *url = (const char *)arg_bytes("url", &len);
    out_bool("ret", memfault_http_get_ota_payload(send_piece, &s_pieces, url, len));
  } else if (step_is("build_url")) {
    configure();
    char *url = (char *)guarded_buffer(MEMFAULT_HTTP_URL_BUFFER_SIZE, 0x5A);
    const bool ret = memfault_http_build_url(url, arg_text("subpath"));
    out_url(ret, url);
  } else if (step_is("build_latest_ota_url") || step_is("build_chunk_post_url")) {
    configure();
    const size_t len = (size_t)arg_uint("buf_len");
    char *url = (char *)guarded_buffer(len, 0x5A);
    const bool ret = step_is("build_latest_ota_url") ? memfault_http_build_latest_ota_url(url, len)
                                                     : memfault_http_build_chunk_post_url(url, len);
    out_url(ret, url);
  } else {
    return false;
  }
  return true;
}

// --- everything else ---

static void response_step(void) {
  size_t len;
  const uint8_t *input = arg_bytes("input", &len);
  const bool header_only = arg_bool("header_only");
  sMemfaultHttpResponseContext *response = arena_alloc(sizeof(*response));
  json_list calls = { 0 };
  bool done = false;
  size_t at = 0;
  for (size_t i = 0; i < arg_count("pieces") && !done; i++) {
    const size_t piece_len = (size_t)arg_uint(item_key("pieces", i, NULL));
    if (piece_len > len - at) {
      step_abort("the pieces are longer than the input");
    }
    // Behind a copy of the piece there is nothing of the next one.
    uint8_t *piece = guarded_buffer(piece_len, 0x5A);
    if (piece_len > 0) {
      memcpy(piece, input + at, piece_len);
    }
    done = header_only ? memfault_http_parse_response_header(response, piece, piece_len)
                       : memfault_http_parse_response(response, piece, piece_len);
    list_open(&calls);
    list_uint(&calls, piece_len);
    list_bool(&calls, done);
    list_int(&calls, response->data_bytes_processed);
    list_close(&calls);
    at += piece_len;
  }
  out_list("calls", &calls);
  out_bool("done", done);
  out_int("parse_error", response->parse_error);
  out_int("status", response->http_status_code);
  out_int("content_length", response->content_length);
  if (response->http_body == NULL) {
    out_string("body", NULL);
  } else {
    out_bytes("body", response->http_body, strlen(response->http_body));
  }
}

static void uri_step(void) {
  size_t len;
  const char *uri = (const char *)arg_bytes("uri", &len);
  // Exactly as long as the URI, so that a look behind its end is noticed.
  char *copy = (char *)guarded_buffer(len, 0x5A);
  memcpy(copy, uri, len);
  sMemfaultUriInfo info;
  memset(&info, 0x5A, sizeof(info));
  const sMemfaultUriInfo before = info;
  const bool ret = memfault_http_parse_uri(copy, len, &info);
  out_bool("ret", ret);
  if (!ret) {
    if (memcmp(&info, &before, sizeof(info)) != 0) {
      out_bool("output_changed_on_failure", true);
    }
    return;
  }
  out_int("scheme", info.scheme);
  out_uint("host_offset", (uint64_t)((const char *)info.host - copy));
  out_uint("host_len", info.host_len);
  out_uint("port", info.port);
  if (info.path == NULL) {
    out_string("path_offset", NULL);
    out_uint("path_len", info.path_len);
  } else {
    out_uint("path_offset", (uint64_t)((const char *)info.path - copy));
    out_uint("path_len", info.path_len);
  }
}

static void urlencode_step(void) {
  size_t len;
  const char *in = (const char *)arg_bytes("in", &len);
  const size_t out_len = (size_t)arg_uint("out_len");
  char *out = (char *)guarded_buffer(out_len, 0x5A);
  const int ret = memfault_http_urlencode(in, len, out, out_len);
  out_int("ret", ret);
  if (ret == 0) {
    out_string("out", out);
  }
  out_bool("needs_escape", memfault_http_needs_escape(in, len));
}

void module_step(void) {
  sMfltHttpClient *client = number_or_0("client_null") != 0 ? NULL : &s_client;
  if (request_step()) {
    return;
  }
  if (step_is("response")) {
    response_step();
  } else if (step_is("uri")) {
    uri_step();
  } else if (step_is("urlencode")) {
    urlencode_step();
  } else if (step_is("post_chunk")) {
    out_int("ret", memfault_http_client_post_chunk());
  } else if (step_is("post_data")) {
    out_int("ret", memfault_http_client_post_data(client));
  } else if (step_is("wait")) {
    const uint32_t timeout_ms = (uint32_t)arg_uint("timeout");
    out_int("ret", memfault_http_client_wait_until_requests_completed(client, timeout_ms));
  } else if (step_is("destroy")) {
    out_int("ret", memfault_http_client_destroy(client));
  } else {
    step_abort("unknown operation");
  }
}
