#include "app/quantity.h"

#include "engine/basis.h"
#include "engine/words.h"

const QuantityInfo quantities[QUANTITY_COUNT] = {
    [QUANTITY_VALUE] = {N_("value"), N_("the number itself"), FOCUS_VALUE, true},
    [QUANTITY_GRADIENT] = {N_("gradient"), N_("how the loss changes with it"), FOCUS_GRAD, true},
    [QUANTITY_M] = {"m", N_("running mean of its gradient"), FOCUS_M, true},
    [QUANTITY_V] = {"v", N_("running mean of the gradient squared"), FOCUS_V, false},
    [QUANTITY_UPDATE] = {N_("update"), N_("what this step takes away from it"), FOCUS_UPDATE, true},
    [QUANTITY_CHANGE] = {N_("change"), N_("how far it has come"), FOCUS_VALUE, true},
};

static bool changes_within_update(const History *history)
{
    for (int i = 0; i < history->applied; i++) {
        const Event *event = &history->event[i];
        if (event->kind == EVENT_SETTING && event->at.phase == PHASE_UPDATE &&
            event->at.step == history->trainer->tape_step)
            return true;
    }
    return false;
}

static AdamStep step_of(const History *history, int32_t i)
{
    const int64_t step = history->trainer->tape_step;
    Settings settings = basis_settings(history, (Moment){step, PHASE_UPDATE, i});

    return adam_step(&settings, step);
}

Quantities quantities_of(const App *app)
{
    const History *history = &app->session.history;

    return (Quantities){.trainer = &app->session.trainer,
                        .history = history,
                        .base = since_base(&app->since, history),
                        .graded = trainer_has_grad(&app->session.trainer),
                        .varies = changes_within_update(history),
                        .step = step_of(history, 0)};
}

AdamStep quantity_step(const Quantities *from, int32_t i)
{
    return from->varies ? step_of(from->history, i) : from->step;
}

static bool read_update(const Quantities *from, int32_t i, double *number)
{
    const Trainer *trainer = from->trainer;

    if (!basis_is_updated(trainer, i))
        return false;
    AdamStep step = quantity_step(from, i);
    *number = adam_terms_after(&step, trainer->grad[i], trainer->m[i], trainer->v[i]).update;
    return true;
}

bool quantity_read(const Quantities *from, Quantity which, int32_t i, double *number)
{
    const Trainer *trainer = from->trainer;

    switch (which) {
    case QUANTITY_GRADIENT:
        *number = trainer->grad[i];
        return from->graded;
    case QUANTITY_M:
        *number = trainer->m[i];
        return adam_uses(quantity_step(from, i).optimizer, ADAM_M);
    case QUANTITY_V:
        *number = trainer->v[i];
        return adam_uses(quantity_step(from, i).optimizer, ADAM_V);
    case QUANTITY_UPDATE:
        return read_update(from, i, number);
    case QUANTITY_CHANGE:
        *number = trainer->value[i] - from->base[i];
        return true;
    default:
        *number = trainer->value[i];
        return true;
    }
}

Focus quantity_focus(Quantity which, int32_t i)
{
    return (Focus){.kind = quantities[which].focus, .index = i};
}

int32_t quantity_parameter(const Trainer *trainer, Focus focus)
{
    bool named = focus.kind >= FOCUS_VALUE && focus.kind <= FOCUS_UPDATE && !focus.own;

    if (focus.kind == FOCUS_RATE && focus.entry == QUANTITY_RATE_OF)
        named = true;

    return named && focus.index >= 0 && focus.index < trainer->gpt.params ? focus.index : -1;
}
