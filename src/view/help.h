/* Help: the page that says what the keys and commands do and what the panels show, from the tables
 * and the session's keys. */
#ifndef GPTOSCOPE_VIEW_HELP_H
#define GPTOSCOPE_VIEW_HELP_H

#include "app/app.h"
#include "view/canvas.h"

/* Draws it from row app->help_line on. Returns how far it can be scrolled. */
int help_draw(const App *app, Canvas *canvas, Area area);

#endif
