#include "app/app.h"

#include "app/failure.h"
#include "app/keep.h"
#include "app/subject.h"
#include "app/text.h"
#include "app/twin.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { OPERATIONS_A_PIECE = 100000 };

bool app_init(App *app, const Settings *settings, const char *data_path, const char *load_path,
              Error *error)
{
    *app = (App){.unit = UNIT_STEP, .direction = 1, .data_path = data_path};
    keymap_init(&app->keymap);
    look_init(&app->look);
    writing_init(&app->writing);
    return twins_init(app, error) &&
           session_init(&app->session, settings, data_path, load_path, error) &&
           keep_restore(app, error);
}

void app_release(App *app)
{
    sweep_release(&app->sweep);
    answer_release(&app->answer);
    until_clear(&app->until);
    app_leave_graph(app);
    asking_release(&app->asking);
    knobs_release(&app->knobs);
    watch_release(&app->watches);
    look_release(&app->look);
    twins_release(app);
    branches_release(&app->branches);
    writing_release(&app->writing);
    track_release(&app->track);
    since_release(&app->since);
    edited_release(&app->edited, &app->contrast);
    session_release(&app->session);
}

void app_say(App *app, bool wrong, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, _(format), args);
    va_end(args);
    app->message_wrong = wrong;
}

/* ---- where the run stands -------------------------------------------------------------------- */

int app_position(const App *app)
{
    int last = app->session.trainer.positions - 1;

    return app->position < last ? app->position : last;
}

static void select_place(App *app, Place place)
{
    if (place.pos >= 0)
        app->position = place.pos;
    if (place.layer >= 0)
        app->layer = place.layer;
    if (place.head >= 0)
        app->head = place.head;
}

/* Selects what is being worked on, so that every panel shows it. */
static void follow(App *app)
{
    const Trainer *trainer = &app->session.trainer;
    int32_t node = stride_next_node(trainer);
    const Span *span = node < 0 ? NULL : gpt_span_of(&trainer->gpt, node);

    if (span)
        select_place(app, span->place);
}

void app_focus(App *app, Focus focus)
{
    Scope scope = app_scope(app);

    const ViewName view = look_view(&app->look);
    const Focus before = app->look.focus[view];

    app->look.focus[view] = focus;
    subject_choose(app);
    select_place(app, focus_where(&scope, focus));
    if (view == VIEW_GRAPH)
        graph_look_follow(app, before, focus);
}

static int describe_token(const App *app, int pos, char *text, size_t size)
{
    const Trainer *trainer = &app->session.trainer;
    char shown[16];

    if (trainer->token[pos] < app->session.corpus.characters)
        text_show_character(app->session.corpus.character[trainer->token[pos]], shown);
    else
        snprintf(shown, sizeof shown, "%s", _("begin"));
    return snprintf(text, size, _(" | pos %d '%s'"), pos, shown);
}

static int describe_part(Place place, char *text, size_t size)
{
    const PartInfo *part = &place_parts[place.part];

    if (part->in_head)
        return snprintf(text, size, _(" | layer %d, head %d, %s"), place.layer, place.head,
                        _(part->title));
    if (part->in_layer)
        return snprintf(text, size, _(" | layer %d, %s"), place.layer, _(part->title));
    return snprintf(text, size, " | %s", _(part->title));
}

static int describe_parameter(const Gpt *gpt, int32_t i, char *text, size_t size)
{
    const Tensor *tensor = gpt_tensor_of(gpt, i);
    int32_t at = i - tensor->first;

    return snprintf(text, size, " | %s[%d][%d]", tensor->name, (int)(at / tensor->cols),
                    (int)(at % tensor->cols));
}

