/* Keys of the panel of knobs: one table, which the bottom line shows too. Second keys for the same
 * stand at its end. */
#include "app/app.h"

#include "engine/words.h"
#include <stdio.h>
#include <string.h>

enum { FAR = 5, PAGE = 8 };

static void act_choose(App *app, int by)
{
    Knobs *knobs = &app->knobs;
    const int row = knobs->row + by, last = knob_count() - 1;

    knobs->row = row < 0 ? 0 : row > last ? last : row;
}

static void act_turn(App *app, int by)
{
    knobs_turn(app, by);
}

static void act_cycle(App *app, int by)
{
    (void)by;
    knobs_cycle(app);
}

static void act_reset(App *app, int all)
{
    knobs_reset(app, all);
}

static void act_keep(App *app, int by)
{
    (void)by;
    app_say(app, false, "%s", _(knobs_keep(app)));
}

static void act_close(App *app, int by)
{
    (void)by;
    knobs_close(app);
}

/* What the session has is given up for it: asked for twice. */
static void act_adopt(App *app, int by)
{
    Knobs *knobs = &app->knobs;
    char list[160];
    Error error;

    (void)by;
    if (knobs_turned(knobs) == 0) {
        app_say(app, false, "nothing is turned: this is your run");
    } else if (!knobs->sure) {
        knobs->sure = true;
        app_say(
            app, false,
            "the same key again begins a new run with %s; the one that you have, with its changes "
            "and branches, is then gone",
            knobs_list(knobs, list, sizeof list));
    } else {
        knobs_list(knobs, list, sizeof list);
        if (knobs_adopt(app, &error))
            app_say(app, false, "a new run, with %s", list);
        else
            app_say(app, true, "%s", error.text);
    }
}

const KnobsKey knobs_keys[] = {
    {"Up", N_("setting"), 1, act_choose, -1},
    {"Down", N_("setting"), 1, act_choose, 1},
    {"Left", N_("turn it"), 1, act_turn, -1},
    {"Right", N_("turn it"), 1, act_turn, 1},
    {"PgDn", N_("further"), 4, act_turn, -FAR},
    {"PgUp", N_("further"), 4, act_turn, FAR},
    {"0-9", N_("type a number"), 6, NULL, 0},
    {"g", N_("keep as ghost"), 3, act_keep, 0},
    {"r", N_("reset it"), 5, act_reset, false},
    {"R", N_("reset all"), 5, act_reset, true},
    {"Enter", N_("make it your run"), 2, act_adopt, 0},
    {"?", N_("help"), 7, NULL, 0},
    {"q", N_("leave"), 0, act_close, 0},
    {"k", NULL, 0, act_choose, -1},
    {"j", NULL, 0, act_choose, 1},
    {"Home", NULL, 0, act_choose, -1000},
    {"End", NULL, 0, act_choose, 1000},
    {"h", NULL, 0, act_turn, -1},
    {"l", NULL, 0, act_turn, 1},
    {"H", NULL, 0, act_turn, -FAR},
    {"L", NULL, 0, act_turn, FAR},
    {"S-Left", NULL, 0, act_turn, -FAR},
    {"S-Right", NULL, 0, act_turn, FAR},
    {"S-Up", NULL, 0, act_choose, -PAGE},
    {"S-Down", NULL, 0, act_choose, PAGE},
    {"Space", NULL, 0, act_cycle, 0},
    {"Delete", NULL, 0, act_reset, false},
    {"a", NULL, 0, act_adopt, 0},
    {"Esc", NULL, 0, act_close, 0},
    {"Backspace", NULL, 0, act_close, 0},
    {"x", NULL, 0, act_close, 0},
};
const int knobs_key_count = sizeof knobs_keys / sizeof *knobs_keys;

/* ---- typing ---------------------------------------------------------------------------------- */

/* What a number is made of; it begins with a digit or a point. */
static bool is_typed(const Knobs *knobs, const char *key)
{
    const bool words = knobs_knob(knobs).scale == KNOB_WORDS;

    return *key != '\0' && key[1] == '\0' && !words &&
           strchr(knobs->typed[0] ? "0123456789.e+-" : "0123456789.", *key);
}

static void set_typed(App *app)
{
    Knobs *knobs = &app->knobs;
    char text[KNOBS_TYPED];
    Error error;

    snprintf(text, sizeof text, "%s", knobs->typed);
    knobs->typed[0] = '\0';
    if (!knobs_set(app, knobs_knob(knobs).info, text, &error))
        app_say(app, true, "%s", error.text);
}

static bool type(App *app, const char *key)
{
    Knobs *knobs = &app->knobs;
    const size_t length = strlen(knobs->typed);

    if (is_typed(knobs, key)) {
        if (length + 1 < KNOBS_TYPED)
            snprintf(knobs->typed + length, 2, "%s", key);
        return true;
    }
    if (length == 0)
        return false;
    if (strcmp(key, "Enter") == 0)
        set_typed(app);
    else if (strcmp(key, "Backspace") == 0)
        knobs->typed[length - 1] = '\0';
    else
        knobs->typed[0] = '\0';
    return strcmp(key, "Enter") == 0 || strcmp(key, "Backspace") == 0 || strcmp(key, "Esc") == 0;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool is_for_others(const char *key)
{
    static const char *const others[] = {":", "?", "F1", "C-l"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(key, others[i]) == 0)
            return true;
    return false;
}

bool knobs_key(App *app, const char *key)
{
    const bool sure = app->knobs.sure;

    if (is_for_others(key))
        return false;
    app->knobs.by_keys = true;
    if (type(app, key))
        return true;
    app->knobs.sure = false;
    for (int i = 0; i < knobs_key_count; i++)
        if (knobs_keys[i].act && strcmp(key, knobs_keys[i].key) == 0) {
            app->knobs.sure = sure && knobs_keys[i].act == act_adopt;
            knobs_keys[i].act(app, knobs_keys[i].by);
            break;
        }
    return true;
}
