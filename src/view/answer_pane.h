/* Answer pane: an answer of several lines, over the lower rows of whatever is shown.
 *
 *     ── 1-5 of 12 ─────────────────────── ↑ ↓ scroll · q closes ──
 *     goto MOMENT      go to a moment: ...                              columns at tabs, long lines broken */
#ifndef GPTOSCOPE_VIEW_ANSWER_PANE_H
#define GPTOSCOPE_VIEW_ANSWER_PANE_H

#include "app/app.h"
#include "view/canvas.h"

/* Rows that the pane needs to show all of app->answer in so many columns. */
int answer_pane_rows(const App *app, Canvas *canvas, int width);

/* Draws it from row app->answer_row on. Returns how far it can be scrolled. */
int answer_pane_draw(const App *app, Canvas *canvas, Area area);

#endif
