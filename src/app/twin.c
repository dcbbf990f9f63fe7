#include "app/twin.h"

#include "app/contrast.h"
#include "app/subject.h"
#include "engine/sys.h"
#include <stdio.h>
#include <string.h>

/* ---- making and forgetting ------------------------------------------------------------------- */

bool twins_init(App *app, Error *error)
{
    app->twins = sys_alloc(1, sizeof *app->twins);
    return app->twins || error_set(error, "out of memory");
}

static void release(Twin *twin)
{
    if (twin->app) {
        twin->app->look = (Look){.panes = 1}; /* what it owns is the reader's */
        app_release(twin->app);
        sys_free(twin->app);
    }
    *twin = (Twin){.app = NULL};
}

void twins_forget_all(App *app)
{
    for (int i = 0; app->twins && i < BRANCHES_LIMIT; i++)
        release(&app->twins->twin[i]);
}

void twins_release(App *app)
{
    twins_forget_all(app);
    sys_free(app->twins);
    app->twins = NULL;
}

static Twin *find(const App *app, const char *branch)
{
    for (int i = 0; app->twins && i < BRANCHES_LIMIT; i++)
        if (app->twins->twin[i].app && strcmp(app->twins->twin[i].branch, branch) == 0)
            return &app->twins->twin[i];
    return NULL;
}

void twins_forget(App *app, const char *branch)
{
    Twin *twin = find(app, branch);

    if (twin)
        release(twin);
}

static App *make(const App *app, int branch, Error *error)
{
    App *made = sys_alloc(1, sizeof *made);

    if (!made) {
        error_set(error, "out of memory for a branch");
        return NULL;
    }
    *made = (App){.unit = app->unit, .data_path = app->data_path, .headless = app->headless};
    look_init(&made->look);
    writing_init(&made->writing);
    if (branches_open(&app->branches, branch, &app->session, &made->session, error))
        return made;
    sys_free(made);
    return NULL;
}

/* The twin of a branch that is not the current one, made where there is none yet; one that is bare
 * is made anew where that is not enough. */
static Twin *open(const App *app, int branch, bool bare, Error *error)
{
    const char *name = app->branches.branch[branch].name;
    Twin *twin = find(app, name);

    if (twin && twin->bare && !bare) {
        release(twin);
        twin = NULL;
    }
    for (int i = 0; !twin && i < BRANCHES_LIMIT; i++)
        if (!app->twins->twin[i].app) {
            twin = &app->twins->twin[i];
            *twin = (Twin){.app = make(app, branch, error), .bare = bare};
            snprintf(twin->branch, sizeof twin->branch, "%s", name);
        }
    return twin && twin->app ? twin : NULL;
}

/* ---- where it is to stand -------------------------------------------------------------------- */

/* The place that the next operation belongs to, or the next place after it that the other graph
 * has: where that begins there, in its forward pass. */
static int64_t forward_there(const Trainer *here, const Trainer *there)
{
    const int32_t node = stride_next_node(here);
    const Span *span = gpt_span_of(&here->gpt, node), *last = here->gpt.span + here->gpt.spans;

    for (const Span *from = span; from && from < last; from++) {
        const Span *to = gpt_span(&there->gpt, from->place);
        if (to && to->end > to->first) {
            int32_t into = from == span ? node - span->first : 0, most = to->end - to->first;
            return to->first - there->gpt.params + (into < most ? into : most);
        }
    }
    return trainer_phase_length(there, PHASE_FORWARD);
}

static int64_t backward_there(const Trainer *here, const Trainer *there)
{
    const Span *span = gpt_span_of(&here->gpt, stride_next_node(here));

    for (const Span *from = span; from && from >= here->gpt.span; from--) {
        int64_t visits =
            gpt_span(&there->gpt, from->place) ? stride_visits_before(there, from->place) : -1;
        if (visits >= 0)
            return visits;
    }
    return trainer_phase_length(there, PHASE_BACKWARD);
}

