#include "engine/bigram.h"

#include "engine/sys.h"
#include <assert.h>
#include <math.h>

enum { FIRST_SLOTS = 1 << 10 };

bool bigram_init(Bigram *bigram, const Corpus *corpus, int64_t documents, int positions,
                 Error *error)
{
    *bigram = (Bigram){
        .corpus = corpus, .documents = documents, .positions = positions, .slots = FIRST_SLOTS};
    bigram->pair = sys_alloc(bigram->slots, sizeof *bigram->pair);
    bigram->followed = sys_alloc((size_t)corpus_vocab(corpus), sizeof *bigram->followed);
    bigram->token = sys_alloc((size_t)positions + 1, sizeof *bigram->token);
    if (bigram->pair && bigram->followed && bigram->token)
        return true;
    bigram_release(bigram);
    return error_set(error, "out of memory for counting pairs");
}

void bigram_release(Bigram *bigram)
{
    sys_free(bigram->pair);
    sys_free(bigram->followed);
    sys_free(bigram->token);
    *bigram = (Bigram){0};
}

/* ---- the table ------------------------------------------------------------------------------- */

/* The slot of a pair, or the free one where it belongs. */
static BigramPair *find(BigramPair *pair, uint32_t slots, uint32_t token, uint32_t next)
{
    uint32_t i = (token * 2654435761U ^ next * 2246822519U) >> 7 & (slots - 1);

    while (pair[i].count > 0 && (pair[i].token != token || pair[i].next != next))
        i = (i + 1) & (slots - 1);
    return &pair[i];
}

static bool grow(Bigram *bigram, Error *error)
{
    const uint32_t slots = bigram->slots * 2;
    BigramPair *pair = sys_alloc(slots, sizeof *pair);

    if (!pair)
        return error_set(error, "out of memory for counting pairs");
    for (uint32_t i = 0; i < bigram->slots; i++)
        if (bigram->pair[i].count > 0)
            *find(pair, slots, bigram->pair[i].token, bigram->pair[i].next) = bigram->pair[i];
    sys_free(bigram->pair);
    bigram->pair = pair;
    bigram->slots = slots;
    return true;
}

static bool count_pair(Bigram *bigram, int token, int next, Error *error)
{
    if (bigram->pairs >= bigram->slots / 2 && !grow(bigram, error))
        return false;
    BigramPair *pair = find(bigram->pair, bigram->slots, (uint32_t)token, (uint32_t)next);
    bigram->pairs += pair->count == 0;
    *pair = (BigramPair){(uint32_t)token, (uint32_t)next, pair->count + 1};
    bigram->followed[token]++;
    return true;
}

double bigram_probability(const Bigram *bigram, int token, int next)
{
    double count = find(bigram->pair, bigram->slots, (uint32_t)token, (uint32_t)next)->count;

    return (count + 1) / (double)(bigram->followed[token] + corpus_vocab(bigram->corpus));
}

/* ---- the passes ------------------------------------------------------------------------------ */

/* Lays the tokens of a document out; returns how many of them are predicted. */
static int read_document(Bigram *bigram, int64_t d)
{
    return corpus_tokens(bigram->corpus, d, bigram->token, bigram->positions + 1) - 1;
}

static bool count_document(Bigram *bigram, int64_t d, Error *error)
{
    const int positions = read_document(bigram, d);

    for (int i = 0; i < positions; i++)
        if (!count_pair(bigram, bigram->token[i], bigram->token[i + 1], error))
            return false;
    return true;
}

static double score_document(Bigram *bigram, int64_t d)
{
    const int positions = read_document(bigram, d);
    double sum = 0;

    for (int i = 0; i < positions; i++)
        sum -= log(bigram_probability(bigram, bigram->token[i], bigram->token[i + 1]));
    return sum / positions;
}

bool bigram_advance(Bigram *bigram, int64_t documents, Error *error)
{
    for (; documents > 0 && bigram->counted < bigram->documents; documents--, bigram->counted++)
        if (!count_document(bigram, bigram->counted, error))
            return false;
    for (; documents > 0 && bigram->scored < bigram->documents; documents--, bigram->scored++)
        bigram->sum += score_document(bigram, bigram->scored);
    return true;
}

bool bigram_is_done(const Bigram *bigram)
{
    return bigram->scored == bigram->documents;
}

double bigram_loss(const Bigram *bigram)
{
    assert(bigram_is_done(bigram) && bigram->documents > 0);
    return bigram->sum / (double)bigram->documents;
}
