/* Gaze: who looks at whom in a text: the weights of every attention head of a model with given
 * parameters.
 *
 *     query ⟨   ⟨ 1.0
 *           e   ⟨ .3   e .7              [layer][head][query][key]; a key later than its query has none
 *           m   ⟨ .1   e .6   m .3
 *
 * By the fused kernels, or on a tape of its own where options are the tape's alone: the bits are
 * the same. It touches nothing but itself, so any thread can find one. */
#ifndef GPTOSCOPE_ENGINE_GAZE_H
#define GPTOSCOPE_ENGINE_GAZE_H

#include "engine/fused.h"

typedef struct Gaze {
    int layers, heads, positions;
    int *token;     /* [positions] owned */
    double *weight; /* [layer][head][query][key] NaN where nothing is found; owned */
} Gaze;

/* Of at most so many positions of token[], and of no more than the model can see. Errors:
 * memory. */
bool gaze_init(Gaze *gaze, const Settings *settings, const int *token, int positions, Error *error);
void gaze_release(Gaze *gaze);

/* Finds them for these parameters of a model of that size and those options. tried: kernels whose
 * trial may be taken over, or NULL. Errors: sizes, memory. */
bool gaze_find(Gaze *gaze, const Settings *settings, int vocab, const double *value,
               const Fused *tried, Error *error);

/* NaN where there is none: options leave attention out, or the key is later than the query. */
double gaze_weight(const Gaze *gaze, int layer, int head, int query, int key);

#endif
