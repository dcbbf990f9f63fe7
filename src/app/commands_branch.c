/* Commands for branches: fork, switch, drop, compare, diff. */
#include "app/commands.h"

#include "app/differences.h"
#include "app/paths.h"
#include "app/text.h"
#include "app/twin.h"
#include "engine/stride.h"
#include "engine/sys.h"
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

/* SETTING VALUE, as often as there are words, and data FILE among them: *file, if it is there. */
static bool read_settings(const CommandWords *words, int from, Settings *settings,
                          const char **file, Error *error)
{
    for (int i = from; i < words->count; i += 2) {
        const bool data = strcmp(words->word[i], "data") == 0;
        const SettingInfo *info = settings_find(words->word[i]);
        if (!data && !info)
            return error_set(error, "there is no setting %.40s", words->word[i]);
        if (i + 1 == words->count)
            return data ? error_set(error, "data: expected a file")
                        : error_set(error, "%s: expected a value", info->name);
        if (data)
            *file = words->word[i + 1];
        else if (!settings_parse(settings, info, words->word[i + 1], error))
            return false;
    }
    return settings_check(settings, error);
}

/* The file's path from the root on: a saved session may be loaded from another folder. What does not
 * lead to a file stays as it is: reading it says why. */
static bool find_file(const char *typed, char data[SESSION_DATA_BYTES], Error *error)
{
    char path[PATHS_BYTES];

    if (!paths_expand(typed, path))
        return error_set(error, "the file's name is too long");
    char *real = sys_real_path(path);
    const char *found = real ? real : path;
    const bool fits = strlen(found) < SESSION_DATA_BYTES && !strpbrk(found, "\r\n");
    if (fits)
        memcpy(data, found, strlen(found) + 1);
    sys_free(real);
    return fits || error_set(error, "the file's name is too long, or has a line break in it");
}

/* A run of its own from the start, which goes to the step where the reader is. */
static bool begin(App *app, const CommandWords *words, const char *name, Error *error)
{
    char before[BRANCH_NAME_BYTES], data[SESSION_DATA_BYTES];
    const char *file = NULL;
    Settings settings = app->session.history.settings;
    const int64_t step = app->session.trainer.at.step;

    snprintf(before, sizeof before, "%s", branches_name(&app->branches));
    if (!read_settings(words, 2, &settings, &file, error) ||
        (file && !find_file(file, data, error)) ||
        !branches_begin(&app->branches, &app->session, name, &settings, file ? data : NULL, error))
        return false;
    twins_follow_beginning(app);
    twins_follow_switch(app, before);
    app->target = (Moment){step < settings.steps ? step : settings.steps, PHASE_DONE, 0};
    app->moving = true;
    return true;
}

