/* Fused kernels: a whole training step without a graph, compiled once for each precision and
 * vector width.
 *
 * The source is fused_template.h; every fused_WIDTH_PRECISION.c compiles it for one set of
 * instructions and exports one row of functions. Which row is used is chosen at run time
 * (engine/fused.h); the plain one runs everywhere. Every row of float64 gives the bits of the
 * tape: lanes run over positions or over outputs, so that no lane ever adds into another, and
 * each sum keeps its order.
 *
 * A state lies in memory of the caller's, of fused_kernels.bytes bytes at a multiple of
 * FUSED_ALIGNMENT. Nothing is allocated. */
#ifndef GPTOSCOPE_ENGINE_FUSED_KERNELS_H
#define GPTOSCOPE_ENGINE_FUSED_KERNELS_H

#include "engine/adam.h"
#include <stdbool.h>
#include <stddef.h>

enum { FUSED_ALIGNMENT = 64 };

typedef struct FusedShape {
    int layers, width, heads, block_size, vocab;
} FusedShape;

/* The functions of libm that are done in a cheaper way, each of one number a lane. */
typedef enum FusedFunction {
    FUSED_EXP,
    FUSED_INVERSE,        /* x^-1 */
    FUSED_INVERSE_SQUARE, /* x^-2 */
    FUSED_INVERSE_ROOT,   /* x^-0.5 */
    FUSED_INVERSE_CUBE,   /* x^-1.5: the cube of that root */
    FUSED_SQUARE,         /* x^2 */
    FUSED_ROOT,           /* x^0.5 */
    FUSED_FUNCTIONS
} FusedFunction;

typedef struct FusedKernels {
    const char *name; /* "avx512" */
    bool exact;       /* it is to give the tape's bits */
    bool (*available)(void);
    size_t (*bytes)(const FusedShape *shape);
    void (*init)(void *state, const FusedShape *shape);

    /* Everything in the cheaper ways, or by libm itself. */
    void (*set_plain)(void *state, bool plain);

    /* Parameters and Adam's means in and out, laid out as the trainer has them; m and v may be
     * NULL. */
    void (*load)(void *state, const double *value, const double *m, const double *v);
    void (*store)(const void *state, double *value, double *m, double *v);

    /* Forward: token[0 .. positions - 1], of which those before `from` stand there since the
     * last call. */
    void (*forward)(void *state, const int *token, int from, int positions);
    /* The mean loss of what forward left, for token[1 .. positions]. */
    double (*loss)(void *state, const int *token, int positions);
    /* Logits of one position: vocab of them. */
    void (*logits)(const void *state, int position, double *logit);
    /* How much a position looked at each of those up to itself: position + 1 weights of one head. */
    void (*weights)(const void *state, int layer, int head, int position, double *weight);
    /* Backward from that loss, each matrix updated as soon as it is no longer needed. */
    void (*train)(void *state, const int *token, int positions, const AdamStep *adam);

    /* engine/adam.h's adam_update, of count parameters anywhere; NULL in float32. */
    void (*adam)(void *state, const AdamStep *adam, double *value, const double *grad, double *m,
                 double *v, size_t count);

    /* y = function(x) in the way that a step takes it, for the self-test. */
    void (*apply)(const void *state, FusedFunction function, const double *x, double *y, int count);
} FusedKernels;

/* All rows, widest first; the last is the plain one. NULL ends each list. */
extern const FusedKernels *const fused_kernels_float64[];
extern const FusedKernels *const fused_kernels_float32[];

extern const FusedKernels fused_plain_float64, fused_plain_float32;
extern const FusedKernels fused_avx2_float64, fused_avx2_float32;
extern const FusedKernels fused_avx512_float64, fused_avx512_float32;

#endif
