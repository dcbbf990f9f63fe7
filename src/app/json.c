#include "app/json.h"

#include "app/text.h"
#include "engine/corpus.h"
#include <math.h>

int json_real_piece(double number, char piece[JSON_PIECE])
{
    if (isfinite(number))
        return snprintf(piece, JSON_PIECE, "%.17g", number);
    return snprintf(piece, JSON_PIECE, "%s",
                    isnan(number) ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\"");
}

void json_print_real(FILE *stream, double number)
{
    char piece[JSON_PIECE];

    json_real_piece(number, piece);
    fputs(piece, stream);
}

static int write_code_point(uint32_t c, char piece[JSON_PIECE])
{
    if (c == '"' || c == '\\')
        return snprintf(piece, JSON_PIECE, "\\%c", (int)c);
    if (!text_is_plain(c) && c < 0x10000)
        return snprintf(piece, JSON_PIECE, "\\u%04x", (unsigned)c);
    if (!text_is_plain(c))
        return snprintf(piece, JSON_PIECE, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                        (unsigned)(0xdc00 | (c & 0x3ff)));
    int bytes = corpus_encode(c, piece);
    piece[bytes] = '\0';
    return bytes;
}

int json_text_piece(const char **text, size_t *length, char piece[JSON_PIECE])
{
    uint32_t c = 0xfffd; /* what stands for bytes that are no UTF-8 */
    int n = corpus_decode(*text, *length, &c);

    n = n ? n : 1;
    *text += n;
    *length -= (size_t)n;
    return write_code_point(c, piece);
}

void json_print_text(FILE *stream, const char *text, size_t length)
{
    char piece[JSON_PIECE];

    fputc('"', stream);
    while (length > 0)
        fwrite(piece, 1, (size_t)json_text_piece(&text, &length, piece), stream);
    fputc('"', stream);
}

void json_print_member(FILE *stream, const char *name, int first)
{
    fprintf(stream, "%s\"%s\":", first ? "" : ",", name);
}
