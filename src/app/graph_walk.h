/* Graph walk: the depth-first walk that puts the nodes of a graph into an order in which inputs
 * come before their users, one step at a time.
 *
 *     visit(node):                          calls still open   list              steps
 *         if node was visited: return       L                                    1  visit L
 *         for each input: visit(input)      L d                                  2  visit d
 *         add node to the list              L d c                                3  visit c
 *                                           L d c a                              4  visit a
 *                                           L d c              a                 5  add a
 *                                           L d c b            a                 6  visit b
 *                                           L d c              a b               7  add b ...
 *
 * It is the walk of tape_sort, which the backward pass goes down from its end; here it is told so
 * that it can be watched. A step is a visit, a visit that finds its node visited already, or adding
 * a node to the list. */
#ifndef GPTOSCOPE_APP_GRAPH_WALK_H
#define GPTOSCOPE_APP_GRAPH_WALK_H

#include "engine/tape.h"

enum { GRAPH_WALK_NODES = 512 };

typedef enum GraphWalkStep {
    WALK_BEGINS, /* nothing is done yet */
    WALK_VISITS, /* goes into a node */
    WALK_SKIPS,  /* comes to a node that was visited before */
    WALK_ADDS    /* all inputs of a node are in the list: now the node itself is */
} GraphWalkStep;

/* One visit, in the order in which they are made: together they are the walk as a tree. */
typedef struct GraphVisit {
    int32_t node;
    int16_t depth;
    int16_t rank; /* place in the list, -1: not in it yet (or not by this visit) */
    bool skipped; /* it was visited before */
} GraphVisit;

typedef struct GraphWalk {
    GraphVisit visit[3 * GRAPH_WALK_NODES]; /* a node is visited once more by each further user */
    int visits;
    int16_t open[GRAPH_WALK_NODES]; /* visits that are not over, the latest last */
    int depth;
    int32_t list[GRAPH_WALK_NODES];
    int listed;
    GraphWalkStep last;
    int32_t node;  /* that the last step was about, -1 at the beginning */
    int64_t steps; /* done */
    bool done;     /* the root is in the list */
    bool cut;      /* there are more nodes than are followed: it stopped there */
} GraphWalk;

/* The walk from a root after so many steps, or as many as there are. */
void graph_walk(GraphWalk *walk, const Tape *tape, int32_t root, int64_t steps);

#endif
