/* Tape: scalar autograd. A computation is a growing list of nodes, each one operation on earlier
 * nodes.
 *
 *     node   0      1      2          3         4         5
 *     op     param  param  mul 0 1    const 1   add 2 3   pow 4, 2        L = (a b + 1)^2
 *     value  2      3      6          1         7         49              forward:  rising index
 *     grad   42     28     14         14        14        1               backward: users before their inputs
 *
 * The tape holds only the structure. Values and gradients are plain arrays, one number a node,
 * owned by whoever runs the tape; so one structure can be run again with other numbers, from any
 * node to any node, and a prefix of a run is a prefix of a loop. Recording, running forward and
 * running backward are three separate acts.
 *
 * Invariants: an input has a smaller index than its user. The first `params` nodes are OP_PARAM.
 * Nothing is allocated after tape_init.
 *
 * The arithmetic (order of operations and of sums, libm's pow for every power) is that of
 * Karpathy's microgpt.py in double precision: what it computes, bit for bit. */
#ifndef GPTOSCOPE_ENGINE_TAPE_H
#define GPTOSCOPE_ENGINE_TAPE_H

#include "engine/error.h"
#include <stddef.h>
#include <stdint.h>

/* op      value               inputs   slope by each input */
typedef enum Op {
    OP_PARAM, /* set from outside    -                                     */
    OP_CONST, /* a plain number      -   (b: index in Tape.number)         */
    OP_NEGMAX, /* - max of a range   -   (b: index in Tape.range): a plain number to the chain rule, shown as const */
    OP_REPEAT, /* value of node a    -   the same number once more, shown as const */
    OP_SHARE, /* 1 / b               -   (b: how many share) a plain number, shown as const */
    OP_ADD,   /* a + b               2   1, 1                              */
    OP_MUL,   /* a * b               2   b, a                              */
    OP_POW,   /* a ^ number[b]       1   e a^(e-1)                         */
    OP_LOG,   /* ln a                1   1 / a                             */
    OP_EXP,   /* e^a                 1   e^a                               */
    OP_RELU,  /* a if a > 0, else 0  1   1 if a > 0, else 0                */
    OP_GELU,  /* tape_gelu_value(a)  1   tape_gelu_slope(a)                */
    OP_MUL_CUT, /* a * b             2   b, a: but a gradient is handed to a alone, the bug of a dropped path */
    OP_COUNT
} Op;

typedef struct OpInfo {
    const char *name;   /* "mul" */
    const char *symbol; /* "×" */
    int inputs;         /* how many of a, b are nodes that the gradient flows to */
} OpInfo;

extern const OpInfo tape_ops[OP_COUNT];

/* Most nodes belong to dot products, which the tape notices while it is recorded, so as to run each
 * in one go:
 *
 *     first                                                              last
 *     mul a0 b0    const 0    add    mul a1 b1    add    mul a2 b2    add        0 + a0 b0 + a1 b1 + a2 b2
 *
 * No input of a product lies within its own dot product. */
typedef struct TapeNode {
    int32_t a, b; /* inputs, or what the op's row says */
    uint8_t op;
    bool near : 1;  /* of the first of a dot product: a0 a1 ... are neighbours, and so are b0 b1 ... */
    bool whole : 1; /* of its last: order has all its visits together */
    uint16_t dot;   /* of its first and last: how many products, at least 2; else 0 */
} TapeNode;

/* A vector on the tape: element i is node first + i stride. What linear layers, norms and softmax
 * leave behind is always evenly spaced. */
typedef struct TapeRange {
    int32_t first, stride, count;
} TapeRange;

enum { TAPE_NUMBERS = 64 };

typedef struct Tape {
    TapeNode *node;
    int32_t count, capacity;
    int32_t params;              /* leading OP_PARAM nodes */
    double number[TAPE_NUMBERS]; /* plain numbers that stand in nodes, each once */
    int numbers;
    TapeRange *range; /* of OP_NEGMAX */
    int32_t ranges, range_capacity;
    int32_t *order;      /* nodes with inputs that the root depends on, each after its inputs */
    int32_t order_count; /* how many: the visits of a whole backward pass */
    int32_t root;        /* of what order is: its last node, where that has inputs; -1: not sorted */
    int32_t *stack;      /* room for the search: depth at most capacity */
    uint8_t *seen;       /* [capacity] nodes that the search has come to */
} Tape;

