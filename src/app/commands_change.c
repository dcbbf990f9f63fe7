/* Commands that change the run, as events of its line: set, option, undo, redo. And those that read
 * it at every moment: watch, unwatch, until. */
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

static bool read_number(App *app, const char *text, double *number, Error *error)
{
    Scope scope = app_scope(app);
    Expr expr;
    ExprValue value;
    ExprError why;

    if (!expr_init(&expr, text, &why))
        return watch_error(text, &why, error);
    bool read = expr_eval(&expr, &scope, &value, &why) || watch_error(text, &why, error);
    if (read && value.kind != EXPR_NUMBER)
        read = error_set(error, "%.120s: expected a number", text);
    if (read)
        *number = value.number;
    expr_release(&expr);
    return read;
}

/* What a path names: a number of the run or, in grad(...), its gradient. */
static bool find_target(App *app, const char *path, EventKind *kind, int32_t *node, bool *own,
                        Error *error)
{
    Scope scope = app_scope(app);
    size_t length = strlen(path);
    char inner[SIDE_BYTES];
    Reference reference;
    ExprError why;

    *kind = strncmp(path, "grad(", 5) == 0 && path[length - 1] == ')' ? EVENT_GRAD : EVENT_VALUE;
    if (*kind == EVENT_GRAD)
        snprintf(inner, sizeof inner, "%.*s", (int)length - 6, path + 5);
    else
        snprintf(inner, sizeof inner, "%s", path);
    if (!expr_node(inner, &scope, &reference, node, &why))
        return watch_error(inner, &why, error);
    *own = reference.own;
    return !*own || (*kind == EVENT_VALUE && *node < app->graph.tape.params) ||
           error_set(error, "%s is computed: in your own graph, set a number that you gave", path);
}

/* Whether a lesson hides it: its old value would be told. */
static bool is_hidden(const App *app, EventKind kind, int32_t node, bool own)
{
    FocusKind what = kind == EVENT_GRAD ? FOCUS_GRAD : FOCUS_VALUE;

    return look_is_hidden(&app->look, own ? focus_of_own(what, node)
                                          : focus_of_node(&app->session.trainer, what, node));
}

/* Changes a number of the run, or one that the reader gave to a graph of their own: that is
 * computed anew. */
static bool change_number(App *app, EventKind kind, int32_t node, bool own, double number,
                          double *old, Error *error)
{
    const Trainer *trainer = &app->session.trainer;

    app_run(app, 0);
    if (own) {
        *old = app->graph.value[node];
        graph_set(&app->graph, node, number);
        return true;
    }
    *old = kind == EVENT_GRAD ? trainer->grad[node] : trainer->value[node];
    if (!history_edit(&app->session.history, kind, node, number, error))
        return false;
    session_forget(&app->session);
    return true;
}

Change command_set(App *app, const CommandWords *words, Error *error)
{
    const Trainer *trainer = &app->session.trainer;
    char path[SIDE_BYTES], moment[64], before[EXPR_NUMBER_BYTES], after[EXPR_NUMBER_BYTES];
    const char *text;
    EventKind kind;
    int32_t node;
    bool own = false;
    double number = 0, old;

    if (words->count < 2 || !split_sides(words->rest[1], path, &text))
        return command_expected(error, "PATH = EXPRESSION, such as wte[5][0] = 0.5",
                                words->count > 1 ? words->rest[1] : "");
    if (!find_target(app, path, &kind, &node, &own, error) ||
        !read_number(app, text, &number, error))
        return CHANGE_FAILED;
    if (is_hidden(app, kind, node, own)) {
        error_set(error, "%.60s is hidden until you have answered", path);
        return CHANGE_FAILED;
    }
    if (!change_number(app, kind, node, own, number, &old, error))
        return CHANGE_FAILED;
    moment_print(trainer->at, moment, sizeof moment);
    answer_line(&app->answer, "%s: %s becomes %s%s%s", path, expr_print_number(old, before),
                expr_print_number(number, after), own ? "" : _(" at "), own ? "" : moment);
    answer_text(&app->answer, "path", path);
    answer_real(&app->answer, "before", old);
    answer_real(&app->answer, "after", number);
    answer_text(&app->answer, "moment", moment);
    return CHANGE_SCREEN;
}

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

