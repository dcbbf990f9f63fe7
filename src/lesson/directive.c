#include "lesson/directive.h"

#include "app/command.h"
#include "engine/words.h"
#include <stdlib.h>
#include <string.h>

typedef bool DirectiveRead(Reading *reading, int line, const char *rest, Error *error);

static const char *keep(Reading *reading, const char *text)
{
    return store_text(&reading->lesson->store, text, strlen(text));
}

Directive *directive_add(Reading *reading, DirectiveKind kind, int line)
{
    Step *step = reading->step;
    Directive *grown = store_grow(&reading->lesson->store, step->directive, step->directives,
                                  sizeof *step->directive);

    reading->begun = true;
    if (!grown)
        return NULL;
    step->directive = grown;
    step->directive[step->directives] = (Directive){.kind = kind, .line = line};
    return &step->directive[step->directives++];
}

static bool out_of_memory(Error *error)
{
    return error_set(error, "out of memory");
}

/* ---- before the first step ------------------------------------------------------------------- */

static bool read_minutes(Reading *reading, int line, const char *rest, Error *error)
{
    char *end;
    long minutes = strtol(rest, &end, 10);

    (void)line;
    if (*end || minutes < 1 || minutes > 120)
        return error_set(error, "minutes: expected a number from 1 to 120");
    reading->lesson->minutes = (int)minutes;
    return true;
}

static bool read_data(Reading *reading, int line, const char *rest, Error *error)
{
    static const char *const known[] = {"names", "words", "genera", "places", "turkish"};

    (void)line;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], rest) == 0) {
            reading->lesson->data = known[i];
            return true;
        }
    return error_set(error, "data %.60s: expected names, words, genera, places or turkish", rest);
}

static bool read_setting(Reading *reading, int line, const char *rest, Error *error)
{
    Lesson *lesson = reading->lesson;
    const char *sign = strchr(rest, '=');
    char name[40] = "";
    Settings settings;

    (void)line;
    if (sign && sign - rest < (long)sizeof name) {
        memcpy(name, rest, (size_t)(sign - rest));
        name[strcspn(name, " \t")] = '\0';
    }
    const SettingInfo *info = settings_find(name);
    if (!info)
        return error_set(error, "setting: expected NAME = NUMBER, such as seed = 7");
    const char *value = sign + 1 + strspn(sign + 1, " \t");
    settings_default(&settings);
    if (!settings_parse(&settings, info, value, error))
        return false;
    void *grown =
        store_grow(&lesson->store, lesson->setting, lesson->settings, sizeof *lesson->setting);
    if (!grown)
        return out_of_memory(error);
    lesson->setting = grown;
    lesson->setting[lesson->settings].row = (int)(info - settings_table);
    lesson->setting[lesson->settings++].value = keep(reading, value);
    return true;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool read_scene(Reading *reading, int line, const char *rest, Error *error)
{
    static const struct {
        const char *word;
        bool takes; /* something behind it */
    } rows[] = {[SCENE_KEEP] = {"keep", false},
                [SCENE_INIT] = {"init", false},
                [SCENE_TRAINED] = {"trained", false},
                [SCENE_AT] = {"at", true},
                [SCENE_EXPR] = {"expr", true}};
    size_t length = strcspn(rest, " \t");
    const char *behind = rest + length + strspn(rest + length, " \t");
    Step *step = reading->step;

    if (step->scene_text.line)
        return error_set(error, "a step has one scene: the other stands in line %d",
                         step->scene_text.line);
    for (int i = 0; i < step->directives; i++)
        if (step->directive[i].kind != DIRECTIVE_PROSE)
            return error_set(error, "scene stands before the other directives of its step");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].word) == length && memcmp(rows[i].word, rest, length) == 0 &&
            rows[i].takes == (*behind != '\0')) {
            step->scene = (SceneKind)i;
            step->scene_text = (Said){line, keep(reading, behind)};
            return true;
        }
    return error_set(error,
                     "scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not %.60s",
                     *rest ? rest : _("nothing"));
}

