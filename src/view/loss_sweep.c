#include "view/loss_sweep.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A letter names a row everywhere, so that it reads without colours. */
static const Role row_roles[] = {ROLE_SMOOTH, ROLE_UPDATE, ROLE_BACKWARD,
                                 ROLE_RIGHT,  ROLE_NOTE,   ROLE_FORWARD};

static Role role_of(int row)
{
    return row_roles[row % (int)(sizeof row_roles / sizeof *row_roles)];
}

static uint32_t letter_of(int row)
{
    return (uint32_t)('A' + row);
}

/* ---- bands ----------------------------------------------------------------------------------- */

/* A row's bands, point by point; NaN where nothing has come yet. */
typedef struct Band {
    int points;
    double x0, dx;
    double low[SWEEP_POINTS], mean[SWEEP_POINTS], high[SWEEP_POINTS];
} Band;

static double on_scale(double loss, bool log_scale)
{
    return !log_scale ? loss : loss > 0 ? log10(loss) : NAN;
}

static void fill_band(const Sweep *sweep, int row, bool log_scale, Band *band)
{
    band->points = sweep->refused[row].text[0] ? 0 : sweep_points(sweep, row);
    band->x0 = 1;
    band->dx = 1;
    for (int k = 0; k < band->points; k++) {
        const bool known = sweep_band(sweep, row, k, &band->low[k], &band->mean[k], &band->high[k]);
        band->low[k] = known ? on_scale(band->low[k], log_scale) : NAN;
        band->mean[k] = known ? on_scale(band->mean[k], log_scale) : NAN;
        band->high[k] = known ? on_scale(band->high[k], log_scale) : NAN;
    }
    if (band->points > 1)
        band->dx =
            (double)(sweep_point_step(sweep, row, band->points - 1) - 1) / (band->points - 1);
}

/* The letters of a row, every so many columns, each row's beside those of the others. */
static void draw_letters(Canvas *canvas, const Chart *chart, const Band *band, int row)
{
    enum { APART = 30, BESIDE = 3 };

    for (int column = APART / 3 + BESIDE * row; column < chart->plot.w; column += APART) {
        const double x = chart->x_low + (chart->x_high - chart->x_low) * column / chart->plot.w;
        const int k = (int)((x - band->x0) / band->dx + 0.5);
        if (k < 0 || k >= band->points || isnan(band->mean[k]) || band->mean[k] > chart->y_high ||
            band->mean[k] < chart->y_low)
            continue;
        canvas_put(canvas, chart->plot, column, plot_row_of(canvas, chart, band->mean[k]),
                   letter_of(row), role_of(row), ATTR_BOLD | ATTR_REVERSE);
    }
}

/* What the bands of a row reach from point `from` on. false: they have not come so far. */
static bool row_range(const Sweep *sweep, int row, int from, double *low, double *high)
{
    double least, mean, greatest;
    bool any = false;

    for (int k = from; k < sweep_points(sweep, row); k++)
        if (sweep_band(sweep, row, k, &least, &mean, &greatest)) {
            *low = fmin(*low, least);
            *high = fmax(*high, greatest);
            any = true;
        }
    return any;
}

/* From guessing down; once all runs are past their middle, what their second half needs, since it is
 * there that they are compared. */
static void find_range(const Sweep *sweep, bool log_scale, double *low, double *high)
{
    const double guessing = log(corpus_vocab(&sweep->documents));
    double least = guessing, greatest = -INFINITY, ignored = 0;
    bool late = true;

    for (int row = 0; row < sweep->plan.rows; row++)
        if (!sweep->refused[row].text[0]) {
            late = row_range(sweep, row, sweep_points(sweep, row) / 2, &least, &greatest) && late;
            row_range(sweep, row, 0, &least, &ignored);
        }
    greatest = late ? fmin(greatest + 0.15, 2 * guessing) : guessing * 1.05;
    *low = on_scale(fmax(floor(least * 10) / 10, 1e-6), log_scale);
    *high = on_scale(fmax(ceil(greatest * 10) / 10, least + 0.2), log_scale);
}

static double longest(const Sweep *sweep)
{
    int64_t steps = 1;

    for (int row = 0; row < sweep->plan.rows; row++)
        if (!sweep->refused[row].text[0]) {
            const int64_t end = sweep_point_step(sweep, row, sweep_points(sweep, row) - 1);
            steps = end > steps ? end : steps;
        }
    return (double)steps;
}

/* The rows as they are drawn, one over the other: the best last or, where there is a cursor, that
 * under it. Returns how many. */
