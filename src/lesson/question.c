#include "lesson/question.h"

#include "engine/words.h"
#include "lesson/markdown.h"
#include <stdlib.h>
#include <string.h>

const char *const question_kinds[QUESTION_KINDS] = {"num",   "text", "choice",
                                                    "order", "pick", "guess"};

/* ---- quoted texts ---------------------------------------------------------------------------- */

/* The byte behind an expression between braces, which may have texts of its own; else from
 * itself. */
static const char *behind_braces(const char *from)
{
    const char *end = from[0] == '{' && from[1] == '{' ? strstr(from, "}}") : NULL;

    return end ? end + 2 : from;
}

/* The byte behind the quote that ends the text that begins behind `from`; NULL if none does. */
static const char *end_of_text(const char *from)
{
    while (*from && *from != '"') {
        const char *behind = behind_braces(from);
        if (behind == from)
            behind += *from == '\\' && from[1] ? 2 : 1;
        from = behind;
    }
    return *from ? from + 1 : NULL;
}

/* The quotes of the first or the last text of a line. */
static bool find_text(const char *line, bool last, const char **begin, const char **end)
{
    *begin = NULL;
    for (const char *at = strchr(line, '"'); at; at = *end ? strchr(*end, '"') : NULL) {
        *end = end_of_text(at + 1);
        if (!*end)
            return false;
        *begin = at;
        if (!last)
            break;
    }
    return *begin != NULL;
}

static const char *trimmed(const char *from, const char *to, Store *store)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    return store_text(store, from, (size_t)(to - from));
}

static const char *unescaped(const char *from, const char *to, Store *store)
{
    char *text = store_text(store, from, (size_t)(to - from));
    size_t length = 0;

    for (; text && from < to; from++) {
        if (*from == '\\' && from + 1 < to && (from[1] == '"' || from[1] == '\\'))
            from++;
        text[length++] = *from;
    }
    if (text)
        text[length] = '\0';
    return text;
}

bool question_unquote(const char *line, bool last, Store *store, Quoted *quoted, Error *error)
{
    const char *begin, *end;

    if (!find_text(line, last, &begin, &end))
        return error_set(error, "expected a text between quotes");
    quoted->before = trimmed(line, begin, store);
    quoted->raw = unescaped(begin + 1, end - 1, store);
    quoted->text = quoted->raw ? markdown_inline(quoted->raw, strlen(quoted->raw), store) : NULL;
    quoted->behind = trimmed(end, end + strlen(end), store);
    return (quoted->before && quoted->text && quoted->behind) || error_set(error, "out of memory");
}

/* A text, and nothing around it. */
static bool read_text(const char *rest, Store *store, const char **text, Error *error)
{
    Quoted quoted;

    if (!question_unquote(rest, false, store, &quoted, error))
        return false;
    if (*quoted.before || *quoted.behind)
        return error_set(error, "expected a text between quotes and nothing else, not %.60s",
                         *quoted.before ? quoted.before : quoted.behind);
    *text = quoted.text;
    return true;
}

/* ---- the first line -------------------------------------------------------------------------- */

