/* Layout: the whole screen, from the program's state and a size. */
#ifndef GPTOSCOPE_VIEW_LAYOUT_H
#define GPTOSCOPE_VIEW_LAYOUT_H

#include "app/app.h"
#include "view/canvas.h"

enum { LAYOUT_LEAST_WIDTH = 60, LAYOUT_LEAST_HEIGHT = 16 };

/* Draws everything: title line, view or help page, answer, status line, command line. Below the
 * least size one line asks for more room. spots becomes where the numbers of the view with the
 * cursor are. Returns how far what is being read can be scrolled. */
int layout_draw(const App *app, Canvas *canvas, Spots *spots);

/* Whether a window of so many columns has room for what goes with a view beside it: app->look.wide. */
bool layout_is_wide(int columns);

/* Whether two views stand beside each other in so many columns. */
bool layout_is_split(const Look *look, int columns);

#endif
