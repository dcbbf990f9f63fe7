#include "app/text.h"
#include "app/twin.h"
#include "engine/words.h"
#include "view/loss_chart.h"
#include "view/loss_sweep.h"
#include "view/panel.h"
#include "view/view.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char view_loss_about[] =
    N_("How surprised is the model, step by step? The loss of a step is the mean, over the "
       "characters of its text, of -ln(probability of the right one). 0 is certainty.\n"
       "Light dots are single steps: texts differ, so they scatter. The line is their running "
       "mean. The dashed lines are what simple models lose: guessing, ln(vocab), and the "
       "bigram model, which counts how often each token follows each other one. Below it, more "
       "than pairs is learnt.\n"
       "○ is the loss on texts never trained on (held out). Where it stays above the line, "
       "texts are learnt by heart.\n"
       "Below, by the same steps: the learning rate, and the length of the gradient of all "
       "parameters, √(sum of squares); · where a step was taken without the graph.\n"
       "y shows the sweep instead, which :sweep lr 0.001 0.01 0.1 seeds 3 begins: whole runs in "
    "the background, a band for each value from its lowest seed to its highest. Where the marks "
    "of two values lie among each other, their difference may as well be due to the seed. Enter "
    "on a value makes its run a branch.\n"
    "Arrows read the curve; Enter goes to that step. The formulas are in the guide's "
       "sections on the loss and the learning rate.");

/* ---- one step in numbers --------------------------------------------------------------------- */

/* What is known of a step: 1 ... steps. Losses and gradients only of those that are done. */
typedef struct StepNumbers {
    int64_t step;
    bool done, held, graded;
    double loss, mean, held_out, rate, grad_norm;
} StepNumbers;

/* The rate of the update that makes step - 1 into step, as it was set then. */
static double rate_of(const History *history, int64_t step)
{
    const Settings settings = history_settings_at(history, (Moment){step - 1, PHASE_UPDATE, 0});

    return adam_rate(&settings, step - 1);
}

static StepNumbers numbers_of(const App *app, int64_t step)
{
    const Session *session = &app->session;
    StepNumbers numbers = {.step = step, .done = step >= 1 && step <= session->trainer.at.step};

    if (step >= 1)
        numbers.rate = rate_of(&session->history, step);
    if (numbers.done) {
        numbers.loss = session->trainer.loss[step - 1];
        numbers.mean = session->mean_loss[step - 1];
        numbers.grad_norm = session->grad_norm[step - 1];
        numbers.graded = !isnan(numbers.grad_norm);
    }
    numbers.held = step <= session->trainer.at.step &&
                   findings_heldout(&session->findings, &session->history, step, &numbers.held_out);
    return numbers;
}

/* The step under the cursor, or the one done last. */
static int64_t step_shown(const Frame *frame)
{
    return frame->focus.kind == FOCUS_STEP ? frame->focus.index
                                           : frame->app->session.trainer.at.step;
}

/* ---- the line of numbers --------------------------------------------------------------------- */

/* A name and its number, `width` columns; on the next line where this one is full. */
typedef struct Flow {
    Area area;
    int x, y;
} Flow;

static int flow_take(Flow *flow, int width)
{
    int x = flow->x;

    if (x > 0 && x + width > flow->area.w) {
        x = 0;
        flow->y++;
    }
    flow->x = x + width + 2;
    return x;
}

static void draw_number(Frame *frame, Flow *flow, const char *name, int width, bool known,
                        double value, Role role)
{
    char text[32];
    int length = text_width(name), x = flow_take(flow, length + width);

    canvas_text(frame->canvas, flow->area, x, flow->y, ROLE_DIM, 0, name);
    canvas_text_right(frame->canvas, flow->area, x + length + width, flow->y,
                      known ? role : ROLE_ABSENT, known ? ATTR_BOLD : 0,
                      known ? text_real(value, width - 1, text, sizeof text) : "·");
}

/* "step 412  loss 2.31  mean 2.40  held out 2.45  rate .00588  grad 1.23": of the cursor's step.
 * Returns the rows used. */
