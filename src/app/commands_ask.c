#include "app/commands.h"

#include "app/expr.h"
#include "app/list.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

Change command_where(App *app, const CommandWords *words, Error *error)
{
    char moment[64], place[256];

    if (words->count > 1)
        return command_expected(error, "nothing after where", words->rest[1]);
    moment_print(app->session.trainer.at, moment, sizeof moment);
    app_describe_place(app, place, sizeof place);
    answer_line(&app->answer, "%s: %s", moment, place);
    answer_text(&app->answer, "moment", moment);
    answer_text(&app->answer, "place", place);
    return CHANGE_SCREEN;
}

/* ---- expressions ----------------------------------------------------------------------------- */

static void print_entry(Answer *answer, const char *name, const ExprValue *value, double number)
{
    if (value->truths || value->kind == EXPR_TRUTH)
        answer_truth(answer, name, number != 0);
    else
        answer_real(answer, name, number);
}

static void print_entries(Answer *answer, const char *name, const ExprValue *value, int64_t from,
                          int64_t to)
{
    answer_open(answer, name, '[');
    for (int64_t i = from; i < to; i++)
        print_entry(answer, NULL, value, value->entry[i]);
    answer_close(answer, ']');
}

/* The value as a member. */
static void print_member(Answer *answer, const ExprValue *value)
{
    if (value->kind == EXPR_TEXT) {
        answer_string(answer, "value", value->text, value->length);
    } else if (value->kind == EXPR_VECTOR) {
        print_entries(answer, "value", value, 0, value->count);
    } else if (value->kind == EXPR_MATRIX) {
        answer_open(answer, "value", '[');
        for (int32_t r = 0; r < value->rows; r++)
            print_entries(answer, NULL, value, r > 0 ? value->end[r - 1] : 0, value->end[r]);
        answer_close(answer, ']');
    } else {
        print_entry(answer, "value", value, value->number);
    }
}

static void say(Answer *answer, const char *text)
{
    answer_bytes(answer, text, strlen(text));
}

static void say_entry(Answer *answer, const ExprValue *value, double number)
{
    char text[EXPR_NUMBER_BYTES];

    if (value->truths || value->kind == EXPR_TRUTH)
        say(answer, number != 0 ? "true" : "false");
    else
        say(answer, expr_print_number(number, text));
}

static void say_entries(Answer *answer, const ExprValue *value, int64_t from, int64_t to)
{
    say(answer, "[");
    for (int64_t i = from; i < to; i++) {
        say(answer, i > from ? ", " : "");
        say_entry(answer, value, value->entry[i]);
    }
    say(answer, "]");
}

/* The value beside the expression, or where it is a matrix below it, a row a line. */
static void say_value(Answer *answer, const char *expression, const ExprValue *value)
{
    say(answer, expression);
    say(answer, value->kind == EXPR_MATRIX ? " =" : " = ");
    if (value->kind == EXPR_TEXT)
        answer_bytes(answer, value->text, value->length);
    else if (value->kind == EXPR_VECTOR)
        say_entries(answer, value, 0, value->count);
    else if (value->kind != EXPR_MATRIX)
        say_entry(answer, value, value->number);
    for (int32_t r = 0; r < value->rows && value->kind == EXPR_MATRIX; r++) {
        say(answer, "\n  ");
        say_entries(answer, value, r > 0 ? value->end[r - 1] : 0, value->end[r]);
    }
    say(answer, "\n");
}

/* What is not computed at this moment is no error: it is answered as absent. */
static Change print(App *app, Expr *expr, const char *text, ExprError *wrong)
{
    Scope scope = app_scope(app);
    char moment[64];
    ExprValue value;
    bool known = expr_eval(expr, &scope, &value, wrong);

    if (!known && !wrong->not_yet)
        return CHANGE_FAILED;
    moment_print(app->session.trainer.at, moment, sizeof moment);
    answer_text(&app->answer, "expr", text);
    answer_text(&app->answer, "moment", moment);
    if (known) {
        say_value(&app->answer, text, &value);
        print_member(&app->answer, &value);
        edited_tell_before(app, text, &app->answer);
    } else {
        answer_line(&app->answer, "%s = - (%s)", text, wrong->why.text);
        answer_null(&app->answer, "value");
    }
    return CHANGE_SCREEN;
}

Change command_print(App *app, const CommandWords *words, Error *error)
{
    const char *text = words->count > 1 ? words->rest[1] : "";
    ExprError wrong = {.at = 0};
    Expr expr;
    Change change = CHANGE_FAILED;

    if (!*text)
        return command_expected(error, "an expression, such as loss or wte[0][1]", NULL);
    if (expr_init(&expr, text, &wrong)) {
        change = print(app, &expr, text, &wrong);
        expr_release(&expr);
    }
    if (change == CHANGE_FAILED)
        watch_error(text, &wrong, error);
    return change;
}

/* ---- the rest -------------------------------------------------------------------------------- */

Change command_echo(App *app, const CommandWords *words, Error *error)
{
    const char *text = words->count > 1 ? words->rest[1] : "";

    (void)error;
    answer_line(&app->answer, "%s", text);
    answer_text(&app->answer, "text", text);
    return CHANGE_SCREEN;
}

/* The keys that stand for a command, with or without arguments. */
static void help_keys(App *app, const Command *command)
{
    size_t length = strlen(command->name);

    answer_open(&app->answer, "keys", '[');
    for (int i = 0; i < app->keymap.count; i++) {
        const char *line = app->keymap.bound[i].line, *key = app->keymap.bound[i].key;
        if (strncmp(line, command->name, length) != 0 || (line[length] && line[length] != ' '))
            continue;
        answer_line(&app->answer, "%s\t%s", key, line);
        answer_text(&app->answer, NULL, key);
    }
    answer_close(&app->answer, ']');
}

/* Without an argument the help page, with one what the table knows of that command. */
Change command_help(App *app, const CommandWords *words, Error *error)
{
    const char *name = words->count > 1 ? words->word[1] : NULL;
    const Command *command = name ? command_find(name) : NULL;

    if (!name) {
        app->help = !app->help;
        app->help_line = 0;
        return CHANGE_SCREEN;
    }
    if (!command) {
        command_check(name, error);
        return CHANGE_FAILED;
    }
    answer_line(&app->answer, "%s%s%s", command->name, *command->args ? " " : "", command->args);
    answer_line(&app->answer, "%s", _(command->help));
    answer_text(&app->answer, "name", command->name);
    answer_text(&app->answer, "args", command->args);
    answer_text(&app->answer, "help", _(command->help));
    help_keys(app, command);
    return CHANGE_SCREEN;
}

Change command_list(App *app, const CommandWords *words, Error *error)
{
    if (words->count != 2 || !list_answer(words->word[1], &app->keymap, &app->answer))
        return command_expected(error, "commands or keys", words->count > 1 ? words->rest[1] : "");
    return CHANGE_SCREEN;
}
