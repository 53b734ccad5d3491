//! What the demo component adds to the component http (spec 70, chapters 12 and 13).

#include <stddef.h>

#include "memfault/core/debug_log.h"
#include "memfault/demo/cli.h"
#include "memfault/demo/util.h"
#include "memfault/http/http_client.h"

int memfault_demo_cli_cmd_post_core(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  MEMFAULT_LOG_INFO("Posting Memfault Data...");
  return memfault_http_client_post_chunk();
}

const char *memfault_demo_get_chunks_url(void) {
  static char s_url[MEMFAULT_HTTP_URL_BUFFER_SIZE];
  memfault_http_build_url(s_url, MEMFAULT_HTTP_CHUNKS_API_SUBPATH);
  return s_url;
}

const char *memfault_demo_get_api_project_key(void) {
  return g_mflt_http_client_config.api_key;
}
