/* How one parameter and its optimiser went over the run; and the schedule. */
#include "engine/basis.h"
#include "engine/words.h"
#include "view/matrix.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/view_adam.h"
#include <math.h>
#include <stdio.h>

/* ---- curves of a parameter ------------------------------------------------------------------- */

typedef struct CurveInfo {
    const char *name;
    TrackOf of;
    Quantity quantity;
    AdamTerm term; /* shown where the optimiser uses it */
    Role role;
} CurveInfo;

static const CurveInfo curves[] = {
    {N_("value"), TRACK_VALUE, QUANTITY_VALUE, ADAM_UPDATE, ROLE_SMOOTH},
    {N_("g, gradient"), TRACK_GRADIENT, QUANTITY_GRADIENT, ADAM_G, ROLE_BACKWARD},
    {N_("m, mean of g"), TRACK_M, QUANTITY_M, ADAM_M, ROLE_UPDATE},
    {N_("v, mean of g^2"), TRACK_V, QUANTITY_V, ADAM_V, ROLE_UPDATE},
};
enum { CURVES = sizeof curves / sizeof *curves, LEAST_WIDTH = 18, LEAST_HEIGHT = 6 };

/* From least to most, rounded outwards so that the axis stays while the curve grows; 0 is on it
 * where all that is drawn lies around 0. */
static void find_range(const CurveInfo *info, const TrackCurve *curve, double now, double *low,
                       double *high)
{
    *low = *high = info->of == TRACK_VALUE ? now : 0;
    for (int k = 0; k < curve->count; k++)
        if (isfinite(curve->number[k])) {
            *low = fmin(*low, curve->number[k]);
            *high = fmax(*high, curve->number[k]);
        }
    double size = *high > *low ? *high - *low : fabs(now);
    double unit = size > 1e-300 ? statistics_round_up(size) / 4 : 1;
    *low = floor(*low / unit) * unit;
    *high = fmax(ceil(*high / unit) * unit, *low + unit);
}

/* The steps on the axis: as many as are done, rounded up, so that the beginning of a long run is
 * seen too and the axis stays for a while. */
static double last_step(const AdamUpdate *update)
{
    const History *history = &update->app->session.history;
    const double begin = (double)history->begin.step, least = 10;
    const double done = (double)update->app->session.trainer.at.step - begin;

    return fmin((double)update->settings.steps, begin + statistics_round_up(fmax(done, least)));
}

static void draw_curve(Frame *frame, Area area, const AdamUpdate *update, const CurveInfo *info)
{
    const App *app = frame->app;
    const History *history = &app->session.history;
    const Quantities from = quantities_of(app);
    TrackCurve curve;
    double now = 0, low, high;
    const bool known = quantity_read(&from, info->quantity, update->i, &now) && isfinite(now);

    canvas_text(frame->canvas, area, 0, 0, info->role, ATTR_BOLD, _(info->name));
    if (frame_is_hidden(frame, quantity_focus(info->quantity, update->i))) {
        canvas_text(frame->canvas, area, 0, 1, ROLE_NOTE, ATTR_BOLD, "????");
        return;
    }
    track_curve(&app->track, history, info->of, update->i, &curve);
    find_range(info, &curve, known ? now : 0, &low, &high);
    Chart chart = plot_axes(frame->canvas, area_inset(area, 0, 1, 0, 0),
                            (double)history->begin.step, last_step(update), low, high);
    plot_curve(frame->canvas, &chart, curve.first, curve.spacing, curve.number, curve.count,
               info->role);
    if (known)
        plot_point(frame->canvas, &chart, (double)app->session.trainer.at.step, now, ROLE_ACCENT);
}

/* As many as the area has room for, two beside each other where that makes them wide enough. */
void adam_draw_curves(Frame *frame, Area area, const AdamUpdate *update)
{
    const CurveInfo *shown[CURVES];
    int count = 0;

    for (int i = 0; i < CURVES; i++)
        if (adam_uses(update->adam.optimizer, curves[i].term))
            shown[count++] = &curves[i];
    if (area.w < LEAST_WIDTH || area.h < LEAST_HEIGHT)
        return;
    int across = area.w / LEAST_WIDTH < count ? area.w / LEAST_WIDTH : count;
    int down = area.h / LEAST_HEIGHT;
    if (across * down > count) { /* rather high than wide */
        across = down >= 2 && count > 2 && across < count ? 2 : across;
        down = (count + across - 1) / across;
    }
    if (area.h >= 2 * (LEAST_HEIGHT + 2) && count > 2) {
        across = across < 2 ? across : 2;
        down = (count + across - 1) / across < down ? (count + across - 1) / across : down;
    }
    const int width = area.w / across, height = area.h / down;
    for (int i = 0; i < count && i < across * down; i++)
        draw_curve(frame,
                   (Area){area.x + i % across * width, area.y + i / across * height, width - 2,
                          height - (i / across < down - 1)},
                   update, shown[i]);
}

