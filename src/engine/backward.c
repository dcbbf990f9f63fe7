#include "engine/backward.h"

#include <assert.h>
#include <string.h>

void backward_begin(const Settings *settings, const Tape *tape, double *grad)
{
    if (settings->zero_grad) {
        tape_backward_begin(tape, grad);
        return;
    }
    memset(grad + tape->params, 0, (size_t)(tape->count - tape->params) * sizeof *grad);
    grad[tape->root] = 1.0;
}

/* The bug: each user overwrites what those before it gave. */
static void overwrite(const Tape *tape, const double *value, double *grad, int32_t from, int32_t to)
{
    assert(0 <= to && from <= tape->order_count);
    for (int32_t i = from; i-- > to;) {
        int32_t v = tape->order[i];
        double g = grad[v];
        for (int k = 0; k < tape_ops[tape->node[v].op].inputs; k++)
            if (tape_hands_on(tape, v, k))
                grad[tape_input(tape, v, k)] = tape_slope(tape, value, v, k) * g;
    }
}

void backward_visit(const Settings *settings, const Tape *tape, const double *value, double *grad,
                    int32_t from, int32_t to)
{
    if (settings->accumulate)
        tape_backward(tape, value, grad, from, to);
    else
        overwrite(tape, value, grad, from, to);
}
