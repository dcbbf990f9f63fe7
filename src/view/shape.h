/* Shape: blocks, shades, braille and lines as SVG paths, so that a picture depends on no
 * font.
 *
 *     cell   8 x 16 units; braille dots at 2, 6 across and 2, 6, 10, 14 down; lines through (4, 8)
 *
 * Shapes of one kind and colour share a path: its style is the kind's. */
#ifndef GPTOSCOPE_VIEW_SHAPE_H
#define GPTOSCOPE_VIEW_SHAPE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { SHAPE_CELL_WIDTH = 8, SHAPE_CELL_HEIGHT = 16 };

typedef enum ShapeKind {
    SHAPE_NONE, /* to be drawn as text */
    SHAPE_SOLID,
    SHAPE_SHADE1, /* solid, but let the ground through */
    SHAPE_SHADE2,
    SHAPE_SHADE3,
    SHAPE_DOTS,  /* zero-length strokes with round ends */
    SHAPE_LINES, /* thin strokes */
    SHAPE_HEAVY  /* thick strokes */
} ShapeKind;

ShapeKind shape_kind(uint32_t glyph);

/* Whether a row of these glyphs is one wide shape. */
bool shape_is_level(uint32_t glyph);

/* Writes the path of `count` glyphs in a row (1 unless level), the first's corner at (x, y). */
void shape_write(uint32_t glyph, int x, int y, int count, FILE *stream);

#endif
