/* Fused kernels as source: the including file defines the vectors (engine/fused_vector.h) and
 * FUSED_ROW, the row's name, and gets that row of engine/fused_kernels.h. Everything here is
 * static; a file includes it once. */
#include "engine/fused_kernels.h"

#include "engine/fused_vector.h"

#include "engine/fused_state.h"

#include "engine/fused_power.h"

#include "engine/fused_forward.h"

#include "engine/fused_backward.h"

#include "engine/fused_adam.h"

#include "engine/fused_update.h"

/* The way of the update for the two functions that it takes, else that of the forward and
 * backward pass. */
INLINE Vec as_in_a_step(const State *s, FusedFunction function, Vec x)
{
    Vec y;

    if (function == FUSED_EXP) {
        exponentials(s, &y, &x, 1);
        return y;
    }
    if (s->plain || (function != FUSED_SQUARE && function != FUSED_ROOT))
        return vec_function(s, function, x);
    Vec other;
    unsigned sure;
    if (function == FUSED_SQUARE) {
        sure = sure_square(x, &y, &other);
        sure = vec_bits_same(y, other, sure);
    } else {
        sure = sure_root(x, &y, ALL_LANES);
    }
    return sure == ALL_LANES ? y : ask_libm(function, x, y, ALL_LANES & ~sure);
}

static void apply(const void *state, FusedFunction function, const double *x, double *y, int count)
{
    for (int i = 0; i < count; i += LANES) {
        const int lanes = count - i < LANES ? count - i : LANES;
        Vec numbers = {0};
        for (int lane = 0; lane < lanes; lane++)
            numbers[lane] = (Real)x[i + lane];
        numbers = as_in_a_step(state, function, numbers);
        for (int lane = 0; lane < lanes; lane++)
            y[i + lane] = (double)numbers[lane];
    }
}

const FusedKernels FUSED_ROW = {
    .name = FUSED_NAME,
    .exact = sizeof(Real) == sizeof(double),
    .available = available,
    .bytes = bytes,
    .init = init,
    .set_plain = set_plain,
    .load = load,
    .store = store,
    .forward = forward,
    .loss = loss,
    .logits = logits,
    .weights = weights,
    .train = train,
#ifndef FUSED_FLOAT
    .adam = adam,
#endif
    .apply = apply,
};
