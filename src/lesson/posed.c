#include "lesson/posed.h"

#include "engine/words.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_say(const Report *report, int line, const char *format, ...)
{
    char reason[512];
    va_list arguments;

    if (!report->say)
        return;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, _(format), arguments);
    va_end(arguments);
    report->say(report->context, line, reason);
}

bool posed_takes_all(const Question *question)
{
    return question->kind == QUESTION_GUESS ||
           (question->kind == QUESTION_TEXT && !question->answer.text);
}

/* ---- evaluating ------------------------------------------------------------------------------ */

/* Where evaluation stands: what it needs, and whom it tells. */
typedef struct Setting {
    const App *app;
    const Lets *lets;
    const Report *report;
} Setting;

/* A number, a vector, or a text, as the kind of question wants it. */
static bool read_datum(const Setting *setting, QuestionKind kind, int line, const char *word,
                       const char *expr, Datum *datum)
{
    Error error;

    if (!datum_eval(setting->app, setting->lets, expr, datum, NULL, &error)) {
        report_say(setting->report, line, "%s: %s", word, error.text);
        return false;
    }
    bool text = kind == QUESTION_TEXT;
    if (datum->kind == DATUM_TRUTH || (datum->kind == DATUM_TEXT) != text) {
        report_say(setting->report, line, "%s: expected %s", word,
                   text ? _("a text") : _("a number"));
        return false;
    }
    return true;
}

/* The first of what a path stands for: of a vector its first entry stands for all. */
static bool read_place(const Setting *setting, int line, const char *word, const char *path,
                       Focus *place)
{
    Scope scope = app_scope(setting->app);
    Error error;

    scope.look = NULL;
    if (focus_read(&scope, path, place, 1, &error) > 0)
        return true;
    report_say(setting->report, line, "%s: %s", word, error.text);
    return false;
}

static bool set_options(Posed *posed, const Setting *setting)
{
    const Question *question = posed->question;
    int holding = 0;
    bool right = true, holds;
    Error error;

    for (int i = 0; i < question->options; i++) {
        const Option *option = &question->option[i];
        if (!option->condition)
            continue;
        if (!datum_holds(setting->app, setting->lets, option->condition, &holds, &error)) {
            report_say(setting->report, option->line, "option: %s", error.text);
            right = false;
        } else if (holds) {
            posed->option = i;
            holding++;
        }
    }
    if (right && holding != 1)
        report_say(setting->report, question->line, "%d of the options hold: exactly one must",
                   holding);
    return right && holding == 1;
}

static bool set_trap_option(Posed *posed, int i, const Setting *setting)
{
    const Trap *trap = &posed->question->trap[i];
    char *end;
    long number = strtol(trap->expr, &end, 10);

    posed->trap_option[i] = (int)number - 1;
    if (!*end && number >= 1 && number <= posed->question->options)
        return true;
    report_say(setting->report, trap->line, "trap: expected the number of an option, from 1 to %d",
               posed->question->options);
    return false;
}

static void set_traps(Posed *posed, const Setting *setting)
{
    const Question *question = posed->question;

    for (int i = 0; i < question->traps; i++) {
        const Trap *trap = &question->trap[i];
        if (question->kind == QUESTION_CHOICE)
            posed->trapped[i] = set_trap_option(posed, i, setting);
        else if (question->kind == QUESTION_PICK)
            posed->trapped[i] =
                read_place(setting, trap->line, "trap", trap->expr, &posed->trap_place[i]);
        else
            posed->trapped[i] = read_datum(setting, question->kind, trap->line, "trap", trap->expr,
                                           &posed->trap[i]);
    }
}

/* The same at every visit, and never the order of the file. */
static void scramble(Posed *posed)
{
    int count = posed->question->options;
    unsigned state = (unsigned)posed->question->line * 2654435761u + 12345u;

    for (int i = 0; i < QUESTION_OPTIONS; i++)
        posed->shown[i] = i;
    if (posed->question->kind != QUESTION_ORDER)
        return;
    for (int i = count - 1; i > 0; i--) {
        state = state * 1103515245u + 12345u;
        int k = (int)((state >> 16) % (unsigned)(i + 1)), kept = posed->shown[i];
        posed->shown[i] = posed->shown[k];
        posed->shown[k] = kept;
    }
    bool same = true;
    for (int i = 0; i < count; i++)
        same = same && posed->shown[i] == i;
    for (int i = 0; same && i < count; i++)
        posed->shown[i] = count - 1 - i;
}

