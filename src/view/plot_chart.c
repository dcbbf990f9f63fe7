/* Charts: axes, curves and lines (the second half of view/plot.h). */
#include "view/plot.h"

#include "app/text.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- ticks ----------------------------------------------------------------------------------- */

enum { TICK_TEXT = 24, LEAST_CHART_WIDTH = 14, LEAST_CHART_HEIGHT = 4, LEAST_GUTTER = 4 };

static int64_t count_ticks(double low, double high, double step)
{
    return (int64_t)(floor(high / step + 1e-9) - ceil(low / step - 1e-9)) + 1;
}

double plot_tick(double low, double high, int most)
{
    static const double factors[] = {1, 2, 5};
    double range = high - low;
    if (!(range > 0) || !isfinite(range))
        return 1;
    int power = (int)floor(log10(range / (most > 1 ? most : 1)));
    for (int i = 0; i < 12; i++) {
        double step = factors[i % 3] * pow(10, power + i / 3);
        if (count_ticks(low, high, step) <= most)
            return step;
    }
    return factors[0] * pow(10, power + 4);
}

/* A tick's number with as many digits as the step between ticks needs. */
static int tick_text(double value, double step, char text[TICK_TEXT])
{
    int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    if (fabs(value) < step * 1e-6)
        value = 0;
    if (decimals > 4 || fabs(value) >= 1e7)
        snprintf(text, TICK_TEXT, "%.3g", value);
    else if (decimals == 0 && fabs(value) >= 1e4)
        text_whole((int64_t)value, text, TICK_TEXT);
    else
        snprintf(text, TICK_TEXT, "%.*f", decimals, value);
    return (int)strlen(text);
}

/* Columns of an axis's widest label: the first or the last, since all have as many decimals. */
static int widest_tick(double low, double high, double step)
{
    char text[TICK_TEXT];
    double first = ceil(low / step - 1e-9), last = floor(high / step + 1e-9);
    int at_first = tick_text(first * step, step, text);
    int at_last = tick_text(last * step, step, text);
    return at_first > at_last ? at_first : at_last;
}

/* ---- axes ------------------------------------------------------------------------------------ */

/* Makes an axis of any two numbers: one that its ticks can tell apart. */
static void widen(double *low, double *high)
{
    double range = *high - *low, size = fmax(fabs(*low), fabs(*high));
    if (!(fabs(range) < 1e300)) {
        *low = 0;
        *high = 1;
    } else if (!(range > size * 1e-9 && range > 1e-300)) {
        double half = fmax(0.5, size * 1e-6);
        *high = *low + half;
        *low -= half;
    }
}

/* Two columns between labels, also where the last one is moved to the left to end with the axis. */
static int label_columns(double low, double high, double step)
{
    int widest = widest_tick(low, high, step);
    return widest + (widest > 2 ? widest / 2 + 1 : 2);
}

/* The smallest round step whose labels have room on an axis of `length` cells: along it if level,
 * else rows apart: in a high chart enough to look even, in a low one what there is. */
static double smallest_step(double low, double high, int length, bool level)
{
    double last = 0;
    for (int most = length; most > 1; most--) {
        double step = plot_tick(low, high, most);
        if (step == last)
            continue;
        int room = level ? label_columns(low, high, step) : length < 10 ? 2 : 3;
        if (step / (high - low) * (length - 1) >= room)
            return step;
        last = step;
    }
    return plot_tick(low, high, 1);
}

int plot_column_of(const Canvas *canvas, const Chart *chart, double x)
{
    int dots = canvas->glyphs == GLYPHS_BRAILLE ? 2 : 1;
    double part = (x - chart->x_low) / (chart->x_high - chart->x_low);
    return (int)(part * (chart->plot.w * dots - 1) + 0.5) / dots;
}

int plot_row_of(const Canvas *canvas, const Chart *chart, double y)
{
    int dots = canvas->glyphs == GLYPHS_BRAILLE ? 4 : canvas->glyphs == GLYPHS_BLOCKS ? 2 : 1;
    double part = (chart->y_high - y) / (chart->y_high - chart->y_low);
    return (int)(part * (chart->plot.h * dots - 1) + 0.5) / dots;
}

