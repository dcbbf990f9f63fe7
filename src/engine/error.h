/* Error: what the world did to us, in one line that a person can act on.
 *
 * Functions that can fail because of the world (files, sizes, memory, text that was typed) return
 * false and fill an Error; a caller's mistake is an assert. The text says what happened, where, and
 * where it helps what to do:
 *
 *     names.txt:17: not UTF-8 (byte 0xff)
 *
 * It holds no newline and ends without a full stop. Text from files stands in it as it was read:
 * whoever prints it makes it safe first (app/text.h). */
#ifndef GPTOSCOPE_ENGINE_ERROR_H
#define GPTOSCOPE_ENGINE_ERROR_H

#include <stdbool.h>

typedef struct Error {
    char text[480];
} Error;

/* Sets the text, printf-fashion (cut at the buffer's end), and returns false, so that `return
 * error_set(...)` reads as what it does. error may be NULL: the caller does not want to know. */
bool error_set(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
