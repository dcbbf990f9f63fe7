/* Differences: what is not the same in two runs that stand at the same moment, block by block.
 *
 *     block            most      rms       where                       a          b
 *     layer0.attn_wq   .0214     .00391    layer0.attn_wq[3][7]        .1021      .0807      a matrix of parameters
 *     layer0.attn.q    .173      .0402     x[2].layer0.attn.q[5]       -.512      -.339      a place, over all positions
 *
 * Numbers are the same where their bits are. Blocks are compared where both runs have them in the
 * same shape, and activations only where both read the same text. */
#ifndef GPTOSCOPE_APP_DIFFERENCES_H
#define GPTOSCOPE_APP_DIFFERENCES_H

#include "app/reference.h"

enum { DIFFERENCES_NAME_BYTES = 64, DIFFERENCES_ELEMENT_BYTES = 96 };

typedef struct BlockDifference {
    char block[DIFFERENCES_NAME_BYTES];
    bool parameters; /* else activations */
    bool shape;      /* it has another shape in the other run: nothing else is known */
    double most;     /* largest |a - b|; infinite or NaN where a number is */
    double rms;      /* root of the mean of (a - b)^2 over the block */
    char element[DIFFERENCES_ELEMENT_BYTES]; /* where the largest is, in run a */
    double a, b;
} BlockDifference;

typedef struct Differences {
    BlockDifference *block; /* parameters first, each group with the largest first; owned */
    int count;
    bool texts; /* the runs read different texts: activations are not compared */
} Differences;

/* Errors: memory. */
bool differences_find(Differences *differences, const Trainer *a, const Trainer *b, Error *error);
void differences_release(Differences *differences);

#endif