/* The same parameter, or the end of the same matrix where that is smaller there. */
static int64_t update_there(const Trainer *here, const Trainer *there)
{
    const int32_t parameter = stride_next_node(here);
    const Tensor *from = gpt_tensor_of(&here->gpt, parameter);
    const Tensor *to = gpt_tensor(&there->gpt, from->name);
    const int32_t into = parameter - from->first;

    if (!to)
        return trainer_phase_length(there, PHASE_UPDATE);
    return to->first + (into < to->rows * to->cols ? into : to->rows * to->cols);
}

static bool same_shape(const Trainer *a, const Trainer *b)
{
    return a->gpt.params == b->gpt.params && a->tape.count == b->tape.count &&
           a->tape.order_count == b->tape.order_count;
}

/* Where the twin is to stand; false: that is known only once it stands where its step begins. */
static bool find_target(const Trainer *here, const Trainer *there, Moment *target)
{
    *target = here->at;
    if (here->at.phase == PHASE_DONE)
        return true;
    if (there->tape_step != here->at.step || there->at.step != here->at.step ||
        there->at.phase == PHASE_DONE) {
        *target = (Moment){here->at.step, PHASE_FORWARD, 0};
        return false;
    }
    if (same_shape(here, there))
        return true;
    if (here->at.n == trainer_phase_length(here, here->at.phase))
        target->n = trainer_phase_length(there, here->at.phase);
    else if (here->at.n > 0)
        target->n = here->at.phase == PHASE_FORWARD    ? forward_there(here, there)
                    : here->at.phase == PHASE_BACKWARD ? backward_there(here, there)
                                                       : update_there(here, there);
    return true;
}

static bool is_here(const App *app, const Twin *twin)
{
    return twin->settled && moment_compare(twin->at, app->session.trainer.at) == 0;
}

bool twin_is_here(const App *app, const App *twin)
{
    for (int i = 0; i < BRANCHES_LIMIT; i++)
        if (app->twins->twin[i].app == twin)
            return is_here(app, &app->twins->twin[i]);
    return false;
}

/* ---- following ------------------------------------------------------------------------------- */

/* Sends the twin off to where it is to stand next. true: it stands there already, as far as its run
 * goes. */
static bool send(const App *app, Twin *twin)
{
    App *other = twin->app;
    const Trainer *here = &app->session.trainer, *there = &other->session.trainer;
    Moment target;

    if (is_here(app, twin))
        return true;
    const bool last = find_target(here, there, &target);
    const bool reached = moment_compare(there->at, target) == 0;
    twin->settled = last && reached;
    twin->at = here->at;
    if (twin->settled)
        return true;
    other->moving = !reached;
    other->target = target;
    return false;
}

/* The twin has come to a halt. Where that is not where it was sent, its run goes no further. */
static void arrive(const App *app, Twin *twin)
{
    twin->at = app->session.trainer.at;
    twin->settled = moment_compare(twin->app->session.trainer.at, twin->app->target) != 0;
}

/* A piece of the way. */
static void go_on(Twin *twin, double until)
{
    const int64_t piece = 100000; /* operations */
    App *other = twin->app;

    if (!twin->bare)
        app_work(other, until);
    else if (other->moving)
        other->moving =
            history_approach(&other->session.history, other->target, piece) == APPROACH_MOVING;
}

/* Works on its way until it is there or the time is over. */
static void approach(const App *app, Twin *twin, double until)
{
    while (!send(app, twin)) {
        do
            go_on(twin, until);
        while (twin->app->moving && sys_seconds() < until);
        if (twin->app->moving)
            return;
        arrive(app, twin);
    }
}

static bool same_model(const Gpt *a, const Gpt *b)
{
    return a->n_layer == b->n_layer && a->n_embd == b->n_embd && a->n_head == b->n_head &&
           a->block_size == b->block_size && a->vocab == b->vocab;
}

