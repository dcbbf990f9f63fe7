/* Commands that explain: expr, why, gradcheck, bench. */
#include "app/bench_memory.h"
#include "app/commands.h"
#include "app/gradcheck.h"

static void answer_graph(const Graph *graph, Answer *answer)
{
    int64_t forward = graph_forward_length(graph), backward = graph_length(graph) - forward;

    answer_line(answer, "a graph of %lld operations forward and %lld backward", (long long)forward,
                (long long)backward);
    answer_whole(answer, "forward", forward);
    answer_whole(answer, "backward", backward);
}

Change command_expr(App *app, const CommandWords *words, Error *error)
{
    if (words->count < 2)
        return command_expected(error, "statements, such as a=2; b=3; c=a*b; L=c^2", "");
    if (!app_graph(app, words->rest[1], error))
        return CHANGE_FAILED;
    if (app->headless)
        answer_graph(&app->graph, &app->answer);
    return CHANGE_SCREEN;
}

/* What is under the cursor, else what was computed last. */
static void present_question(const App *app, char question[WHY_QUESTION_BYTES])
{
    const Focus focus = look_focus(&app->look);
    Scope scope = app_scope(app);

    if (!focus_has_why(focus) || focus_print(&scope, focus, question, WHY_QUESTION_BYTES) == 0)
        asking_latest(app, question);
}

Change command_why(App *app, const CommandWords *words, Error *error)
{
    char latest[WHY_QUESTION_BYTES];
    Scope scope = app_scope(app);

    present_question(app, latest);
    const char *question = words->count > 1 ? words->rest[1] : latest;
    if (app->headless) {
        if (!why_run(&scope, question, 1, &app->answer, error))
            return CHANGE_FAILED;
        edited_tell_before(app, question, &app->answer);
        return CHANGE_SCREEN;
    }
    return asking_begin(app, question, error) ? CHANGE_SCREEN : CHANGE_FAILED;
}

Change command_gradcheck(App *app, const CommandWords *words, Error *error)
{
    Scope scope = app_scope(app);

    if (words->count < 2)
        return command_expected(error, "a number's name, such as wte[5][0], or all", "");
    app_run(app, 0);
    return gradcheck_run(&scope, words->rest[1], &app->answer, error) ? CHANGE_SCREEN
                                                                      : CHANGE_FAILED;
}

Change command_bench(App *app, const CommandWords *words, Error *error)
{
    const char *name = words->count > 1 ? words->word[1] : "";

    app_run(app, 0);
    return bench_memory(name, &app->answer, error) ? CHANGE_SCREEN : CHANGE_FAILED;
}
