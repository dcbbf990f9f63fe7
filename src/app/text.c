#define _XOPEN_SOURCE 700 /* wcwidth */

#include "app/text.h"

#include "engine/corpus.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum {
    MARKS_ON_ONE = 3
}; /* combining marks that one character may carry: more would climb over other lines */

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

/* What does not show itself, or changes how other characters show: Unicode's
 * Default_Ignorable_Code_Point and the format controls, separators of lines and paragraphs,
 * surrogates, private use, and what is no character. Rising. */
static const CodeRange hidden[] = {
    {0x0000, 0x001f},     /* controls */
    {0x007f, 0x009f},     /* delete, C1 */
    {0x00ad, 0x00ad},     /* soft hyphen */
    {0x034f, 0x034f},     /* grapheme joiner */
    {0x061c, 0x061c},     /* Arabic letter mark */
    {0x115f, 0x1160},     /* Hangul fillers */
    {0x17b4, 0x17b5},     /* Khmer inherent vowels */
    {0x180b, 0x180f},     /* Mongolian selectors */
    {0x200b, 0x200f},     /* zero width, direction marks */
    {0x2028, 0x202e},     /* separators, bidi embedding */
    {0x2060, 0x206f},     /* joiners, bidi isolates */
    {0x3164, 0x3164},     /* Hangul filler */
    {0xd800, 0xf8ff},     /* surrogates, private use */
    {0xfdd0, 0xfdef},     /* not characters */
    {0xfe00, 0xfe0f},     /* variation selectors */
    {0xfeff, 0xfeff},     /* byte order mark */
    {0xffa0, 0xffa0},     /* Hangul filler */
    {0xfff0, 0xfffb},     /* interlinear annotation */
    {0x13430, 0x1345f},   /* Egyptian format controls */
    {0x1bca0, 0x1bca3},   /* shorthand format controls */
    {0x1d173, 0x1d17a},   /* musical format controls */
    {0xe0000, 0xe0fff},   /* tags, variation selectors */
    {0xf0000, UINT32_MAX} /* private use, beyond Unicode */
};

static bool is_hidden(uint32_t code_point)
{
    size_t low = 0, high = sizeof hidden / sizeof *hidden;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (hidden[middle].last < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return code_point >= hidden[low].first || (code_point & 0xfffe) == 0xfffe;
}

bool text_is_plain(uint32_t code_point)
{
    if (code_point < 0x7f)
        return code_point >= 0x20;
    return !is_hidden(code_point) && wcwidth((wchar_t)code_point) >= 0;
}

int text_width_of(uint32_t code_point)
{
    if (code_point < 0x7f)
        return code_point >= 0x20;
    int width = is_hidden(code_point) ? 0 : wcwidth((wchar_t)code_point);
    return width < 0 ? 0 : width > 2 ? 2 : width;
}

int text_width(const char *text)
{
    int width = 0;
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t code_point;
        int n = corpus_decode(text, left, &code_point);
        width += n ? text_width_of(code_point) : 1;
        text += n ? n : 1;
        left -= (size_t)(n ? n : 1);
    }
    return width;
}

/* A terminal that knows `code_point` no better than this C library shows it; others get its number.
 */
static int show_after(uint32_t code_point, int marks, char text[16])
{
    int n = 0;
    if (code_point < 0x20 || code_point == 0x7f)
        return snprintf(text, 16, "^%c", (int)(code_point ^ 0x40));
    if (!text_is_plain(code_point))
        return snprintf(text, 16, "U+%04" PRIX32, code_point);
    if (text_width_of(code_point) == 0 && (marks < 0 || marks >= MARKS_ON_ONE))
        n = corpus_encode(0x25cc, text); /* dotted circle */
    n += corpus_encode(code_point, text + n);
    text[n] = 0;
    return n;
}

int text_show_character(uint32_t code_point, char text[16])
{
    return show_after(code_point, -1, text);
}

/* Shows text one character at a time. */
typedef struct Shower {
    const char *text;
    size_t left;
    bool keep_lines;
    int marks;      /* combining marks on the character shown last; -1: it can carry none */
    char shown[16]; /* the last character, safe */
    int bytes;      /* of shown */
} Shower;

static int marks_after(uint32_t code_point, int marks)
{
    if (!text_is_plain(code_point))
        return -1;
    if (text_width_of(code_point) > 0)
        return 0;
    return marks < 0 || marks >= MARKS_ON_ONE ? 1 : marks + 1;
}