static void draw_y_line(Canvas *canvas, Area area, const Chart *chart)
{
    for (int y = 0; y < chart->plot.h; y++)
        canvas_put(canvas, area, chart->plot.x - 1 - area.x, y, 0x2502, ROLE_DIM, 0);
}

static void draw_y_tick(Canvas *canvas, Area area, const Chart *chart, int row, const char *text)
{
    int axis = chart->plot.x - 1 - area.x;
    canvas_put(canvas, area, axis, row, 0x2524, ROLE_DIM, 0);
    canvas_text_right(canvas, area, axis, row, ROLE_DIM, 0, text);
}

static void draw_y_axis(Canvas *canvas, Area area, const Chart *chart, double step)
{
    char text[TICK_TEXT];
    int64_t first = (int64_t)ceil(chart->y_low / step - 1e-9);
    int64_t count = count_ticks(chart->y_low, chart->y_high, step);
    draw_y_line(canvas, area, chart);
    for (int64_t i = first; i < first + count; i++) {
        tick_text((double)i * step, step, text);
        draw_y_tick(canvas, area, chart, plot_row_of(canvas, chart, (double)i * step), text);
    }
}

/* Round numbers times the powers of ten, the most important first: each where its row and those
 * beside it have no label yet. */
static void draw_log_axis(Canvas *canvas, Area area, const Chart *chart)
{
    static const double factors[] = {1, 3, 2, 5, 7, 4, 1.5, 2.5};
    char text[TICK_TEXT];
    bool taken[CANVAS_HEIGHT_LIMIT + 2] = {false};
    draw_y_line(canvas, area, chart);
    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++)
        for (int power = (int)floor(chart->y_low); power <= (int)ceil(chart->y_high); power++) {
            double value = factors[f] * pow(10, power), y = log10(value);
            int row = y < chart->y_low || y > chart->y_high ? -1 : plot_row_of(canvas, chart, y);
            if (row < 0 || taken[row] || taken[row + 1] || taken[row + 2])
                continue;
            taken[row + 1] = true;
            snprintf(text, sizeof text, "%.4g", value);
            draw_y_tick(canvas, area, chart, row, text);
        }
}

static void draw_x_axis(Canvas *canvas, Area area, const Chart *chart, double step)
{
    char text[TICK_TEXT];
    int left = chart->plot.x - area.x, y = chart->plot.h;
    int64_t first = (int64_t)ceil(chart->x_low / step - 1e-9);
    int64_t count = count_ticks(chart->x_low, chart->x_high, step);
    canvas_put(canvas, area, left - 1, y, 0x2514, ROLE_DIM, 0);
    canvas_fill(canvas, area, left, y, chart->plot.w, 0x2500, ROLE_DIM, 0);
    for (int64_t i = first; i < first + count; i++) {
        int x = left + plot_column_of(canvas, chart, (double)i * step);
        int length = tick_text((double)i * step, step, text);
        int start = x - (length - 1) / 2;
        if (start + length > area.w)
            start = area.w - length;
        canvas_put(canvas, area, x, y, 0x252c, ROLE_DIM, 0);
        canvas_text(canvas, area, start, y + 1, ROLE_DIM, 0, text);
    }
}

Chart plot_axes(Canvas *canvas, Area area, double x_low, double x_high, double y_low, double y_high)
{
    widen(&x_low, &x_high);
    widen(&y_low, &y_high);
    Chart chart = {area, x_low, x_high, y_low, y_high};
    if (area.w < LEAST_CHART_WIDTH || area.h < LEAST_CHART_HEIGHT)
        return chart;
    double y_step = smallest_step(y_low, y_high, area.h - 2, false);
    int gutter = widest_tick(y_low, y_high, y_step);
    gutter = gutter > LEAST_GUTTER ? gutter : LEAST_GUTTER;
    chart.plot = area_inset(area, gutter + 1, 0, 0, 2);
    draw_y_axis(canvas, area, &chart, y_step);
    draw_x_axis(canvas, area, &chart, smallest_step(x_low, x_high, chart.plot.w, true));
    return chart;
}

