/* Backward: one backward pass over a tape as the settings want it, right or with a bug that
 * trainers have had.
 *
 *     accumulate on     grad[input] += slope * grad[node]       several users add up
 *     accumulate off    grad[input]  = slope * grad[node]       the last user to be visited wins
 *     zero_grad on      gradients of parameters begin at 0
 *     zero_grad off     they begin with what the step before left
 *
 * With both on it is tape_backward. Slopes are right in any case, so what checks gradients by other
 * ways finds the bug. */
#ifndef GPTOSCOPE_ENGINE_BACKWARD_H
#define GPTOSCOPE_ENGINE_BACKWARD_H

#include "engine/settings.h"
#include "engine/tape.h"

/* As tape_backward_begin; with zero_grad off, grad[0 .. params-1] stay. */
void backward_begin(const Settings *settings, const Tape *tape, double *grad);

/* As tape_backward: visits order[from-1] down to order[to]. */
void backward_visit(const Settings *settings, const Tape *tape, const double *value, double *grad,
                    int32_t from, int32_t to);

#endif
