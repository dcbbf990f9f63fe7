#include "lesson/grade.h"

#include "engine/words.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 64 };

/* ---- numbers --------------------------------------------------------------------------------- */

/* Takes the commas out of 60,475; false where commas do not part thousands. */
static bool drop_commas(const char *text, char word[WORD_BYTES])
{
    size_t length = 0;
    int group = -1; /* digits since the last comma */

    for (; *text; text++) {
        if (*text == ',') {
            if (group >= 0 ? group != 3 : length == 0 || length > 4)
                return false;
            group = 0;
            continue;
        }
        if (group >= 0 && (!isdigit((unsigned char)*text) || ++group > 3))
            return false;
        if (length + 1 == WORD_BYTES)
            return false;
        word[length++] = *text;
    }
    word[length] = '\0';
    return group < 0 || group == 3;
}

/* Half of the last digit of a decimal number: of 1.61 .005, of 120 .5, of 1.2e-4 .5e-5; 0 where
 * there are fewer than two significant digits. */
static double half_of_last(const char *word)
{
    int digits = 0, decimals = 0;
    bool point = false;
    const char *at = word + (*word == '-' || *word == '+');

    for (; isdigit((unsigned char)*at) || *at == '.'; at++) {
        point |= *at == '.';
        decimals += point && *at != '.';
        digits += *at != '.' && (digits > 0 || *at != '0');
    }
    long exponent = *at == 'e' || *at == 'E' ? strtol(at + 1, NULL, 10) : 0;
    return digits < 2 ? 0 : 0.5 * pow(10, (double)(exponent - decimals));
}

static bool is_decimal(const char *word)
{
    return *word && strspn(word, "0123456789.eE+-") == strlen(word);
}

static bool read_literal(const char *text, Typed *typed)
{
    char word[WORD_BYTES], *end;

    if (!drop_commas(text, word) || !is_decimal(word))
        return false;
    typed->number = strtod(word, &end);
    typed->half = half_of_last(word);
    typed->expression = false;
    return end != word && *end == '\0';
}

static bool evaluate(const App *app, const char *text, ExprValue *value, Expr *expr, Error *error)
{
    Scope scope = app_scope(app);
    ExprError wrong;

    if (!expr_init(expr, text, &wrong))
        return watch_error(text, &wrong, error);
    if (expr_eval(expr, &scope, value, &wrong))
        return true;
    expr_release(expr);
    return watch_error(text, &wrong, error);
}

/* One number or several. */
static bool read_expression(const App *app, const char *text, TypedNumbers *typed, Error *error)
{
    ExprValue value;
    Expr expr;

    if (!evaluate(app, text, &value, &expr, error))
        return false;
    bool numbers = !value.truths && ((value.kind == EXPR_VECTOR && value.count <= DATUM_ENTRIES) ||
                                     value.kind == EXPR_NUMBER);
    typed->count = value.kind == EXPR_NUMBER ? 1 : (int)value.count;
    for (int i = 0; numbers && i < typed->count; i++)
        typed->entry[i] =
            (Typed){value.kind == EXPR_NUMBER ? value.number : value.entry[i], 0, true};
    expr_release(&expr);
    return numbers || error_set(error, "%.60s: expected a number", text);
}

/* Literals with commas or blanks between them, in brackets or not. */
static bool read_list(const char *text, TypedNumbers *typed)
{
    char copy[LINE_BYTES], *state = NULL;

    snprintf(copy, sizeof copy, "%s", text);
    typed->count = 0;
    for (char *word = strtok_r(copy, " ,;[]\t", &state); word;
         word = strtok_r(NULL, " ,;[]\t", &state))
        if (typed->count == DATUM_ENTRIES || !read_literal(word, &typed->entry[typed->count++]))
            return false;
    return typed->count > 0;
}

bool grade_read(const App *app, const char *text, int wanted, TypedNumbers *typed, Error *error)
{
    char trimmed[LINE_BYTES];
    size_t length;

    text += strspn(text, " \t=");
    snprintf(trimmed, sizeof trimmed, "%s", text);
    for (length = strlen(trimmed); length > 0 && isspace((unsigned char)trimmed[length - 1]);)
        trimmed[--length] = '\0';
    if (length == 0)
        return error_set(error, "type a number first");
    typed->count = 1;
    bool read = wanted == 1 ? read_literal(trimmed, &typed->entry[0]) : read_list(trimmed, typed);
    if (!read && !read_expression(app, trimmed, typed, error))
        return false;
    return typed->count == wanted ||
           error_set(error,
                     words_count("expected %d number, not %d", "expected %d numbers, not %d",
                                 (unsigned long)wanted),
                     wanted, typed->count);
}

bool grade_number(const Typed *typed, double right, bool tolerant, double absolute, double relative)
{
    const double exact = 1e-9, computed = 1e-6;
    double off = fabs(typed->number - right), size = fabs(right);
    double own = typed->expression ? computed : exact;

    if (isnan(right) || isnan(typed->number))
        return isnan(right) && isnan(typed->number);
    if (isinf(right) || isinf(typed->number))
        return typed->number == right;
    return off <= own * size || off <= typed->half * (1 + exact) || typed->number == right ||
           (typed->expression && off <= exact) ||
           (tolerant && (off <= absolute * (1 + exact) || off <= relative * size));
}

/* ---- texts and letters ----------------------------------------------------------------------- */

static const char *next_telling(const char *text)
{
    while (*text == ' ' || *text == '\t' || *text == '"' || *text == '\'')
        text++;
    return text;
}

bool grade_text(const char *typed, const char *right)
{
    for (;;) {
        typed = next_telling(typed);
        right = next_telling(right);
        if (tolower((unsigned char)*typed) != tolower((unsigned char)*right))
            return false;
        if (!*typed)
            return true;
        typed++;
        right++;
    }
}

int grade_letters(const char *typed, int options, int chosen[], int room)
{
    int count = 0;

    for (; *typed; typed++) {
        int letter = tolower((unsigned char)*typed);
        int option = isdigit(letter) ? letter - '1' : letter - 'a';
        if (strchr(" ,;.)\t", letter))
            continue;
        if (option < 0 || option >= options || count == room)
            return -1;
        chosen[count++] = option;
    }
    return count;
}
