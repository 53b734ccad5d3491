#include "memfault/util/crc16.h"

#include "module.h"
#include "step.h"

void module_reset(void) {
}

void module_step(void) {
  size_t len;
  const uint8_t *data = arg_bytes("data", &len);
  const uint16_t init = (uint16_t)arg_uint("init");
  out_uint("crc", memfault_crc16_compute(init, data, len));

  json_list running = { 0 };
  uint16_t crc = init;
  size_t at = 0;
  for (size_t i = 0; i < arg_count("parts"); i++) {
    size_t part = (size_t)arg_uint(item_key("parts", i, NULL));
    if (part > len - at) {
      step_abort("the parts are longer than the data");
    }
    crc = memfault_crc16_compute(crc, data + at, part);
    at += part;
    list_open(&running);
    list_uint(&running, part);
    list_uint(&running, crc);
    list_close(&running);
  }
  if (running.len > 0) {
    out_list("parts", &running);
  }
}
