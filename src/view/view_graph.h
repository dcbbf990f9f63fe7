/* The view of the graph, depth by depth: the model, one block of it, one number. */
#ifndef GPTOSCOPE_VIEW_VIEW_GRAPH_H
#define GPTOSCOPE_VIEW_VIEW_GRAPH_H

#include "app/answer.h"
#include "view/frame.h"

enum { GRAPH_TITLE_BYTES = 96 };

/* The model as a diagram of its blocks, a row each: what flows, how large, where the run is at
 * work. */
void graph_model_draw(Frame *frame, Area area);
void graph_model_tell(const App *app, Answer *answer);

/* One place: the vectors that go in, the matrix between, the vector that comes out. */
void graph_block_draw(Frame *frame, Area area, Place place);
void graph_block_tell(const App *app, Answer *answer);

/* One number with its edges, or with everything that it is computed from within its place. */
void graph_element_draw(Frame *frame, Area area);
void graph_element_tell(const App *app, Answer *answer);
void graph_whole_draw(Frame *frame, Area area);

/* "query, layer 0" ; "score, layer 0, head 2". Returns text. */
const char *graph_place_title(Place place, char text[GRAPH_TITLE_BYTES]);

/* A number as an answer's line says it, and as a member. */
const char *graph_said(const App *app, Focus what, bool known, double number, char text[24]);
void graph_tell_number(const App *app, Answer *answer, const char *name, Focus what, bool known,
                       double number);

#endif
