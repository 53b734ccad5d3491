/* A connection to a server, in the clear or with TLS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct connection connection_t;

/* Connects within some seconds; NULL and a log line if that fails, the server's certificate not
 * being trusted included. */
connection_t *connection_open(const char *host, uint16_t port, bool with_tls);

/* Sends all bytes; false if the connection broke. */
bool connection_send(connection_t *connection, const void *data, size_t len);

/* Waits for some bytes. Returns their number; 0 at the end of the connection, or when nothing comes
 * for some seconds. */
size_t connection_receive(connection_t *connection, void *buf, size_t len);

/* How long ago it was opened, in seconds. */
int connection_age_s(const connection_t *connection);

void connection_close(connection_t *connection);