bool question_begin(Question *question, int line, const char *rest, Store *store, Error *error)
{
    size_t length = strcspn(rest, " \t");

    *question = (Question){.line = line, .kind = QUESTION_KINDS};
    for (int i = 0; i < QUESTION_KINDS; i++)
        if (strlen(question_kinds[i]) == length && memcmp(question_kinds[i], rest, length) == 0)
            question->kind = (QuestionKind)i;
    if (question->kind == QUESTION_KINDS)
        return error_set(error, "ask %.*s: expected num, text, choice, order, pick or guess",
                         (int)(length < 40 ? length : 40), rest);
    return read_text(rest + length, store, &question->text, error);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool full(const char *what, int most, Error *error)
{
    return error_set(error, "a question has at most %d %s", most, _(what));
}

static bool read_after(Question *question, int line, const char *rest, Store *store, Error *error)
{
    if (question->afters == QUESTION_AFTERS)
        return full(N_("after lines"), QUESTION_AFTERS, error);
    if (!*rest)
        return error_set(error, "after: expected a command");
    question->after[question->afters++] = (Said){line, store_text(store, rest, strlen(rest))};
    return true;
}

static bool read_answer(Question *question, int line, const char *rest, Store *store, Error *error)
{
    if (question->answer.text)
        return error_set(error, "a question has one answer: the other stands in line %d",
                         question->answer.line);
    if (!*rest)
        return error_set(error, "answer: expected an expression");
    question->answer = (Said){line, store_text(store, rest, strlen(rest))};
    return true;
}

static bool read_tol(Question *question, int line, const char *rest, Store *store, Error *error)
{
    char *end = NULL;

    (void)line;
    (void)store;
    question->absolute = strtod(rest, &end);
    bool read = end != rest;
    const char *second = end;
    question->relative = strtod(second, &end);
    end += strspn(end, " \t");
    if (!read || *end || !(question->absolute >= 0) || !(question->relative >= 0))
        return error_set(error, "tol: expected how far off is still right, as 0.01 or 0.01 0");
    question->tolerant = true;
    return true;
}

static bool read_option(Question *question, int line, const char *rest, Store *store, Error *error)
{
    Quoted quoted;

    if (question->options == QUESTION_OPTIONS)
        return full(N_("options"), QUESTION_OPTIONS, error);
    if (!question_unquote(rest, false, store, &quoted, error))
        return false;
    if (*quoted.before || (*quoted.behind && strncmp(quoted.behind, "if ", 3) != 0))
        return error_set(error, "option: expected \"TEXT\" or \"TEXT\" if CONDITION");
    question->option[question->options++] =
        (Option){line, quoted.text, *quoted.behind ? quoted.behind + 3 : NULL};
    return true;
}

static bool read_trap(Question *question, int line, const char *rest, Store *store, Error *error)
{
    Quoted quoted;

    if (question->traps == QUESTION_TRAPS)
        return full(N_("traps"), QUESTION_TRAPS, error);
    if (!question_unquote(rest, true, store, &quoted, error))
        return false;
    if (!*quoted.before || *quoted.behind)
        return error_set(error, "trap: expected EXPRESSION \"FEEDBACK\"");
    question->trap[question->traps++] = (Trap){line, quoted.before, quoted.text};
    return true;
}

static bool read_hint(Question *question, int line, const char *rest, Store *store, Error *error)
{
    if (question->hints == QUESTION_HINTS)
        return full(N_("hints"), QUESTION_HINTS, error);
    question->hint[question->hints].line = line;
    return read_text(rest, store, &question->hint[question->hints++].text, error);
}

static bool read_why(Question *question, int line, const char *rest, Store *store, Error *error)
{
    if (question->why.text)
        return error_set(error, "a question has one why: the other stands in line %d",
                         question->why.line);
    question->why.line = line;
    return read_text(rest, store, &question->why.text, error);
}

bool question_read(Question *question, int line, const char *text, Store *store, Error *error)
{
    static const struct {
        const char *name;
        bool (*read)(Question *question, int line, const char *rest, Store *store, Error *error);
    } rows[] = {{"after", read_after},   {"answer", read_answer}, {"tol", read_tol},
                {"option", read_option}, {"trap", read_trap},     {"hint", read_hint},
                {"why", read_why}};
    size_t length = strcspn(text, " \t");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == length && memcmp(rows[i].name, text, length) == 0)
            return rows[i].read(question, line, text + length + strspn(text + length, " \t"), store,
                                error);
    return error_set(
        error,
        "%.*s: a question has after, answer, tol, option, trap, hint and why, and ends "
        "with end",
        (int)(length < 40 ? length : 40), text);
}

/* ---- what each kind needs -------------------------------------------------------------------- */

static bool check_options(const Question *question, Error *error)
{
    bool conditions = false;

    for (int i = 0; i < question->options; i++)
        conditions |= question->option[i].condition != NULL;
    switch (question->kind) {
    case QUESTION_CHOICE:
        return (question->options >= 2 && conditions) ||
               error_set(error, "a choice needs at least two options, and one of them an if");
    case QUESTION_ORDER:
        return (question->options >= 2 && !conditions) ||
               error_set(error, "order needs at least two options, none with an if");
    case QUESTION_GUESS:
        return (question->options != 1 && !conditions) ||
               error_set(error, "guess: options have no if, and there are none or several");
    default:
        return question->options == 0 ||
               error_set(error, "%s takes no options", question_kinds[question->kind]);
    }
}

bool question_check(const Question *question, Error *error)
{
    bool wants = question->kind == QUESTION_NUM || question->kind == QUESTION_PICK;
    bool may = wants || question->kind == QUESTION_TEXT;

    if (wants && !question->answer.text)
        return error_set(error, "%s: there is no answer line", question_kinds[question->kind]);
    if (!may && question->answer.text)
        return error_set(error, "%s takes no answer line", question_kinds[question->kind]);
    if (question->tolerant && question->kind != QUESTION_NUM)
        return error_set(error, "%s takes no tol line", question_kinds[question->kind]);
    if (question->traps > 0 &&
        (question->kind == QUESTION_GUESS || question->kind == QUESTION_ORDER))
        return error_set(error, "%s takes no traps", question_kinds[question->kind]);
    if (!question->why.text)
        return error_set(error, "there is no why line");
    return check_options(question, error);
}
