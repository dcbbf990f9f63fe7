/* Failure: why a run stopped, in words: the first number that is not finite, and what made it.
 *
 *     step 13: x[2].layer0.mlp.fc1[5] = inf, of 3e+160 × 2e+155 (at 12.forward.5812)             */
#ifndef GPTOSCOPE_APP_FAILURE_H
#define GPTOSCOPE_APP_FAILURE_H

#include "engine/diverged.h"

/* Writes it, snprintf-fashion. Names are those that `why` understands at the moment named. */
int failure_print(const Trainer *trainer, const Diverged *diverged, char *text, size_t size);

/* Finds it and writes it, for a trainer that has failed or diverged. May look at other moments, and
 * comes back. */
void failure_describe(History *history, char *text, size_t size);

#endif
