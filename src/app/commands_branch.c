/* Commands for branches: fork, switch, drop, compare, diff. */
#include "app/commands.h"

#include "app/twin.h"
#include "engine/stride.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

/* Answers to what the session was before are of another run now. */
static void settle_in(App *app, Moment target)
{
    char moment[64];
    Error error;

    asking_end(app);
    moment_print(target, moment, sizeof moment);
    if (!app_seek(app, moment, &error))
        app_say(app, true, "%s", error.text);
}

Change command_fork(App *app, const CommandWords *words, Error *error)
{
    char name[BRANCH_NAME_BYTES];

    snprintf(name, sizeof name, "branch%d", app->branches.count > 0 ? app->branches.count : 1);
    app_run(app, 0);
    if (!branches_fork(&app->branches, &app->session, words->count > 1 ? words->word[1] : name,
                       error))
        return CHANGE_FAILED;
    answer_line(&app->answer, "this is branch %s now; switch main goes back",
                branches_name(&app->branches));
    answer_text(&app->answer, "branch", branches_name(&app->branches));
    return CHANGE_SCREEN;
}

static void list(const App *app, Answer *answer)
{
    const Branches *branches = &app->branches;
    char moment[64];

    answer_open(answer, "branches", '[');
    for (int i = 0; i < branches->count; i++) {
        const bool here = i == branches->current;
        moment_print(here ? app->session.trainer.at : branches->branch[i].at, moment,
                     sizeof moment);
        answer_line(answer, "%s\t%s%s", branches->branch[i].name, moment, here ? _("\there") : "");
        answer_open(answer, NULL, '{');
        answer_text(answer, "name", branches->branch[i].name);
        answer_text(answer, "moment", moment);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
    if (branches->count == 0)
        answer_line(answer, "there is only main: fork NAME makes another");
}

static bool find(const App *app, const char *name, int *branch, Error *error)
{
    *branch = branches_find(&app->branches, name);
    return *branch >= 0 || error_set(error, "there is no branch %.40s", name);
}

Change command_switch(App *app, const CommandWords *words, Error *error)
{
    char before[BRANCH_NAME_BYTES];
    Moment target;
    int branch;

    if (words->count < 2) {
        list(app, &app->answer);
        return CHANGE_SCREEN;
    }
    app_run(app, 0);
    snprintf(before, sizeof before, "%s", branches_name(&app->branches));
    if (!find(app, words->word[1], &branch, error) ||
        !branches_switch(&app->branches, &app->session, branch, &target, error))
        return CHANGE_FAILED;
    twins_follow_switch(app, before);
    settle_in(app, target);
    return CHANGE_SCREEN;
}

Change command_drop(App *app, const CommandWords *words, Error *error)
{
    int branch;

    if (words->count < 2)
        return command_expected(error, "a branch", "");
    if (!find(app, words->word[1], &branch, error))
        return CHANGE_FAILED;
    if (branch == app->branches.current) {
        error_set(error, "%s is where you are: switch to another first", words->word[1]);
        return CHANGE_FAILED;
    }
    if (strcmp(app->compared, words->word[1]) == 0)
        twins_compare(app, NULL, error);
    twins_forget(app, words->word[1]);
    branches_drop(&app->branches, branch);
    return CHANGE_SCREEN;
}

Change command_compare(App *app, const CommandWords *words, Error *error)
{
    const char *branch = command_word(words, 1);

    if (words->count != 2)
        return command_expected(error, "a branch or off", words->count > 2 ? words->rest[1] : "");
    return twins_compare(app, strcmp(branch, "off") == 0 ? NULL : branch, error) ? CHANGE_SCREEN
                                                                                 : CHANGE_FAILED;
}

static void answer_difference(const App *app, const BranchDifference *difference, Answer *answer)
{
    char moment[64], name[160];

    moment_print(difference->at, moment, sizeof moment);
    reference_print(&app->session.trainer, difference->node, name, sizeof name);
    answer_line(answer, "first at %s: %s is %.17g in one, %.17g in the other", moment, name,
                difference->a, difference->b);
    answer_open(answer, "first", '{');
    answer_text(answer, "moment", moment);
    answer_text(answer, "place", name);
    answer_real(answer, "a", difference->a);
    answer_real(answer, "b", difference->b);
    answer_close(answer, '}');
}

Change command_diff(App *app, const CommandWords *words, Error *error)
{
    BranchDifference difference;
    int a, b;

    if (words->count != 3)
        return command_expected(error, "two branches", "");
    app_run(app, 0);
    if (!find(app, words->word[1], &a, error) || !find(app, words->word[2], &b, error) ||
        !branches_diff(&app->branches, &app->session, a, b, &difference, error))
        return CHANGE_FAILED;
    asking_end(app);
    answer_text(&app->answer, "a", words->word[1]);
    answer_text(&app->answer, "b", words->word[2]);
    if (difference.found) {
        answer_difference(app, &difference, &app->answer);
    } else {
        answer_line(&app->answer, "%s and %s have the same bits", words->word[1], words->word[2]);
        answer_null(&app->answer, "first");
    }
    return CHANGE_SCREEN;
}
