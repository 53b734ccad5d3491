/* TLS on a connected socket. Trusted are the root certificates of the SDK, and one file more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct tls tls_t;

/* Also trusts the certificates of a PEM file, for servers of one's own. */
void tls_trust_file(const char *path);

/* NULL and a log line if the handshake fails or the certificate is not one of `host`. */
tls_t *tls_open(int socket, const char *host);
bool tls_send(tls_t *tls, const void *data, size_t len);
size_t tls_receive(tls_t *tls, void *buf, size_t len);
void tls_close(tls_t *tls);
