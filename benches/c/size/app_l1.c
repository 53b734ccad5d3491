/*
 * Level 1: a coredump source of the app's own, drained for ever with a buffer of 256 bytes.
 */
#include "app.h"

int main(void) {
  for (;;) {
    app_drain();
  }
}
