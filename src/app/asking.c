#include "app/asking.h"

#include "app/app.h"
#include <stdio.h>
#include <string.h>

bool asking_begin(App *app, const char *question, Error *error)
{
    Scope scope = app_scope(app);

    app_run(app, 0);
    app->asking.row = 0;
    app->asking.on = why_ask(&app->asking.why, &scope, question, error);
    return app->asking.on;
}

void asking_end(App *app)
{
    app->asking.on = false;
}

void asking_release(Asking *asking)
{
    why_release(&asking->why);
    asking->on = false;
}

void asking_latest(const App *app, char question[WHY_QUESTION_BYTES])
{
    const Trainer *trainer = &app->session.trainer;
    Moment at = trainer->at;
    int32_t node = stride_next_node(trainer);

    if (at.phase == PHASE_FORWARD && at.n > 0)
        snprintf(question, WHY_QUESTION_BYTES, "node(%d)", (int)node - 1);
    else if (at.phase == PHASE_BACKWARD)
        snprintf(question, WHY_QUESTION_BYTES, "grad(node(%d))", (int)node);
    else if (at.phase == PHASE_UPDATE && at.n > 0)
        snprintf(question, WHY_QUESTION_BYTES, "node(%d)", (int)node - 1);
    else
        snprintf(question, WHY_QUESTION_BYTES, "loss");
}

void asking_refresh(App *app)
{
    char question[WHY_QUESTION_BYTES];
    Error error;

    if (!app->asking.on || why_is_current(&app->asking.why))
        return;
    snprintf(question, sizeof question, "%s", app->asking.why.question);
    if (!asking_begin(app, question, &error))
        app_say(app, true, "%s", error.text);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void move(Asking *asking, int by)
{
    int row = asking->row + by, last = asking->why.count - 1;

    asking->row = row < 0 ? 0 : row > last ? last : row;
}

static void open_item(Asking *asking)
{
    if (!asking->why.item[asking->row].open)
        why_open(&asking->why, asking->row);
}

static void close_item(Asking *asking)
{
    int parent = why_parent(&asking->why, asking->row);

    if (asking->why.item[asking->row].open)
        why_close(&asking->why, asking->row);
    else if (parent >= 0)
        asking->row = parent;
}

/* To the moment that the item's number comes from. */
static void go_there(App *app)
{
    Asking *asking = &app->asking;
    Moment moment;
    char text[64];
    Error error;

    if (!why_moment(&asking->why, asking->row, &moment) ||
        moment_compare(moment, app->session.trainer.at) == 0) {
        app_say(app, false, "it comes from this very moment");
        return;
    }
    moment_print(moment, text, sizeof text);
    if (!app_goto(app, text, &error))
        app_say(app, true, "%s", error.text);
    else
        app_say(app, false, "went to %s", text);
    asking_refresh(app);
}

bool asking_key(App *app, const char *key)
{
    static const struct {
        const char *key;
        int by;
    } moves[] = {{"Down", 1}, {"j", 1}, {"Up", -1}, {"k", -1}, {"PgDn", 10}, {"PgUp", -10}};
    Asking *asking = &app->asking;

    if (!why_is_current(&asking->why)) /* the run is on its way: there is nothing to walk in */
        return false;
    const WhyItem *item = &asking->why.item[asking->row];
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (strcmp(key, moves[i].key) == 0) {
            move(asking, moves[i].by);
            return true;
        }
    if (strcmp(key, "Enter") == 0 && (item->open || item->leaf))
        go_there(app);
    else if (strcmp(key, "Right") == 0 || strcmp(key, "l") == 0 || strcmp(key, "Enter") == 0)
        open_item(asking);
    else if (strcmp(key, "Left") == 0 || strcmp(key, "h") == 0)
        close_item(asking);
    else if (strcmp(key, "q") == 0 || strcmp(key, "Esc") == 0)
        asking_end(app);
    else
        return false;
    return true;
}
