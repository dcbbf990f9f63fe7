#include "view/loss_chart.h"

#include "app/text.h"
#include "view/loss_sweep.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>

LossCurve loss_curve_of(const App *app)
{
    const Session *session = &app->session;

    return (LossCurve){.loss = session->trainer.loss,
                       .mean = session->mean_loss,
                       .count = session->trainer.at.step,
                       .held_out = app_heldout_interval(app) > 0 ? session : NULL,
                       .role = ROLE_SMOOTH};
}

/* ---- what is shown --------------------------------------------------------------------------- */

static void linear_range(const Session *session, double guessing, double *low, double *high)
{
    const double *loss = session->trainer.loss;

    *low = floor(guessing) / 2;
    *high = ceil(guessing * 2.4) / 2;
    for (int64_t i = 0; i < session->trainer.at.step; i++) {
        while (loss[i]<*low && * low> 0)
            *low -= 0.5;
        if (isfinite(loss[i]) && loss[i] > *high)
            *high = ceil(loss[i] * 2) / 2;
    }
    *low = *low < 0 ? 0 : *low;
}

static void log_range(const Session *session, double guessing, double *low, double *high)
{
    const double *loss = session->trainer.loss, most = 1e12;
    double least = guessing / 2, greatest = guessing * 1.25;

    for (int64_t i = 0; i < session->trainer.at.step; i++) {
        while (loss[i] > 0 && loss[i] < least && least > 1 / most)
            least /= 1.5;
        while (isfinite(loss[i]) && loss[i] > greatest && greatest < most)
            greatest *= 1.5;
    }
    *low = log10(least);
    *high = log10(greatest);
}

void loss_range(const Session *session, bool log_scale, double *low, double *high)
{
    (log_scale ? log_range : linear_range)(session, log(session->trainer.gpt.vocab), low, high);
}

/* The next of 20, 50, 100, 200, ... that is enough: an axis that follows every step would make all
 * else jump. */
static double round_up(int64_t step)
{
    static const int factors[] = {2, 5, 10};

    for (int64_t power = 10;; power *= 10)
        for (int i = 0; i < 3; i++)
            if (step <= factors[i] * power)
                return (double)(factors[i] * power);
}

/* `span` steps with `step` in their middle half: they move on by half their length. */
static void window_around(LossWindow *window, int64_t step, double span, double steps)
{
    double half = floor(span / 2) > 1 ? floor(span / 2) : 1;
    double first = floor((double)step / half) * half - floor(half / 2);

    first = first + span > steps ? steps - span : first;
    window->first = first > 0 ? first : 0;
    window->last = window->first + span;
}

