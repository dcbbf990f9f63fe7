#include "engine/stride.h"

#include "engine/words.h"
#include <string.h>

const UnitInfo stride_units[UNIT_COUNT] = {
    [UNIT_OPERATION] = {N_("operation"), 0, 8},
    [UNIT_BLOCK] = {N_("block"), 0, 8},
    [UNIT_POSITION] = {N_("position"), 0, 6},
    [UNIT_PHASE] = {N_("phase"), 0, 4},
    [UNIT_STEP] = {N_("step"), 1, 30},
    [UNIT_10_STEPS] = {N_("10 steps"), 10, 30},
    [UNIT_100_STEPS] = {N_("100 steps"), 100, 30},
};

Unit stride_find(const char *name)
{
    int unit = 0;

    if (strcmp(name, "10") == 0)
        return UNIT_10_STEPS;
    if (strcmp(name, "100") == 0)
        return UNIT_100_STEPS;
    while (unit < UNIT_COUNT && strcmp(stride_units[unit].name, name) != 0)
        unit++;
    return (Unit)unit;
}

/* ---- what an operation works on -------------------------------------------------------------- */

int32_t stride_next_node(const Trainer *trainer)
{
    Moment at = trainer->at;

    switch (at.phase) {
    case PHASE_FORWARD:
        return trainer->gpt.params + (int32_t)at.n;
    case PHASE_BACKWARD:
        return trainer->cursor > 0 ? trainer->tape.order[trainer->cursor - 1] : -1;
    case PHASE_UPDATE:
        return (int32_t)at.n;
    default:
        return -1;
    }
}

/* Whether two nodes belong to one unit of what is smaller than a phase. */
static bool same_group(const Trainer *trainer, Unit unit, int32_t a, int32_t b)
{
    const Span *x = gpt_span_of(&trainer->gpt, a), *y = gpt_span_of(&trainer->gpt, b);

    if (unit == UNIT_OPERATION || !x || !y)
        return false;
    return unit == UNIT_POSITION ? x->place.pos == y->place.pos : x == y;
}

int64_t stride_visits_before(const Trainer *trainer, Place place)
{
    const Tape *tape = &trainer->tape;
    const Span *span = gpt_span(&trainer->gpt, place);

    for (int32_t i = tape->order_count; span && i-- > 0;)
        if (tape->order[i] >= span->first && tape->order[i] < span->end)
            return tape->order_count - 1 - i;
    return -1;
}

/* ---- within a phase: how many operations to the end of the group, or back to its beginning --- */

static int64_t forward_nodes(const Trainer *trainer, Unit unit, int direction)
{
    int32_t first = trainer->gpt.params + (int32_t)trainer->at.n - (direction < 0), node = first;

    while (node >= trainer->gpt.params && node < trainer->tape.count &&
           (node == first || same_group(trainer, unit, first, node)))
        node += direction;
    return direction > 0 ? node - first : first - node;
}

static int64_t backward_visits(const Trainer *trainer, Unit unit, int direction)
{
    const Tape *tape = &trainer->tape;
    const int32_t first = trainer->cursor - (direction > 0);
    int32_t i = first;

    while (i >= 0 && i < tape->order_count &&
           (i == first || same_group(trainer, unit, tape->order[first], tape->order[i])))
        i -= direction;
    return direction > 0 ? first - i : i - first;
}

static int64_t updates(const Trainer *trainer, Unit unit, int direction)
{
    int32_t i = (int32_t)trainer->at.n - (direction < 0);
    const Tensor *tensor = gpt_tensor_of(&trainer->gpt, i);

    if (unit == UNIT_OPERATION)
        return 1;
    if (unit == UNIT_POSITION)
        return direction > 0 ? trainer->gpt.params - i : i + 1;
    return direction > 0 ? tensor->first + tensor->rows * tensor->cols - i : i + 1 - tensor->first;
}

static int64_t operations(const Trainer *trainer, Unit unit, int direction)
{
    switch (trainer->at.phase) {
    case PHASE_FORWARD:
        return forward_nodes(trainer, unit, direction);
    case PHASE_BACKWARD:
        return backward_visits(trainer, unit, direction);
    case PHASE_UPDATE:
        return updates(trainer, unit, direction);
    default:
        return 0;
    }
}

/* ---- forwards -------------------------------------------------------------------------------- */

static Moment end_of_phase(const Trainer *trainer)
{
    Moment at = trainer->at;

    switch (at.phase) {
    case PHASE_FORWARD:
        return (Moment){at.step, PHASE_BACKWARD, 0};
    case PHASE_BACKWARD:
        return (Moment){at.step, PHASE_UPDATE, 0};
    case PHASE_UPDATE:
        return (Moment){at.step + 1, PHASE_DONE, 0};
    default:
        return (Moment){at.step, PHASE_FORWARD, 0};
    }
}

Moment stride_forward(const Trainer *trainer, Unit unit)
{
    const int64_t steps = trainer->settings.steps;
    Moment at = trainer->at;

    if (at.step == steps)
        return at;
    if (stride_units[unit].steps > 0) {
        int64_t to = at.step + stride_units[unit].steps;
        return (Moment){to < steps ? to : steps, PHASE_DONE, 0};
    }
    if (at.phase == PHASE_DONE || unit == UNIT_PHASE)
        return end_of_phase(trainer);
    at.n += operations(trainer, unit, 1);
    return at.n >= trainer_phase_length(trainer, at.phase) ? end_of_phase(trainer) : at;
}

/* ---- backwards ------------------------------------------------------------------------------- */

/* The last operation before the beginning of a phase, or the beginning of the phase before it. */
static Moment before_phase(const Trainer *trainer, Unit unit)
{
    Moment at = trainer->at;
    Phase before = at.phase == PHASE_DONE ? PHASE_UPDATE : (Phase)(at.phase - 1);

    if (before == PHASE_DONE)
        return (Moment){at.step, PHASE_DONE, 0};
    if (at.phase == PHASE_DONE)
        at.step--;
    if (unit == UNIT_PHASE)
        return (Moment){at.step, before, 0};

    Trainer there = *trainer; /* only looked at: how far the last group of that phase reaches */
    there.at = (Moment){at.step, before, trainer_phase_length(trainer, before)};
    there.cursor = 0;
    there.at.n -= operations(&there, unit, -1);
    return there.at;
}

Moment stride_back(const Trainer *trainer, Unit unit)
{
    Moment at = trainer->at;

    if (stride_units[unit].steps > 0) {
        int64_t to = at.phase == PHASE_DONE ? at.step - stride_units[unit].steps
                                            : at.step - stride_units[unit].steps + 1;
        return (Moment){to > 0 ? to : 0, PHASE_DONE, 0};
    }
    if (at.step == 0 && at.phase == PHASE_DONE)
        return at;
    if (at.n == 0)
        return before_phase(trainer, unit);
    if (unit == UNIT_PHASE)
        return (Moment){at.step, at.phase, 0};
    at.n -= operations(trainer, unit, -1);
    return at;
}
