/*
 * What the demo component adds to http: the URL and the key of the firmware's configuration, and
 * the command that posts what waits (spec 70 chapters 12 and 13).
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/trace_event.h"
#include "memfault/demo/cli.h"
#include "memfault/demo/shell_commands.h"
#include "memfault/demo/util.h"
#include "memfault/http/http_client.h"
#include "memfault/http/platform/http_client.h"
#include "transcript.h"

sMfltHttpClientConfig g_mflt_http_client_config = { .api_key = "key" };

struct MfltHttpClient {
  int unused;
};

static struct MfltHttpClient s_client;
static int s_post_rv;

sMfltHttpClient *memfault_platform_http_client_create(void) {
  transcript_note("<create>");
  return &s_client;
}

int memfault_platform_http_response_get_status(const sMfltHttpResponse *response,
                                               uint32_t *status_out) {
  (void)response;
  *status_out = 202;
  return 0;
}

int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx) {
  CHECK(client == &s_client);
  transcript_note("<post>");
  callback(NULL, ctx);
  return s_post_rv;
}

int memfault_platform_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                                uint32_t timeout_ms) {
  CHECK(client == &s_client);
  transcript_note("<wait %u>", (unsigned)timeout_ms);
  return 0;
}

int memfault_platform_http_client_destroy(sMfltHttpClient *client) {
  CHECK(client == &s_client);
  transcript_note("<destroy>");
  return 0;
}

static int s_result;

static int post(int argc, char *argv[]) {
  s_result = memfault_demo_cli_cmd_post_core(argc, argv);
  return s_result;
}

int main(void) {
  static uint8_t s_events[512];
  static const sMemfaultShellCommand s_post = { "post", post, "" };

  board_init();
  CHECK(strcmp(memfault_demo_get_chunks_url(),
               "https://chunks.example.net/api/v0/chunks/DEMO-1") == 0);
  g_mflt_http_client_config.disable_tls = true;
  g_mflt_http_client_config.chunks_api.host = "other.example.net";
  CHECK(strcmp(memfault_demo_get_chunks_url(),
               "http://other.example.net/api/v0/chunks/DEMO-1") == 0);
  CHECK(strcmp(memfault_demo_get_api_project_key(), "key") == 0);

  transcript_boot();
  memfault_shell_command_set_extensions(&s_post, 1);
  TYPE("post", "[I] Posting Memfault Data...\n");
  CHECK_EQ(s_result, 1); /* there is no data */

  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(s_events, sizeof(s_events));
  CHECK_EQ(memfault_trace_event_boot(storage), 0);
  MEMFAULT_TRACE_EVENT(widget_jam);
  TYPE("post", "[I] Posting Memfault Data...\n<create><post><wait 30000><destroy>");
  CHECK_EQ(s_result, 0);
  s_post_rv = -5;
  TYPE("post", "[I] Posting Memfault Data...\n<create><post>[E] Failed to post chunk: rv=-5\n"
               "<wait 30000><destroy>");
  CHECK_EQ(s_result, -5);
  check_finish();
}
