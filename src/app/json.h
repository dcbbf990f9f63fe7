/* JSON: output, one object a line. Numbers are written with 17 significant digits, so that they
 * read back to the same bits; NaN and infinities as strings. Text is made safe to show: everything
 * that is no plain character is escaped. */
#ifndef GPTOSCOPE_APP_JSON_H
#define GPTOSCOPE_APP_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void json_print_real(FILE *stream, double number);
void json_print_text(FILE *stream, const char *text, size_t length);

/* A member of an object: a comma before it unless it is the first, its name and a colon. */
void json_print_member(FILE *stream, const char *name, int first);

/* What these are made of, for JSON that goes elsewhere: a number; the next character of a text,
 * which moves on (length is not 0). Terminated; returns bytes. */
enum { JSON_PIECE = 32 };
int json_real_piece(double number, char piece[JSON_PIECE]);
int json_text_piece(const char **text, size_t *length, char piece[JSON_PIECE]);

#endif