/* Room for capacity nodes and range_capacity ranges, the first params of which become OP_PARAM.
 * Errors: memory. */
bool tape_init(Tape *tape, int32_t capacity, int32_t range_capacity, int32_t params, Error *error);
void tape_release(Tape *tape);

/* Bytes that tape_init takes for such a tape. */
size_t tape_bytes(int64_t capacity, int64_t range_capacity);

/* Back to the parameters alone. */
void tape_clear(Tape *tape);

/* Recording: each appends and returns the index of the new node. A plain number that meets a node
 * becomes a const node of its own, each time anew, as in microgpt. */
int32_t tape_const(Tape *tape, double number);
int32_t tape_share(Tape *tape, int32_t among);
int32_t tape_add(Tape *tape, int32_t a, int32_t b);
int32_t tape_mul(Tape *tape, int32_t a, int32_t b);
int32_t tape_pow(Tape *tape, int32_t a, double exponent);
int32_t tape_log(Tape *tape, int32_t a);
int32_t tape_exp(Tape *tape, int32_t a);
int32_t tape_relu(Tape *tape, int32_t a);
int32_t tape_gelu(Tape *tape, int32_t a);
int32_t tape_mul_cut(Tape *tape, int32_t a, int32_t b);

/* What has no op of its own: -a = a * -1 and a * number, each with its const node made just
 * before. */
int32_t tape_neg(Tape *tape, int32_t a);
int32_t tape_scale(Tape *tape, int32_t a, double number);

/* Continues a sum that starts at the number 0 and goes left to right: sum < 0 stands for nothing
 * summed yet, and the first addition is add(term, const 0). Returns the new sum. */
int32_t tape_sum(Tape *tape, int32_t sum, int32_t term);

/* A const node whose number is minus the greatest value of the range (recorded by the first call;
 * `same` >= 0 repeats the number of an earlier such node). */
int32_t tape_negmax(Tape *tape, TapeRange range, int32_t same);

/* Values of nodes from ... to-1, in order. Parameters keep theirs. */
void tape_forward(const Tape *tape, double *value, int32_t from, int32_t to);

/* Finds tape->order: depth-first from root, first input first, each node after its inputs; the
 * order of microgpt's recursive topological sort, found without recursion. Nodes without inputs
 * are left out: they hand nothing on. */
void tape_sort(Tape *tape, int32_t root);

/* A piece of such an order: of the nodes that root depends on, with those below `floor` taken as
 * done. Writes them to `order`, which has room for them, and returns how many. */
int32_t tape_walk(Tape *tape, int32_t root, int32_t floor, int32_t *order);

/* To be called when tape->order[from ... to-1] was written by another: finds out which dot products
 * have all their visits there together. */
void tape_mark_whole(Tape *tape, int32_t from, int32_t to);

/* Nodes that the root depends on, those without inputs too. */
int32_t tape_reachable(const Tape *tape);

/* Gradients. tape_backward_begin sets all to 0 and the root's to 1. tape_backward visits
 * order[from-1] down to order[to]: for each node, grad[input] += slope * grad[node], first input
 * first. A whole pass is from = order_count, to = 0. */
void tape_backward_begin(const Tape *tape, double *grad);
void tape_backward(const Tape *tape, const double *value, double *grad, int32_t from, int32_t to);

/* Slope of node by its input k (0 or 1): d node / d input, at these values. */
double tape_slope(const Tape *tape, const double *value, int32_t node, int k);

/* Input k (0 or 1) of node, or -1. */
int32_t tape_input(const Tape *tape, int32_t node, int k);

/* Whether the backward pass hands a gradient to that input. */
bool tape_hands_on(const Tape *tape, int32_t node, int k);

/* 0.5 x (1 + tanh(u)) with u = sqrt(2 / pi) (x + 0.044715 x^3), and its slope. Source: Hendrycks
 * and Gimpel, "Gaussian Error Linear Units", 2016, section 2. */
double tape_gelu_value(double x);
double tape_gelu_slope(double x);

#endif
