/*
 * Uploads over HTTP, with the request builders and the response parser of the SDK on a socket of
 * our own: records events and posts them, one request per message, then may look for an update.
 *
 * Run:    <build folder>/http_post HOST PORT [--plain] [--ca FILE] [--download FILE]
 *           --plain     without TLS
 *           --ca        also trust the certificates of this PEM file, for a server of one's own
 *           --download  ask for the latest release and store it in FILE
 * Prints: log lines, and how many uploads the server took. The exit code is 0 if it took each
 *         message, maybe not at the first try.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "example.h"
#include "http_client.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/platform/core.h"
#include "memfault/http/http_client.h"
#include "tls.h"

const char g_example_name[] = "http_post";

/* After that many failures in a row something is wrong with more than one connection. */
#define MAX_FAILURES 3

/* The key of your project. Chunks of a device without one are refused. */
sMfltHttpClientConfig g_mflt_http_client_config = {
  .api_key = "k3yK3Yk3yK3Yk3yK3Yk3yK3Yk3yK3Y00",
};

static bool read_arguments(int argc, char **argv, const char **download_path) {
  if (argc < 3) {
    return false;
  }
  char *end;
  errno = 0;
  const unsigned long port = strtoul(argv[2], &end, 10);
  if (*end != '\0' || errno != 0 || port == 0 || port > UINT16_MAX) {
    return false;
  }
  const sMemfaultHttpApi server = { .host = argv[1], .port = (uint16_t)port };
  g_mflt_http_client_config.chunks_api = server;
  g_mflt_http_client_config.device_api = server;
  for (int i = 3; i < argc; i++) {
    const bool has_value = i + 1 < argc;
    if (strcmp(argv[i], "--plain") == 0) {
      g_mflt_http_client_config.disable_tls = true;
    } else if (strcmp(argv[i], "--ca") == 0 && has_value) {
      tls_trust_file(argv[++i]);
    } else if (strcmp(argv[i], "--download") == 0 && has_value) {
      *download_path = argv[++i];
    } else {
      return false;
    }
  }
  return true;
}

/* What memfault_http_client_post_chunk() does, without its question whether there is data: the
 * packetizer knows nothing of a message that is kept. */
static int post_kept(void) {
  sMfltHttpClient *client = memfault_http_client_create();
  if (client == NULL) {
    return -1;
  }
  const int result = memfault_http_client_post_data(client);
  (void)memfault_http_client_wait_until_requests_completed(client, 30000);
  (void)memfault_http_client_destroy(client);
  return result;
}

/* Posts until there is nothing left. A device would wait a while after a failure. */
static bool upload(void) {
  int failures = 0;
  int result;
  do {
    result = http_message_is_kept() ? post_kept() : memfault_http_client_post_chunk();
    failures = result < 0 || http_message_is_kept() ? failures + 1 : 0;
  } while (result != kMfltPostDataStatus_NoDataFound && failures < MAX_FAILURES);
  const http_uploads_t uploads = http_uploads();
  const bool data_left = http_message_is_kept() || memfault_packetizer_data_available();
  MEMFAULT_LOG_INFO("%d uploads accepted, %d refused%s", uploads.accepted, uploads.refused,
                    data_left ? ", data left" : "");
  return !data_left && uploads.lost == 0;
}

int main(int argc, char **argv) {
  const char *download_path = NULL;
  board_init();
  if (!read_arguments(argc, argv, &download_path)) {
    MEMFAULT_LOG_RAW("http_post HOST PORT [--plain] [--ca FILE] [--download FILE]");
    return 2;
  }
  /* A server that hangs up is an error of send(), not the end of the program. */
  signal(SIGPIPE, SIG_IGN);
  if (memfault_platform_boot() != 0 || example_record_events() != 0) {
    return 1;
  }
  bool done = upload();
  if (download_path != NULL) {
    const int status = release_download(download_path);
    MEMFAULT_LOG_INFO("Release: %d", status);
    done = done && (status == 200 || status == 204);
  }
  return done ? 0 : 1;
}
