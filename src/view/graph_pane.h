/* Graph pane: the reader's own small graph (app/graph.h): its picture, or where it is too large for
 * one a table; what the next operation does; or the depth-first walk through it. */
#ifndef GPTOSCOPE_VIEW_GRAPH_PANE_H
#define GPTOSCOPE_VIEW_GRAPH_PANE_H

#include "app/answer.h"
#include "view/frame.h"

void graph_pane_draw(Frame *frame, Area area);

/* The same in words and numbers. */
void graph_pane_tell(const App *app, Answer *answer);

#endif
