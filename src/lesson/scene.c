#include "lesson/scene.h"

#include "app/command.h"
#include "app/twin.h"
#include "engine/sys.h"
#include <stdio.h>
#include <string.h>

enum { STATEMENTS_BYTES = 8192 };

void scene_release(Scene *scene)
{
    sys_free(scene->event);
    sys_free(scene->graph);
    sys_free(scene->given);
    *scene = (Scene){.kept = false};
}

/* ---- keeping --------------------------------------------------------------------------------- */

/* The statements as they were written, but for blanks. */
static char *copy_statements(const Graph *graph)
{
    char *text = sys_alloc(STATEMENTS_BYTES, 1);
    size_t length = 0;

    for (int i = 0; text && i < graph->statements && length < STATEMENTS_BYTES; i++) {
        const GraphStatement *statement = &graph->statement[i];
        length +=
            (size_t)snprintf(text + length, STATEMENTS_BYTES - length, "%s%s%s%s", i > 0 ? ";" : "",
                             statement->name, statement->name[0] ? "=" : "", statement->expr.text);
    }
    return text;
}

static bool keep_graph(Scene *scene, const Graph *graph)
{
    scene->graph = copy_statements(graph);
    scene->givens = graph->tape.params;
    scene->given = sys_alloc((size_t)scene->givens, sizeof *scene->given);
    scene->graph_at = graph->at;
    if (!scene->graph || !scene->given)
        return false;
    memcpy(scene->given, graph->value, (size_t)scene->givens * sizeof *scene->given);
    return true;
}

static bool keep_events(Scene *scene, const History *history)
{
    scene->events = history->events;
    scene->event = sys_alloc((size_t)scene->events, sizeof *scene->event);
    if (scene->event && scene->events > 0)
        memcpy(scene->event, history->event, (size_t)scene->events * sizeof *scene->event);
    return scene->event != NULL;
}

bool scene_keep(Scene *scene, const App *app, Error *error)
{
    scene_release(scene);
    *scene = (Scene){.kept = true,
                     .at = app->session.trainer.at,
                     .unit = app->unit,
                     .position = app->position,
                     .layer = app->layer,
                     .head = app->head,
                     .branches = app->branches.count,
                     .look = app->look};
    snprintf(scene->branch, sizeof scene->branch, "%s", branches_name(&app->branches));
    if (keep_events(scene, &app->session.history) &&
        (!app->graphing || keep_graph(scene, &app->graph)))
        return true;
    scene_release(scene);
    return error_set(error, "out of memory");
}

/* ---- restoring ------------------------------------------------------------------------------- */

static bool same_events(const Scene *scene, const History *history)
{
    if (scene->events != history->events)
        return false;
    for (int i = 0; i < scene->events; i++) {
        const Event *a = &scene->event[i], *b = &history->event[i];
        if (moment_compare(a->at, b->at) != 0 || a->kind != b->kind || a->index != b->index ||
            memcmp(&a->number, &b->number, sizeof a->number) != 0)
            return false;
    }
    return true;
}

/* Takes back every change: what was written and averaged after the first of them is of another
 * run. */
static void drop_events(Session *session)
{
    History *history = &session->history;
    Moment at, first = session->trainer.at;

    if (history->events == 0)
        return;
    if (moment_compare(history->event[0].at, first) < 0)
        first = history->event[0].at;
    while (history_undo(history, &at))
        ;
    history_seek(history, first);
    session_forget(session);
}

static bool put_events(const Scene *scene, Session *session, Error *error)
{
    drop_events(session);
    if (scene->events == 0)
        return true;
    history_seek(&session->history, scene->event[0].at);
    session_forget(session);
    history_seek(&session->history, session->history.begin);
    for (int i = 0; i < scene->events; i++)
        if (!history_plan(&session->history, scene->event[i], error))
            return false;
    return true;
}