static bool read_wide(Reading *reading, int line, const char *rest, Error *error)
{
    (void)line;
    reading->step->wide = true;
    return !*rest || error_set(error, "wide stands alone");
}

static bool read_recall(Reading *reading, int line, const char *rest, Error *error)
{
    (void)line;
    reading->step->recall = true;
    return !*rest || error_set(error, "recall stands alone");
}

static bool read_paths(Reading *reading, DirectiveKind kind, int line, const char *rest,
                       Error *error)
{
    if (!*rest)
        return error_set(error, "expected names of numbers, such as grad(b) or wte[5][0]");
    Directive *directive = directive_add(reading, kind, line);
    if (directive)
        directive->text = keep(reading, rest);
    return directive || out_of_memory(error);
}

static bool read_mark(Reading *reading, int line, const char *rest, Error *error)
{
    return read_paths(reading, DIRECTIVE_MARK, line, rest, error);
}

static bool read_mask(Reading *reading, int line, const char *rest, Error *error)
{
    return read_paths(reading, DIRECTIVE_MASK, line, rest, error);
}

static bool is_name(const char *text, size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    return length > 0 && strchr(letters, *text) &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
               length;
}

static bool read_let(Reading *reading, int line, const char *rest, Error *error)
{
    size_t length = strcspn(rest, " \t=");
    const char *sign = rest + length + strspn(rest + length, " \t");
    const char *expr = *sign == '=' ? sign + 1 + strspn(sign + 1, " \t") : "";

    if (!*expr || *expr == '=' || length >= LESSON_NAME_BYTES || !is_name(rest, length))
        return error_set(error, "let: expected NAME = EXPRESSION");
    Directive *directive = directive_add(reading, DIRECTIVE_LET, line);
    if (!directive)
        return out_of_memory(error);
    directive->quoted = store_text(&reading->lesson->store, rest, length);
    directive->text = keep(reading, expr);
    return true;
}

static bool read_ask(Reading *reading, int line, const char *rest, Error *error)
{
    Store *store = &reading->lesson->store;
    Directive *directive = directive_add(reading, DIRECTIVE_ASK, line);
    Question *question = directive ? store_take(store, sizeof *question) : NULL;

    if (!question)
        return out_of_memory(error);
    directive->question = question;
    reading->question = question;
    return question_begin(question, line, rest, store, error);
}

static bool read_do(Reading *reading, int line, const char *rest, Error *error)
{
    Quoted quoted;

    if (!question_unquote(rest, true, &reading->lesson->store, &quoted, error))
        return false;
    if (!*quoted.before || *quoted.behind)
        return error_set(error, "do: expected CONDITION \"INSTRUCTION\"");
    Directive *directive = directive_add(reading, DIRECTIVE_DO, line);
    if (!directive)
        return out_of_memory(error);
    directive->text = quoted.before;
    directive->quoted = quoted.text;
    return true;
}

static bool read_by(Reading *reading, int line, const char *rest, Error *error)
{
    Step *step = reading->step;
    Directive *last = step->directives > 0 ? &step->directive[step->directives - 1] : NULL;

    if (!last || last->kind != DIRECTIVE_DO)
        return error_set(error, "by stands below a do line");
    if (!directive_allows(rest))
        return error_set(error, "by: %.60s may not stand in a lesson", *rest ? rest : _("nothing"));
    Said *grown = store_grow(&reading->lesson->store, last->by, last->bys, sizeof *last->by);
    if (!grown)
        return out_of_memory(error);
    last->by = grown;
    last->by[last->bys++] = (Said){line, keep(reading, rest)};
    return true;
}

static bool read_assert(Reading *reading, int line, const char *rest, Error *error)
{
    if (!*rest)
        return error_set(error, "assert: expected a condition");
    Directive *directive = directive_add(reading, DIRECTIVE_ASSERT, line);
    if (directive)
        directive->text = keep(reading, rest);
    return directive || out_of_memory(error);
}

