// One step of a vector: a name with arguments, which come as one line of text, and its results,
// which leave as one line of JSON in the form of the vector files.
//
// Line: `name key=value key=value ...`. A value is a decimal number, `x` and hex digits (bytes or
// text), or `null`. Nested values have dotted keys (`time.secs`), lists a count (`parts.#=2
// parts.0=.. parts.1=..`).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// --- arguments ---

// Parses the line (and changes it) and forgets the results of the step before.
void step_begin(char *line);
bool step_is(const char *name);
const char *step_name(void);

// The argument was given, perhaps as `null`.
bool arg_given(const char *key);
// The argument is `null` or was not given.
bool arg_is_null(const char *key);
// The argument is bytes or text.
bool arg_is_text(const char *key);
int64_t arg_int(const char *key);
uint64_t arg_uint(const char *key);
bool arg_bool(const char *key);
// Bytes in memory of their own; NULL for `null`. A NUL follows behind them, so text can be used as
// a string.
uint8_t *arg_bytes(const char *key, size_t *len);
const char *arg_text(const char *key);
// Number of elements of a list, 0 when it was not given.
size_t arg_count(const char *list);
// The key of one element, or with `field` of a field of it: `list.3`, `list.3.field`.
const char *item_key(const char *list, size_t index, const char *field);

// --- results ---

void out_bool(const char *key, bool value);
void out_int(const char *key, int64_t value);
void out_uint(const char *key, uint64_t value);
void out_bytes(const char *key, const void *data, size_t len);
void out_text(const char *key, const char *text, size_t len);
// A string or JSON's null.
void out_string(const char *key, const char *text);
// `{"at": .., "data": ..}`
void out_change(const char *key, size_t at, const void *data, size_t len);
// Prints the line of results. Also says so when a guarded buffer was overrun.
void step_end(void);

// A JSON list of lists that grows.
typedef struct {
  char *text;
  size_t len;
  size_t capacity;
} json_list;

void list_open(json_list *list);
void list_close(json_list *list);
void list_null(json_list *list);
void list_bool(json_list *list, bool value);
void list_int(json_list *list, int64_t value);
void list_uint(json_list *list, uint64_t value);
void list_bytes(json_list *list, const void *data, size_t len);
void list_text(json_list *list, const char *text, size_t len);
// A name or other plain string.
void list_string(json_list *list, const char *text);
void list_clear(json_list *list);
void out_list(const char *key, const json_list *list);

// Ends the vector: the step makes no sense, or the library did what it must never do.
void step_abort(const char *reason) __attribute__((noreturn));
