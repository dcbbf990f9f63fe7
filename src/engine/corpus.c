#include "engine/corpus.h"

#include "engine/sys.h"
#include <assert.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

int corpus_decode(const char *text, size_t length, uint32_t *code_point)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least; /* smaller code points have a shorter form: the longer one is not UTF-8 */
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    const unsigned char *s = (const unsigned char *)text;

    if (length == 0)
        return 0;
    if (s[0] < 0x80) { /* as most often */
        *code_point = s[0];
        return 1;
    }
    for (int n = 2; n <= 4; n++) {
        if ((s[0] & forms[n - 1].mask) != forms[n - 1].lead)
            continue;
        if ((size_t)n > length)
            return 0;
        uint32_t c = s[0] & (uint8_t)~forms[n - 1].mask;
        for (int i = 1; i < n; i++) {
            if ((s[i] & 0xc0) != 0x80)
                return 0;
            c = c << 6 | (s[i] & 0x3f);
        }
        if (c < forms[n - 1].least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
            return 0;
        *code_point = c;
        return n;
    }
    return 0;
}

int corpus_encode(uint32_t c, char text[4])
{
    if (c < 0x80) {
        text[0] = (char)c;
        return 1;
    }
    int n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = n - 1; i > 0; i--, c >>= 6)
        text[i] = (char)(0x80 | (c & 0x3f));
    text[0] = (char)((0xf00 >> n & 0xff) | c); /* as many leading ones as bytes */
    return n;
}

/* White space as Python's str.strip takes it: Unicode's, and the four separators U+001C to U+001F.
 */
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

/* ---- documents ------------------------------------------------------------------------------- */

/* Set of code points, one bit each: what the alphabet is collected in. */
enum { CODE_POINTS = 0x110000 };

typedef struct Reader {
    Corpus *corpus;
    const char *path;
    int64_t room;      /* documents allocated */
    uint8_t *seen;     /* [CODE_POINTS / 8] */
    uint32_t seen_end; /* none is seen from here on */
    Error *error;
} Reader;

static bool add_document(Reader *reader, size_t start, size_t length, int64_t line)
{
    Corpus *corpus = reader->corpus;

    if (length > CORPUS_DOCUMENT_LIMIT)
        return error_set(reader->error,
                         "%.300s:%" PRId64 ": a document of %zu bytes, the limit is %d",
                         reader->path, line, length, CORPUS_DOCUMENT_LIMIT);
    if (corpus->count == CORPUS_COUNT_LIMIT)
        return error_set(reader->error, "%.300s:%" PRId64 ": more than %d documents", reader->path,
                         line, CORPUS_COUNT_LIMIT);
    if (corpus->count == reader->room) {
        int64_t room = reader->room ? reader->room * 2 : 1024;
        void *more = sys_resize(corpus->document, (size_t)room, sizeof *corpus->document);
        if (!more)
            return error_set(reader->error, "%.300s: out of memory", reader->path);
        corpus->document = more;
        reader->room = room;
    }
    corpus->document[corpus->count++] = (CorpusDocument){(uint32_t)start, (uint32_t)length};
    return true;
}

/* Reads text[start .. end) as one line: checks it, strips it, keeps it if anything is left,
 * collects its characters. */
static bool read_line(Reader *reader, size_t start, size_t end, int64_t line)
{
    const char *text = reader->corpus->text;
    size_t first = end, last = start; /* what is left after stripping */

    for (size_t at = start; at < end;) {
        uint32_t c;
        int n = corpus_decode(text + at, end - at, &c);
        if (n == 0)
            return error_set(reader->error, "%.300s:%" PRId64 ": not UTF-8 (byte 0x%02x)",
                             reader->path, line, (unsigned char)text[at]);
        if (c == 0)
            return error_set(reader->error,
                             "%.300s:%" PRId64 ": a NUL byte: this is not a text file",
                             reader->path, line);
        if (!is_space(c)) {
            if (first == end)
                first = at;
            last = at + (size_t)n;
        }
        at += (size_t)n;
    }
    if (first >= last)
        return true;
    for (size_t at = first;
         at < last;) { /* every character of the document, spaces inside it too */
        uint32_t c = 0;
        at += (size_t)corpus_decode(text + at, last - at, &c);
        reader->seen[c / 8] |= (uint8_t)(1 << c % 8);
        reader->seen_end = c < reader->seen_end ? reader->seen_end : c + 1;
    }
    return add_document(reader, first, last - first, line);
}

static bool read_lines(Reader *reader, size_t length)
{
    const char *text = reader->corpus->text;
    size_t start = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (int64_t line = 1; start < length; line++) {
        size_t end = start;
        while (end < length && text[end] != '\n' && text[end] != '\r')
            end++;
        if (!read_line(reader, start, end, line))
            return false;
        if (end + 1 < length && text[end] == '\r' && text[end + 1] == '\n')
            end++;
        start = end + 1;
    }
    if (reader->corpus->count == 0)
        return error_set(reader->error, "%.300s: no document in it: every line is blank",
                         reader->path);
    return true;
}

/* The alphabet, rising, from the set of what was seen; and the file's own order of documents. */
static bool finish(Reader *reader)
{
    Corpus *corpus = reader->corpus;

    for (uint32_t c = 0; c < reader->seen_end; c++)
        corpus->characters += reader->seen[c / 8] >> c % 8 & 1;
    corpus->character = sys_alloc((size_t)corpus->characters, sizeof *corpus->character);
    corpus->order = sys_alloc((size_t)corpus->count, sizeof *corpus->order);
    if (!corpus->character || !corpus->order)
        return error_set(reader->error, "%.300s: out of memory", reader->path);
    for (uint32_t c = 0, t = 0; c < reader->seen_end; c++)
        if (reader->seen[c / 8] >> c % 8 & 1)
            corpus->character[t++] = c;
    for (int64_t i = 0; i < corpus->count; i++)
        corpus->order[i] = (uint32_t)i;
    return true;
}

