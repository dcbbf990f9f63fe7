/* A change where it belongs: just after the operation that made the number. */
#include "engine/history.h"
#include "engine/stride.h"

/* ---- where it belongs ------------------------------------------------------------------------ */

/* Of the step whose document is on the tape. */
static Moment begin_of_step(const Trainer *trainer)
{
    return (Moment){trainer->tape_step, PHASE_FORWARD, 0};
}

/* A parameter that the pass on the tape computes with and that no update has replaced since. */
static bool is_computed_with(const Trainer *trainer, int32_t i)
{
    return trainer->at.phase != PHASE_DONE &&
           !(trainer->at.phase == PHASE_UPDATE && i < trainer->at.n);
}

static Moment value_origin(const Trainer *trainer, int32_t node)
{
    const int64_t n = node + 1 - trainer->gpt.params;

    if (node < trainer->gpt.params)
        return is_computed_with(trainer, node) ? begin_of_step(trainer) : trainer->at;
    if (n == trainer_phase_length(trainer, PHASE_FORWARD))
        return (Moment){trainer->tape_step, PHASE_BACKWARD, 0};
    return (Moment){trainer->tape_step, PHASE_FORWARD, n};
}

/* Visits before that of a node; -1: it is never visited, it has no inputs. */
static int64_t visits_before(const Trainer *trainer, int32_t node)
{
    for (int32_t i = 0; i < trainer->tape.order_count; i++)
        if (trainer->tape.order[i] == node)
            return trainer->tape.order_count - 1 - i;
    return -1;
}

/* What is handed on is complete as the node is visited; of one without inputs, at the end. */
static Moment grad_origin(const Trainer *trainer, int32_t node)
{
    const int64_t visits = visits_before(trainer, node);
    const Moment origin = visits >= 0 ? (Moment){trainer->tape_step, PHASE_BACKWARD, visits}
                                      : (Moment){trainer->tape_step, PHASE_UPDATE, 0};

    return moment_compare(origin, trainer->at) < 0 ? origin : trainer->at;
}

Moment history_origin(const History *history, EventKind kind, int32_t index)
{
    const Trainer *trainer = history->trainer;
    const bool between = trainer->at.phase == PHASE_DONE;

    switch (kind) {
    case EVENT_VALUE:
        return value_origin(trainer, index);
    case EVENT_GRAD:
        return grad_origin(trainer, index);
    case EVENT_TOKEN:
        return begin_of_step(trainer);
    case EVENT_SETTING:
        return settings_table[index].part == SETTING_GRAPH && !between ? begin_of_step(trainer)
                                                                       : trainer->at;
    default:
        return trainer->at;
    }
}

/* ---- there and back -------------------------------------------------------------------------- */

/* Where one stood in a graph that may become another: a place, and how far into it. */
typedef struct Stand {
    Moment at;
    Place place;
    int64_t into;
} Stand;

static Stand stand_of(const Trainer *trainer)
{
    Stand stand = {.at = trainer->at, .place = {PART_COUNT, -1, -1, -1}};
    const int32_t node = trainer->gpt.params + (int32_t)trainer->at.n;
    const Span *span = trainer->at.phase == PHASE_FORWARD ? gpt_span_of(&trainer->gpt, node) : NULL;

    if (trainer->at.phase == PHASE_BACKWARD && trainer->cursor > 0)
        span = gpt_span_of(&trainer->gpt, trainer->tape.order[trainer->cursor - 1]);
    if (!span)
        return stand;
    stand.place = span->place;
    stand.into = trainer->at.phase == PHASE_FORWARD
                     ? node - span->first
                     : trainer->at.n - stride_visits_before(trainer, span->place);
    return stand;
}

static int64_t at_most(int64_t n, int64_t limit)
{
    return n < limit ? n : limit;
}

/* The same place in the graph as it is now, or where it would be. */
static Moment moment_of(const Trainer *trainer, const Stand *stand)
{
    const bool placed = stand->place.part != PART_COUNT;
    const Span *span = placed ? gpt_span(&trainer->gpt, stand->place) : NULL;
    Moment at = stand->at;

    if (!span)
        return at;
    if (at.phase == PHASE_FORWARD) {
        at.n = span->first - trainer->gpt.params + at_most(stand->into, span->end - span->first);
        return at;
    }
    const int64_t visits = stride_visits_before(trainer, stand->place);
    at.n = visits < 0 ? at_most(at.n, trainer->tape.order_count)
                      : at_most(visits + stand->into, trainer->tape.order_count);
    return at;
}

bool history_revise(History *history, EventKind kind, int32_t index, double number, Moment *at,
                    Error *error)
{
    const Stand stand = stand_of(history->trainer);

    if (!history_has_number(history->trainer, kind, index, error))
        return false;
    *at = history_origin(history, kind, index);
    history_seek(history, *at);
    const bool made = history_edit(history, kind, index, number, error);
    if (!made)
        history_seek(history, stand.at);
    else if (moment_compare(*at, stand.at) < 0)
        history_seek(history, moment_of(history->trainer, &stand));
    return made;
}
