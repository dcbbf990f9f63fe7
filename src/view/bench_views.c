#include "view/bench_views.h"

#include "app/script.h"
#include "engine/words.h"
#include "view/layout.h"
#include "view/view.h"
#include <stdlib.h>
#include <time.h>

enum { REDRAWS = 200, WIDTH = 200, HEIGHT = 60 };

typedef struct Redraws {
    double milliseconds[REDRAWS];
} Redraws;

static double processor_milliseconds(void)
{
    return 1e3 * (double)clock() / CLOCKS_PER_SEC;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void time_view(App *app, Canvas *canvas, ViewName view, Redraws *redraws)
{
    look_show(&app->look, view);
    script_settle(app, NULL);
    for (int i = 0; i < REDRAWS; i++) {
        double start = processor_milliseconds();
        layout_draw(app, canvas, &app->look.spots);
        redraws->milliseconds[i] = processor_milliseconds() - start;
    }
    qsort(redraws->milliseconds, REDRAWS, sizeof(double), compare);
}

static void print(const Options *options, ViewName view, const Redraws *redraws, FILE *stream)
{
    const char *name = look_views[view].name;
    double median = redraws->milliseconds[REDRAWS / 2],
           p95 = redraws->milliseconds[REDRAWS * 95 / 100];

    if (options->json)
        fprintf(stream,
                "{\"bench\":\"views\",\"view\":\"%s\",\"unit\":\"ms\",\"columns\":%d,\"rows\":%d,"
                "\"median\":%.17g,\"p95\":%.17g}\n",
                name, WIDTH, HEIGHT, median, p95);
    else
        fprintf(stream, _("views, %-10s at %dx%d: median %.2f ms, p95 %.2f ms a redraw, over %d\n"),
                name, WIDTH, HEIGHT, median, p95, REDRAWS);
}

/* Two thirds of the way: there is much to draw, and gradients are half there. */
static bool stand(App *app, Error *error)
{
    char moment[64];

    snprintf(moment, sizeof moment, "%lld.backward.100",
             (long long)(app->session.trainer.settings.steps * 2 / 3));
    return app_seek(app, moment, error);
}

bool bench_views(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    App app = {0};
    Canvas canvas = {0};
    Redraws redraws;

    bool done = app_init(&app, &options->settings, data_path, options->load, error) &&
                canvas_init(&canvas, WIDTH, HEIGHT, GLYPHS_BRAILLE, error) && stand(&app, error);
    for (ViewName view = 0; done && view < VIEW_COUNT; view++) {
        time_view(&app, &canvas, view, &redraws);
        print(options, view, &redraws, stream);
    }
    canvas_release(&canvas);
    app_release(&app);
    return done;
}
