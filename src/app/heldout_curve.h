/* Held-out curve: the loss on documents that the run is not trained on, along the run.
 *
 *     keyframes of the history   |   |   |   |   |   |   |   |   |           every `spacing` steps
 *     evaluated                  o       o       o       o       o   .   X   every `stride` of them, and where one stands
 *
 * It is found from the parameters that the history keeps anyway: so the run need not wait for it,
 * and a reader who asks late still gets the whole curve. The points are at the keyframes nearest to
 * the interval asked for; each is exact for its step. A point is there as soon as all documents
 * are done, one document a piece of work (engine/heldout.h). */
#ifndef GPTOSCOPE_APP_HELDOUT_CURVE_H
#define GPTOSCOPE_APP_HELDOUT_CURVE_H

#include "engine/heldout.h"
#include "engine/history.h"

typedef struct HeldoutCurve {
    Heldout heldout;
    double *loss; /* [frames + 1] of keyframe k; the last: of where the run stands; owned */
    bool *known;  /* [frames + 1] owned */
    int64_t frames;
    int64_t under_way; /* the point whose documents are being read, or -1 */
    int64_t here;      /* the step that the last point is of */
} HeldoutCurve;

/* For the run of that history. Errors: memory. */
bool heldout_curve_init(HeldoutCurve *curve, const History *history, Error *error);
void heldout_curve_release(HeldoutCurve *curve);

/* Whether a point is still to be found: of those about `interval` steps apart, or, where the run
 * stands still between two steps, there. */
bool heldout_curve_wants(const HeldoutCurve *curve, const History *history, int64_t interval,
                         bool still);

/* Reads one document for the next of them; false where there is none. */
bool heldout_curve_work(HeldoutCurve *curve, const History *history, int64_t interval, bool still);

/* After a change at the moment where the run stands. */
void heldout_curve_forget(HeldoutCurve *curve, const History *history);

/* Steps between two points. */
int64_t heldout_curve_spacing(const History *history, int64_t interval);

/* Point i of those that far apart, NaN where it is not known; its step is begin.step + i
 * spacing. */
double heldout_curve_at(const HeldoutCurve *curve, const History *history, int64_t interval,
                        int64_t i);

/* The loss at a step, if it is known. */
bool heldout_curve_find(const HeldoutCurve *curve, const History *history, int64_t step,
                        double *loss);

#endif
