/* Gradcheck: does backpropagation give the right gradients?
 *
 *     h      (L(x + h) - L(x - h)) / 2h   error           the loss with one number a little
 *     1e-01  0.03851...                   2.4e-04         larger and a little smaller,
 *     ...                                                 by the forward pass alone
 *     1e-06  0.03851...                   8.1e-12  best
 *     ...
 *     1e-12  0.03841...                   1.1e-04
 *
 * Gradients by autograd are compared with such differences, and with tangents, which go through the
 * same slopes in the other direction (engine/tangent.h).
 *
 * The check is of the document on the tape, with the parameters that it is computed with, wherever
 * in the step the run stands. It works on copies of the numbers: the run is not touched. */
#ifndef GPTOSCOPE_APP_GRADCHECK_H
#define GPTOSCOPE_APP_GRADCHECK_H

#include "app/answer.h"
#include "app/reference.h"

enum { GRADCHECK_ROWS = 12 };

typedef struct GradcheckRow {
    double h;
    double difference; /* (L(x + h) - L(x - h)) / 2h */
    double error;      /* its distance from autograd's gradient */
    int bends;         /* ReLUs that are on at one of x - h, x + h and off at the other */
} GradcheckRow;

/* Of one node. */
typedef struct Gradcheck {
    int32_t node;
    char name[96];
    int64_t step; /* whose document it is */
    double value, loss;
    double autograd, tangent;
    GradcheckRow row[GRADCHECK_ROWS]; /* h = 1e-1 ... 1e-12 */
    int best;                         /* the row of the smallest error */
} Gradcheck;

/* Of all parameters, or of some drawn at random where all would take too long. Disagreement is the
 * distance of two gradients relative to the larger, or to a thousandth of the largest of all where
 * both are smaller than that: what is left of terms that cancel has few right digits. */
typedef struct GradcheckAll {
    int64_t step;
    int32_t params, checked;
    uint64_t seed;            /* of the draw, where checked < params */
    double disagreement;      /* the largest */
    int32_t where;            /* the parameter that has it */
    char name[96];            /* of that parameter */
    double autograd, tangent; /* its gradients */
    double largest;           /* absolute value of a gradient */
} GradcheckAll;

#define GRADCHECK_GOOD 1e-9 /* disagreement that is rounding; a wrong rule gives far more */

/* Errors: the loss is no finite number; memory. */
bool gradcheck_one(const History *history, int32_t node, Gradcheck *check, Error *error);
bool gradcheck_all(const History *history, GradcheckAll *check, Error *error);

/* What was found, as lines and as members: a table and why a smaller h is not better. */
void gradcheck_answer(const Gradcheck *check, Answer *answer);
void gradcheck_answer_all(const GradcheckAll *check, Answer *answer);

/* The command: "all", or a name of one node of the run. The scope has a history. Errors: also those
 * of the name. */
bool gradcheck_run(const Scope *scope, const char *path, Answer *answer, Error *error);

#endif
