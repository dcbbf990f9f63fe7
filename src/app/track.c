#include "app/track.h"

#include "engine/sys.h"
#include <math.h>
#include <string.h>

/* ---- memory ---------------------------------------------------------------------------------- */

void track_open(Track *track, const History *history)
{
    const int64_t steps = history->trainer->settings.steps;
    const int32_t params = history->trainer->gpt.params;
    int64_t room = (int64_t)(TRACK_BYTES / ((size_t)params * sizeof *track->sample));

    if (track->samples > 0)
        return;
    room = room < 1 ? 1 : room > TRACK_LIMIT ? TRACK_LIMIT : room;
    track->spacing = (steps + room - 1) / room;
    track->samples = (steps + track->spacing - 1) / track->spacing;
    track->params = params;
    track->sample = sys_alloc((size_t)track->samples, (size_t)params * sizeof *track->sample);
    track->known = sys_alloc((size_t)track->samples, 1);
    track->failed = !track->sample || !track->known;
}

static void release_twin(Track *track)
{
    TrackTwin *twin = track->twin;

    if (!twin)
        return;
    if (twin->runs)
        history_release(&twin->history);
    trainer_release(&twin->trainer);
    sys_free(twin->corpus.order);
    sys_free(twin);
    track->twin = NULL;
}

void track_release(Track *track)
{
    release_twin(track);
    sys_free(track->sample);
    sys_free(track->known);
    *track = (Track){.samples = 0};
}

/* ---- samples --------------------------------------------------------------------------------- */

static bool is_of(const Track *track, const History *history)
{
    return track->serial == history->serial && track->events == history->events &&
           track->undos == history->undos && track->params == history->trainer->gpt.params;
}

/* After a change by hand nothing that is kept holds. */
static void follow(Track *track, const History *history)
{
    if (is_of(track, history))
        return;
    release_twin(track);
    memset(track->known, 0, (size_t)track->samples);
    track->serial = history->serial;
    track->events = history->events;
    track->undos = history->undos;
}

/* The sample of the step that a trainer has just done, or -1. */
static int64_t sample_of(const Track *track, const Trainer *trainer)
{
    bool between = trainer->at.phase == PHASE_DONE && trainer->tape_step < trainer->at.step;

    return between && trainer->tape_step % track->spacing == 0 ? trainer->tape_step / track->spacing
                                                               : -1;
}

static void take(Track *track, const Trainer *trainer)
{
    int64_t k = sample_of(track, trainer);
    float *row = track->sample + k * track->params;

    if (k < 0 || track->known[k])
        return;
    for (int32_t i = 0; i < track->params; i++)
        row[i] = (float)trainer->grad[i];
    track->known[k] = 1;
}

void track_record(Track *track, const History *history)
{
    if (track->samples == 0 || track->failed)
        return;
    follow(track, history);
    take(track, history->trainer);
}

/* Samples that have happened at the run's moment: their step's gradients were whole once its update
 * began, and a sample is taken when it is done. */
static int64_t samples_before(const Track *track, Moment at)
{
    return (at.step + track->spacing - 1) / track->spacing;
}

double track_gradient(const Track *track, const History *history, int64_t k, int32_t parameter)
{
    if (track->failed || !is_of(track, history) || k >= track->samples ||
        k >= samples_before(track, history->trainer->at) || !track->known[k])
        return NAN;
    return track->sample[k * track->params + parameter];
}

/* ---- curves ---------------------------------------------------------------------------------- */

static void curve_of_samples(const Track *track, const History *history, int32_t parameter,
                             TrackCurve *curve)
{
    const int64_t before = track->samples > 0 ? samples_before(track, history->trainer->at) : 0;

    *curve = (TrackCurve){.first = 1, .spacing = track->samples > 0 ? (double)track->spacing : 1};
    curve->count = (int)(before < track->samples ? before : track->samples);
    for (int k = 0; k < curve->count; k++)
        curve->number[k] = track_gradient(track, history, k, parameter);
}

