/* Parts of the view of memory that stand in view_memory_more.c: what there is room for on a large
 * screen. */
#ifndef GPTOSCOPE_VIEW_VIEW_MEMORY_H
#define GPTOSCOPE_VIEW_VIEW_MEMORY_H

#include "view/frame.h"

/* How many nodes of each operation the graph on the tape has. */
void memory_draw_operations(Frame *frame, Area area);

/* The keyframes along the run, and where it stands between them. */
void memory_draw_keyframes(Frame *frame, Area area);

#endif
