/* The view of two branches at the same moment, with the same cursor:
 *
 *     ▸ main                          │   warm                          wide: beside each other; high: below
 *     loss 2.31≠ ...                  │   loss 2.29≠ ...                each other; else one, Tab shows the other
 *
 * The sign ≠ (in a picture ’, where there is no room a line) marks what is not the same in both, to
 * the bit. Keys act on the branch with the mark ▸. */
#ifndef GPTOSCOPE_VIEW_COMPARE_PANE_H
#define GPTOSCOPE_VIEW_COMPARE_PANE_H

#include "app/app.h"
#include "view/canvas.h"

/* spots becomes where the numbers of the branch are that the cursor moves in. */
void compare_pane_draw(const App *app, Canvas *canvas, Area area, Spots *spots);

/* The number under the cursor in both branches and their difference, snprintf-fashion, in at most
 * `width` columns. false: it has none in both. */
bool compare_pane_focus(const App *app, int width, char *text, size_t size);

#endif
