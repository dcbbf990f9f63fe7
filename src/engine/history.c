#include "engine/history.h"

#include "engine/skip.h"
#include "engine/stride.h"
#include "engine/sys.h"
#include <assert.h>
#include <nettle/sha2.h>
#include <string.h>

/* ---- beginning and end ----------------------------------------------------------------------- */

static size_t frame_numbers(const History *history)
{
    return 3 * (size_t)history->trainer->gpt.params;
}

/* As many frames as fit in bytes, evenly spaced over the run; at least the one it begins with. */
static void plan_frames(History *history, size_t bytes)
{
    int64_t steps = history->trainer->settings.steps - history->begin.step + 1;
    int64_t room = (int64_t)(bytes / (frame_numbers(history) * sizeof(double)));

    room = room < 1 ? 1 : room;
    history->spacing = (steps + room - 1) / room;
    history->frames = (steps + history->spacing - 1) / history->spacing;
}

/* Keeps parameters, m, v and gradients as a step begins, or puts them back. */
static void keep(const Trainer *trainer, double *frame)
{
    size_t params = (size_t)trainer->gpt.params;

    memcpy(frame, trainer->value, params * sizeof *frame);
    memcpy(frame + params, trainer->m, params * sizeof *frame);
    memcpy(frame + 2 * params, trainer->v, params * sizeof *frame);
    memcpy(frame + 3 * params, trainer->grad, params * sizeof *frame);
}

static void put_back(Trainer *trainer, int64_t step, const double *frame, const double *carried)
{
    size_t params = (size_t)trainer->gpt.params;

    trainer_restore(trainer, step, frame, frame + params, frame + 2 * params);
    if (carried)
        memcpy(trainer->grad, carried, params * sizeof *carried);
}

/* Room for the gradients that steps begin with, from when they are not always 0. */
static bool carry(History *history, Error *error)
{
    size_t params = (size_t)history->trainer->gpt.params;

    if (!history->carried)
        history->carried = sys_alloc((size_t)history->frames, params * sizeof(double));
    return history->carried || error_set(error, "out of memory for going back in time");
}

/* The trainer stands before the first operation of a step: what it began with is kept, and a
 * keyframe if one is due. */
static void keep_start(History *history)
{
    int64_t distance = history->trainer->at.step - history->begin.step,
            k = distance / history->spacing;

    keep(history->trainer, history->start);
    if (distance % history->spacing == 0 && k < history->frames && !history->taken[k]) {
        size_t params = (size_t)history->trainer->gpt.params;
        memcpy(history->frame + (size_t)k * frame_numbers(history), history->start,
               frame_numbers(history) * sizeof(double));
        if (history->carried)
            memcpy(history->carried + (size_t)k * params, history->start + 3 * params,
                   params * sizeof(double));
        history->taken[k] = 1;
    }
}

bool history_init(History *history, Trainer *trainer, size_t bytes, Error *error)
{
    *history = (History){.trainer = trainer, .settings = trainer->settings, .begin = trainer->at};
    plan_frames(history, bytes);
    history->frame = sys_alloc((size_t)history->frames, frame_numbers(history) * sizeof(double));
    history->taken = sys_alloc((size_t)history->frames, 1);
    history->start = sys_alloc(4 * (size_t)trainer->gpt.params, sizeof(double));
    history->event = sys_alloc(HISTORY_EVENTS, sizeof *history->event);
    history->undone = sys_alloc(HISTORY_EVENTS, sizeof *history->undone);
    if (!history->frame || !history->taken || !history->start || !history->event ||
        !history->undone || (!trainer->settings.zero_grad && !carry(history, error))) {
        history_release(history);
        return error_set(error, "out of memory for going back in time");
    }
    keep_start(history);
    return true;
}

void history_release(History *history)
{
    sys_free(history->frame);
    sys_free(history->taken);
    sys_free(history->carried);
    sys_free(history->start);
    sys_free(history->event);
    sys_free(history->undone);
    *history = (History){0};
}

/* ---- events ---------------------------------------------------------------------------------- */

static void apply(Trainer *trainer, const Event *event)
{
    switch (event->kind) {
    case EVENT_VALUE:
        trainer->value[event->index] = event->number;
        break;
    case EVENT_GRAD:
        trainer->grad[event->index] = event->number;
        break;
    case EVENT_SETTING:
        settings_set(&trainer->settings, &settings_table[event->index], event->number);
        break;
    }
}

