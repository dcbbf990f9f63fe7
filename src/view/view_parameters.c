/* Parameters: every matrix that is learnt, as a heatmap of one of its quantities, with what can be
 * said of all its numbers beside it; where there is room, all matrices small below. */
#include "view/view_parameters.h"

#include "app/subject.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/view.h"
#include <stdio.h>
#include <string.h>

const char view_parameters_about[] = N_(
    "All that the model knows stands in these matrices. They begin as random numbers, and each "
    "step "
    "moves each number a little.\n"
    "o chooses the matrix. wte has a row for each token: the vector that it is turned into. "
    "lm_head "
    "has a row for each token that may come next. attn_wq, _wk, _wv have the rows of each head, "
    "mlp_fc1 a row for each hidden neuron.\n"
    "t chooses what is shown: the value; the gradient of the loss; Adam's two running means, m "
    "and v; the update of this step; the change since the beginning, or since the moment that "
    ":since names. Shades are positive numbers, lines negative ones; the legend says how "
    "large. A few that are larger still look the same as the largest.\n"
    "z shows the rows as points. The map looks at them from where they spread most (principal "
    "components): tokens that the model treats alike lie close together. The cosines say for each "
    "two rows whether they point the same way: 1 the same, 0 at right angles, -1 opposite.\n"
    "w on a number asks why it is what it is. Enter follows it into its update.");

/* ---- statistics ------------------------------------------------------------------------------ */

enum { STATISTICS_WIDTH = 26 };

static void draw_fact(Frame *frame, Area area, int y, const char *name, bool known, double number)
{
    canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0, name);
    frame_number(frame, area, area.w - FRAME_NUMBER, y, FRAME_NUMBER, (Focus){.kind = FOCUS_NONE},
                 known, number, ROLE_TEXT, 0);
}

static void draw_histogram(Canvas *canvas, Area area, const Matrix *matrix)
{
    const Tensor *tensor = matrix->tensor;
    const double low = quantities[matrix->shows].signs ? -matrix->scale : 0;
    Histogram histogram;
    char text[24];
    double number;

    histogram_begin(&histogram, low, matrix->scale);
    for (int32_t row = 0; row < tensor->rows; row++)
        for (int32_t col = 0; col < tensor->cols; col++)
            if (matrix_read(matrix, row, col, &number))
                histogram_add(&histogram, number);
    canvas_text(canvas, area, 0, 0, ROLE_DIM, 0, _("How many are where"));
    plot_columns(canvas, area_inset(area, 0, 1, 0, 1), histogram.count, HISTOGRAM_BINS, 0,
                 histogram_most(&histogram) + 1e-9, ROLE_CURVE);
    for (int i = 0; i < HISTOGRAM_BINS; i++) /* none is not one: the lowest bar stands for few */
        if (histogram.count[i] == 0)
            canvas_put(canvas, area, i, area.h - 2, ' ', ROLE_TEXT, 0);
    canvas_text(canvas, area, 0, area.h - 1, ROLE_DIM, 0, matrix_number(low, text));
    canvas_text_right(canvas, area, HISTOGRAM_BINS, area.h - 1, ROLE_DIM, 0,
                      matrix_number(matrix->scale, text));
}

void parameters_draw_statistics(Frame *frame, Area area, const Matrix *matrix)
{
    const Statistics *all = &matrix->all;
    const bool known = all->count > 0 && matrix_is_open(matrix);
    Canvas *canvas = frame->canvas;
    char text[24];

    area.w = area.w < STATISTICS_WIDTH ? area.w : STATISTICS_WIDTH;
    draw_fact(frame, area, 0, _("norm"), known, statistics_norm(all));
    draw_fact(frame, area, 1, _("mean"), known, all->mean);
    draw_fact(frame, area, 2, _("standard deviation"), known, statistics_deviation(all));
    draw_fact(frame, area, 3, _("least"), known, all->least);
    draw_fact(frame, area, 4, _("most"), known, all->most);
    snprintf(text, sizeof text, "%.0f %%", 100 * statistics_zeros(all));
    canvas_text(canvas, area, 0, 5, ROLE_DIM, 0, _("exactly 0"));
    canvas_text_right(canvas, area, area.w, 5, known ? ROLE_TEXT : ROLE_ABSENT, 0,
                      known ? text : "·");
    if (known && area.h >= 10)
        draw_histogram(canvas, area_inset(area, 0, 7, 0, area.h > 15 ? area.h - 15 : 0), matrix);
}

/* The same in a line, as far as it fits. */
static void draw_statistics_line(Canvas *canvas, Area area, int y, const Matrix *matrix)
{
    const Statistics *all = &matrix->all;
    char norm[24], deviation[24];

    if (all->count == 0 || !matrix_is_open(matrix)) {
        canvas_text(canvas, area, 0, y, ROLE_ABSENT, 0, _("norm ·"));
        return;
    }
    canvas_print(canvas, area, 0, y, ROLE_DIM, 0,
                 "norm %s · standard deviation %s · exactly 0: %.0f %%",
                 matrix_number(statistics_norm(all), norm),
                 matrix_number(statistics_deviation(all), deviation), 100 * statistics_zeros(all));
}

/* ---- the picture ----------------------------------------------------------------------------- */

