#include "app/spelling.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

void spelling_keep(Spelling *spelling, const char *text)
{
    size_t length = strlen(text);

    if (length >= sizeof spelling->text)
        length = sizeof spelling->text - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(spelling->text, text, length);
    spelling->text[length] = '\0';
    spelling->length = length;
}

int spelling_cut(const Corpus *corpus, const char *text, size_t length, SpelledToken *list,
                 int room)
{
    const SpelledToken bos = {0, corpus->characters};
    int count = 0;

    if (count < room)
        list[count++] = bos;
    for (size_t at = 0; at < length && count < room; count++) {
        uint32_t code_point = REPLACEMENT;
        int bytes = corpus_decode(text + at, length - at, &code_point);
        list[count] = (SpelledToken){code_point, bytes > 0 ? corpus_token(corpus, code_point)
                                                           : SPELLING_UNKNOWN};
        at += bytes > 0 ? (size_t)bytes : 1;
    }
    if (count < room)
        list[count++] = bos;
    return count;
}

int spelling_unknown(const SpelledToken *list, int count)
{
    int unknown = 0;

    for (int i = 0; i < count; i++)
        unknown += list[i].token == SPELLING_UNKNOWN;
    return unknown;
}
