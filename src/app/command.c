#include "app/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Change failed(Error *error, const char *expected, const char *got)
{
    error_set(error, "expected %s, not %.60s", expected, got && *got ? got : "nothing");
    return CHANGE_FAILED;
}

/* Word i as a whole number; `standard` where the word is missing. */
static bool whole_word(const CommandWords *words, int i, int64_t standard, int64_t *number)
{
    char *end;

    *number = standard;
    if (i >= words->count)
        return true;
    *number = strtoll(words->word[i], &end, 10);
    return end != words->word[i] && *end == '\0' && *number > 0;
}

/* ---- the commands --------------------------------------------------------------------------------------------- */

static Change run_run(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    app->running = !app->running;
    app->rate_since = 0;
    app->due = 0;
    app->target = app->session.trainer.at.step;
    if (app->running && trainer_finished(&app->session.trainer)) {
        app->running = false;
        app_say(app, false, "all steps are done: start again with more (--steps), or look around");
    }
    return CHANGE_SCREEN;
}

static Change run_step(App *app, const CommandWords *words, Error *error)
{
    int64_t count;

    if (!whole_word(words, 1, 1, &count) || count > app->session.settings.steps)
        return failed(error, "a number of units", words->word[1]);
    app->running = false;
    app->target = app->session.trainer.at.step + count * app_units[app->unit].steps;
    return CHANGE_SCREEN;
}

static Change run_unit(App *app, const CommandWords *words, Error *error)
{
    const char *name = words->count > 1 ? words->rest[1] : "";
    int unit = 0;

    if (strcmp(name, "+") == 0)
        unit = app->unit + 1 < UNIT_COUNT ? (int)app->unit + 1 : (int)app->unit;
    else if (strcmp(name, "-") == 0)
        unit = app->unit > 0 ? (int)app->unit - 1 : 0;
    else
        while (unit < UNIT_COUNT && strcmp(app_units[unit].name, name) != 0)
            unit++;
    if (unit == UNIT_COUNT)
        return failed(error, "+, - or a unit (step, 10 steps, 100 steps)", name);
    app->unit = (Unit)unit;
    app->rate = 0;
    app->rate_since = 0;
    return CHANGE_SCREEN;
}

static int limited(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* "+1", "-1": signed distance in word 1. */
static bool distance(const CommandWords *words, int *by)
{
    char *end = NULL;

    *by = words->count > 1 ? (int)strtol(words->word[1], &end, 10) : 0;
    return *by != 0 && *end == '\0';
}

static Change run_position(App *app, const CommandWords *words, Error *error)
{
    int by;

    if (!distance(words, &by))
        return failed(error, "how far: +1 or -1", words->word[1]);
    if (app->help)
        app->help_line = limited(app->help_line + by, 1000);
    else
        app->position = limited(app_position(app) + by, app->session.trainer.positions - 1);
    return CHANGE_SCREEN;
}

static Change run_head(App *app, const CommandWords *words, Error *error)
{
    const Gpt *gpt = &app->session.trainer.gpt;
    int by, heads = gpt->n_layer * gpt->n_head;

    if (!distance(words, &by))
        return failed(error, "how far: +1 or -1", words->word[1]);
    int head = (app->layer * gpt->n_head + app->head + by + heads) % heads;
    app->layer = head / gpt->n_head;
    app->head = head % gpt->n_head;
    return CHANGE_SCREEN;
}

static Change run_help(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    app->help = !app->help;
    app->help_line = 0;
    return CHANGE_SCREEN;
}

static Change run_redraw(App *app, const CommandWords *words, Error *error)
{
    (void)app;
    (void)words;
    (void)error;
    return CHANGE_SCREEN | CHANGE_REPAINT;
}

static Change run_quit(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    if (!app->help)
        return CHANGE_QUIT;
    app->help = false;
    return CHANGE_SCREEN;
}

const Command command_table[] = {
    {"run", "", "let the training run, or pause it", run_run, {{"Space", "", "run / pause"}}},
    {"step", "[N]", "one unit forward, or N", run_step, {{".", "", "one step"}}},
    {"unit",
     "NAME|+|-",
     "how far a step goes and how fast the run is: step, 10 steps, 100 steps",
     run_unit,
     {{"+", "+", "faster"}, {"=", "+", NULL}, {"-", "-", "slower"}}},
    {"position",
     "+N|-N",
     "select another position of the document",
     run_position,
     {{"Down", "+1", "next position"}, {"j", "+1", NULL}, {"Up", "-1", "position before"}, {"k", "-1", NULL},
      {"PgDn", "+8", NULL}, {"PgUp", "-8", NULL}}},
    {"head",
     "+N|-N",
     "select another attention head",
     run_head,
     {{"Right", "+1", "next head"}, {"l", "+1", NULL}, {"Tab", "+1", NULL}, {"Left", "-1", "head before"},
      {"h", "-1", NULL}, {"S-Tab", "-1", NULL}}},
    {"help", "", "what the keys do and what the panels show", run_help, {{"?", "", "help"}, {"F1", "", NULL}}},
    {"redraw", "", "paint the screen anew", run_redraw, {{"C-l", "", NULL}}},
    {"quit", "", "leave help, or the program", run_quit, {{"q", "", "quit"}}},
};
const int command_count = sizeof command_table / sizeof *command_table;

/* ---- from a line to a command --------------------------------------------------------------------------------- */

const Command *command_find(const char *name)
{
    const Command *found = NULL;
    size_t length = strlen(name);

    for (int i = 0; length > 0 && i < command_count; i++) {
        if (strcmp(command_table[i].name, name) == 0)
            return &command_table[i];
        if (strncmp(command_table[i].name, name, length) == 0) {
            if (found) /* the beginning of several */
                found = NULL, length = 0;
            else
                found = &command_table[i];
        }
    }
    return found;
}

/* Splits line at blanks, in place; rest[i] points into whole, an unchanged copy. */
static void split(char *line, const char *whole, CommandWords *words)
{
    char *at = line;

    *words = (CommandWords){0};
    while (words->count < COMMAND_WORDS) {
        while (isspace((unsigned char)*at))
            at++;
        if (!*at)
            return;
        words->rest[words->count] = whole + (at - line);
        words->word[words->count++] = at;
        while (*at && !isspace((unsigned char)*at))
            at++;
        if (*at)
            *at++ = '\0';
    }
}

Change command_run(App *app, const char *line, Error *error)
{
    char cut[COMMAND_LINE_BYTES], whole[COMMAND_LINE_BYTES];
    CommandWords words;

    snprintf(whole, sizeof whole, "%s", line);
    memcpy(cut, whole, sizeof cut);
    split(cut, whole, &words);
    if (words.count == 0)
        return CHANGE_NONE;
    const Command *command = command_find(words.word[0]);
    if (!command)
        return failed(error, "a command (see help)", words.word[0]);
    return command->run(app, &words, error);
}

const char *command_of_key(const char *key, char *line)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            if (strcmp(command_table[i].keys[k].key, key) == 0) {
                snprintf(line, COMMAND_LINE_BYTES, "%s %s", command_table[i].name, command_table[i].keys[k].args);
                return line;
            }
    return NULL;
}
