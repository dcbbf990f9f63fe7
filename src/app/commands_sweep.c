/* The command for whole runs in the background: sweep. */
#include "app/commands.h"

#include "engine/words.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading the line ------------------------------------------------------------------------ */

/* The words of the line, one after another; they may be more than a CommandWords has. */
typedef struct Reading {
    const char *at;
    char word[64]; /* the latest; "" at the end */
} Reading;

static bool next_word(Reading *reading)
{
    size_t length;

    while (isspace((unsigned char)*reading->at) || *reading->at == '=')
        reading->at++;
    for (length = 0; reading->at[length] && !isspace((unsigned char)reading->at[length]) &&
                     reading->at[length] != '=';)
        length++;
    snprintf(reading->word, sizeof reading->word, "%.*s", (int)length, reading->at);
    reading->at += length;
    return length > 0;
}

static bool is_word(const Reading *reading, const char *word)
{
    return strcmp(reading->word, word) == 0;
}

static bool is_setting(const char *name, const SettingInfo **info, Error *error)
{
    *info = settings_find(name);
    if (!*info)
        return error_set(error, "there is no setting %.40s: see gptoscope list options", name);
    return (*info)->part != SETTING_WRITING ||
           error_set(error, "%s is of the texts that are written: no loss depends on it",
                     (*info)->name);
}

/* "seeds 3" and "steps 200", once the first word is read. */
static bool read_number(Reading *reading, const char *name, long least, long most, int64_t *number,
                        Error *error)
{
    char *end;

    if (!next_word(reading))
        return error_set(error, "%s: expected a number from %ld to %ld", name, least, most);
    *number = strtoll(reading->word, &end, 10);
    return (*end == '\0' && *number >= least && *number <= most) ||
           error_set(error, "%s: expected a number from %ld to %ld, not %.40s", name, least, most,
                     reading->word);
}

/* "also norm off n_layer 2": to the end of the line. */
static bool read_others(Reading *reading, SweepPlan *plan, Error *error)
{
    const SettingInfo *info;

    while (next_word(reading)) {
        if (!is_setting(reading->word, &info, error))
            return false;
        next_word(reading);
        if (!settings_parse(&plan->settings, info, reading->word, error))
            return false;
    }
    return true;
}

/* "seeds 3 steps 200 also ...": what comes after the values. */
static bool read_rest(Reading *reading, SweepPlan *plan, Error *error)
{
    bool more = reading->word[0] != '\0';

    for (int64_t number = 0; more; more = next_word(reading)) {
        if (is_word(reading, "also"))
            return read_others(reading, plan, error);
        if (is_word(reading, "seeds")) {
            if (!read_number(reading, "seeds", 1, SWEEP_SEEDS, &number, error))
                return false;
            plan->seeds = (int)number;
        } else if (is_word(reading, "steps")) {
            if (!next_word(reading))
                return error_set(error, "steps: expected a number");
            if (!settings_parse(&plan->settings, settings_find("steps"), reading->word, error))
                return false;
        } else {
            return error_set(error, "expected seeds, steps or also, not %.40s", reading->word);
        }
    }
    return true;
}

static bool ends_values(const Reading *reading)
{
    return is_word(reading, "seeds") || is_word(reading, "steps") || is_word(reading, "also");
}

/* A value is written as the setting prints it, so that 1e-2 and 0.01 are one. */
static void print_value(const SweepPlan *plan, const Settings *settings, char *text, size_t size)
{
    size_t used = 0;

    for (int i = 0; i < plan->settings_swept && used < size; i++) {
        const SettingInfo *info = plan->info[i];
        char value[64];
        if (info->kind == SETTING_REAL)
            expr_print_number(settings_get(settings, info), value);
        else
            settings_print(settings, info, value, sizeof value);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "", value);
    }
}

static bool add_value(SweepPlan *plan, const char *text, Error *error)
{
    char value[SWEEP_VALUE_BYTES];
    Settings settings;

    if (plan->rows == SWEEP_ROWS)
        return error_set(error, "at most %d values", SWEEP_ROWS);
    snprintf(plan->value[plan->rows], SWEEP_VALUE_BYTES, "%s", text);
    if (!sweep_settings(plan, plan->rows, &settings, error))
        return false;
    print_value(plan, &settings, value, sizeof value);
    for (int row = 0; row < plan->rows; row++)
        if (strcmp(plan->value[row], value) == 0)
            return error_set(error, "%s: %s is there twice", plan->name, value);
    memcpy(plan->value[plan->rows++], value, sizeof value);
    return true;
}

