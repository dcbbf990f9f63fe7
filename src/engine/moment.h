/* Moment: a place between two operations of a training run, and its name.
 *
 *     moment   0 | forward 0 1 2 ... | backward 0 1 2 ... | update 0 1 2 ... |  1  | forward 0 ...
 *                  document 0 is       gradients, from      every parameter
 *                  computed            the loss down        in turn
 *
 *     {step, PHASE_DONE, 0}        `step` updates are done; values and gradients of the step just finished still stand
 *                                  (at 0 the first document is laid out and nothing is computed)
 *     {step, PHASE_FORWARD, n}     the document of the next step is laid out and n of its nodes are computed
 *     {step, PHASE_BACKWARD, n}    all are, and n nodes have handed their gradient to their inputs
 *     {step, PHASE_UPDATE, n}      all have, and n parameters are updated
 *
 * The end of one phase is the beginning of the next: forward END = backward 0, backward END =
 * update 0, update END = the next step's DONE. The later one is its name.
 *
 * Written: 412   412.forward.17   412.backward@pos3.layer0.attn.head2.score   end */
#ifndef GPTOSCOPE_ENGINE_MOMENT_H
#define GPTOSCOPE_ENGINE_MOMENT_H

#include "engine/error.h"
#include "engine/place.h"
#include <stddef.h>
#include <stdint.h>

typedef enum Phase { PHASE_DONE, PHASE_FORWARD, PHASE_BACKWARD, PHASE_UPDATE, PHASE_COUNT } Phase;

extern const char *const phase_names[PHASE_COUNT]; /* "done", "forward", ... */

typedef struct Moment {
    int64_t step;
    Phase phase;
    int64_t n;
} Moment;

/* A moment as it was written: with a place it is known only once the step's document is laid
 * out. */
typedef struct MomentName {
    Moment at;     /* n = 0 where there is a place */
    bool at_place; /* just before the first operation of place */
    Place place;
    bool at_end; /* after the last step */
} MomentName;

/* -1, 0 or 1: a before, equal to or after b. */
int moment_compare(Moment a, Moment b);

/* Reads a moment. Errors say what was expected and where. */
bool moment_parse(const char *text, MomentName *name, Error *error);

/* Writes it; returns what snprintf would. */
int moment_print(Moment moment, char *text, size_t size);

#endif