static int draw_numbers(Frame *frame, Area area)
{
    Frame unmarked = *frame; /* the cursor stands on the axis: here is only its number */
    const StepNumbers numbers = numbers_of(frame->app, step_shown(frame));
    const Focus focus = {.kind = FOCUS_STEP, .index = (int32_t)numbers.step};
    const int64_t steps = frame->app->session.trainer.settings.steps;
    const bool here = frame->focus.kind == FOCUS_STEP;
    char text[24], widest[24];
    Flow flow = {.area = area};

    int width = text_width(text_whole(steps, widest, sizeof widest));
    int name = text_width(_("step")) + 1, x = flow_take(&flow, name + width);
    canvas_text(frame->canvas, area, x, 0, ROLE_DIM, 0, _("step"));
    canvas_text_right(frame->canvas, area, x + name + width, 0, here ? ROLE_ACCENT : ROLE_TEXT,
                      ATTR_BOLD, text_whole(numbers.step, text, sizeof text));
    name = text_width(_("loss")) + 1;
    x = flow_take(&flow, name + 5);
    canvas_text(frame->canvas, area, x, flow.y, ROLE_DIM, 0, _("loss"));
    unmarked.spots = NULL;
    frame_number(&unmarked, area, x + name, flow.y, 5, focus, numbers.done, numbers.loss,
                 ROLE_CURVE, ATTR_BOLD);
    draw_number(frame, &flow, _("mean"), 6, numbers.done, numbers.mean, ROLE_SMOOTH);
    if (app_heldout_interval(frame->app) > 0)
        draw_number(frame, &flow, _("held out"), 6, numbers.held, numbers.held_out, ROLE_NOTE);
    draw_number(frame, &flow, _("rate"), 9, numbers.step >= 1, numbers.rate, ROLE_UPDATE);
    draw_number(frame, &flow, "grad", 6, numbers.graded, numbers.grad_norm, ROLE_BACKWARD);
    return flow.y + 1;
}

/* ---- the legend ------------------------------------------------------------------------------ */

static void draw_key(Frame *frame, Flow *flow, const char *glyph, Role role, const char *text)
{
    int x = flow_take(flow, 2 + text_width(text));

    canvas_text(frame->canvas, flow->area, x, flow->y, role, ATTR_BOLD, glyph);
    canvas_text(frame->canvas, flow->area, x + 2, flow->y, ROLE_DIM, 0, text);
}

/* What the held-out points are of, or why there are none. */
static void describe_held_out(const App *app, char *text, size_t size)
{
    const Session *session = &app->session;
    const HeldoutCurve *curve = &session->findings.heldout;
    const int64_t spacing = heldout_curve_spacing(&session->history, app_heldout_interval(app));

    if (session->findings.begun.heldout && curve->heldout.count == 0)
        snprintf(text, size, _("held out: none, the run reads every text"));
    else
        snprintf(text, size, _("held out, every %lld steps: %lld texts never trained on"),
                 (long long)spacing,
                 session->findings.begun.heldout ? (long long)curve->heldout.count
                                                 : (long long)HELDOUT_USUAL);
}

/* Returns the rows used. In short words where the picture is low. */
static int draw_legend(Frame *frame, Area area, bool brief)
{
    const App *app = frame->app;
    const Settings *settings = &app->session.trainer.settings;
    const int64_t count = app->session.corpus.count, mean = session_mark_steps(&app->session);
    char text[120], number[24];
    const bool ascii = frame->canvas->glyphs == GLYPHS_ASCII; /* as plot_curve draws them there */
    Flow flow = {.area = area};

    draw_key(frame, &flow, ascii ? "." : "•", ROLE_CURVE, brief ? _("step") : _("each step"));
    snprintf(text, sizeof text, brief ? _("mean of %lld") : _("mean of the last %lld"),
             (long long)mean);
    draw_key(frame, &flow, ascii ? "*" : "━", ROLE_SMOOTH, text);
    if (loss_sweep_is_behind(app)) {
        snprintf(text, sizeof text, _(" its range over %d seeds"), app->sweep.plan.seeds);
        draw_key(frame, &flow, loss_sweep_tint(frame->canvas), ROLE_SMOOTH, text);
    }
    if (app_heldout_interval(app) > 0) {
        describe_held_out(app, text, sizeof text);
        draw_key(frame, &flow, "○", ROLE_NOTE, brief ? _("held out") : text);
    }
    text_whole(settings->steps < count ? settings->steps : count, number, sizeof number);
    snprintf(text, sizeof text,
             brief ? _("bigram: pairs of %s texts + 1")
             : area.w >= 70
                 ? _("bigram: pairs of tokens counted in the run's %s texts, each count + 1")
                 : _("bigram: pairs in the %s texts, each + 1"),
             number);
    draw_key(frame, &flow, "╌", ROLE_BASE, text);
    return flow.y + 1;
}