/* Puts the next character into shown. Returns false at the end of the text. */
static bool show_next(Shower *shower)
{
    uint32_t code_point;
    int n = corpus_decode(shower->text, shower->left, &code_point);
    if (shower->left == 0)
        return false;
    if (n == 0) {
        shower->bytes = snprintf(shower->shown, 16, "\\x%02x", (unsigned char)*shower->text);
        shower->marks = -1;
    } else if (code_point == '\n' && shower->keep_lines) {
        shower->bytes = snprintf(shower->shown, 16, "\n");
        shower->marks = -1;
    } else {
        shower->bytes = show_after(code_point, shower->marks, shower->shown);
        shower->marks = marks_after(code_point, shower->marks);
    }
    shower->text += n ? n : 1;
    shower->left -= (size_t)(n ? n : 1);
    return true;
}

size_t text_show(const char *text, size_t length, char *out, size_t size, bool keep_lines)
{
    Shower shower = {.text = text, .left = length, .keep_lines = keep_lines, .marks = -1};
    size_t written = 0;
    while (show_next(&shower) && (size_t)shower.bytes < size - written) {
        memcpy(out + written, shower.shown, (size_t)shower.bytes);
        written += (size_t)shower.bytes;
    }
    out[written] = 0;
    return written;
}

void text_print(FILE *stream, const char *text, size_t length)
{
    Shower shower = {.text = text, .left = length, .keep_lines = true, .marks = -1};
    while (show_next(&shower))
        fwrite(shower.shown, 1, (size_t)shower.bytes, stream);
}

const char *text_whole(int64_t number, char *text, size_t size)
{
    char digits[24], commas[32];
    int count = snprintf(digits, sizeof digits, "%" PRId64, number), n = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0 && digits[i - 1] != '-')
            commas[n++] = ',';
        commas[n++] = digits[i];
    }
    commas[n] = 0;
    snprintf(text, size, "%s", commas);
    return text;
}

/* ---- real numbers ---------------------------------------------------------------------------- */

enum { REAL_ROOM = 64, REAL_DIGITS = 3, REAL_ALL_DIGITS = 17 };

/* With so many decimals and no 0 before the point. */
static int print_fixed(double number, int decimals, char text[REAL_ROOM])
{
    int length = snprintf(text, REAL_ROOM, "%.*f", decimals, number);
    char *zero = text + (*text == '-');
    if (zero[0] == '0' && zero[1] == '.') {
        memmove(zero, zero + 1, strlen(zero));
        length--;
    }
    return length;
}

/* With so many significant digits, as 1.2e-9, written without the sign and zeros that C puts into
 * exponents. Returns the length; *exponent is that of the rounded number. */
static int print_scientific(double number, int digits, int *exponent, char text[REAL_ROOM])
{
    int length = snprintf(text, REAL_ROOM, "%.*e", digits - 1, number);
    char *mark = memchr(text, 'e', (size_t)length);
    *exponent = atoi(mark + 1);
    return (int)(mark - text) + snprintf(mark, 8, "e%d", *exponent);
}

/* At most four zeros behind the point and sixteen digits before it are read without counting. */
static bool fits_fixed(double number, int digits, int exponent, int width, char text[REAL_ROOM])
{
    int decimals = digits - 1 - exponent;
    return exponent >= -5 && exponent <= 15 &&
           print_fixed(number, decimals > 0 ? decimals : 0, text) <= width;
}

/* The most digits that fit, fixed if possible. Where not even one does, a small number is rounded
 * to the decimals that do (its sign stays); a large one shows as ####, as in a spreadsheet. */
static void print_finite(double number, int width, char text[REAL_ROOM])
{
    int digits = width - 7; /* sign, point, e-308 */
    digits = digits < REAL_DIGITS       ? REAL_DIGITS
             : digits > REAL_ALL_DIGITS ? REAL_ALL_DIGITS
                                        : digits;
    for (; digits > 0; digits--) {
        int exponent, length = print_scientific(number, digits, &exponent, text);
        char fixed[REAL_ROOM];
        if (fits_fixed(number, digits, exponent, width, fixed)) {
            memcpy(text, fixed, sizeof fixed);
            return;
        }
        if (length <= width)
            return;
    }
    int decimals = width - 1 - (number < 0);
    if (fabs(number) >= 1 || decimals < 1 || print_fixed(number, decimals, text) > width)
        snprintf(text, REAL_ROOM, "%.*s", width, "######");
}

const char *text_real(double number, int width, char *text, size_t size)
{
    char shown[REAL_ROOM];
    if (isnan(number))
        snprintf(shown, sizeof shown, "nan");
    else if (isinf(number))
        snprintf(shown, sizeof shown, number < 0 ? "-inf" : "inf");
    else if (number == 0)
        snprintf(shown, sizeof shown, "0");
    else
        print_finite(number, width, shown);
    snprintf(text, size, "%*s", width, shown);
    return text;
}
