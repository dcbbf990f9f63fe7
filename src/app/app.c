#include "app/app.h"

#include "app/command.h"
#include "engine/sys.h"
#include <stdarg.h>
#include <stdio.h>

enum { OPERATIONS_A_PIECE = 100000 };

const UnitInfo app_units[UNIT_COUNT] = {
    [UNIT_STEP] = {"step", 1},
    [UNIT_10_STEPS] = {"10 steps", 10},
    [UNIT_100_STEPS] = {"100 steps", 100},
};

bool app_init(App *app, const Settings *settings, const char *data_path, const char *load_path, Error *error)
{
    *app = (App){.running = true};
    return session_init(&app->session, settings, data_path, load_path, error);
}

void app_release(App *app)
{
    session_release(&app->session);
}

void app_say(App *app, bool wrong, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, format, args);
    va_end(args);
    app->message_wrong = wrong;
}

int app_position(const App *app)
{
    int last = app->session.trainer.positions - 1;

    return app->position < last ? app->position : last;
}

Change app_key(App *app, const char *key)
{
    char line[COMMAND_LINE_BYTES];
    Error error = {""};
    Change change = app->message[0] ? CHANGE_SCREEN : CHANGE_NONE;

    app->message[0] = '\0';
    if (!command_of_key(key, line))
        return change;
    change |= command_run(app, line, &error);
    if (change & CHANGE_FAILED)
        app_say(app, true, "%s", error.text);
    return change | (app->message[0] ? CHANGE_SCREEN : CHANGE_NONE);
}

/* ---- work ------------------------------------------------------------------------------------------------------ */

static bool can_move(const App *app)
{
    const Trainer *trainer = &app->session.trainer;

    return !trainer_finished(trainer) && !trainer_failed(trainer);
}

static bool has_target(const App *app)
{
    return app->session.trainer.at.step < app->target && can_move(app);
}

bool app_wants_work(const App *app, double *from)
{
    *from = has_target(app) || session_must_write(&app->session) ? 0 : app->due;
    return has_target(app) || session_must_write(&app->session) || (app->running && can_move(app));
}

/* Steps a second over the last half second or so of running. */
static void measure_rate(App *app, double now)
{
    const double window = 0.5;
    int64_t step = app->session.trainer.at.step;

    if (app->rate_since == 0 || step < app->rate_step) {
        app->rate_since = now;
        app->rate_step = step;
    } else if (now - app->rate_since >= window) {
        app->rate = (double)(step - app->rate_step) / (now - app->rate_since);
        app->rate_since = now;
        app->rate_step = step;
    }
}

/* While running, a new target every frame; time lost (a suspended program, a slow terminal) is not caught up with. */
static void set_target(App *app, double now)
{
    const Trainer *trainer = &app->session.trainer;

    if (!app->running || has_target(app) || now < app->due)
        return;
    app->target = trainer->at.step + app_units[app->unit].steps;
    app->due = now < app->due + APP_FRAME ? app->due + APP_FRAME : now + APP_FRAME;
    measure_rate(app, now);
}

static void stop_at_end(App *app)
{
    const Trainer *trainer = &app->session.trainer;

    if (!app->running || can_move(app))
        return;
    app->running = false;
    if (trainer_failed(trainer))
        app_say(app, true, "step %lld: the loss is not a number any more; the run stops here",
                (long long)trainer->at.step + 1);
    else
        app_say(app, false, "the run is complete: all %lld steps are done", (long long)trainer->settings.steps);
}

Change app_work(App *app, double until)
{
    Change change = CHANGE_NONE;

    set_target(app, sys_seconds());
    while (session_must_write(&app->session) || has_target(app)) {
        session_advance(&app->session, OPERATIONS_A_PIECE);
        change = CHANGE_SCREEN;
        if (sys_seconds() >= until)
            break;
    }
    stop_at_end(app);
    return change;
}
