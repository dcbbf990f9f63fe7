/* Graph block: what one place of the model computes from what, as vectors and the matrix between
 * them.
 *
 *     pos3.layer0.attn.q        input x [n_embd]      matrix attn_wq [n_embd][n_embd]     out q [n_embd]
 *     .head2.score              input q [head_dim]    keys  [pos + 1][head_dim]           out [pos + 1]
 *     .head2.out                input weight [pos+1]  values [head_dim][pos + 1]          out [head_dim]
 *     .attn.residual            inputs proj, x        -                                   out [n_embd]
 *
 * Row r of a matrix times the input gives entry r of what comes out. Vectors may be scattered over
 * the tape: graph_vector_at finds their entries. */
#ifndef GPTOSCOPE_APP_GRAPH_BLOCK_H
#define GPTOSCOPE_APP_GRAPH_BLOCK_H

#include "engine/trainer.h"

enum { GRAPH_BLOCK_INPUTS = 2, GRAPH_BLOCK_STEPS = 3 };

typedef struct GraphVector {
    enum {
        VECTOR_NONE,
        VECTOR_RANGE,
        VECTOR_HEADS,     /* what all heads leave behind, joined */
        VECTOR_POSITIONS, /* the same entry at position 0, 1, ... */
    } source;
    const char *name; /* "x" */
    TapeRange range;  /* VECTOR_RANGE */
    Place place;      /* the others */
    int32_t entry;    /* VECTOR_POSITIONS */
    int32_t count;
} GraphVector;

typedef struct GraphMatrix {
    enum { MATRIX_NONE, MATRIX_TENSOR, MATRIX_KEYS, MATRIX_VALUES } source;
    const char *name; /* "layer0.attn_wq", "keys" */
    Place place;      /* of keys and values: the block's */
    int32_t first, rows, cols;
} GraphMatrix;

/* One number on the way: the root mean square of a norm, the sum of a softmax. */
typedef struct GraphStep {
    const char *name;
    int32_t node;
} GraphStep;

typedef struct GraphBlock {
    Place place;
    const Span *span;
    GraphVector input[GRAPH_BLOCK_INPUTS];
    int inputs;
    GraphMatrix matrix;
    GraphStep step[GRAPH_BLOCK_STEPS];
    int steps;
    GraphVector out;
} GraphBlock;

/* Returns false where the document has no such place. What an option has left out has no input. */
bool graph_block(GraphBlock *block, const Trainer *trainer, Place place);

/* The node of an entry. */
int32_t graph_vector_at(const Gpt *gpt, const GraphVector *vector, int32_t i);
int32_t graph_matrix_at(const Gpt *gpt, const GraphMatrix *matrix, int32_t row, int32_t col);

/* Which entry a node is: false where it is none. For a matrix, row and column. */
bool graph_vector_find(const Gpt *gpt, const GraphVector *vector, int32_t node, int32_t *i);
bool graph_matrix_find(const Gpt *gpt, const GraphMatrix *matrix, int32_t node, int32_t *row,
                       int32_t *col);

/* Whether a node is one of its numbers. */
bool graph_block_has(const Gpt *gpt, const GraphBlock *block, int32_t node);

/* The place that a parameter is used at, at a position: that of its matrix. */
Place graph_place_of_parameter(const Trainer *trainer, int32_t parameter, int pos);

#endif
