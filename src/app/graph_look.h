/* Graph look: where the reader is in the view of the graph, beyond the cursor.
 *
 *     block   into which place depth 1 looks: the cursor also stands on its inputs, which belong to others
 *     user    from whose inputs the cursor came to stand where it is: so that Up and Down go to its
 *             other input, and Right back
 *     root    whose whole computation the picture of one number shows
 *     walk    how far the depth-first walk of the reader's own graph has come
 *
 * They follow the cursor; where the document has changed under them, they are what the cursor makes
 * of them. */
#ifndef GPTOSCOPE_APP_GRAPH_LOOK_H
#define GPTOSCOPE_APP_GRAPH_LOOK_H

#include "app/focus.h"
#include "app/graph_block.h"
#include "app/graph_layout.h"

struct App;

enum { GRAPH_DEPTH_MODEL, GRAPH_DEPTH_BLOCK, GRAPH_DEPTH_ELEMENT };

typedef struct GraphLook {
    bool opened; /* block is set */
    Place block;
    Focus user;
    Focus root;
    int64_t walk;
} GraphLook;

/* After the cursor of the view has been put on something. */
void graph_look_follow(struct App *app, Focus before, Focus now);

/* The block that depth 1 shows, whose place depth 0 lights. */
Place graph_look_block(const struct App *app);

/* The node that depth 2 shows, of the run. */
int32_t graph_look_element(const struct App *app);

/* The user from whose inputs the cursor came to that node, or -1. */
int32_t graph_look_user(const struct App *app, int32_t node);

/* The nodes of the computation of one result within its place, and what goes into it, by rising
 * index; around the node that depth 2 shows. Returns how many, 0 if there are more than `room`. The
 * last is the result. */
int graph_look_whole(const struct App *app, int32_t *node, int room);

/* Whether . and , step the depth-first walk; and a step of it. Returns false at its ends. */
bool graph_look_walks(const struct App *app);
bool graph_look_step(struct App *app, int direction);

#endif
