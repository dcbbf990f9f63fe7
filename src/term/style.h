/* Styles: from what a cell means (role and ground) to the colour pair and attributes of curses.
 *
 * Curses numbers its colour pairs; a pair that is still on the screen must not change. So every two
 * colours that have been used keep a pair of their own, made when they are first wanted; when a
 * terminal has no more, cells do without. */
#ifndef GPTOSCOPE_TERM_STYLE_H
#define GPTOSCOPE_TERM_STYLE_H

#include "term/kind.h"
#include "view/theme.h"

typedef struct Style {
    bool known;
    int pair;
    unsigned long attr; /* attr_t of curses */
} Style;

typedef struct Styles {
    Theme theme;
    int depth;       /* colours in use: 0, 8, 16 or 256 */
    bool own_colors; /* the terminal's own foreground and background can be asked for (-1) */
    int pairs;       /* made so far: 1 ... pairs */
    Style style[ROLE_COUNT][ROLE_COUNT]; /* [role][ground] */
} Styles;

/* Finds out which colours there are. Curses must have been started. */
void styles_init(Styles *styles, Theme theme, ColorWhen when);

void styles_set_theme(Styles *styles, Theme theme);

/* The style of a cell, without the cell's own attributes. */
const Style *styles_find(Styles *styles, Role role, Role ground);

/* ATTR_* as attributes of curses. */
unsigned long styles_attributes(int attr);

#endif
