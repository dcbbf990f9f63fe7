/* Sampler: the model writes, one token at a time.
 *
 * The tape is the sampler's own, so generating never touches a training run: it works on a copy
 * of the parameters, and draws from whatever random numbers the caller hands in. Tokens are
 * drawn in proportion to softmax(logits / temperature); BOS ends a text, and so does the model's
 * block size.
 *
 * Keys and values of earlier positions are read where they were left, the KV cache; without it
 * (the setting kv_cache) the whole text is computed anew for each token, with the same bits.
 *
 * Where nobody looks at the tape, the fused kernels do the same work, with the same bits. */
#ifndef GPTOSCOPE_ENGINE_SAMPLER_H
#define GPTOSCOPE_ENGINE_SAMPLER_H

#include "engine/fused.h"
#include "engine/gpt.h"
#include "engine/rng.h"

typedef struct Sampler {
    Gpt gpt;
    Tape tape;
    double *value;   /* parameters (a copy), then the nodes of the text so far; NULL without a tape */
    double *weight;  /* [vocab] probabilities of the token drawn last, after temperature */
    double *running; /* [vocab] their running sums */
    double drawn;    /* the number that fell among them */
    int *token;      /* [block_size + 1] BOS, then what was drawn; BOS at the end is not kept */
    int length;      /* tokens in it */
    bool ended;
    Fused fused; /* once it hurries */
} Sampler;

/* Errors: sizes, memory. */
bool sampler_init(Sampler *sampler, const Settings *settings, int vocab, Error *error);

/* For writing in a hurry only, with the options of settings: without a tape where the fused kernels
 * can. tried: as below. */
bool sampler_init_closed(Sampler *sampler, const Settings *settings, int vocab, const Fused *tried,
                         Error *error);
void sampler_release(Sampler *sampler);

/* From the next text on the fused kernels find the logits, and nothing is recorded on the tape;
 * where they cannot, all stays as it is. tried: kernels whose trial may be taken over, or NULL.
 * Errors: memory. */
bool sampler_hurry(Sampler *sampler, const Settings *settings, const Fused *tried, Error *error);

/* Starts a text with these parameters (gpt.params of them, copied; NULL: with those of the text
 * before). */
void sampler_begin(Sampler *sampler, const double *params);

/* Draws the next token. Returns false when the text has ended. */
bool sampler_next(Sampler *sampler, double temperature, Rng *rng);

/* Appends a token that is given, not drawn; nothing is taken from any random numbers. weight then
 * says what it would have been drawn from. Returns false where there is no room for it. */
bool sampler_read(Sampler *sampler, double temperature, int token);

#endif
