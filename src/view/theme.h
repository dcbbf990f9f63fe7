/* Theme: from what a cell means (Role) to how it looks, for dark and light backgrounds and for
 * every number of colours.
 *
 *     256 colours   palettes are monotone in lightness, so that they still rank in grey; cells of
 *                   heatmaps are solid
 *     16, 8         the same order in the terminal's own colours, with the shade of the glyph
 *     mono          roles differ by attributes, pictures by glyph
 *
 * Backgrounds are left to the terminal, but for heatmaps and the status line. */
#ifndef GPTOSCOPE_VIEW_THEME_H
#define GPTOSCOPE_VIEW_THEME_H

#include "view/canvas.h"

typedef enum Theme { THEME_DARK, THEME_LIGHT, THEME_MONO, THEME_COUNT } Theme;

/* Colours are numbers of the 256-colour palette, or -1: the terminal's own. */
typedef struct CellLook {
    int16_t fg, bg;
    uint8_t attr; /* ATTR_* */
} CellLook;

/* How a role looks as text. depth: colours that the terminal has, 0 for none; it is rounded down to
 * 0, 8, 16 or 256. */
CellLook theme_look(Theme theme, int depth, Role role);

/* How a cell looks: its role on its ground with its attributes.
 *
 *     ground                      in 256 colours             with fewer
 *     ROLE_TEXT                   the role                   the role
 *     ROLE_BAR                    the role on the bar        the role on the bar
 *     a level, the same as role   a solid cell of its        the glyph in the level's colour
 *                                 colour; of negative
 *                                 ones the glyph shows
 *     a level, another role       black or white on it       the role
 *     two different levels        both colours               the role (half-blocks: use one glyph)
 */
CellLook theme_cell(Theme theme, int depth, const Cell *cell);

/* "dark", "light", "mono"; THEME_COUNT if there is none of that name. */
Theme theme_find(const char *name);
extern const char *const theme_names[THEME_COUNT];
extern const char *const glyphs_names[3]; /* "ascii", "blocks", "braille" */

/* Red, green and blue (0xRRGGBB) of a palette number of 0..255, as terminals commonly show it. */
uint32_t theme_rgb(int16_t colour);

/* Red, green and blue of the background and of ordinary text, where a picture must choose them. */
uint32_t theme_paper(Theme theme);
uint32_t theme_ink(Theme theme);

#endif
