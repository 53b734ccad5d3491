/* What the parts of this example share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "connection.h"
#include "memfault/http/utils.h"

/* A piece of a response. Small on purpose: the parser takes any size, so that a port can do with
 * a buffer on the stack. */
#define RECEIVE_LEN 32

/* For the request functions of the SDK; `ctx` is a connection_t. */
bool http_send(const void *data, size_t data_len, void *ctx);

/* Reads a whole response; false and a log line if there is none. */
bool http_receive(connection_t *connection, sMemfaultHttpResponseContext *response);

/* How many uploads the server took, how many not, and how many messages will not be sent again. */
typedef struct {
  int accepted;
  int refused;
  int lost;
} http_uploads_t;

http_uploads_t http_uploads(void);

/* Is there a message that went out and was not accepted? The next upload is that one. */
bool http_message_is_kept(void);

/* Asks the server for the latest release, downloads it, and writes it into a file. Returns the HTTP
 * status of the question (204: there is nothing newer), or -1 if something failed. */
int release_download(const char *path);
