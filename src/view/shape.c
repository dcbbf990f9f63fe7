#include "view/shape.h"

#include <stddef.h>

enum { UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8, DASHED = 16, DOUBLE = 32, ROUND = 64, TRIPLE = 128 };
enum { W = SHAPE_CELL_WIDTH, H = SHAPE_CELL_HEIGHT };

/* ---- lines ----------------------------------------------------------------------------------- */

/* Arms from the middle of the cell. */
typedef struct LineForm {
    uint16_t glyph;
    uint8_t arms;
    uint8_t kind;
} LineForm;

static const LineForm line_forms[] = {
    {0x2500, LEFT | RIGHT, SHAPE_LINES},
    {0x2501, LEFT | RIGHT, SHAPE_HEAVY},
    {0x2502, UP | DOWN, SHAPE_LINES},
    {0x2503, UP | DOWN, SHAPE_HEAVY},
    {0x2504, LEFT | RIGHT | DASHED, SHAPE_LINES},
    {0x2506, UP | DOWN | DASHED, SHAPE_LINES},
    {0x250c, RIGHT | DOWN, SHAPE_LINES},
    {0x2510, LEFT | DOWN, SHAPE_LINES},
    {0x2514, UP | RIGHT, SHAPE_LINES},
    {0x2518, UP | LEFT, SHAPE_LINES},
    {0x251c, UP | RIGHT | DOWN, SHAPE_LINES},
    {0x2524, UP | LEFT | DOWN, SHAPE_LINES},
    {0x252c, LEFT | RIGHT | DOWN, SHAPE_LINES},
    {0x2534, LEFT | RIGHT | UP, SHAPE_LINES},
    {0x253c, LEFT | RIGHT | UP | DOWN, SHAPE_LINES},
    {0x254c, LEFT | RIGHT | DASHED, SHAPE_LINES},
    {0x254e, UP | DOWN | DASHED, SHAPE_LINES},
    {0x2550, LEFT | RIGHT | DOUBLE, SHAPE_LINES},
    {0x2551, UP | DOWN | DOUBLE, SHAPE_LINES},
    {0x256d, RIGHT | DOWN | ROUND, SHAPE_LINES},
    {0x256e, LEFT | DOWN | ROUND, SHAPE_LINES},
    {0x256f, LEFT | UP | ROUND, SHAPE_LINES},
    {0x2570, RIGHT | UP | ROUND, SHAPE_LINES},
    {0x2574, LEFT, SHAPE_LINES},
    {0x2575, UP, SHAPE_LINES},
    {0x2576, RIGHT, SHAPE_LINES},
    {0x2577, DOWN, SHAPE_LINES},
    {0x2578, LEFT, SHAPE_HEAVY},
    {0x2579, UP, SHAPE_HEAVY},
    {0x257a, RIGHT, SHAPE_HEAVY},
    {0x257b, DOWN, SHAPE_HEAVY},
    {0x2261, LEFT | RIGHT | TRIPLE, SHAPE_LINES},
};

static const LineForm *find_line(uint32_t glyph)
{
    for (size_t i = 0; i < sizeof line_forms / sizeof line_forms[0]; i++)
        if (line_forms[i].glyph == glyph)
            return &line_forms[i];
    return NULL;
}

static void write_level_line(const LineForm *form, int x, int y, int width, FILE *stream)
{
    if (form->arms & (DOUBLE | TRIPLE)) {
        fprintf(stream, "M%d %dh%d", x, y + (form->arms & TRIPLE ? 4 : 6), width);
        fprintf(stream, "M%d %dh%d", x, y + (form->arms & TRIPLE ? 12 : 10), width);
    }
    if (!(form->arms & DOUBLE))
        fprintf(stream, "M%d %dh%d", x, y + H / 2, width);
}

static void write_dashes(const LineForm *form, int x, int y, FILE *stream)
{
    if (form->arms & LEFT)
        fprintf(stream, "M%d %dh2m2 0h2", x + 1, y + H / 2);
    else
        fprintf(stream, "M%d %dv4m0 4v4", x + W / 2, y + 2);
}

static void write_corner(const LineForm *form, int x, int y, FILE *stream)
{
    fprintf(stream, "M%d %dQ%d %d %d %d", form->arms & RIGHT ? x + W : x, y + H / 2, x + W / 2,
            y + H / 2, x + W / 2, form->arms & DOWN ? y + H : y);
}