/* ---- what lies below, on the same axis ------------------------------------------------------- */

/* A row of bars under the chart, a column of it each: numbers from 0 up. */
typedef struct Strip {
    const char *words, *term, *name; /* of a high one its title, of a low one what fits beside it */
    Role role;
    double (*number)(const App *app, int64_t step); /* NaN: not known */
    bool ahead;                                     /* is known of steps to come */
} Strip;

static double strip_rate(const App *app, int64_t step)
{
    return rate_of(&app->session.history, step);
}

static double strip_gradient(const App *app, int64_t step)
{
    return app->session.grad_norm[step - 1];
}

static const Strip strips[] = {
    {N_("How far does a step go?"), N_("learning rate"), N_("rate"), ROLE_UPDATE, strip_rate, true},
    {N_("How steep is the loss?"), N_("length of the gradient"), N_("grad"), ROLE_BACKWARD,
     strip_gradient, false},
};
enum { STRIPS = sizeof strips / sizeof *strips };

/* The mean of what is known of the steps in a column, or the step before it where it has none; of
 * many, some stand for all. */
static double column_number(const Frame *frame, const Chart *chart, const Strip *strip, int column)
{
    enum { MOST = 16 };
    const Trainer *trainer = &frame->app->session.trainer;
    const int64_t limit = strip->ahead ? trainer->settings.steps : trainer->at.step;
    int64_t from, end;
    double sum = 0;
    int count = 0;

    loss_column_steps(frame->canvas, chart, column, &from, &end);
    from -= from == end;
    from = from < 1 ? 1 : from;
    end = end > limit + 1 ? limit + 1 : end;
    end = end <= from && from <= limit ? from + 1 : end; /* before the first step too */
    for (int64_t step = from, by = 1 + (end - from) / MOST; step < end; step += by) {
        double number = strip->number(frame->app, step);
        sum += isnan(number) ? 0 : number;
        count += !isnan(number);
    }
    return count > 0 ? sum / count : NAN;
}

/* The column after the last that has something done in it. */
static int columns_done(const Frame *frame, const Chart *chart)
{
    const double at = (double)frame->app->session.trainer.at.step;
    int column =
        at < chart->x_low ? 0 : plot_column_of(frame->canvas, chart, fmin(at, chart->x_high)) + 1;

    return at == 0 ? 0 : column < chart->plot.w ? column : chart->plot.w;
}

static void draw_bars(Frame *frame, Area area, const Chart *chart, const Strip *strip,
                      const double *number, double most)
{
    const int done = columns_done(frame, chart), columns = strip->ahead ? chart->plot.w : done;
    Area bars = {chart->plot.x, area.y, columns, area.h};

    if (columns == 0)
        return;
    if (area.h == 1)
        plot_sparkline(frame->canvas, bars, 0, 0, columns, number, columns, 0, most, strip->role);
    else
        plot_columns(frame->canvas, bars, number, columns, 0, most, strip->role);
    for (int y = 0; y < area.h && done < columns; y++)
        canvas_restyle(frame->canvas, bars, done, y, columns - done, ROLE_DIM, 0);
}

static void draw_strip(Frame *frame, Area area, const Chart *chart, const Strip *strip)
{
    const int columns = chart->plot.w < CANVAS_WIDTH_LIMIT ? chart->plot.w : CANVAS_WIDTH_LIMIT;
    const int gutter = chart->plot.x - area.x - 1;
    double number[CANVAS_WIDTH_LIMIT], most = 0;
    char text[24];

    for (int i = 0; i < columns; i++) {
        number[i] = column_number(frame, chart, strip, i);
        most = number[i] > most && isfinite(number[i]) ? number[i] : most;
    }
    most = most > 0 ? most : 1;
    if (area.h == 1) {
        canvas_text(frame->canvas, area, 0, 0, strip->role, 0, _(strip->name));
    } else {
        panel_title(frame->canvas, area, strip->words, strip->term);
        area = area_inset(area, 0, 1, 0, 0);
        text_real(most, gutter, text, sizeof text);
        canvas_text_right(frame->canvas, area, gutter, 0, ROLE_DIM, 0, text);
        if (area.h > 1)
            canvas_text_right(frame->canvas, area, gutter, area.h - 1, ROLE_DIM, 0, "0");
    }
    draw_bars(frame, area, chart, strip, number, most);
}

