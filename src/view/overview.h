/* Overview: the whole of a training run in one picture: the document, what the model expects, where
 * it looks, how its loss falls, what it writes. */
#ifndef GPTOSCOPE_VIEW_OVERVIEW_H
#define GPTOSCOPE_VIEW_OVERVIEW_H

#include "app/app.h"
#include "view/canvas.h"

void overview_draw(const App *app, Canvas *canvas, Area area);

#endif
