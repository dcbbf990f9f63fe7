/* Graph walk pane: the depth-first walk as it goes: the visits as a tree, those that are not over
 * in bold (the recursion), beside the list that grows. */
#ifndef GPTOSCOPE_VIEW_GRAPH_WALK_PANE_H
#define GPTOSCOPE_VIEW_GRAPH_WALK_PANE_H

#include "app/graph_walk.h"
#include "view/frame.h"

/* own: of the reader's own graph, else of the run's. */
void graph_walk_pane_draw(Frame *frame, Area area, const GraphWalk *walk, bool own);

/* What the last step did: "visit(c): it is new, so its inputs come first". Returns text. */
const char *graph_walk_sentence(const App *app, const GraphWalk *walk, bool own, char text[160]);

#endif
