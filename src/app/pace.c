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

static void end_phase(Pace *pace, const Trainer *trainer, Phase phase)
{
    pace->under_way[phase].operations = operations_of(trainer, phase);
    if (phase != PHASE_UPDATE)
        return;
    memcpy(pace->phase, pace->under_way, sizeof pace->phase);
    pace->known = true;
    pace->measuring = false;
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
    if (fresh && at.step - before.step >= 2) {
        pace->fused_steps = at.step - before.step;
        pace->fused_seconds = seconds;
    }
}

PacePhase pace_step(const Pace *pace)
{
    PacePhase all = {0};

    for (int i = 0; i < PHASE_COUNT; i++) {
        all.seconds += pace->phase[i].seconds;
        all.operations += pace->phase[i].operations;
    }
    return all;
}
