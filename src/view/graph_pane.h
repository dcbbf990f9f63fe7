/* Graph pane: the reader's own small graph (app/graph.h), a line a node: what it is, its value, its
 * gradient so far, its slope by each input, and which is next. */
#ifndef GPTOSCOPE_VIEW_GRAPH_PANE_H
#define GPTOSCOPE_VIEW_GRAPH_PANE_H

#include "view/frame.h"

void graph_pane_draw(Frame *frame, Area area);

#endif