static void name_source(Corpus *corpus, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    size_t length = strlen(name);

    if (length >= sizeof corpus->source)
        length = sizeof corpus->source - 1;
    memcpy(corpus->source, name, length);
}

bool corpus_parse(Corpus *corpus, char *bytes, size_t length, const char *path, Error *error)
{
    *corpus = (Corpus){.text = bytes};
    name_source(corpus, path);
    Reader reader = {corpus, path, 0, sys_alloc(CODE_POINTS / 8, 1), 0, error};
    bool done = reader.seen ? read_lines(&reader, length) && finish(&reader)
                            : error_set(error, "%.300s: out of memory", path);
    sys_free(reader.seen);
    if (!done)
        corpus_release(corpus);
    return done;
}

bool corpus_read(Corpus *corpus, const char *path, Error *error)
{
    char *bytes;
    size_t length;

    *corpus = (Corpus){0};
    return sys_read_file(path, CORPUS_FILE_LIMIT, &bytes, &length, error) &&
           corpus_parse(corpus, bytes, length, path, error);
}

static void *copy_of(const void *from, size_t count, size_t size)
{
    void *copy = sys_alloc(count, size);

    if (copy)
        memcpy(copy, from, count * size);
    return copy;
}

/* Bytes of text that documents stand in. */
static size_t text_length(const Corpus *corpus)
{
    const CorpusDocument last = corpus->document[corpus->count - 1];

    return (size_t)last.start + last.length;
}

bool corpus_copy(Corpus *copy, const Corpus *of, Error *error)
{
    const size_t count = (size_t)of->count;

    *copy = *of;
    copy->text = copy_of(of->text, text_length(of), 1);
    copy->document = copy_of(of->document, count, sizeof *of->document);
    copy->order = copy_of(of->order, count, sizeof *of->order);
    copy->character = copy_of(of->character, (size_t)of->characters, sizeof *of->character);
    if (copy->text && copy->document && copy->order && copy->character)
        return true;
    corpus_release(copy);
    return error_set(error, "%.200s: out of memory", of->source);
}

void corpus_digest(const Corpus *corpus, uint8_t digest[32])
{
    struct sha256_ctx sha;

    sha256_init(&sha);
    for (int64_t i = 0; i < corpus->count; i++) {
        const CorpusDocument document = corpus->document[i];
        sha256_update(&sha, document.length, (const uint8_t *)corpus->text + document.start);
        sha256_update(&sha, 1, (const uint8_t *)"\n");
    }
    sha256_digest(&sha, 32, digest);
}

void corpus_release(Corpus *corpus)
{
    sys_free(corpus->text);
    sys_free(corpus->document);
    sys_free(corpus->order);
    sys_free(corpus->character);
    *corpus = (Corpus){0};
}

void corpus_shuffle(Corpus *corpus, Rng *rng)
{
    for (int64_t i = 0; i < corpus->count; i++)
        corpus->order[i] = (uint32_t)i;
    rng_shuffle(rng, corpus->order, (size_t)corpus->count);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

int corpus_vocab(const Corpus *corpus)
{
    return corpus->characters + 1;
}

int corpus_token(const Corpus *corpus, uint32_t code_point)
{
    int low = 0;

    for (int count = corpus->characters; count > 1;) { /* it is among the count from low on, if any */
        const int half = count / 2;
        low += corpus->character[low + half] <= code_point ? half : 0;
        count -= half;
    }
    return corpus->characters > 0 && corpus->character[low] == code_point ? low : -1;
}

const char *corpus_text(const Corpus *corpus, int64_t d, size_t *length)
{
    assert(0 <= d && d < corpus->count);
    CorpusDocument document = corpus->document[corpus->order[d]];
    *length = document.length;
    return corpus->text + document.start;
}

int corpus_tokens(const Corpus *corpus, int64_t d, int *tokens, int limit)
{
    const int bos = corpus->characters;
    size_t length;
    const char *text = corpus_text(corpus, d, &length);
    int count = 0;

    if (count < limit)
        tokens[count++] = bos;
    while (length > 0 && count < limit) {
        uint32_t c = 0;
        int n = corpus_decode(text, length, &c);
        tokens[count++] = corpus_token(corpus, c);
        text += n;
        length -= (size_t)n;
    }
    if (count < limit)
        tokens[count++] = bos;
    return count;
}

bool corpus_adopt(Corpus *corpus, const uint32_t *characters, int count, Error *error)
{
    uint32_t *copy = sys_alloc((size_t)count, sizeof *copy);

    if (!copy)
        return error_set(error, "%.300s: out of memory", corpus->source);
    memcpy(copy, characters, (size_t)count * sizeof *copy);
    sys_free(corpus->character);
    corpus->character = copy;
    corpus->characters = count;
    for (int64_t d = 0; d < corpus->count; d++) {
        const char *text = corpus->text + corpus->document[d].start;
        for (size_t left = corpus->document[d].length; left > 0;) {
            uint32_t c = 0;
            int n = corpus_decode(text, left, &c);
            if (corpus_token(corpus, c) < 0)
                return error_set(error,
                                 "%s: document %" PRId64 ": character U+%04" PRIX32
                                 " is not known to the run",
                                 corpus->source, d + 1, c);
            text += n;
            left -= (size_t)n;
        }
    }
    return true;
}