/* ---- the view -------------------------------------------------------------------------------- */

/* Rows of a strip, title and all: one where rows are few. */
static int strip_rows(int rows)
{
    return rows >= 44 ? 6 : rows >= 32 ? 4 : rows >= 24 ? 3 : rows >= 14 ? 1 : 0;
}

/* What was seen of a branch, or what its twin has found: whichever goes further. */
static void take_losses(const App *app, LossCurve *curve)
{
    const Session *twin = twin_session(app, curve->name);

    if (!twin || twin->means <= curve->count)
        return;
    curve->mean = twin->mean_loss;
    curve->count = twin->means;
}

/* The branch that is watched, then the others, each with its name. Returns how many. */
static int collect_curves(const App *app, LossCurve curve[BRANCHES_LIMIT])
{
    static const Role roles[] = {ROLE_UPDATE, ROLE_BACKWARD, ROLE_NOTE, ROLE_RIGHT};
    const Branches *branches = &app->branches;
    int count = 1;

    curve[0] = loss_curve_of(app);
    if (branches->count > 1)
        curve[0].name = branches_name(branches);
    for (int i = 0; i < branches->count; i++)
        if (i != branches->current) {
            const Branch *branch = &branches->branch[i];
            curve[count] = (LossCurve){branch->name, NULL, branch->mean, branch->known,
                                       app_heldout_interval(app) > 0
                                           ? twin_session(app, branch->name)
                                           : NULL,
                                       roles[(count - 1) % 4]};
            take_losses(app, &curve[count]);
            count++;
        }
    return count;
}

static void draw_run(Frame *frame, Area area)
{
    enum { LEAST = 6, GUTTER = 5 };
    LossCurve curve[BRANCHES_LIMIT];
    const int curves = collect_curves(frame->app, curve);
    const int rows = strip_rows(area.h), gap = rows > 1;
    const bool brief = area.h < 18;

    panel_title(frame->canvas, area, "How surprised is it?", N_("loss in nats, by step"));
    if (area.h < LEAST + 2 || area.w < 2 * GUTTER)
        return;
    Area rest = area_inset(area, 0, 1, 0, 0);
    rest = area_inset(rest, 0, draw_numbers(frame, rest), 0, 0);
    Area below = rest;
    below.h = STRIPS * (rows + gap);
    const int legend = draw_legend(&(Frame){.app = frame->app, .canvas = &(Canvas){0}},
                                   (Area){0, 0, area.w, 0}, brief);
    Area chart_area = area_inset(rest, 0, 0, 0, below.h + legend);
    const LossWindow window = loss_window_of(frame, area.w - GUTTER);
    const Chart chart = loss_chart_draw(frame, chart_area, &window, curve, curves);
    draw_legend(frame, area_inset(rest, 0, chart_area.h, 0, 0), brief);
    for (int i = 0; i < STRIPS && rows > 0; i++)
        draw_strip(
            frame,
            (Area){area.x, rest.y + chart_area.h + legend + gap + i * (rows + gap), area.w, rows},
            &chart, &strips[i]);
}

void view_loss_draw(Frame *frame, Area area)
{
    if (frame->app->look.choice[LOOK_LOSS_SHOWS] == LOOK_LOSS_SWEEP)
        loss_sweep_draw(frame, area);
    else
        draw_run(frame, area);
}

/* ---- in words -------------------------------------------------------------------------------- */

