#include "app/known.h"

#include "engine/sys.h"
#include <string.h>

/* FNV-1a: short texts, no adversary to defend against but a slow table. */
static uint32_t hash(const char *text, size_t length)
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619U;
    return h;
}

/* The slot where the text is, or the free one where it belongs. */
static uint32_t *find(const Known *known, const char *text, size_t length)
{
    uint32_t i = hash(text, length) & (known->slots - 1);

    for (;; i = (i + 1) & (known->slots - 1)) {
        if (known->slot[i] == 0)
            return &known->slot[i];
        CorpusDocument document = known->corpus->document[known->slot[i] - 1];
        if (document.length == length &&
            memcmp(known->corpus->text + document.start, text, length) == 0)
            return &known->slot[i];
    }
}

bool known_init(Known *known, const Corpus *corpus, Error *error)
{
    *known = (Known){.corpus = corpus, .slots = 16};
    while (known->slots < corpus->count + corpus->count / 2)
        known->slots *= 2;
    known->slot = sys_alloc(known->slots, sizeof *known->slot);
    if (!known->slot)
        return error_set(error, "%s: out of memory", corpus->source);
    for (int64_t d = 0; d < corpus->count; d++) {
        CorpusDocument document = corpus->document[d];
        *find(known, corpus->text + document.start, document.length) = (uint32_t)d + 1;
    }
    return true;
}

void known_release(Known *known)
{
    sys_free(known->slot);
    *known = (Known){0};
}

bool known_has(const Known *known, const char *text, size_t length)
{
    return *find(known, text, length) != 0;
}

bool known_is_among(const Known *known, const char *text, size_t length, int64_t documents)
{
    if (!known_has(known, text, length))
        return false;
    for (int64_t d = 0; d < documents && d < known->corpus->count; d++) {
        size_t other;
        const char *document = corpus_text(known->corpus, d, &other);
        if (other == length && memcmp(document, text, length) == 0)
            return true;
    }
    return false;
}
