/* Writing values and errors for people and programs. */
#include "app/expr_code.h"
#include "app/json.h"
#include "app/text.h"
#include "engine/sys.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void expr_release(Expr *expr)
{
    sys_free(expr->text);
    sys_free(expr->code);
    sys_free(expr->stack);
    for (size_t i = 0; i < sizeof expr->pool.chunk / sizeof *expr->pool.chunk; i++)
        sys_free(expr->pool.chunk[i]);
    *expr = (Expr){0};
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Without an exponent where that is short enough to be read: 1e-5 to below 1e17. */
static void print_digits(double number, int digits, char text[EXPR_NUMBER_BYTES])
{
    snprintf(text, EXPR_NUMBER_BYTES, "%.*e", digits - 1, number);
    int exponent = atoi(strchr(text, 'e') + 1), decimals = digits - 1 - exponent;

    if (exponent >= -5 && exponent < 17)
        snprintf(text, EXPR_NUMBER_BYTES, "%.*f", decimals > 0 ? decimals : 0, number);
}

const char *expr_print_number(double number, char text[EXPR_NUMBER_BYTES])
{
    if (isnan(number))
        return strcpy(text, "nan");
    if (isinf(number))
        return strcpy(text, number < 0 ? "-inf" : "inf");
    for (int digits = 1; digits <= 17; digits++) {
        print_digits(number, digits, text);
        if (strtod(text, NULL) == number)
            break;
    }
    return text;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Where a value is written: to a stream, or as far as it fits into text. */
typedef struct Writer {
    FILE *stream;
    char *text;
    size_t size, length;
} Writer;

static void put(Writer *writer, const char *bytes, size_t length)
{
    if (writer->stream) {
        fwrite(bytes, 1, length, writer->stream);
    } else if (writer->length < writer->size) {
        size_t room = writer->size - 1 - writer->length;
        memcpy(writer->text + writer->length, bytes, length < room ? length : room);
    }
    writer->length += length;
}

static void put_word(Writer *writer, const char *word)
{
    put(writer, word, strlen(word));
}

static void put_entry(Writer *writer, double number, bool truth)
{
    char text[EXPR_NUMBER_BYTES];

    put_word(writer, !truth ? expr_print_number(number, text) : number != 0 ? "true" : "false");
}

static void put_vector(Writer *writer, const double *entry, int64_t count, bool truths)
{
    put_word(writer, "[");
    for (int64_t i = 0; i < count; i++) {
        put_word(writer, i > 0 ? ", " : "");
        put_entry(writer, entry[i], truths);
    }
    put_word(writer, "]");
}

static void put_rows(Writer *writer, const ExprValue *value, const char *between)
{
    for (int32_t r = 0; r < value->rows; r++) {
        int32_t count;
        const double *row = expr_row(value, r, &count);
        put_word(writer, r > 0 ? between : "");
        put_vector(writer, row, count, value->truths);
    }
}

static void put_number_or_vector(Writer *writer, const ExprValue *value)
{
    if (value->kind == EXPR_VECTOR || value->kind == EXPR_MATRIX) /* one without rows */
        put_vector(writer, value->entry, value->count, value->truths);
    else
        put_entry(writer, value->number, value->kind == EXPR_TRUTH);
}

size_t expr_print(const ExprValue *value, char *text, size_t size)
{
    Writer writer = {.text = text, .size = size};

    if (value->kind == EXPR_TEXT) {
        put(&writer, value->text, value->length);
    } else if (value->kind == EXPR_MATRIX) {
        put_word(&writer, "[");
        put_rows(&writer, value, ", ");
        put_word(&writer, "]");
    } else {
        put_number_or_vector(&writer, value);
    }
    if (size > 0)
        text[writer.length < size ? writer.length : size - 1] = '\0';
    return writer.length;
}

void expr_write(const ExprValue *value, FILE *stream)
{
    Writer writer = {.stream = stream};

    if (value->kind == EXPR_TEXT)
        text_print(stream, value->text, value->length);
    else if (value->kind == EXPR_MATRIX && value->rows > 0)
        put_rows(&writer, value, "\n");
    else
        put_number_or_vector(&writer, value);
    fputc('\n', stream);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void write_json_entry(double number, bool truth, FILE *stream)
{
    if (truth)
        fputs(number != 0 ? "true" : "false", stream);
    else
        json_print_real(stream, number);
}

static void write_json_vector(const double *entry, int64_t count, bool truths, FILE *stream)
{
    fputc('[', stream);
    for (int64_t i = 0; i < count; i++) {
        fputs(i > 0 ? "," : "", stream);
        write_json_entry(entry[i], truths, stream);
    }
    fputc(']', stream);
}

void expr_write_json(const ExprValue *value, FILE *stream)
{
    if (value->kind == EXPR_TEXT) {
        json_print_text(stream, value->text, value->length);
    } else if (value->kind == EXPR_VECTOR) {
        write_json_vector(value->entry, value->count, value->truths, stream);
    } else if (value->kind == EXPR_MATRIX) {
        fputc('[', stream);
        for (int32_t r = 0; r < value->rows; r++) {
            int32_t count;
            const double *row = expr_row(value, r, &count);
            fputs(r > 0 ? "," : "", stream);
            write_json_vector(row, count, value->truths, stream);
        }
        fputc(']', stream);
    } else {
        write_json_entry(value->number, value->kind == EXPR_TRUTH, stream);
    }
}

/* ---- errors ---------------------------------------------------------------------------------- */

enum {
    EXCERPT = 60
}; /* bytes of a long expression that are shown before the error, and after it */

/* Where a character begins. */
static bool begins(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* What text_show makes of the bytes from ... to-1 has so many columns. */
static int columns(const char *text, int from, int to)
{
    char shown[EXCERPT * 12];

    text_show(text + from, (size_t)(to - from), shown, sizeof shown, false);
    return text_width(shown);
}

void expr_write_error(const char *text, const ExprError *error, FILE *stream)
{
    char shown[EXCERPT * 24];
    int length = (int)strlen(text), at = error->at < length ? error->at : length;
    int from = at > EXCERPT ? at - EXCERPT : 0, to = length - at > EXCERPT ? at + EXCERPT : length;

    while (from > 0 && !begins(text[from]))
        from++;
    while (to < length && !begins(text[to]))
        to--;
    text_show(text + from, (size_t)(to - from), shown, sizeof shown, false);
    fprintf(stream, "%s\n%*s^ ", shown, columns(text, from, at), "");
    text_print(stream, error->why.text, strlen(error->why.text));
    fputc('\n', stream);
}