static int order_rows(const Sweep *sweep, int selected, int order[SWEEP_ROWS])
{
    const int top = selected >= 0 ? selected : sweep_best(sweep);
    int rows = 0;

    for (int row = 0; row < sweep->plan.rows; row++)
        if (row != top)
            order[rows++] = row;
    if (top >= 0)
        order[rows++] = top;
    return rows;
}

/* All bands, then all means over them, then the letters. */
static void draw_chart(Frame *frame, Area area, int selected)
{
    const Sweep *sweep = &frame->app->sweep;
    const bool log_scale = frame->app->look.choice[LOOK_LOSS_SCALE] == 1;
    int order[SWEEP_ROWS];
    const int rows = order_rows(sweep, selected, order);
    double low, high;
    Band band;

    find_range(sweep, log_scale, &low, &high);
    const Chart chart =
        (log_scale ? plot_axes_log : plot_axes)(frame->canvas, area, 0, longest(sweep), low, high);
    plot_level_line(frame->canvas, &chart,
                    on_scale(log(corpus_vocab(&sweep->documents)), log_scale), _("guessing"),
                    ROLE_BASE);
    for (int i = 0; i < rows; i++) {
        fill_band(sweep, order[i], log_scale, &band);
        plot_band(frame->canvas, &chart, band.x0, band.dx, band.low, band.high, band.points,
                  role_of(order[i]));
    }
    for (int i = 0; i < rows; i++) {
        fill_band(sweep, order[i], log_scale, &band);
        plot_curve(frame->canvas, &chart, band.x0, band.dx, band.mean, band.points,
                   role_of(order[i]));
    }
    for (int i = 0; i < rows; i++) {
        fill_band(sweep, order[i], log_scale, &band);
        draw_letters(frame->canvas, &chart, &band, order[i]);
    }
}

const char *loss_sweep_tint(const Canvas *canvas)
{
    return canvas->glyphs == GLYPHS_BRAILLE ? "⠢⠢" : "░░";
}

bool loss_sweep_is_behind(const App *app)
{
    return sweep_is_on(&app->sweep) && !app->sweep.plan.name[0] &&
           app->sweep.plan.settings.steps == app->session.trainer.settings.steps;
}

void loss_sweep_behind(Frame *frame, const Chart *chart, bool log_scale)
{
    Band band;

    if (!loss_sweep_is_behind(frame->app))
        return;
    fill_band(&frame->app->sweep, 0, log_scale, &band);
    plot_band(frame->canvas, chart, band.x0, band.dx, band.low, band.high, band.points,
              ROLE_SMOOTH);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Where its columns stand. */
typedef struct Columns {
    int value, mean, spread, marks, marks_width, state; /* numbers end at mean and spread */
} Columns;

static Columns columns_of(const Sweep *sweep, Area area)
{
    enum { NUMBER = 9, STATE = 16, LEAST_MARKS = 8 };
    int widest = sweep->plan.name[0] ? text_width(sweep->plan.name) : 9;
    Columns columns = {.value = 2};

    for (int row = 0; row < sweep->plan.rows; row++) {
        const int width = text_width(sweep->plan.value[row]);
        widest = width > widest ? width : widest;
    }
    columns.mean = columns.value + widest + 1 + NUMBER;
    columns.spread = columns.mean + 1 + NUMBER;
    columns.marks = columns.spread + 2;
    columns.marks_width = area.w - columns.marks - 2 - STATE;
    if (columns.marks_width < LEAST_MARKS)
        columns.marks_width = 0;
    columns.state = columns.marks + columns.marks_width + (columns.marks_width > 0 ? 2 : 0);
    return columns;
}

/* The results of all rows lie between them. */
static bool find_results(const Sweep *sweep, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int row = 0; row < sweep->plan.rows; row++) {
        const SweepSummary summary = sweep_summary(sweep, row);
        if (summary.done > 0) {
            *low = fmin(*low, summary.low);
            *high = fmax(*high, summary.high);
        }
    }
    return *low <= *high;
}

