/* Loss chart: losses by step, of one run or of several laid over each other.
 *
 *      3.5┤⠢⡀                    raw losses, light; their smoothed line over them; held-out losses as
 *         │ ⠈⠑⠤⣀○     ○          rings; base lines, dashed; the cursor, a line from top to bottom
 *      2.5┤     ⠉⠒○⠤⢄⣀
 *         └┬───┬───┬───┬──
 *          0  250 500 750                                                                          */
#ifndef GPTOSCOPE_VIEW_LOSS_CHART_H
#define GPTOSCOPE_VIEW_LOSS_CHART_H

#include "view/frame.h"
#include "view/plot.h"

/* One run's losses. */
typedef struct LossCurve {
    const char *name;          /* of the branch, written at its end; NULL: there is only one */
    const double *loss, *mean; /* [count] of steps 1 ... count; loss may be NULL: not drawn */
    int64_t count;
    const Session *held_out; /* of which held-out losses are drawn up to `count`; NULL: none */
    Role role;               /* of its smoothed line */
} LossCurve;

/* The steps and losses that are shown. */
typedef struct LossWindow {
    double first, last; /* steps at the left and the right end */
    double low, high;   /* losses; logarithms if log */
    bool log;
} LossWindow;

/* The curve of the run that is watched, up to its moment. */
LossCurve loss_curve_of(const App *app);

/* What is shown of it in a chart of so many columns: by the view's options, around the cursor. The
 * range of losses is one that seldom changes, so that a picture does not jump. */
LossWindow loss_window_of(const Frame *frame, int columns);
void loss_range(const Session *session, bool log, double *low, double *high);

/* Axes, all the curves, and base lines to hold them against: guessing, ln(vocab), and the bigram
 * model once it is known. The first curve has the cursor. Returns where it was drawn. */
Chart loss_chart_draw(Frame *frame, Area area, const LossWindow *window, const LossCurve *curve,
                      int curves);

/* The steps whose losses fall in a column of the chart: from, and up to before end. */
void loss_column_steps(const Canvas *canvas, const Chart *chart, int column, int64_t *from,
                       int64_t *end);

#endif
