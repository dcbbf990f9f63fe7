#include "app/beginning.h"

#include "engine/sys.h"
#include <stdio.h>
#include <string.h>

/* ---- copies ---------------------------------------------------------------------------------- */

static void *copy_of(const void *from, size_t count, size_t size)
{
    void *copy = sys_alloc(count > 0 ? count : 1, size);

    if (copy && from && count > 0)
        memcpy(copy, from, count * size);
    return copy;
}

static bool is_whole(const Checkpoint *saved)
{
    return saved->character && saved->value && saved->m && saved->v && saved->grad && saved->loss;
}

/* The arrays of a saved run, each from where it stands. grad may be NULL: all are 0. */
static Checkpoint *make(const Settings *settings, const Corpus *corpus, const Rng *rng,
                        int64_t step, int32_t params, const double *value, const double *m,
                        const double *v, const double *grad, const double *loss)
{
    const size_t count = (size_t)params;
    Checkpoint *saved = sys_alloc(1, sizeof *saved);

    if (!saved)
        return NULL;
    *saved = (Checkpoint){.settings = *settings,
                          .step = step,
                          .character = copy_of(corpus->character, (size_t)corpus->characters,
                                               sizeof *corpus->character),
                          .characters = corpus->characters,
                          .rng = *rng,
                          .documents = corpus->count,
                          .value = copy_of(value, count, sizeof *value),
                          .m = copy_of(m, count, sizeof *m),
                          .v = copy_of(v, count, sizeof *v),
                          .grad = copy_of(grad, count, sizeof *grad),
                          .loss = copy_of(loss, (size_t)step, sizeof *loss),
                          .params = params};
    if (is_whole(saved))
        return saved;
    checkpoint_release(saved);
    sys_free(saved);
    return NULL;
}

static void name_data(Beginning *beginning, const char *data)
{
    snprintf(beginning->data, sizeof beginning->data, "%s", data);
}

bool beginning_make(Beginning *beginning, const Session *fresh, int64_t step, const double *numbers,
                    Error *error)
{
    const Trainer *trainer = &fresh->trainer;
    const size_t count = (size_t)trainer->gpt.params;

    *beginning = (Beginning){.settings = trainer->settings};
    name_data(beginning, fresh->data);
    beginning->saved =
        make(&trainer->settings, &fresh->corpus, &trainer->rng, step, trainer->gpt.params, numbers,
             numbers + count, numbers + 2 * count, numbers + 3 * count, numbers + 4 * count);
    return beginning->saved || error_set(error, "out of memory for a branch");
}

int64_t beginning_numbers(const Beginning *beginning)
{
    return beginning->saved ? 4 * (int64_t)beginning->saved->params + beginning->saved->step : 0;
}

void beginning_write(const Beginning *beginning, double *numbers)
{
    const Checkpoint *saved = beginning->saved;
    const double *const parts[] = {saved->value, saved->m, saved->v, saved->grad};
    const size_t count = (size_t)saved->params;

    for (size_t i = 0; i < 4; i++)
        memcpy(numbers + i * count, parts[i], count * sizeof *numbers);
    if (saved->step > 0)
        memcpy(numbers + 4 * count, saved->loss, (size_t)saved->step * sizeof *numbers);
}

bool beginning_keep(Beginning *beginning, const Session *session, Error *error)
{
    const History *history = &session->history;
    const Trainer *trainer = &session->trainer;
    const double *frame = history->frame;
    const int32_t params = trainer->gpt.params;

    *beginning = (Beginning){.settings = history->settings};
    name_data(beginning, session->data);
    if (moment_compare(history->begin, (Moment){0, PHASE_DONE, 0}) == 0)
        return true;
    beginning->saved =
        make(&history->settings, &session->corpus, &trainer->rng, history->begin.step, params,
             frame, frame + params, frame + 2 * (size_t)params, history->carried, trainer->loss);
    return beginning->saved || error_set(error, "out of memory for a branch");
}

bool beginning_copy(Beginning *copy, const Beginning *of, Error *error)
{
    const Checkpoint *saved = of->saved;

    *copy = (Beginning){.settings = of->settings};
    name_data(copy, of->data);
    if (!saved)
        return true;
    const Corpus alphabet = {
        .character = saved->character, .characters = saved->characters, .count = saved->documents};
    copy->saved = make(&of->settings, &alphabet, &saved->rng, saved->step, saved->params,
                       saved->value, saved->m, saved->v, saved->grad, saved->loss);
    return copy->saved || error_set(error, "out of memory for a branch");
}

void beginning_release(Beginning *beginning)
{
    if (beginning->saved)
        checkpoint_release(beginning->saved);
    sys_free(beginning->saved);
    beginning->saved = NULL;
}

/* ---- the same? ------------------------------------------------------------------------------- */

static bool same_settings(const Settings *a, const Settings *b)
{
    for (int part = SETTING_RUN; part <= SETTING_WRITING; part++)
        if (!settings_same_part(a, b, (SettingPart)part))
            return false;
    return true;
}

static bool same_numbers(const double *a, const double *b, int64_t count)
{
    return count == 0 || memcmp(a, b, (size_t)count * sizeof *a) == 0;
}

bool beginning_same(const Beginning *a, const Beginning *b)
{
    const Checkpoint *one = a->saved, *other = b->saved;

    if (!same_settings(&a->settings, &b->settings) || strcmp(a->data, b->data) != 0 ||
        !one != !other)
        return false;
    return !one || (one->step == other->step && one->params == other->params &&
                    same_numbers(one->value, other->value, one->params) &&
                    same_numbers(one->m, other->m, one->params) &&
                    same_numbers(one->v, other->v, one->params) &&
                    same_numbers(one->grad, other->grad, one->params));
}

bool beginning_is_of(const Beginning *beginning, const Session *session)
{
    const History *history = &session->history;
    const Checkpoint *saved = beginning->saved;

    if (!same_settings(&beginning->settings, &history->settings) ||
        strcmp(beginning->data, session->data) != 0)
        return false;
    if (!saved)
        return moment_compare(history->begin, (Moment){0, PHASE_DONE, 0}) == 0;
    return saved->step == history->begin.step &&
           moment_compare(history->begin, (Moment){0, PHASE_DONE, 0}) != 0 &&
           saved->params == session->trainer.gpt.params &&
           same_numbers(saved->value, history->frame, saved->params);
}

/* ---- again ----------------------------------------------------------------------------------- */

bool beginning_open(const Beginning *beginning, const Corpus *documents, Session *session,
                    Error *error)
{
    if (!session_init_again(session, &beginning->settings, documents, beginning->saved, error))
        return false;
    memcpy(session->data, beginning->data, sizeof session->data);
    return true;
}
