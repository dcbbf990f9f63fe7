#include "engine/diverged.h"

#include "engine/basis.h"
#include <assert.h>
#include <math.h>

/* Nodes computed on the way that take about a second or two. */
#define WORK_LIMIT 2e8

/* ---- in one step ----------------------------------------------------------------------------- */

/* The first of `count` numbers that is not finite, or -1. */
static int32_t first_of(const double *number, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        if (!isfinite(number[i]))
            return i;
    return -1;
}

/* The moment after n operations of a phase of the step on the tape, by its right name. */
static Moment moment_after(const Trainer *trainer, Phase phase, int64_t n)
{
    if (n < trainer_phase_length(trainer, phase))
        return (Moment){trainer->tape_step, phase, n};
    if (phase == PHASE_UPDATE)
        return (Moment){trainer->tape_step + 1, PHASE_DONE, 0};
    return (Moment){trainer->tape_step, (Phase)(phase + 1), 0};
}

static Diverged at_value(const Trainer *trainer, const double *start, int32_t node)
{
    Diverged found = {.kind = DIVERGED_VALUE,
                      .at = moment_after(trainer, PHASE_FORWARD, node + 1 - trainer->gpt.params),
                      .node = node,
                      .number = trainer->value[node]};

    for (int k = 0; k < tape_ops[trainer->tape.node[node].op].inputs; k++) {
        found.input[k] = tape_input(&trainer->tape, node, k);
        found.given[k] = found.input[k] < trainer->gpt.params && basis_is_overwritten(trainer)
                             ? start[found.input[k]]
                             : trainer->value[found.input[k]];
        found.inputs++;
    }
    return found;
}

static bool find_value(const Trainer *trainer, const double *start, Diverged *found)
{
    for (int32_t i = trainer->gpt.params; i < trainer->tape.count; i++) {
        if (!trainer_has_value(trainer, i))
            return false;
        if (!isfinite(trainer->value[i])) {
            *found = at_value(trainer, start, i);
            return true;
        }
    }
    return false;
}

/* In the order of visits each node comes after all its users: its gradient is whole then. */
static bool find_grad(const Trainer *trainer, Diverged *found)
{
    const Tape *tape = &trainer->tape;
    int64_t visits = 0;

    for (int32_t i = tape->order_count; trainer_has_grad(trainer) && i-- > 0;) {
        int32_t node = tape->order[i];
        if (!isfinite(trainer->grad[node])) {
            *found = (Diverged){.kind = DIVERGED_GRAD,
                                .at = moment_after(trainer, PHASE_BACKWARD, visits),
                                .node = node,
                                .number = trainer->grad[node]};
            return true;
        }
        visits += tape_ops[tape->node[node].op].inputs > 0;
    }
    return false;
}

static bool find_before(const Trainer *trainer, const double *start, Diverged *found)
{
    int32_t i = first_of(start, trainer->gpt.params);

    if (i >= 0)
        *found = (Diverged){.kind = DIVERGED_BEFORE,
                            .at = {trainer->tape_step, PHASE_FORWARD, 0},
                            .node = i,
                            .number = start[i]};
    return i >= 0;
}

static bool find_update(const Trainer *trainer, Diverged *found)
{
    int32_t i = first_of(trainer->value, trainer->gpt.params);

    if (i < 0 || !basis_is_updated(trainer, i))
        return false;
    *found = (Diverged){.kind = DIVERGED_UPDATE,
                        .at = moment_after(trainer, PHASE_UPDATE, i + 1),
                        .node = i,
                        .number = trainer->value[i]};
    return true;
}

/* start: the parameters as the step on the tape began. */
static Diverged find(const Trainer *trainer, const double *start)
{
    Diverged found = {.kind = DIVERGED_NOWHERE, .at = trainer->at, .node = -1};

    if (!find_before(trainer, start, &found) && !find_value(trainer, start, &found) &&
        !find_grad(trainer, &found))
        find_update(trainer, &found);
    return found;
}

/* What the reader set in this step, if that came first. */
static Diverged by_hand(const History *history, Diverged found)
{
    for (int i = 0; i < history->applied; i++) {
        const Event *event = &history->event[i];
        if (event->kind != EVENT_SETTING && !isfinite(event->number) &&
            event->at.step == history->trainer->tape_step &&
            moment_compare(event->at, found.at) <= 0)
            return (Diverged){.kind = DIVERGED_BY_HAND,
                              .at = event->at,
                              .node = event->index,
                              .number = event->number};
    }
    return found;
}

Diverged diverged_here(const History *history)
{
    return by_hand(history, find(history->trainer, history->start));
}

Diverged diverged_failed(const Trainer *trainer)
{
    assert(trainer_failed(trainer));
    return find(trainer, trainer->value);
}

/* ---- in the whole run ------------------------------------------------------------------------ */

static bool is_finite_at(History *history, int64_t step)
{
    const Trainer *trainer = history->trainer;

    history_seek(history, (Moment){step, PHASE_FORWARD, 0});
    return first_of(trainer->value, trainer->gpt.params) < 0;
}

/* The first step up to `bad` whose parameters are not finite as it begins; those of `bad` are not. */
static int64_t first_bad_step(History *history, int64_t bad)
{
    int64_t good = history->begin.step - 1;

    while (bad - good > 1) {
        int64_t middle = good + (bad - good) / 2;
        if (is_finite_at(history, middle))
            good = middle;
        else
            bad = middle;
    }
    return bad;
}

static bool can_look(const History *history)
{
    double seek = (double)history->spacing * history->trainer->tape.count;

    return seek * log2((double)history->trainer->at.step + 2) < WORK_LIMIT;
}

Diverged diverged_seek(History *history)
{
    Diverged found = diverged_here(history);

    if (found.kind != DIVERGED_BEFORE || found.at.step == history->begin.step || !can_look(history))
        return found;
    int64_t bad = first_bad_step(history, found.at.step);
    /* the step before made it, if there is one */
    history_seek(history, (Moment){bad, bad > history->begin.step ? PHASE_DONE : PHASE_FORWARD, 0});
    return diverged_here(history);
}
