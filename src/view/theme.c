#include "view/theme.h"

#include <assert.h>
#include <string.h>

const char *const theme_names[THEME_COUNT] = {"dark", "light", "mono"};
const char *const glyphs_names[3] = {"ascii", "blocks", "braille"};

Theme theme_find(const char *name)
{
    Theme theme = 0;
    while (theme < THEME_COUNT && strcmp(name, theme_names[theme]) != 0)
        theme++;
    return theme;
}

/* ---- the table ------------------------------------------------------------------------------- */

enum { OWN = -1 };

/* Colours with 8, 16 and 256 of them. */
typedef struct Inks {
    int16_t of8, of16, of256;
} Inks;

typedef struct RoleLook {
    Inks dark, light;
    uint8_t attr; /* with colours */
    uint8_t mono; /* without */
} RoleLook;

#define LEVEL(k)  [ROLE_LEVEL0 + (k)]
#define SIGNED(k) [ROLE_SIGNED0 + (k)]

static const RoleLook role_looks[ROLE_COUNT] = {
    [ROLE_TEXT] = {{OWN, OWN, OWN}, {OWN, OWN, OWN}, 0, 0},
    [ROLE_DIM] = {{OWN, 7, 246}, {OWN, 8, 242}, 0, 0},
    [ROLE_ABSENT] = {{4, 8, 240}, {6, 7, 250}, 0, 0},
    [ROLE_TITLE] = {{OWN, OWN, 255}, {OWN, OWN, 233}, ATTR_BOLD, ATTR_BOLD},
    [ROLE_ACCENT] = {{3, 11, 214}, {5, 5, 161}, ATTR_BOLD, ATTR_REVERSE},
    [ROLE_KEY] = {{6, 14, 117}, {4, 4, 25}, ATTR_BOLD, ATTR_BOLD},
    [ROLE_RIGHT] = {{2, 10, 114}, {2, 2, 28}, 0, ATTR_BOLD},
    [ROLE_WRONG] = {{1, 9, 203}, {1, 1, 160}, ATTR_BOLD, ATTR_BOLD | ATTR_REVERSE},
    [ROLE_NOTE] = {{3, 11, 222}, {5, 5, 94}, 0, ATTR_UNDERLINE},
    [ROLE_CURVE] = {{4, 6, 67}, {6, 6, 110}, 0, 0},
    [ROLE_SMOOTH] = {{6, 14, 123}, {4, 4, 25}, ATTR_BOLD, ATTR_BOLD},
    [ROLE_BASE] = {{5, 13, 176}, {5, 5, 96}, 0, 0},
    [ROLE_FORWARD] = {{2, 10, 79}, {2, 2, 29}, 0, 0},
    [ROLE_BACKWARD] = {{5, 13, 211}, {1, 5, 162}, 0, ATTR_UNDERLINE},
    [ROLE_UPDATE] = {{3, 11, 147}, {4, 4, 61}, 0, ATTR_BOLD},
    [ROLE_BAR] = {{OWN, OWN, 252}, {OWN, OWN, 236}, 0, ATTR_REVERSE},

    /* On dark paper more is lighter, on light paper more is darker: violet to yellow, and yellow to
     * blue. */
    LEVEL(0) = {{4, 8, 236}, {6, 7, 230}, 0, 0},
    LEVEL(1) = {{4, 4, 54}, {6, 6, 193}, 0, 0},
    LEVEL(2) = {{4, 4, 61}, {6, 6, 151}, 0, 0},
    LEVEL(3) = {{6, 6, 31}, {6, 6, 79}, 0, 0},
    LEVEL(4) = {{6, 6, 36}, {4, 12, 73}, 0, 0},
    LEVEL(5) = {{2, 2, 78}, {4, 4, 31}, 0, 0},
    LEVEL(6) = {{2, 10, 149}, {4, 4, 25}, 0, 0},
    LEVEL(7) = {{3, 11, 227}, {OWN, 0, 18}, 0, 0},

    /* Blue below zero, gold or orange above; zero is near the paper. */
    SIGNED(0) = {{6, 14, 117}, {4, 4, 25}, 0, 0},
    SIGNED(1) = {{6, 6, 74}, {4, 4, 32}, 0, 0},
    SIGNED(2) = {{6, 6, 31}, {4, 12, 75}, 0, 0},
    SIGNED(3) = {{4, 4, 24}, {6, 6, 153}, 0, 0},
    SIGNED(4) = {{4, 8, 236}, {6, 7, 255}, 0, 0},
    SIGNED(5) = {{3, 3, 94}, {3, 3, 223}, 0, 0},
    SIGNED(6) = {{3, 3, 136}, {1, 9, 215}, 0, 0},
    SIGNED(7) = {{3, 3, 178}, {1, 1, 172}, 0, 0},
    SIGNED(8) = {{3, 11, 222}, {1, 1, 130}, 0, 0},
};

