#include "engine/basis.h"

#include <string.h>

bool basis_is_overwritten(const Trainer *trainer)
{
    return trainer->at.phase == PHASE_UPDATE || trainer->tape_step < trainer->at.step;
}

bool basis_is_updated(const Trainer *trainer, int32_t i)
{
    return trainer->tape_step < trainer->at.step ||
           (trainer->at.phase == PHASE_UPDATE && i < trainer->at.n);
}

/* A change of a parameter that the forward or the backward pass on the tape has seen. Earlier ones
 * are in history->start, later ones came after all was computed. */
static bool is_seen_by_tape(const History *history, const Event *event)
{
    return event->kind == EVENT_VALUE && event->index < history->trainer->gpt.params &&
           event->at.step == history->trainer->tape_step &&
           (event->at.phase == PHASE_FORWARD || event->at.phase == PHASE_BACKWARD);
}

void basis_params(const History *history, double *value)
{
    const Trainer *trainer = history->trainer;
    const double *from = basis_is_overwritten(trainer) ? history->start : trainer->value;

    memcpy(value, from, (size_t)trainer->gpt.params * sizeof *value);
    for (int i = 0; from == history->start && i < history->applied; i++)
        if (is_seen_by_tape(history, &history->event[i]))
            value[history->event[i].index] = history->event[i].number;
}

/* A parameter's number of a kind as its update finds it: what the step began with, or what it was
 * changed to since. */
static double before_update(const History *history, EventKind kind, int32_t i, double number)
{
    const Moment update = {history->trainer->tape_step, PHASE_UPDATE, i};

    for (int e = 0; e < history->applied; e++) {
        const Event *event = &history->event[e];
        if (event->kind == kind && event->index == i && event->at.step == update.step &&
            event->at.phase != PHASE_DONE && moment_compare(event->at, update) <= 0)
            number = event->number;
    }
    return number;
}

double basis_before_update(const History *history, int32_t i)
{
    return before_update(history, EVENT_VALUE, i, history->start[i]);
}

double basis_m(const History *history, int32_t i)
{
    return before_update(history, EVENT_M, i, history->start[history->trainer->gpt.params + i]);
}

double basis_v(const History *history, int32_t i)
{
    return before_update(history, EVENT_V, i, history->start[2 * history->trainer->gpt.params + i]);
}

double basis_carried(const History *history, int32_t i)
{
    return history->start[3 * history->trainer->gpt.params + i];
}

Settings basis_settings(const History *history, Moment at)
{
    Settings settings = history->settings;

    for (int i = 0; i < history->applied; i++) {
        const Event *event = &history->event[i];
        if (event->kind == EVENT_SETTING && moment_compare(event->at, at) <= 0)
            settings_set(&settings, &settings_table[event->index], event->number);
    }
    return settings;
}

/* Nodes and gradients begin anew with every document. */
static bool is_of_tape(const History *history, const Event *event)
{
    int64_t step = history->trainer->tape_step;

    return event->at.phase == PHASE_DONE ? event->at.step == step + 1 : event->at.step == step;
}

const Event *basis_change(const History *history, EventKind kind, int32_t index)
{
    bool lasts = kind == EVENT_VALUE && index < history->trainer->gpt.params;

    for (int i = history->applied; i-- > 0;) {
        const Event *event = &history->event[i];
        if (event->kind == kind && event->index == index && (lasts || is_of_tape(history, event)))
            return event;
    }
    return NULL;
}
