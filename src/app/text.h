/* Text that is safe to show. No byte of any file, file name or error reaches a terminal as a
 * control: what would act on the terminal or hide itself is written out visibly instead.
 *
 *     U+0000-1F, 7F     control pictures in words: ^[ for escape, ^@ for NUL
 *     C1, bidi, zero-width, line and paragraph separators, private use, not characters      U+202E
 *     bytes that are no UTF-8                                                               \xff
 *
 * Width is what wcwidth says (it must agree with the terminal library). */
#ifndef GPTOSCOPE_APP_TEXT_H
#define GPTOSCOPE_APP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A code point that may stand in a cell as it is. */
bool text_is_plain(uint32_t code_point);

/* Writes one code point as text that is safe to show, terminated; returns bytes written (at most 11
 * and the 0). A combining mark alone is put on a dotted circle. */
int text_show_character(uint32_t code_point, char text[16]);

/* The same for length bytes of text; cut at a whole character where it does not fit. Newlines stay
 * if keep_lines. Returns bytes written, without the 0. */
size_t text_show(const char *text, size_t length, char *out, size_t size, bool keep_lines);

/* Columns of a code point: 0, 1 or 2. */
int text_width_of(uint32_t code_point);

/* Columns of a UTF-8 string. */
int text_width(const char *text);

/* Prints length bytes to a stream, made safe; newlines stay. */
void text_print(FILE *stream, const char *text, size_t length);

/* A whole number with commas: 60,475. Returns text. */
const char *text_whole(int64_t number, char *text, size_t size);

/* A real number in a field of width columns, right-aligned, with three significant digits, or as
 * many as fit where the field is wide (24 columns: all): "2.31", "-.0041", "1.2e-9". NaN and
 * infinities as words. Never wider than the field from 6 columns on; in a narrower one a number too
 * large shows as ####. Returns text. */
const char *text_real(double number, int width, char *text, size_t size);

#endif
