/* Commands that change the run, as events of its line: set, option, undo, redo. And what a change
 * has changed: changes. */
#include "app/commands.h"

#include "app/nearest.h"
#include "engine/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- changes --------------------------------------------------------------------------------- */

enum { SIDE_BYTES = 256 };

/* Splits "PATH = EXPR" at its sign. */
static bool split_sides(const char *line, char left[SIDE_BYTES], const char **right)
{
    const char *sign = strchr(line, '=');
    size_t length = sign ? (size_t)(sign - line) : 0;

    while (length > 0 && line[length - 1] == ' ')
        length--;
    if (length == 0 || length >= SIDE_BYTES || sign[1] == '\0')
        return false;
    memcpy(left, line, length);
    left[length] = '\0';
    *right = sign + 1 + strspn(sign + 1, " ");
    return true;
}

/* The token of a text of one character. */
static bool read_token(const App *app, const ExprValue *value, const char *text, double *number,
                       Error *error)
{
    const Corpus *corpus = &app->session.corpus;
    uint32_t character;
    const int length = corpus_decode(value->text, value->length, &character);
    const int token =
        length > 0 && (size_t)length == value->length ? corpus_token(corpus, character) : -1;

    *number = token;
    return token >= 0 || error_set(error,
                                   "%.60s is no character of the texts: there are %d, and %d "
                                   "for the beginning and the end",
                                   text, corpus->characters, corpus->characters);
}

static bool read_number(App *app, const char *text, bool token, double *number, Error *error)
{
    Scope scope = app_scope(app);
    Expr expr;
    ExprValue value;
    ExprError why;

    if (!expr_init(&expr, text, &why))
        return watch_error(text, &why, error);
    bool read = expr_eval(&expr, &scope, &value, &why) || watch_error(text, &why, error);
    if (read && token && value.kind == EXPR_TEXT)
        read = read_token(app, &value, text, number, error);
    else if (read && value.kind != EXPR_NUMBER)
        read = error_set(error, "%.120s: expected a number", text);
    else if (read)
        *number = value.number;
    expr_release(&expr);
    return read;
}

/* ---- a number -------------------------------------------------------------------------------- */

/* What is to be set. */
typedef struct Target {
    EventKind kind;
    int32_t index;
    Focus focus; /* the same, as it is known to views */
} Target;

/* What each kind of focus is as a change. Others are worked out from these. */
static const struct {
    bool settable;
    EventKind kind;
} settable[FOCUS_KINDS] = {
    [FOCUS_VALUE] = {true, EVENT_VALUE}, [FOCUS_GRAD] = {true, EVENT_GRAD},
    [FOCUS_M] = {true, EVENT_M},         [FOCUS_V] = {true, EVENT_V},
    [FOCUS_INPUT] = {true, EVENT_TOKEN},
};

static bool find_derived(const char *path, FocusKind kind, Error *error)
{
    if (kind == FOCUS_RATE)
        return error_set(error, "lr follows from the options lr and schedule: option lr = 0.1");
    if (kind == FOCUS_M_HAT || kind == FOCUS_V_HAT || kind == FOCUS_UPDATE)
        return error_set(error, "%.120s is worked out from .m and .v: set one of these", path);
    return error_set(error, "%.120s is no number that can be set", path);
}

/* One node, of a path that says no more than its name. */
static bool find_node(const Scope *scope, const char *path, FocusKind kind, Focus *focus,
                      Error *error)
{
    Reference reference;
    ExprError why;
    int32_t node;

    if (!expr_node(path, scope, &reference, &node, &why))
        return watch_error(path, &why, error);
    *focus = reference.own ? focus_of_own(kind, node) : focus_of_node(scope->trainer, kind, node);
    return true;
}

static bool find_one(const Scope *scope, const char *path, Focus *focus, Error *error)
{
    Focus list[2] = {{.kind = FOCUS_NONE}};
    const int count = focus_read(scope, path, list, 2, error);

    *focus = list[0];
    return count == 1 ||
           (count > 1 && error_set(error, "%.120s names several numbers: set one", path));
}

