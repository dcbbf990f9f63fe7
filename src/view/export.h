/* Export: a canvas as plain text, as text with ANSI colours, or as an SVG picture. Output errors
 * show in ferror(stream). */
#ifndef GPTOSCOPE_VIEW_EXPORT_H
#define GPTOSCOPE_VIEW_EXPORT_H

#include "view/theme.h"
#include <stdio.h>

/* Rows of text, each ended by a newline, without blanks at their ends. */
void export_text(const Canvas *canvas, FILE *stream);

/* The same with SGR sequences of the given depth (0: attributes only). */
void export_ansi(const Canvas *canvas, Theme theme, int depth, FILE *stream);

/* A picture in SVG that stands by itself: monospaced text on the theme's background, on a grid that
 * holds with any font; block, braille and box-drawing glyphs and shades are drawn as shapes. */
void export_svg(const Canvas *canvas, Theme theme, FILE *stream);

#endif
