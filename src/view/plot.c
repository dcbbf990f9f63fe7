#include "view/plot.h"

#include "app/text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GLYPH_ABSENT = 0x00b7, GLYPH_FULL = 0x2588 };

/* value of 0..1, whatever it was. */
static double unit(double value)
{
    return value > 0 ? (value < 1 ? value : 1) : 0;
}

/* ---- bars ------------------------------------------------------------------------------------ */

void plot_bar(Canvas *canvas, Area area, int x, int y, int width, double value, Role role)
{
    if (width <= 0)
        return;
    if (isnan(value)) {
        canvas_put(canvas, area, x, y, GLYPH_ABSENT, ROLE_ABSENT, 0);
        return;
    }
    int eighths = (int)(unit(value) * width * 8 + 0.5);
    if (eighths == 0 && value > 0)
        eighths = 1;
    canvas_fill(canvas, area, x, y, eighths / 8, GLYPH_FULL, role, 0);
    if (eighths % 8 && eighths / 8 < width)
        canvas_put(canvas, area, x + eighths / 8, y, 0x2590u - (uint32_t)(eighths % 8), role, 0);
}

/* The mean of the values that fall in a column; NaN if one of them is. */
static double column_mean(const double *value, int count, int column, int width)
{
    int first = (int)((int64_t)count * column / width);
    int end = (int)((int64_t)count * (column + 1) / width);
    double sum = 0;
    for (int i = first; i < end; i++)
        sum += value[i];
    return sum / (end - first);
}

/* The lowest eighths (1 to 8) of a cell. */
static uint32_t column_glyph(const Canvas *canvas, int eighths)
{
    return canvas->glyphs == GLYPHS_ASCII ? (uint32_t) "_.-=+*%#"[eighths - 1]
                                          : 0x2580u + (uint32_t)eighths;
}

static void plot_column(Canvas *canvas, Area area, int x, double height, Role role)
{
    if (isnan(height)) {
        canvas_put(canvas, area, x, area.h - 1, GLYPH_ABSENT, ROLE_ABSENT, 0);
        return;
    }
    int eighths = 1 + (int)(unit(height) * (area.h * 8 - 1) + 0.5);
    for (int y = area.h - 1; y >= 0 && eighths > 0; y--, eighths -= 8)
        canvas_put(canvas, area, x, y, column_glyph(canvas, eighths < 8 ? eighths : 8), role, 0);
}

void plot_columns(Canvas *canvas, Area area, const double *value, int count, double low,
                  double high, Role role)
{
    double range = high > low ? high - low : 1;
    int columns = count < area.w ? count : area.w;
    for (int x = 0; x < columns; x++)
        plot_column(canvas, area, x, (column_mean(value, count, x, columns) - low) / range, role);
}

/* The part of area from column x on of row y, `width` columns. */
static Area row_part(Area area, int x, int y, int width)
{
    int left = x > 0 ? x : 0;
    int right = x + width < area.w ? x + width : area.w;
    bool empty = y < 0 || y >= area.h || right <= left;
    return (Area){area.x + left, area.y + y, empty ? 0 : right - left, 1};
}

void plot_sparkline(Canvas *canvas, Area area, int x, int y, int width, const double *value,
                    int count, double low, double high, Role role)
{
    plot_columns(canvas, row_part(area, x, y, width), value, count, low, high, role);
}

/* ---- heat ------------------------------------------------------------------------------------ */

enum { LEVELS = 8, SIGNS = 9, ZERO_SIGN = 4 };

/* By rising amount of ink. Negative numbers are of another kind, lines, with as much ink as the
 * positive ones of their size. */
static const uint16_t level_glyphs[2][LEVELS] = {
    {'_', ':', '-', '=', '+', '*', '#', '@'},
    {0x2581, 0x2591, 0x2591, 0x2592, 0x2592, 0x2593, 0x2593, 0x2588},
};
static const uint16_t signed_glyphs[2][SIGNS] = {
    {'%', '=', '~', '-', ' ', ':', '+', '*', '#'},
    {0x2261, 0x2550, 0x2500, 0x254c, ' ', 0x2591, 0x2592, 0x2593, 0x2588},
};

