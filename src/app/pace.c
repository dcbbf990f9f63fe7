#include "app/pace.h"

#include <string.h>

#define PACE_INTERVAL 0.5 /* seconds from one measured step to the next, at the least */

/* The end of the phase that begins at a moment. */
static Moment phase_end(Moment at)
{
    if (at.phase == PHASE_UPDATE)
        return (Moment){at.step + 1, PHASE_DONE, 0};
    return (Moment){at.step, (Phase)(at.phase + 1), 0};
}

Moment pace_next(Pace *pace, const Trainer *trainer, Moment target, double now)
{
    const Moment at = trainer->at, end = phase_end(at);
    const bool reached = moment_compare(end, target) <= 0;

    if (at.phase == PHASE_DONE && reached && now - pace->since >= PACE_INTERVAL) {
        memset(pace->under_way, 0, sizeof pace->under_way);
        pace->measuring = true;
        pace->since = now;
    }
    pace->measuring = pace->measuring && reached;
    return pace->measuring ? end : target;
}

/* Operations of a phase, of the step that the trainer has just been in. */
static int64_t operations_of(const Trainer *trainer, Phase phase)
{
    return trainer_phase_length(trainer, phase == PHASE_DONE ? PHASE_FORWARD : phase);
}

static PacePhase sum_of(const PacePhase phase[PHASE_COUNT])
{
    PacePhase all = {0};

    for (int i = 0; i < PHASE_COUNT; i++) {
        all.seconds += phase[i].seconds;
        all.operations += phase[i].operations;
    }
    return all;
}

/* Texts differ in length: time is held against operations. */
static bool is_less_disturbed(const PacePhase a[PHASE_COUNT], const PacePhase b[PHASE_COUNT])
{
    const PacePhase all = sum_of(a), other = sum_of(b);

    return all.seconds * (double)other.operations < other.seconds * (double)all.operations;
}

static void keep_step(Pace *pace)
{
    const int count = pace->measured + 1 < PACE_KEPT ? pace->measured + 1 : PACE_KEPT;
    int best = 0;

    memcpy(pace->kept[pace->measured++ % PACE_KEPT], pace->under_way, sizeof pace->under_way);
    for (int i = 1; i < count; i++)
        if (is_less_disturbed(pace->kept[i], pace->kept[best]))
            best = i;
    memcpy(pace->phase, pace->kept[best], sizeof pace->phase);
    pace->known = true;
    pace->measuring = false;
}

static void end_phase(Pace *pace, const Trainer *trainer, Phase phase)
{
    pace->under_way[phase].operations = operations_of(trainer, phase);
    if (phase == PHASE_UPDATE)
        keep_step(pace);
}

void pace_note(Pace *pace, const Trainer *trainer, Moment before, double seconds, bool fresh)
{
    const Moment at = trainer->at, end = phase_end(before);

    if (pace->measuring && moment_compare(at, before) > 0 && moment_compare(at, end) <= 0) {
        pace->under_way[before.phase].seconds += seconds;
        if (moment_compare(at, end) == 0)
            end_phase(pace, trainer, before.phase);
    } else if (moment_compare(at, before) != 0) {
        pace->measuring = false;
    }
    const int64_t steps = at.step - before.step;
    if (fresh && steps >= 2 &&
        (pace->fused_steps == 0 ||
         seconds * (double)pace->fused_steps < pace->fused_seconds * (double)steps)) {
        pace->fused_steps = steps;
        pace->fused_seconds = seconds;
    }
}

PacePhase pace_step(const Pace *pace)
{
    return sum_of(pace->phase);
}
