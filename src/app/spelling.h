/* Spelling: a text cut into tokens as training has it: BOS, its characters, BOS. A character that
 * no document has is no token: the model cannot read it.
 *
 *     "emmé"  ->  ⟨ e m m é ⟩
 *                 26 4 12 12 - 26                                                                  */
#ifndef GPTOSCOPE_APP_SPELLING_H
#define GPTOSCOPE_APP_SPELLING_H

#include "engine/corpus.h"

enum { SPELLING_BYTES = 512, SPELLING_TOKENS = SPELLING_BYTES + 2, SPELLING_UNKNOWN = -1 };

typedef struct SpelledToken {
    uint32_t code_point; /* 0 for BOS; U+FFFD for a byte that is no UTF-8 */
    int token;           /* or SPELLING_UNKNOWN */
} SpelledToken;

/* What the reader has typed last. */
typedef struct Spelling {
    char text[SPELLING_BYTES];
    size_t length; /* 0: nothing */
} Spelling;

/* Keeps a text; what does not fit is cut off at a whole character. */
void spelling_keep(Spelling *spelling, const char *text);

/* Cuts length bytes into at most room tokens, without the last BOS where it does not fit. Returns
 * how many. */
int spelling_cut(const Corpus *corpus, const char *text, size_t length, SpelledToken *list, int room);

/* How many of them the model has no token for. */
int spelling_unknown(const SpelledToken *list, int count);

#endif
