/* Fused: a training run without a graph, for when it only has to get somewhere.
 *
 * The same steps as the tape's (engine/trainer.h), bit for bit, some sixty times faster: what
 * the tape does node by node is done here matrix by matrix, in wide vectors where the processor
 * has them. Nothing can be looked at in between.
 *
 *     fused_load -> fused_step, fused_step, ... -> fused_store
 *
 * Powers and exponentials are taken in cheaper ways that give libm's bits
 * (engine/fused_power.h). That rests on how exact libm is; so all of it is tried against libm
 * and the tape before the first use (fused_ready), and done by libm itself, or not at all, where
 * anything differs: fused_note says so.
 *
 * In float32 the same source gives about the same numbers in half the time; nothing is held
 * against anything there. */
#ifndef GPTOSCOPE_ENGINE_FUSED_H
#define GPTOSCOPE_ENGINE_FUSED_H

#include "engine/fused_kernels.h"
#include "engine/settings.h"

typedef enum FusedPrecision {
    FUSED_FLOAT64 = PRECISION_FLOAT64,
    FUSED_FLOAT32 = PRECISION_FLOAT32
} FusedPrecision;

/* What a trial of the kernels on this machine showed. */
typedef enum FusedTrust {
    FUSED_UNTRIED,
    FUSED_SHORT, /* the short ways give libm's bits, and all gives the tape's */
    FUSED_PLAIN, /* only libm itself does */
    FUSED_OTHER, /* float32: they give no bits but their own */
    FUSED_NEVER  /* the tape must do it */
} FusedTrust;

typedef struct Fused {
    const FusedKernels *kernels;
    void *memory; /* owned */
    void *state;  /* in it, aligned */
    FusedShape shape;
    FusedTrust trust;
    double *logit; /* [vocab] */
} Fused;

/* Whether there are kernels for such a model and its training, or for its forward pass. Where
 * there are none, the tape does it. */
bool fused_can(const Settings *settings);
bool fused_can_forward(const Settings *settings);

/* Kernels by name ("avx512", "avx2", "plain"), if this machine can run them; NULL: the widest
 * that it can. */
const FusedKernels *fused_find(FusedPrecision precision, const char *name);

/* The widest for a run: of its precision. */
const FusedKernels *fused_find_for(const Settings *settings);

/* With the kernels that fused_find gave. Errors: memory. */
bool fused_init(Fused *fused, const FusedKernels *kernels, const Settings *settings, int vocab,
                Error *error);
void fused_release(Fused *fused);

/* Bytes that fused_init takes. */
size_t fused_bytes(const FusedKernels *kernels, const Settings *settings, int vocab);

/* Tries the kernels if they are not tried yet. Returns whether they can be used in the place of
 * the tape. */
bool fused_ready(Fused *fused);

/* Takes over what a trial of the same kernels showed elsewhere. */
void fused_trust_as(Fused *fused, const Fused *other);

/* In a few words for people which kernels run, and why they are slower than they could be. */
const char *fused_note(const Fused *fused);

/* Parameters and Adam's means, in the order of the trainer's; m and v may be NULL where only the
 * forward pass is wanted. */
void fused_load(Fused *fused, const double *value, const double *m, const double *v);
void fused_store(const Fused *fused, double *value, double *m, double *v);

/* The step that makes `step` updates into step + 1, on token[0 .. positions]. Returns false,
 * with nothing changed, where the loss is not a finite number. */
bool fused_step(Fused *fused, const int *token, int positions, const Settings *settings,
                int64_t step, double *loss);

/* As adam_update, of Adam and in float64: the tape's updates in less time. */
void fused_adam(Fused *fused, const AdamStep *step, double *value, const double *grad, double *m,
                double *v, int32_t from, int32_t to);

/* Loss of a document, forward only. */
double fused_loss(Fused *fused, const int *token, int positions);

/* Logits of the last of token[0 .. positions - 1], the one number after another; the positions
 * before it must have been asked for in turn. They stand until the next call. */
const double *fused_logits(Fused *fused, const int *token, int positions);

/* How much one head's query at `position` looks at each key up to itself: position + 1 weights, of
 * the positions that were asked for since the parameters were loaded. */
void fused_weights(const Fused *fused, int layer, int head, int position, double *weight);

#endif