void app_describe_place(const App *app, char *text, size_t size)
{
    const Trainer *trainer = &app->session.trainer;
    Moment at = trainer->at;
    char step[24], now[24], all[24];
    int32_t node = stride_next_node(trainer);
    size_t used = (size_t)snprintf(
        text, size, _("step %s | %s"), text_whole(at.step, step, sizeof step),
        at.phase == PHASE_DONE ? at.step ? _("done") : _("untrained") : _(phase_names[at.phase]));

    if (node < 0 || used >= size)
        return;
    if (at.phase == PHASE_UPDATE) {
        used += (size_t)describe_parameter(&trainer->gpt, node, text + used, size - used);
    } else {
        const Span *span = gpt_span_of(&trainer->gpt, node);
        if (span->place.pos >= 0)
            used += (size_t)describe_token(app, span->place.pos, text + used, size - used);
        if (used < size)
            used += (size_t)describe_part(span->place, text + used, size - used);
    }
    if (used < size)
        snprintf(text + used, size - used, _(" | %s %s of %s"),
                 at.phase == PHASE_UPDATE ? _("parameter") : _("node"),
                 text_whole(at.n + 1, now, sizeof now),
                 text_whole(trainer_phase_length(trainer, at.phase), all, sizeof all));
}

void app_leave_graph(App *app)
{
    if (!app->graphing)
        return;
    graph_release(&app->graph);
    app->graphing = false;
    app->look.focus[VIEW_GRAPH] = (Focus){.kind = FOCUS_NONE};
    if (look_view(&app->look) == VIEW_GRAPH)
        look_show(&app->look, app->graph_from);
}

bool app_graph(App *app, const char *statements, Error *error)
{
    Scope scope = {.trainer = &app->session.trainer,
                   .history = &app->session.history,
                   .look = &app->look};
    Graph graph;
    ExprError why;

    if (!graph_init(&graph, statements, &scope, &why))
        return watch_error(statements, &why, error);
    app_run(app, 0);
    app_leave_graph(app);
    asking_end(app);
    app->graph = graph;
    app->graphing = true;
    app->graph_look.walk = 0;
    app->graph_from = look_view(&app->look);
    app->look.focus[VIEW_GRAPH] = (Focus){.kind = FOCUS_NONE};
    look_show(&app->look, VIEW_GRAPH);
    return true;
}

Scope app_scope(const App *app)
{
    return (Scope){.trainer = &app->session.trainer,
                   .history = &app->session.history,
                   .graph = app->graphing ? &app->graph : NULL,
                   .look = &app->look,
                   .app = app,
                   .other = app->twins ? twin_scope : NULL};
}

/* ---- moving ---------------------------------------------------------------------------------- */

void app_run(App *app, int direction)
{
    app->direction = direction;
    app->pending = 0;
    app->moving = false;
    app->due = 0;
    app->rate = 0;
    app->rate_since = 0;
    if (direction != app->until.direction)
        until_clear(&app->until);
}

void app_move(App *app, int64_t units)
{
    if (app->direction != 0)
        app_run(app, 0);
    app->pending += units;
}

void app_move_held(App *app, int direction)
{
    const double rest = 0.2; /* seconds between two presses that are not of one hold */
    const int growth = 20;   /* presses after which a press is worth twice as much */
    double now = sys_seconds();
    int doublings;

    app->held = now - app->held_since < rest ? app->held + 1 : 0;
    app->held_since = now;
    doublings = app->held / growth < 10 ? app->held / growth : 10;
    if (stride_units[app->unit].steps > 0)
        doublings = 0;
    if (app->pending == 0 &&
        !app->moving) /* else the work lags behind the keyboard: nothing is piled up */
        app_move(app, direction * ((int64_t)1 << doublings));
    else if (app->direction != 0)
        app_move(app, direction);
}

bool app_goto(App *app, const char *moment, Error *error)
{
    MomentName name;

    if (!moment_parse(moment, &name, error))
        return false;
    app_run(app, 0);
    if (!name.at_place &&
        name.at.phase == PHASE_DONE) { /* may be far: on the way the screen stays alive */
        const Settings *settings = &app->session.trainer.settings;
        app->target = name.at_end ? (Moment){settings->steps, PHASE_DONE, 0} : name.at;
        if (app->target.step > settings->steps)
            return error_set(error, "%.60s: the run has %lld steps", moment,
                             (long long)settings->steps);
        app->moving = true;
        return true;
    }
    return app_seek(app, moment, error);
}

bool app_seek(App *app, const char *moment, Error *error)
{
    app_run(app, 0);
    if (!session_go(&app->session, moment, error))
        return false;
    follow(app);
    return true;
}