bool posed_set(Posed *posed, const Question *question, const App *app, const Lets *lets,
               const Report *report)
{
    const Setting setting = {app, lets, report};
    const Said *answer = &question->answer;

    *posed = (Posed){.question = question, .option = -1};
    scramble(posed);
    set_traps(posed, &setting);
    switch (question->kind) {
    case QUESTION_CHOICE:
        return set_options(posed, &setting);
    case QUESTION_PICK:
        return read_place(&setting, answer->line, "answer", answer->text, &posed->place);
    case QUESTION_NUM:
    case QUESTION_TEXT:
        return !answer->text || read_datum(&setting, question->kind, answer->line, "answer",
                                           answer->text, &posed->right);
    default:
        return true;
    }
}

/* ---- grading --------------------------------------------------------------------------------- */

static bool is_right_numbers(const Posed *posed, const TypedNumbers *typed, const Datum *right)
{
    const Question *question = posed->question;

    if (right->count != typed->count)
        return false;
    for (int i = 0; i < typed->count; i++)
        if (!grade_number(&typed->entry[i], right->number[i], question->tolerant,
                          question->absolute, question->relative))
            return false;
    return true;
}

static Verdict grade_numbers(const Posed *posed, const App *app, const char *text, int *trap,
                             Error *error)
{
    TypedNumbers typed;

    if (!grade_read(app, text, posed->right.count, &typed, error))
        return VERDICT_UNREADABLE;
    if (is_right_numbers(posed, &typed, &posed->right))
        return VERDICT_RIGHT;
    for (int i = 0; i < posed->question->traps && *trap < 0; i++)
        if (posed->trapped[i] && is_right_numbers(posed, &typed, &posed->trap[i]))
            *trap = i;
    return VERDICT_WRONG;
}

static Verdict grade_words(const Posed *posed, const char *text, int *trap, Error *error)
{
    if (text[strspn(text, " \t")] == '\0') {
        error_set(error, "type an answer first");
        return VERDICT_UNREADABLE;
    }
    if (!posed->question->answer.text || grade_text(text, posed->right.text))
        return VERDICT_RIGHT;
    for (int i = 0; i < posed->question->traps && *trap < 0; i++)
        if (posed->trapped[i] && grade_text(text, posed->trap[i].text))
            *trap = i;
    return VERDICT_WRONG;
}

static Verdict grade_choice(const Posed *posed, const char *text, int *trap, Error *error)
{
    int chosen[1];

    if (grade_letters(text, posed->question->options, chosen, 1) != 1) {
        error_set(error, "expected a letter from a to %c", 'a' + posed->question->options - 1);
        return VERDICT_UNREADABLE;
    }
    if (chosen[0] == posed->option || posed->question->kind == QUESTION_GUESS)
        return VERDICT_RIGHT;
    for (int i = 0; i < posed->question->traps && *trap < 0; i++)
        if (posed->trapped[i] && posed->trap_option[i] == chosen[0])
            *trap = i;
    return VERDICT_WRONG;
}

static Verdict grade_order(const Posed *posed, const char *text, Error *error)
{
    int chosen[QUESTION_OPTIONS], count = posed->question->options;
    bool seen[QUESTION_OPTIONS] = {false}, right = true;
    bool all = grade_letters(text, count, chosen, QUESTION_OPTIONS) == count;

    for (int i = 0; all && i < count; i++) {
        all = !seen[chosen[i]];
        seen[chosen[i]] = true;
        right = right && posed->shown[chosen[i]] == i;
    }
    if (all)
        return right ? VERDICT_RIGHT : VERDICT_WRONG;
    error_set(error, "expected all %d letters, each once, as in %.*s", count, count,
              &"hgfedcba"[8 - count]);
    return VERDICT_UNREADABLE;
}

/* A gradient is asked for by itself; elsewhere any number of the node will do. */
static bool same_place(Focus right, Focus typed)
{
    if (right.kind == FOCUS_VALUE && typed.kind == FOCUS_GRAD)
        typed.kind = FOCUS_VALUE;
    return focus_same(right, typed);
}

