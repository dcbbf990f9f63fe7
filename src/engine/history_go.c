/* Going to a moment as it was written. */
#include "engine/history.h"
#include "engine/stride.h"

/* The moment of a place, in the step whose document is on the tape. */
static bool find_place(const Trainer *trainer, const MomentName *name, Moment *at, Error *error)
{
    const Span *span = gpt_span(&trainer->gpt, name->place);
    char place[96];

    place_name(name->place, place, sizeof place);
    if (!span)
        return error_set(error, "step %lld has no place %s: its text has %d positions",
                         (long long)name->at.step, place, trainer->positions);
    *at = name->at;
    at->n = name->at.phase == PHASE_FORWARD ? span->first - trainer->gpt.params
                                            : stride_visits_before(trainer, name->place);
    return at->n >= 0 || error_set(error, "the backward pass of step %lld does not visit %s",
                                   (long long)name->at.step, place);
}

static bool go(History *history, const MomentName *name, Error *error)
{
    const Trainer *trainer = history->trainer;
    Moment at = name->at;

    if (name->at_end)
        at = (Moment){trainer->settings.steps, PHASE_DONE, 0};
    if (at.step > trainer->settings.steps ||
        (at.step == trainer->settings.steps && at.phase != PHASE_DONE))
        return error_set(error, "step %lld: the run has %lld steps", (long long)at.step,
                         (long long)trainer->settings.steps);
    if (moment_compare(at, history->begin) < 0 && !name->at_place)
        return error_set(error, "the run was loaded at step %lld: what came before is not known",
                         (long long)history->begin.step);
    if (name->at_place && (!history_seek(history, (Moment){at.step, PHASE_FORWARD, 0}) ||
                           !find_place(trainer, name, &at, error)))
        return false;
    if (!history_seek(history, at))
        return error_set(error, "the run stops at step %lld: its loss is not a number",
                         (long long)trainer->at.step + 1);
    if (at.phase != PHASE_DONE && at.phase != trainer->at.phase &&
        at.n != trainer_phase_length(trainer, at.phase))
        return error_set(error, "%s.%lld: this phase of step %lld has %lld operations",
                         phase_names[at.phase], (long long)at.n, (long long)at.step,
                         (long long)trainer_phase_length(trainer, at.phase));
    return true;
}

bool history_go(History *history, const MomentName *name, Error *error)
{
    Moment before = history->trainer->at;

    if (go(history, name, error))
        return true;
    history_seek(history, before);
    return false;
}
