#include "engine/tally.h"

#include "engine/sys.h"

bool tally_init(Tally *tally, const Corpus *corpus, Error *error)
{
    *tally = (Tally){.corpus = corpus};
    tally->count = sys_alloc((size_t)corpus_vocab(corpus), sizeof *tally->count);
    return tally->count || error_set(error, "out of memory for counting tokens");
}

void tally_release(Tally *tally)
{
    sys_free(tally->count);
    *tally = (Tally){0};
}

/* Returns its characters. */
static int64_t count_document(Tally *tally, CorpusDocument document)
{
    const Corpus *corpus = tally->corpus;
    const char *text = corpus->text + document.start;
    int64_t characters = 0;

    for (size_t at = 0; at < document.length; characters++) {
        uint32_t c = 0;
        at += (size_t)corpus_decode(text + at, document.length - at, &c);
        int64_t count = ++tally->count[corpus_token(corpus, c)];
        tally->most = count > tally->most ? count : tally->most;
    }
    tally->count[corpus->characters] += 2;
    tally->tokens += characters + 2;
    tally->longest = characters > tally->longest ? characters : tally->longest;
    return characters;
}

bool tally_advance(Tally *tally, int64_t characters)
{
    for (; characters > 0 && tally->documents < tally->corpus->count; tally->documents++)
        characters -= 1 + count_document(tally, tally->corpus->document[tally->documents]);
    return tally->documents < tally->corpus->count;
}