Chart plot_axes_log(Canvas *canvas, Area area, double x_low, double x_high, double y_low,
                    double y_high)
{
    widen(&x_low, &x_high);
    widen(&y_low, &y_high);
    Chart chart = {area, x_low, x_high, y_low, y_high};
    if (area.w < LEAST_CHART_WIDTH || area.h < LEAST_CHART_HEIGHT)
        return chart;
    chart.plot = area_inset(area, LEAST_GUTTER + 1, 0, 0, 2);
    draw_log_axis(canvas, area, &chart);
    draw_x_axis(canvas, area, &chart, smallest_step(x_low, x_high, chart.plot.w, true));
    return chart;
}

/* ---- dots ------------------------------------------------------------------------------------ */

enum {
    GLYPH_DASH = 0x254c,
    GLYPH_MARK = 0x2502,
    GLYPH_POINT = 0x25cf,
    GLYPH_BAND = 0x2591,
    TEXT_STAYS = -1
};

/* Dots of one set of glyphs: how many a cell has, and the bits of each column from the top. */
typedef struct Dots {
    int across, down;
    uint8_t bit[2][4];
} Dots;

static const Dots dots_of[] = {
    [GLYPHS_ASCII] = {1, 1, {{1}}},
    [GLYPHS_BLOCKS] = {1, 2, {{1, 2}}},
    [GLYPHS_BRAILLE] = {2, 4, {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}},
};
static const uint32_t block_glyphs[4] = {' ', 0x2580, 0x2584, 0x2588};

/* Raw data is lighter than the lines drawn over it. */
static const uint32_t light_glyphs[4] = {' ', 0x02d9, '.', ':'};

static uint32_t ascii_dot(Role role)
{
    return role == ROLE_CURVE ? '.' : '*';
}

static uint32_t dots_glyph(Glyphs glyphs, int bits, Role role)
{
    return glyphs == GLYPHS_BRAILLE  ? 0x2800u + (uint32_t)bits
           : glyphs == GLYPHS_BLOCKS ? (role == ROLE_CURVE ? light_glyphs : block_glyphs)[bits]
                                     : ascii_dot(role);
}

/* The dots that stand in a cell; 0 also for what curves may cover, TEXT_STAYS for the rest. */
static int dots_bits(const Canvas *canvas, uint32_t glyph)
{
    if (glyph == ' ' || glyph == canvas_glyph(canvas, GLYPH_DASH) ||
        glyph == canvas_glyph(canvas, GLYPH_MARK) || glyph == canvas_glyph(canvas, GLYPH_BAND))
        return 0;
    if (canvas->glyphs == GLYPHS_BRAILLE && glyph >= 0x2800 && glyph <= 0x28ff)
        return (int)(glyph - 0x2800);
    for (int bits = 1; bits < 4 && canvas->glyphs == GLYPHS_BLOCKS; bits++)
        if (glyph == block_glyphs[bits] || glyph == light_glyphs[bits])
            return bits;
    return canvas->glyphs == GLYPHS_ASCII && (glyph == '*' || glyph == '.') ? 1 : TEXT_STAYS;
}

/* The cell at column x, row y of the plot, or NULL if it is not on the canvas. */
static Cell *plot_cell(Canvas *canvas, const Chart *chart, int x, int y)
{
    x += chart->plot.x;
    y += chart->plot.y;
    bool inside = x >= 0 && x < canvas->width && y >= 0 && y < canvas->height;
    return inside ? &canvas->cell[y * canvas->width + x] : NULL;
}

static void add_dots(Canvas *canvas, const Chart *chart, int x, int y, int bits, Role role)
{
    Cell *cell = plot_cell(canvas, chart, x, y);
    int old = cell ? dots_bits(canvas, cell->glyph) : TEXT_STAYS;
    if (old == TEXT_STAYS || bits == 0)
        return;
    if (cell->role == role)
        bits |= old;
    *cell = (Cell){.glyph = dots_glyph(canvas->glyphs, bits, role),
                   .role = (uint8_t)role,
                   .ground = cell->ground};
}

/* ---- curves ---------------------------------------------------------------------------------- */

/* A curve on its way from left to right. Columns and rows are dots; low and high are rows that the
 * curve reaches in the column at hand, counted from the top. */
