#include "view/layout.h"

#include "app/text.h"
#include "view/answer_pane.h"
#include "view/command_line.h"
#include "view/graph_pane.h"
#include "view/help.h"
#include "view/overview.h"
#include "view/panel.h"
#include "view/why_pane.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the lines around a view ----------------------------------------------------------------- */

/* What is being trained on what, and whether it moves. Where the line is short, the documents are
 * not counted. */
static void draw_title(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char documents[24], parameters[24], source[256], line[400], state[32] = "‖ paused";

    const bool running = app->direction != 0;

    if (running && fabs(app->rate) >= 1)
        snprintf(state, sizeof state, "%s %.0f steps/s", app->direction > 0 ? "▶" : "◀",
                 fabs(app->rate));
    else if (running)
        snprintf(state, sizeof state, "%s running", app->direction > 0 ? "▶" : "◀");
    else if (trainer_finished(trainer))
        snprintf(state, sizeof state, "complete");
    canvas_text_right(canvas, area, area.w - 1, 0, running ? ROLE_RIGHT : ROLE_NOTE, ATTR_BOLD,
                      state);

    text_show(app->session.corpus.source, strlen(app->session.corpus.source), source, sizeof source,
              false);
    text_whole(app->session.corpus.count, documents, sizeof documents);
    text_whole(trainer->gpt.params, parameters, sizeof parameters);
    int x = canvas_text(canvas, area, 1, 0, ROLE_ACCENT, ATTR_BOLD, "gptoscope");
    Area left = area_inset(area, 0, 0, text_width(state) + 2, 0);
    snprintf(line, sizeof line, "  %.60s · %s documents · %d tokens · %s parameters", source,
             documents, trainer->gpt.vocab, parameters);
    if (x + text_width(line) > left.w)
        snprintf(line, sizeof line, "  %.60s · %d tokens · %s parameters", source,
                 trainer->gpt.vocab, parameters);
    canvas_text(canvas, left, x, 0, ROLE_DIM, 0, line);
}

/* Where on the run we are: step 412 of 1,000 ├────●──────┤ */
static void draw_scrubber(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char now[24], all[24], line[80];

    snprintf(line, sizeof line, "step %s of %s ", text_whole(trainer->at.step, now, sizeof now),
             text_whole(trainer->settings.steps, all, sizeof all));
    int x = canvas_text(canvas, area, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    int width = area.w - x - 3;
    if (width < 4)
        return;
    int at = (int)(trainer->at.step * (width - 1) / trainer->settings.steps);
    canvas_text(canvas, area, x, 0, ROLE_DIM, 0, "├");
    canvas_fill(canvas, area, x + 1, 0, at, canvas_glyph(canvas, 0x2501), ROLE_ACCENT, 0);
    canvas_fill(canvas, area, x + 1 + at, 0, width - at, canvas_glyph(canvas, 0x2500), ROLE_DIM, 0);
    canvas_text(canvas, area, x + 1 + at, 0, ROLE_ACCENT, ATTR_BOLD, "●");
    canvas_text(canvas, area, x + 1 + width, 0, ROLE_DIM, 0, "┤");
}

/* Cuts what says least out of a line that is too wide: "| node 14,133 of 38,116" becomes "|
 * 14,133/38,116". */
static void shorten(char *line, int width)
{
    static const char *const cuts[][2] = {{" of ", "/"}, {" node ", " "}, {" parameter ", " "}};

    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && text_width(line) > width; i++) {
        char *at = strstr(line, cuts[i][0]);
        size_t from = strlen(cuts[i][0]), to = strlen(cuts[i][1]);
        if (at) {
            memmove(at + to, at + from, strlen(at + from) + 1);
            memcpy(at, cuts[i][1], to);
        }
    }
}

/* Where the run stands by name, and the loss. */
static void draw_status(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char line[256], loss[48] = "";

    canvas_ground(canvas, area, 0, 0, area.w, ROLE_BAR);
    app_describe_place(app, line, sizeof line);
    shorten(line, area.w - 2);
    int x = canvas_text(canvas, area, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    if (trainer->at.step > 0)
        snprintf(loss, sizeof loss, "loss %.4f", trainer->loss[trainer->at.step - 1]);
    if (x + (int)strlen(loss) + 2 < area.w)
        canvas_text_right(canvas, area, area.w - 1, 0, ROLE_CURVE, ATTR_BOLD, loss);
}

/* ---- all together ---------------------------------------------------------------------------- */

static void blank(Canvas *canvas, Area area)
{
    for (int y = 0; y < area.h; y++) {
        canvas_ground(canvas, area, 0, y, area.w, ROLE_TEXT);
        canvas_fill(canvas, area, 0, y, area.w, ' ', ROLE_TEXT, 0);
    }
}

/* What lies over the view: status, command line, and above them an answer. */
static int draw_footer(const App *app, Canvas *canvas, Area all, int limit)
{
    int rows = command_line_rows(app, canvas, all.w), status = all.h - 1 - rows;

    if (app->reading) {
        int wanted = answer_pane_rows(app, canvas, all.w), room = status - 2;
        Area pane = {0, 0, all.w, wanted < room ? wanted : room};
        pane.y = status - pane.h;
        blank(canvas, pane);
        limit = answer_pane_draw(app, canvas, pane);
    }
    blank(canvas, (Area){0, status, all.w, 1 + rows});
    draw_status(app, canvas, (Area){0, status, all.w, 1});
    command_line_draw(app, canvas, (Area){0, status + 1, all.w, rows});
    return limit;
}

/* The watched expressions, above the footer, in at most a third of the view. Returns the rows
 * used. */
static int draw_watches(const App *app, Canvas *canvas, Area view)
{
    int rows = panel_watch_rows(app) < view.h / 3 ? panel_watch_rows(app) : view.h / 3;

    panel_watch(app, canvas, (Area){view.x, view.y + view.h - rows, view.w, rows});
    return rows > 0 ? rows + 1 : 0;
}

int layout_draw(const App *app, Canvas *canvas)
{
    Area all = canvas_area(canvas);
    int limit = 0;

    canvas_clear(canvas);
    if (all.w < LAYOUT_LEAST_WIDTH || all.h < LAYOUT_LEAST_HEIGHT) {
        canvas_print(canvas, all, 0, 0, ROLE_NOTE, 0, "needs %dx%d, has %dx%d; q quits",
                     LAYOUT_LEAST_WIDTH, LAYOUT_LEAST_HEIGHT, all.w, all.h);
        return limit;
    }
    draw_title(app, canvas, (Area){all.x, 0, all.w, 1});
    draw_scrubber(app, canvas, (Area){all.x, 1, all.w, 1});
    Area view = area_inset(all, 1, all.h < 30 ? 2 : 3, 1, 2);
    view.h -= draw_watches(app, canvas, view);
    if (app->help)
        limit = help_draw(app, canvas, view);
    else if (app->asking.on && why_is_current(&app->asking.why))
        why_pane_draw(app, canvas, view);
    else if (app->graphing)
        graph_pane_draw(app, canvas, view);
    else
        overview_draw(app, canvas, view);
    return draw_footer(app, canvas, all, limit);
}