/* ---- the schedule ---------------------------------------------------------------------------- */

enum { POINTS = 400 };

static void draw_rate(Frame *frame, Area area)
{
    const App *app = frame->app;
    const int64_t steps = app->session.trainer.settings.steps, now = app->session.trainer.tape_step;
    const int points = steps < POINTS ? (int)steps : POINTS;
    double rate[POINTS], most = 0;
    int done;

    for (int i = 0; i < points; i++) {
        rate[i] = adam_rate_at(app, steps * i / points);
        most = fmax(most, rate[i]);
    }
    done = (int)(now * points / steps);
    Chart chart = plot_axes(frame->canvas, area, 0, (double)steps, 0, most);
    plot_curve(frame->canvas, &chart, 0, (double)steps / points, rate, points, ROLE_DIM);
    plot_curve(frame->canvas, &chart, 0, (double)steps / points, rate,
               done < points ? done + 1 : points, ROLE_UPDATE);
    plot_mark(frame->canvas, &chart, (double)now, ROLE_ACCENT);
    plot_point(frame->canvas, &chart, (double)now, adam_rate_at(app, now), ROLE_ACCENT);
}

/* What the running means are divided by: small at first, then 1. */
static void draw_corrections(Frame *frame, Area area, const AdamUpdate *update)
{
    const int64_t steps = update->settings.steps;
    const int points = steps < POINTS ? (int)steps : POINTS;
    double first[POINTS], second[POINTS];
    Canvas *canvas = frame->canvas;

    for (int i = 0; i < points; i++) {
        double t = (double)(steps * i / points + 1);
        first[i] = 1 - pow(update->adam.beta1, t);
        second[i] = 1 - pow(update->adam.beta2, t);
    }
    int x = panel_title(canvas, area, "How much of a running mean is there yet?",
                        N_("bias correction"));
    if (x + 40 < area.w) {
        x = canvas_text(canvas, area, x + 2, 0, ROLE_UPDATE, 0, "━");
        x = canvas_text(canvas, area, x, 0, ROLE_DIM, 0, " 1 - beta1^(step + 1)  ");
        x = canvas_text(canvas, area, x, 0, ROLE_SMOOTH, 0, "━");
        canvas_text(canvas, area, x, 0, ROLE_DIM, 0, " 1 - beta2^(step + 1)");
    }
    Chart chart = plot_axes(canvas, area_inset(area, 0, 1, 0, 0), 0, (double)steps, 0, 1);
    plot_curve(canvas, &chart, 0, (double)steps / points, second, points, ROLE_SMOOTH);
    plot_curve(canvas, &chart, 0, (double)steps / points, first, points, ROLE_UPDATE);
    plot_mark(canvas, &chart, (double)update->step, ROLE_ACCENT);
}

void adam_draw_schedule(Frame *frame, Area area, const AdamUpdate *update)
{
    const bool corrections = area.h >= 24 && update->adam.optimizer == OPTIMIZER_ADAM &&
                             update->settings.bias_correction;
    const int rate_rows = corrections ? (area.h - 4) * 3 / 5 : area.h - 3;
    char filled[ADAM_FILLED_BYTES];

    adam_rate_filled(&update->settings, update->step, filled);
    int x = canvas_print(frame->canvas, area, 0, 0, ROLE_DIM, 0,
                         "lr = %s = ", adam_rate_formula(&update->settings, update->step));
    if (!frame_is_hidden(frame, (Focus){.kind = FOCUS_RATE}))
        x = canvas_print(frame->canvas, area, x, 0, ROLE_TEXT, 0, "%s = ", filled);
    frame_number(frame, area, x, 0, FRAME_NUMBER, (Focus){.kind = FOCUS_RATE}, true,
                 update->adam.lr, ROLE_UPDATE, ATTR_BOLD);
    draw_rate(frame, area_inset(area, 0, 2, 0, area.h - 2 - rate_rows));
    if (corrections)
        draw_corrections(frame, area_inset(area, 0, rate_rows + 3, 0, 0), update);
}
