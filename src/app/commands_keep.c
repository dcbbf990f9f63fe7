#include "app/commands.h"

#include "app/keep.h"
#include "app/paths.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static const char *rest(const CommandWords *words, int i)
{
    return i < words->count ? words->rest[i] : "";
}

/* ---- saved runs ------------------------------------------------------------------------------ */

static bool file_path(const CommandWords *words, char path[PATHS_BYTES], Error *error)
{
    if (words->count < 2)
        return error_set(error, "expected a file, such as names.run");
    return paths_expand(words->rest[1], path) || error_set(error, "the file's name is too long");
}

Change command_save(App *app, const CommandWords *words, Error *error)
{
    char path[PATHS_BYTES];

    if (!file_path(words, path, error) || !keep_save(app, path, error))
        return CHANGE_FAILED;
    app_say(app, false, "saved: %s", words->rest[1]);
    return CHANGE_SCREEN;
}

Change command_load(App *app, const CommandWords *words, Error *error)
{
    char path[PATHS_BYTES];

    if (!file_path(words, path, error) || !keep_load(app, path, error))
        return CHANGE_FAILED;
    app_say(app, false, "loaded: %s", words->rest[1]);
    return CHANGE_SCREEN;
}

Change command_resume(App *app, const CommandWords *words, Error *error)
{
    const bool forget = strcmp(command_word(words, 1), "forget") == 0;

    if (words->count > 1 && !forget)
        return command_expected(error, "nothing or forget", words->word[1]);
    if (!(forget ? autosave_forget(app, error) : autosave_resume(app, error)))
        return CHANGE_FAILED;
    app_say(app, false, forget ? N_("forgotten") : N_("here the interrupted session goes on"));
    return CHANGE_SCREEN;
}

Change command_autosave(App *app, const CommandWords *words, Error *error)
{
    const char *word = command_word(words, 1);

    if (strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
        return command_expected(error, "on or off", word);
    app->autosave.wanted = strcmp(word, "on") == 0;
    return CHANGE_SCREEN;
}

Change command_export(App *app, const CommandWords *words, Error *error)
{
    char path[PATHS_BYTES];

    if (words->count < 3 || words->count > 4)
        return command_expected(error, "a view and a file, such as loss loss.svg", "");
    if (!app->export) {
        error_set(error, "views cannot be drawn here");
        return CHANGE_FAILED;
    }
    if (!paths_expand(words->word[2], path)) {
        error_set(error, "the path is too long");
        return CHANGE_FAILED;
    }
    if (!app->export(app, words->word[1], path, words->count > 3 ? words->word[3] : "80x24", error))
        return CHANGE_FAILED;
    app_say(app, false, "drawn: %.200s", words->word[2]);
    return CHANGE_SCREEN;
}

/* ---- keys and looks -------------------------------------------------------------------------- */

static Change show_binding(App *app, const char *key, Error *error)
{
    const char *line = keymap_line(&app->keymap, key);

    if (!keymap_is_key(key)) {
        keymap_bind(&app->keymap, key, "", error);
        return CHANGE_FAILED;
    }
    answer_line(&app->answer, "%s\t%s", key, line ? line : _("none"));
    answer_text(&app->answer, "key", key);
    if (line)
        answer_text(&app->answer, "line", line);
    else
        answer_null(&app->answer, "line");
    return CHANGE_SCREEN;
}

Change command_bind(App *app, const CommandWords *words, Error *error)
{
    if (words->count < 2)
        return command_expected(error, "a key, such as F5", NULL);
    if (words->count == 2)
        return show_binding(app, words->word[1], error);
    if (strcmp(words->rest[2], "none") != 0)
        return keymap_bind(&app->keymap, words->word[1], words->rest[2], error) ? CHANGE_SCREEN
                                                                                : CHANGE_FAILED;
    if (!keymap_is_key(words->word[1]))
        return show_binding(app, words->word[1], error);
    keymap_unbind(&app->keymap, words->word[1]);
    return CHANGE_SCREEN;
}

/* Whether word is one of a list with bars between, as the table has it. */
static bool is_choice(const char *word, const char *choices)
{
    size_t length = strlen(word);

    for (const char *at = choices; length > 0; at++) {
        size_t size = strcspn(at, "|");
        if (size == length && strncmp(at, word, length) == 0)
            return true;
        at += size;
        if (!*at)
            return false;
    }
    return false;
}

static Change choose(const CommandWords *words, char name[APP_LOOK_BYTES], Error *error)
{
    const char *choices = command_find(words->word[0])->args;

    if (words->count != 2 || !is_choice(words->word[1], choices))
        return command_expected(error, choices, rest(words, 1));
    snprintf(name, APP_LOOK_BYTES, "%s", words->word[1]);
    return CHANGE_SCREEN;
}

Change command_theme(App *app, const CommandWords *words, Error *error)
{
    return choose(words, app->theme, error);
}

Change command_glyphs(App *app, const CommandWords *words, Error *error)
{
    return choose(words, app->glyphs, error);
}

Change command_mouse(App *app, const CommandWords *words, Error *error)
{
    const char *word = words->count > 1 ? words->word[1] : "";

    if (strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
        return command_expected(error, "on or off", word);
    app->mouse = strcmp(word, "on") == 0;
    return CHANGE_SCREEN;
}

Change command_prompt(App *app, const CommandWords *words, Error *error)
{
    char text[COMMAND_LINE_BYTES];

    (void)error;
    snprintf(text, sizeof text, "%s%s", rest(words, 1), words->count > 1 ? " " : "");
    prompt_open(&app->prompt, text);
    return CHANGE_SCREEN;
}