typedef struct Trace {
    Canvas *canvas;
    const Chart *chart;
    const Dots *dots;
    Role role;
    int width, height; /* of the plot, in dots */
    int column;        /* at hand, or NO_COLUMN */
    double low, high;
    int last_low, last_high; /* drawn in the column before, if `joined` */
    bool joined;
} Trace;

enum { NO_COLUMN = -1 };

/* Of long upright strokes of raw data only every other dot: a tint that lines stand out from. */
static bool is_skipped(const Trace *trace, int column, int row)
{
    return trace->role == ROLE_CURVE && trace->dots->across > 1 && (row + column) % 2 != 0;
}

static void trace_draw(const Trace *trace, int column, int low, int high)
{
    const Dots *dots = trace->dots;
    low = low > 0 ? low : 0;
    high = high < trace->height ? high : trace->height - 1;
    for (int row = low; row <= high;) {
        int y = row / dots->down, bits = 0;
        for (; row <= high && row / dots->down == y; row++)
            if (row == low || row == high || !is_skipped(trace, column, row))
                bits |= dots->bit[column % dots->across][row % dots->down];
        add_dots(trace->canvas, trace->chart, column / dots->across, y, bits, trace->role);
    }
}

/* Closes the gap to the column before: each column takes its half. */
static void trace_join(Trace *trace, int *low, int *high)
{
    if (*low > trace->last_high + 1) {
        int middle = (*low + trace->last_high) / 2;
        trace_draw(trace, trace->column - 1, trace->last_high + 1, middle);
        *low = middle + 1;
    } else if (*high < trace->last_low - 1) {
        int middle = (*high + trace->last_low) / 2;
        trace_draw(trace, trace->column - 1, middle + 1, trace->last_low - 1);
        *high = middle;
    }
}

/* Draws the column at hand. */
static void trace_finish(Trace *trace)
{
    if (trace->column == NO_COLUMN)
        return;
    int low = (int)floor(trace->low + 0.5), high = (int)floor(trace->high + 0.5);
    int last_low = low, last_high = high;
    if (trace->joined)
        trace_join(trace, &low, &high);
    trace_draw(trace, trace->column, low, high);
    trace->last_low = last_low;
    trace->last_high = last_high;
    trace->joined = true;
}

static void trace_add(Trace *trace, int column, double row)
{
    if (column != trace->column) {
        trace_finish(trace);
        trace->column = column;
        trace->low = trace->high = row;
    }
    trace->low = fmin(trace->low, row);
    trace->high = fmax(trace->high, row);
}

/* The next point: the way to it from the one before, then itself. */
static void trace_to(Trace *trace, double from_x, double from_y, double x, double y)
{
    int column = (int)floor(x + 0.5);
    int first = (int)floor(from_x + 0.5) + 1;
    for (int c = first > 0 ? first : 0; c < column && c < trace->width; c++)
        trace_add(trace, c, from_y + (y - from_y) * (c - from_x) / (x - from_x));
    if (column >= 0 && column < trace->width)
        trace_add(trace, column, y);
}

static void trace_lift(Trace *trace)
{
    trace_finish(trace);
    trace->column = NO_COLUMN;
    trace->joined = false;
}

/* Far outside of the plot is as good as farther: keeps the numbers within an int. */
static double near(double dot)
{
    return fmax(-1e6, fmin(1e6, dot));
}

void plot_curve(Canvas *canvas, const Chart *chart, double x0, double dx, const double *y,
                int count, Role role)
{
    assert(dx > 0);
    const Dots *dots = &dots_of[canvas->glyphs];
    Trace trace = {canvas,
                   chart,
                   dots,
                   role,
                   chart->plot.w * dots->across,
                   chart->plot.h * dots->down,
                   NO_COLUMN,
                   0,
                   0,
                   0,
                   0,
                   false};
    double x_scale = (trace.width - 1) / (chart->x_high - chart->x_low);
    double y_scale = (trace.height - 1) / (chart->y_high - chart->y_low);
    double from_x = NAN, from_y = NAN;
    for (int i = 0; i < count; i++) {
        double dot_x = near((x0 + i * dx - chart->x_low) * x_scale);
        double dot_y = isfinite(y[i]) ? near((chart->y_high - y[i]) * y_scale) : NAN;
        if (isnan(dot_y))
            trace_lift(&trace);
        else if (isnan(from_y))
            trace_to(&trace, dot_x - 1, dot_y, dot_x, dot_y);
        else
            trace_to(&trace, from_x, from_y, dot_x, dot_y);
        from_x = dot_x;
        from_y = dot_y;
    }
    trace_finish(&trace);
}

