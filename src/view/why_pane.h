/* Why pane: the tree under a question, a line an item, and below it the formula of the one with the
 * cursor. */
#ifndef GPTOSCOPE_VIEW_WHY_PANE_H
#define GPTOSCOPE_VIEW_WHY_PANE_H

#include "app/app.h"
#include "view/canvas.h"

void why_pane_draw(const App *app, Canvas *canvas, Area area);

#endif
