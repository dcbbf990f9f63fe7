/* Sweep: one setting at several values, each over several seeds, as whole runs in the background.
 *
 *     sweep lr 0.001 0.01 0.1 seeds 3            seed 42   43   44        held out
 *                                     0.001       2.80  2.79  2.83      2.807 +- 0.021
 *                                     0.01        2.39  2.42  2.40      2.403 +- 0.015
 *                                     0.1         2.51  2.60  2.49      2.533 +- 0.059
 *
 * A row is a value, a run is a value with a seed. All that is not swept is as the session has it
 * when the sweep begins; every run begins with fresh parameters, and runs of the same seed read the
 * same documents. A difference between two values counts only as far as it is larger than the one
 * between two seeds: hence the seeds.
 *
 * The runs are courses (engine/course.h) in a pool of their own. What they have brought so far is
 * taken in by sweep_look, on the caller's thread; all else reads. Several settings can go together
 * ("residual,norm on,on off,on on,off"); without any it is a sweep of seeds alone: one row. */
#ifndef GPTOSCOPE_APP_SWEEP_H
#define GPTOSCOPE_APP_SWEEP_H

#include "app/answer.h"
#include "app/pool.h"
#include "engine/course.h"

enum {
    SWEEP_ROWS = 10,
    SWEEP_SEEDS = 32,
    SWEEP_SETTINGS = 3,
    SWEEP_VALUE_BYTES = 48,
    SWEEP_POINTS = 200, /* of the smoothed loss, evenly over a run */
    SWEEP_LAST = 100    /* training losses whose mean is a run's final loss */
};

/* What the losses that are kept may take in all. */
#define SWEEP_BYTES_LIMIT ((int64_t)512 << 20)

/* What is asked for. */
typedef struct SweepPlan {
    Settings settings;       /* of all runs, but for what is swept; its seed is the first */
    const SettingInfo *info[SWEEP_SETTINGS]; /* what is swept; several are set together */
    int settings_swept;                      /* 0: seeds alone */
    char name[SWEEP_VALUE_BYTES];            /* "lr", "residual,norm"; "" for seeds alone */
    char value[SWEEP_ROWS][SWEEP_VALUE_BYTES]; /* "0.01", "on,off" */
    int rows; /* 1 of seeds alone */
    int seeds;
} SweepPlan;

typedef struct SweepRun {
    Course course;
    double *mean; /* [SWEEP_POINTS] of the last sweep_window losses up to the step of each; owned */
    int means;    /* taken in */
} SweepRun;

typedef struct Sweep {
    SweepPlan plan;
    Error refused[SWEEP_ROWS]; /* why there are no runs of a row; "" where there are */
    SweepRun *run;             /* [rows][seeds]; NULL: there is no sweep; owned */
    Corpus documents;          /* its own, whatever becomes of the session */
    bool held_out;             /* the runs leave documents to be judged by */
    bool stopped;              /* before its end, by the reader */
    Pool pool;
    int64_t seen; /* how much had come when sweep_look last looked */
    bool settled; /* then all was over */
} Sweep;

/* The settings of a row, with the first seed. Errors: a value that is none of its setting. */
bool sweep_settings(const SweepPlan *plan, int row, Settings *settings, Error *error);

/* Begins one, in the place of that before. The documents are copied; tried: kernels whose trial is
 * taken over. A row that cannot be is refused and said so; all of them, or none to begin with, is
 * an error. Errors: memory. */
bool sweep_begin(Sweep *sweep, const SweepPlan *plan, const Corpus *documents, const Fused *tried,
                 Error *error);

/* Ends what is running; what there is stays. */
void sweep_stop(Sweep *sweep);

/* There is none any more. */
void sweep_release(Sweep *sweep);

bool sweep_is_on(const Sweep *sweep);

/* Whether runs wait or run. */
bool sweep_is_running(const Sweep *sweep);

/* Takes in what came since the last time. Returns whether anything did. It wants to be done now and
 * then until all is over, and once after. */
bool sweep_wants_look(const Sweep *sweep);
bool sweep_look(Sweep *sweep);

/* Waits for the end, at most so many seconds: for modes without a screen. */
void sweep_wait(Sweep *sweep, double seconds);

/* ---- reading --------------------------------------------------------------------------------- */

const SweepRun *sweep_run(const Sweep *sweep, int row, int seed);
int64_t sweep_seed(const Sweep *sweep, int row, int seed);

/* What a run came to: its loss on documents held out, or, where there are none, its final loss.
 * false: it is not done, or that is no number to compare. */
bool sweep_result(const Sweep *sweep, int row, int seed, double *loss);

typedef struct SweepSummary {
    int done, failed, running; /* runs; the rest waits */
    double part;               /* of the row's steps, 0..1 */
    double mean, low, high;    /* of the results there are; NaN without any */
    double spread;             /* standard deviation of one seed from another; NaN with fewer than two */
} SweepSummary;

SweepSummary sweep_summary(const Sweep *sweep, int row);

/* In a word or two: "refused", "diverged", "2 of 3", "45 %", "done". And why there is no result,
 * the first reason of the row; "" where there is none. */
void sweep_state(const Sweep *sweep, int row, char text[32]);
const char *sweep_reason(const Sweep *sweep, int row);

/* Runs that came to their end, refused ones too, of all. */
int sweep_over(const Sweep *sweep, int *runs);

/* The row with the least mean, among those that are over; -1: there is none. */
int sweep_best(const Sweep *sweep);

/* Whether the results of two rows reach into each other: what lies between their means may as well
 * be due to the seeds. */
bool sweep_overlap(const Sweep *sweep, int a, int b);

/* What can be said, in a sentence or two: which value is best, and which cannot be told from it. */
void sweep_verdict(const Sweep *sweep, char *text, size_t size);

/* Losses that a point of a row is the mean of: a tenth of the run; of seeds alone as many as the
 * session smooths by, since they stand behind its curve. */
int64_t sweep_window(const Sweep *sweep, int row);

/* How many smoothed losses a run of a row has, the step of each, and what the runs had there: least,
 * mean and greatest of those that have come so far. false: none. */
int sweep_points(const Sweep *sweep, int row);
int64_t sweep_point_step(const Sweep *sweep, int row, int k);
bool sweep_band(const Sweep *sweep, int row, int k, double *low, double *mean, double *high);

/* What is swept, in a few words: "lr, seeds 42 to 44". */
void sweep_describe(const Sweep *sweep, char *text, size_t size);

/* All of it: a table as lines, every run as members. */
void sweep_tell(const Sweep *sweep, Answer *answer);

#endif
