#include "engine/fused_check.h"

#include "engine/gpt.h"
#include "engine/sys.h"
#include <math.h>
#include <string.h>

/* ---- functions ------------------------------------------------------------------------------- */

/* Where a run's numbers lie: between the two, evenly by their logarithm where both are above 0. */
static const struct {
    FusedFunction function;
    double exponent, least, most;
} ranges[] = {
    {FUSED_EXP, 0, -40, 0},
    {FUSED_EXP, 0, -1, 0},
    {FUSED_INVERSE, -1, 1, 300},
    {FUSED_INVERSE_SQUARE, -2, 1, 300},
    {FUSED_INVERSE_ROOT, -0.5, 1e-5, 100},
    {FUSED_INVERSE_CUBE, -1.5, 1e-5, 100},
    {FUSED_SQUARE, 2, 1e-14, 10},
    {FUSED_ROOT, 0.5, 1e-24, 10},
};

static double any_number(Rng *rng, double least, double most)
{
    double share = rng_random(rng);

    return least > 0 ? least * exp(share * log(most / least)) : least + share * (most - least);
}

bool fused_check_functions(const FusedKernels *kernels, const void *state)
{
    enum { NUMBERS = 512, ROUNDS = 4 };
    double x[NUMBERS], y[NUMBERS];
    Rng rng;

    rng_seed(&rng, 1);
    for (size_t i = 0; i < ROUNDS * sizeof ranges / sizeof *ranges; i++) {
        const FusedFunction function = ranges[i / ROUNDS].function;
        for (int k = 0; k < NUMBERS; k++)
            x[k] = any_number(&rng, ranges[i / ROUNDS].least, ranges[i / ROUNDS].most);
        kernels->apply(state, function, x, y, NUMBERS);
        for (int k = 0; k < NUMBERS; k++) {
            double right =
                function == FUSED_EXP ? exp(x[k]) : pow(x[k], ranges[i / ROUNDS].exponent);
            if (memcmp(&y[k], &right, sizeof right) != 0)
                return false;
        }
    }
    return true;
}

/* ---- whole steps ----------------------------------------------------------------------------- */

enum { VOCAB = 5, POSITIONS = 11, STEPS = 3 };

typedef struct Check {
    Settings settings;
    Gpt gpt;
    Tape tape;
    Fused fused;
    double *value, *grad, *m, *v; /* of the tape */
    double *number;               /* [3 params] of the kernels */
} Check;

static bool check_open(Check *check, const FusedKernels *kernels, bool plain)
{
    Error error;

    *check = (Check){0};
    settings_default(&check->settings);
    check->settings.n_layer = 2;
    check->settings.n_embd = 6;
    check->settings.n_head = 2;
    check->settings.block_size = POSITIONS;
    if (!gpt_init(&check->gpt, &check->settings, VOCAB, &error) ||
        !gpt_tape(&check->gpt, &check->tape, &error) ||
        !fused_init(&check->fused, kernels, &check->settings, VOCAB, &error))
        return false;
    kernels->set_plain(check->fused.state, plain);
    check->value = sys_alloc((size_t)check->tape.capacity, sizeof(double));
    check->grad = sys_alloc((size_t)check->tape.capacity, sizeof(double));
    check->m = sys_alloc((size_t)check->gpt.params, sizeof(double));
    check->v = sys_alloc((size_t)check->gpt.params, sizeof(double));
    check->number = sys_alloc(3 * (size_t)check->gpt.params, sizeof(double));
    return check->value && check->grad && check->m && check->v && check->number;
}

static void check_close(Check *check)
{
    gpt_release(&check->gpt);
    tape_release(&check->tape);
    fused_release(&check->fused);
    sys_free(check->value);
    sys_free(check->grad);
    sys_free(check->m);
    sys_free(check->v);
    sys_free(check->number);
}

static double step_on_tape(Check *check, const int *token, int positions, int64_t step)
{
    AdamStep adam = adam_step(&check->settings, step);
    int32_t loss = gpt_record_document(&check->gpt, &check->tape, token, positions);

    tape_sort(&check->tape, loss);
    tape_forward(&check->tape, check->value, check->gpt.params, check->tape.count);
    tape_backward_begin(&check->tape, check->grad);
    tape_backward(&check->tape, check->value, check->grad, check->tape.order_count, 0);
    adam_update(&adam, check->value, check->grad, check->m, check->v, 0, check->gpt.params);
    return check->value[loss];
}

static bool same_step(Check *check, const int *token, int positions, int64_t step)
{
    const size_t params = (size_t)check->gpt.params, bytes = params * sizeof(double);
    double *value = check->number, *m = value + params, *v = m + params, loss;
    double right = step_on_tape(check, token, positions, step);

    if (!fused_step(&check->fused, token, positions, &check->settings, step, &loss))
        return false;
    fused_store(&check->fused, value, m, v);
    return memcmp(&loss, &right, sizeof loss) == 0 && memcmp(value, check->value, bytes) == 0 &&
           memcmp(m, check->m, bytes) == 0 && memcmp(v, check->v, bytes) == 0;
}

/* Documents of one position, of several, and of as many as there can be. */
static bool same_steps(Check *check)
{
    int token[POSITIONS + 1];
    bool same = true;
    Rng rng;

    rng_seed(&rng, 1);
    gpt_draw(&check->gpt, &rng, settings_deviation(&check->settings), check->value);
    fused_load(&check->fused, check->value, check->m, check->v);
    for (int step = 0; same && step < STEPS; step++) {
        for (int i = 0; i <= POSITIONS; i++)
            token[i] = (int)rng_below(&rng, VOCAB);
        same = same_step(check, token, 1 + step * (POSITIONS - 1) / (STEPS - 1), step);
    }
    return same;
}

bool fused_check_steps(const FusedKernels *kernels, bool plain)
{
    Check check;
    bool same = check_open(&check, kernels, plain) && same_steps(&check);

    check_close(&check);
    return same;
}
