#include "connection.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "memfault/core/debug_log.h"
#include "tls.h"

#define TIMEOUT_S 5

struct connection {
  int socket;
  tls_t *tls; /* NULL: in the clear */
  time_t opened_s;
};

static time_t now_s(void) {
  struct timespec now = { 0 };
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

static int connect_to(const struct addrinfo *address) {
  const int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
  if (fd < 0) {
    return -1;
  }
  const struct timeval timeout = { .tv_sec = TIMEOUT_S };
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0 ||
      connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static int connect_by_name(const char *host, uint16_t port) {
  char service[6];
  snprintf(service, sizeof(service), "%u", (unsigned int)port);
  const struct addrinfo wanted = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
  struct addrinfo *addresses;
  if (getaddrinfo(host, service, &wanted, &addresses) != 0) {
    return -1;
  }
  int fd = -1;
  for (struct addrinfo *address = addresses; address != NULL && fd < 0;
       address = address->ai_next) {
    fd = connect_to(address);
  }
  freeaddrinfo(addresses);
  return fd;
}

connection_t *connection_open(const char *host, uint16_t port, bool with_tls) {
  connection_t *connection = calloc(1, sizeof(*connection));
  if (connection == NULL) {
    return NULL;
  }
  connection->opened_s = now_s();
  connection->socket = connect_by_name(host, port);
  if (connection->socket < 0) {
    MEMFAULT_LOG_ERROR("Cannot connect to %s, port %u", host, (unsigned int)port);
    free(connection);
    return NULL;
  }
  if (with_tls) {
    connection->tls = tls_open(connection->socket, host);
    if (connection->tls == NULL) {
      connection_close(connection);
      return NULL;
    }
  }
  return connection;
}

bool connection_send(connection_t *connection, const void *data, size_t len) {
  if (connection->tls != NULL) {
    return tls_send(connection->tls, data, len);
  }
  const char *rest = data;
  while (len > 0) {
    const ssize_t sent = send(connection->socket, rest, len, 0);
    if (sent <= 0) {
      return false;
    }
    rest += sent;
    len -= (size_t)sent;
  }
  return true;
}

size_t connection_receive(connection_t *connection, void *buf, size_t len) {
  if (connection->tls != NULL) {
    return tls_receive(connection->tls, buf, len);
  }
  const ssize_t received = recv(connection->socket, buf, len, 0);
  return received > 0 ? (size_t)received : 0;
}

int connection_age_s(const connection_t *connection) {
  return (int)(now_s() - connection->opened_s);
}

void connection_close(connection_t *connection) {
  if (connection->tls != NULL) {
    tls_close(connection->tls);
  }
  close(connection->socket);
  free(connection);
}
