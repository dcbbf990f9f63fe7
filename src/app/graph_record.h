/* Recording the statements of a graph on its tape: between graph.c, graph_record.c and
 * graph_functions.c. */
#ifndef GPTOSCOPE_APP_GRAPH_RECORD_H
#define GPTOSCOPE_APP_GRAPH_RECORD_H

#include "app/graph.h"

/* A node, or a plain number that no node has met yet. */
typedef struct GraphCell {
    int32_t node; /* -1: the number */
    double number;
} GraphCell;

typedef struct GraphItem {
    int dims;
    int32_t rows, cols;
    GraphCell *cell; /* [rows cols] */
    int at;
} GraphItem;

typedef struct GraphRecorder {
    Graph *graph;
    int statement;
    GraphItem *stack;
    int top;
    GraphCell *cell; /* [GRAPH_CELLS] */
    int32_t cells;
    ExprError *error;
} GraphRecorder;

/* A function as graphs have it: its arguments stand one after another, its result takes the place
 * of the first. */
typedef struct GraphFunction {
    const char *name;
    int arguments;
    bool (*run)(GraphRecorder *recorder, const struct GraphFunction *function, GraphItem *argument);
    int32_t (*one)(Tape *tape, int32_t a);
} GraphFunction;

/* The function of that row of expr_functions, or NULL: graphs do not have it. */
const GraphFunction *graph_find_function(int row);

/* The latest statement before `before` with that name, or NULL. */
const GraphStatement *graph_find_statement(const Graph *graph, int before, const char *name,
                                           size_t length);

/* Records statement i, which is not given, and lists its nodes. The error's place is one in the
 * statement's expression. */
bool graph_record(Graph *graph, int i, ExprError *error);

/* Fills the error and returns false. */
bool graph_wrong(GraphRecorder *recorder, int at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Room on the tape for four nodes and two numbers more: no operator records more for an entry. */
bool graph_has_room(GraphRecorder *recorder, int at);

/* Room for count cells, or NULL with an error. */
GraphCell *graph_take(GraphRecorder *recorder, int32_t count, int at);

GraphCell graph_cell_of_node(int32_t node);

/* Entries of an item that are plain numbers become const nodes. */
bool graph_make_nodes(GraphRecorder *recorder, GraphItem *item);

#endif