/* What a path names: "wte[5][0]", "grad(wte[5][0])", "adam(wte[5][0]).m", "tokens[3]". */
static bool find_target(App *app, const char *written, Target *target, Error *error)
{
    const Scope scope = app_scope(app);
    const bool is_short = strncmp(written, "tok[", 4) == 0;
    char path[SIDE_BYTES + 8], name[FOCUS_TEXT_BYTES];

    snprintf(path, sizeof path, "%s%.*s", is_short ? "tokens" : "", SIDE_BYTES,
             written + (is_short ? strlen("tok") : 0));
    const FocusKind kind = focus_form(path, name);
    *target = (Target){.kind = settable[kind].kind};
    if (!settable[kind].settable)
        return find_derived(path, kind, error);
    if (kind == FOCUS_VALUE || kind == FOCUS_GRAD) {
        if (!find_node(&scope, name, kind, &target->focus, error))
            return false;
    } else if (!find_one(&scope, path, &target->focus, error)) {
        return false;
    }
    target->index = kind == FOCUS_INPUT ? target->focus.index : focus_node(&scope, target->focus);
    if (target->focus.own && (kind != FOCUS_VALUE || target->index >= app->graph.tape.params))
        return error_set(error, "%s is computed: in your own graph, set a number that you gave",
                         path);
    return true;
}

static void set_own(App *app, const Target *target, const char *path, double number)
{
    char before[EXPR_NUMBER_BYTES], after[EXPR_NUMBER_BYTES];
    const double old = app->graph.value[target->index];

    graph_set(&app->graph, target->index, number);
    answer_line(&app->answer, "%s: %s becomes %s", path, expr_print_number(old, before),
                expr_print_number(number, after));
    answer_text(&app->answer, "path", path);
    answer_real(&app->answer, "before", old);
    answer_real(&app->answer, "after", number);
}

/* Changes a number of the run where it was made, with the step as it was kept beside it. */
static bool set_number(App *app, const Target *target, const char *path, double number,
                       Error *error)
{
    Moment at;

    if (!history_has_number(&app->session.trainer, target->kind, target->index, error))
        return false;
    edited_release(&app->edited, &app->contrast);
    bool kept = edited_take(&app->edited, &app->session, path, target->kind, target->index, number);
    if (!session_revise(&app->session, target->kind, target->index, number, &at, error)) {
        edited_release(&app->edited, &app->contrast);
        return false;
    }
    if (kept)
        edited_begin(&app->edited, &app->session);
    edited_settle(&app->edited, &app->session, &app->contrast);
    return true;
}

Change command_set(App *app, const CommandWords *words, Error *error)
{
    char path[SIDE_BYTES];
    const char *text;
    Target target = {.index = 0};
    double number = 0;

    if (words->count < 2 || !split_sides(words->rest[1], path, &text))
        return command_expected(error, "PATH = EXPRESSION, such as wte[5][0] = 0.5",
                                words->count > 1 ? words->rest[1] : "");
    if (!find_target(app, path, &target, error) ||
        !read_number(app, text, target.kind == EVENT_TOKEN, &number, error))
        return CHANGE_FAILED;
    if (look_is_hidden(&app->look, target.focus)) { /* its old value would be told */
        error_set(error, "%.60s is hidden until you have answered", path);
        return CHANGE_FAILED;
    }
    app_run(app, 0);
    if (target.focus.own)
        set_own(app, &target, path, number);
    else if (set_number(app, &target, path, number, error))
        edited_tell(app, &app->answer);
    else
        return CHANGE_FAILED;
    return CHANGE_SCREEN;
}

Change command_changes(App *app, const CommandWords *words, Error *error)
{
    const bool off = words->count == 2 && strcmp(words->word[1], "off") == 0;

    if (words->count > 1 && !off)
        return command_expected(error, "off or nothing after changes", words->rest[1]);
    if (off) {
        edited_release(&app->edited, &app->contrast);
        return CHANGE_SCREEN;
    }
    if (!edited_holds(&app->edited, &app->session)) {
        error_set(error,
                  app->edited.on
                      ? N_("the change is not in this step: go to it, or make another with set")
                      : N_("nothing is changed by hand here: set PATH = EXPR changes a number"));
        return CHANGE_FAILED;
    }
    edited_settle(&app->edited, &app->session, &app->contrast);
    edited_tell(app, &app->answer);
    return CHANGE_SCREEN;
}

/* ---- an option ------------------------------------------------------------------------------- */

static bool find_option(const char *name, const SettingInfo **info, Error *error)
{
    const char *best = NULL;

    *info = settings_find(name);
    for (int i = 0; !*info && i < settings_count; i++)
        if (settings_table[i].part != SETTING_RUN)
            best = nearest_of(name, best, settings_table[i].name);
    if (*info)
        return true;
    return best ? error_set(error, "there is no option %.40s: did you mean %s?", name, best)
                : error_set(error, "there is no option %.40s: see gptoscope list options", name);
}

