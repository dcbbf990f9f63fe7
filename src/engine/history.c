#include "engine/history_inside.h"

#include "engine/skip.h"
#include "engine/sys.h"
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

bool history_carry(History *history, Error *error)
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
        !history->undone || (!trainer->settings.zero_grad && !history_carry(history, error))) {
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
        if (event->index == trainer->loss_node && trainer->tape_step < trainer->settings.steps)
            trainer->loss[trainer->tape_step] = event->number;
        break;
    case EVENT_GRAD:
        trainer->grad[event->index] = event->number;
        break;
    case EVENT_SETTING:
        settings_set(&trainer->settings, &settings_table[event->index], event->number);
        break;
    case EVENT_M:
        trainer->m[event->index] = event->number;
        break;
    case EVENT_V:
        trainer->v[event->index] = event->number;
        break;
    case EVENT_TOKEN:
        trainer_set_token(trainer, event->index, (int)event->number);
        break;
    default:
        break;
    }
}

void history_apply_due(History *history)
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

void history_forget_after(History *history, Moment at)
{
    for (int64_t k = 1; k < history->frames; k++)
        if (moment_compare((Moment){history->begin.step + k * history->spacing, PHASE_FORWARD, 0},
                           at) > 0)
            history->taken[k] = 0;
}

void history_go_before(History *history, Moment at)
{
    go_to_frame(history, frame_before(history, base_step(history, at)));
    history_apply_due(history);
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
    history_apply_due(history);
}

/* Forwards, a keyframe that lies between saves running what comes before it. */
static void skip_forward(History *history, Moment target)
{
    int64_t k = frame_before(history, base_step(history, target));

    if (history->begin.step + k * history->spacing > history->trainer->at.step) {
        go_to_frame(history, k);
        history_apply_due(history);
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
    history_apply_due(history);
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
    history_apply_due(history);
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

/* ---- from a saved run ------------------------------------------------------------------------ */

void history_adopt(History *history, int64_t step, const double *value, const double *m,
                   const double *v, const double *grad)
{
    Trainer *trainer = history->trainer;

    recall_events(history, (Moment){step, PHASE_FORWARD, 0});
    trainer_restore(trainer, step, value, m, v);
    memcpy(trainer->grad, grad, (size_t)trainer->gpt.params * sizeof *grad);
    keep_start(history);
    history_apply_due(history);
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
    sha256_update(&sha, ((size_t)trainer->positions + 1) * sizeof *trainer->token,
                  (const uint8_t *)trainer->token);
    sha256_digest(&sha, 32, digest);
}
