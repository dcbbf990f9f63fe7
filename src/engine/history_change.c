/* What the reader changes: events put on the line, taken back, made again. */
#include "engine/history_inside.h"

#include <string.h>

static void insert_event(History *history, Event event)
{
    int i = history->events++;

    for (; i > 0 && moment_compare(history->event[i - 1].at, event.at) > 0; i--)
        history->event[i] = history->event[i - 1];
    history->event[i] = event;
    history_forget_after(history, event.at);
}

static bool may_set(const Trainer *trainer, const Event *event, Error *error)
{
    const SettingInfo *info = &settings_table[event->index];
    Moment at = event->at;
    Settings settings = trainer->settings;

    if (info->part == SETTING_RUN)
        return error_set(error, "%s makes the run: it can only be given at the start", info->name);
    if (!settings_allows(info, event->number))
        return error_set(error, "%s cannot be %.17g", info->name, event->number);
    if (info->part == SETTING_GRAPH &&
        !(at.phase == PHASE_DONE || (at.phase == PHASE_FORWARD && at.n == 0)))
        return error_set(error,
                         "%s shapes the graph of a step: it can change between two steps only, "
                         "such as at %lld or %lld",
                         info->name, (long long)at.step, (long long)at.step + 1);
    settings_set(&settings, info, event->number);
    return settings_check(&settings, error);
}

/* What is indexed: a number of the tape, of a parameter, a setting, a token. */
static int32_t index_end(const Trainer *trainer, EventKind kind)
{
    switch (kind) {
    case EVENT_VALUE:
    case EVENT_GRAD:
        return trainer->tape.capacity;
    case EVENT_M:
    case EVENT_V:
        return trainer->gpt.params;
    case EVENT_SETTING:
        return settings_count;
    case EVENT_TOKEN:
        return trainer->gpt.block_size + 1;
    default:
        return 0;
    }
}

static bool no_number(int32_t index, Error *error)
{
    return error_set(error, "there is no number %d to change", (int)index);
}

bool history_has_number(const Trainer *trainer, EventKind kind, int32_t index, Error *error)
{
    const bool of_tape = kind == EVENT_VALUE || kind == EVENT_GRAD;

    if (index < 0 || index >= index_end(trainer, kind) ||
        (of_tape && index >= trainer->tape.count) ||
        (kind == EVENT_TOKEN && index > trainer->positions))
        return no_number(index, error);
    if ((kind == EVENT_VALUE && !trainer_has_value(trainer, index)) ||
        (kind == EVENT_GRAD && !trainer_has_grad(trainer)))
        return error_set(error, "what is not computed yet cannot be changed");
    return true;
}

static bool may_retell(const Trainer *trainer, const Event *event, Error *error)
{
    if (!(event->number >= 0 && event->number < trainer->gpt.vocab) ||
        event->number != (int)event->number)
        return error_set(error, "there is no token %.17g: they are numbered from 0 to %d",
                         event->number, trainer->gpt.vocab - 1);
    return (event->at.phase == PHASE_FORWARD && event->at.n == 0) ||
           error_set(error,
                     "a token can change before the first operation of its step only: at "
                     "%lld.forward.0",
                     (long long)event->at.step);
}

static bool may_change(const History *history, const Event *event, Error *error)
{
    const Trainer *trainer = history->trainer;

    if (history->events == HISTORY_EVENTS)
        return error_set(error, "more than %d changes: undo some first", HISTORY_EVENTS);
    if (event->index < 0 || event->index >= index_end(trainer, event->kind))
        return no_number(event->index, error);
    if (event->kind == EVENT_TOKEN)
        return may_retell(trainer, event, error);
    return event->kind != EVENT_SETTING || may_set(trainer, event, error);
}

/* Room for what an event brings with it. */
static bool make_room(History *history, const Event *event, Error *error)
{
    const SettingInfo *zero_grad = settings_find("zero_grad");

    return event->kind != EVENT_SETTING || &settings_table[event->index] != zero_grad ||
           history_carry(history, error);
}

/* An event that may happen is put on the line. */
static bool add_event(History *history, Event event, Error *error)
{
    if (!make_room(history, &event, error))
        return false;
    event.serial = ++history->serial;
    insert_event(history, event);
    history_apply_due(history);
    return true;
}

bool history_edit(History *history, EventKind kind, int32_t index, double number, Error *error)
{
    Trainer *trainer = history->trainer;
    Event event = {trainer->at, kind, index, number, 0};

    if (!history_has_number(trainer, kind, index, error) || !may_change(history, &event, error) ||
        !add_event(history, event, error))
        return false;
    history->undos = 0;
    return true;
}

/* A moment as it may come from a file. */
static bool is_ahead(const Trainer *trainer, Moment at)
{
    return at.step <= trainer->settings.steps && at.phase >= PHASE_DONE && at.phase < PHASE_COUNT &&
           at.n >= 0 && moment_compare(at, trainer->at) >= 0;
}

bool history_allows(History *history, const Event *event, Error *error)
{
    if (!is_ahead(history->trainer, event->at))
        return error_set(error, "a change at a moment that this run does not reach");
    return may_change(history, event, error) && make_room(history, event, error);
}

bool history_plan(History *history, Event event, Error *error)
{
    return history_allows(history, &event, error) && add_event(history, event, error);
}

bool history_undo(History *history, Moment *at)
{
    int last = 0;

    if (history->events == 0)
        return false;
    for (int i = 1; i < history->events; i++)
        if (history->event[i].serial > history->event[last].serial)
            last = i;
    Event event = history->event[last];
    history->events--;
    memmove(&history->event[last], &history->event[last + 1],
            (size_t)(history->events - last) * sizeof *history->event);
    history->undone[history->undos++] = event;
    history_forget_after(history, event.at);
    history->applied = 0; /* what has happened is found anew from a frame before the change */
    *at = event.at;
    history_go_before(history, event.at);
    return history_seek(history, event.at);
}

bool history_redo(History *history, Moment *at)
{
    if (history->undos == 0)
        return false;
    Event event = history->undone[--history->undos];
    *at = event.at;
    history_seek(history, event.at);
    insert_event(history, event);
    history_apply_due(history);
    return true;
}

Settings history_settings_at(const History *history, Moment at)
{
    Settings settings = history->settings;

    for (int i = 0; i < history->events && moment_compare(history->event[i].at, at) <= 0; i++)
        if (history->event[i].kind == EVENT_SETTING)
            settings_set(&settings, &settings_table[history->event[i].index],
                         history->event[i].number);
    return settings;
}
