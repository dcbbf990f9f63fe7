#include "view/compare_pane.h"

#include "app/contrast.h"
#include "app/text.h"
#include "app/twin.h"
#include "engine/words.h"
#include "view/view.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GAP = 3, LEAST_WIDTH = 72, LEAST_HEIGHT = 17 };

/* One of the two. */
typedef struct Side {
    const App *app, *against; /* what is drawn, and what its numbers are held against */
    const char *branch, *other;
    bool current; /* keys act on it */
    bool alone;   /* the other is not on the screen */
} Side;

/* ---- the line above -------------------------------------------------------------------------- */

/* Where a branch stands that is not where the reader is. */
static void describe_distance(const App *app, char *text, size_t size)
{
    const Trainer *trainer = &app->session.trainer;

    if (app->moving)
        snprintf(text, size, _("on its way: step %lld"), (long long)trainer->at.step);
    else
        snprintf(text, size, _("its run ends here, at step %lld"), (long long)trainer->at.step);
}

static void draw_heading(const Side *side, bool together, Canvas *canvas, Area area)
{
    char text[160];

    if (together)
        snprintf(text, sizeof text, _("≠, ’ or underlined: another number in %s"), side->other);
    else
        describe_distance(side->current ? side->against : side->app, text, sizeof text);
    int x = canvas_print(canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD, "%s%s",
                         side->current ? "▸ " : "  ", side->branch);
    x = canvas_print(canvas, area, x, 0, ROLE_NOTE, 0, "  %s", text);
    if (side->alone)
        canvas_print(canvas, area, x, 0, ROLE_DIM, 0, "  Tab: %s", side->other);
}

/* ---- one side -------------------------------------------------------------------------------- */

/* What the cursor of the branch that is watched stands on is called here. */
static Focus focus_there(const App *app, const App *twin, Focus focus)
{
    const Contrast contrast = {.other = app_scope(twin)};
    const Scope here = app_scope(app);

    return focus.kind == FOCUS_ITEM ? focus : contrast_focus(&contrast, &here, focus);
}

/* Spots of the twin's numbers, as those of the branch that keys act on. */
static void translate_spots(const App *app, const App *twin, Spots *spots)
{
    for (int i = 0; i < spots->count; i++)
        spots->spot[i].focus = focus_there(twin, app, spots->spot[i].focus);
}

static void draw_side(const App *app, const Side *side, Canvas *canvas, Area area, Spots *spots)
{
    const ViewName view = look_view(&app->look);
    const App *twin = side->current ? side->against : side->app;
    const bool together = twin_is_here(app, twin);
    App shown = *side->app;
    Frame frame = {.app = &shown, .canvas = canvas, .spots = spots, .active = true};

    draw_heading(side, together, canvas, area);
    shown.contrast = (Contrast){.other = app_scope(side->against), .faint = true};
    if (!together)
        shown.contrast.other.trainer = NULL;
    snprintf(shown.contrast.name, sizeof shown.contrast.name, "%s", side->other);
    if (!side->current)
        shown.look.focus[view] = focus_there(app, twin, app->look.focus[view]);
    frame.focus = shown.look.focus[view];
    view_table[view].draw(&frame, area_inset(area, 0, 1, 0, 0));
    if (!side->current && spots)
        translate_spots(app, twin, spots);
}

/* ---- both ------------------------------------------------------------------------------------ */

void compare_pane_draw(const App *app, Canvas *canvas, Area area, Spots *spots)
{
    const App *twin = twins_compared(app);
    const char *now = branches_name(&app->branches), *other = app->compared;
    Side side[2] = {{app, twin, now, other, true, false}, {twin, app, other, now, false, false}};
    const Side *first = &side[app->compare_other], *second = &side[!app->compare_other];
    const bool wide = (area.w - GAP) / 2 >= LEAST_WIDTH, high = (area.h - 1) / 2 >= LEAST_HEIGHT;
    Area one = area, rest = area;

    if (!twin)
        return;
    if (!wide && !high) {
        side[0].alone = side[1].alone = true;
        draw_side(app, first, canvas, area, spots);
        return;
    }
    if (wide) {
        one.w = (area.w - GAP) / 2;
        rest = area_inset(area, one.w + GAP, 0, 0, 0);
        for (int y = 0; y < area.h; y++)
            canvas_text(canvas, area, one.w + 1, y, ROLE_DIM, 0, "│");
    } else {
        one.h = (area.h - 1) / 2;
        rest = area_inset(area, 0, one.h + 1, 0, 0);
    }
    draw_side(app, first, canvas, one, first->current ? spots : NULL);
    draw_side(app, second, canvas, rest, second->current ? spots : NULL);
}

/* ---- the number under the cursor ------------------------------------------------------------- */

bool compare_pane_focus(const App *app, int width, char *text, size_t size)
{
    const App *twin = twins_compared(app);
    const Focus focus = look_focus(&app->look);
    const Scope here = app_scope(app);
    char name[FOCUS_TEXT_BYTES];
    double a, b;

    if (!twin || !twin_is_here(app, twin) || look_is_hidden(&app->look, focus))
        return false;
    const Scope there = app_scope(twin);
    if (focus_print(&here, focus, name, sizeof name) == 0 || !focus_value(&here, focus, &a) ||
        !focus_value(&there, focus_there(app, twin, focus), &b))
        return false;
    for (int digits = 9; digits >= 3; digits -= 3) {
        snprintf(text, size, _("%s: %s %.*g, %s %.*g, %.*g apart"), name,
                 branches_name(&app->branches), digits, a, app->compared, digits, b,
                 digits < 4 ? 2 : 4, fabs(a - b));
        if (text_width(text) <= width)
            break;
    }
    return true;
}
