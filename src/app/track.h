/* Track: the gradients of every parameter over the run, sampled and kept as long as they fit, so
 * that the history of any one of them can be drawn. (Values, m and v are in the history's
 * keyframes.)
 *
 *     step     0 . 1 . 2 . 3 . 4 . 5 . 6 . 7 . now
 *     sample   +-------+-------+-------+              one row of gradients at every track_spacing-th step,
 *              known   known   open    known          as they stand when that step is done
 *
 * While the run moves, samples are taken from it. Those that were missed are made by a second
 * trainer, which runs the same operations on the same numbers from the beginning, in pieces, while
 * there is nothing else to do: the run itself is never touched. A change of the run by hand opens
 * all samples again.
 *
 * Memory: TRACK_BYTES of samples, and the second trainer while it is needed; nothing before
 * track_open. Gradients are kept with 24 bits: they are for curves. */
#ifndef GPTOSCOPE_APP_TRACK_H
#define GPTOSCOPE_APP_TRACK_H

#include "engine/history.h"

#define TRACK_BYTES ((size_t)16 << 20)
#define TRACK_LIMIT 2048 /* samples at the most */
#define TRACK_REPLAY \
    ((int64_t)1 << 30) /* operations that the past may cost; beyond it stays open */

/* The second trainer with its own order of documents; the texts are shared. */
typedef struct TrackTwin {
    bool runs;
    Corpus corpus;
    Trainer trainer;
    History history;
} TrackTwin;

typedef struct Track {
    float *sample;  /* [samples][params] owned; NULL until track_open */
    uint8_t *known; /* [samples] */
    int64_t samples, spacing;
    int32_t params;
    int serial, events, undos; /* of the history that the samples are of */
    bool failed;               /* there is no memory for the twin */
    TrackTwin *twin;           /* owned, or NULL */
} Track;

/* Takes memory for samples; where there is none, nothing is ever known. */
void track_open(Track *track, const History *history);
void track_release(Track *track);

/* Takes the sample of the step that the run has just done, if it is one and track is open. */
void track_record(Track *track, const History *history);

/* Whether samples before the run's moment are open that the twin can make. */
bool track_wants_work(const Track *track, const History *history);

/* Makes the next of them, by at most `operations` operations. */
void track_work(Track *track, const History *history, int64_t operations);

/* What a curve is of. */
typedef enum TrackOf { TRACK_VALUE, TRACK_GRADIENT, TRACK_M, TRACK_V } TrackOf;

/* Numbers of one parameter at evenly spaced steps, up to the run's moment; NaN where one is not
 * known. */
typedef struct TrackCurve {
    double first, spacing; /* number[k] is at first + k spacing, in steps that are done */
    int count;
    double number[TRACK_LIMIT];
} TrackCurve;

/* Gradients from the samples, the others from the history's keyframes. */
void track_curve(const Track *track, const History *history, TrackOf of, int32_t parameter,
                 TrackCurve *curve);

/* The gradient of a parameter as sample k, of step k spacing (0-based), left it; NaN where it is
 * open or has not happened yet. */
double track_gradient(const Track *track, const History *history, int64_t k, int32_t parameter);

#endif