static void draw_head(Frame *frame, Area area, const Columns *columns)
{
    const Sweep *sweep = &frame->app->sweep;
    double low, high;
    char text[32];

    canvas_text(frame->canvas, area, columns->value, 0, ROLE_DIM, 0,
                sweep->plan.name[0] ? sweep->plan.name : _("seeds"));
    canvas_text_right(frame->canvas, area, columns->mean, 0, ROLE_DIM, 0,
                      sweep->held_out ? _("held out") : _("loss"));
    canvas_text_right(frame->canvas, area, columns->spread, 0, ROLE_DIM, 0, _("± spread"));
    if (columns->marks_width < 12 || !find_results(sweep, &low, &high))
        return;
    const int end = columns->marks + columns->marks_width;
    snprintf(text, sizeof text, "%.3f", low);
    canvas_text(frame->canvas, area, columns->marks, 0, ROLE_DIM, 0, text);
    snprintf(text, sizeof text, "%.3f", high);
    if (high > low)
        canvas_text_right(frame->canvas, area, end, 0, ROLE_DIM, 0, text);
}

static int mark_column(const Columns *columns, double loss, double low, double high)
{
    const double part = high > low ? (loss - low) / (high - low) : 0.5;

    return columns->marks + (int)(part * (columns->marks_width - 1) + 0.5);
}

enum { GLYPH_MEAN = 0x2502, GLYPH_SEED = 0x25cb, GLYPH_SEED_OF_BEST = 0x25cf, GLYPH_WAY = 0x00b7 };

/* A mark a seed, on one axis for all rows; the upright is their mean. */
static void draw_marks(Frame *frame, Area area, int y, const Columns *columns, int row)
{
    const Sweep *sweep = &frame->app->sweep;
    const SweepSummary summary = sweep_summary(sweep, row);
    const uint32_t mark = row == sweep_best(sweep) ? GLYPH_SEED_OF_BEST : GLYPH_SEED;
    double low, high, loss;

    if (!find_results(sweep, &low, &high))
        return;
    canvas_fill(frame->canvas, area, columns->marks, y, columns->marks_width, GLYPH_WAY, ROLE_DIM,
                0);
    if (summary.done > 1)
        canvas_put(frame->canvas, area, mark_column(columns, summary.mean, low, high), y,
                   GLYPH_MEAN, role_of(row), ATTR_BOLD);
    for (int seed = 0; seed < sweep->plan.seeds; seed++)
        if (sweep_result(sweep, row, seed, &loss))
            canvas_put(frame->canvas, area, mark_column(columns, loss, low, high), y, mark,
                       role_of(row), ATTR_BOLD);
}

static void draw_loss(Frame *frame, Area area, int end, int y, double loss, Role role)
{
    char text[32];

    snprintf(text, sizeof text, fabs(loss) < 1e4 ? "%.3f" : "%.2g", loss);
    canvas_text_right(frame->canvas, area, end, y, isnan(loss) ? ROLE_ABSENT : role, 0,
                      isnan(loss) ? "·" : text);
}

static void draw_row(Frame *frame, Area area, int y, const Columns *columns, int row)
{
    const Sweep *sweep = &frame->app->sweep;
    const SweepSummary summary = sweep_summary(sweep, row);
    const bool best = sweep->plan.name[0] && row == sweep_best(sweep);
    const char *reason = sweep_reason(sweep, row);
    char state[32];

    sweep_state(sweep, row, state);
    canvas_put(frame->canvas, area, 0, y, letter_of(row), role_of(row), ATTR_BOLD | ATTR_REVERSE);
    canvas_text(frame->canvas, area, columns->value, y, role_of(row), best ? ATTR_BOLD : 0,
                sweep->plan.name[0] ? sweep->plan.value[row] : _("all"));
    if (summary.done == 0 && reason[0]) {
        const int x = columns->mean - 8;
        const int after = canvas_text(frame->canvas, area, x, y, ROLE_WRONG, 0, state);
        canvas_text(frame->canvas, area, after, y, ROLE_DIM, 0, ": ");
        canvas_text(frame->canvas, area, after + 2, y, ROLE_DIM, 0, reason);
        return;
    }
    draw_loss(frame, area, columns->mean, y, summary.mean, best ? ROLE_RIGHT : ROLE_TEXT);
    draw_loss(frame, area, columns->spread, y, summary.spread, ROLE_DIM);
    if (columns->marks_width > 0)
        draw_marks(frame, area, y, columns, row);
    canvas_text(frame->canvas, area, columns->state, y,
                best                 ? ROLE_RIGHT
                : summary.failed > 0 ? ROLE_WRONG
                                     : ROLE_DIM,
                0, best ? _("lowest") : state);
}

