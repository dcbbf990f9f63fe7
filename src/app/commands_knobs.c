/* The command that opens the panel of knobs and turns them by name. */
#include "app/commands.h"

#include "app/nearest.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static Change act_keep(App *app, Error *error)
{
    (void)error;
    answer_line(&app->answer, "%s", _(knobs_keep(app)));
    answer_truth(&app->answer, "kept", app->knobs.kept != NULL);
    return CHANGE_SCREEN;
}

static Change act_reset(App *app, Error *error)
{
    (void)error;
    knobs_reset(app, true);
    return CHANGE_SCREEN;
}

static Change act_adopt(App *app, Error *error)
{
    char list[160];

    knobs_list(&app->knobs, list, sizeof list);
    if (!knobs_adopt(app, error))
        return CHANGE_FAILED;
    app_say(app, false, "a new run, with %s", *list ? list : _("the settings of the one before"));
    return CHANGE_SCREEN;
}

static Change act_close(App *app, Error *error)
{
    (void)error;
    knobs_close(app);
    return CHANGE_SCREEN;
}

static const struct {
    const char *word;
    Change (*act)(App *app, Error *error);
} acts[] = {{"keep", act_keep}, {"reset", act_reset}, {"adopt", act_adopt}, {"close", act_close}};

static bool find_knob(const char *name, const SettingInfo **info, Error *error)
{
    const char *best = NULL;

    *info = settings_find(name);
    if (*info && knob_find(*info) >= 0)
        return true;
    for (int i = 0; i < knob_count(); i++)
        best = nearest_of(name, best, knob_row(i).info->name);
    return best ? error_set(error, "there is no knob %.40s: did you mean %s?", name, best)
                : error_set(error, "there is no knob %.40s: see gptoscope list options", name);
}

/* "lr=0.02" */
static bool turn(App *app, const char *word, Error *error)
{
    const char *sign = strchr(word, '=');
    const SettingInfo *info;
    char name[64];

    if (!sign || (size_t)(sign - word) >= sizeof name)
        return error_set(error,
                         "expected SETTING=VALUE, such as lr=0.02, or keep, reset, adopt "
                         "or close, not %.60s",
                         word);
    snprintf(name, sizeof name, "%.*s", (int)(sign - word), word);
    return find_knob(name, &info, error) && knobs_set(app, info, sign + 1, error);
}

static Change turn_all(App *app, const CommandWords *words, Error *error)
{
    const Settings before = app->knobs.turned;

    for (int i = 1; i < words->count; i++)
        if (!turn(app, words->word[i], error)) {
            app->knobs.turned = before;
            return CHANGE_FAILED;
        }
    return CHANGE_SCREEN;
}

Change command_knobs(App *app, const CommandWords *words, Error *error)
{
    const bool was_open = app->knobs.on;
    Change change = CHANGE_SCREEN;
    bool done = false;

    if (!knobs_open(app, error))
        return CHANGE_FAILED;
    app->knobs.by_keys = false;
    for (size_t i = 0; i < sizeof acts / sizeof *acts && words->count == 2 && !done; i++)
        if (strcmp(words->word[1], acts[i].word) == 0) {
            change = acts[i].act(app, error);
            done = true;
        }
    if (!done)
        change = turn_all(app, words, error);
    if (change & CHANGE_FAILED && !was_open)
        knobs_close(app);
    app->knobs.owes = app->headless && app->knobs.on && !(change & CHANGE_FAILED) &&
                      app->answer.lines.length == 0;
    return change;
}
