/* Graph picture: a small graph drawn whole: layers from left to right, edges as lines, under every
 * value its gradient, on every edge how fast the user changes with the input.
 *
 *     a   2.00 ─────── 3.00 × c   6.00 ─────── 1.00 + d   7.00
 *       grad        ┌─ 2.00 ┘   grad        ┌─ 1.00 ┘   grad
 *     b   3.00 ─────┘         1 ────────────┘
 *
 * The upper input of an operation is on the first slope's row. Where several edges leave a node
 * their gradients add up: there it says +=. What is larger than the area is seen around the cursor,
 * else around the next operation. */
#ifndef GPTOSCOPE_VIEW_GRAPH_PICTURE_H
#define GPTOSCOPE_VIEW_GRAPH_PICTURE_H

#include "view/graph_text.h"

typedef struct GraphPicture {
    bool own;
    const int32_t *node; /* by rising index */
    int count;
    int32_t next;   /* that the next operation computes or visits, or -1 */
    int32_t cursor; /* of the backward pass: nodes from here on in the tape's order were visited */
} GraphPicture;

/* Returns the rows that the picture takes; 0: it is too large to be one. */
int graph_picture_draw(Frame *frame, Area area, const GraphPicture *picture);

#endif
