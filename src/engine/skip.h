/* Skip: whole steps of a run by the fused kernels, for when nobody looks at what is in between.
 *
 *     skip_begin -> skip_to, skip_keep, skip_to, ... -> skip_end
 *
 * Between skip_begin and skip_end the parameters are with the kernels; of the trainer only
 * at.step and loss[] are true. After skip_end it stands before the first operation of a step, or at
 * the end of the run, with the bits that it would have had by way of the tape. */
#ifndef GPTOSCOPE_ENGINE_SKIP_H
#define GPTOSCOPE_ENGINE_SKIP_H

#include "engine/trainer.h"

/* Whether the kernels can take this run's steps; if not, it takes an open trainer. */
bool skip_can(Trainer *trainer);

/* Returns false, with nothing changed, where the tape must do it: in the middle of a step, with
 * gradients kept from the step before, or with options that only the tape has. */
bool skip_begin(Trainer *trainer);

/* Runs steps until `step` updates are done. Returns false where the loss of a step is not a finite
 * number: it stands before that step, and loss[at.step] is that number. */
bool skip_to(Trainer *trainer, int64_t step);

/* Parameters and optimiser as they are now: value, m and v, each of params numbers. */
void skip_keep(const Trainer *trainer, double *value, double *m, double *v);

void skip_end(Trainer *trainer);

#endif