/* Lets everything happen that is due at the trainer's moment. */
static void apply_due(History *history)
{
    Moment at = history->trainer->at;

    while (history->applied < history->events &&
           moment_compare(history->event[history->applied].at, at) <= 0)
        apply(history->trainer, &history->event[history->applied++]);
    trainer_settle(history->trainer);
}

/* With the numbers of a frame put back at a moment: what had happened before it. Numbers are in the
 * frame, settings are not. */
static void recall_events(History *history, Moment at)
{
    Trainer *trainer = history->trainer;

    trainer->settings = history->settings;
    history->applied = 0;
    while (history->applied < history->events &&
           moment_compare(history->event[history->applied].at, at) < 0) {
        if (history->event[history->applied].kind == EVENT_SETTING)
            apply(trainer, &history->event[history->applied]);
        history->applied++;
    }
}

static bool has_events_in(const History *history, int64_t step)
{
    for (int i = 0; i < history->events; i++)
        if (history->event[i].at.step == step && history->event[i].at.phase != PHASE_DONE)
            return true;
    return false;
}

/* ---- going back ------------------------------------------------------------------------------ */

/* The step that must be run, at least in part, to stand at a moment: between two steps it is the
 * one just finished. */
static int64_t base_step(const History *history, Moment target)
{
    if (target.phase == PHASE_DONE && target.step > history->begin.step)
        return target.step - 1;
    return target.step;
}

/* The last keyframe that is there and not after step. */
static int64_t frame_before(const History *history, int64_t step)
{
    int64_t k = (step - history->begin.step) / history->spacing;

    k = k < history->frames ? k : history->frames - 1;
    while (!history->taken[k]) /* the first always is */
        k--;
    return k;
}

/* The first keyframe is of the moment where history begins, the others are of the first operation
 * of a step. Settings come first: they shape the document that is laid out. */
static void go_to_frame(History *history, int64_t k)
{
    Trainer *trainer = history->trainer;
    const size_t params = (size_t)trainer->gpt.params;
    const double *frame = history->frame + (size_t)k * frame_numbers(history);
    const double *carried = history->carried ? history->carried + (size_t)k * params : NULL;
    int64_t step = history->begin.step + k * history->spacing;

    recall_events(history, k == 0 ? history->begin : (Moment){step, PHASE_FORWARD, 0});
    put_back(trainer, step, frame, carried);
    if (k == 0)
        trainer->at = history->begin;
    keep(trainer, history->start);
}

/* Back within the step on the tape: its values are still there, unless something was changed in
 * it. */
static void go_back_in_step(History *history, Moment target)
{
    Trainer *trainer = history->trainer;
    bool whole = trainer->at.phase != PHASE_FORWARD, replay = has_events_in(history, target.step);

    recall_events(history, (Moment){trainer->tape_step, PHASE_FORWARD, 0});
    put_back(trainer, trainer->tape_step, history->start,
             history->start + 3 * (size_t)trainer->gpt.params);
    if (replay || (!whole && target.phase != PHASE_FORWARD))
        return;
    recall_events(history, target);
    trainer_rewind(trainer, target);
}

/* Stands at or before target, as near as can be had without running anything. */
static void rewind_to(History *history, Moment target)
{
    Trainer *trainer = history->trainer;

    if (moment_compare(target, history->begin) <= 0) {
        go_to_frame(history, 0);
    } else if (target.phase != PHASE_DONE && target.step == trainer->tape_step) {
        go_back_in_step(history, target);
    } else {
        go_to_frame(history, frame_before(history, base_step(history, target)));
    }
    apply_due(history);
}

/* Forwards, a keyframe that lies between saves running what comes before it. */
static void skip_forward(History *history, Moment target)
{
    int64_t k = frame_before(history, base_step(history, target));

    if (history->begin.step + k * history->spacing > history->trainer->at.step) {
        go_to_frame(history, k);
        apply_due(history);
    }
}

/* ---- going forward --------------------------------------------------------------------------- */

/* Operations from the trainer's moment to `to`, or to the end of the phase under way where that
 * comes first: a phase may be shorter than what was asked for. */
