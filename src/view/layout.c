#include "view/layout.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/answer_pane.h"
#include "view/command_line.h"
#include "view/compare_pane.h"
#include "view/graph_pane.h"
#include "view/help.h"
#include "view/knobs_pane.h"
#include "view/lesson_pane.h"
#include "view/panel.h"
#include "view/view.h"
#include "view/why_pane.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the lines around a view ----------------------------------------------------------------- */

/* What is being trained on what, and whether it moves. Where the line is short, the documents are
 * not counted, then the tokens. */
static void draw_title(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char documents[24], parameters[24], source[256], line[400], state[32];

    const bool running = app->direction != 0 && !app->knobs.on;

    snprintf(state, sizeof state, "%s", _("‖ paused"));
    if (running && fabs(app->rate) >= 1)
        snprintf(state, sizeof state, _("%s %.0f steps/s"), app->direction > 0 ? "▶" : "◀",
                 fabs(app->rate));
    else if (running)
        snprintf(state, sizeof state, _("%s running"), app->direction > 0 ? "▶" : "◀");
    else if (trainer_finished(trainer))
        snprintf(state, sizeof state, _("complete"));
    canvas_text_right(canvas, area, area.w - 1, 0, running ? ROLE_RIGHT : ROLE_NOTE, ATTR_BOLD,
                      state);

    text_show(app->session.corpus.source, strlen(app->session.corpus.source), source, sizeof source,
              false);
    text_whole(app->session.corpus.count, documents, sizeof documents);
    text_whole(trainer->gpt.params, parameters, sizeof parameters);
    int x = canvas_text(canvas, area, 1, 0, ROLE_ACCENT, ATTR_BOLD, "gptoscope");
    Area left = area_inset(area, 0, 0, text_width(state) + 2, 0);
    snprintf(line, sizeof line, _("  %.60s · %s documents · %d tokens · %s parameters"), source,
             documents, trainer->gpt.vocab, parameters);
    if (x + text_width(line) > left.w)
        snprintf(line, sizeof line, _("  %.60s · %d tokens · %s parameters"), source,
                 trainer->gpt.vocab, parameters);
    if (x + text_width(line) > left.w)
        snprintf(line, sizeof line, _("  %.60s · %s parameters"), source, parameters);
    canvas_text(canvas, left, x, 0, ROLE_DIM, 0, line);
}

/* Where on the run we are: step 412 of 1,000 ├────●──────┤ */
static void draw_scrubber(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char now[24], all[24], line[80];

    snprintf(line, sizeof line, _("step %s of %s "), text_whole(trainer->at.step, now, sizeof now),
             text_whole(trainer->settings.steps, all, sizeof all));
    int x = canvas_text(canvas, area, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    if (app->branches.count > 0)
        x = canvas_print(canvas, area, x, 0, ROLE_NOTE, ATTR_BOLD, "on %s ",
                         branches_name(&app->branches));
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
    static const char *const cuts[][2] = {
        {N_(" of "), "/"}, {N_(" node "), " "}, {N_(" parameter "), " "}};

    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && text_width(line) > width; i++) {
        const char *cut = _(cuts[i][0]);
        char *at = strstr(line, cut);
        size_t from = strlen(cut), to = strlen(cuts[i][1]);
        if (at) {
            memmove(at + to, at + from, strlen(at + from) + 1);
            memcpy(at, cuts[i][1], to);
        }
    }
}

/* What is under the cursor, with all its digits: "attn[0][2][3][1] = 0.183451"; where it is another
 * number elsewhere, both: "attn[0][2][3][1]: before 0.183451 → 0.25". */
static int describe_focus(const App *app, char *text, size_t size)
{
    const Focus focus = look_focus(&app->look);
    Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES], number[EXPR_NUMBER_BYTES], before[EXPR_NUMBER_BYTES];
    double value, other;

    text[0] = '\0';
    if (focus_print(&scope, focus, name, sizeof name) == 0)
        return 0;
    if (look_is_hidden(&app->look, focus))
        return snprintf(text, size, "%s = ?", name);
    if (!focus_value(&scope, focus, &value))
        return snprintf(text, size, focus_has_why(focus) ? _("%s: not computed yet") : "%s", name);
    expr_print_number(value, number);
    if (contrast_find(&app->contrast, &scope, focus, &other))
        return snprintf(text, size, "%s: %s %s → %s", name, _(app->contrast.name),
                        expr_print_number(other, before), number);
    return snprintf(text, size, "%s = %s", name, number);
}