static bool read_guide(Reading *reading, int line, const char *rest, Error *error)
{
    Quoted quoted;

    if (!question_unquote(rest, false, &reading->lesson->store, &quoted, error))
        return false;
    bool wrong = strncmp(quoted.behind, "wrong ", 6) == 0;
    if (*quoted.before || (!wrong && strncmp(quoted.behind, "is ", 3) != 0))
        return error_set(error, "guide: expected \"TEXT\" is EXPRESSION, or wrong in place of is");
    Directive *directive = directive_add(reading, DIRECTIVE_GUIDE, line);
    if (!directive)
        return out_of_memory(error);
    directive->quoted = quoted.raw;
    directive->text = quoted.behind + (wrong ? 6 : 3);
    directive->wrong = wrong;
    return true;
}

static const struct {
    const char *word;
    bool in_step; /* else before the first */
    DirectiveRead *read;
} rows[] = {
    {"minutes", false, read_minutes}, {"data", false, read_data},  {"setting", false, read_setting},
    {"scene", true, read_scene},      {"wide", true, read_wide},   {"recall", true, read_recall},
    {"mark", true, read_mark},        {"mask", true, read_mask},   {"let", true, read_let},
    {"ask", true, read_ask},          {"do", true, read_do},       {"by", true, read_by},
    {"assert", true, read_assert},    {"guide", true, read_guide},
};

/* ---- commands -------------------------------------------------------------------------------- */

/* fork BRANCH ... data FILE reads a file. A branch may have that name. */
static bool names_data(const char *command)
{
    static const char blanks[] = " \t\r\n\v\f";
    int word = 0;

    for (const char *at = command; *at; word++) {
        const size_t length = strcspn(at, blanks);
        if (word >= 2 && length == 4 && memcmp(at, "data", 4) == 0)
            return true;
        at += length + strspn(at + length, blanks);
    }
    return false;
}

/* None of these reads or writes a file, changes what a key stands for, or leaves the program. */
bool directive_allows(const char *command)
{
    static const char *const allowed[] = {
        "goto",    "step",  "back",  "unit",      "position", "head", "view", "focus",
        "open",    "leave", "expr",  "set",       "option",   "undo", "redo", "watch",
        "unwatch", "until", "print", "why",       "cursor",   "gen",  "tok",  "look",
        "bench",   "fork",  "diff",  "gradcheck", "switch"};
    size_t length = strcspn(command, " \t");

    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strlen(allowed[i]) == length && memcmp(allowed[i], command, length) == 0)
            return strcmp(allowed[i], "fork") != 0 || !names_data(command);
    return false;
}

static bool read_command(Reading *reading, int line, const char *text, Error *error)
{
    if (!command_check(text, error))
        return false;
    if (!directive_allows(text))
        return error_set(error, "%.*s may not stand in a lesson",
                         (int)(strcspn(text, " \t") < 40 ? strcspn(text, " \t") : 40), text);
    Directive *directive = directive_add(reading, DIRECTIVE_COMMAND, line);
    if (directive)
        directive->text = keep(reading, text);
    return directive || out_of_memory(error);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool end_question(Reading *reading, Error *error)
{
    Question *question = reading->question;
    Error reason;

    reading->question = NULL;
    for (int i = 0; i < question->afters; i++)
        if (!directive_allows(question->after[i].text))
            return error_set(error, "after: %.60s may not stand in a lesson",
                             question->after[i].text);
    return question_check(question, &reason) ||
           error_set(error, "the question of line %d: %s", question->line, reason.text);
}

bool directive_read(Reading *reading, int line, const char *text, Error *error)
{
    size_t length = strcspn(text, " \t");
    const char *rest = text + length + strspn(text + length, " \t");

    if (reading->question)
        return strcmp(text, "end") == 0
                   ? end_question(reading, error)
                   : question_read(reading->question, line, text, &reading->lesson->store, error);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].word) == length && memcmp(rows[i].word, text, length) == 0) {
            if (rows[i].in_step != (reading->step != NULL))
                return error_set(error,
                                 rows[i].in_step
                                     ? N_("%s stands behind the heading of the first step")
                                     : N_("%s stands before the first step"),
                                 rows[i].word);
            return rows[i].read(reading, line, rest, error);
        }
    if (!reading->step)
        return error_set(error, "before the first step there are minutes, data and setting");
    return read_command(reading, line, text, error);
}