Role plot_level_role(double value)
{
    int level = (int)(sqrt(unit(value)) * LEVELS);
    return ROLE_LEVEL0 + (Role)(level < LEVELS ? level : LEVELS - 1);
}

Role plot_signed_role(double value)
{
    int size = (int)(unit(fabs(value)) * ZERO_SIGN + 0.5);
    return ROLE_SIGNED0 + (Role)(value < 0 ? ZERO_SIGN - size : ZERO_SIGN + size);
}

uint32_t plot_level_glyph(const Canvas *canvas, double value)
{
    if (isnan(value))
        return canvas_glyph(canvas, GLYPH_ABSENT);
    return level_glyphs[canvas->glyphs != GLYPHS_ASCII][plot_level_role(value) - ROLE_LEVEL0];
}

uint32_t plot_signed_glyph(const Canvas *canvas, double value)
{
    if (isnan(value))
        return canvas_glyph(canvas, GLYPH_ABSENT);
    return signed_glyphs[canvas->glyphs != GLYPHS_ASCII][plot_signed_role(value) - ROLE_SIGNED0];
}

/* A cell whose colour is also its ground: solid where there are colours enough. */
static void plot_heat(Canvas *canvas, Area area, int x, int y, int columns, uint32_t glyph,
                      Role role)
{
    canvas_ground(canvas, area, x, y, columns, role);
    canvas_fill(canvas, area, x, y, columns, glyph, role, 0);
}

static void plot_absent(Canvas *canvas, Area area, int x, int y, int columns)
{
    canvas_ground(canvas, area, x, y, columns, ROLE_TEXT);
    canvas_fill(canvas, area, x, y, columns, ' ', ROLE_ABSENT, 0);
    canvas_put(canvas, area, x + (columns - 1) / 2, y, GLYPH_ABSENT, ROLE_ABSENT, 0);
}

void plot_level(Canvas *canvas, Area area, int x, int y, int columns, double value)
{
    if (isnan(value))
        plot_absent(canvas, area, x, y, columns);
    else
        plot_heat(canvas, area, x, y, columns, plot_level_glyph(canvas, value),
                  plot_level_role(value));
}

void plot_signed(Canvas *canvas, Area area, int x, int y, int columns, double value)
{
    if (isnan(value))
        plot_absent(canvas, area, x, y, columns);
    else
        plot_heat(canvas, area, x, y, columns, plot_signed_glyph(canvas, value),
                  plot_signed_role(value));
}

int plot_level_legend(Canvas *canvas, Area area, int x, int y, double most)
{
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0, "0 ");
    for (int i = 0; i < LEVELS; i++, x += 2)
        plot_level(canvas, area, x, y, 2, (i + 0.5) * (i + 0.5) / (LEVELS * LEVELS));
    return canvas_print(canvas, area, x, y, ROLE_DIM, 0, " %.3g", most);
}

int plot_signed_legend(Canvas *canvas, Area area, int x, int y, double most)
{
    x = canvas_print(canvas, area, x, y, ROLE_DIM, 0, "-%.3g ", most);
    for (int i = 0; i < SIGNS; i++, x += 2)
        plot_signed(canvas, area, x, y, 2, (double)(i - ZERO_SIGN) / ZERO_SIGN);
    return canvas_print(canvas, area, x, y, ROLE_DIM, 0, " +%.3g", most);
}

void plot_cursor(Canvas *canvas, Area area, int x, int y, int columns)
{
    if (columns == 1) {
        canvas_put(canvas, area, x, y, 0x25c6, ROLE_ACCENT, 0);
        return;
    }
    canvas_put(canvas, area, x, y, '[', ROLE_ACCENT, 0);
    canvas_put(canvas, area, x + columns - 1, y, ']', ROLE_ACCENT, 0);
}
