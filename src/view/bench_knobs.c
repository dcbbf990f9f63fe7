#include "view/bench_knobs.h"

#include "engine/sys.h"
#include "engine/words.h"
#include "view/layout.h"
#include <stdlib.h>

enum { TURNS = 60, WIDTH = 120, HEIGHT = 40, SWING = 15 };

static const double HELD_SECONDS = 3;

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* To and fro, never twice the same in a row, nor what the session has. */
static void turn(App *app, int i)
{
    knobs_turn(app, i % (2 * SWING) < SWING ? 1 : -1);
}

static void settle(App *app)
{
    double from;

    while (app_wants_work(app, &from))
        app_work(app, sys_seconds() + 0.1);
}

/* Milliseconds from a turn to the picture of its run. */
static void time_turns(App *app, Canvas *canvas, double milliseconds[TURNS])
{
    for (int i = 0; i < TURNS; i++) {
        const double start = sys_seconds();
        turn(app, i);
        settle(app);
        layout_draw(app, canvas, &app->look.spots);
        milliseconds[i] = 1e3 * (sys_seconds() - start);
    }
    qsort(milliseconds, TURNS, sizeof *milliseconds, compare);
}

/* Runs drawn a second, each to its end, while turns come faster than runs. */
static double time_held(App *app, Canvas *canvas)
{
    const double start = sys_seconds();
    int drawn = 0;

    for (int i = 0; sys_seconds() - start < HELD_SECONDS; i++) {
        const int64_t before = app->knobs.shown_number;
        turn(app, i);
        app_work(app, sys_seconds() + 0.1);
        layout_draw(app, canvas, &app->look.spots);
        drawn += app->knobs.shown_number != before;
    }
    return drawn / (sys_seconds() - start);
}

static void print(const Options *options, const double milliseconds[TURNS], double held,
                  FILE *stream)
{
    const double median = milliseconds[TURNS / 2], p95 = milliseconds[TURNS * 95 / 100];
    const long long steps = (long long)options->settings.steps;

    if (options->json)
        fprintf(stream,
                "{\"bench\":\"knobs\",\"unit\":\"ms\",\"steps\":%lld,\"columns\":%d,\"rows\":%d,"
                "\"median\":%.17g,\"p95\":%.17g,\"runs_per_second\":%.17g}\n",
                steps, WIDTH, HEIGHT, median, p95, held);
    else
        fprintf(stream,
                _("knobs: a run of %lld steps is drawn at %dx%d %.1f ms after a turn (median; p95 "
                  "%.1f), %.0f runs a second while a key is held\n"),
                steps, WIDTH, HEIGHT, median, p95, held);
}

bool bench_knobs(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    App app = {0};
    Canvas canvas = {0};
    double milliseconds[TURNS];

    bool done = app_init(&app, &options->settings, data_path, options->load, error) &&
                canvas_init(&canvas, WIDTH, HEIGHT, GLYPHS_BRAILLE, error) &&
                knobs_open(&app, error);
    if (done) {
        settle(&app);
        knobs_turn(&app, 1);
        time_turns(&app, &canvas, milliseconds);
        print(options, milliseconds, time_held(&app, &canvas), stream);
    }
    canvas_release(&canvas);
    app_release(&app);
    return done;
}