/* Glyphs on the solid cells of negative numbers: near enough to the colour to leave it one. */
static const int16_t negative_mark[2][4] = {{31, 25, 74, 31}, {75, 117, 25, 74}};

/* ---- looking up ------------------------------------------------------------------------------ */

static int16_t pick_ink(Inks inks, int depth)
{
    return depth >= 256 ? inks.of256 : depth >= 16 ? inks.of16 : inks.of8;
}

CellLook theme_look(Theme theme, int depth, Role role)
{
    assert(theme < THEME_COUNT && role < ROLE_COUNT);
    const RoleLook *row = &role_looks[role];
    if (theme == THEME_MONO || depth < 8)
        return (CellLook){OWN, OWN, row->mono};
    CellLook look = {pick_ink(theme == THEME_DARK ? row->dark : row->light, depth), OWN, row->attr};
    if (role == ROLE_BAR && depth >= 256)
        look.bg = theme == THEME_DARK ? 237 : 254;
    else if (role == ROLE_BAR)
        look.attr = ATTR_REVERSE;
    return look;
}

static bool is_heat(Role role)
{
    return role >= ROLE_LEVEL0 && role <= ROLE_SIGNED8;
}

/* Black or white, whichever is read better on a colour: luminance with squares for its gamma. */
static int16_t contrast_ink(int16_t colour)
{
    uint32_t rgb = theme_rgb(colour), red = rgb >> 16, green = rgb >> 8 & 0xff, blue = rgb & 0xff;
    uint32_t light = 21 * red * red + 72 * green * green + 7 * blue * blue;
    return light > 18 * 255 * 255 ? 16 : 231;
}

static int16_t ink_on_heat(Theme theme, const Cell *cell, int16_t own, int16_t ground)
{
    if (cell->role != cell->ground)
        return is_heat(cell->role) ? own : contrast_ink(ground);
    bool negative = cell->ground >= ROLE_SIGNED0 && cell->ground < ROLE_SIGNED0 + 4;
    return negative ? negative_mark[theme == THEME_LIGHT][cell->ground - ROLE_SIGNED0] : ground;
}

/* A reversed bar turns a letter's colour into its background: only what stands out keeps it. */
static CellLook look_on_bar(CellLook look, CellLook bar)
{
    bool keeps = !(bar.attr & ATTR_REVERSE) || look.attr & ATTR_BOLD;
    if (look.fg == OWN || !keeps)
        look.fg = bar.fg;
    look.bg = bar.bg;
    look.attr |= bar.attr & ATTR_REVERSE;
    return look;
}

CellLook theme_cell(Theme theme, int depth, const Cell *cell)
{
    CellLook look = theme_look(theme, depth, cell->role);
    look.attr |= cell->attr;
    if (cell->ground == ROLE_TEXT)
        return look;
    CellLook ground = theme_look(theme, depth, cell->ground);
    if (!is_heat(cell->ground))
        return look_on_bar(look, ground);
    if (depth >= 256 && theme != THEME_MONO) {
        look.fg = ink_on_heat(theme, cell, look.fg, ground.fg);
        look.bg = ground.fg;
    }
    return look;
}

/* ---- colours --------------------------------------------------------------------------------- */

uint32_t theme_rgb(int16_t colour)
{
    static const uint32_t basic[16] = {0x000000, 0xcd3131, 0x0dbc79, 0xc8a000, 0x2472c8, 0xbc3fbc,
                                       0x11a8cd, 0xe5e5e5, 0x666666, 0xf14c4c, 0x23d18b, 0xf5f543,
                                       0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff};
    static const uint8_t steps[6] = {0, 95, 135, 175, 215, 255};

    assert(colour >= 0 && colour < 256);
    if (colour < 16)
        return basic[colour];
    if (colour >= 232)
        return (uint32_t)(8 + (colour - 232) * 10) * 0x010101;
    colour -= 16;
    return (uint32_t)steps[colour / 36] << 16 | (uint32_t)steps[colour / 6 % 6] << 8 |
           steps[colour % 6];
}

uint32_t theme_paper(Theme theme)
{
    return theme == THEME_DARK ? 0x15171c : 0xffffff;
}

uint32_t theme_ink(Theme theme)
{
    return theme == THEME_DARK ? 0xd6d9df : 0x24292f;
}
