/* Canvas: a grid of cells between the views and whatever shows them.
 *
 *        view --draws--> Canvas --copied by--> terminal (term/screen.h)
 *                                              text, ANSI, SVG (view/export.h)
 *
 * A view is a function from the program's state and a size to such a grid; it knows nothing of
 * terminals. A cell is one column wide: a glyph, what it means (its Role: the theme turns that into
 * colours), what lies behind it (its ground) and attributes. A wide glyph takes a cell and leaves
 * an empty one (glyph 0) behind it; the pair is never torn: what would overwrite one half blanks
 * the other, and where the other half is out of reach nothing is written.
 *
 * Everything that draws clips: no call can change a cell outside the canvas or outside the Area it
 * was given. Glyphs are drawn on the ground that is there: canvas_ground lays it, only canvas_clear
 * takes it away. */
#ifndef GPTOSCOPE_VIEW_CANVAS_H
#define GPTOSCOPE_VIEW_CANVAS_H

#include "engine/error.h"
#include <stdint.h>

/* What a cell means. Colours belong to the theme (view/theme.h). */
typedef enum Role {
    ROLE_TEXT,     /* ordinary text, the terminal's own colours; as a ground: none */
    ROLE_DIM,      /* legends, axes, units: secondary */
    ROLE_ABSENT,   /* not computed yet */
    ROLE_TITLE,    /* a panel's title */
    ROLE_ACCENT,   /* where we are: the one accent colour */
    ROLE_KEY,      /* a key to press */
    ROLE_RIGHT,    /* the right answer, a good outcome */
    ROLE_WRONG,    /* an error, a bad outcome */
    ROLE_NOTE,     /* something to notice */
    ROLE_CURVE,    /* data line */
    ROLE_SMOOTH,   /* its smoothed line */
    ROLE_BASE,     /* a base line to compare with */
    ROLE_FORWARD,  /* the forward pass */
    ROLE_BACKWARD, /* the backward pass, gradients */
    ROLE_UPDATE,   /* the update */
    ROLE_BAR,      /* a status or key line's own colours */
    ROLE_LEVEL0,   /* sequential palette for 0..1: 8 levels, light amounts first */
    ROLE_LEVEL7 = ROLE_LEVEL0 + 7,
    ROLE_SIGNED0, /* diverging palette for -1..1: 9 levels, 4 = zero */
    ROLE_SIGNED8 = ROLE_SIGNED0 + 8,
    ROLE_COUNT
} Role;

enum { ATTR_BOLD = 1, ATTR_UNDERLINE = 2, ATTR_REVERSE = 4 };

/* Which glyphs can be shown; each set includes those before it. Blocks stand for all of Unicode but
 * braille. */
typedef enum Glyphs { GLYPHS_ASCII, GLYPHS_BLOCKS, GLYPHS_BRAILLE } Glyphs;

enum { CELL_MARKS = 3, CELL_TEXT_SIZE = 20 };

typedef struct Cell {
    uint32_t glyph; /* code point; 0: right half of a wide glyph, which looks as its left half */
    uint32_t mark[CELL_MARKS]; /* combining marks on it, 0 if none */
    uint8_t role, ground, attr;
} Cell;

typedef struct Canvas {
    int width, height;
    Cell *cell; /* [height][width], owned */
    Glyphs glyphs;
} Canvas;

/* A rectangle of the canvas to draw in. May be empty (w or h <= 0): then nothing is drawn. */
typedef struct Area {
    int x, y, w, h;
} Area;

enum { CANVAS_WIDTH_LIMIT = 1000, CANVAS_HEIGHT_LIMIT = 500 };

/* Sizes are clamped to 1 ... limit. Errors: memory (on resize the canvas stays as it was). */
bool canvas_init(Canvas *canvas, int width, int height, Glyphs glyphs, Error *error);
bool canvas_resize(Canvas *canvas, int width, int height, Error *error);
void canvas_release(Canvas *canvas);

/* All cells blank, without ground. */
void canvas_clear(Canvas *canvas);

Area canvas_area(const Canvas *canvas);

/* Parts of an area: without its first/last rows or columns; never of negative size. */
Area area_inset(Area area, int left, int top, int right, int bottom);

/* One glyph at column x, row y of area. Code points that are not plain are shown visibly
 * (text_show_character), a combining mark on a dotted circle. Returns the columns used. */
int canvas_put(Canvas *canvas, Area area, int x, int y, uint32_t glyph, Role role, int attr);

/* UTF-8 text from column x on, clipped at the area's edges; returns the column after it (as if it
 * were not clipped). In an empty area nothing is drawn: canvas_text(canvas, (Area){0}, 0, 0, 0, 0,
 * text) measures. */
int canvas_text(Canvas *canvas, Area area, int x, int y, Role role, int attr, const char *text);
int canvas_print(Canvas *canvas, Area area, int x, int y, Role role, int attr, const char *format,
                 ...) __attribute__((format(printf, 7, 8)));

/* Text whose last column is x_end - 1. */
void canvas_text_right(Canvas *canvas, Area area, int x_end, int y, Role role, int attr,
                       const char *text);

/* Text broken at spaces and newlines into lines of the area's width from row y on; words that are
 * longer are cut. Returns the row after the last. */
int canvas_wrap(Canvas *canvas, Area area, int y, Role role, int attr, const char *text);

/* count copies of a glyph to the right. */
void canvas_fill(Canvas *canvas, Area area, int x, int y, int count, uint32_t glyph, Role role,
                 int attr);

/* Draws a line under count cells, keeping all else. */
void canvas_underline(Canvas *canvas, Area area, int x, int y, int count);

/* Sets role and attributes of count cells, keeping their glyphs. */
void canvas_restyle(Canvas *canvas, Area area, int x, int y, int count, Role role, int attr);

/* Lays the colour of a role behind count cells, keeping what stands on them: ROLE_BAR for a status
 * line, a level of a palette for a cell of a heatmap. */
void canvas_ground(Canvas *canvas, Area area, int x, int y, int count, Role ground);

/* The glyph that stands for `fancy` in this canvas's set: itself, or its nearest in blocks or ASCII
 * (arrows, box drawing, brackets, check marks, dots; '?' if unknown). canvas_put and canvas_text do
 * this by themselves for characters of the program's own; letters of documents are left alone. */
uint32_t canvas_glyph(const Canvas *canvas, uint32_t fancy);

/* What stands in a cell as UTF-8: glyph and marks; empty for the right half of a wide glyph.
 * Returns bytes. */
int canvas_cell_text(const Cell *cell, char text[CELL_TEXT_SIZE]);

#endif