static int64_t distance_in_phase(const Trainer *trainer, Moment to)
{
    Moment at = trainer->at;
    int64_t left = trainer_phase_length(trainer, at.phase) - at.n;

    if (at.phase == PHASE_DONE)
        return 1;
    if (to.step == at.step && to.phase == at.phase && to.n - at.n < left)
        return to.n - at.n;
    return left;
}

/* Operations of the tape in the time of one by the fused kernels, about. */
enum { FUSED_GAIN = 30 };

/* Runs towards target, at most to the next event, and lets that happen. */
static int64_t run(History *history, Moment target, int64_t operations)
{
    Trainer *trainer = history->trainer;
    Moment stop = target;

    if (history->applied < history->events &&
        moment_compare(history->event[history->applied].at, target) < 0)
        stop = history->event[history->applied].at;
    int64_t distance = distance_in_phase(trainer, stop);
    int64_t done = trainer_advance(trainer, operations < distance ? operations : distance);
    if (trainer->at.phase == PHASE_FORWARD && trainer->at.n == 0)
        keep_start(history);
    apply_due(history);
    return done;
}

/* The step before which whole steps must end on the way to target: the step that one wants to stand
 * in, or look back at from its end, or in which something happens. */
static int64_t last_whole_step(const History *history, Moment target)
{
    int64_t step = base_step(history, target);

    if (history->applied < history->events) {
        Moment event = history->event[history->applied].at;
        bool begins = event.phase == PHASE_DONE || (event.phase == PHASE_FORWARD && event.n == 0);
        int64_t before = event.step - begins;
        step = before < step ? before : step;
    }
    return step;
}

/* The first step from `step` on that a keyframe is due before. */
static int64_t next_frame(const History *history, int64_t step)
{
    int64_t k = (step - history->begin.step + history->spacing - 1) / history->spacing;

    while (k < history->frames && history->taken[k])
        k++;
    return k < history->frames ? history->begin.step + k * history->spacing : INT64_MAX;
}

/* Runs whole steps towards target without the tape, taking the keyframes that are due. Each counts
 * as the operations that the tape runs in that time. Returns how many. */
static int64_t run_whole_steps(History *history, Moment target, int64_t operations)
{
    Trainer *trainer = history->trainer;
    const int64_t first = trainer->at.step, cost = 1 + trainer->tape.count / FUSED_GAIN;
    const int64_t params = trainer->gpt.params, most = first + 1 + operations / cost;
    int64_t end = last_whole_step(history, target);
    bool finite = true;

    end = end < most ? end : most;
    if (end - first < 2 || !skip_begin(trainer))
        return 0;
    while (finite && trainer->at.step < end) {
        int64_t frame = next_frame(history, trainer->at.step + 1);
        finite = skip_to(trainer, frame < end ? frame : end);
        if (trainer->at.step == frame && frame < end) {
            int64_t k = (frame - history->begin.step) / history->spacing;
            double *numbers = history->frame + (size_t)k * frame_numbers(history);
            skip_keep(trainer, numbers, numbers + params, numbers + 2 * params);
            if (history->carried)
                memset(history->carried + k * params, 0, (size_t)params * sizeof(double));
            history->taken[k] = 1;
        }
    }
    skip_end(trainer);
    keep_start(history);
    apply_due(history);
    return (trainer->at.step - first) * cost;
}

Approach history_approach(History *history, Moment target, int64_t operations)
{
    Trainer *trainer = history->trainer;

    if (moment_compare(target, trainer->at) < 0)
        rewind_to(history, target);
    else
        skip_forward(history, target);
    operations -= run_whole_steps(history, target, operations);
    while (operations > 0 && moment_compare(trainer->at, target) < 0) {
        int64_t done = run(history, target, operations);
        if (done == 0)
            return APPROACH_STOPPED;
        operations -= done;
        if (trainer->at.phase == PHASE_DONE)
            break;
    }
    return moment_compare(trainer->at, target) < 0 ? APPROACH_MOVING : APPROACH_ARRIVED;
}

bool history_seek(History *history, Moment target)
{
    Approach approach;

    do
        approach = history_approach(history, target, INT64_MAX);
    while (approach == APPROACH_MOVING);
    return approach == APPROACH_ARRIVED;
}

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

