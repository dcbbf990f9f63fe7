#include "lesson/datum.h"

#include "app/text.h"
#include "lesson/markdown.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPANDED_BYTES = 8192, SOURCE_BYTES = 1024 };

/* ---- words ----------------------------------------------------------------------------------- */

static void set_number(Datum *datum, double number)
{
    *datum = (Datum){.kind = DATUM_NUMBER, .count = 1, .number = {number}};
}

static void word_graph_at(const App *app, Datum *datum)
{
    set_number(datum, app->graphing ? (double)app->graph.at : 0);
}

static void word_graph_length(const App *app, Datum *datum)
{
    set_number(datum, app->graphing ? (double)graph_length(&app->graph) : 0);
}

static void word_cursor(const App *app, Datum *datum)
{
    Scope scope = app_scope(app);

    set_number(datum, focus_node(&scope, look_focus(&app->look)));
}

static void word_view(const App *app, Datum *datum)
{
    *datum = (Datum){.kind = DATUM_TEXT, .count = 1};
    snprintf(datum->text, sizeof datum->text, "%s", look_views[look_view(&app->look)].name);
}

static const struct {
    const char *name;
    void (*read)(const App *app, Datum *datum);
} words[] = {{"graph_at", word_graph_at},
             {"graph_length", word_graph_length},
             {"cursor", word_cursor},
             {"view", word_view}};
enum { WORDS = sizeof words / sizeof *words };

