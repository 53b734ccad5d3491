/* What the options of HTTP change, seen through the public interface: one line "name value" for each observation, compared by
 * tests/config/run.py. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memfault/components.h"

sMfltHttpClientConfig g_mflt_http_client_config = { .api_key = "key" };

static char s_serial[128];

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = s_serial,
    .software_type = "t",
    .software_version = "1",
    .hardware_version = "h",
  };
}

/* A default that is known at run time only. */
const char *settings_host(void);
const char *settings_host(void) {
  return "settings.example";
}

static char s_request[1024];
static size_t s_request_len;

static bool keep(const void *data, size_t data_len, void *ctx) {
  (void)ctx;
  memcpy(s_request + s_request_len, data, data_len);
  s_request_len += data_len;
  return true;
}

static void print_host(const char *name, bool sent) {
  s_request[s_request_len] = '\0';
  s_request_len = 0;
  const char *host = strstr(s_request, "Host:");
  if (!sent || host == NULL) {
    printf("%s -\n", name);
    return;
  }
  host += strlen("Host:");
  printf("%s %.*s\n", name, (int)strcspn(host, "\r"), host);
}

static bool ask(size_t serial_len) {
  memset(s_serial, 's', serial_len);
  s_serial[serial_len] = '\0';
  return memfault_http_get_latest_ota_payload_url(keep, NULL);
}

static int longest_value(void) {
  int longest = 0;
  for (size_t len = 1; len < sizeof(s_serial); len++) {
    if (ask(len)) {
      longest = (int)len;
    }
    s_request_len = 0;
  }
  return longest;
}

int main(void) {
  strcpy(s_serial, "s");
  print_host("chunks_host", memfault_http_start_chunk_post(keep, NULL, 1));
  print_host("device_host", ask(1));
  g_mflt_http_client_config.chunks_api.host = "own.example";
  print_host("own_chunks_host", memfault_http_start_chunk_post(keep, NULL, 1));
  g_mflt_http_client_config.device_api.host = "own.example";
  print_host("own_device_host", ask(1));
  char url[128];
  printf("chunk_url %s\n", memfault_http_build_chunk_post_url(url, sizeof(url)) ? url : "-");
  printf("port %d\n", (int)MEMFAULT_HTTP_GET_CHUNKS_API_PORT());
  printf("longest_value %d\n", longest_value());
  return 0;
}