/* The loss of the last step; where numbers on the screen are marked as others than before, what the
 * mark means, and both. */
static void describe_loss(const App *app, char *text, size_t size)
{
    const Trainer *trainer = &app->session.trainer;
    const Focus focus = {.kind = FOCUS_STEP, .index = (int32_t)trainer->at.step};
    const Scope scope = app_scope(app);
    const double loss = trainer->loss[trainer->at.step - 1];
    double other;

    if (look_is_hidden(&app->look, focus) || !contrast_holds(&app->contrast, &scope))
        snprintf(text, size, _("loss %.4f"), loss);
    else if (contrast_find(&app->contrast, &scope, focus, &other))
        snprintf(text, size, _("≠ not as %s | loss %.4f → %.4f"), _(app->contrast.name), other,
                 loss);
    else
        snprintf(text, size, _("≠ not as %s | loss %.4f"), _(app->contrast.name), loss);
}

/* Where the run stands by name, and the loss; or what is under the cursor. */
static void draw_status(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char line[256], right[FOCUS_TEXT_BYTES + CONTRAST_NAME_BYTES + 2 * EXPR_NUMBER_BYTES + 8] = "";
    bool cursor = (app->compared[0] && compare_pane_focus(app, area.w - 24, right, sizeof right)) ||
                  describe_focus(app, right, sizeof right) > 0;
    Area left = area;

    canvas_ground(canvas, area, 0, 0, area.w, ROLE_BAR);
    if (!cursor && trainer->at.step > 0)
        describe_loss(app, right, sizeof right);
    app_describe_place(app, line, sizeof line);
    left.w = cursor ? area.w - text_width(right) - 3 : area.w;
    shorten(line, left.w - 2);
    int x = canvas_text(canvas, left, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    if (cursor || x + text_width(right) + 2 < area.w)
        canvas_text_right(canvas, area, area.w - 1, 0, cursor ? ROLE_ACCENT : ROLE_CURVE, ATTR_BOLD,
                          right);
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
    if (app->knobs.on && !app->help)
        knobs_pane_status(app, canvas, (Area){0, status, all.w, 1});
    else
        draw_status(app, canvas, (Area){0, status, all.w, 1});
    command_line_draw(app, canvas, (Area){0, status + 1, all.w, rows});
    return limit;
}

/* The watched expressions, above the footer, in at most a third of the view. Returns the rows
 * used. */
static int draw_watches(const App *app, Canvas *canvas, Area view)
{
    int rows = panel_watch_rows(app) < view.h / 3 ? panel_watch_rows(app) : view.h / 3;

    Frame frame = {.app = app, .canvas = canvas};

    panel_watch(&frame, (Area){view.x, view.y + view.h - rows, view.w, rows});
    return rows > 0 ? rows + 1 : 0;
}

/* ---- panes ----------------------------------------------------------------------------------- */

enum { WIDE = 160, LEAST_PANE = 72, PANE_GAP = 3 };

static void draw_pane(const App *app, Canvas *canvas, Area area, ViewName view, Spots *spots)
{
    Frame frame = {.app = app, .canvas = canvas, .spots = spots, .active = spots != NULL};

    if (frame.active)
        frame.focus = app->look.focus[view];
    view_table[view].draw(&frame, area);
}

bool layout_is_wide(int columns)
{
    return columns >= WIDE;
}

/* Two views beside each other: those that the reader has chosen, or where there is room for it the
 * view and what goes with it; else one. */
bool layout_is_split(const Look *look, int columns)
{
    const ViewName view = look_view(look);

    if (look->panes == 2)
        return (columns - PANE_GAP) / 2 >= LEAST_PANE;
    return !look->chosen && layout_is_wide(columns + 2) && look_views[view].beside != view;
}

/* One of two: the one that keys go to has a mark before its title. */
static void draw_half(const App *app, Canvas *canvas, Area area, ViewName view, Spots *spots)
{
    const bool active = view == look_view(&app->look);

    draw_pane(app, canvas, area, view, active ? spots : NULL);
    if (active)
        canvas_text(canvas, canvas_area(canvas), area.x - 1, area.y, ROLE_ACCENT, ATTR_BOLD, "▸");
}

static void draw_panes(const App *app, Canvas *canvas, Area area, Spots *spots)
{
    const Look *look = &app->look;
    const ViewName view = look_view(look);
    const int left = (area.w - PANE_GAP) / 2;
    const bool chosen = look->panes == 2;

    if (!layout_is_split(look, area.w)) {
        draw_pane(app, canvas, area, view, spots);
        return;
    }
    draw_half(app, canvas, (Area){area.x, area.y, left, area.h}, chosen ? look->pane[0] : view,
              spots);
    draw_half(app, canvas, area_inset(area, left + PANE_GAP, 0, 0, 0),
              chosen ? look->pane[1] : look_views[view].beside, spots);
}

/* The reader's own graph, instead of a view. */
static void draw_graph(const App *app, Canvas *canvas, Area area, Spots *spots)
{
    Frame frame = {.app = app,
                   .canvas = canvas,
                   .spots = spots,
                   .focus = look_focus(&app->look),
                   .active = true};

    graph_pane_draw(&frame, area);
}

/* The lesson takes the left of the view, or a line above it; returns what is left of it. */
static Area draw_lesson(const App *app, Canvas *canvas, Area view)
{
    int width = lesson_pane_width(app->tutor.lesson, view.w);

    if (lesson_pane_is_line(app->tutor.lesson, view.w)) {
        lesson_pane_draw(app->tutor.lesson, canvas, area_inset(view, 0, 0, 0, view.h - 1));
        return area_inset(view, 0, 1, 0, 0);
    }
    lesson_pane_draw(app->tutor.lesson, canvas, area_inset(view, 0, 0, view.w - width, 0));
    for (int y = 0; y < view.h && width < view.w; y++)
        canvas_text(canvas, view, width + 1, y, ROLE_DIM, 0, "│");
    return area_inset(view, width < view.w ? width + 3 : width, 0, 0, 0);
}

int layout_draw(const App *app, Canvas *canvas, Spots *spots)
{
    Area all = canvas_area(canvas);
    int limit = 0;

    canvas_clear(canvas);
    spots_clear(spots);
    if (all.w < LAYOUT_LEAST_WIDTH || all.h < LAYOUT_LEAST_HEIGHT) {
        canvas_print(canvas, all, 0, 0, ROLE_NOTE, 0, "needs %dx%d, has %dx%d; q quits",
                     LAYOUT_LEAST_WIDTH, LAYOUT_LEAST_HEIGHT, all.w, all.h);
        return limit;
    }
    draw_title(app, canvas, (Area){all.x, 0, all.w, 1});
    draw_scrubber(app, canvas, (Area){all.x, 1, all.w, 1});
    Area view = area_inset(all, 1, all.h < 30 ? 2 : 3, 1, 2);
    view.h -= draw_watches(app, canvas, view);
    if (app->tutor.open && !app->help)
        view = draw_lesson(app, canvas, view);
    if (app->help)
        limit = help_draw(app, canvas, view);
    else if (view.w == 0)
        return draw_footer(app, canvas, all, limit);
    else if (app->knobs.on)
        knobs_pane_draw(app, canvas, view);
    else if (app->asking.on && why_is_current(&app->asking.why))
        why_pane_draw(app, canvas, view);
    else if (app->graphing)
        draw_graph(app, canvas, view, spots);
    else if (app->compared[0])
        compare_pane_draw(app, canvas, view, spots);
    else
        draw_panes(app, canvas, view, spots);
    return draw_footer(app, canvas, all, limit);
}