/* Of the keyframes so many that they fit. */
static void curve_of_frames(const History *history, TrackOf of, int32_t parameter,
                            TrackCurve *curve)
{
    const size_t params = (size_t)history->trainer->gpt.params;
    const size_t at = (of == TRACK_M ? params : of == TRACK_V ? 2 * params : 0) + (size_t)parameter;
    const int64_t every = (history->frames + TRACK_LIMIT - 1) / TRACK_LIMIT;
    const int64_t steps = history->trainer->at.step - history->begin.step;

    *curve = (TrackCurve){.first = (double)history->begin.step,
                          .spacing = (double)(every * history->spacing)};
    for (int64_t k = 0; k < history->frames && k * history->spacing <= steps; k += every)
        curve->number[curve->count++] =
            history->taken[k] ? history->frame[(size_t)k * 3 * params + at] : NAN;
}

void track_curve(const Track *track, const History *history, TrackOf of, int32_t parameter,
                 TrackCurve *curve)
{
    if (of == TRACK_GRADIENT)
        curve_of_samples(track, history, parameter, curve);
    else
        curve_of_frames(history, of, parameter, curve);
}

/* ---- the past -------------------------------------------------------------------------------- */

/* The first open sample that has happened and can be made, or -1. */
static int64_t first_open(const Track *track, const History *history)
{
    int64_t end = samples_before(track, history->trainer->at);
    int64_t k = (history->begin.step + track->spacing - 1) / track->spacing;

    end = end < track->samples ? end : track->samples;
    while (k < end && is_of(track, history) && track->known[k])
        k++;
    return k < end ? k : -1;
}

bool track_wants_work(const Track *track, const History *history)
{
    const Trainer *trainer = history->trainer;
    int64_t steps = trainer->at.step - history->begin.step;

    return track->samples > 0 && !track->failed && steps > 0 &&
           steps <= TRACK_REPLAY / trainer->tape.capacity && first_open(track, history) >= 0;
}

/* A trainer of the same documents in the same order, where the run began. trainer_init shuffles an
 * order of its own as the run's was. */
static bool init_twin(TrackTwin *twin, const History *history, Error *error)
{
    const Trainer *run = history->trainer;
    const size_t params = (size_t)run->gpt.params;

    twin->corpus = *run->corpus;
    twin->corpus.order = sys_alloc((size_t)run->corpus->count, sizeof *twin->corpus.order);
    if (!twin->corpus.order)
        return error_set(error, "out of memory");
    for (int64_t i = 0; i < run->corpus->count; i++)
        twin->corpus.order[i] = (uint32_t)i;
    if (!trainer_init(&twin->trainer, &history->settings, &twin->corpus, error))
        return false;
    trainer_restore(&twin->trainer, history->begin.step, history->frame, history->frame + params,
                    history->frame + 2 * params);
    twin->trainer.at = history->begin;
    twin->runs = history_init(&twin->history, &twin->trainer, 0, error);
    for (int i = 0; twin->runs && i < history->events; i++)
        if (!history_plan(&twin->history, history->event[i], error))
            return false;
    return twin->runs;
}

static void begin_twin(Track *track, const History *history)
{
    Error error;

    track->twin = sys_alloc(1, sizeof *track->twin);
    if (!track->twin || !init_twin(track->twin, history, &error)) {
        release_twin(track);
        track->failed = true;
    }
}

void track_work(Track *track, const History *history, int64_t operations)
{
    follow(track, history);
    int64_t k = first_open(track, history);

    if (k < 0)
        return;
    Moment wanted = {k * track->spacing + 1, PHASE_DONE, 0};
    if (!track->twin)
        begin_twin(track, history);
    if (track->failed)
        return;
    if (history_approach(&track->twin->history, wanted, operations) == APPROACH_STOPPED)
        track->failed = true;
    take(track, &track->twin->trainer);
    if (first_open(track, history) < 0)
        release_twin(track); /* the run is watched from here on */
}
