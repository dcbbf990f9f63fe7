/* The command since: what the view parameters counts changes from. */
#include "app/commands.h"

#include <stdio.h>
#include <string.h>

Change command_since(App *app, const CommandWords *words, Error *error)
{
    History *history = &app->session.history;
    char moment[64];

    if (words->count > 2)
        return command_expected(error, "a moment or here", words->rest[1]);
    if (words->count == 2 && app->moving)
        app_run(app, 0);
    if (words->count == 2 &&
        !(strcmp(words->word[1], "here") == 0
              ? since_keep(&app->since, history, error)
              : since_keep_moment(&app->since, history, words->word[1], error)))
        return CHANGE_FAILED;
    moment_print(since_moment(&app->since, history), moment, sizeof moment);
    answer_line(&app->answer, "changes are counted from %s", moment);
    answer_text(&app->answer, "since", moment);
    return CHANGE_SCREEN;
}
