/* Course: a whole run, for when only what comes of it counts.
 *
 *     fresh parameters --> step 0 --> step 1 --> ... --> step N-1 --> texts
 *                           loss[0]    loss[1]            loss[N-1]
 *                          o          o          o               o          heldout[0], [1], ...
 *
 * The losses, the parameters at the end, the loss on documents held out and the texts are the bits
 * of a trainer that goes by the tape; where the fused kernels can, they do it.
 *
 * A course touches nothing but itself and a corpus that nobody writes to, so any number of them run
 * side by side, each on a thread of its own. All that is kept is allocated by course_init; what only
 * the running takes, by course_run, and given back by it. Others may meanwhile read state, done and
 * known, what these say is there already, and set stop; nothing else. */
#ifndef GPTOSCOPE_ENGINE_COURSE_H
#define GPTOSCOPE_ENGINE_COURSE_H

#include "engine/corpus.h"
#include "engine/fused.h"
#include <stdatomic.h>

enum { COURSE_TEXT_BYTES = 96 };

typedef enum CourseState {
    COURSE_WAITING,
    COURSE_RUNNING,
    COURSE_DONE,
    COURSE_DIVERGED, /* a loss is not a number to learn from: that of step `done` */
    COURSE_STOPPED,
    COURSE_FAILED /* out of memory */
} CourseState;

/* What is asked of it. */
typedef struct CoursePlan {
    Settings settings;
    const Corpus *documents; /* borrowed; in any order: a course shuffles an order of its own */
    int64_t heldout_every; /* steps between two points of the loss on documents held out; 0: only at
                                the end; -1: none */
    int64_t heldout_most;  /* documents; 0: HELDOUT_USUAL */
    int64_t texts;         /* to write at the end, as train does */
    const Fused *tried; /* kernels whose trial is taken over, or NULL; read by course_init alone */
} CoursePlan;

typedef struct Course {
    CoursePlan plan;
    Fused trust;     /* kernels and what their trial showed, nothing else */
    double *loss;    /* [settings.steps]: those of steps before `done`; owned */
    double *heldout; /* [points]: those before `known`, NaN where no document is left; owned */
    int64_t points;
    int32_t params;
    double *value; /* [params] as the run leaves them, once it is COURSE_DONE; owned */
    char (*text)[COURSE_TEXT_BYTES]; /* [plan.texts] once it is COURSE_DONE; UTF-8, cut at a whole
                                        character where it is longer; owned */
    Error error;                     /* of COURSE_DIVERGED and COURSE_FAILED */
    atomic_int state;                /* CourseState */
    atomic_llong done;               /* steps */
    atomic_llong known;
    atomic_bool stop; /* set by whoever does not want it any more: it ends within a piece of work */
} Course;

/* Errors: settings that do not go together; sizes, where the tape must do it; memory. */
bool course_init(Course *course, const CoursePlan *plan, Error *error);

/* From beginning to end, on the caller's thread; once. */
void course_run(Course *course);

/* It must not be running. */
void course_release(Course *course);

/* Whether it is neither waiting nor running. */
bool course_over(const Course *course);

/* The step that point k of heldout is of: so many updates are done. */
int64_t course_point_step(const Course *course, int64_t k);

/* At the end, once it is COURSE_DONE; NaN where there is none. */
double course_heldout(const Course *course);

/* Mean of the last `most` training losses there are; NaN where there is none. */
double course_last_losses(const Course *course, int64_t most);

/* Bytes that running such a course may take; -1 where that has no end (as gpt_bytes). */
int64_t course_bytes(const Settings *settings, int vocab);

#endif
