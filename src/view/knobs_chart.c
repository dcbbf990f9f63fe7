/* The curves of the knobs pane: this run over its ghosts, named at their ends. */
#include "engine/words.h"
#include "view/knobs_pane.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>

enum { CURVES = 3, LABEL = 11, LEAST_WIDTH = 8, LEAST_HEIGHT = 3 };

typedef struct Curve {
    const KnobsRun *run;
    const char *name;
    Role role;
} Curve;

/* This run first, then the ghosts that are others. */
static int collect(const Knobs *knobs, Curve curve[CURVES])
{
    const KnobsRun *seen = knobs_seen(knobs);
    int count = 0;

    if (seen)
        curve[count++] = (Curve){seen, seen == knobs->own ? _("yours") : _("now"), ROLE_SMOOTH};
    if (knobs->kept && knobs->kept != seen)
        curve[count++] = (Curve){knobs->kept, _("kept"), ROLE_BASE};
    if (knobs->own && knobs->own != seen && knobs->own != knobs->kept)
        curve[count++] = (Curve){knobs->own, _("yours"), ROLE_CURVE};
    return count;
}

/* ---- what is shown --------------------------------------------------------------------------- */

/* Half nats around all curves, so that the picture seldom jumps; what lies far above guessing is
 * cut off. */
static void find_range(const Curve *curve, int count, double guessing, double *low, double *high)
{
    *low = guessing;
    *high = guessing;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < curve[i].run->points; k++) {
            *low = fmin(*low, curve[i].run->curve[k]);
            *high = fmax(*high, curve[i].run->curve[k]);
        }
    *high = ceil(fmin(*high, 2 * guessing) * 2) / 2;
    *low = floor(*low * 2) / 2;
}

static double most_steps(const Curve *curve, int count)
{
    double most = 1;

    for (int i = 0; i < count; i++)
        most = fmax(most, (double)curve[i].run->course.plan.settings.steps);
    return most;
}

static bool diverged(const KnobsRun *run)
{
    return atomic_load(&run->course.state) == COURSE_DIVERGED;
}

/* In dashes of three columns: a ghost that is told from the others without its colour. */
static void draw_dashes(Canvas *canvas, const Chart *chart, const Curve *curve)
{
    const double spacing = knobs_spacing(curve->run);
    const int column = 1 + curve->run->points / (chart->plot.w > 0 ? chart->plot.w : 1);

    for (int i = 0; i < curve->run->points; i += 5 * column) {
        const int left = curve->run->points - i;
        plot_curve(canvas, chart, spacing * (i + 1), spacing, curve->run->curve + i,
                   left < 3 * column ? left : 3 * column, curve->role);
    }
}

static void draw_curve(Canvas *canvas, const Chart *chart, const Curve *curve)
{
    const double spacing = knobs_spacing(curve->run);

    if (diverged(curve->run))
        plot_mark(canvas, chart, (double)atomic_load(&curve->run->course.done), ROLE_WRONG);
    if (curve->role == ROLE_BASE)
        draw_dashes(canvas, chart, curve);
    else
        plot_curve(canvas, chart, spacing, spacing, curve->run->curve, curve->run->points,
                   curve->role);
}

/* ---- names at the ends ----------------------------------------------------------------------- */

/* The free row nearest to one. */
static int free_row(const int *taken, int count, int row, int rows)
{
    for (int away = 0; away < 2 * rows; away++) {
        int tried = row + (away % 2 ? (away + 1) / 2 : -away / 2);
        bool free = tried >= 0 && tried < rows;
        for (int i = 0; i < count; i++)
            free = free && taken[i] != tried;
        if (free)
            return tried;
    }
    return -1;
}

/* Where its curve ends; far up where it diverged. */
static double end_of(const KnobsRun *run)
{
    if (diverged(run))
        return INFINITY;
    return run->points > 0 ? run->curve[run->points - 1] : NAN;
}

/* "now 2.31": beside an end, or near it where others stand. */
static void draw_name(Canvas *canvas, Area beside, const Chart *chart, int *taken, int count,
                      const char *name, double end, Role role)
{
    taken[count] = -1;
    if (isnan(end))
        return;
    taken[count] =
        free_row(taken, count, plot_row_of(canvas, chart, fmin(end, chart->y_high)), chart->plot.h);
    if (isinf(end))
        canvas_print(canvas, beside, 0, taken[count], role, ATTR_BOLD, "%s nan", name);
    else
        canvas_print(canvas, beside, 0, taken[count], role, count == 0 ? ATTR_BOLD : 0, "%s %.2f",
                     name, end);
}

static void draw_names(Canvas *canvas, Area beside, const Chart *chart, const Curve *curve,
                       int count, double guessing)
{
    int taken[CURVES + 1];

    for (int i = 0; i < count; i++)
        draw_name(canvas, beside, chart, taken, i, curve[i].name, end_of(curve[i].run),
                  curve[i].role);
    draw_name(canvas, beside, chart, taken, count, _("guess"), guessing, ROLE_DIM);
}

void knobs_draw_chart(const Knobs *knobs, Canvas *canvas, Area area)
{
    const double guessing = log(corpus_vocab(&knobs->documents));
    const Area plot = area_inset(area, 0, 0, LABEL, 0);
    Curve curve[CURVES];
    double low, high;
    const int count = collect(knobs, curve);

    if (plot.w < LEAST_WIDTH || plot.h < LEAST_HEIGHT)
        return;
    find_range(curve, count, guessing, &low, &high);
    Chart chart = plot_axes(canvas, plot, 0, most_steps(curve, count), low, high);
    plot_level_line(canvas, &chart, guessing, "", ROLE_DIM);
    for (int i = count - 1; i >= 0; i--)
        draw_curve(canvas, &chart, &curve[i]);
    draw_names(canvas, area_inset(area, plot.w + 1, 0, 0, 0), &chart, curve, count, guessing);
}
