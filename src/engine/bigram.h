/* Bigram: the simplest model that learns from text, to hold a loss against: it counts how often
 * each token follows each other one, and looks at nothing else.
 *
 *     p(next | token) = (count[token, next] + 1) / (count[token] + vocab)
 *
 * The one that is added (Laplace's smoothing) leaves no pair without a chance. It counts the
 * documents that a run trains on, each once and cut where the run cuts it, and its loss is that on
 * these very documents: the mean over documents of the mean over positions, as a loss curve has it.
 *
 * Pairs that occur are few: they are kept in a hash table that grows. */
#ifndef GPTOSCOPE_ENGINE_BIGRAM_H
#define GPTOSCOPE_ENGINE_BIGRAM_H

#include "engine/corpus.h"

typedef struct BigramPair {
    uint32_t token, next, count; /* count 0: a free slot */
} BigramPair;

typedef struct Bigram {
    const Corpus *corpus; /* borrowed, already shuffled */
    int64_t documents;    /* the first so many in the order of training */
    int positions;        /* at most so many tokens of each are predicted */
    BigramPair *pair;     /* [slots] open addressing, owned */
    uint32_t slots, pairs;
    int64_t *followed; /* [vocab] how often a token has one that follows it; owned */
    int *token;        /* [positions + 1] of one document; owned */
    int64_t counted;   /* documents, in a first pass */
    int64_t scored;    /* and in a second one */
    double sum;        /* of the losses of those */
} Bigram;

/* Counts nothing yet. Errors: memory. */
bool bigram_init(Bigram *bigram, const Corpus *corpus, int64_t documents, int positions,
                 Error *error);
void bigram_release(Bigram *bigram);

/* Counts, then scores, at most so many documents. Errors: memory; it then never has a loss. */
bool bigram_advance(Bigram *bigram, int64_t documents, Error *error);

/* Whether all is counted and scored. */
bool bigram_is_done(const Bigram *bigram);

/* By what is counted so far. */
double bigram_probability(const Bigram *bigram, int token, int next);

/* In nats, once it is done. */
double bigram_loss(const Bigram *bigram);

#endif
