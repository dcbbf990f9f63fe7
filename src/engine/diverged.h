/* Diverged: where a run first left the finite numbers.
 *
 *     step 13     forward                          backward      update
 *                 ... 3.1  1.2e200  inf  nan ...    nan           nan        step 14: all are nan
 *                                   ^ this one
 *
 * A run stops where its loss is no finite number. The first number that is none may be older: what
 * is divided by infinity is 0, and relu makes 0 of NaN, so a loss can stay finite on top of them.
 * The parameters remember: what is not finite there stays so. So the step is found by looking at
 * the parameters at half the way, a quarter and so on; in it, the first such number in the order in
 * which they are made. */
#ifndef GPTOSCOPE_ENGINE_DIVERGED_H
#define GPTOSCOPE_ENGINE_DIVERGED_H

#include "engine/history.h"

typedef enum DivergedKind {
    DIVERGED_NOWHERE, /* every number there is is finite */
    DIVERGED_VALUE,   /* of a node */
    DIVERGED_GRAD,    /* of a node */
    DIVERGED_UPDATE,  /* of a parameter */
    DIVERGED_BY_HAND, /* a value or a gradient that the reader set */
    DIVERGED_BEFORE   /* a parameter that was not finite as the step began */
} DivergedKind;

typedef struct Diverged {
    DivergedKind kind;
    Moment at;    /* when it is there: just after the operation that made it */
    int32_t node; /* or parameter */
    double number;
    int inputs;   /* of DIVERGED_VALUE: nodes that the operation took, and what they were */
    int32_t input[2];
    double given[2];
} Diverged;

/* The first number that is not finite, of those that are computed at the trainer's moment in the
 * step on its tape. Nothing is moved. */
Diverged diverged_here(const History *history);

/* The same for a trainer that has failed, without a history. */
Diverged diverged_failed(const Trainer *trainer);

/* The first of the whole line up to the trainer's moment. Goes to a moment of its step, where it is
 * computed. Where looking would take more than a few seconds it is diverged_here. */
Diverged diverged_seek(History *history);

#endif
