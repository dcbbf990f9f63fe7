#include "engine/skip.h"

#include <assert.h>

/* With the documents as they are in the file. */
static bool begins_step(const Trainer *trainer)
{
    const Moment at = trainer->at;

    return at.phase == PHASE_DONE || (at.phase == PHASE_FORWARD && at.n == 0 && !trainer->retold);
}

/* A step can begin with gradients that an event left; only the tape goes on from them. */
static bool begins_with_gradients(const Trainer *trainer)
{
    if (trainer->at.phase == PHASE_DONE)
        return false;
    for (int32_t i = 0; i < trainer->gpt.params; i++)
        if (trainer->grad[i] != 0)
            return true;
    return false;
}

bool skip_can(Trainer *trainer)
{
    return fused_can(&trainer->settings) && fused_ready(&trainer->fused);
}

bool skip_begin(Trainer *trainer)
{
    if (!begins_step(trainer) || trainer_finished(trainer) || begins_with_gradients(trainer) ||
        !skip_can(trainer))
        return false;
    fused_load(&trainer->fused, trainer->value, trainer->m, trainer->v);
    return true;
}

bool skip_to(Trainer *trainer, int64_t step)
{
    const int limit = trainer->gpt.block_size + 1;

    assert(step <= trainer->settings.steps);
    while (trainer->at.step < step) {
        int64_t now = trainer->at.step;
        int positions =
            corpus_tokens(trainer->corpus, now % trainer->corpus->count, trainer->token, limit) - 1;
        if (!fused_step(&trainer->fused, trainer->token, positions, &trainer->settings, now,
                        &trainer->loss[now]))
            return false;
        trainer->at.step++;
    }
    return true;
}

void skip_keep(const Trainer *trainer, double *value, double *m, double *v)
{
    fused_store(&trainer->fused, value, m, v);
}

void skip_end(Trainer *trainer)
{
    fused_store(&trainer->fused, trainer->value, trainer->m, trainer->v);
    trainer_stand(trainer, trainer->at.step);
}
