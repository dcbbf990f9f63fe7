#include "app/edited.h"

#include "engine/sys.h"
#include "engine/tangent.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the second trainer ---------------------------------------------------------------------- */

static void release_step(EditedStep *step)
{
    if (!step)
        return;
    if (step->runs)
        history_release(&step->history);
    trainer_release(&step->trainer);
    sys_free(step->corpus.order);
    sys_free(step);
}

void edited_release(Edited *edited, Contrast *contrast)
{
    if (edited->step && contrast->other.trainer == &edited->step->trainer)
        *contrast = (Contrast){.exact = false};
    release_step(edited->step);
    *edited = (Edited){.on = false};
}

/* A trainer of the same documents in the same order: trainer_init shuffles an order of its own as
 * the run's was. */
static bool init_trainer(EditedStep *step, const Trainer *run, const Settings *settings,
                         Error *error)
{
    step->corpus = *run->corpus;
    step->corpus.order = sys_alloc((size_t)run->corpus->count, sizeof *step->corpus.order);
    if (!step->corpus.order)
        return error_set(error, "out of memory");
    for (int64_t i = 0; i < run->corpus->count; i++)
        step->corpus.order[i] = (uint32_t)i;
    if (!trainer_init(&step->trainer, settings, &step->corpus, error))
        return false;
    memcpy(step->trainer.loss, run->loss, (size_t)run->settings.steps * sizeof *run->loss);
    return true;
}

/* Puts it where the step of the change begins: between two steps where the run stands there, else
 * before the first operation, with what the history kept of that moment. */
static void put_at_begin(EditedStep *step, const History *history, Moment at)
{
    const Trainer *run = history->trainer;
    const size_t params = (size_t)run->gpt.params;
    const double *start = history->start, *grad = run->grad;

    if (at.phase == PHASE_DONE) {
        trainer_restore(&step->trainer, at.step, run->value, run->m, run->v);
        step->trainer.at = at;
    } else {
        trainer_restore(&step->trainer, at.step, start, start + params, start + 2 * params);
        grad = start + 3 * params;
    }
    if (at.phase != PHASE_DONE || !run->settings.zero_grad)
        memcpy(step->trainer.grad, grad, params * sizeof *grad);
}

/* Changes that were made before in the same step, and stay. */
static bool is_of_step(const Event *event, int64_t step)
{
    return moment_compare(event->at, (Moment){step, PHASE_DONE, 0}) > 0 &&
           moment_compare(event->at, (Moment){step + 1, PHASE_DONE, 0}) <= 0;
}

static bool init_step(EditedStep *step, const History *history, Moment at, Error *error)
{
    const Moment begin = {at.step, PHASE_DONE, 0};
    const Settings settings = history_settings_at(history, begin);

    if (!init_trainer(step, history->trainer, &settings, error))
        return false;
    put_at_begin(step, history, at);
    step->runs = history_init(&step->history, &step->trainer, 0, error);
    for (int i = 0; step->runs && i < history->events; i++)
        if (is_of_step(&history->event[i], at.step) &&
            !history_plan(&step->history, history->event[i], error))
            return false;
    return step->runs;
}

/* Goes through the whole step once, for its loss and the slope. */
static void look_ahead(Edited *edited)
{
    const Trainer *trainer = &edited->step->trainer;
    const bool of_loss = edited->kind == EVENT_VALUE &&
                         (edited->at.phase == PHASE_DONE || edited->at.phase == PHASE_FORWARD);
    double *scratch;

    if (edited->at.step >= trainer->settings.steps ||
        !history_seek(&edited->step->history, (Moment){edited->at.step, PHASE_UPDATE, 0}))
        return;
    edited->loss = trainer->value[trainer->loss_node];
    if (!of_loss || edited->index >= trainer->tape.count)
        return;
    edited->slope = trainer->grad[edited->index];
    scratch = sys_alloc((size_t)trainer->loss_node + 1, sizeof *scratch);
    if (scratch)
        edited->foretold = tangent_probe(&trainer->tape, trainer->value, edited->index,
                                         edited->after, trainer->loss_node, scratch);
    sys_free(scratch);
}

static double number_of(const Trainer *trainer, EventKind kind, int32_t index)
{
    switch (kind) {
    case EVENT_VALUE:
        return trainer->value[index];
    case EVENT_GRAD:
        return trainer->grad[index];
    case EVENT_M:
        return trainer->m[index];
    case EVENT_V:
        return trainer->v[index];
    case EVENT_TOKEN:
        return trainer->token[index];
    default:
        return settings_get(&trainer->settings, &settings_table[index]);
    }
}

