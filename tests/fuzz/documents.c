/* A file of documents: read, cut into tokens, shown, and found again. */
#include "fuzz.h"
#include "world.h"

#include "app/known.h"
#include "app/text.h"
#include "engine/bigram.h"
#include <stdlib.h>

enum { TOKENS = 16, SHOWN = 256 };

static void look_at(const Corpus *corpus, const Known *known, int64_t document)
{
    char shown[SHOWN];
    int tokens[TOKENS];
    size_t length;
    const char *text = corpus_text(corpus, document, &length);
    int count = corpus_tokens(corpus, document, tokens, TOKENS);

    for (int i = 0; i < count; i++)
        if (tokens[i] < 0 || tokens[i] >= corpus_vocab(corpus))
            abort();
    world_expect_safe(shown, text_show(text, length, shown, sizeof shown, false), "");
    if (!known_has(known, text, length))
        abort();
}

void fuzz_documents(const uint8_t *bytes, size_t length)
{
    Corpus corpus;
    Known known = {0};
    Rng rng;
    Error error;

    if (!corpus_parse(&corpus, world_copy(bytes, length), length, "documents", &error))
        return;
    rng_seed(&rng, 1);
    corpus_shuffle(&corpus, &rng);
    if (!known_init(&known, &corpus, &error))
        abort();
    for (int64_t i = 0; i < corpus.count && i < 8; i++)
        look_at(&corpus, &known, i);
    known_release(&known);
    corpus_release(&corpus);
}