LossWindow loss_window_of(const Frame *frame, int columns)
{
    const App *app = frame->app;
    const Trainer *trainer = &app->session.trainer;
    const double steps = (double)trainer->settings.steps;
    const double dots = frame->canvas->glyphs == GLYPHS_BRAILLE ? 2 : 1;
    const int64_t step = frame->focus.kind == FOCUS_STEP ? frame->focus.index : trainer->at.step;
    LossWindow window = {.last = steps, .log = app->look.choice[LOOK_LOSS_SCALE] == 1};

    switch (app->look.choice[LOOK_LOSS_ZOOM]) {
    case 1:
        window.last = fmin(round_up(trainer->at.step), steps);
        break;
    case 2:
        window_around(&window, step, fmin(fmax(10, ceil(steps / 10)), steps), steps);
        break;
    case 3: /* a column a step */
        window_around(&window, step, columns - 1 / dots, fmax(steps, columns - 1 / dots));
        break;
    default:
        break;
    }
    loss_range(&app->session, window.log, &window.low, &window.high);
    return window;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static double on_scale(double loss, bool log_scale)
{
    return log_scale ? (loss > 0 ? log10(loss) : NAN) : loss;
}

/* y[i] is of step i + 1. Drawn in stretches that share their ends, since a logarithm or a number
 * that is hidden changes what is drawn. */
static void draw_line(Frame *frame, const Chart *chart, const double *y, int64_t count, bool raw,
                      bool log_scale, Role role)
{
    enum { STRETCH = 256 };
    double part[STRETCH + 1];
    int64_t from = (int64_t)chart->x_low - 2, end = (int64_t)chart->x_high + 1;

    end = end < count ? end : count;
    for (int64_t first = from > 0 ? from : 0; first < end; first += STRETCH) {
        int length = (int)(end - first < STRETCH + 1 ? end - first : STRETCH + 1);
        for (int i = 0; i < length; i++) {
            Focus focus = {.kind = FOCUS_STEP, .index = (int32_t)(first + i + 1)};
            bool hidden = raw && frame_is_hidden(frame, focus);
            part[i] = hidden ? NAN : on_scale(y[first + i], log_scale);
        }
        plot_curve(frame->canvas, chart, (double)first + 1, 1, part, length, role);
    }
}

/* Point i of the held-out curve. */
static double held_out_at(const Frame *frame, const LossCurve *curve, int64_t i, bool log_scale)
{
    return on_scale(heldout_curve_at(&curve->held_out->findings.heldout, &curve->held_out->history,
                                     app_heldout_interval(frame->app), i),
                    log_scale);
}

/* A ring: the cursor's point is full. */
static void draw_ring(Frame *frame, const Chart *chart, double x, double y, Role role)
{
    if (x >= chart->x_low && x <= chart->x_high && y >= chart->y_low && y <= chart->y_high)
        canvas_put(frame->canvas, chart->plot, plot_column_of(frame->canvas, chart, x),
                   plot_row_of(frame->canvas, chart, y), 0x25cb, role, ATTR_BOLD);
}

/* Points; where they stand close, a line. Those that are not found yet leave a gap. */
static void draw_held_out(Frame *frame, const Chart *chart, const LossCurve *curve, bool log_scale)
{
    const Findings *findings = &curve->held_out->findings;
    const History *history = &curve->held_out->history;
    const double spacing = (double)heldout_curve_spacing(history, app_heldout_interval(frame->app));
    const bool close = spacing * chart->plot.w < 3 * (chart->x_high - chart->x_low);
    const Role role = curve->loss ? ROLE_NOTE : curve->role; /* of another branch: as its line */
    double step = (double)history->begin.step, pair[2] = {NAN, NAN}, here;

    if (!findings->begun.heldout)
        return;
    for (int64_t i = 0; step <= (double)curve->count; i++, step += spacing) {
        pair[0] = pair[1];
        pair[1] = held_out_at(frame, curve, i, log_scale);
        if (close)
            plot_curve(frame->canvas, chart, step - spacing, spacing, pair, 2, role);
        else
            draw_ring(frame, chart, step, pair[1], role);
    }
    if (findings_heldout(findings, history, curve->count, &here))
        draw_ring(frame, chart, (double)curve->count, on_scale(here, log_scale), role);
}

enum { BASE_LINES = 2 };

typedef struct BaseLine {
    double y;
    char label[48];
} BaseLine;

/* The row of a line that is on the chart, or one far away. */
static int base_row(const Frame *frame, const Chart *chart, double y)
{
    return y >= chart->y_low && y <= chart->y_high ? plot_row_of(frame->canvas, chart, y) : -9;
}

/* Cells of smoothed and held-out losses that a label of so many columns would cover. */
static int covered(const Canvas *canvas, Area plot, int row, int columns)
{
    int count = 0;

    for (int x = plot.x + plot.w - columns; x < plot.x + plot.w; x++) {
        const Cell *cell = &canvas->cell[(plot.y + row) * canvas->width + x];
        count += cell->role != ROLE_CURVE && cell->role != ROLE_BASE && cell->role != ROLE_TEXT;
    }
    return count;
}

/* Whether a label may stand in the row: `taken` are those of lines and of labels before. */
static bool is_free(const Chart *chart, int row, const int *taken, int count)
{
    for (int i = 0; i < count; i++)
        if (taken[i] == row)
            return false;
    return row >= 0 && row < chart->plot.h;
}

/* The row beside a line where a label covers least; -1 if there is none. */
static int label_row(const Frame *frame, const Chart *chart, int row, int columns, const int *taken,
                     int count)
{
    static const int offsets[] = {-1, 1, -2, 2};
    int best = -1, least = columns;

    if (row < 0 || columns > chart->plot.w)
        return -1;
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        if (is_free(chart, row + offsets[i], taken, count)) {
            int cells = covered(frame->canvas, chart->plot, row + offsets[i], columns);
            best = cells < least ? row + offsets[i] : best;
            least = cells < least ? cells : least;
        }
    return best;
}

/* At the right ends of the lines, above or below, since losses fall on the lines themselves. */
static void draw_labels(Frame *frame, const Chart *chart, const BaseLine *line, int lines)
{
    int taken[2 * BASE_LINES];

    for (int i = 0; i < lines; i++)
        taken[i] = base_row(frame, chart, line[i].y);
    for (int i = 0; i < lines; i++) {
        int *row = &taken[lines + i];
        *row = label_row(frame, chart, taken[i], text_width(line[i].label), taken, lines + i);
        canvas_text_right(frame->canvas, chart->plot, chart->plot.w, *row, ROLE_BASE, 0,
                          line[i].label);
    }
}

/* Guessing, and the bigram model once it is known. Returns how many. */
static int base_lines_of(const Session *session, bool log_scale, BaseLine line[BASE_LINES])
{
    const int vocab = session->trainer.gpt.vocab;
    int lines = 1;
    double bigram;

    line[0].y = on_scale(log(vocab), log_scale);
    snprintf(line[0].label, sizeof line[0].label, _("guessing: ln %d = %.2f"), vocab, log(vocab));
    if (findings_bigram(&session->findings, &bigram)) {
        line[lines].y = on_scale(bigram, log_scale);
        snprintf(line[lines++].label, sizeof line[1].label, _("bigram model: %.2f"), bigram);
    }
    return lines;
}

/* The row nearest to one, at most two away, that no name stands in yet; -1: none. taken: a bit a row. */
static int free_row(uint64_t *taken, int row, int rows)
{
    static const int nearest[] = {0, 1, -1, 2, -2};

    for (size_t i = 0; i < sizeof nearest / sizeof *nearest; i++) {
        const int at = row + nearest[i];
        if (at < 0 || at >= rows || at >= 64 || (*taken >> at & 1))
            continue;
        *taken |= UINT64_C(1) << at;
        return at;
    }
    return -1;
}

/* Branches' names beside the ends of their lines, each in a row of its own; where many end at one
 * place, of the first few. */
static void draw_names(Frame *frame, const Chart *chart, const LossCurve *curve, int curves,
                       bool log_scale)
{
    uint64_t taken = 0;

    for (int i = 0; i < curves; i++) {
        if (!curve[i].name || curve[i].count == 0)
            continue;
        const double y = on_scale(curve[i].mean[curve[i].count - 1], log_scale);
        if (!(y >= chart->y_low && y <= chart->y_high))
            continue;
        const int row = free_row(&taken, plot_row_of(frame->canvas, chart, y), chart->plot.h);
        if (row >= 0)
            canvas_text(frame->canvas, chart->plot,
                        plot_column_of(frame->canvas, chart, (double)curve[i].count) + 1, row,
                        curve[i].role, ATTR_BOLD, curve[i].name);
    }
}

/* ---- the cursor ------------------------------------------------------------------------------ */

void loss_column_steps(const Canvas *canvas, const Chart *chart, int column, int64_t *from,
                       int64_t *end)
{
    const int dots = canvas->glyphs == GLYPHS_BRAILLE ? 2 : 1;
    const double scale = (chart->x_high - chart->x_low) / (chart->plot.w * dots - 1);

    *from = (int64_t)ceil(chart->x_low + (column * dots - 0.5) * scale);
    *end = (int64_t)ceil(chart->x_low + ((column + 1) * dots - 0.5) * scale);
}

/* The step that stands for those of a column: the one that the cursor is on, or the one in the
 * middle. */
static int64_t choose_step(const Frame *frame, int64_t from, int64_t end)
{
    const int64_t steps = frame->app->session.trainer.settings.steps,
                  at = frame->app->session.trainer.at.step;

    from = from < 1 ? 1 : from;
    end = end > steps + 1 ? steps + 1 : end;
    if (frame->focus.kind == FOCUS_STEP && frame->focus.index >= from && frame->focus.index < end)
        return frame->focus.index;
    if (at >= from && at < end)
        return at;
    return from < end ? (from + end - 1) / 2 : 0;
}

static void add_spot(Frame *frame, const Chart *chart, int column)
{
    int64_t from, end;

    loss_column_steps(frame->canvas, chart, column, &from, &end);
    int64_t step = choose_step(frame, from, end);
    if (step > 0)
        frame_spot(frame, chart->plot, column, chart->plot.h, 1, 1,
                   (Focus){.kind = FOCUS_STEP, .index = (int32_t)step});
}

/* On the axis, a column each; the first is where the run stands, and some lie beyond the ends. */
static void add_spots(Frame *frame, Chart chart)
{
    enum { BEYOND = 8 };
    const double at = (double)frame->app->session.trainer.at.step;
    const int here =
        plot_column_of(frame->canvas, &chart, fmin(fmax(at, chart.x_low), chart.x_high));

    add_spot(frame, &chart, here);
    for (int column = -BEYOND; column < chart.plot.w + BEYOND; column++)
        if (column != here)
            add_spot(frame, &chart, column);
}

static void draw_cursor(Frame *frame, const Chart *chart, const LossCurve *curve, bool log_scale)
{
    const Focus focus = frame->focus;

    if (focus.kind != FOCUS_STEP)
        return;
    plot_mark(frame->canvas, chart, focus.index, ROLE_ACCENT);
    if (focus.index <= curve->count && !frame_is_hidden(frame, focus))
        plot_point(frame->canvas, chart, focus.index,
                   on_scale(curve->loss[focus.index - 1], log_scale), ROLE_ACCENT);
}

/* ---- all of it ------------------------------------------------------------------------------- */

Chart loss_chart_draw(Frame *frame, Area area, const LossWindow *window, const LossCurve *curve,
                      int curves)
{
    Canvas *canvas = frame->canvas;
    Chart chart = (window->log ? plot_axes_log : plot_axes)(
        canvas, area, window->first, window->last, window->low, window->high);
    BaseLine base[BASE_LINES];
    const int lines = base_lines_of(&frame->app->session, window->log, base);

    for (int i = 0; i < curves; i++)
        if (curve[i].loss)
            draw_line(frame, &chart, curve[i].loss, curve[i].count, true, window->log, ROLE_CURVE);
    for (int i = 0; i < lines; i++)
        plot_level_line(canvas, &chart, base[i].y, "", ROLE_BASE);
    loss_sweep_behind(frame, &chart, window->log);
    for (int i = curves - 1; i >= 0; i--) /* the first covers the others */
        draw_line(frame, &chart, curve[i].mean, curve[i].count, false, window->log, curve[i].role);
    for (int i = 0; i < curves; i++)
        if (curve[i].held_out)
            draw_held_out(frame, &chart, &curve[i], window->log);
    draw_names(frame, &chart, curve, curves, window->log);
    draw_labels(frame, &chart, base, lines);
    if (curves > 0)
        draw_cursor(frame, &chart, &curve[0], window->log);
    add_spots(frame, chart);
    return chart;
}