/* ---- bands ----------------------------------------------------------------------------------- */

/* Between two points of a line. */
static double between(const double *y, int count, double at)
{
    const int i = at >= count - 1 ? count - 1 : (int)at;

    return i == count - 1 ? y[i] : y[i] + (y[i + 1] - y[i]) * (at - i);
}

static void band_column(Canvas *canvas, const Chart *chart, int column, double low, double high,
                        Role role)
{
    const Dots *dots = &dots_of[canvas->glyphs];
    const int height = chart->plot.h * dots->down;
    const double scale = (height - 1) / (chart->y_high - chart->y_low);
    const int top = (int)floor(near((chart->y_high - high) * scale) + 0.5);
    const int bottom = (int)floor(near((chart->y_high - low) * scale) + 0.5);

    for (int row = top > 0 ? top : 0; row <= bottom && row < height; row++) {
        const Cell *cell = plot_cell(canvas, chart, column / dots->across, row / dots->down);
        if (dots->across > 1 && row % 2 == 0 && (row / 2 + column) % 2 == 0)
            add_dots(canvas, chart, column / dots->across, row / dots->down,
                     dots->bit[column % dots->across][row % dots->down], role);
        else if (dots->across == 1 && cell && cell->glyph == ' ')
            canvas_put(canvas, chart->plot, column, row / dots->down, GLYPH_BAND, role, 0);
    }
}

void plot_band(Canvas *canvas, const Chart *chart, double x0, double dx, const double *low,
               const double *high, int count, Role role)
{
    const int columns = chart->plot.w * dots_of[canvas->glyphs].across;
    const double scale = (chart->x_high - chart->x_low) / (columns - 1);

    for (int column = 0; column < columns && count > 0; column++) {
        const double at = (chart->x_low + column * scale - x0) / dx;
        if (!(at >= 0 && at <= count - 1))
            continue;
        const double least = between(low, count, at), greatest = between(high, count, at);
        if (isfinite(least) && isfinite(greatest))
            band_column(canvas, chart, column, least, greatest, role);
    }
}

/* ---- lines and points ------------------------------------------------------------------------ */

void plot_level_line(Canvas *canvas, const Chart *chart, double y, const char *label, Role role)
{
    if (!(y >= chart->y_low && y <= chart->y_high))
        return;
    int row = plot_row_of(canvas, chart, y);
    int columns = canvas_text(canvas, (Area){0}, 0, 0, role, 0, label);
    canvas_fill(canvas, chart->plot, 0, row, chart->plot.w, GLYPH_DASH, role, 0);
    canvas_put(canvas, chart->plot, chart->plot.w - columns - 1, row, ' ', role, 0);
    canvas_text_right(canvas, chart->plot, chart->plot.w, row, role, 0, label);
}

void plot_mark(Canvas *canvas, const Chart *chart, double x, Role role)
{
    if (!(x >= chart->x_low && x <= chart->x_high))
        return;
    int column = plot_column_of(canvas, chart, x);
    for (int y = 0; y < chart->plot.h; y++) {
        const Cell *cell = plot_cell(canvas, chart, column, y);
        if (cell && dots_bits(canvas, cell->glyph) == 0)
            canvas_put(canvas, chart->plot, column, y, GLYPH_MARK, role, 0);
    }
}

void plot_point(Canvas *canvas, const Chart *chart, double x, double y, Role role)
{
    if (x >= chart->x_low && x <= chart->x_high && y >= chart->y_low && y <= chart->y_high)
        canvas_put(canvas, chart->plot, plot_column_of(canvas, chart, x),
                   plot_row_of(canvas, chart, y), GLYPH_POINT, role, 0);
}