/* The cursors, and the matrix that is looked at, of a model of another shape. */
static void look_at_names(const App *app, App *twin)
{
    const Contrast contrast = {.other = app_scope(twin)};
    const Scope here = app_scope(app);
    const Tensor *tensor = gpt_tensor(&twin->session.trainer.gpt, subject_tensor(app)->name);

    for (int view = 0; view < VIEW_COUNT; view++) {
        twin->look.focus[view] = contrast_focus(&contrast, &here, app->look.focus[view]);
        twin->look.opened[view] = contrast_focus(&contrast, &here, app->look.opened[view]);
    }
    twin->look.depth[VIEW_GRAPH] = 0;
    twin->look.marks = 0;
    twin->look.choice[LOOK_PARAMETERS_TENSOR] =
        tensor ? (int)(tensor - twin->session.trainer.gpt.tensor) : 0;
    twin->graph_look = (GraphLook){.opened = false};
}

/* What the reader looks at, and how. */
static void look_alike(const App *app, App *twin)
{
    const Gpt *gpt = &twin->session.trainer.gpt;

    twin->look = app->look;
    twin->unit = app->unit;
    twin->position = app->position;
    twin->layer = app->layer < gpt->n_layer ? app->layer : gpt->n_layer - 1;
    twin->head = app->head < gpt->n_head ? app->head : gpt->n_head - 1;
    twin->graph_look = app->graph_look;
    twin->spelling = app->spelling;
    twin->writing.number = app->writing.number;
    twin->writing.limit = app->writing.limit;
    memcpy(twin->writing.prefix, app->writing.prefix, sizeof twin->writing.prefix);
    if (!same_model(&app->session.trainer.gpt, gpt))
        look_at_names(app, twin);
}

static Twin *compared(const App *app)
{
    return app->compared[0] ? find(app, app->compared) : NULL;
}

const App *twins_compared(const App *app)
{
    const Twin *twin = compared(app);

    if (!twin)
        return NULL;
    look_alike(app, twin->app);
    return twin->app;
}

/* Seconds for which a twin follows after its numbers were last on the screen. */
static bool is_asked_for(const Twin *twin, double now)
{
    const double rest = 1;

    return twin->app && now - twin->asked < rest;
}

bool twins_lag(const App *app)
{
    const double now = sys_seconds();

    for (int i = 0; app->twins && i < BRANCHES_LIMIT; i++) {
        const Twin *twin = &app->twins->twin[i];
        if ((is_asked_for(twin, now) || twin == compared(app)) && twin->app && !is_here(app, twin))
            return true;
    }
    return false;
}

const Session *twin_session(const App *app, const char *branch)
{
    const Twin *twin = find(app, branch);

    return twin ? &twin->app->session : NULL;
}

/* Whether every branch is to have a twin. */
static bool shows_curves(const App *app)
{
    return app->twins && !app->twins->failed && app->branches.count > 1 && app->direction == 0 &&
           !app->moving && look_is_shown(&app->look, VIEW_LOSS) && app_heldout_interval(app) > 0;
}

static bool has_work(const App *app, const Twin *twin)
{
    double from;

    look_alike(app, twin->app);
    return !is_here(app, twin) || app_wants_work(twin->app, &from);
}

/* The first branch whose curve is not whole, or -1. A twin takes tens of megabytes: the branches after
 * the first few have their losses on texts held out where somebody asks for them by name. */
static int next_curve(const App *app)
{
    const int most = 8, count = app->branches.count < most ? app->branches.count : most;

    for (int i = 0; shows_curves(app) && i < count; i++) {
        const Twin *twin = find(app, app->branches.branch[i].name);
        if (i != app->branches.current && (!twin || twin->bare || has_work(app, twin)))
            return i;
    }
    return -1;
}

static void work_on_curve(App *app, int i, double until)
{
    Error error;
    Twin *twin = open(app, i, false, &error);

    if (!twin)
        app->twins->failed = true;
    else if (!is_here(app, twin))
        approach(app, twin, until);
    else
        app_work(twin->app, until);
}

bool twins_want_work(const App *app)
{
    const Twin *twin = compared(app);

    return twins_lag(app) || (twin && has_work(app, twin)) || next_curve(app) >= 0;
}

bool twins_work(App *app, double until)
{
    const double now = sys_seconds();
    Twin *beside = compared(app);

    if (!twins_want_work(app))
        return false;
    for (int i = 0; i < BRANCHES_LIMIT; i++) {
        Twin *twin = &app->twins->twin[i];
        if ((is_asked_for(twin, now) || twin == beside) && twin->app && !is_here(app, twin)) {
            approach(app, twin, until);
            return true;
        }
    }
    if (beside && has_work(app, beside))
        app_work(beside->app, until);
    else
        work_on_curve(app, next_curve(app), until);
    return true;
}

