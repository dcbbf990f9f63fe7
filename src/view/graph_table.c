#include "view/graph_table.h"

#include "app/graph_element.h"
#include "engine/words.h"
#include "view/graph_text.h"
#include "view/panel.h"
#include <stdio.h>

enum { HEAD_ROWS = 1, SLOPE_COLUMNS = 16 };

/* Where the columns begin. */
typedef struct Columns {
    int name, operation, value, grad, slopes;
} Columns;

static Columns columns_of(Area area)
{
    int unit = area.w < 100 ? 15 : 20;

    return (Columns){2, 2 + unit * 4 / 5, 2 + unit * 9 / 5, 2 + unit * 13 / 5, 2 + unit * 17 / 5};
}

static void draw_slopes(Frame *frame, Area area, int x, int y, int32_t node)
{
    const Graph *graph = &frame->app->graph;
    char number[24];

    for (int k = 0; k < tape_ops[graph->tape.node[node].op].inputs; k++) {
        graph_number(tape_slope(&graph->tape, graph->value, node, k),
                     graph_slope_is_hidden(frame, true, node, k), number);
        canvas_print(frame->canvas, area, x + k * SLOPE_COLUMNS, y, ROLE_DIM, 0, "by %s: %s",
                     k == 0 ? _("first") : _("second"), number);
    }
}

/* Whether anything has come to its gradient; asked of the rows that are seen only. */
static bool has_received(const App *app, int32_t node)
{
    const Scope scope = app_scope(app);
    GraphElement element;

    graph_element(&element, &scope, true, node);
    return graph_element_has_grad(&element);
}

static void draw_node(Frame *frame, Area area, int y, int32_t node)
{
    const Columns at = columns_of(area);
    const App *app = frame->app;
    const Numbers numbers = graph_numbers(&app->graph);
    const bool known = node < numbers.computed, next = node == graph_next(&app->graph);
    const bool received = has_received(app, node);
    char text[3 * GRAPH_NAME_ROOM];

    if (next)
        canvas_text(frame->canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    graph_name(app, true, node, text);
    canvas_text(frame->canvas, area_inset(area, 0, 0, area.w - at.operation + 1, 0), at.name, y,
                next ? ROLE_ACCENT : ROLE_TEXT, ATTR_BOLD, text);
    graph_computed_as(app, true, node, text);
    canvas_text(frame->canvas, area_inset(area, 0, 0, area.w - at.value + 1, 0), at.operation, y,
                ROLE_DIM, 0, text);
    frame_number(frame, area, at.value, y, FRAME_NUMBER, focus_of_own(FOCUS_VALUE, node), known,
                 known ? numbers.value[node] : 0, ROLE_FORWARD, 0);
    frame_number(frame, area, at.grad, y, FRAME_NUMBER, focus_of_own(FOCUS_GRAD, node), received,
                 received ? numbers.grad[node] : 0, ROLE_BACKWARD, 0);
    if (known)
        draw_slopes(frame, area, at.slopes, y, node);
}

/* The row that must be seen: the cursor's, else the next operation's. */
static int32_t row_of_interest(const Frame *frame)
{
    const Scope scope = app_scope(frame->app);
    const int32_t cursor = frame->focus.own ? focus_node(&scope, frame->focus) : -1;
    const int32_t next = graph_next(&frame->app->graph);

    return cursor >= 0 ? cursor : next >= 0 ? next : 0;
}

void graph_table_draw(Frame *frame, Area area)
{
    const Columns at = columns_of(area);
    const int32_t count = frame->app->graph.tape.count;
    const int rows = area.h - HEAD_ROWS;
    const int first = panel_scroll(count, rows, row_of_interest(frame));

    canvas_text(frame->canvas, area, at.name, 0, ROLE_DIM, 0, _("name"));
    canvas_text(frame->canvas, area, at.operation, 0, ROLE_DIM, 0, _("computed as"));
    canvas_text_right(frame->canvas, area, at.value + FRAME_NUMBER, 0, ROLE_FORWARD, 0, _("value"));
    canvas_text_right(frame->canvas, area, at.grad + FRAME_NUMBER, 0, ROLE_BACKWARD, 0,
                      _("gradient"));
    canvas_text(frame->canvas, area, at.slopes, 0, ROLE_DIM, 0, _("slope"));
    for (int i = -1; i <= rows; i++) /* one beyond each end, for the cursor */
        if (first + i >= 0 && first + i < count)
            draw_node(frame, (i < 0 || i == rows) ? (Area){area.x, area.y, 0, 0} : area,
                      HEAD_ROWS + i, first + i);
}