/* ---- changing -------------------------------------------------------------------------------- */

/* Keyframes after a change are of another run. */
static void forget_after(History *history, Moment at)
{
    for (int64_t k = 1; k < history->frames; k++)
        if (moment_compare((Moment){history->begin.step + k * history->spacing, PHASE_FORWARD, 0},
                           at) > 0)
            history->taken[k] = 0;
}

static void insert_event(History *history, Event event)
{
    int i = history->events++;

    for (; i > 0 && moment_compare(history->event[i - 1].at, event.at) > 0; i--)
        history->event[i] = history->event[i - 1];
    history->event[i] = event;
    forget_after(history, event.at);
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

static bool may_change(const History *history, const Event *event, Error *error)
{
    const Trainer *trainer = history->trainer;
    int32_t end = event->kind == EVENT_SETTING ? settings_count : trainer->tape.capacity;

    if (history->events == HISTORY_EVENTS)
        return error_set(error, "more than %d changes: undo some first", HISTORY_EVENTS);
    if (event->kind < EVENT_VALUE || event->kind > EVENT_SETTING || event->index < 0 ||
        event->index >= end)
        return error_set(error, "there is no number %d to change", (int)event->index);
    return event->kind != EVENT_SETTING || may_set(trainer, event, error);
}

/* An event that may happen is put on the line. */
static bool add_event(History *history, Event event, Error *error)
{
    const SettingInfo *zero_grad = settings_find("zero_grad");

    if (event.kind == EVENT_SETTING && &settings_table[event.index] == zero_grad &&
        !carry(history, error))
        return false;
    event.serial = ++history->serial;
    insert_event(history, event);
    apply_due(history);
    return true;
}

bool history_edit(History *history, EventKind kind, int32_t index, double number, Error *error)
{
    Trainer *trainer = history->trainer;
    Event event = {trainer->at, kind, index, number, 0};

    if (!may_change(history, &event, error))
        return false;
    if (kind != EVENT_SETTING && index >= trainer->tape.count)
        return error_set(error, "there is no number %d to change", (int)index);
    if ((kind == EVENT_VALUE && !trainer_has_value(trainer, index)) ||
        (kind == EVENT_GRAD && !trainer_has_grad(trainer)))
        return error_set(error, "what is not computed yet cannot be changed");
    if (!add_event(history, event, error))
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

bool history_plan(History *history, Event event, Error *error)
{
    if (!is_ahead(history->trainer, event.at))
        return error_set(error, "a change at a moment that this run does not reach");
    return may_change(history, &event, error) && add_event(history, event, error);
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
    forget_after(history, event.at);
    history->applied = 0; /* what has happened is found anew from a frame before the change */
    *at = event.at;
    go_to_frame(history, frame_before(history, base_step(history, event.at)));
    apply_due(history);
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
    apply_due(history);
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

/* ---- the state in one number ----------------------------------------------------------------- */

static void add_numbers(struct sha256_ctx *sha, const double *number, size_t count)
{
    sha256_update(sha, count * sizeof *number, (const uint8_t *)number);
}

void history_digest(const History *history, uint8_t digest[32])
{
    const Trainer *trainer = history->trainer;
    size_t params = (size_t)trainer->gpt.params, count = params;
    struct sha256_ctx sha;

    sha256_init(&sha);
    while (count < (size_t)trainer->tape.count && trainer_has_value(trainer, (int32_t)count))
        count++;
    add_numbers(&sha, trainer->value, count);
    if (trainer_has_grad(trainer))
        add_numbers(&sha, trainer->grad, (size_t)trainer->tape.count);
    else if (!trainer->settings.zero_grad)
        add_numbers(&sha, trainer->grad, params);
    add_numbers(&sha, trainer->m, params);
    add_numbers(&sha, trainer->v, params);
    sha256_update(&sha, sizeof trainer->settings, (const uint8_t *)&trainer->settings);
    sha256_update(&sha, sizeof trainer->rng.word, (const uint8_t *)trainer->rng.word);
    sha256_update(&sha, sizeof trainer->tape_step, (const uint8_t *)&trainer->tape_step);
    sha256_digest(&sha, 32, digest);
}
