/* Kind: what sort of terminal there is, and what may be asked of it. */
#ifndef GPTOSCOPE_TERM_KIND_H
#define GPTOSCOPE_TERM_KIND_H

#include "engine/error.h"
#include "view/canvas.h"
#include <stddef.h>

typedef enum ColorWhen {
    COLOR_AUTO,   /* what the terminal has, unless NO_COLOR is set in the environment */
    COLOR_ALWAYS, /* what the terminal has */
    COLOR_NEVER
} ColorWhen;

/* Whether standard input and output are a terminal that can move its cursor. Errors: what is
 * missing, and which commands work without. */
bool kind_check(Error *error);

/* The glyphs that are safe for a terminal (TERM) and a locale's character set. */
Glyphs kind_choose_glyphs(const char *term, const char *charset);

/* The colours to use, of so many that the terminal has: 0, 8, 16 or 256. no_color is the variable
 * NO_COLOR, or NULL. */
int kind_choose_depth(ColorWhen when, const char *no_color, int colors);

/* Appends a string of terminfo without its padding ("$<5>" is a pause), cut at size. Returns the
 * new length; NULL and -1 (no such string) append nothing. */
size_t kind_append_string(char *bytes, size_t length, size_t size, const char *string);

/* Writes the bytes that lead out of the full screen: attributes, colours, keypad, cursor, screen.
 * Returns their length. Curses must have been started. */
size_t kind_way_back(char *bytes, size_t size);

#endif
