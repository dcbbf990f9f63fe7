/* Graph element: one number of a graph with its edges, both ways: what it is computed from, how
 * fast it changes with each of these, who uses it, and what each user adds to its gradient.
 *
 *     input 0 ── slope 0 ──▶ ┌───────────┐ ──▶ user 0 (visited first: the last in the order)
 *                            │ op  value │       slope x grad[user] = term
 *     input 1 ── slope 1 ──▶ └───────────┘ ──▶ user 1
 *                              grad = sum of the terms of the users that were visited
 *
 * It is of the run or of the reader's own graph. Numbers are those that the document was computed
 * with, also where the update has written over parameters since. */
#ifndef GPTOSCOPE_APP_GRAPH_ELEMENT_H
#define GPTOSCOPE_APP_GRAPH_ELEMENT_H

#include "app/reference.h"

enum { GRAPH_USES = 256 }; /* those beyond are counted only */

typedef struct GraphUse {
    int32_t user;
    int input;          /* which of the user's inputs the element is */
    bool done;          /* the backward pass has visited the user */
    double slope, term; /* slope once there are values; term once done */
} GraphUse;

typedef struct GraphElement {
    bool own;
    int32_t node;
    int op; /* Op */
    Numbers numbers;
    bool known; /* it has a value */
    int inputs;
    int32_t input[2];
    double slope[2];          /* once known */
    GraphUse use[GRAPH_USES]; /* as the backward pass visits them */
    int uses;                 /* of these */
    int users;                /* in all */
    int done;                 /* visited so far */
    bool reached;             /* the end of the graph depends on it */
    bool is_end;              /* it is the end: its gradient is 1 */
    bool adds_up;             /* several gradients add up (+=); else the last one stays (=) */
    int32_t rank,
        ranks; /* place in the topological order of what has inputs, -1: none; how many do */
    int32_t before, after; /* neighbours in that order, or -1 */
} GraphElement;

void graph_element(GraphElement *element, const Scope *scope, bool own, int32_t node);

/* Whether anything has come to its gradient yet: it is the end's, or a user was visited. */
bool graph_element_has_grad(const GraphElement *element);

#endif
