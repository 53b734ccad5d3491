/* Prints the root certificates in all their forms; tests/http/run.py compares. The literals are used as firmware uses
 * them: as initialisers, in sizeof, and next to other literals. */
#include "memfault/http/root_certs.h"

#include <stdio.h>
#include <string.h>

static const char s_digicert[] = MEMFAULT_ROOT_CERTS_DIGICERT_GLOBAL_ROOT_G2;
static const char s_amazon[] = MEMFAULT_ROOT_CERTS_AMAZON_ROOT_CA1;
static const char s_both[] = MEMFAULT_ROOT_CERTS_PEM "";

static void print_der(const char *name, const uint8_t *der, size_t len) {
  printf("%s ", name);
  for (size_t i = 0; i < len; i++) {
    printf("%02x", der[i]);
  }
  printf("\n");
}

int main(void) {
  print_der("digicert", g_memfault_cert_digicert_global_root_g2,
            g_memfault_cert_digicert_global_root_g2_len);
  print_der("amazon", g_memfault_cert_amazon_root_ca1, g_memfault_cert_amazon_root_ca1_len);
  print_der("digicert_pem", (const uint8_t *)s_digicert, strlen(s_digicert));
  print_der("amazon_pem", (const uint8_t *)s_amazon, strlen(s_amazon));
  print_der("both_pem", (const uint8_t *)s_both, strlen(s_both));
  printf("sizes %zu %zu %zu\n", sizeof(MEMFAULT_ROOT_CERTS_DIGICERT_GLOBAL_ROOT_G2),
         sizeof(MEMFAULT_ROOT_CERTS_AMAZON_ROOT_CA1), sizeof(MEMFAULT_ROOT_CERTS_PEM));
  return 0;
}