static void print_shown(const App *app, Quantity shows, char *text, size_t size)
{
    const Quantities from = quantities_of(app);
    const SettingOptimizer optimizer = from.step.optimizer;
    const bool is_used = adam_uses(optimizer, shows == QUANTITY_M   ? ADAM_M
                                              : shows == QUANTITY_V ? ADAM_V
                                                                    : ADAM_G);
    char moment[64];
    int used =
        snprintf(text, size, "%s: %s", _(quantities[shows].name), _(quantities[shows].words));

    if (used < 0 || (size_t)used >= size)
        return;
    if (!is_used)
        snprintf(text + used, size - (size_t)used, _("; the optimiser of this run has none"));
    if (shows != QUANTITY_CHANGE)
        return;
    moment_print(since_moment(&app->since, &app->session.history), moment, sizeof moment);
    snprintf(text + used, size - (size_t)used, _(" since %s"), moment);
}

/* Title, which matrix, and what is shown of it. */
static void draw_heading(Frame *frame, Area area, const Matrix *matrix, bool heat)
{
    const Gpt *gpt = &matrix->from.trainer->gpt;
    const Tensor *tensor = matrix->tensor;
    Canvas *canvas = frame->canvas;
    char text[160];
    int x = panel_title(canvas, area, "What is learnt?", N_("parameters"));

    snprintf(text, sizeof text, _("matrix %d of %d"), (int)(tensor - gpt->tensor) + 1,
             gpt->tensors);
    if (x + text_width(text) < area.w)
        canvas_text_right(canvas, area, area.w, 0, ROLE_DIM, 0, text);
    x = canvas_text(canvas, area, 0, 1, ROLE_ACCENT, ATTR_BOLD, tensor->name);
    x = canvas_print(canvas, area, x, 1, ROLE_DIM, 0, "  %d × %d", (int)tensor->rows,
                     (int)tensor->cols);
    if (x + 2 + text_width(_(matrix_kind(gpt, tensor)->words)) <= area.w)
        canvas_text(canvas, area, x + 2, 1, ROLE_DIM, 0, _(matrix_kind(gpt, tensor)->words));
    if (!heat)
        return;
    print_shown(frame->app, matrix->shows, text, sizeof text);
    x = matrix_draw_legend(canvas, area, area.w, 2, matrix);
    if (text_width(text) + 1 > x) /* the legend says more than the words */
        snprintf(text, sizeof text, "%s", _(quantities[matrix->shows].name));
    canvas_text(canvas, (Area){area.x, area.y + 2, x - 1, area.h > 2}, 0, 0, ROLE_TEXT, 0, text);
}

enum { SMALL_WIDTH = 16, SMALL_GAP = 2, LEAST_STRIP = 7, SMALL_HEIGHT = 10, HIGH = 28 };

/* All matrices small below the large one: lines of them, and rows of each. */
typedef struct Strip {
    int across, lines, height;
} Strip;

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* It takes what the large one leaves over, and a little more where that is nothing. */
static Strip plan_strip(Area area, const Matrix *matrix)
{
    const int over = area.h - matrix->tensor->rows - 2;
    const int rows = over < LEAST_STRIP ? LEAST_STRIP : over;
    Strip strip = {.across = (area.w + SMALL_GAP) / (SMALL_WIDTH + SMALL_GAP), .lines = 1};

    if (area.h < HIGH || strip.across < 1)
        return (Strip){.across = 1};
    if (rows >= 2 * LEAST_STRIP && strip.across < matrix->from.trainer->gpt.tensors)
        strip.lines = 2;
    strip.height = smaller(rows / strip.lines - 1, SMALL_HEIGHT);
    return strip;
}

/* Those around the selected one where not all fit. */
static void draw_strip(Frame *frame, Area area, const Matrix *selected, const Strip *strip)
{
    const Gpt *gpt = &selected->from.trainer->gpt;
    const int room = smaller(strip->across * strip->lines, gpt->tensors);
    const int here = (int)(selected->tensor - gpt->tensor);
    const int first = panel_scroll(gpt->tensors, room, here);

    for (int i = 0; i < room; i++) {
        Area small = {area.x + i % strip->across * (SMALL_WIDTH + SMALL_GAP),
                      area.y + i / strip->across * (strip->height + 1), SMALL_WIDTH, strip->height};
        Matrix matrix = matrix_of(frame->app, &gpt->tensor[first + i], selected->shows);
        matrix_draw_small(frame, small, &matrix, first + i == here);
    }
}

static void draw_heat(Frame *frame, Area area, const Matrix *matrix)
{
    const App *app = frame->app;
    const Strip strip = plan_strip(area, matrix);
    const int below = strip.lines * (strip.height + 1);
    Area map = area_inset(area, 0, 0, 0, below);
    const bool beside = area.w >= 62 && map.h >= 8;

    if (beside)
        map.w -= STATISTICS_WIDTH + 3;
    else
        map.h--;
    int used = matrix_draw(frame, map, matrix, subject_row(app), subject_col(app));
    if (beside)
        parameters_draw_statistics(frame, area_inset(area, used + 3, 1, 0, below), matrix);
    else
        draw_statistics_line(frame->canvas, area, map.h, matrix);
    draw_strip(frame, area_inset(area, 0, area.h - below + 1, 0, 0), matrix, &strip);
}

void view_parameters_draw(Frame *frame, Area area)
{
    const App *app = frame->app;
    const int as = app->look.choice[LOOK_PARAMETERS_AS];
    const Tensor *tensor = subject_tensor(app);
    const Matrix matrix = matrix_of(app, tensor, subject_quantity(app));
    const Area body = area_inset(area, 0, as == PARAMETERS_AS_HEAT ? 3 : 2, 0, 0);

    draw_heading(frame, area, &matrix, as == PARAMETERS_AS_HEAT);
    if (as == PARAMETERS_AS_MAP)
        parameters_draw_map(frame, body, tensor);
    else if (as == PARAMETERS_AS_COSINES)
        parameters_draw_cosines(frame, body, tensor);
    else
        draw_heat(frame, body, &matrix);
}