/* Stands in that branch, and drops those that were made after the first `count`. */
static bool put_branch(App *app, const char *name, int count, Error *error)
{
    Branches *branches = &app->branches;
    const int i = branches_find(branches, name);
    Moment target;

    if (i >= 0 && !twins_switch(app, i, &target, error))
        return false;
    for (int k = branches->count - 1; k >= count && k >= 1; k--)
        if (k != branches->current)
            twins_drop(app, k);
    if (count == 0 && branches->count == 1)
        branches_release(branches);
    return true;
}

static bool same_graph(const Scene *scene, const App *app)
{
    if (!scene->graph || !app->graphing)
        return !scene->graph && !app->graphing;
    char *text = copy_statements(&app->graph);
    bool same = text && strcmp(text, scene->graph) == 0 &&
                scene->givens == app->graph.tape.params &&
                memcmp(scene->given, app->graph.value, (size_t)scene->givens * sizeof(double)) == 0;
    sys_free(text);
    return same;
}

static bool put_graph(const Scene *scene, App *app, Error *error)
{
    if (!same_graph(scene, app)) {
        app_leave_graph(app);
        if (!scene->graph)
            return true;
        if (!app_graph(app, scene->graph, error))
            return false;
        for (int32_t i = 0; i < scene->givens && i < app->graph.tape.params; i++)
            if (memcmp(&scene->given[i], &app->graph.value[i], sizeof(double)) != 0)
                graph_set(&app->graph, i, scene->given[i]);
    }
    if (scene->graph)
        graph_go(&app->graph, scene->graph_at);
    return true;
}

static void put_look(const Scene *scene, App *app)
{
    Look look = scene->look;

    look.hidden = app->look.hidden;
    look.hiddens = app->look.hiddens;
    look.spots = app->look.spots;
    memcpy(look.mark, app->look.mark, sizeof look.mark);
    look.marks = app->look.marks;
    app->look = look;
}

bool scene_restore(const Scene *scene, App *app, Error *error)
{
    Session *session = &app->session;

    app_run(app, 0);
    asking_end(app);
    if (!put_branch(app, scene->branch, scene->branches, error))
        return false;
    if (!same_events(scene, &session->history) && !put_events(scene, session, error))
        return false;
    if (moment_compare(scene->at, session->trainer.at) != 0 &&
        !session_seek(session, scene->at, error))
        return false;
    if (!put_graph(scene, app, error))
        return false;
    app->unit = scene->unit;
    app->position = scene->position;
    app->layer = scene->layer;
    app->head = scene->head;
    put_look(scene, app);
    return true;
}

bool scene_is_current(const Scene *scene, const App *app)
{
    return strcmp(scene->branch, branches_name(&app->branches)) == 0 &&
           moment_compare(scene->at, app->session.trainer.at) == 0 &&
           same_events(scene, &app->session.history) && same_graph(scene, app) &&
           (!scene->graph || scene->graph_at == app->graph.at);
}

/* ---- beginnings and commands ----------------------------------------------------------------- */

void scene_clear(App *app)
{
    app_run(app, 0);
    asking_end(app);
    app_leave_graph(app);
    watch_release(&app->watches);
    put_branch(app, "main", 0, NULL);
    drop_events(&app->session);
    for (int i = 0; i < VIEW_COUNT; i++)
        app->look.focus[i] = (Focus){.kind = FOCUS_NONE};
    app->look.marks = 0;
    look_reveal(&app->look);
    app->position = app->layer = app->head = 0;
    app->help = false;
}

/* Movement only: what views would like to know besides is found out while the reader looks. A
 * target is gone to at once; should the run end before it, the work that follows says so. */
void scene_settle(App *app)
{
    while (app->moving || app->pending != 0 || app->direction != 0) {
        if (app->moving)
            session_seek(&app->session, app->target, NULL);
        app->due = 0;
        app_work(app, 0);
    }
}

bool scene_run(App *app, const char *command, Error *error)
{
    Error reason = {""};

    app_run(app, 0); /* the reader's own movement ends here */
    app->message[0] = '\0';
    app->message_wrong = false;
    Change change = command_run(app, command, &reason);
    scene_settle(app);
    if (change & CHANGE_FAILED)
        return error_set(error, "%s", reason.text);
    return !app->message_wrong || error_set(error, "%s", app->message);
}
