#include "view/graph_walk_pane.h"

#include "engine/words.h"
#include "view/graph_text.h"
#include "view/panel.h"
#include <stdio.h>

enum { HEAD_ROWS = 3, INDENT = 2, LIST_COLUMNS = 28 };

const char *graph_walk_sentence(const App *app, const GraphWalk *walk, bool own, char text[160])
{
    char name[GRAPH_NAME_ROOM] = "";

    if (walk->node >= 0)
        graph_name_or_number(app, own, walk->node, name);
    if (walk->last == WALK_BEGINS)
        snprintf(text, 160, _("nothing is visited yet: the walk begins at the end of the graph"));
    else if (walk->last == WALK_VISITS)
        snprintf(text, 160, _("visit(%s): it is new, so its inputs come first"), name);
    else if (walk->last == WALK_SKIPS)
        snprintf(text, 160, _("visit(%s): it was visited before, so nothing is done"), name);
    else
        snprintf(text, 160, _("all inputs of %s are in the list: now %s is number %d"), name, name,
                 walk->listed);
    return text;
}

static bool is_open(const GraphWalk *walk, int visit)
{
    for (int i = 0; i < walk->depth; i++)
        if (walk->open[i] == visit)
            return true;
    return false;
}

static void draw_visit(Frame *frame, Area area, int y, const GraphWalk *walk, int i, bool own)
{
    const GraphVisit *visit = &walk->visit[i];
    const bool open = is_open(walk, i);
    const int most = area.w > 40 ? (area.w - 24) / INDENT : 4;
    const int x = INDENT * (visit->depth < most ? visit->depth : most);
    char name[GRAPH_NAME_ROOM];

    graph_name_or_number(frame->app, own, visit->node, name);
    canvas_text(frame->canvas, area, x, y, open ? ROLE_ACCENT : ROLE_DIM, ATTR_BOLD,
                open             ? "▸"
                : visit->skipped ? "·"
                                 : "✓");
    int end = canvas_text(frame->canvas, area, x + 2, y, open ? ROLE_ACCENT : ROLE_TEXT,
                          open ? ATTR_BOLD : 0, name);
    frame_spot(frame, area, x + 2, y, end - x - 2, 1,
               graph_focus(frame->app, own, FOCUS_VALUE, visit->node));
    if (visit->skipped)
        canvas_text(frame->canvas, area, end + 1, y, ROLE_DIM, 0, _("visited before"));
    else if (visit->rank >= 0)
        canvas_print(frame->canvas, area, end + 1, y, ROLE_DIM, 0, "number %d", visit->rank + 1);
    else
        canvas_text(frame->canvas, area, end + 1, y, ROLE_ACCENT, 0, _("open"));
}

/* The latest visits stay in sight. */
static void draw_visits(Frame *frame, Area area, const GraphWalk *walk, bool own)
{
    const int rows = area.h;
    int latest =
        walk->depth > 0 && walk->last == WALK_ADDS ? walk->open[walk->depth - 1] : walk->visits - 1;
    int first = panel_scroll(walk->visits, rows, walk->done ? walk->visits - 1 : latest);

    for (int i = 0; i < rows && first + i < walk->visits; i++)
        draw_visit(frame, area, i, walk, first + i, own);
}

static void draw_list(Frame *frame, Area area, const GraphWalk *walk, bool own)
{
    const int first = panel_scroll(walk->listed, area.h, walk->listed - 1);
    char name[GRAPH_NAME_ROOM], computed[3 * GRAPH_NAME_ROOM];

    for (int i = 0; i < area.h && first + i < walk->listed; i++) {
        const bool latest = first + i == walk->listed - 1 && walk->last == WALK_ADDS;
        graph_name_or_number(frame->app, own, walk->list[first + i], name);
        int x = canvas_print(frame->canvas, area, 0, i, ROLE_DIM, 0, "%3d ", first + i + 1);
        int end = canvas_text(frame->canvas, area, x, i, latest ? ROLE_ACCENT : ROLE_TEXT,
                              ATTR_BOLD, name);
        graph_computed_as(frame->app, own, walk->list[first + i], computed);
        canvas_print(frame->canvas, area, end < x + 4 ? x + 5 : end + 1, i, ROLE_DIM, 0, " %s",
                     computed);
    }
}

void graph_walk_pane_draw(Frame *frame, Area area, const GraphWalk *walk, bool own)
{
    const int list = area.w >= 2 * LIST_COLUMNS ? area.w / 2 : area.w; /* or no room for it */
    Area left = area_inset(area, 0, HEAD_ROWS, area.w - list + 2, 0);
    Area right = area_inset(area, list, HEAD_ROWS, 0, 0);
    char text[160];

    canvas_text(frame->canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD,
                graph_walk_sentence(frame->app, walk, own, text));
    canvas_print(frame->canvas, area_inset(area, 0, 0, area.w - list + 2, 0), 0, 2, ROLE_TITLE,
                 ATTR_BOLD, "Visits (the recursion): %d open", walk->depth);
    canvas_print(frame->canvas, area, list, 2, ROLE_TITLE, ATTR_BOLD, "The list so far: %d%s",
                 walk->listed,
                 walk->done  ? _(", complete")
                 : walk->cut ? _(", more than are followed")
                             : "");
    draw_visits(frame, left, walk, own);
    draw_list(frame, right, walk, own);
}
