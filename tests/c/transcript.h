/* A person at the shell: what is typed, and all that the person would see, in one text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Starts the shell and forgets what it printed. */
void transcript_boot(void);

/* Appends text to the transcript; what the firmware does beside printing is noted like that. */
void transcript_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Types one line, and compares all that is printed then with the expected text, without the echo of
 * the line and the prompt behind it. A log line is "[I] text\n". */
void transcript_check(const char *line, const char *expected, const char *file, int at);
#define TYPE(line, expected) transcript_check((line), (expected), __FILE__, __LINE__)

/* Types one line and returns the same as text, valid until the next call. */
const char *transcript_type(const char *line);

/* What a command printed that did not come back. */
const char *transcript_left(void);

/* Compares two texts. */
void transcript_equal(const char *got, const char *expected, const char *file, int at);
