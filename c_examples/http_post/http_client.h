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

/* Reads a whole response; false if there is none. */
bool http_receive(connection_t *connection, sMemfaultHttpResponseContext *response);

/* How many uploads the server took, and how many not. */
typedef struct {
  int accepted;
  int refused;
} http_uploads_t;

http_uploads_t http_uploads(void);

/* Asks the server for the latest release, downloads it, and writes it into a file. Returns the HTTP
 * status of the question (204: there is nothing newer), or -1 if something failed. */
int release_download(const char *path);
