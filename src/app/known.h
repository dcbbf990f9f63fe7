/* Known: whether a text is one of the documents, asked often and answered at once (a hash table of
 * the corpus). */
#ifndef GPTOSCOPE_APP_KNOWN_H
#define GPTOSCOPE_APP_KNOWN_H

#include "engine/corpus.h"

typedef struct Known {
    const Corpus *corpus; /* borrowed */
    uint32_t *slot;       /* [slots] document + 1, 0: free; open addressing */
    uint32_t slots;       /* a power of two, more than there are documents */
} Known;

/* Errors: memory. */
bool known_init(Known *known, const Corpus *corpus, Error *error);
void known_release(Known *known);

bool known_has(const Known *known, const char *text, size_t length);

/* Whether it is one of the first `documents` in the order of training. Goes through them. */
bool known_is_among(const Known *known, const char *text, size_t length, int64_t documents);

#endif