static bool is_word(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static bool find_word(const App *app, const Lets *lets, const char *text, size_t length,
                      Datum *datum)
{
    for (int i = 0; lets && i < lets->count; i++)
        if (is_word(lets->let[i].name, text, length)) {
            *datum = lets->let[i].value;
            return true;
        }
    for (int i = 0; i < WORDS; i++)
        if (is_word(words[i].name, text, length)) {
            words[i].read(app, datum);
            return true;
        }
    return false;
}

bool lets_add(Lets *lets, const App *app, const char *name, const Datum *value, Error *error)
{
    Scope scope = app_scope(app);
    Reference reference;
    Expr expr;
    ExprError wrong;
    ExprValue found;
    int i = 0;

    for (int k = 0; k < WORDS; k++)
        if (is_word(words[k].name, name, strlen(name)))
            return error_set(error, "let: %s has a meaning already", name);
    bool taken = reference_begin(&scope, name, strlen(name), &reference);
    if (!taken && expr_init(&expr, name, &wrong)) {
        taken = expr_eval(&expr, &scope, &found, &wrong);
        expr_release(&expr);
    }
    if (taken)
        return error_set(error, "let: %s has a meaning already", name);
    while (i < lets->count && strcmp(lets->let[i].name, name) != 0)
        i++;
    if (i == LETS_LIMIT)
        return error_set(error, "let: more than %d names", LETS_LIMIT);
    snprintf(lets->let[i].name, LET_NAME_BYTES, "%s", name);
    lets->let[i].value = *value;
    lets->count += i == lets->count;
    return true;
}

/* ---- putting words into an expression -------------------------------------------------------- */

/* A text under construction; length is what it would have in full. */
typedef struct Out {
    char *text;
    size_t size, length;
} Out;

static void put(Out *out, const char *text, size_t length)
{
    if (out->length + length < out->size)
        memcpy(out->text + out->length, text, length);
    out->length += length;
    if (out->size > 0)
        out->text[out->length < out->size ? out->length : out->size - 1] = '\0';
}

/* So that it reads back to the same bits. */
static void put_datum(Out *out, const Datum *datum)
{
    char number[EXPR_NUMBER_BYTES];

    put(out, datum->kind == DATUM_VECTOR ? "[" : datum->kind == DATUM_TEXT ? "\"" : "(", 1);
    for (int i = 0; i < datum->count && datum->kind != DATUM_TEXT; i++) {
        put(out, ", ", i > 0 ? 2 : 0);
        expr_print_number(datum->number[i], number);
        if (datum->kind == DATUM_TRUTH)
            snprintf(number, sizeof number, "%s", datum->number[i] != 0 ? "true" : "false");
        put(out, number, strlen(number));
    }
    if (datum->kind == DATUM_TEXT)
        put(out, datum->text, strlen(datum->text));
    put(out, datum->kind == DATUM_VECTOR ? "]" : datum->kind == DATUM_TEXT ? "\"" : ")", 1);
}

static bool is_letter(char c)
{
    return c == '_' || isalpha((unsigned char)c);
}

static size_t name_length(const char *text)
{
    size_t length = 0;

    while (is_letter(text[length]) || (length > 0 && isdigit((unsigned char)text[length])))
        length++;
    return length;
}

/* Names within quotes, fields and functions are no words. */
static void expand(const App *app, const Lets *lets, const char *text, Out *out)
{
    bool quoted = false, joined = false; /* to a name, number or point before it */

    while (*text) {
        size_t length = quoted || joined ? 0 : name_length(text);
        Datum datum;
        if (length > 0 && text[length] != '(' && find_word(app, lets, text, length, &datum)) {
            put_datum(out, &datum);
        } else {
            length = length > 0 ? length : 1;
            quoted ^= *text == '"';
            put(out, text, length);
        }
        char last = text[length - 1];
        joined = last == '.' || isalnum((unsigned char)last) || last == '_';
        text += length;
    }
}

/* ---- evaluating ------------------------------------------------------------------------------ */

static bool take_value(const ExprValue *value, Datum *datum, Error *error)
{
    *datum = (Datum){.kind = DATUM_NUMBER, .count = 1, .number = {value->number}};
    if (value->kind == EXPR_MATRIX || value->count > DATUM_ENTRIES)
        return error_set(error, "a value of more than %d numbers: take an entry or a row",
                         DATUM_ENTRIES);
    if (value->kind == EXPR_TRUTH)
        datum->kind = DATUM_TRUTH;
    if (value->kind == EXPR_TEXT) {
        datum->kind = DATUM_TEXT;
        snprintf(datum->text, sizeof datum->text, "%.*s", (int)value->length, value->text);
    }
    if (value->kind == EXPR_VECTOR) {
        datum->kind = DATUM_VECTOR;
        datum->count = (int)value->count;
        memcpy(datum->number, value->entry, (size_t)value->count * sizeof *value->entry);
    }
    return true;
}

static bool evaluate(const App *app, const char *text, Datum *datum, bool *not_yet, Error *error)
{
    Scope scope = app_scope(app);
    Expr expr;
    ExprValue value;
    ExprError wrong = {.at = 0};

    scope.look = NULL; /* a lesson may read what it hides */
    if (!expr_init(&expr, text, &wrong))
        return watch_error(text, &wrong, error);
    bool done = expr_eval(&expr, &scope, &value, &wrong) || watch_error(text, &wrong, error);
    *not_yet = !done && wrong.not_yet;
    done = done && take_value(&value, datum, error);
    expr_release(&expr);
    return done;
}

bool datum_eval(const App *app, const Lets *lets, const char *text, Datum *datum, bool *not_yet,
                Error *error)
{
    char expanded[EXPANDED_BYTES] = "";
    Out out = {.text = expanded, .size = sizeof expanded};
    bool ignored;

    expand(app, lets, text, &out);
    if (out.length >= sizeof expanded)
        return error_set(error, "%.60s: too long with its words filled in", text);
    return evaluate(app, expanded, datum, not_yet ? not_yet : &ignored, error);
}

bool datum_holds(const App *app, const Lets *lets, const char *text, bool *holds, Error *error)
{
    Datum datum;
    bool not_yet = false;

    *holds = false;
    if (!datum_eval(app, lets, text, &datum, &not_yet, error))
        return not_yet;
    if (datum.kind != DATUM_TRUTH)
        return error_set(error, "%.120s: expected a condition, true or false", text);
    *holds = datum.number[0] != 0;
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_whole(Out *out, double number)
{
    char text[32];

    if (fabs(number) < 1e15)
        text_whole((int64_t)llround(number), text, sizeof text);
    else
        snprintf(text, sizeof text, "%.6g", number);
    put(out, text, strlen(text));
}

/* precision -1: a whole number with commas. */
static void put_number(Out *out, double number, char letter, int precision)
{
    char text[400];

    /* The sign of what is no number differs from machine to machine. */
    if (isnan(number))
        number = fabs(number);
    if (letter == 'd') {
        put_whole(out, number);
        return;
    }
    switch (letter) {
    case 'f':
        snprintf(text, sizeof text, "%.*f", precision, number);
        break;
    case 'e':
        snprintf(text, sizeof text, "%.*e", precision, number);
        break;
    default:
        snprintf(text, sizeof text, "%.*g", precision, number);
        break;
    }
    put(out, text, strlen(text));
}

/* "%.3f": letter f, precision 3. */
static bool read_format(const char *format, char *letter, int *precision)
{
    char *end;

    *letter = 'g';
    *precision = 6;
    if (!*format)
        return true;
    if (strcmp(format, "%d") == 0) {
        *letter = 'd';
        return true;
    }
    if (strncmp(format, "%.", 2) != 0 || !isdigit((unsigned char)format[2]))
        return false;
    *precision = (int)strtol(format + 2, &end, 10);
    *letter = *end;
    return *end && strchr("feg", *end) && end[1] == '\0' && *precision <= 17;
}

bool datum_print(const Datum *datum, const char *format, char *text, size_t size, Error *error)
{
    Out out = {.text = text, .size = size};
    int precision;
    char letter;

    put(&out, "", 0);
    if (!read_format(format, &letter, &precision))
        return error_set(error, "%.20s: expected a format such as %%.3f, %%.2e, %%.4g or %%d",
                         format);
    if (datum->kind == DATUM_TEXT) {
        text_show(datum->text, strlen(datum->text), text, size, false);
        return true;
    }
    put(&out, "[", datum->kind == DATUM_VECTOR);
    for (int i = 0; i < datum->count; i++) {
        put(&out, ", ", i > 0 ? 2 : 0);
        if (datum->kind == DATUM_TRUTH)
            put(&out, datum->number[i] != 0 ? "true" : "false", datum->number[i] != 0 ? 4 : 5);
        else
            put_number(&out, datum->number[i], letter, precision);
    }
    put(&out, "]", datum->kind == DATUM_VECTOR);
    return true;
}

/* ---- texts with numbers in them -------------------------------------------------------------- */

/* The expression and the format between two pairs of braces. The last | that is not within quotes
 * begins the format. */
static bool split_braces(const char *from, size_t length, char source[SOURCE_BYTES],
                         const char **format)
{
    if (length >= SOURCE_BYTES)
        return false;
    memcpy(source, from, length);
    source[length] = '\0';
    char *bar = strrchr(source, '|');
    *format = "";
    if (!bar)
        return true;
    *format = bar + 1 + strspn(bar + 1, " ");
    if (bar > source && bar[-1] == '\\')
        bar--;
    *bar = '\0';
    return true;
}

static bool fill_one(const App *app, const Lets *lets, const char *from, size_t length, Out *out,
                     Error *error)
{
    char source[SOURCE_BYTES], text[2048];
    const char *format;
    Datum datum;

    if (!split_braces(from, length, source, &format) ||
        !datum_eval(app, lets, source, &datum, NULL, error) ||
        !datum_print(&datum, format, text, sizeof text, error))
        return false;
    put(out, text, strlen(text));
    return true;
}

bool datum_fill(const App *app, const Lets *lets, const char *text, char *out, size_t size,
                Error *error)
{
    Out filled = {.text = out, .size = size};
    bool code = false, right = true;

    put(&filled, "", 0);
    while (*text) {
        const char *end = !code && text[0] == '{' && text[1] == '{' ? strstr(text + 2, "}}") : NULL;
        size_t length = end ? (size_t)(end - text) + 2 : 1;
        code ^= *text == MARK_CODE;
        if (!end || !fill_one(app, lets, text + 2, length - 4, &filled, right ? error : NULL)) {
            right = right && !end;
            put(&filled, text, length);
        }
        text += length;
    }
    return right;
}