static void answer_option(App *app, const Settings *settings, const SettingInfo *info, Moment at)
{
    char value[64], moment[64], stands[64];

    if (info->kind == SETTING_REAL)
        expr_print_number(settings_get(settings, info), value);
    else
        settings_print(settings, info, value, sizeof value);
    moment_print(at, moment, sizeof moment);
    moment_print(app->session.trainer.at, stands, sizeof stands);
    if (moment_compare(at, app->session.trainer.at) < 0)
        answer_line(&app->answer,
                    "%s is %s from %s on: this step began again with it, and stands at %s",
                    info->name, value, moment, stands);
    else
        answer_line(&app->answer, "%s is %s from %s on", info->name, value, moment);
    answer_text(&app->answer, "option", info->name);
    if (info->kind == SETTING_REAL || info->kind == SETTING_WHOLE)
        answer_real(&app->answer, "value", settings_get(settings, info));
    else
        answer_text(&app->answer, "value", value);
    answer_text(&app->answer, "moment", moment);
    answer_text(&app->answer, "stands", stands);
}

/* "residual = off"; or as fork and sweep take it, "residual off". */
static bool split_option(const CommandWords *words, char name[SIDE_BYTES], const char **value)
{
    if (words->count != 3 || strchr(words->rest[1], '='))
        return words->count > 1 && split_sides(words->rest[1], name, value);
    snprintf(name, SIDE_BYTES, "%s", words->word[1]);
    *value = words->rest[2];
    return true;
}

Change command_option(App *app, const CommandWords *words, Error *error)
{
    const char *const expected = N_("NAME = VALUE, such as lr = 0.1 or residual = off");
    Settings settings = app->session.trainer.settings;
    const SettingInfo *info;
    char name[SIDE_BYTES];
    const char *text;
    Moment at;

    if (!split_option(words, name, &text))
        return command_expected(error, expected, words->count > 1 ? words->rest[1] : "");
    if (!find_option(name, &info, error) || !settings_parse(&settings, info, text, error))
        return CHANGE_FAILED;
    app_run(app, 0);
    if (!session_revise(&app->session, EVENT_SETTING, (int32_t)(info - settings_table),
                        settings_get(&settings, info), &at, error))
        return CHANGE_FAILED;
    answer_option(app, &settings, info, at);
    return CHANGE_SCREEN;
}

/* ---- back and forth -------------------------------------------------------------------------- */

/* Where the reader stood, if that is in the step of the change, after it. */
static void stand_again(App *app, Moment stood, Moment at)
{
    const Moment end = {at.step + 1, PHASE_DONE, 0};

    if (moment_compare(stood, at) > 0 && moment_compare(stood, end) <= 0)
        session_seek(&app->session, stood, NULL);
}

typedef bool HistoryWalk(History *history, Moment *at);

static Change walk_changes(App *app, HistoryWalk *walk, Moment stood, const char *done,
                           const char *none, Error *error)
{
    Moment at;
    char moment[64];

    app_run(app, 0);
    if (!walk(&app->session.history, &at)) {
        error_set(error, "%s", _(none));
        return CHANGE_FAILED;
    }
    session_forget(&app->session);
    stand_again(app, stood, at);
    moment_print(at, moment, sizeof moment);
    answer_line(&app->answer, "%s at %s", _(done), moment);
    answer_text(&app->answer, "moment", moment);
    return CHANGE_SCREEN;
}

Change command_undo(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return walk_changes(app, history_undo, app->session.trainer.at, N_("taken back: the change"),
                        N_("nothing was changed"), error);
}

/* Goes to the change that is about to be made again, and keeps the step as it is without it. */
static bool keep_before_redo(App *app)
{
    const History *history = &app->session.history;
    const Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES];

    if (history->undos == 0)
        return false;
    const Event event = history->undone[history->undos - 1];
    if (event.kind == EVENT_SETTING || !session_seek(&app->session, event.at, NULL) ||
        !history_has_number(history->trainer, event.kind, event.index, NULL))
        return false;
    focus_print(&scope, focus_of_event(history->trainer, &event), name, sizeof name);
    edited_release(&app->edited, &app->contrast);
    return edited_take(&app->edited, &app->session, name, event.kind, event.index, event.number);
}

Change command_redo(App *app, const CommandWords *words, Error *error)
{
    const Moment stood = app->session.trainer.at;
    const bool kept = keep_before_redo(app);

    (void)words;
    Change change = walk_changes(app, history_redo, stood, N_("made again: the change"),
                                 N_("nothing was taken back"), error);
    if (kept)
        edited_begin(&app->edited, &app->session);
    return change;
}