const App *twin_bring(const App *app, const char *branch, Error *error)
{
    const int i = branches_find(&app->branches, branch);

    if (i < 0 ? strcmp(branch, branches_name(&app->branches)) == 0 : i == app->branches.current)
        return app;
    Twin *twin = i < 0 ? NULL : open(app, i, true, error);
    if (i < 0)
        error_set(error, "there is no branch %.40s", branch);
    if (!twin)
        return NULL;
    while (!is_here(app, twin))
        approach(app, twin, 0);
    const Moment at = twin->app->session.trainer.at;
    if (at.step == app->session.trainer.at.step)
        return twin->app;
    error_set(error, "the run of %s ends at step %lld", branch, (long long)at.step);
    return NULL;
}

bool twin_scope(const Scope *scope, const char *branch, Scope *other, bool *not_yet, Error *error)
{
    const App *app = scope->app;
    const int i = branches_find(&app->branches, branch);

    *not_yet = false;
    if (scope->hurried && i >= 0 && i != app->branches.current) {
        Twin *twin = open(app, i, true, error);
        if (!twin)
            return false;
        twin->asked = sys_seconds();
        *not_yet = !is_here(app, twin);
        if (*not_yet)
            return error_set(error, "%s is not at this moment yet", branch);
    }
    const App *there = twin_bring(app, branch, error);
    if (!there)
        return false;
    *other = *scope;
    other->trainer = &there->session.trainer;
    other->history = &there->session.history;
    other->graph = there == app ? scope->graph : NULL;
    return true;
}

/* ---- beside each other ----------------------------------------------------------------------- */

bool twins_compare(App *app, const char *branch, Error *error)
{
    const int i = branch ? branches_find(&app->branches, branch) : -1;

    if (!branch) {
        app->compared[0] = '\0';
        return true;
    }
    if (i < 0)
        return error_set(error, "there is no branch %.40s", branch);
    if (i == app->branches.current)
        return error_set(error, "%.40s is where you are: name another branch", branch);
    if (!open(app, i, false, error))
        return false;
    snprintf(app->compared, sizeof app->compared, "%s", branch);
    app->compare_other = false;
    return true;
}

void twins_follow_switch(App *app, const char *before)
{
    const char *now = branches_name(&app->branches);
    const bool swapped = strcmp(app->compared, now) == 0;
    Error error;

    twins_forget(app, now);
    if (!app->compared[0])
        return;
    char other[BRANCH_NAME_BYTES];
    snprintf(other, sizeof other, "%s", swapped ? before : app->compared);
    app->compared[0] = '\0';
    twins_compare(app, other, &error);
}

void twins_follow_beginning(App *app)
{
    asking_release(&app->asking);
    track_release(&app->track);
    since_release(&app->since);
    for (int view = 0; view < VIEW_COUNT; view++) {
        app->look.focus[view] = app->look.opened[view] = (Focus){.kind = FOCUS_NONE};
        app->look.depth[view] = 0;
    }
    app->look.marks = 0;
    app->look.choice[LOOK_PARAMETERS_TENSOR] = 0;
    app->graph_look = (GraphLook){.opened = false};
    app->position = app->layer = app->head = 0;
}

bool twins_switch(App *app, int i, Moment *target, Error *error)
{
    const int from = app->branches.current;
    char before[BRANCH_NAME_BYTES];

    snprintf(before, sizeof before, "%s", branches_name(&app->branches));
    if (!branches_switch(&app->branches, &app->session, i, target, error))
        return false;
    if (!branches_begin_alike(&app->branches, &app->session, from, i))
        twins_follow_beginning(app);
    twins_follow_switch(app, before);
    return true;
}

void twins_drop(App *app, int i)
{
    const char *name = app->branches.branch[i].name;

    if (strcmp(app->compared, name) == 0)
        app->compared[0] = '\0';
    twins_forget(app, name);
    branches_drop(&app->branches, i);
}