/* As many rows as fit, around the cursor's. */
static void draw_table(Frame *frame, Area area, int selected)
{
    const Sweep *sweep = &frame->app->sweep;
    const Columns columns = columns_of(sweep, area);
    const int room = area.h - 1, first = panel_scroll(sweep->plan.rows, room, selected);

    draw_head(frame, area, &columns);
    for (int row = 0; row < sweep->plan.rows; row++) {
        const int y = 1 + row - first;
        if (y >= 1 && y < area.h)
            draw_row(frame, area, y, &columns, row);
        frame_spot(frame, area, 0, y, 1, 1, (Focus){.kind = FOCUS_ITEM, .index = row});
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void draw_hint(Frame *frame, Area area)
{
    canvas_wrap(
        frame->canvas, area_inset(area, 0, 2, 0, 0), 0, ROLE_DIM, 0,
        _("There is no sweep yet. It trains a setting at several values, each with several "
          "seeds, in the background:\n\n    :sweep lr 0.001 0.01 0.1 seeds 3\n    :sweep "
          "residual on off seeds 3\n    :sweep seeds 5\n\nThe last is of one setting alone: "
          "how much the seed changes."));
}

/* "9 of 15 runs", and what the picture is made of. */
static void draw_legend(Frame *frame, Area area, int y)
{
    const Sweep *sweep = &frame->app->sweep;
    int runs, over = sweep_over(sweep, &runs);
    char text[64];

    int x = canvas_text(frame->canvas, area, 0, y, ROLE_SMOOTH, 0, loss_sweep_tint(frame->canvas));
    x = canvas_text(frame->canvas, area, x + 1, y, ROLE_DIM, 0, _("all seeds"));
    snprintf(text, sizeof text, _("their mean over %lld steps"), (long long)sweep_window(sweep, 0));
    x = canvas_text(frame->canvas, area, x + 2, y, ROLE_SMOOTH, ATTR_BOLD,
                    frame->canvas->glyphs == GLYPHS_ASCII ? "*" : "━");
    x = canvas_text(frame->canvas, area, x + 1, y, ROLE_DIM, 0, text);
    snprintf(text, sizeof text,
             over < runs && sweep->stopped ? _("stopped: %d of %d runs") : _("%d of %d runs"), over,
             runs);
    x = canvas_text(frame->canvas, area, x + 3, y, over < runs ? ROLE_ACCENT : ROLE_DIM, 0, text);
    if (x + 12 <= area.w)
        canvas_text(frame->canvas, area,
                    canvas_text(frame->canvas, area, x + 3, y, ROLE_KEY, ATTR_BOLD, "y"), y,
                    ROLE_DIM, 0, _(" this run"));
}

/* Rows that the verdict takes. */
static int draw_verdict(Frame *frame, Area area, int y, Canvas *canvas)
{
    const Sweep *sweep = &frame->app->sweep;
    const int best = sweep_best(sweep);
    bool doubt = sweep->plan.seeds == 1 || !sweep->plan.name[0];
    char text[480];

    for (int row = 0; best >= 0 && row < sweep->plan.rows; row++)
        doubt = doubt || (row != best && sweep_overlap(sweep, best, row));
    sweep_verdict(sweep, text, sizeof text);
    return canvas_wrap(canvas, area, y, doubt ? ROLE_NOTE : ROLE_TEXT, 0, text) - y;
}

void loss_sweep_draw(Frame *frame, Area area)
{
    enum { LEAST_CHART = 7 };
    const Sweep *sweep = &frame->app->sweep;
    const int selected = frame->focus.kind == FOCUS_ITEM ? frame->focus.index : -1;
    char text[96];

    if (!sweep_is_on(sweep)) {
        panel_title(frame->canvas, area, "Which value learns best?", N_("sweep"));
        draw_hint(frame, area);
        return;
    }
    sweep_describe(sweep, text, sizeof text);
    panel_title(frame->canvas, area,
                sweep->plan.name[0] ? N_("Which value learns best?")
                                    : N_("What does the seed change?"),
                text);
    const int verdict = draw_verdict(frame, (Area){0, 0, area.w, 0}, 0, &(Canvas){0});
    int table = sweep->plan.rows + 1, chart = area.h - 2 - table - verdict;
    if (chart < LEAST_CHART && area.h - 2 - verdict - 4 >= LEAST_CHART) {
        chart = LEAST_CHART;
        table = area.h - 2 - verdict - chart;
    }
    int y = 1;
    if (chart >= LEAST_CHART) {
        draw_legend(frame, area, y);
        draw_chart(frame, (Area){area.x, area.y + y + 1, area.w, chart}, selected);
        y += 1 + chart;
    }
    table = table < area.h - y - verdict ? table : area.h - y - verdict;
    draw_table(frame, (Area){area.x, area.y + y, area.w, table}, selected);
    draw_verdict(frame, area, y + table, frame->canvas);
}