/* ---- work ------------------------------------------------------------------------------------ */

/* Whether the history of gradients is looked at and not whole. */
static bool wants_track(const App *app)
{
    return look_is_shown(&app->look, VIEW_ADAM) && app->direction == 0 &&
           (app->track.samples == 0 || track_wants_work(&app->track, &app->session.history));
}

/* A piece of it, where nothing else is to do. */
static bool work_on_track(App *app)
{
    if (!wants_track(app))
        return false;
    track_open(&app->track, &app->session.history);
    track_work(&app->track, &app->session.history, OPERATIONS_A_PIECE);
    return true;
}

int64_t app_heldout_interval(const App *app)
{
    static const int64_t intervals[] = {50, 10, 200, 0}; /* choices of LOOK_LOSS_HELD_OUT */

    return intervals[app->look.choice[LOOK_LOSS_HELD_OUT]];
}

/* What the views that are shown ask for. */
static FindingsWish findings_wish(const App *app)
{
    const bool loss = look_is_shown(&app->look, VIEW_LOSS);

    return (FindingsWish){
        .bigram = loss,
        .tally = look_is_shown(&app->look, VIEW_DATA),
        .heldout = loss ? app_heldout_interval(app) : 0,
        .still = app->direction == 0 && !app->moving && app->pending == 0,
    };
}

static bool wants_findings(const App *app)
{
    return findings_want(&app->session.findings, &app->session.history, findings_wish(app));
}

bool app_wants_work(const App *app, double *from)
{
    if (app->knobs.on) /* the session stands still */
        return knobs_wants_work(app, from);
    bool at_once = app->moving || app->pending != 0 || session_must_write(&app->session) ||
                   wants_findings(app) || writing_is_due(app) || wants_track(app) ||
                   twins_want_work(app) || edited_lags(&app->edited, &app->session);

    *from = at_once ? 0 : app->direction != 0 ? app->due : INFINITY;
    if (app->direction == 0 && app->tutor.open && app->tutor.look_at > 0)
        *from = fmin(*from, app->tutor.look_at);
    if (sweep_wants_look(&app->sweep))
        *from = fmin(*from, app->sweep_due);
    return *from < INFINITY;
}

/* Steps a second over the last half second or so of running. */
static void measure_rate(App *app, double now)
{
    const double window = 0.5;
    int64_t step = app->session.trainer.at.step;

    if (app->rate_since == 0) {
        app->rate_since = now;
        app->rate_step = step;
    } else if (now - app->rate_since >= window) {
        app->rate = (double)(step - app->rate_step) / (now - app->rate_since);
        app->rate_since = now;
        app->rate_step = step;
    }
}

/* One operation of the reader's own graph, or to its end or beginning where that is asked for. */
static void step_graph(App *app, int direction, double now)
{
    const double pace = 0.5;
    int64_t before = app->graph.at;

    if (app->pending != 0)
        app->pending -= direction;
    else
        app->due = now + pace;
    bool moved = graph_look_walks(app) && graph_look_step(app, direction);
    if (!graph_look_walks(app)) {
        graph_go(&app->graph, before + direction);
        moved = app->graph.at != before;
        asking_refresh(app);
    }
    if (!moved) {
        app->pending = 0;
        app->direction = 0;
    }
}

/* Takes up the next unit, of those that were asked for or, while running, when its time has come.
 * Time that was lost (a suspended program, a slow terminal) is not caught up with. */
static void take_unit(App *app, double now)
{
    const Trainer *trainer = &app->session.trainer;
    double pace = 1 / stride_units[app->unit].per_second;
    int direction = app->pending > 0 ? 1 : app->pending < 0 ? -1 : app->direction;

    if (app->moving || direction == 0 || (app->pending == 0 && now < app->due) || twins_lag(app))
        return;
    if (app->graphing) {
        step_graph(app, direction, now);
        return;
    }
    if (app->pending != 0)
        app->pending -= direction;
    else
        app->due = now < app->due + pace ? app->due + pace : now + pace;
    app->target =
        direction > 0 ? stride_forward(trainer, app->unit) : stride_back(trainer, app->unit);
    app->moving = moment_compare(app->target, trainer->at) != 0;
    if (!app->moving) { /* either end of the run */
        app->pending = 0;
        app->direction = 0;
        app_say(app, false,
                direction > 0 ? N_("the end: all steps are done")
                              : N_("the beginning: nothing is learnt yet"));
    }
    measure_rate(app, now);
}

