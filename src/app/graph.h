/* Graph: a small computation of the reader's own, on a tape of its own, that steps and goes back as
 * the run does.
 *
 *     a=2; b=3; c=a*b; d=c+1; L=d^2
 *
 *     node   0   1   2        3        4        5          numbers that the reader gives are parameters,
 *     op     a   b   mul 0 1  const 1  add 2 3  pow 4, 2   what is computed from them are nodes
 *     at         0        1        2        3        4        8
 *                forward: 4 nodes are computed in turn        backward: 4 nodes hand their gradient to their inputs, L first
 *
 * A statement is NAME = EXPRESSION in the grammar of app/expr.h, of + - * / ^, lists, indices, and
 * functions that graphs have: exp log relu sqrt sum mean dot softmax rmsnorm linear. What it
 * records is what microgpt would: a plain number that meets a node becomes a const node of its own,
 * a - b is a + (b * -1), a / b is a * b^-1, sums start at 0. A statement without names of the graph
 * and without such functions gives numbers, and may use all of app/expr.h over the run (x =
 * probs[2]).
 *
 * The last statement is the root; where that is one number, gradients are of it. Values are
 * functions of the given numbers, so all are computed at once, and standing at an operation means
 * that those up to it may be shown. */
#ifndef GPTOSCOPE_APP_GRAPH_H
#define GPTOSCOPE_APP_GRAPH_H

#include "app/expr.h"

enum {
    GRAPH_NODES = 1 << 14,
    GRAPH_CELLS = 1 << 16, /* numbers and nodes that all statements together handle */
    GRAPH_STATEMENTS = 64,
    GRAPH_NAME_BYTES = 24
};

/* One statement, and what its name stands for: rows x cols nodes (dims 0: one, 1: a row of cols, 2:
 * a matrix). */
typedef struct GraphStatement {
    char name[GRAPH_NAME_BYTES]; /* "" for a last statement without one */
    Expr expr;
    int start;  /* byte of the text where the expression begins */
    bool given; /* numbers that the reader gives: parameters */
    int dims;
    int32_t rows, cols;
    int32_t *node; /* [rows cols] within Graph.list */
} GraphStatement;

typedef struct Graph {
    Tape tape;
    double *value, *grad; /* [GRAPH_NODES] */
    GraphStatement *statement;
    int statements;
    int32_t *list; /* [GRAPH_CELLS] nodes of the statements */
    int32_t listed;
    void *stack, *cell; /* of graph_record, kept: what was recorded once is again without a failure */
    int depth;          /* room of the stack */
    int32_t root; /* -1: the last statement is more than one number, there is no backward pass */
    int64_t at;   /* operations done */
} Graph;

/* Reads and records statements, with ; or new lines between them; stands before the first
 * operation. The scope's run gives numbers to statements that ask for them. Errors: those of
 * expressions, at their place in text; names that are taken; too large; nothing is to be released
 * then. */
bool graph_init(Graph *graph, const char *text, const Scope *scope, ExprError *error);
void graph_release(Graph *graph);

/* Gives a parameter another number and computes all anew, standing where it stands. */
void graph_set(Graph *graph, int32_t parameter, double number);

/* Operations of the forward pass, and of both passes. */
int64_t graph_forward_length(const Graph *graph);
int64_t graph_length(const Graph *graph);

/* Stands after so many operations (cut to what there are). */
void graph_go(Graph *graph, int64_t at);

/* The node that the next operation computes, or whose gradient it hands on; -1 at the end. */
int32_t graph_next(const Graph *graph);

/* Nodes from here on in the tape's order have handed their gradient on. */
int32_t graph_cursor(const Graph *graph);

/* What a name stands for. Returns false if it is none of the graph's. */
bool graph_find(const Graph *graph, const char *name, size_t length, Reference *reference);

/* Its numbers, as far as they are computed. */
Numbers graph_numbers(const Graph *graph);

/* The name of a node: "a", "x[1]", "W[0][2]", else its op and number: "mul 7". snprintf-fashion. */
int graph_print(const Graph *graph, int32_t node, char *text, size_t size);

#endif
