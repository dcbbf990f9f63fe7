/* Graph text: how nodes of a graph are named in few columns, for the pictures of the run's graph
 * and of the reader's own. */
#ifndef GPTOSCOPE_VIEW_GRAPH_TEXT_H
#define GPTOSCOPE_VIEW_GRAPH_TEXT_H

#include "view/frame.h"

enum { GRAPH_NAME_ROOM = 64 };

/* "a", "x[1]"; of the run "wq[2][3]", "q[2]", "k[2]@1" (of position 1). Nodes that have no name of
 * their own have their index: "#21934"; plain numbers have none: "". */
void graph_name(const App *app, bool own, int32_t node, char text[GRAPH_NAME_ROOM]);

/* The same, but a plain number stands for itself: "1", "-max". */
void graph_name_or_number(const App *app, bool own, int32_t node, char text[GRAPH_NAME_ROOM]);

/* The operation: "×", "^-0.5", "ln"; "" of what is not computed. */
void graph_operation(const Tape *tape, int32_t node, char text[GRAPH_NAME_ROOM]);

/* What it is computed as: "a × b", "d ^ 2", "ln x", "given", "a plain number". */
void graph_computed_as(const App *app, bool own, int32_t node, char text[3 * GRAPH_NAME_ROOM]);

/* A place's formula as the guide has it, in words where the glyphs are ASCII. */
void graph_formula(const Canvas *canvas, Part part, char text[GRAPH_NAME_ROOM]);

/* The focus of a node's value or gradient. */
Focus graph_focus(const App *app, bool own, FocusKind kind, int32_t node);

/* Whether the slope of a node by an input says a number that is hidden. */
bool graph_slope_is_hidden(const Frame *frame, bool own, int32_t node, int input);

/* A number of at most three digits in few columns, "?" where it is hidden. Returns text. */
const char *graph_number(double number, bool hidden, char text[24]);

#endif
