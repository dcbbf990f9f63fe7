/* Theme: from what a cell means (Role) to how it looks, for dark and light backgrounds and for every number of colours.
 *
 * Backgrounds are left to the terminal. In 256 colours the palettes are monotone in lightness, so that they still rank in
 * grey; with fewer colours or none, roles differ by attributes, and pictures by glyph. */
#ifndef GPTOSCOPE_VIEW_THEME_H
#define GPTOSCOPE_VIEW_THEME_H

#include "view/canvas.h"

typedef enum Theme { THEME_DARK, THEME_LIGHT, THEME_MONO, THEME_COUNT } Theme;

/* Colours that the terminal has: 0 (mono), 8, 16 or 256. */
typedef struct Look {
    int16_t fg, bg; /* palette number, -1: the terminal's own */
    uint8_t attr;   /* ATTR_* */
} Look;

/* How a role looks; depth is rounded down to one of the four. */
Look theme_look(Theme theme, int depth, Role role);

/* "dark", "light", "mono"; THEME_COUNT if there is none of that name. */
Theme theme_find(const char *name);
extern const char *const theme_names[THEME_COUNT];
extern const char *const glyphs_names[3]; /* "ascii", "blocks", "braille" */

/* Red, green and blue of a palette number of 0..255, as terminals commonly show it. */
uint32_t theme_rgb(int16_t colour);

#endif
