/* The inside of history, for history*.c: what moving and changing share. */
#ifndef GPTOSCOPE_ENGINE_HISTORY_INSIDE_H
#define GPTOSCOPE_ENGINE_HISTORY_INSIDE_H

#include "engine/history.h"

/* Lets every event happen that is due at the trainer's moment. */
void history_apply_due(History *history);

/* Makes room for the gradients that steps begin with, from when they are not always 0. Errors:
 * memory. */
bool history_carry(History *history, Error *error);

/* Goes back to the last keyframe from which a moment can be reached. */
void history_go_before(History *history, Moment at);

/* Keyframes after a change are of another run: they are taken anew. */
void history_forget_after(History *history, Moment at);

#endif
