/* Prose: text with marks (lesson/markdown.h) set in lines of a width: paragraphs, lists, tables,
 * code. The same calls measure and draw: rows outside of the area are counted, not drawn. */
#ifndef GPTOSCOPE_VIEW_PROSE_H
#define GPTOSCOPE_VIEW_PROSE_H

#include "lesson/sheet.h"
#include "view/canvas.h"

typedef struct Prose {
    Canvas *canvas;
    Area area; /* lines are as wide as it */
    bool measuring;
    int y; /* the next row; may lie outside of the area */
} Prose;

/* Text from a column on, its further lines too; the first may begin with a label to the left. */
void prose_text(Prose *prose, int indent, const char *label, Role label_role, Role role, int attr,
                const char *text);

/* One of the author's blocks: a table's rows come together, and Go beside C where there is room.
 * Returns how many pieces, from piece i on, were set. */
int prose_block(Prose *prose, const Sheet *sheet, int i);

#endif
