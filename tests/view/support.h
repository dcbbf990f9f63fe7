/* What the views' tests share: canvases, pictures compared as text, numbers by chance. */
#ifndef TESTS_VIEW_SUPPORT_H
#define TESTS_VIEW_SUPPORT_H

#include "view/canvas.h"
#include "view/theme.h"
#include <stdio.h>

Canvas test_canvas(int width, int height, Glyphs glyphs);

/* Fails unless the canvas shows these rows, each ended by a newline, blanks at their ends left
 * out. */
void test_picture(const Canvas *canvas, const char *rows);

/* What a function writes to a stream, as text; free() it. */
typedef struct TestText {
    FILE *stream;
    char *text;
    size_t length;
} TestText;

void test_text_open(TestText *text);
void test_text_close(TestText *text);

/* A whole number from low to high, the same ones in every run from a seed that is not 0. */
int test_chance(uint32_t *seed, int low, int high);

/* Lightness L* of a palette colour, 0 (black) to 100 (white), and the contrast of two colours as
 * WCAG defines it, 1 to 21. */
double test_lightness(int16_t colour);
double test_contrast(uint32_t rgb, uint32_t other);

#endif