bool edited_take(Edited *edited, const Session *session, const char *name, EventKind kind,
                 int32_t index, double after)
{
    const History *history = &session->history;
    Error error;

    *edited = (Edited){.kind = kind,
                       .index = index,
                       .before = number_of(&session->trainer, kind, index),
                       .after = after,
                       .at = history_origin(history, kind, index),
                       .loss = NAN,
                       .slope = NAN,
                       .foretold = NAN};
    snprintf(edited->name, sizeof edited->name, "%s", name);
    edited->step = sys_alloc(1, sizeof *edited->step);
    if (edited->step && init_step(edited->step, history, edited->at, &error)) {
        look_ahead(edited);
        return true;
    }
    release_step(edited->step);
    edited->step = NULL;
    return false;
}

void edited_begin(Edited *edited, const Session *session)
{
    edited->on = edited->step != NULL;
    edited->changes = session->changes;
}

/* Where one number in so many has changed, each needs less of a mark. */
enum { FAINT = 4 };

/* ---- following the run ----------------------------------------------------------------------- */

bool edited_holds(const Edited *edited, const Session *session)
{
    const Moment now = session->trainer.at, end = {edited->at.step + 1, PHASE_DONE, 0};

    return edited->on && edited->changes == session->changes &&
           moment_compare(now, edited->at) >= 0 && moment_compare(now, end) <= 0;
}

bool edited_is_here(const Edited *edited, const Session *session)
{
    return edited_holds(edited, session) &&
           moment_compare(edited->step->trainer.at, session->trainer.at) == 0;
}

bool edited_lags(const Edited *edited, const Session *session)
{
    return edited->step && (edited->changes != session->changes ||
                            (edited_holds(edited, session) && !edited_is_here(edited, session) &&
                             !trainer_failed(&edited->step->trainer)));
}

void edited_follow(Edited *edited, const Session *session, Contrast *contrast, int64_t operations)
{
    if (!edited->step)
        return;
    if (edited->changes != session->changes) {
        edited_release(edited, contrast);
        return;
    }
    if (edited_lags(edited, session))
        history_approach(&edited->step->history, session->trainer.at, operations);
    *contrast = (Contrast){.exact = true, .name = "before"};
    if (!edited_is_here(edited, session))
        return;
    const EditedCount values = edited_spread(edited, &session->trainer).values;
    contrast->faint = FAINT * values.changed > values.all;
    contrast->other = (Scope){.trainer = &edited->step->trainer, .history = &edited->step->history};
}

void edited_settle(Edited *edited, const Session *session, Contrast *contrast)
{
    do
        edited_follow(edited, session, contrast, INT64_MAX);
    while (edited_lags(edited, session));
}

/* ---- what has changed ------------------------------------------------------------------------ */

static bool differ(double a, double b)
{
    return memcmp(&a, &b, sizeof a) != 0;
}

static EditedCount count(const double *a, const double *b, int64_t from, int64_t to)
{
    EditedCount count = {.all = to - from};

    for (int64_t i = from; i < to; i++)
        count.changed += differ(a[i], b[i]);
    return count;
}

/* Nodes that are computed. */
static int32_t known(const Trainer *trainer)
{
    int32_t node = trainer->tape.count;

    if (trainer->at.phase == PHASE_FORWARD)
        return trainer->gpt.params + (int32_t)trainer->at.n;
    return trainer_has_value(trainer, node - 1) ? node : trainer->gpt.params;
}

static void find_ends(EditedSpread *spread, const Trainer *before, const Trainer *now, int32_t end)
{
    double most = -1;

    for (int32_t node = now->gpt.params; node < end; node++) {
        const double a = before->value[node], b = now->value[node], size = fabs(b - a);
        if (!differ(a, b))
            continue;
        spread->first = spread->first < 0 ? node : spread->first;
        spread->last = node;
        if (size > most || !(size <= most)) {
            most = size;
            spread->most = node;
            spread->before = a;
            spread->after = b;
        }
    }
}

EditedSpread edited_spread(const Edited *edited, const Trainer *now)
{
    const Trainer *before = &edited->step->trainer;
    const int32_t params = now->gpt.params, here = known(now), there = known(before);
    const int32_t end = here < there ? here : there;
    EditedSpread spread = {.first = -1, .last = -1, .most = -1};

    spread.params = count(before->value, now->value, 0, params);
    if (!gpt_same_graph(&before->gpt.options, &now->gpt.options))
        return spread;
    spread.values = count(before->value, now->value, params, end);
    if (trainer_has_grad(now) && trainer_has_grad(before) && end > params)
        spread.grads = count(before->grad, now->grad, 0, end);
    find_ends(&spread, before, now, end);
    return spread;
}

double edited_loss_now(const Edited *edited, const Trainer *now)
{
    const bool known = now->tape_step == edited->at.step && trainer_has_value(now, now->loss_node);

    return known ? now->value[now->loss_node] : edited->foretold;
}
