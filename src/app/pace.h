/* Pace: how long the phases of a training step take, measured while the run moves.
 *
 *     moving on   step step | lay out | forward | backward | update | step step step ...
 *                             `-- one step, phase by phase, twice a second at most; the others as they come
 *
 * Only movement forwards is measured, by the clock: what else the machine does is in it, so the
 * least disturbed of a few steps is shown. Steps that are taken many at a time are those of the
 * fused kernels (engine/skip.h), and measured as a whole. */
#ifndef GPTOSCOPE_APP_PACE_H
#define GPTOSCOPE_APP_PACE_H

#include "engine/trainer.h"

typedef struct PacePhase {
    double seconds;
    int64_t operations; /* nodes laid out or computed, visits, parameters updated */
} PacePhase;

enum { PACE_KEPT = 5 };

/* Of the last few measured steps the least disturbed is shown: with least time an operation. Of
 * whole steps taken together the fastest are, since before a halt one of them is the tape's. */
typedef struct Pace {
    PacePhase phase[PHASE_COUNT]; /* what is shown; PHASE_DONE: laying out */
    bool known;                   /* there is such a step */
    PacePhase kept[PACE_KEPT][PHASE_COUNT];
    int measured; /* steps, of which the last ones are kept */
    PacePhase under_way[PHASE_COUNT];
    bool measuring; /* phase by phase, now */
    double since;   /* when that step began */
    double fused_seconds;
    int64_t fused_steps; /* 0: none yet */
} Pace;

/* Where to go next on the way to target: to it, or to the end of a phase that is to be measured. */
Moment pace_next(Pace *pace, const Trainer *trainer, Moment target, double now);

/* Takes note of a movement from `before` to where the trainer stands. fresh: the run had never been
 * beyond that, so that nothing was skipped with a keyframe. */
void pace_note(Pace *pace, const Trainer *trainer, Moment before, double seconds, bool fresh);

/* Of the step that is shown: all its phases together. */
PacePhase pace_step(const Pace *pace);

#endif