/* Stops where the run was to stop. */
static void look_whether_to_stop(App *app)
{
    Scope scope = app_scope(app);
    char moment[64];

    if (!until_holds(&app->until, &scope))
        return;
    moment_print(app->session.trainer.at, moment, sizeof moment);
    app_say(app, false, "%.200s: it holds at %s", app->until.expr.text, moment);
    app_run(app, 0);
}

/* The run stops at a loss that is no number; what went wrong first may be earlier. */
static void say_failure(App *app)
{
    char first[320];

    failure_describe(&app->session.history, first, sizeof first);
    app_say(app, true, "the loss is not a number any more, the run stops here; the first: %s",
            first);
}

static void stop_moving(App *app, Approach approach)
{
    const Trainer *trainer = &app->session.trainer;

    app->moving = false;
    follow(app);
    look_whether_to_stop(app);
    asking_refresh(app);
    if (approach != APPROACH_STOPPED)
        return;
    app_run(app, 0);
    if (trainer_failed(trainer))
        say_failure(app);
}

/* One piece of the way to the target; its phases are timed. */
static Approach approach_target(App *app)
{
    Session *session = &app->session;
    const Trainer *trainer = &session->trainer;
    const Moment before = trainer->at, target = app->moving ? app->target : before;
    const bool fresh = session->means <= before.step;
    const double start = sys_seconds();
    const Moment next = pace_next(&app->pace, trainer, target, start);
    Approach approach = session_approach(session, next, OPERATIONS_A_PIECE);

    pace_note(&app->pace, trainer, before, sys_seconds() - start, fresh);
    return approach == APPROACH_ARRIVED && moment_compare(next, target) != 0 ? APPROACH_MOVING
                                                                              : approach;
}

/* What the background brought since the last frame. Without a screen a sweep answers at its end. */
static Change look_at_sweep(App *app, double now)
{
    if (!sweep_wants_look(&app->sweep) || now < app->sweep_due)
        return CHANGE_NONE;
    app->sweep_due = now + APP_FRAME;
    const bool come = sweep_look(&app->sweep), over = !sweep_wants_look(&app->sweep);
    if (over && app->headless)
        sweep_tell(&app->sweep, &app->answer);
    return come || over ? CHANGE_SCREEN : CHANGE_NONE;
}

/* Brings the step without the latest change to where the run stands. */
static bool follow_edit(App *app)
{
    const bool lags = edited_lags(&app->edited, &app->session);

    edited_follow(&app->edited, &app->session, &app->contrast, OPERATIONS_A_PIECE);
    return lags;
}

Change app_work(App *app, double until)
{
    Session *session = &app->session;
    Change change = look_at_sweep(app, sys_seconds());

    if (app->knobs.on)
        return change | (knobs_work(app, until) ? CHANGE_SCREEN : CHANGE_NONE);
    do {
        take_unit(app, sys_seconds());
        bool wrote = writing_work(app, until);
        wrote =
            findings_work(&app->session.findings, &session->history, findings_wish(app)) || wrote;
        change |= wrote ? CHANGE_SCREEN : CHANGE_NONE;
        if (!app->moving && !session_must_write(session)) {
            if (!follow_edit(app) && !twins_work(app, until) && !wrote && !work_on_track(app))
                break;
            change = CHANGE_SCREEN;
            continue;
        }
        change = CHANGE_SCREEN;
        Approach approach = approach_target(app);
        track_record(&app->track, &session->history);
        if (app->moving && approach != APPROACH_MOVING)
            stop_moving(app, approach);
    } while (sys_seconds() < until);
    bool looks = app->tutor.look_at > 0 && app->tutor.look_at <= sys_seconds();
    if (app->tutor.open && (change != CHANGE_NONE || looks) && app->tutor.follow(app->tutor.lesson))
        change |= CHANGE_SCREEN;
    return change | (app->message[0] ? CHANGE_SCREEN : CHANGE_NONE);
}
