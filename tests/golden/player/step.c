#include "step.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isolate.h"
#include "memory.h"
#include "recorder.h"

typedef struct {
  const char *key;
  const char *value;
} argument;

static const char *s_name = "";
static argument *s_arguments;
static size_t s_argument_count;
static json_list s_results;

void step_abort(const char *reason) {
  printf("!%s: %s\n", s_name, reason);
  end_vector();
}

static void abort_for_key(const char *reason, const char *key) {
  printf("!%s: %s: %s\n", s_name, key, reason);
  end_vector();
}

// --- arguments ---

void step_begin(char *line) {
  size_t words = 1;
  for (const char *c = line; *c != '\0'; c++) {
    words += (*c == ' ');
  }
  s_arguments = arena_alloc(words * sizeof(argument));
  s_argument_count = 0;
  s_name = strtok(line, " ");
  if (s_name == NULL) {
    s_name = "";
    step_abort("empty line");
  }
  for (char *word = strtok(NULL, " "); word != NULL; word = strtok(NULL, " ")) {
    char *equals = strchr(word, '=');
    if (equals == NULL) {
      abort_for_key("no value", word);
    }
    *equals = '\0';
    s_arguments[s_argument_count++] = (argument){ .key = word, .value = equals + 1 };
  }
  s_results = (json_list){ 0 };
}

bool step_is(const char *name) {
  return strcmp(s_name, name) == 0;
}

const char *step_name(void) {
  return s_name;
}

static const char *find(const char *key) {
  for (size_t i = 0; i < s_argument_count; i++) {
    if (strcmp(s_arguments[i].key, key) == 0) {
      return s_arguments[i].value;
    }
  }
  return NULL;
}

static const char *require(const char *key) {
  const char *value = find(key);
  if (value == NULL) {
    abort_for_key("argument is missing", key);
  }
  return value;
}

bool arg_given(const char *key) {
  return find(key) != NULL;
}

bool arg_is_null(const char *key) {
  const char *value = find(key);
  return value == NULL || strcmp(value, "null") == 0;
}

bool arg_is_text(const char *key) {
  return require(key)[0] == 'x';
}

int64_t arg_int(const char *key) {
  return (int64_t)arg_uint(key);
}

uint64_t arg_uint(const char *key) {
  const char *value = require(key);
  char *end = NULL;
  // strtoull takes a minus sign too, and the result is the two's complement.
  uint64_t number = strtoull(value, &end, 10);
  if (end == value || *end != '\0') {
    abort_for_key("no number", key);
  }
  return number;
}

bool arg_bool(const char *key) {
  return arg_uint(key) != 0;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint8_t *arg_bytes(const char *key, size_t *len) {
  const char *value = require(key);
  if (len != NULL) {
    *len = 0;
  }
  if (strcmp(value, "null") == 0) {
    return NULL;
  }
  size_t digits = strlen(value) - 1;
  if (value[0] != 'x' || digits % 2 != 0) {
    abort_for_key("no bytes", key);
  }
  uint8_t *bytes = arena_alloc(digits / 2 + 1);
  for (size_t i = 0; i < digits / 2; i++) {
    int high = hex_digit(value[1 + 2 * i]);
    int low = hex_digit(value[2 + 2 * i]);
    if (high < 0 || low < 0) {
      abort_for_key("no hex digit", key);
    }
    bytes[i] = (uint8_t)(high * 16 + low);
  }
  if (len != NULL) {
    *len = digits / 2;
  }
  return bytes;
}

const char *arg_text(const char *key) {
  return (const char *)arg_bytes(key, NULL);
}

const char *item_key(const char *list, size_t index, const char *field) {
  size_t size = strlen(list) + strlen(field == NULL ? "" : field) + 24;
  char *key = arena_alloc(size);
  if (field == NULL) {
    snprintf(key, size, "%s.%lu", list, (unsigned long)index);
  } else {
    snprintf(key, size, "%s.%lu.%s", list, (unsigned long)index, field);
  }
  return key;
}

size_t arg_count(const char *list) {
  size_t size = strlen(list) + 3;
  char *key = arena_alloc(size);
  snprintf(key, size, "%s.#", list);
  return arg_given(key) ? (size_t)arg_uint(key) : 0;
}

// --- results ---

static void append(json_list *list, const char *text, size_t len) {
  if (list->len + len + 1 > list->capacity) {
    size_t capacity = 2 * (list->len + len + 1) + 256;
    char *larger = arena_alloc(capacity);
    if (list->len > 0) {
      memcpy(larger, list->text, list->len);
    }
    list->text = larger;
    list->capacity = capacity;
  }
  memcpy(list->text + list->len, text, len);
  list->len += len;
  list->text[list->len] = '\0';
}

static void append_string(json_list *list, const char *text) {
  append(list, text, strlen(text));
}

static void separate(json_list *list) {
  if (list->len > 0 && list->text[list->len - 1] != '[') {
    append(list, ",", 1);
  }
}

static void append_number(json_list *list, const char *sign, uint64_t magnitude) {
  // Own digits: the C library of the emulated board prints no 64-bit numbers.
  char digits[24];
  size_t at = sizeof(digits);
  do {
    digits[--at] = (char)('0' + magnitude % 10);
    magnitude /= 10;
  } while (magnitude != 0);
  append_string(list, sign);
  append(list, digits + at, sizeof(digits) - at);
}

static void append_hex(json_list *list, const uint8_t *data, size_t len) {
  static const char kDigits[] = "0123456789abcdef";
  append(list, "\"", 1);
  for (size_t i = 0; i < len; i++) {
    const char pair[2] = { kDigits[data[i] >> 4], kDigits[data[i] & 15] };
    append(list, pair, sizeof(pair));
  }
  append(list, "\"", 1);
}

static void append_quoted(json_list *list, const char *text, size_t len) {
  append(list, "\"", 1);
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
      char escaped[8];
      append(list, escaped, (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)c));
    } else {
      append(list, text + i, 1);
    }
  }
  append(list, "\"", 1);
}

