/* Commands that have expressions read at every moment: watch, unwatch, until. */
#include "app/commands.h"

#include "engine/words.h"
#include <stdlib.h>
#include <string.h>

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