/* As many steps as fit in an answer: of a long run every so many. */
static void tell_curve(const App *app, Answer *answer)
{
    enum { MOST = 5000 };
    const Session *session = &app->session;
    const int64_t done = session->trainer.at.step, every = 1 + done / MOST;

    answer_whole(answer, "curve_every", every);
    answer_open(answer, "curve", '[');
    for (int64_t step = every; step <= done; step += every) {
        const StepNumbers numbers = numbers_of(app, step);
        answer_open(answer, NULL, '{');
        answer_whole(answer, "step", step);
        if (look_is_hidden(&app->look, (Focus){.kind = FOCUS_STEP, .index = (int32_t)step}))
            answer_text(answer, "loss", "hidden");
        else
            answer_real(answer, "loss", numbers.loss);
        answer_real(answer, "mean", numbers.mean);
        answer_real(answer, "rate", numbers.rate);
        if (numbers.graded)
            answer_real(answer, "gradient", numbers.grad_norm);
        else
            answer_null(answer, "gradient");
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

static void tell_step(const App *app, Answer *answer, const StepNumbers *numbers)
{
    const Focus focus = {.kind = FOCUS_STEP, .index = (int32_t)numbers->step};
    const bool hidden = look_is_hidden(&app->look, focus);

    answer_whole(answer, "step", numbers->step);
    if (!numbers->done) {
        answer_line(answer,
                    numbers->step == 0 ? N_("No step is done yet: there is no loss.")
                                       : N_("Step %lld is not done yet."),
                    (long long)numbers->step);
        answer_null(answer, "loss");
        answer_null(answer, "mean");
        return;
    }
    if (hidden) {
        answer_line(answer, "The loss of step %lld is hidden.", (long long)numbers->step);
        answer_text(answer, "loss", "hidden");
    } else {
        answer_line(answer, "The loss of step %lld is %.4g nats.", (long long)numbers->step,
                    numbers->loss);
        answer_real(answer, "loss", numbers->loss);
    }
    answer_line(answer, "The mean of the last %lld steps is %.4g.",
                (long long)session_mark_steps(&app->session), numbers->mean);
    answer_real(answer, "mean", numbers->mean);
    answer_line(answer, "Its learning rate is %.4g.", numbers->rate);
    answer_real(answer, "rate", numbers->rate);
    if (numbers->graded) {
        answer_line(answer, "The length of its gradient is %.4g.", numbers->grad_norm);
        answer_real(answer, "gradient", numbers->grad_norm);
    } else {
        answer_line(answer,
                    "The length of its gradient is not known: it was taken without the graph.");
        answer_null(answer, "gradient");
    }
}

static void tell_base_lines(const App *app, Answer *answer)
{
    const Session *session = &app->session;
    const int vocab = session->trainer.gpt.vocab;
    double bigram;

    answer_line(answer, "Guessing among %d tokens costs ln %d = %.4g.", vocab, vocab, log(vocab));
    answer_real(answer, "guessing", log(vocab));
    if (!findings_bigram(&session->findings, &bigram)) {
        answer_null(answer, "bigram");
        return;
    }
    answer_line(
        answer,
        "A bigram model of the %lld texts of this run loses %.4g (each count of a pair + 1).",
        (long long)session->findings.bigram.documents, bigram);
    answer_real(answer, "bigram", bigram);
}

static void tell_held_out(const App *app, Answer *answer)
{
    const Session *session = &app->session;
    const int64_t interval = app_heldout_interval(app);
    char text[120];

    if (interval == 0 || !session->findings.begun.heldout)
        return;
    describe_held_out(app, text, sizeof text);
    answer_line(answer, "The points are %s.", text);
    answer_whole(answer, "held_out_texts", session->findings.heldout.heldout.count);
    answer_open(answer, "held_out", '[');
    const int64_t spacing = heldout_curve_spacing(&session->history, interval);
    for (int64_t step = session->history.begin.step; step <= session->trainer.at.step;) {
        double loss;
        if (findings_heldout(&session->findings, &session->history, step, &loss)) {
            answer_line(answer, "Held out, step %lld: %.4g.", (long long)step, loss);
            answer_open(answer, NULL, '{');
            answer_whole(answer, "step", step);
            answer_real(answer, "loss", loss);
            answer_close(answer, '}');
        }
        if (step == session->trainer.at.step)
            break;
        step =
            step + spacing < session->trainer.at.step ? step + spacing : session->trainer.at.step;
    }
    answer_close(answer, ']');
}

void view_loss_tell(const App *app, Answer *answer)
{
    const Focus focus = app->look.focus[VIEW_LOSS];
    if (app->look.choice[LOOK_LOSS_SHOWS] == LOOK_LOSS_SWEEP && sweep_is_on(&app->sweep)) {
        sweep_tell(&app->sweep, answer);
        return;
    }
    const StepNumbers numbers =
        numbers_of(app, focus.kind == FOCUS_STEP ? focus.index : app->session.trainer.at.step);

    tell_step(app, answer, &numbers);
    tell_base_lines(app, answer);
    tell_held_out(app, answer);
    tell_curve(app, answer);
}
