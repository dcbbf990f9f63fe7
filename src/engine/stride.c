#include "engine/stride.h"

#include <string.h>

const UnitInfo stride_units[UNIT_COUNT] = {
    [UNIT_OPERATION] = {"operation", 0, 8},
    [UNIT_BLOCK] = {"block", 0, 8},
    [UNIT_POSITION] = {"position", 0, 6},
    [UNIT_PHASE] = {"phase", 0, 4},
    [UNIT_STEP] = {"step", 1, 30},
    [UNIT_10_STEPS] = {"10 steps", 10, 30},
    [UNIT_100_STEPS] = {"100 steps", 100, 30},
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

static bool has_inputs(const Tape *tape, int32_t node)
{
    return tape_ops[tape->node[node].op].inputs > 0;
}

/* The node of order[i] or of the nearest one before it (or, upwards, after it) that has inputs; -1
 * if there is none. */
static int32_t visit_down(const Tape *tape, int32_t i)
{
    while (i >= 0 && !has_inputs(tape, tape->order[i]))
        i--;
    return i;
}

static int32_t visit_up(const Tape *tape, int32_t i)
{
    while (i < tape->order_count && !has_inputs(tape, tape->order[i]))
        i++;
    return i < tape->order_count ? i : -1;
}

int32_t stride_next_node(const Trainer *trainer)
{
    Moment at = trainer->at;
    int32_t i;

    switch (at.phase) {
    case PHASE_FORWARD:
        return trainer->gpt.params + (int32_t)at.n;
    case PHASE_BACKWARD:
        i = visit_down(&trainer->tape, trainer->cursor - 1);
        return i < 0 ? -1 : trainer->tape.order[i];
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
    const Span *span = gpt_span(&trainer->gpt, place);
    int64_t visits = 0;

    for (int32_t i = trainer->tape.order_count; span && i-- > 0;) {
        int32_t node = trainer->tape.order[i];
        if (!has_inputs(&trainer->tape, node))
            continue;
        if (node >= span->first && node < span->end)
            return visits;
        visits++;
    }
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
    int32_t i =
        direction > 0 ? visit_down(tape, trainer->cursor - 1) : visit_up(tape, trainer->cursor);
    int32_t first = i < 0 ? -1 : tape->order[i];
    int64_t visits = 0;

    for (; i >= 0 && (visits == 0 || same_group(trainer, unit, first, tape->order[i])); visits++)
        i = direction > 0 ? visit_down(tape, i - 1) : visit_up(tape, i + 1);
    return visits;
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
