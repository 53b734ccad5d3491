/* The transport of the examples: each chunk becomes one "MC:<base64>:" line on the UART. */
#include "board.h"
#include "example.h"
#include "memfault/util/base64.h"

static void put_text(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    board_uart_putc(text[i]);
  }
}

static void flush_waiting(chunk_line_t *line) {
  char text[MEMFAULT_BASE64_ENCODE_LEN(sizeof(line->waiting))];
  memfault_base64_encode(line->waiting, line->waiting_len, text);
  put_text(text, MEMFAULT_BASE64_ENCODE_LEN(line->waiting_len));
  line->waiting_len = 0;
}

void chunk_line_begin(chunk_line_t *line) {
  line->waiting_len = 0;
  put_text("MC:", 3);
}

void chunk_line_append(chunk_line_t *line, const void *data, size_t data_len) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i < data_len; i++) {
    line->waiting[line->waiting_len++] = bytes[i];
    if (line->waiting_len == sizeof(line->waiting)) {
      flush_waiting(line);
    }
  }
}

void chunk_line_end(chunk_line_t *line) {
  flush_waiting(line); /* one or two bytes left over are padded with '=' */
  put_text(":\n", 2);
}

void user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len) {
  chunk_line_t line;
  chunk_line_begin(&line);
  chunk_line_append(&line, chunk_data, chunk_data_len);
  chunk_line_end(&line);
}
