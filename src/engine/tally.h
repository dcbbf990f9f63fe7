/* Tally: how often each token stands in the documents of a corpus, all of them, uncut. BOS stands
 * at both ends of each. */
#ifndef GPTOSCOPE_ENGINE_TALLY_H
#define GPTOSCOPE_ENGINE_TALLY_H

#include "engine/corpus.h"

typedef struct Tally {
    const Corpus *corpus; /* borrowed */
    int64_t *count;       /* [vocab] owned */
    int64_t tokens;       /* the sum of all counts */
    int64_t most;         /* the greatest of them, BOS left out */
    int64_t documents;    /* counted so far */
    int64_t longest;      /* of those, in characters */
} Tally;

/* Counts nothing yet. Errors: memory. */
bool tally_init(Tally *tally, const Corpus *corpus, Error *error);
void tally_release(Tally *tally);

/* Counts documents of about so many characters together, in the order of the file. Returns false
 * where none is left. */
bool tally_advance(Tally *tally, int64_t characters);

#endif
