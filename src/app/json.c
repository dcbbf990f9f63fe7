#include "app/json.h"

#include "app/text.h"
#include "engine/corpus.h"
#include <math.h>

void json_real(FILE *stream, double number)
{
    if (isfinite(number))
        fprintf(stream, "%.17g", number);
    else
        fputs(isnan(number) ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\"", stream);
}

static void write_code_point(FILE *stream, uint32_t c)
{
    char bytes[4];

    if (c == '"' || c == '\\')
        fprintf(stream, "\\%c", (int)c);
    else if (text_is_plain(c))
        fwrite(bytes, 1, (size_t)corpus_encode(c, bytes), stream);
    else if (c < 0x10000)
        fprintf(stream, "\\u%04x", (unsigned)c);
    else
        fprintf(stream, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                (unsigned)(0xdc00 | (c & 0x3ff)));
}

void json_text(FILE *stream, const char *text, size_t length)
{
    fputc('"', stream);
    while (length > 0) {
        uint32_t c = 0xfffd; /* what stands for bytes that are no UTF-8 */
        int n = corpus_decode(text, length, &c);
        write_code_point(stream, c);
        n = n ? n : 1;
        text += n;
        length -= (size_t)n;
    }
    fputc('"', stream);
}

void json_member(FILE *stream, const char *name, int first)
{
    fprintf(stream, "%s\"%s\":", first ? "" : ",", name);
}