static Verdict grade_place(const Posed *posed, const App *app, const char *text, int *trap,
                           Error *error)
{
    Scope scope = app_scope(app);
    Focus place;

    text += strspn(text, " \t");
    if (!*text)
        error_set(error, "put the cursor on a number first, or type its name");
    if (!*text || focus_read(&scope, text, &place, 1, error) == 0)
        return VERDICT_UNREADABLE;
    if (same_place(posed->place, place))
        return VERDICT_RIGHT;
    for (int i = 0; i < posed->question->traps && *trap < 0; i++)
        if (posed->trapped[i] && same_place(posed->trap_place[i], place))
            *trap = i;
    return VERDICT_WRONG;
}

Verdict posed_grade(const Posed *posed, const App *app, const char *typed, int *trap, Error *error)
{
    TypedNumbers number;

    *trap = -1;
    switch (posed->question->kind) {
    case QUESTION_NUM:
        return grade_numbers(posed, app, typed, trap, error);
    case QUESTION_TEXT:
        return grade_words(posed, typed, trap, error);
    case QUESTION_CHOICE:
        return grade_choice(posed, typed, trap, error);
    case QUESTION_ORDER:
        return grade_order(posed, typed, error);
    case QUESTION_PICK:
        return grade_place(posed, app, typed, trap, error);
    default:
        if (posed->question->options > 0)
            return grade_choice(posed, typed, trap, error);
        return grade_read(app, typed, 1, &number, error) ? VERDICT_RIGHT : VERDICT_UNREADABLE;
    }
}

/* ---- answers as one would type them ---------------------------------------------------------- */

static size_t print_number(double number, char *text, size_t size)
{
    bool whole = isfinite(number) && fabs(number) < 1e15 && number == floor(number);

    return (size_t)snprintf(text, size, whole ? "%.0f" : "%.6g", number);
}

static void print_numbers(const Datum *datum, char *text, size_t size)
{
    size_t length = 0;

    for (int i = 0; i < datum->count && length < size; i++) {
        length += (size_t)snprintf(text + length, size - length, "%s", i > 0 ? ", " : "");
        if (length < size)
            length += print_number(datum->number[i], text + length, size - length);
    }
}

static void print_order(const Posed *posed, bool backwards, char *text, size_t size)
{
    int count = posed->question->options, length = 0;

    for (int i = 0; i < count && (size_t)length + 1 < size; i++)
        for (int row = 0; row < count; row++)
            if (posed->shown[row] == (backwards ? count - 1 - i : i))
                text[length++] = (char)('a' + row);
    text[length] = '\0';
}

bool posed_print_right(const Posed *posed, const App *app, char *text, size_t size)
{
    const Question *question = posed->question;
    Scope scope = app_scope(app);

    text[0] = '\0';
    if (posed_takes_all(question))
        return false;
    if (question->kind == QUESTION_NUM)
        print_numbers(&posed->right, text, size);
    else if (question->kind == QUESTION_TEXT)
        snprintf(text, size, "%s", posed->right.text);
    else if (question->kind == QUESTION_CHOICE)
        snprintf(text, size, "%c", 'a' + posed->option);
    else if (question->kind == QUESTION_ORDER)
        print_order(posed, false, text, size);
    else
        focus_print(&scope, posed->place, text, size);
    return true;
}

void posed_print_wrong(const Posed *posed, const App *app, char *text, size_t size)
{
    const Question *question = posed->question;
    Datum off = posed->right;
    int trap;
    Error error;

    switch (question->kind) {
    case QUESTION_NUM:
        off.number[0] =
            isfinite(off.number[0])
                ? off.number[0] + 1 +
                      3 * (question->absolute + fabs(off.number[0]) * (1 + question->relative))
                : -1;
        print_numbers(&off, text, size);
        break;
    case QUESTION_TEXT:
        snprintf(text, size, "%s", "zzzz zzzz");
        break;
    case QUESTION_ORDER:
        print_order(posed, true, text, size);
        break;
    case QUESTION_PICK:
        snprintf(text, size, "%s", "wte[0][0]");
        if (posed_grade(posed, app, text, &trap, &error) == VERDICT_RIGHT)
            snprintf(text, size, "%s", "wte[0][1]");
        break;
    case QUESTION_GUESS:
        snprintf(text, size, "%s", question->options > 0 ? "b" : "2");
        break;
    default:
        snprintf(text, size, "%c", posed->option == 0 ? 'b' : 'a');
        break;
    }
}