void list_open(json_list *list) {
  separate(list);
  append(list, "[", 1);
}

void list_close(json_list *list) {
  append(list, "]", 1);
}

void list_null(json_list *list) {
  separate(list);
  append_string(list, "null");
}

void list_bool(json_list *list, bool value) {
  separate(list);
  append_string(list, value ? "true" : "false");
}

void list_int(json_list *list, int64_t value) {
  separate(list);
  const uint64_t bits = (uint64_t)value;
  append_number(list, value < 0 ? "-" : "", value < 0 ? 0 - bits : bits);
}

void list_uint(json_list *list, uint64_t value) {
  separate(list);
  append_number(list, "", value);
}

void list_bytes(json_list *list, const void *data, size_t len) {
  separate(list);
  append_hex(list, data, len);
}

void list_text(json_list *list, const char *text, size_t len) {
  separate(list);
  append_quoted(list, text, len);
}

void list_string(json_list *list, const char *text) {
  list_text(list, text, strlen(text));
}

void list_clear(json_list *list) {
  *list = (json_list){ 0 };
}

static void start_result(const char *key) {
  if (s_results.len > 0) {
    append(&s_results, ",", 1);
  }
  append_quoted(&s_results, key, strlen(key));
  append(&s_results, ":", 1);
}

void out_bool(const char *key, bool value) {
  start_result(key);
  append_string(&s_results, value ? "true" : "false");
}

void out_int(const char *key, int64_t value) {
  start_result(key);
  const uint64_t bits = (uint64_t)value;
  append_number(&s_results, value < 0 ? "-" : "", value < 0 ? 0 - bits : bits);
}

void out_uint(const char *key, uint64_t value) {
  start_result(key);
  append_number(&s_results, "", value);
}

void out_bytes(const char *key, const void *data, size_t len) {
  start_result(key);
  append_hex(&s_results, data, len);
}

void out_text(const char *key, const char *text, size_t len) {
  start_result(key);
  append_quoted(&s_results, text, len);
}

void out_string(const char *key, const char *text) {
  if (text != NULL) {
    out_text(key, text, strlen(text));
  } else {
    start_result(key);
    append_string(&s_results, "null");
  }
}

void out_change(const char *key, size_t at, const void *data, size_t len) {
  start_result(key);
  append_string(&s_results, "{\"at\":");
  append_number(&s_results, "", at);
  append_string(&s_results, ",\"data\":");
  append_hex(&s_results, data, len);
  append(&s_results, "}", 1);
}

void out_list(const char *key, const json_list *list) {
  start_result(key);
  append(&s_results, "[", 1);
  if (list->len > 0) {
    append(&s_results, list->text, list->len);
  }
  append(&s_results, "]", 1);
}

void step_end(void) {
  recorder_flush();
  if (!guards_intact()) {
    out_bool("wrote_outside_of_a_buffer", true);
  }
  printf("={%s}\n", s_results.len > 0 ? s_results.text : "");
}
