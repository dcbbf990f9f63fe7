/* Commands that explain: gradcheck. */
#include "app/commands.h"
#include "app/gradcheck.h"

Change command_gradcheck(App *app, const CommandWords *words, Error *error)
{
    Scope scope = app_scope(app);

    if (words->count < 2)
        return command_expected(error, "a number's name, such as wte[5][0], or all", "");
    app_run(app, 0);
    return gradcheck_run(&scope, words->rest[1], &app->answer, error) ? CHANGE_SCREEN
                                                                      : CHANGE_FAILED;
}