static void answer_option(App *app, const Settings *settings, const SettingInfo *info)
{
    char value[64], moment[64];

    if (info->kind == SETTING_REAL)
        expr_print_number(settings_get(settings, info), value);
    else
        settings_print(settings, info, value, sizeof value);
    moment_print(app->session.trainer.at, moment, sizeof moment);
    answer_line(&app->answer, "%s is %s from %s on", info->name, value, moment);
    answer_text(&app->answer, "option", info->name);
    if (info->kind == SETTING_REAL || info->kind == SETTING_WHOLE)
        answer_real(&app->answer, "value", settings_get(settings, info));
    else
        answer_text(&app->answer, "value", value);
    answer_text(&app->answer, "moment", moment);
}

Change command_option(App *app, const CommandWords *words, Error *error)
{
    const char *const expected = N_("NAME = VALUE, such as lr = 0.1 or residual = off");
    Settings settings = app->session.trainer.settings;
    const SettingInfo *info;
    char name[SIDE_BYTES];
    const char *text;

    if (words->count < 2 || !split_sides(words->rest[1], name, &text))
        return command_expected(error, expected, words->count > 1 ? words->rest[1] : "");
    if (!find_option(name, &info, error) || !settings_parse(&settings, info, text, error))
        return CHANGE_FAILED;
    app_run(app, 0);
    if (!history_edit(&app->session.history, EVENT_SETTING, (int32_t)(info - settings_table),
                      settings_get(&settings, info), error))
        return CHANGE_FAILED;
    session_forget(&app->session);
    answer_option(app, &settings, info);
    return CHANGE_SCREEN;
}

typedef bool HistoryWalk(History *history, Moment *at);

static Change walk_changes(App *app, HistoryWalk *walk, const char *done, const char *none,
                           Error *error)
{
    Moment at;
    char moment[64];

    app_run(app, 0);
    if (!walk(&app->session.history, &at)) {
        error_set(error, "%s", _(none));
        return CHANGE_FAILED;
    }
    session_forget(&app->session);
    moment_print(at, moment, sizeof moment);
    answer_line(&app->answer, "%s at %s", _(done), moment);
    answer_text(&app->answer, "moment", moment);
    return CHANGE_SCREEN;
}

Change command_undo(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return walk_changes(app, history_undo, N_("taken back: the change"), N_("nothing was changed"),
                        error);
}

Change command_redo(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return walk_changes(app, history_redo, N_("made again: the change"),
                        N_("nothing was taken back"), error);
}

/* ---- expressions read at every moment -------------------------------------------------------- */

Change command_watch(App *app, const CommandWords *words, Error *error)
{
    if (words->count < 2)
        return command_expected(error, "an expression, such as loss or wte[5][0]", "");
    return watch_add(&app->watches, words->rest[1], error) ? CHANGE_SCREEN : CHANGE_FAILED;
}

Change command_unwatch(App *app, const CommandWords *words, Error *error)
{
    char *end = NULL;
    long number = words->count > 1 ? strtol(words->word[1], &end, 10) : 0;

    if (words->count == 1) {
        watch_release(&app->watches);
        return CHANGE_SCREEN;
    }
    if (*end || number < 1 || number > app->watches.count)
        return command_expected(error, "the number of a watched expression, or nothing for all",
                                words->word[1]);
    watch_remove(&app->watches, (int)number - 1);
    return CHANGE_SCREEN;
}

Change command_until(App *app, const CommandWords *words, Error *error)
{
    bool back = words->count > 1 && strcmp(words->word[1], "back") == 0;
    int first = back ? 2 : 1;
    Scope scope = app_scope(app);

    if (words->count <= first)
        return command_expected(error, "a condition, such as loss < 2 or step == 500", "");
    if (!until_set(&app->until, words->rest[first], back ? -1 : 1, &scope, error))
        return CHANGE_FAILED;
    app_run(app, back ? -1 : 1);
    return CHANGE_SCREEN;
}
