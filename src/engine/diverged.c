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

/* The input to which the visit of a node hands something that is not finite, though its own
 * gradient is; -1: there is none. */
static int32_t spoilt_input(const Trainer *trainer, int32_t node)
{
    const Tape *tape = &trainer->tape;

    for (int k = 0; k < tape_ops[tape->node[node].op].inputs; k++)
        if (tape_hands_on(tape, node, k) &&
            !isfinite(tape_slope(tape, trainer->value, node, k) * trainer->grad[node]))
            return tape_input(tape, node, k);
    return -1;
}

/* A gradient is whole when its node is visited: where no share of it was infinite, the sum was. */
static bool find_grad(const Trainer *trainer, Diverged *found)
{
    const Tape *tape = &trainer->tape;
    int64_t visits = 0;

    for (int32_t i = tape->order_count; trainer_has_grad(trainer) && i-- > 0;) {
        int32_t node = tape->order[i];
        bool whole = !isfinite(trainer->grad[node]);
        int32_t spoilt = whole ? node : spoilt_input(trainer, node);
        if (spoilt >= 0 && !isfinite(trainer->grad[spoilt])) {
            *found = (Diverged){.kind = DIVERGED_GRAD,
                                .at = moment_after(trainer, PHASE_BACKWARD, visits + !whole),
                                .node = spoilt,
                                .number = trainer->grad[spoilt]};
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

/* The first step whose parameters are not finite as it begins; those of `bad` are not. */
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
    if (bad == history->begin.step) {
        history_seek(history, (Moment){bad, PHASE_FORWARD, 0});
        return diverged_here(history);
    }
    /* Before the updates parameters are still those that slopes are made of. */
    history_seek(history, (Moment){bad - 1, PHASE_UPDATE, 0});
    found = diverged_here(history);
    if (found.kind != DIVERGED_NOWHERE)
        return found;
    history_seek(history, (Moment){bad, PHASE_DONE, 0});
    return diverged_here(history);
}