/* Straight arms: the level ones, then the upright ones. */
static void write_arms(const LineForm *form, int x, int y, FILE *stream)
{
    int left = form->arms & LEFT ? 0 : W / 2, right = form->arms & RIGHT ? W : W / 2;
    int top = form->arms & UP ? 0 : H / 2, bottom = form->arms & DOWN ? H : H / 2;
    if (right > left)
        fprintf(stream, "M%d %dh%d", x + left, y + H / 2, right - left);
    if (bottom > top && form->arms & DOUBLE)
        fprintf(stream, "M%d %dv%dM%d %dv%d", x + 3, y, H, x + 5, y, H);
    else if (bottom > top)
        fprintf(stream, "M%d %dv%d", x + W / 2, y + top, bottom - top);
}

static void write_line(const LineForm *form, int x, int y, int count, FILE *stream)
{
    if (form->arms & DASHED)
        write_dashes(form, x, y, stream);
    else if (form->arms & ROUND)
        write_corner(form, x, y, stream);
    else if ((form->arms & (LEFT | RIGHT | UP | DOWN)) == (LEFT | RIGHT))
        write_level_line(form, x, y, W * count, stream);
    else
        write_arms(form, x, y, stream);
}

/* ---- blocks and dots ------------------------------------------------------------------------- */

static void write_box(int x, int y, int w, int h, FILE *stream)
{
    fprintf(stream, "M%d %dh%dv%dh%dz", x, y, w, h, -w);
}

/* U+2596 to U+259F, from the upper left: 1 2 over 4 8. */
static void write_quadrants(uint32_t glyph, int x, int y, FILE *stream)
{
    static const uint8_t quadrants[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
    int bits = quadrants[glyph - 0x2596];
    for (int i = 0; i < 4; i++)
        if (bits >> i & 1)
            write_box(x + i % 2 * (W / 2), y + i / 2 * (H / 2), W / 2, H / 2, stream);
}

static void write_block(uint32_t glyph, int x, int y, int count, FILE *stream)
{
    int eighth = (int)glyph - 0x2580, w = W * count;
    if (glyph == 0x2580)
        write_box(x, y, w, H / 2, stream);
    else if (glyph <= 0x2588)
        write_box(x, y + H - 2 * eighth, w, 2 * eighth, stream);
    else if (glyph <= 0x258f)
        write_box(x, y, 16 - eighth, H, stream);
    else if (glyph == 0x2590)
        write_box(x + W / 2, y, W / 2, H, stream);
    else if (glyph <= 0x2593)
        write_box(x, y, w, H, stream);
    else if (glyph == 0x2594)
        write_box(x, y, w, 2, stream);
    else if (glyph == 0x2595)
        write_box(x + W - 1, y, 1, H, stream);
    else
        write_quadrants(glyph, x, y, stream);
}

static void write_dots(uint32_t glyph, int x, int y, FILE *stream)
{
    static const uint8_t order[8] = {0, 1, 2, 4, 5, 6, 3, 7}; /* bit -> 4 * column + row */
    for (int bit = 0; bit < 8; bit++)
        if (glyph >> bit & 1)
            fprintf(stream, "M%d %dh0", x + 2 + order[bit] / 4 * 4, y + 2 + order[bit] % 4 * 4);
}

/* ---- all ------------------------------------------------------------------------------------- */

ShapeKind shape_kind(uint32_t glyph)
{
    if (glyph >= 0x2591 && glyph <= 0x2593)
        return SHAPE_SHADE1 + (glyph - 0x2591);
    if (glyph >= 0x2580 && glyph <= 0x259f)
        return SHAPE_SOLID;
    if (glyph >= 0x2800 && glyph <= 0x28ff)
        return SHAPE_DOTS;
    const LineForm *form = glyph >= 0x2261 && glyph < 0x2580 ? find_line(glyph) : NULL;
    return form ? (ShapeKind)form->kind : SHAPE_NONE;
}

bool shape_is_level(uint32_t glyph)
{
    return (glyph >= 0x2580 && glyph <= 0x2588) || (glyph >= 0x2591 && glyph <= 0x2594) ||
           glyph == 0x2500 || glyph == 0x2501 || glyph == 0x2550 || glyph == 0x2261;
}

void shape_write(uint32_t glyph, int x, int y, int count, FILE *stream)
{
    const LineForm *form = find_line(glyph);
    if (form)
        write_line(form, x, y, count, stream);
    else if (glyph >= 0x2800)
        write_dots(glyph, x, y, stream);
    else
        write_block(glyph, x, y, count, stream);
}
