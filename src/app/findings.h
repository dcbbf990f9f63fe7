/* Findings: what takes longer than a frame to find out about a run and its documents. It is found a
 * piece at a time, only while a view shows it, and kept with the run. */
#ifndef GPTOSCOPE_APP_FINDINGS_H
#define GPTOSCOPE_APP_FINDINGS_H

#include "app/heldout_curve.h"
#include "engine/bigram.h"
#include "engine/tally.h"

/* What is shown now. */
typedef struct FindingsWish {
    bool bigram, tally;
    int64_t heldout; /* steps between two points of the held-out curve; 0: it is not shown */
    bool still;      /* the run does not move */
} FindingsWish;

typedef struct Findings {
    Bigram bigram;
    Tally tally;
    HeldoutCurve heldout;
    struct {
        bool bigram, tally, heldout;
    } begun, failed; /* failed: for want of memory */
} Findings;

void findings_release(Findings *findings);

/* Whether something that is shown is not found yet. */
bool findings_want(const Findings *findings, const History *history, FindingsWish wish);

/* One piece of it, of at most a millisecond or so; false where all is found. */
bool findings_work(Findings *findings, const History *history, FindingsWish wish);

/* After a change at the moment where the run stands. */
void findings_forget(Findings *findings, const History *history);

/* What is found; false: not yet. */
bool findings_bigram(const Findings *findings, double *loss);
bool findings_heldout(const Findings *findings, const History *history, int64_t step, double *loss);

#endif
