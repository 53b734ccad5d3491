/* Stands in for a TLS library where there is none. */
#include "memfault/core/debug_log.h"
#include "tls.h"

void tls_trust_file(const char *path) {
  (void)path;
}

tls_t *tls_open(int socket, const char *host) {
  (void)socket;
  (void)host;
  MEMFAULT_LOG_ERROR("Built without TLS");
  return NULL;
}

bool tls_send(tls_t *tls, const void *data, size_t len) {
  (void)tls;
  (void)data;
  (void)len;
  return false;
}

size_t tls_receive(tls_t *tls, void *buf, size_t len) {
  (void)tls;
  (void)buf;
  (void)len;
  return 0;
}

void tls_close(tls_t *tls) {
  (void)tls;
}
