/* TLS with OpenSSL. */
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "memfault/core/debug_log.h"
#include "memfault/http/root_certs.h"
#include "tls.h"

struct tls {
  SSL_CTX *context;
  SSL *session;
};

static const char *s_trusted_file;

void tls_trust_file(const char *path) {
  s_trusted_file = path;
}

static bool trust_roots(SSL_CTX *context) {
  static const char roots[] = MEMFAULT_ROOT_CERTS_PEM;
  BIO *text = BIO_new_mem_buf(roots, sizeof(roots) - 1);
  int trusted = 0;
  X509 *root;
  while (text != NULL && (root = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL) {
    trusted += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root);
    X509_free(root);
  }
  BIO_free(text);
  ERR_clear_error(); /* the end of the text counts as an error */
  if (s_trusted_file != NULL &&
      SSL_CTX_load_verify_locations(context, s_trusted_file, NULL) != 1) {
    /* What OpenSSL says about a file depends on its version. */
    const bool readable = access(s_trusted_file, R_OK) == 0;
    MEMFAULT_LOG_ERROR("Cannot trust %s: %s", s_trusted_file,
                       readable ? "no certificates" : strerror(errno));
    return false;
  }
  return trusted == 2;
}

static bool shake_hands(tls_t *tls, int socket, const char *host) {
  tls->context = SSL_CTX_new(TLS_client_method());
  if (tls->context == NULL || !trust_roots(tls->context)) {
    return false;
  }
  SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
  SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
  tls->session = SSL_new(tls->context);
  if (tls->session == NULL) {
    return false;
  }
  /* A host is a name or an address, and the certificate has to say so. */
  X509_VERIFY_PARAM *wanted = SSL_get0_param(tls->session);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host) != 1 &&
      (SSL_set1_host(tls->session, host) != 1 ||
       SSL_set_tlsext_host_name(tls->session, host) != 1)) {
    return false;
  }
  ERR_clear_error();
  return SSL_set_fd(tls->session, socket) == 1 && SSL_connect(tls->session) == 1;
}

/* Why a handshake failed: what is wrong with the certificate says more than that something is. */
static const char *reason_of_failure(const tls_t *tls) {
  if (tls->session == NULL) {
    return "not started";
  }
  const unsigned long error = ERR_get_error();
  const long verified = SSL_get_verify_result(tls->session);
  if (verified != X509_V_OK) {
    return X509_verify_cert_error_string(verified);
  }
  if (ERR_GET_LIB(error) == ERR_LIB_SYS) {
    return strerror(ERR_GET_REASON(error));
  }
  const char *reason = ERR_reason_error_string(error);
  return reason != NULL ? reason : "no answer";
}

tls_t *tls_open(int socket, const char *host) {
  tls_t *tls = OPENSSL_zalloc(sizeof(*tls));
  if (tls == NULL || shake_hands(tls, socket, host)) {
    return tls;
  }
  MEMFAULT_LOG_ERROR("TLS: %s", reason_of_failure(tls));
  tls_close(tls);
  return NULL;
}

static int at_most_int(size_t len) {
  return len < INT_MAX ? (int)len : INT_MAX;
}

bool tls_send(tls_t *tls, const void *data, size_t len) {
  const char *rest = data;
  while (len > 0) {
    const int sent = SSL_write(tls->session, rest, at_most_int(len));
    if (sent <= 0) {
      return false;
    }
    rest += sent;
    len -= (size_t)sent;
  }
  return true;
}

size_t tls_receive(tls_t *tls, void *buf, size_t len) {
  const int received = SSL_read(tls->session, buf, at_most_int(len));
  return received > 0 ? (size_t)received : 0;
}

void tls_close(tls_t *tls) {
  if (tls->session != NULL) {
    (void)SSL_shutdown(tls->session);
  }
  SSL_free(tls->session);
  SSL_CTX_free(tls->context);
  OPENSSL_free(tls);
}
