/* Graph table: the reader's own graph as a table, a line a node, where it is too large for a
 * picture. */
#ifndef GPTOSCOPE_VIEW_GRAPH_TABLE_H
#define GPTOSCOPE_VIEW_GRAPH_TABLE_H

#include "view/frame.h"

void graph_table_draw(Frame *frame, Area area);

#endif
