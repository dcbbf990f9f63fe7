/* Expressions over the live state: what :print, :watch, :until, gptoscope eval, answers and asserts
 * of lessons read.
 *
 *     loss < 2 and step > 100
 *     softmax(logits[2])[tokens[3]]
 *     adam(wte[5][0]).v_hat ^ 0.5
 *
 *     or      lowest           + -
 *     and                      * /
 *     not                      -x
 *     < <= > >= == !=          ^ (also **), from the right: -2^2 is -4, 2^3^2 is 2^9
 *
 * An expression is read once, into a list of instructions for a machine with a stack, and evaluated
 * as often as wanted:
 *
 *     grad(wte[5][0]) * 2      name wte | number 5 | index | number 0 | index | call grad | number 2 | multiply
 *
 * so neither reading (nesting is limited) nor evaluating (no recursion) can run out of the C stack.
 * A name on the stack stands for nodes as long as possible and is read only where its numbers are
 * needed: grad(wte)[5][0] reads one number. All numbers of an evaluation lie in a pool of the
 * expression's own, which is kept: evaluating again allocates nothing.
 *
 * Numbers are doubles, functions the C library's; + - * / ^ on vectors and matrices go entry by
 * entry, with a number or with the same shape. What the model computes too is computed in its
 * order: sums start at 0 and go from left to right, mean(v) is sum(v) * (1/n), softmax(v) subtracts
 * the maximum and multiplies by sum^-1, rmsnorm(v) by (mean square + 1e-5)^-0.5. So
 * softmax(logits[2]) equals probs[2] and mean(losses) equals loss, to the last bit. A plain a / b
 * is a division (microgpt takes a * b^-1, which can differ in the last bit).
 *
 * Evaluating changes nothing but the expression's own memory. */
#ifndef GPTOSCOPE_APP_EXPR_H
#define GPTOSCOPE_APP_EXPR_H

#include "app/reference.h"
#include <stdio.h>

enum {
    EXPR_TEXT_LIMIT = 1 << 16,   /* bytes of an expression */
    EXPR_DEPTH_LIMIT = 200,      /* of parentheses, brackets and signs within each other */
    EXPR_NUMBER_LIMIT = 1 << 22, /* numbers that one evaluation may make */
    EXPR_NUMBER_BYTES = 32       /* room for a number written out */
};

/* at: the byte of the expression that it is about. */
typedef struct ExprError {
    int at;
    bool not_yet; /* nothing is wrong: what is asked for is not computed at this moment */
    Error why;
} ExprError;

typedef enum ExprKind { EXPR_NUMBER, EXPR_TRUTH, EXPR_TEXT, EXPR_VECTOR, EXPR_MATRIX } ExprKind;

/* The text and the arrays belong to the expression (or to the run's documents), until it is
 * evaluated again. */
typedef struct ExprValue {
    ExprKind kind;
    bool truths;         /* entries of a vector or matrix are truth values, 0 or 1 */
    double number;       /* of a number; a truth value is 0 or 1 */
    const double *entry; /* of a vector, or of a matrix row by row */
    int64_t count;       /* entries */
    int32_t rows;        /* of a matrix: row r is entries end[r-1] ... end[r]-1 */
    const int32_t *end;
    const char *text; /* length bytes of UTF-8, not terminated */
    size_t length;
} ExprValue;

typedef struct ExprPool {
    double *chunk[11]; /* chunk k has 4096 << k numbers once it is needed */
    int current;
    size_t used;   /* of the current chunk */
    int64_t taken; /* in this evaluation */
} ExprPool;

typedef struct Expr {
    char *text;
    struct ExprCode *code;
    int codes, code_room;
    struct ExprItem *stack; /* [depth] */
    int depth;
    ExprPool pool;
} Expr;

/* Reads an expression. Errors: not an expression, too long or too deep, memory; nothing is to be
 * released then. */
bool expr_init(Expr *expr, const char *text, ExprError *error);
void expr_release(Expr *expr);

/* Its value at the moment where the scope's run stands. Errors: names and indices that are not
 * there, shapes that do not fit, too many numbers; what is not computed yet. */
bool expr_eval(Expr *expr, const Scope *scope, ExprValue *value, ExprError *error);

/* The same where the answer must be a truth value: conditions of :until, asserts. */
bool expr_eval_truth(Expr *expr, const Scope *scope, bool *truth, ExprError *error);

/* What an expression that is a name stands for ("wte[argmax(probs[0])]", "x[3].layer0.mlp.fc1"),
 * without reading it. Errors: those of reading and evaluating; it is no name. */
bool expr_reference(const char *text, const Scope *scope, Reference *reference, ExprError *error);

/* The same for exactly one node. */
bool expr_node(const char *text, const Scope *scope, Reference *reference, int32_t *node,
               ExprError *error);

/* A number with the fewest digits that read back to the same bits: "0.1", "2.5e-08", "nan". Returns
 * text. */
const char *expr_print_number(double number, char text[EXPR_NUMBER_BYTES]);

/* A value in one line, cut where it does not fit: "[0.1, 0.2]", "[[1], [2, 3]]", "true". Text is as
 * it is, not made safe. Returns the length that it has in full. */
size_t expr_print(const ExprValue *value, char *text, size_t size);

/* A value on lines of its own: a matrix a row a line, text made safe to show. */
void expr_write(const ExprValue *value, FILE *stream);

/* The same as JSON. */
void expr_write_json(const ExprValue *value, FILE *stream);

/* The expression and below it a mark at the place of the error and what it says:
 *
 *     attn[0][9][3][1]
 *             ^ head 9: this model has 4 (0 to 3)                                                              */
void expr_write_error(const char *text, const ExprError *error, FILE *stream);

/* Names, fields and functions, a row a line: "softmax(v)\tprobabilities in proportion to e^v". */
void expr_list(FILE *stream);

/* What an expression may begin with: name i of them all, functions and settings too, but for the
 * tensors, which are the model's. NULL after the last. */
const char *expr_name(int i);

#endif
