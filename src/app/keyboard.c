/* Keys: to the prompt while it is open, to the page that is being read, else to the command that
 * they stand for. */
#include "app/app.h"

#include "app/command.h"
#include <stdio.h>
#include <string.h>

/* An answer of one line becomes the message, a longer one a page to read. */
static void present_answer(App *app)
{
    const Answer *answer = &app->answer;
    int lines = answer_lines(answer);

    app->reading = lines > 1 || answer->lines.length > sizeof app->message;
    app->answer_row = 0;
    if (lines == 1 && !app->reading)
        app_say(app, false, "%.*s", (int)answer->lines.length - 1, answer_first(answer));
    if (answer->cut)
        app_say(app, true, "the answer is longer than what can be shown");
}

Change app_enter(App *app, const char *line)
{
    Error error = {""};
    Change change = command_run(app, line, &error);

    if (change & CHANGE_FAILED)
        app_say(app, true, "%s", error.text);
    else
        present_answer(app);
    if (!app->moving && app->pending == 0)
        asking_refresh(app);
    if (app->tutor.open)
        app->tutor.follow(app->tutor.lesson);
    return change | (app->message[0] ? CHANGE_SCREEN : CHANGE_NONE);
}

static Change type(App *app, const char *key)
{
    if (strcmp(key, "C-l") == 0)
        return CHANGE_SCREEN | CHANGE_REPAINT;
    if (prompt_key(&app->prompt, app, key) != PROMPT_ENTERED)
        return CHANGE_SCREEN;
    return app_enter(app, app->prompt.line.text) | CHANGE_SCREEN;
}

/* ---- reading a page -------------------------------------------------------------------------- */

enum { PAGE_ROWS = 8, ALL_ROWS = 1 << 24 };

static const struct {
    const char *key;
    int by;
} scrolling[] = {
    {"Down", 1},          {"j", 1},
    {"Up", -1},           {"k", -1},
    {"PgDn", PAGE_ROWS},  {"Space", PAGE_ROWS},
    {"PgUp", -PAGE_ROWS}, {"Backspace", -PAGE_ROWS},
    {"End", ALL_ROWS},    {"G", ALL_ROWS},
    {"Home", -ALL_ROWS},  {"g", -ALL_ROWS},
};

static bool scroll(App *app, const char *key)
{
    int *row = app->reading ? &app->answer_row : &app->help_line;

    for (size_t i = 0; i < sizeof scrolling / sizeof *scrolling; i++) {
        if (strcmp(scrolling[i].key, key) != 0)
            continue;
        *row += scrolling[i].by;
        *row = *row > app->scroll_limit ? app->scroll_limit : *row;
        *row = *row < 0 ? 0 : *row;
        return true;
    }
    return false;
}

static bool put_away(App *app, const char *key)
{
    if (strcmp(key, "q") != 0 && strcmp(key, "Esc") != 0)
        return false;
    if (!app->reading)
        app->help = false;
    app->reading = false;
    return true;
}

/* "Click X Y": the cursor goes there; where it is already, deeper. */
static bool click(App *app, const char *key)
{
    const Spots *spots = &app->look.spots;
    int x, y;

    if (sscanf(key, "Click %d %d", &x, &y) != 2)
        return false;
    int spot = spots_at(spots, x, y);
    if (spot >= 0 && focus_same(spots->spot[spot].focus, look_focus(&app->look)))
        app_enter(app, "open");
    else if (spot >= 0)
        app_focus(app, spots->spot[spot].focus);
    return true;
}

Change app_key(App *app, const char *key)
{
    Change change = app->message[0] || app->reading ? CHANGE_SCREEN : CHANGE_NONE;

    app->message[0] = '\0';
    if (click(app, key))
        return CHANGE_SCREEN;
    if (app->prompt.open)
        return type(app, key);
    if ((app->reading || app->help) && (scroll(app, key) || put_away(app, key)))
        return CHANGE_SCREEN;
    if (app->knobs.on && !app->reading && !app->help && knobs_key(app, key))
        return CHANGE_SCREEN;
    if (app->asking.on && !app->reading && !app->help && asking_key(app, key))
        return CHANGE_SCREEN;
    app->reading = false;
    if (app->tutor.open && !app->help && app->tutor.key(app->tutor.lesson, key))
        return CHANGE_SCREEN;
    const char *line = keymap_line(&app->keymap, key);
    return line ? change | app_enter(app, line) : change;
}
