/* Line: a line of text while it is being typed.
 *
 *     g o t o   4 1|2 . f o r w a r d         | cursor: bytes before it
 *
 * The text is UTF-8 without control characters; the cursor never stands within a character, nor
 * between one and the marks that combine with it. */
#ifndef GPTOSCOPE_APP_LINE_H
#define GPTOSCOPE_APP_LINE_H

#include <stdbool.h>

enum { LINE_BYTES = 512 };

typedef struct Line {
    char text[LINE_BYTES];
    int length, cursor;
} Line;

/* The text, with the cursor at its end. What a line cannot hold is left out; what is too long is
 * cut. */
void line_set(Line *line, const char *text);

/* Whether a line can hold all of a text, but for its length. */
bool line_can_hold(const char *text);

/* A key that types a character, moves the cursor or deletes. Returns false if it is none of these:
 * nothing has changed. */
bool line_key(Line *line, const char *key);

/* Puts text in the place of what stands between `from` and the cursor; returns false if there is no
 * room for it. */
bool line_replace(Line *line, int from, const char *text);

#endif
