/* Graph layout: where the nodes and edges of a small graph stand in a picture. Nothing is drawn
 * here.
 *
 *     layer 0             channel   layer 1            channel   layer 2
 *
 *     a   2.00 ──────────────────── × c   6.00 ───────────────── + d   7.00        row 0
 *       grad            ┌───────────┘   grad        ┌─────────── ┘   grad          row 1
 *                       │                           │
 *     b   3.00 ─────────┘             1 ────────────┘                              row 3
 *       grad
 *
 * Every node stands one layer before the first of its users, so the layers are the longest ways to
 * the end. An edge that is longer than a layer passes the ones between as a bend: a slot without a
 * node. Within a layer slots are ordered so that few edges cross (by the mean place of their
 * neighbours, to and fro), and come to stand on the rows of what they feed where they can.
 *
 * What leaves one slot is one net: it runs along the slot's row, up or down a column of the channel
 * (its track), and along the rows of its targets. Tracks are chosen so that no two nets share a
 * stretch: they only cross. A node takes its upper input on its first row (port 0), the other on
 * the second (port 1). */
#ifndef GPTOSCOPE_APP_GRAPH_LAYOUT_H
#define GPTOSCOPE_APP_GRAPH_LAYOUT_H

#include "engine/tape.h"

enum {
    GRAPH_LAYOUT_NODES = 400, /* what is larger has no picture */
    GRAPH_LAYOUT_SLOTS = 2048,
    GRAPH_LAYOUT_LINKS = 3072,
    GRAPH_LAYOUT_LAYERS = 300
};

typedef struct GraphSlot {
    int32_t node;         /* -1: a bend */
    int16_t layer, place; /* place within the layer, from 0 at the top */
    int16_t rows;
    int x, y, w;
    int track; /* the column of its net, or -1: the net is a straight line, or there is none */
} GraphSlot;

/* An edge, or a piece of one, to the next layer. */
typedef struct GraphLink {
    int16_t from, to; /* slots */
    int8_t input;     /* of the node; of a bend 0 */
    int8_t port;      /* the row of `to` where it arrives */
} GraphLink;

typedef struct GraphLayout {
    GraphSlot slot[GRAPH_LAYOUT_SLOTS]; /* those of the nodes first, in their order */
    int slots, nodes;
    GraphLink link[GRAPH_LAYOUT_LINKS]; /* by rising layer of `from` */
    int links;
    int layers;
    int first_link[GRAPH_LAYOUT_LAYERS + 1];   /* of each layer's channel */
    int first_member[GRAPH_LAYOUT_LAYERS + 1]; /* of each layer, within member */
    int16_t member[GRAPH_LAYOUT_SLOTS];        /* the slots, layer by layer, from the top down */
    int layer_x[GRAPH_LAYOUT_LAYERS], layer_w[GRAPH_LAYOUT_LAYERS];
    int width, height;
} GraphLayout;

/* Lays out `count` nodes of a tape, by rising index; inputs that are not among them are left out.
 * columns[i]: how wide the box of node[i] is. Returns false where they are too many. */
bool graph_layout(GraphLayout *layout, const Tape *tape, const int32_t *node, int count,
                  const int *columns);

/* The slot of a node, or -1. */
int graph_layout_find(const GraphLayout *layout, int32_t node);

/* How many pairs of edges cross. */
int graph_layout_crossings(const GraphLayout *layout);

/* What of a net goes through the cell at a column and row of the channel behind a layer. */
enum { WIRE_LEFT = 1, WIRE_RIGHT = 2, WIRE_UP = 4, WIRE_DOWN = 8 };

/* The directions in which the net of a slot leaves a cell of its channel; 0: it is not there. */
int graph_layout_wire(const GraphLayout *layout, int slot, int x, int y);

/* Whether another net runs along the row through that cell. */
bool graph_layout_is_crossed(const GraphLayout *layout, int slot, int x, int y);

#endif