/* "lr", or several settings that are set together: "residual,norm". */
static bool read_names(const char *names, SweepPlan *plan, Error *error)
{
    size_t used = 0;
    char name[64];

    for (const char *at = names;; at++) {
        const size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        if (plan->settings_swept == SWEEP_SETTINGS)
            return error_set(error, "at most %d settings together", SWEEP_SETTINGS);
        const SettingInfo **info = &plan->info[plan->settings_swept];
        if (!is_setting(name, info, error))
            return false;
        if (strcmp((*info)->name, "seed") == 0)
            return error_set(error,
                             "each value runs with several seeds: for seeds alone, sweep seeds 3");
        used += (size_t)snprintf(plan->name + used, sizeof plan->name - used, "%s%s",
                                 plan->settings_swept > 0 ? "," : "", (*info)->name);
        plan->settings_swept++;
        at += length;
        if (*at == '\0')
            return true;
    }
}

static bool read_plan(Reading *reading, SweepPlan *plan, Error *error)
{
    if (is_word(reading, "seeds")) { /* of one setting: all as it is */
        plan->rows = 1;
        return read_rest(reading, plan, error);
    }
    if (!read_names(reading->word, plan, error))
        return false;
    while (next_word(reading) && !ends_values(reading))
        if (!add_value(plan, reading->word, error))
            return false;
    if (plan->rows == 0)
        return error_set(error, "sweep %s: expected its values, such as sweep lr 0.001 0.01 0.1",
                         plan->name);
    return read_rest(reading, plan, error);
}

/* ---- a row as a branch ----------------------------------------------------------------------- */

/* Writes " NAME VALUE" for each setting that a row has otherwise than the run from its beginning. */
static void print_differences(const Settings *run, const Settings *row, char *line, size_t size)
{
    size_t used = strlen(line);
    char value[64];

    for (int i = 0; i < settings_count && used < size; i++) {
        const SettingInfo *info = &settings_table[i];
        if (settings_get(run, info) == settings_get(row, info))
            continue;
        settings_print(row, info, value, sizeof value);
        used += (size_t)snprintf(line + used, size - used, " %s %s", info->name, value);
    }
}

Change commands_open_sweep(App *app, int row, Error *error)
{
    const SweepPlan *plan = &app->sweep.plan;
    Settings settings;
    char line[COMMAND_LINE_BYTES];

    if (app->sweep.refused[row].text[0]) {
        error_set(error, "%s", app->sweep.refused[row].text);
        return CHANGE_FAILED;
    }
    if (!sweep_settings(plan, row, &settings, error))
        return CHANGE_FAILED;
    snprintf(line, sizeof line, "fork %.18s-%c", plan->settings_swept == 1 ? plan->name : "sweep",
             'A' + row);
    print_differences(&app->session.history.settings, &settings, line, sizeof line);
    const Change change = command_run(app, line, error);
    if (!(change & CHANGE_FAILED))
        app->look.choice[LOOK_LOSS_SHOWS] = LOOK_LOSS_RUN;
    return change;
}

/* ---- the command ----------------------------------------------------------------------------- */

static Change answer_sweep(App *app, Error *error)
{
    if (!sweep_is_on(&app->sweep)) {
        error_set(error, "there is no sweep: sweep lr 0.001 0.01 0.1 seeds 3 begins one");
        return CHANGE_FAILED;
    }
    sweep_tell(&app->sweep, &app->answer);
    return CHANGE_SCREEN;
}

/* It fills the loss view while the reader watches; without a screen its answer comes at its end. */
static Change begin(App *app, const SweepPlan *plan, Error *error)
{
    Session *session = &app->session;
    char text[96];
    int runs;

    fused_ready(&session->trainer.fused);
    if (!sweep_begin(&app->sweep, plan, &session->corpus, &session->trainer.fused, error))
        return CHANGE_FAILED;
    const bool behind = !plan->name[0] && plan->settings.steps == session->trainer.settings.steps;
    app->look.choice[LOOK_LOSS_SHOWS] = behind ? LOOK_LOSS_RUN : LOOK_LOSS_SWEEP;
    if (!app->headless)
        look_show(&app->look, VIEW_LOSS);
    sweep_describe(&app->sweep, text, sizeof text);
    sweep_over(&app->sweep, &runs);
    if (!app->headless)
        answer_line(&app->answer, "%s: %d runs in the background; sweep stop ends them", text,
                    runs);
    return CHANGE_SCREEN;
}

Change command_sweep(App *app, const CommandWords *words, Error *error)
{
    SweepPlan plan = {.settings = app->session.trainer.settings, .seeds = 1};
    Reading reading = {.at = words->count > 1 ? words->rest[1] : ""};

    if (!next_word(&reading))
        return answer_sweep(app, error);
    if (is_word(&reading, "stop") || is_word(&reading, "off")) {
        if (!sweep_is_on(&app->sweep))
            return answer_sweep(app, error);
        if (is_word(&reading, "stop"))
            sweep_stop(&app->sweep);
        else
            sweep_release(&app->sweep);
        return CHANGE_SCREEN;
    }
    return read_plan(&reading, &plan, error) ? begin(app, &plan, error) : CHANGE_FAILED;
}