Change command_fork(App *app, const CommandWords *words, Error *error)
{
    char number[BRANCH_NAME_BYTES];
    const char *name = words->count > 1 ? words->word[1] : number;

    snprintf(number, sizeof number, "branch%d", app->branches.count > 0 ? app->branches.count : 1);
    app_run(app, 0);
    if (words->count > 2 ? !begin(app, words, name, error)
                         : !branches_fork(&app->branches, &app->session, name, error))
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
    Moment target;
    int branch;

    if (words->count < 2) {
        list(app, &app->answer);
        return CHANGE_SCREEN;
    }
    app_run(app, 0);
    if (!find(app, words->word[1], &branch, error) || !twins_switch(app, branch, &target, error))
        return CHANGE_FAILED;
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
    twins_drop(app, branch);
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

/* ---- diff -------------------------------------------------------------------------------------- */

/* The first operation at which two branches differ, or that there is none. */
static void answer_first_difference(const App *app, const CommandWords *words,
                                    const BranchDifference *difference, Answer *answer)
{
    char moment[64], name[160];

    if (!difference->found) {
        answer_line(answer, "%s and %s have the same bits", words->word[1], words->word[2]);
        answer_null(answer, "first");
        return;
    }
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

static void answer_beginning(const char *name, const char *a, const char *b, Answer *answer)
{
    answer_open(answer, NULL, '{');
    answer_text(answer, "setting", name);
    answer_text(answer, "a", a);
    answer_text(answer, "b", b);
    answer_close(answer, '}');
}

static const char *data_of(const App *app, int branch)
{
    return branch == app->branches.current ? app->session.data
                                           : app->branches.branch[branch].begin.data;
}

/* The names of the files that two branches read, where those are not the same. */
static void answer_documents(const App *app, int a, int b, Answer *answer)
{
    const char *one = data_of(app, a), *other = data_of(app, b);

    if (strcmp(one, other) == 0)
        return;
    one = branches_documents(&app->branches, &app->session, one)->source;
    other = branches_documents(&app->branches, &app->session, other)->source;
    answer_line(answer, "other documents: %s in one, %s in the other", one, other);
    answer_beginning("data", one, other, answer);
}

static const Settings *settings_of(const App *app, int branch)
{
    return branch == app->branches.current ? &app->session.history.settings
                                           : &app->branches.branch[branch].begin.settings;
}

/* What two runs begin with that is not the same. */
static void answer_beginnings(const App *app, int a, int b, Answer *answer)
{
    const Settings *one = settings_of(app, a), *other = settings_of(app, b);
    char here[64], there[64];

    answer_null(answer, "first");
    answer_open(answer, "begin", '[');
    answer_documents(app, a, b, answer);
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        if (settings_get(one, info) == settings_get(other, info))
            continue;
        settings_print(one, info, here, sizeof here);
        settings_print(other, info, there, sizeof there);
        answer_line(answer, "they differ from the beginning: %s is %s in one, %s in the other",
                    info->name, here, there);
        answer_beginning(info->name, here, there, answer);
    }
    answer_close(answer, ']');
}

static void answer_block(const BlockDifference *block, Answer *answer)
{
    char most[16], rms[16], a[16], b[16];

    answer_open(answer, NULL, '{');
    answer_text(answer, "block", block->block);
    answer_text(answer, "kind", block->parameters ? "parameters" : "activations");
    if (block->shape) {
        answer_line(answer, "%s\tanother shape", block->block);
        answer_close(answer, '}');
        return;
    }
    answer_line(answer, "%s\t%s\t%s\t%s\t%s\t%s", block->block,
                text_real(block->most, 8, most, sizeof most),
                text_real(block->rms, 8, rms, sizeof rms), block->element,
                text_real(block->a, 8, a, sizeof a), text_real(block->b, 8, b, sizeof b));
    answer_real(answer, "most", block->most);
    answer_real(answer, "rms", block->rms);
    answer_text(answer, "element", block->element);
    answer_real(answer, "a", block->a);
    answer_real(answer, "b", block->b);
    answer_close(answer, '}');
}

/* Block by block at a moment; differ: the branches do, somewhere. */
static void answer_blocks(const Differences *differences, const char *moment, bool differ,
                          const CommandWords *words, Answer *answer)
{
    if (differences->count > 0)
        answer_line(answer, "at %s:\tmost apart\trms\twhere\t%s\t%s", moment, words->word[1],
                    words->word[2]);
    else if (differ)
        answer_line(answer, "at %s: every number is the same", moment);
    answer_text(answer, "moment", moment);
    answer_open(answer, "blocks", '[');
    for (int i = 0; i < differences->count; i++)
        answer_block(&differences->block[i], answer);
    answer_close(answer, ']');
    if (differences->texts)
        answer_line(answer, "they read different texts: activations are not compared");
}

/* What differs where the reader stands; where a run ends before that, `reason` says so. */
static bool compare_here(App *app, const CommandWords *words, Differences *differences,
                         Error *reason)
{
    const App *a = twin_bring(app, words->word[1], reason);
    const App *b = a ? twin_bring(app, words->word[2], reason) : NULL;

    *differences = (Differences){.count = 0};
    return a && b &&
           differences_find(differences, &a->session.trainer, &b->session.trainer, reason);
}

/* Both begin alike: stands at the first difference, in branch a. */
static bool find_first(App *app, const CommandWords *words, int a, int b, bool *differ,
                       Error *error)
{
    char before[BRANCH_NAME_BYTES];
    BranchDifference difference;

    snprintf(before, sizeof before, "%s", branches_name(&app->branches));
    if (!branches_diff(&app->branches, &app->session, a, b, &difference, error))
        return false;
    if (strcmp(before, branches_name(&app->branches)) != 0)
        twins_follow_switch(app, before);
    asking_end(app);
    *differ = difference.found;
    answer_first_difference(app, words, &difference, &app->answer);
    return true;
}

Change command_diff(App *app, const CommandWords *words, Error *error)
{
    Differences differences;
    char moment[64];
    Error reason;
    int a, b;

    if (words->count != 3)
        return command_expected(error, "two branches", "");
    app_run(app, 0);
    if (!find(app, words->word[1], &a, error) || !find(app, words->word[2], &b, error))
        return CHANGE_FAILED;
    answer_text(&app->answer, "a", words->word[1]);
    answer_text(&app->answer, "b", words->word[2]);
    moment_print(app->session.trainer.at, moment, sizeof moment);
    const bool compared = compare_here(app, words, &differences, &reason);
    bool done = true, differ = true;
    if (branches_begin_alike(&app->branches, &app->session, a, b))
        done = find_first(app, words, a, b, &differ, error);
    else
        answer_beginnings(app, a, b, &app->answer);
    if (done && compared)
        answer_blocks(&differences, moment, differ, words, &app->answer);
    else if (done)
        answer_line(&app->answer, "at %s they cannot be compared: %s", moment, reason.text);
    differences_release(&differences);
    return done ? CHANGE_SCREEN : CHANGE_FAILED;
}
