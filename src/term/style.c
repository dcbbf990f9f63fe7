#include "term/style.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIRECT_COLORS = 1 << 24, /* a colour is red, green and blue, ... */
    NAMED_COLORS = 8         /* ... except for these, which go by number */
};

_Static_assert(sizeof(attr_t) <= sizeof(unsigned long), "attributes fit a Style");

void styles_init(Styles *styles, Theme theme, ColorWhen when)
{
    int colors = has_colors() ? tigetnum("colors") : 0;
    *styles = (Styles){.depth = kind_choose_depth(when, getenv("NO_COLOR"), colors)};
    if (styles->depth > 0) {
        start_color();
        styles->own_colors = use_default_colors() == OK;
    }
    styles_set_theme(styles, theme);
}

void styles_set_theme(Styles *styles, Theme theme)
{
    styles->theme = theme;
    memset(styles->style, 0, sizeof styles->style);
}

/* A palette number as this terminal wants it. */
static int palette_color(const Styles *styles, int color, int standard)
{
    if (color < 0)
        return styles->own_colors ? -1 : standard;
    return COLORS >= DIRECT_COLORS && color >= NAMED_COLORS ? (int)theme_rgb((int16_t)color)
                                                            : color;
}

static int make_pair(Styles *styles, CellLook look)
{
    if (styles->depth == 0 || (look.fg < 0 && look.bg < 0))
        return 0;
    int fg = palette_color(styles, look.fg, COLOR_WHITE);
    int bg = palette_color(styles, look.bg, COLOR_BLACK);
    int pair = find_pair(fg, bg);
    if (pair > 0)
        return pair;
    if (styles->pairs + 1 >= COLOR_PAIRS)
        return 0;
    return init_extended_pair(styles->pairs + 1, fg, bg) == OK ? ++styles->pairs : 0;
}

const Style *styles_find(Styles *styles, Role role, Role ground)
{
    Style *style = &styles->style[role][ground];
    if (!style->known) {
        const Cell plain = {.role = (uint8_t)role, .ground = (uint8_t)ground};
        CellLook look = theme_cell(styles->theme, styles->depth, &plain);
        *style = (Style){true, make_pair(styles, look), styles_attributes(look.attr)};
    }
    return style;
}

unsigned long styles_attributes(int attr)
{
    return (attr & ATTR_BOLD ? A_BOLD : 0) | (attr & ATTR_UNDERLINE ? A_UNDERLINE : 0) |
           (attr & ATTR_REVERSE ? A_REVERSE : 0);
}
