/* Knobs pane: the panel in which settings are turned (app/knobs.h), over the view.
 *
 *     ▸ lr         *0.02 ├──┼─●───┤  │ 3.5┤⢄            the run with these settings: its curve over the
 *       beta1       0.85 ├─●──────┤  │    │ ⠑⠢⣀ now       ghosts, what it writes, who looks at whom
 *       ...                          │ 2.5┤    ⠉⠒
 *                 now  yours change  │ What it writes
 *       last 100 2.31   2.37  -0.06  │ Who looks at whom?
 *
 * With less room there is less on the right. */
#ifndef GPTOSCOPE_VIEW_KNOBS_PANE_H
#define GPTOSCOPE_VIEW_KNOBS_PANE_H

#include "app/app.h"
#include "view/canvas.h"

void knobs_pane_draw(const App *app, Canvas *canvas, Area area);

/* The knob with the cursor, for the status line: what it is, what it is by default. */
void knobs_pane_status(const App *app, Canvas *canvas, Area area);

/* For the help page. */
extern const char knobs_about[];

/* ---- its parts ------------------------------------------------------------------------------- */

/* The settings with their dials, as many as there is room for around the one with the cursor. */
void knobs_draw_list(const Knobs *knobs, Canvas *canvas, Area area);

/* The losses in numbers: this run, the one that it is held against, the difference. */
void knobs_draw_losses(const Knobs *knobs, Canvas *canvas, Area area);

enum { KNOBS_LOSS_ROWS = 3 };

/* The smoothed losses of this run and of the ghosts. */
void knobs_draw_chart(const Knobs *knobs, Canvas *canvas, Area area);

/* Every head as a heatmap, as large as fits; rows that it needs at the least. */
void knobs_draw_gaze(const App *app, Canvas *canvas, Area area);
int knobs_gaze_rows(const Knobs *knobs);

#endif
